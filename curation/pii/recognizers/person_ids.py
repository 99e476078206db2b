"""Ids of people that the exports told: found wherever they are written, without a word beside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Self

from curation.pii.entities import WHY_KNOWN_ID
from curation.pii.literals import Literals, lowered
from curation.pii.people import QQ_NUMBER, WECHAT_ID, ids_of
from curation.pii.recognizers.base import ANYTHING, ChatRecognizer, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curation.model import DetectionRules


class _KnownIdRecognizer(ChatRecognizer):
    """Finds ids of its entity among those that are known."""

    TRIGGER: ClassVar[re.Pattern[str]] = ANYTHING
    GATE: ClassVar[re.Pattern[str]] = re.compile("(?!)")

    def __init__(self, names: Iterable[str] = ()) -> None:
        ids = [each for each, entity in ids_of(names).items() if entity == self.ENTITY]
        self._ids = Literals(dict.fromkeys(ids, True))
        super().__init__()

    @classmethod
    def for_rules(cls, rules: DetectionRules) -> Self | None:
        """Return the recognizer of the ids among the names of these rules; None without any."""
        recognizer = cls(rules.names)
        return recognizer if len(recognizer._ids) else None

    def gate(self) -> re.Pattern[str]:
        """Return the characters with which the ids begin."""
        return self._ids.gate()

    def may_find(self, text: str) -> bool:
        """Whether a folded text may hold one of the ids."""
        return self._ids.may_be_in(lowered(text))

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the places of the ids."""
        for place in self._ids.find(lowered(text)):
            yield Hit(place.start, place.end, 0.95, WHY_KNOWN_ID)


class KnownWechatIdRecognizer(_KnownIdRecognizer):
    """Finds the WeChat ids, chosen and given, of people in the chats."""

    ENTITY: ClassVar[str] = WECHAT_ID


class KnownQqNumberRecognizer(_KnownIdRecognizer):
    """Finds the QQ numbers of people in the chats."""

    ENTITY: ClassVar[str] = QQ_NUMBER
