"""Presidio's analyzer, which asks a recognizer of this room only where its trigger is."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    LemmaContextAwareEnhancer,
    RecognizerRegistry,
    RecognizerResult,
)

from curation.pii.entities import LANGUAGE
from curation.pii.folding import fold
from curation.pii.gates import Gates
from curation.pii.nlp import ContextWhereWanted, JiebaNlpEngine
from curation.pii.recognizers.base import WHY_KEY, ChatRecognizer

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from curation.pii.recognizers.base import Bound

    _Ask = Callable[[str], object]

_KNOWN_ENHANCERS: Final = frozenset({ContextWhereWanted, LemmaContextAwareEnhancer})
_SPAN: Final = itemgetter(1, 2)
_FEW: Final = 32
"""Fewer texts are asked about one by one."""
_AT_A_TIME: Final = 4096
_CHARS_AT_A_TIME: Final = 500_000
"""For each of them some fifty bytes are needed."""


class Told(NamedTuple):
    """What a recognizer found: a `RecognizerResult` as far as it matters here."""

    entity: str
    start: int
    end: int
    score: float
    recognizer: str
    why: str


def told(result: RecognizerResult) -> Told:
    """Return what a result says."""
    metadata: dict[str, Any] = result.recognition_metadata or {}
    return Told(
        result.entity_type,
        result.start,
        result.end,
        result.score,
        metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, ""),
        metadata.get(WHY_KEY, ""),
    )


class ChatAnalyzer(AnalyzerEngine):
    """An `AnalyzerEngine` whose plain requests give equal results in a fraction of the time.

    A request is plain when it gives the text and the language and nothing more. Then a
    `ChatRecognizer` whose trigger is not in the text, and which so would return nothing, is not
    asked; no explanation is made that Presidio would take away again; and results are compared
    with context words only where a recognizer has some. Any other request goes Presidio's own way.
    """

    def __init__(self, recognizers: Sequence[EntityRecognizer]) -> None:
        super().__init__(
            registry=RecognizerRegistry(
                recognizers=list(recognizers), supported_languages=[LANGUAGE]
            ),
            nlp_engine=JiebaNlpEngine(),
            supported_languages=[LANGUAGE],
            context_aware_enhancer=ContextWhereWanted(),
        )
        self._plan = _Plan(self.registry.recognizers)

    def analyze(self, text: str, language: str, *args: Any, **options: Any) -> list[Any]:
        """Return the results for `text`; further arguments are those of `AnalyzerEngine.analyze`.

        Raises what that raises.
        """
        plain = not args and all(value is None or value is False for value in options.values())
        if plain and language == LANGUAGE and self._knows_its_way():
            return self._analyze_plainly(text)
        results: list[RecognizerResult] = super().analyze(text, language, *args, **options)
        return results

    def search(self, folded: str) -> list[Told]:
        """Return what a plain request finds in a folded text, without Presidio's classes."""
        plan = self._current_plan()
        if not self._is_short(plan):
            return [told(result) for result in self.analyze(folded, LANGUAGE)]
        return _without_contained(
            [one for each in plan.hopeful(folded) for one in self._told_by(each, folded)]
        )

    def search_many(self, texts: Sequence[str]) -> Iterator[tuple[str, str, list[Told]]]:
        """Yield the texts in which something is found, folded, and what `search` says of them.

        Gates are asked for many texts at once, and each recognizer about all that pass in a row,
        so that what it needs stays at hand.
        """
        plan = self._current_plan()
        short = self._is_short(plan)
        for some in _batches(texts):
            if len(some) < _FEW or not short:
                for text in some:
                    folded = fold(text)
                    found = self.search(folded)
                    if found:
                        yield text, folded, found
                continue
            bits, needed = plan.sieved(some)
            folded_ones = list(some)
            for place in np.flatnonzero(bits & np.uint32(Gates.FOLDED)).tolist():
                folded_ones[place] = fold(some[place])
            for place, found in self._told_in(folded_ones, bits, needed):
                yield some[place], folded_ones[place], found

    def _told_in(
        self, texts: Sequence[str], bits: NDArray[np.uint32], needed: Iterable[_Needed]
    ) -> list[tuple[int, list[Told]]]:
        """Return the places of the folded texts in which something is found, and what."""
        found: dict[int, list[Told]] = {}
        for wanted, recognizer, may_find in needed:
            for place in np.flatnonzero((bits & wanted) == wanted).tolist():
                text = texts[place]
                if may_find is None or may_find(text):
                    some = self._told_by(recognizer, text)
                    if some:
                        found.setdefault(place, []).extend(some)
        for place in np.flatnonzero(bits & np.uint32(Gates.BEYOND)).tolist():
            found[place] = self.search(texts[place])
        return [(place, _without_contained(some)) for place, some in sorted(found.items()) if some]

    def _knows_its_way(self) -> bool:
        return (
            not self.log_decision_process
            and type(self.context_aware_enhancer) in _KNOWN_ENHANCERS
            and bool(self.registry.recognizers)
        )

    def _is_short(self, plan: _Plan) -> bool:
        """Whether nothing but our recognizers' hits decides what a plain request finds."""
        return (
            self._knows_its_way()
            and not (plan.others or plan.enhancing)
            and not any(each.context for each in plan.recognizers)
        )

    def _current_plan(self) -> _Plan:
        plan = self._plan
        if plan.registered != self.registry.recognizers:
            # Somebody added a recognizer to the registry, or took one away.
            plan = self._plan = _Plan(self.registry.recognizers)
        return plan

    def _analyze_plainly(self, text: str) -> list[RecognizerResult]:
        plan = self._current_plan()
        folded = fold(text)
        hopeful = plan.hopeful(folded)
        if not (hopeful or plan.others or plan.enhancing):
            return []
        enhancing = plan.enhancing or any(each.context for each in plan.recognizers)
        found = [(plan.places[each], each.results(folded, explained=enhancing)) for each in hopeful]
        if plan.others:
            found += self._ask_others(text, plan)
        # Of equal results Presidio keeps that of the recognizer registered first.
        found.sort(key=itemgetter(0))
        results = [result for _, some in found for result in some]
        if enhancing:
            artifacts = self.nlp_engine.process_text(text, LANGUAGE)
            results = self._enhance_using_context(text, results, artifacts, plan.recognizers)
        results = [
            result
            for result in results
            if result.score and result.score >= self._least_score(result, plan)
        ]
        if len(results) > 1:
            results = EntityRecognizer.remove_duplicates(results)
        for result in results:
            # As Presidio does it; its annotation knows no None.
            result.analysis_explanation = None  # type: ignore[assignment]
        return results

    def _told_by(self, recognizer: ChatRecognizer, folded: str) -> list[Told]:
        """Return what a recognizer finds, as the results of a plain request would say it."""
        entity, name = recognizer.ENTITY, recognizer.name
        least: float = self.default_score_threshold
        if thresholds := recognizer.score_thresholds:
            least = thresholds.get(entity, thresholds.get("default", least))
        return [
            Told(entity, hit.start, hit.end, hit.score, name, hit.why)
            for hit in recognizer.find(folded)
            if hit.score and hit.score >= least
        ]

    def _ask_others(self, text: str, plan: _Plan) -> Iterator[tuple[int, list[RecognizerResult]]]:
        """Yield the results of the recognizers that are not ours, each with its place."""
        artifacts = self.nlp_engine.process_text(text, LANGUAGE)
        entities = self.get_supported_entities(LANGUAGE)
        for place, recognizer in plan.others:
            if not recognizer.is_loaded:
                recognizer.load()
                recognizer.is_loaded = True
            results = recognizer.analyze(text=text, entities=entities, nlp_artifacts=artifacts)
            for result in results or ():
                result.recognition_metadata = {
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
                    # mypy cannot tell what type Presidio gives the attribute.
                    RecognizerResult.RECOGNIZER_NAME_KEY: vars(recognizer)["name"],
                    **(result.recognition_metadata or {}),
                }
            yield place, results or []

    def _least_score(self, result: RecognizerResult, plan: _Plan) -> float:
        """Return the score a result needs: its recognizer's for the entity, or in general."""
        usual: float = self.default_score_threshold
        metadata: dict[str, Any] = result.recognition_metadata or {}
        finder = plan.by_id.get(metadata.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, ""))
        if finder is None:
            return usual
        thresholds = finder.score_thresholds
        return thresholds.get(result.entity_type, thresholds.get("default", usual))


