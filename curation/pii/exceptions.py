"""What is never to be flagged, whole: as anything, or as one kind and still as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.pii.wildcards import term_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import DetectionRules
    from curation.pii.engine import Told


class Exceptions:
    """Lets go of results that are, as a whole, one of the exceptions of some rules."""

    def __init__(self, rules: DetectionRules, precedence: Mapping[str, int]) -> None:
        self._precedence = precedence
        by_entities: dict[str, list[str]] = {}
        for term in rules.exceptions:
            by_entities.setdefault(rules.exception_entities.get(term, ""), []).append(term)
        self._patterns = [
            (frozenset(entities.split()), pattern)
            for entities, terms in by_entities.items()
            if (pattern := term_pattern(terms)) is not None
        ]

    def without(self, folded: str, results: Sequence[Told]) -> Sequence[Told]:
        """Return the results in a folded text that are not let go.

        Where one is let go as what it is, so is what it stands in front of on the very same span:
        whoever said so of the value in that place is not asked again.
        """
        if not self._patterns:
            return results
        let_go: dict[tuple[int, int], int] = {}
        for each in results:
            if self._names(folded[each.start : each.end], each.entity):
                span = (each.start, each.end)
                let_go[span] = min(self._place(each), let_go.get(span, self._place(each)))
        return [
            each
            for each in results
            if (first := let_go.get((each.start, each.end))) is None or self._place(each) < first
        ]

    def _names(self, text: str, entity: str) -> bool:
        return any(
            (not entities or entity in entities) and pattern.fullmatch(text) is not None
            for entities, pattern in self._patterns
        )

    def _place(self, result: Told) -> int:
        return self._precedence.get(result.recognizer, len(self._precedence))
