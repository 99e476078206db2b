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
from curation.pii.plan import Plan, batches, hopeful_in
from curation.pii.recognizers.base import WHY_KEY, ChatRecognizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from curation.pii.plan import Needed

_KNOWN_ENHANCERS: Final = frozenset({ContextWhereWanted, LemmaContextAwareEnhancer})
_SPAN: Final = itemgetter(1, 2)
_FEW: Final = 32
"""Fewer texts are asked about one by one."""


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
        self._plan = Plan(self.registry.recognizers)

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
            [one for each in plan.hopeful(folded) for one in self._teller(each)(folded)]
        )

    def search_many(self, texts: Sequence[str]) -> Iterator[tuple[str, str, list[Told]]]:
        """Yield the texts in which something is found, folded, and what `search` says of them.

        Gates are asked for many texts at once, and each recognizer about all that pass in a row,
        so that what it needs stays at hand.
        """
        plan = self._current_plan()
        short = self._is_short(plan)
        for some in batches(texts):
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
        self, texts: Sequence[str], bits: NDArray[np.uint32], needed: Iterable[Needed]
    ) -> list[tuple[int, list[Told]]]:
        """Return the places of the folded texts in which something is found, and what."""
        found: dict[int, list[Told]] = {}
        for recognizer, places in hopeful_in(texts, bits, needed):
            tell = self._teller(recognizer)
            for place in places:
                some = tell(texts[place])
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

    def _is_short(self, plan: Plan) -> bool:
        """Whether nothing but our recognizers' hits decides what a plain request finds."""
        return (
            self._knows_its_way()
            and not (plan.others or plan.enhancing)
            and not any(each.context for each in plan.recognizers)
        )

    def _current_plan(self) -> Plan:
        plan = self._plan
        if plan.registered != self.registry.recognizers:
            # Somebody added a recognizer to the registry, or took one away.
            plan = self._plan = Plan(self.registry.recognizers)
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

    def _teller(self, recognizer: ChatRecognizer) -> Callable[[str], list[Told]]:
        """Return what tells what a recognizer finds in a folded text, as a plain request would."""
        entity, name, find = recognizer.ENTITY, recognizer.name, recognizer.find
        least: float = self.default_score_threshold
        if thresholds := recognizer.score_thresholds:
            least = thresholds.get(entity, thresholds.get("default", least))

        def tell(folded: str) -> list[Told]:
            return [
                Told(entity, start, end, score, name, why)
                for start, end, score, why in find(folded)
                if score and score >= least
            ]

        return tell

    def _ask_others(self, text: str, plan: Plan) -> Iterator[tuple[int, list[RecognizerResult]]]:
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

    def _least_score(self, result: RecognizerResult, plan: Plan) -> float:
        """Return the score a result needs: its recognizer's for the entity, or in general."""
        usual: float = self.default_score_threshold
        metadata: dict[str, Any] = result.recognition_metadata or {}
        finder = plan.by_id.get(metadata.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, ""))
        if finder is None:
            return usual
        thresholds = finder.score_thresholds
        return thresholds.get(result.entity_type, thresholds.get("default", usual))


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
