"""Names and addresses that the trained tagger sees, beside those that rules find."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final, Self

from curation.pii.chinese import plain, word_weight
from curation.pii.entities import WHY_TAGGER
from curation.pii.recognizers.address import REGION, told_end
from curation.pii.recognizers.base import ANYTHING, ChatRecognizer, Hit
from curation.pii.recognizers.person_evidence import is_well_known
from curation.pii.tagging import may_tag, tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.model import DetectionRules


_EVERYDAY: Final = -11.05
"""A word as frequent as this is taken for a name by rules only: `温柔`, `高兴`."""
_LABEL: Final = 12
_MOST: Final = 0.49
"""The score of what the tagger is certain of: less than that of any rule, whose reason says more,
and enough to be found as long as nobody asks for findings that are surer."""


class _TaggedRecognizer(ChatRecognizer):
    """Finds what the tagger takes for one entity."""

    SURE: ClassVar[float]
    """How likely each character of a span must be part of it: below, more is wrong than gained."""
    TRIGGER: ClassVar[re.Pattern[str]] = ANYTHING
    GATE: ClassVar[re.Pattern[str]] = re.compile("[A-Z一-鿿]")

    @classmethod
    def for_rules(cls, rules: DetectionRules) -> Self | None:
        """Return the recognizer, None where these rules do without the tagger."""
        return cls() if rules.tagger else None

    def may_find(self, text: str) -> bool:
        """Whether any line of a folded text holds enough hints."""
        return any(map(may_tag, text.split("\n")))

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the spans that the tagger is sure enough of."""
        for tag in tags(text):
            if tag.entity == self.ENTITY and tag.probability >= self.SURE:
                score = round(tag.probability * _MOST, 2)
                yield Hit(tag.start, tag.end, score, WHY_TAGGER)


_REGION: Final = re.compile(r"[一-鿿 ]+[省市区县州旗]")
_NO_DOOR: Final = re.compile(
    r"[一-鿿]+(?:门票|票价)[0-9]*|.*室[一二两三]厅.*|[^0-9]*[一两几][根碗杯串份]|办理.*"
)
"""What begins as an address does and is a ticket, a flat to let or a dish."""


_RECEIVER: Final = re.compile(r" [一-鿿]{2,3}(?=收(?![一-鿿]))")
"""Who is to have what is sent: `六楼 张三收`."""
_LONGEST_NAME: Final = 4


class TaggedAddressRecognizer(_TaggedRecognizer):
    """Finds addresses by what the tagger has learnt; a form's region is none, nor a ticket."""

    ENTITY: ClassVar[str] = "CN_ADDRESS"
    SURE: ClassVar[float] = 0.6

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the spans that the tagger is sure enough of."""
        for hit in super().find(text):
            span = hit.start, hit.end
            low = max(0, hit.start - _LABEL)
            in_form = _REGION.fullmatch(text, *span) and REGION.search(text, low, hit.start)
            if not (in_form or _NO_DOOR.fullmatch(text, *span)):
                named = _RECEIVER.search(text, max(hit.start, hit.end - _LONGEST_NAME), hit.end + 2)
                end = told_end(text, hit.end)
                if named and named.end() == hit.end:
                    end = named.start()
                yield hit._replace(end=end)


class TaggedPersonRecognizer(_TaggedRecognizer):
    """Finds names by what the tagger has learnt; public figures and everyday words are none."""

    ENTITY: ClassVar[str] = "PERSON"
    SURE: ClassVar[float] = 0.9

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the spans that the tagger is sure enough of."""
        for hit in super().find(text):
            name = plain(text[hit.start : hit.end])
            weight = word_weight(name)
            if len(name) < len("姓名") or is_well_known(text, hit.start, hit.end):
                continue
            if weight is None or weight < _EVERYDAY:
                yield hit
