"""Text in, findings out: Presidio's analyzer with the recognizers of this room."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from curation.model import DEFAULT_THRESHOLD, DetectionRules, Finding
from curation.pii.entities import WHY_REPEATED, placeholder
from curation.pii.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerResult

    from curation.pii.recognizers.base import ChatRecognizer

_SHORTEST_REPEAT: Final = 4
_MOST_ROUNDS: Final = 8
"""How often masked text is read again. Two are enough but for values glued to each other."""
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
        from curation.pii.recognizers import RECOGNIZERS  # noqa: PLC0415

        own = [recognizer() for recognizer in RECOGNIZERS]
        self._analyzer = _build_analyzer([*own, *extra])
        self._precedence = {kind.__name__: place for place, kind in enumerate(RECOGNIZERS)}
        self._gates = _by_gate(own)
        self._own = own
        self._rules = rules or DetectionRules()

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
        found = fresh = self._read(text)
        rounds = _MOST_ROUNDS
        while fresh and rounds:
            fresh = self._uncovered(text, found)
            found = sorted([*found, *fresh], key=lambda finding: finding.start)
            rounds -= 1
        return found

    def _read(self, text: str) -> list[Finding]:
        folded = fold(text)
        wanted = None
        if self._analyzer.registry.recognizers == self._own:
            wanted = [
                recognizer.ENTITY
                for gate, behind in self._gates.items()
                if gate.search(folded)
                for recognizer in behind
                if recognizer.TRIGGER.search(folded)
            ]
            if not wanted:
                return []
        results = self._analyzer.analyze(folded, language="zh", entities=wanted)
        thresholds = self._rules.thresholds
        found = (
            self._finding(text, result)
            for result in results
            if result.score >= thresholds.get(result.entity_type, DEFAULT_THRESHOLD)
        )
        return _with_repeats(text, _resolve(folded, found, self._precedence))

    def _uncovered(self, text: str, found: Sequence[Finding]) -> list[Finding]:
        """Return what is found in `text` with `found` masked, as spans of `text`."""
        parts: list[str] = []
        visible: list[tuple[int, int, int]] = []  # start and end when masked, start in `text`
        length = 0
        reached = 0
        for finding in found:
            visible.append((length, length + finding.start - reached, reached))
            stand_in = placeholder(finding.entity)
            parts += (text[reached : finding.start], stand_in)
            length += finding.start - reached + len(stand_in)
            reached = finding.end
        visible.append((length, length + len(text) - reached, reached))
        masked = "".join([*parts, text[reached:]])
        fresh: list[Finding] = []
        for finding in self._read(masked):
            place = bisect_right(visible, finding.start, key=lambda part: part[0])
            start, end, origin = visible[place - 1]
            if start <= finding.start and finding.end <= end:
                shift = origin - start
                fresh.append(replace(finding, start=finding.start + shift, end=finding.end + shift))
        return fresh

    def detect_many(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return the findings of each text, as `detect` gives them; equal texts are read once."""
        known: dict[str, list[Finding]] = {}
        found: list[list[Finding]] = []
        for text in texts:
            findings = known.get(text)
            if findings is None:
                findings = known[text] = self.detect(text)
            found.append(list(findings))
        return found

    def detect_run(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return the findings of messages that follow one another, read as lines of one text.

        A password is often a message of its own, sent right after `密码是`; joined for the export
        the two are one text, and only read together they show it beforehand. Offsets are into each
        message; a finding over several messages becomes one in each of them.
        """
        found: list[list[Finding]] = [[] for _ in texts]
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        for finding in self.detect("\n".join(texts)):
            place = bisect_right(starts, finding.start) - 1
            while place < len(texts) and starts[place] < finding.end:
                start = max(finding.start - starts[place], 0)
                end = min(finding.end - starts[place], len(texts[place]))
                if start < end:
                    found[place].append(replace(finding, start=start, end=end))
                place += 1
        return found

    @staticmethod
    def _finding(text: str, result: RecognizerResult) -> Finding:
        end = result.end
        while text[end : end + 1] in _MARKS and end < len(text):
            end += 1
        metadata: dict[str, Any] = result.recognition_metadata or {}
        return Finding(
            entity=result.entity_type,
            start=result.start,
            end=end,
            score=round(result.score, 3),
            recognizer=metadata.get("recognizer_name", ""),
            why=metadata.get("why", ""),
        )


def _by_gate(
    recognizers: Iterable[ChatRecognizer],
) -> dict[re.Pattern[str], list[ChatRecognizer]]:
    """Return the recognizers by what a text must hold, so that most texts are asked little."""
    gates: dict[re.Pattern[str], list[ChatRecognizer]] = {}
    for recognizer in recognizers:
        gates.setdefault(recognizer.GATE, []).append(recognizer)
    return gates


def _build_analyzer(recognizers: Sequence[EntityRecognizer]) -> AnalyzerEngine:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415  (slow import)

    from curation.pii.nlp import (  # noqa: PLC0415
        LANGUAGE,
        ContextWhereWanted,
        JiebaNlpEngine,
    )

    registry = RecognizerRegistry(recognizers=list(recognizers), supported_languages=[LANGUAGE])
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=JiebaNlpEngine(),
        supported_languages=[LANGUAGE],
        context_aware_enhancer=ContextWhereWanted(),
    )


def _resolve(
    text: str, findings: Iterable[Finding], precedence: Mapping[str, int]
) -> list[Finding]:
    """Return findings of which none overlaps another, sorted by start.

    An e-mail address wins over everything; then the longer span, then the recognizer registered
    earlier. What sticks out of a winner is kept as a shorter finding of its own, so that settling
    an overlap never uncovers anything.
    """
    settled: list[Finding] = []
    for cluster in _clusters(sorted(findings, key=lambda finding: finding.start)):
        taken: list[Finding] = []
        for finding in sorted(
            cluster,
            key=lambda finding: (
                finding.entity != "EMAIL_ADDRESS",
                finding.start - finding.end,
                precedence.get(finding.recognizer, len(precedence)),
                -finding.score,
            ),
        ):
            taken.extend(_pieces(text, finding, taken))
        settled.extend(sorted(taken, key=lambda finding: finding.start))
    return settled


def _clusters(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Yield the findings, which are sorted by start, in groups that do not touch each other."""
    cluster: list[Finding] = []
    reach = 0
    for finding in findings:
        if cluster and finding.start >= reach:
            yield cluster
            cluster = []
        cluster.append(finding)
        reach = max(reach, finding.end)
    if cluster:
        yield cluster


def _pieces(text: str, finding: Finding, taken: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what of `finding` lies outside of `taken` and holds a letter or a digit."""
    start = finding.start
    ends = sorted((other.start, other.end) for other in taken)
    for low, high in [*ends, (finding.end, finding.end)]:
        end = min(low, finding.end)
        if start < end and any(char.isalnum() for char in text[start:end]):
            yield replace(finding, start=start, end=end)
        start = max(start, high)


def _with_repeats(text: str, findings: list[Finding]) -> list[Finding]:
    """Return the findings together with every other place in `text` that holds their values."""
    if not findings:
        return findings
    repeats: list[Finding] = []
    covered = [(finding.start, finding.end) for finding in findings]
    # Most often no value stands a second time, and what is not covered is short to search.
    gaps = zip(
        [0, *(end for _, end in covered)], [*(start for start, _ in covered), None], strict=True
    )
    rest = "\n".join(text[start:end] for start, end in gaps)
    for value, finding in {text[f.start : f.end]: f for f in findings}.items():
        if len(value) < _SHORTEST_REPEAT or value not in rest:
            continue
        for match in re.finditer(_whole(value), text):
            if not _overlaps(covered, *match.span()):
                insort(covered, match.span())
                repeats.append(
                    replace(finding, start=match.start(), end=match.end(), why=WHY_REPEATED)
                )
    return sorted([*findings, *repeats], key=lambda finding: finding.start)


def _whole(value: str) -> str:
    """Return a pattern for `value` where it is not part of a longer ASCII word or number."""
    left = r"(?<![0-9A-Za-z])" if value[0].isascii() and value[0].isalnum() else ""
    right = r"(?![0-9A-Za-z])" if value[-1].isascii() and value[-1].isalnum() else ""
    return left + re.escape(value) + right


def _overlaps(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether the span overlaps one of `spans`, which are sorted and do not overlap each other."""
    place = bisect_left(spans, (end,))
    return place > 0 and spans[place - 1][1] > start
