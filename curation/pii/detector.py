"""Text in, findings out: Presidio's analyzer with the recognizers of this room."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from curation.marks import CODE
from curation.model import DetectionRules, Finding
from curation.pii.entities import (
    STAND_IN,
    STAND_IN_BEGINS,
    WHY_REPEATED,
    placeholder,
)
from curation.pii.exceptions import Exceptions
from curation.pii.folding import fold
from curation.pii.literals import lowered
from curation.pii.settling import START, moved, says_anything, without_overlaps
from curation.pii.wildcards import exact_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from presidio_analyzer import AnalyzerEngine, EntityRecognizer

    from curation.pii.engine import Told

_NONE: Final[tuple[Finding, ...]] = ()
DEFAULT_THRESHOLD: Final = 0.3
"""The least score that a finding needs where the rules say no other."""
_SHORTEST_REPEAT: Final = 4
_FEW: Final = 8
"""Up to how many values are looked for one by one before all are in one pass."""
_MOST_ROUNDS: Final = 8
"""How often masked text is read again. Two are enough but for values glued to each other."""
_PERSON: Final = "PERSON"
_OWN_TERM: Final = "CUSTOM_TERM"
_MARKS: Final = "\ufe0e\ufe0f\u20e3"
"""What turns the digit before it into an emoji; it goes with its digit."""


class Detector:
    """Finds PII. Building one imports Presidio and spaCy, about two seconds; it may be shared.

    `rules` are what one workspace adds, see `DetectionRules`. `extra` are further Presidio
    recognizers for language `zh`, which may also be added to the analyzer's registry later; they
    get real jieba tokens, and with them every text goes through the analyzer, because nobody knows
    what they look for.
    """

    def __init__(
        self, rules: DetectionRules | None = None, extra: Sequence[EntityRecognizer] = ()
    ) -> None:
        # Presidio takes more than a second to import; whoever needs only the names does not wait.
        from curation.pii.engine import ChatAnalyzer  # noqa: PLC0415  (it is that import)
        from curation.pii.recognizers import RECOGNIZERS  # noqa: PLC0415

        rules = rules or DetectionRules()
        built = [kind.for_rules(rules) for kind in RECOGNIZERS]
        own = [recognizer for recognizer in built if recognizer is not None]
        self._analyzer = ChatAnalyzer([*own, *extra])
        self._own = own
        self._precedence = {kind.__name__: place for place, kind in enumerate(RECOGNIZERS)}
        self._rules = rules
        self._exceptions = Exceptions(rules, self._precedence)
        self._found_as = {
            lowered(text): entity
            for term, entity in rules.term_entities.items()
            if (text := exact_text(term)) is not None
        }

    @property
    def rules(self) -> DetectionRules:
        """What it was built with."""
        return self._rules

    @property
    def as_built(self) -> bool:
        """Whether its rules say all about it: nobody gave it further recognizers or took any."""
        return self._analyzer.registry.recognizers == self._own

    @property
    def analyzer(self) -> AnalyzerEngine:
        """The Presidio engine, for those who want to ask it themselves."""
        return self._analyzer

    def detect(self, text: str) -> list[Finding]:
        """Return the findings of one message, sorted by start, none overlapping another.

        Offsets are Python string offsets into `text`, half-open. Every further occurrence of a
        found value in the same text is a finding too, and so is whatever comes to light once the
        others are masked: in `mask(text, detect(text))` there is nothing left to find.
        """
        return self._all_in([text], self._read_each).get(text, [])

    def detect_many(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return the findings of each text, as `detect` gives them; equal texts are read once."""
        found = self._all_in(list(dict.fromkeys(texts)), self._read_many)
        return [list(found.get(text, _NONE)) for text in texts]

    def detect_run(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return the findings of messages that follow one another, read as lines of one text.

        A password is often a message of its own, sent right after `密码是`; joined for the export
        the two are one text, and only read together they show it beforehand. Offsets are into each
        message; a finding over several messages becomes one in each of them.
        """
        return self.detect_runs([texts])[0]

    def detect_runs(self, runs: Sequence[Sequence[str]]) -> list[list[list[Finding]]]:
        """Return the findings of each run, as `detect_run` gives them; equal runs are read once."""
        found = self.detect_many(["\n".join(texts) for texts in runs])
        return [
            _split(texts, findings) if findings else [[] for _ in texts]
            for texts, findings in zip(runs, found, strict=True)
        ]

    def detect_around(
        self,
        talk: Sequence[tuple[bool, str]],
        found: Sequence[Sequence[Finding]],
        *,
        repeats: bool = True,
    ) -> list[list[Finding]]:
        """Return what is found in the messages of a conversation, read with those around each.

        Of each it is given whether the export's owner said it, its text, and in `found` what is
        found in it alone. With `repeats`, a value of one message is one in the others as well.
        Offsets are into each message.
        """
        from curation.pii import bare_values  # noqa: PLC0415  (imports Presidio, as the analyzer)

        said = [bare_values.Said(mine, fold(text)) for mine, text in talk]

        def accepted(at: int, told: Told) -> Finding | None:
            if told.score < self._rules.thresholds.get(told.entity, DEFAULT_THRESHOLD):
                return None
            # Whoever said of a value that it is none of one kind is not asked about another.
            asked = [told._replace(entity=kind) for kind in bare_values.ENTITIES]
            if not all(self._exceptions.without(said[at].text, [each]) for each in asked):
                return None
            return self._finding(talk[at][1], told)

        return bare_values.read_around(said, found, accepted, repeats=repeats)

    def _all_in(
        self, texts: Sequence[str], read: Callable[[Sequence[str]], dict[str, list[Finding]]]
    ) -> dict[str, list[Finding]]:
        """Return the findings of those of different texts that have any.

        `read` finds what lies open in some of the texts; what comes to light only once that is
        masked is found in further rounds.
        """
        found = read(texts)
        fresh = list(found)
        for _ in range(_MOST_ROUNDS):
            masked = [_Masked(text, found[text]) for text in fresh if _has_more(text, found[text])]
            if not masked:
                break
            uncovered = read(list(dict.fromkeys(each.masked for each in masked)))
            fresh = []
            for each in masked:
                more = each.placed(uncovered.get(each.masked, _NONE))
                if more:
                    found[each.text] = sorted([*found[each.text], *more], key=START)
                    fresh.append(each.text)
        return found

    def _read_each(self, texts: Sequence[str]) -> dict[str, list[Finding]]:
        """Return what lies open in the texts in which anything does, read one by one."""
        return {text: found for text in texts if (found := self._read(text))}

    def _read_many(self, texts: Sequence[str]) -> dict[str, list[Finding]]:
        """Return what `_read_each` returns."""
        return {
            text: found
            for text, folded, results in self._analyzer.search_many(texts)
            if (found := self._settled(text, folded, results))
        }

    def _read(self, text: str) -> list[Finding]:
        folded = fold(text)
        results = self._analyzer.search(folded)
        return self._settled(text, folded, results) if results else []

    def _settled(self, text: str, folded: str, results: Iterable[Told]) -> list[Finding]:
        """Return the findings that the analyzer's results come to, none overlapping another."""
        thresholds = self._rules.thresholds
        sure = [
            result
            for result in results
            if result.score >= thresholds.get(result.entity, DEFAULT_THRESHOLD)
        ]
        found = [self._finding(text, result) for result in self._exceptions.without(folded, sure)]
        settled = _with_repeats(text, without_overlaps(folded, found, self._precedence))
        return _beside_stand_ins(text, settled) if STAND_IN_BEGINS in text else settled

    def _finding(self, text: str, result: Told) -> Finding:
        end = result.end
        while text[end : end + 1] in _MARKS and end < len(text):
            end += 1
        entity = result.entity
        if entity == _OWN_TERM and self._found_as:
            entity = self._found_as.get(lowered(text[result.start : result.end]), entity)
        return Finding(
            entity, result.start, end, round(result.score, 3), result.recognizer, result.why
        )


@lru_cache(maxsize=2)
def kept_detector(told: str) -> Detector:
    """Return the detector for rules as JSON; the last two are kept, for one thread at a time."""
    return Detector(DetectionRules.from_json(told))


def _has_more(text: str, found: Sequence[Finding]) -> bool:
    """Whether anything could be left to find: every finding holds a letter or a digit."""
    if len(found) > 1:
        return True
    (one,) = found
    return says_anything(text, 0, one.start) or says_anything(text, one.end, len(text))


class _Masked:
    """A text with its findings masked, in which what is found has a place in the text."""

    def __init__(self, text: str, found: Iterable[Finding]) -> None:
        self.text = text
        parts: list[str] = []
        self._begins: list[int] = []  # where each part of `text` that is left begins when masked
        self._origins: list[int] = []  # and where in `text`
        self._ends: list[int] = []  # and where it ends there
        length = 0
        reached = 0
        for finding in found:
            self._begins.append(length)
            self._origins.append(reached)
            self._ends.append(finding.start)
            stand_in = placeholder(finding.entity)
            parts += (text[reached : finding.start], stand_in)
            length += finding.start - reached + len(stand_in)
            reached = finding.end
        self._begins.append(length)
        self._origins.append(reached)
        self._ends.append(len(text))
        self.masked = "".join([*parts, text[reached:]])

    def placed(self, found: Iterable[Finding]) -> list[Finding]:
        """Return what was found in the masked text as spans of the text itself."""
        fresh: list[Finding] = []
        for finding in found:
            place = bisect_right(self._begins, finding.start) - 1
            start = finding.start - self._begins[place] + self._origins[place]
            end = start + finding.end - finding.start
            if end <= self._ends[place]:
                fresh.append(moved(finding, start, end))
        return fresh


def _beside_stand_ins(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without what of them lies in something that stands for a masked value.

    An own term or a name may be a word of a placeholder (`电话`), which says nothing of anybody.
    """
    taken = [found.span() for found in STAND_IN.finditer(text)]
    ends = [end for _, end in taken]
    beside: list[Finding] = []
    for finding in findings:
        place = bisect_right(ends, finding.start)
        if place == len(taken) or taken[place][0] >= finding.end:
            beside.append(finding)
            continue
        start = finding.start
        while start < finding.end:
            low, high = taken[place] if place < len(taken) else (finding.end, finding.end)
            end = min(low, finding.end)
            if start < end and says_anything(text, start, end):
                beside.append(moved(finding, start, end))
            start = high
            place += 1
    return beside


def _split(texts: Sequence[str], findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings in `texts` joined by line ends as findings in each of them."""
    found: list[list[Finding]] = [[] for _ in texts]
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    for finding in findings:
        place = bisect_right(starts, finding.start) - 1
        while place < len(texts) and starts[place] < finding.end:
            start = max(finding.start - starts[place], 0)
            end = min(finding.end - starts[place], len(texts[place]))
            if start < end:
                found[place].append(moved(finding, start, end))
            place += 1
    return found


def _with_repeats(text: str, findings: list[Finding]) -> list[Finding]:
    """Return the findings together with every other place in `text` that holds their values."""
    gaps = [
        (start, end)
        for start, end in zip(
            [0, *(finding.end for finding in findings)],
            [*(finding.start for finding in findings), len(text)],
            strict=True,
        )
        if end - start >= _SHORTEST_REPEAT
    ]
    values = {text[f.start : f.end]: f for f in findings if f.end - f.start >= _SHORTEST_REPEAT}
    if len(values) <= _FEW and gaps:
        # Most often no value stands a second time, and what is not covered is short to search.
        rest = "\n".join([text[start:end] for start, end in gaps])
        values = {value: finding for value, finding in values.items() if value in rest}
    if not values or not gaps:
        return findings
    free = bytearray(b"\1") * len(text)
    places = _places(text, gaps, values)
    repeats: list[Finding] = []
    for value, finding in values.items():
        for start in places.get(value, ()):
            end = start + len(value)
            if finding.entity == _PERSON and CODE.fullmatch(text, start - 1, end + 1):
                continue  # a sticker that somebody is named like; whole names are found anyway
            if free.find(0, start, end) < 0:
                free[start:end] = bytes(len(value))
                repeats.append(moved(finding, start, end, WHY_REPEATED))
    return sorted([*findings, *repeats], key=START)


def _places(
    text: str, gaps: Iterable[tuple[int, int]], values: Collection[str]
) -> dict[str, list[int]]:
    """Return where each of `values` stands as a whole in the gaps of `text`, in one pass.

    However many values there are, a place is compared with those only that begin like it.
    """
    lengths: dict[str, set[int]] = {}
    for value in values:
        lengths.setdefault(value[:_SHORTEST_REPEAT], set()).add(len(value))
    places: dict[str, list[int]] = {}
    for low, high in gaps:
        for start in range(low, high - _SHORTEST_REPEAT + 1):
            for length in lengths.get(text[start : start + _SHORTEST_REPEAT], ()):
                end = start + length
                value = text[start:end]
                if end <= high and value in values and _is_whole(text, start, end):
                    places.setdefault(value, []).append(start)
    return places


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the span is no part of a longer ASCII word or number."""
    return not (
        (start and _glues(text[start - 1], text[start]))
        or (end < len(text) and _glues(text[end - 1], text[end]))
    )


def _glues(left: str, right: str) -> bool:
    return left.isascii() and left.isalnum() and right.isascii() and right.isalnum()
