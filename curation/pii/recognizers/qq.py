"""QQ numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.context import is_amount
from curation.pii.entities import WHY_AFTER_WORD
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED: Final = re.compile(
    r"(?:(?<![A-Za-z])[qQ]{1,2}(?![A-Za-z])|扣扣|企鹅号?)(?:群号?|号码?|小号|大号)?"
    r"(?:[一-鿿]{0,2}[是为])?[ :=]{0,3}(?P<value>[1-9][0-9]{4,10})(?![0-9A-Za-z@]|[.][0-9])"
)
"""`QQ 123456`, `扣扣号是…`: five to eleven digits after the word. Misses numbers without it."""


class QqNumberRecognizer(ChatRecognizer):
    """Finds QQ and QQ group numbers by the word before them."""

    ENTITY: ClassVar[str] = "QQ_NUMBER"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile("(?:[qQ]|扣扣|企鹅)[^0-9A-Za-z]{0,10}[0-9]")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield QQ numbers."""
        for match in NAMED.finditer(text):
            if not is_amount(text, match.end()):
                yield Hit(*match.span("value"), 0.85, WHY_AFTER_WORD)
