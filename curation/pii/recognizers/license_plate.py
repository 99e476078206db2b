"""Licence plates of mainland vehicles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_SHAPE
from curation.pii.recognizers.base import ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROVINCE: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

PLATE: Final = re.compile(
    rf"[{_PROVINCE}][A-HJ-NP-Z][ ·•.\-]{{0,2}}"
    r"(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[挂学警港澳])"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""A province, a letter and five characters, or six for new-energy cars; I and O do not occur.

Misses plates of the armed forces and embassies, and a plate without its province.
"""

_FEWEST_DIGITS: Final = 2


class LicensePlateRecognizer(ChatRecognizer):
    """Finds licence plates by their shape."""

    ENTITY: ClassVar[str] = "LICENSE_PLATE"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(rf"[{_PROVINCE}][A-Za-z]")

    def find(self, text: str) -> Iterator[Hit]:
        """Yield plates; at least two digits keep words such as `云Apple` apart."""
        for match in PLATE.finditer(text):
            if sum(char.isdigit() for char in match[0]) >= _FEWEST_DIGITS:
                yield Hit(*match.span(), 0.9, WHY_SHAPE)
