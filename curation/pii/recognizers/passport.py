"""Passports and travel permits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED: Final = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|港澳证|签证|(?<![A-Za-z])passport)(?:号码|号| ?no\.?)?"
    r"(?:[一-鿿]{0,2}[是为])?[ :=]{0,3}"
    r"(?P<value>[A-Z]{1,2} ?[0-9]{7,9}|[0-9]{8}(?:[0-9]{2})?)(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""A letter or two and seven to nine digits after the word. Misses numbers without the word."""


class PassportRecognizer(ChatRecognizer):
    """Finds numbers of passports and travel permits by the word before them."""

    ENTITY: ClassVar[str] = "PASSPORT"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile("护照|[行乡胞澳签]证|passport", re.IGNORECASE)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield document numbers."""
        for match in NAMED.finditer(text):
            yield Hit(*match.span("value"), 0.85, WHY_AFTER_WORD)