class _Needed(NamedTuple):
    """The bits of a text that a recognizer needs, and what it is asked first, if anything."""

    bits: np.uint32
    recognizer: ChatRecognizer
    may_find: _Ask | None


class _Plan:
    """The recognizers of a registry for our language, by how a plain request asks them."""

    def __init__(self, registered: Iterable[EntityRecognizer]) -> None:
        self.registered = list(registered)
        self.recognizers = [each for each in registered if each.supported_language == LANGUAGE]
        self.by_id = {each.id: each for each in self.recognizers}
        self.places = {each: place for place, each in enumerate(self.recognizers)}
        gates: dict[re.Pattern[str], list[tuple[ChatRecognizer, _Ask]]] = {}
        self.others: list[tuple[int, EntityRecognizer]] = []
        for place, recognizer in enumerate(self.recognizers):
            if isinstance(recognizer, ChatRecognizer) and recognizer.keeps_to_its_trigger():
                gates.setdefault(recognizer.gate(), []).append((recognizer, _ask(recognizer)))
            else:
                self.others.append((place, recognizer))
        self._behind = list(gates.items())
        self._sieve: tuple[Gates, list[_Needed]] | None = None
        self.enhancing = any(
            type(each).enhance_using_context is not EntityRecognizer.enhance_using_context
            for each in self.recognizers
        )

    def hopeful(self, folded: str) -> list[ChatRecognizer]:
        """Return the recognizers that could find something in a folded text, in their order."""
        found = [
            recognizer
            for gate, behind in self._behind
            if gate.search(folded) is not None
            for recognizer, may_find in behind
            if may_find(folded)
        ]
        if len(found) > 1:
            found.sort(key=self.places.__getitem__)
        return found

    def sieved(self, texts: Sequence[str]) -> tuple[NDArray[np.uint32], list[_Needed]]:
        """Return the bits of each text, see `Gates`, and which of them each recognizer needs."""
        if self._sieve is None:
            self._sieve = self._prepared()
        gates, needed = self._sieve
        return gates.of(texts), needed

    def _prepared(self) -> tuple[Gates, list[_Needed]]:
        """Return the gates, and which of their bits each recognizer needs, in their order."""
        asked = sorted(
            ((gate, *each) for gate, some in self._behind for each in some),
            key=lambda each: self.places[each[1]],
        )
        needs = [{(gate, 1), *recognizer.NEEDS} for gate, recognizer, _ in asked]
        gates = list(dict.fromkeys(gate for some in needs for gate in some))
        bounds: list[Bound] = []
        needed: list[_Needed] = []
        for (_, recognizer, may_find), some in zip(asked, needs, strict=True):
            bits = sum(1 << gates.index(gate) for gate in some)
            bound = recognizer.bound()
            if bound is None:
                needed.append(_Needed(np.uint32(bits), recognizer, may_find))
            else:
                # What the bound leaves is worth searching at once.
                bits |= 1 << len(gates) + len(bounds)
                bounds.append(bound)
                needed.append(_Needed(np.uint32(bits), recognizer, None))
        return Gates(gates, bounds), needed


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts in their order, so many at a time that telling them apart takes little room.

    A text that is too long for that is in a batch of few.
    """
    low = size = 0
    for place, text in enumerate(texts):
        size += len(text)
        if size > _CHARS_AT_A_TIME or place - low == _AT_A_TIME:
            yield texts[low:place]
            low, size = place, len(text)
    yield texts[low:]


def _ask(recognizer: ChatRecognizer) -> _Ask:
    """Return its `may_find`, or what that calls where it is the usual one: it is asked a lot."""
    usual = type(recognizer).may_find is ChatRecognizer.may_find
    return recognizer.TRIGGER.search if usual else recognizer.may_find


def _without_contained(found: list[Told]) -> list[Told]:
    """Return what `EntityRecognizer.remove_duplicates` leaves of results with these spans."""
    if len(found) < 2:  # noqa: PLR2004  (as nearly always)
        return found
    ordered = sorted(found, key=_SPAN)
    if all(one.end < other.start for one, other in pairwise(ordered)):
        return ordered
    # Of equal ones the first stays, as its recognizer was registered first.
    first: dict[tuple[Any, ...], Told] = {}
    for each in found:
        first.setdefault(each[:4], each)
    kept = EntityRecognizer.remove_duplicates([RecognizerResult(*key) for key in first])
    return [first[result.entity_type, result.start, result.end, result.score] for result in kept]
