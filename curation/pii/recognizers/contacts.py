"""Phones, WeChat ids and QQ numbers, told from other numbers and names by what stands beside them.

What the forms of `phone.py`, `wechat.py` and `qq.py` do not name: unusual words, foreign numbers
without their country's code, numbers cut up at odd places.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from curation.pii.entities import WHY_EVIDENCE, with_words
from curation.pii.recognizers.base import HAS_LETTER, ChatRecognizer, Hit
from curation.pii.recognizers.contact_model import evidence, likely_contacts

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER: Final = re.compile(r"[0-9]\)?(?:[ .-]{0,2}[0-9]\)?){5}")
_MOST: Final = 0.8
"""Never as sure as a form that names it."""


class _ContactRecognizer(ChatRecognizer):
    TRIGGER: ClassVar[re.Pattern[str]] = _NUMBER
    NEEDS = ((re.compile("[0-9]"), 6),)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield what is likely of this kind; its score is the likelihood."""
        for contact in likely_contacts(text):
            if contact.entity == self.ENTITY:
                score = min(round(contact.likelihood, 2), _MOST)
                words = evidence(text, contact)
                why = with_words(WHY_EVIDENCE, words) if words else WHY_EVIDENCE
                yield Hit(contact.found.start, contact.found.end, score, why)


class LikelyPhoneRecognizer(_ContactRecognizer):
    """Finds phones in shapes and wordings that no form has."""

    ENTITY: ClassVar[str] = "PHONE_NUMBER"


class LikelyQqNumberRecognizer(_ContactRecognizer):
    """Finds QQ numbers that unusual words name."""

    ENTITY: ClassVar[str] = "QQ_NUMBER"


class LikelyWechatIdRecognizer(_ContactRecognizer):
    """Finds WeChat ids with a digit or a stroke that unusual words name."""

    ENTITY: ClassVar[str] = "WECHAT_ID"
    TRIGGER: ClassVar[re.Pattern[str]] = re.compile(
        "[A-Za-z](?=[0-9A-Za-z_-]{5})[A-Za-z_-]{0,18}[0-9_-]"
    )
    GATE: ClassVar[re.Pattern[str]] = HAS_LETTER
    NEEDS = ((re.compile("[0-9_-]"), 1),)
