"""Presidio's analyzer, which asks a recognizer of this room only where its trigger is."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

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
from curation.pii.recognizers.base import ChatRecognizer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from curation.pii.recognizers.base import Bound

    _Ask = Callable[[str], object]
    Hopeful = list[tuple[int, ChatRecognizer]]

_KNOWN_ENHANCERS: Final = frozenset({ContextWhereWanted, LemmaContextAwareEnhancer})
_ANYTHING: Final = re.compile("")
_FEW: Final = 32
"""Fewer texts are asked about one by one."""
_AT_A_TIME: Final = 4096


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

    def sieve(self) -> Callable[[str], Hopeful | None]:
        """Return what says of a folded text which recognizers could find something in it.

        It gives None where a plain request would find nothing, and otherwise what `read` takes.
        It holds for the recognizers that are registered now.
        """
        plan = self._current_plan()
        if plan.others or plan.enhancing or not self._knows_its_way():
            return _always
        any_gate = plan.gate.search
        behind = [(gate.search, some) for gate, some in plan.behind]

        def hopeful(folded: str) -> Hopeful | None:
            if any_gate(folded) is None:
                return None
            found: Hopeful | None = None
            for passes, asked in behind:
                if passes(folded) is not None:
                    for place, recognizer, may_find in asked:
                        if may_find(folded):
                            if found is None:
                                found = []
                            found.append((place, recognizer))
            return found

        return hopeful

    def sieve_many(self, texts: Sequence[str]) -> Iterator[tuple[str, str, Hopeful]]:
        """Yield the texts in which something could be found, folded, and what `read` takes.

        It says what `sieve` says, and asks a gate for many texts at once.
        """
        asked = self.sieve()
        if asked is _always or len(texts) < _FEW:
            for text in texts:
                folded = fold(text)
                hopeful = asked(folded)
                if hopeful is not None:
                    yield text, folded, hopeful
            return
        plan = self._plan
        for low in range(0, len(texts), _AT_A_TIME):
            some = texts[low : low + _AT_A_TIME]
            for text, bits in zip(some, plan.bits(some), strict=True):
                if not bits:
                    continue
                folded = fold(text) if bits & Gates.FOLDED else text
                if bits & Gates.BEYOND:
                    found = asked(folded)
                    if found is not None:
                        yield text, folded, found
                    continue
                found = [
                    (place, recognizer)
                    for place, recognizer, may_find in plan.open_to(bits)
                    if may_find is None or may_find(folded)
                ]
                if found:
                    yield text, folded, found

    def read(self, folded: str, hopeful: Hopeful) -> list[RecognizerResult]:
        """Return the results of a plain request, given what `sieve` said; none where it is empty.

        An empty list stands for a text that was not asked about: it is analyzed as usual.
        """
        if not hopeful:
            return self.analyze(folded, LANGUAGE)
        return self._results(folded, folded, hopeful, self._plan)

    def _knows_its_way(self) -> bool:
        return (
            not self.log_decision_process
            and type(self.context_aware_enhancer) in _KNOWN_ENHANCERS
            and bool(self.registry.recognizers)
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
        hopeful = [
            (place, recognizer)
            for gate, behind in plan.behind
            if gate.search(folded) is not None
            for place, recognizer, may_find in behind
            if may_find(folded)
        ]
        if not (hopeful or plan.others or plan.enhancing):
            return []
        return self._results(text, folded, hopeful, plan)

    def _results(
        self, text: str, folded: str, hopeful: Hopeful, plan: _Plan
    ) -> list[RecognizerResult]:
        """Return the results of a plain request for which these of our recognizers are asked."""
        enhancing = plan.enhancing or any(each.context for each in plan.recognizers)
        found = [
            (place, recognizer.results(folded, explained=enhancing))
            for place, recognizer in hopeful
        ]
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


class _Plan:
    """The recognizers of a registry for our language, by how a plain request asks them."""

    def __init__(self, registered: Iterable[EntityRecognizer]) -> None:
        self.registered = list(registered)
        self.recognizers = [each for each in registered if each.supported_language == LANGUAGE]
        self.by_id = {each.id: each for each in self.recognizers}
        gates: dict[re.Pattern[str], list[tuple[int, ChatRecognizer, _Ask]]] = {}
        self.others: list[tuple[int, EntityRecognizer]] = []
        for place, recognizer in enumerate(self.recognizers):
            if isinstance(recognizer, ChatRecognizer) and recognizer.keeps_to_its_trigger():
                gates.setdefault(recognizer.gate(), []).append(
                    (place, recognizer, _ask(recognizer))
                )
            else:
                self.others.append((place, recognizer))
        self.behind = list(gates.items())
        self.gate = _any_of(gates)
        self._gates: Gates | None = None
        self._needed: list[tuple[int, tuple[int, ChatRecognizer, _Ask | None]]] = []
        self._open: dict[int, list[tuple[int, ChatRecognizer, _Ask | None]]] = {}
        self.enhancing = any(
            type(each).enhance_using_context is not EntityRecognizer.enhance_using_context
            for each in self.recognizers
        )

    def bits(self, texts: Sequence[str]) -> list[int]:
        """Return the bits of each text, see `Gates`."""
        if self._gates is None:
            self._gates = self._prepared()
        return self._gates.of(texts)

    def open_to(self, bits: int) -> list[tuple[int, ChatRecognizer, _Ask | None]]:
        """Return the recognizers whose bits are all set, with what each is asked first, if any."""
        found = self._open.get(bits)
        if found is None:
            found = self._open[bits] = [
                each for needed, each in self._needed if bits & needed == needed
            ]
        return found

    def _prepared(self) -> Gates:
        """Return the gates, having noted which of their bits each recognizer needs."""
        asked = [(gate, each) for gate, some in self.behind for each in some]
        needs = {each[0]: [(gate, 1), *each[1].NEEDS] for gate, each in asked}
        gates = list(dict.fromkeys(gate for some in needs.values() for gate in some))
        bounds: list[Bound] = []
        for _, each in asked:
            place, recognizer, _ask = each
            needed = sum(1 << gates.index(gate) for gate in set(needs[place]))
            bound = recognizer.bound()
            if bound is None:
                self._needed.append((needed, each))
            else:
                # What the bound leaves is worth searching at once.
                needed |= 1 << len(gates) + len(bounds)
                bounds.append(bound)
                self._needed.append((needed, (place, recognizer, None)))
        return Gates(gates, bounds)


def _ask(recognizer: ChatRecognizer) -> _Ask:
    """Return its `may_find`, or what that calls where it is the usual one: it is asked a lot."""
    usual = type(recognizer).may_find is ChatRecognizer.may_find
    return recognizer.TRIGGER.search if usual else recognizer.may_find


def _always(_folded: str) -> Hopeful:
    return []


def _any_of(patterns: Collection[re.Pattern[str]]) -> re.Pattern[str]:
    """Return a pattern that matches where one of `patterns` does.

    `re` makes one class of alternatives that are classes of characters, and searches it fastest.
    """
    if any(pattern.groups for pattern in patterns):
        return _ANYTHING  # numbers and names of groups could clash
    alternatives = [
        f"(?{flags}:{pattern.pattern})" if (flags := _inline_flags(pattern)) else pattern.pattern
        for pattern in patterns
    ]
    return re.compile("|".join(alternatives)) if alternatives else re.compile("(?!)")


def _inline_flags(pattern: re.Pattern[str]) -> str:
    letters = {
        re.ASCII: "a",
        re.IGNORECASE: "i",
        re.MULTILINE: "m",
        re.DOTALL: "s",
        re.VERBOSE: "x",
    }
    return "".join(letter for flag, letter in letters.items() if pattern.flags & flag)
