"""E-mail addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_SHAPE
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9_][A-Za-z0-9._%+\-]*+(?: ?@ ?|\(at\)|\[at\]|艾特)"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})\.){1,8}[A-Za-z]{2,24}"
)
"""An ASCII address, also glued to Chinese on both sides and with a full-width ＠.

The lookbehind lets a run of letters be tried from its first one only, which keeps long lines fast.
Misses quoted local parts and Chinese domain names.
"""


class EmailRecognizer(ChatRecognizer):
    """Finds e-mail addresses by shape alone: no list of top-level domains is fetched."""

    ENTITY: ClassVar[str] = "EMAIL_ADDRESS"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(r"@|[(\[]at[)\]]|艾特")
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER

    def find(self, text: str) -> Iterator[Hit]:
        """Yield e-mail addresses."""
        for match in EMAIL.finditer(text):
            yield Hit(*match.span(), 1.0, WHY_SHAPE)
