"""In which texts the recognizers of a registry are asked: those that hold what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from presidio_analyzer import EntityRecognizer

from curation.pii.entities import LANGUAGE
from curation.pii.gates import Gates
from curation.pii.recognizers.base import ChatRecognizer

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from curation.pii.recognizers.base import Bound

    _Ask = Callable[[str], object]

_AT_A_TIME: Final = 4096
_CHARS_AT_A_TIME: Final = 500_000
"""For each of them some fifty bytes are needed."""


class Needed(NamedTuple):
    """The bits of a text that a recognizer needs, and what it is asked first, if anything."""

    bits: np.uint32
    recognizer: ChatRecognizer
    may_find: _Ask | None


class Plan:
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
        self._sieve: tuple[Gates, list[Needed]] | None = None
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

    def sieved(self, texts: Sequence[str]) -> tuple[NDArray[np.uint32], list[Needed]]:
        """Return the bits of each text, see `Gates`, and which of them each recognizer needs."""
        if self._sieve is None:
            self._sieve = self._prepared()
        gates, needed = self._sieve
        return gates.of(texts), needed

    def _prepared(self) -> tuple[Gates, list[Needed]]:
        """Return the gates, and which of their bits each recognizer needs, in their order."""
        asked = sorted(
            ((gate, *each) for gate, some in self._behind for each in some),
            key=lambda each: self.places[each[1]],
        )
        needs = [{(gate, 1), *recognizer.NEEDS} for gate, recognizer, _ in asked]
        gates = list(dict.fromkeys(gate for some in needs for gate in some))
        bounds: list[Bound] = []
        needed: list[Needed] = []
        for (_, recognizer, may_find), some in zip(asked, needs, strict=True):
            bits = sum(1 << gates.index(gate) for gate in some)
            bound = recognizer.bound()
            if bound is None:
                needed.append(Needed(np.uint32(bits), recognizer, may_find))
            else:
                # What the bound leaves is worth searching at once.
                bits |= 1 << len(gates) + len(bounds)
                bounds.append(bound)
                needed.append(Needed(np.uint32(bits), recognizer, None))
        return Gates(gates, bounds), needed


def hopeful_in(
    texts: Sequence[str], bits: NDArray[np.uint32], needed: Iterable[Needed]
) -> Iterator[tuple[ChatRecognizer, Iterable[int]]]:
    """Yield the recognizers in their order with the places of the texts they could find in."""
    kept: dict[tuple[int, _Ask], list[int]] = {}
    for wanted, recognizer, may_find in needed:
        places = np.flatnonzero((bits & wanted) == wanted).tolist()
        if may_find is None:
            yield recognizer, places
        elif _is_usual(recognizer):
            # Some recognizers share a trigger.
            key = int(wanted), may_find
            if key not in kept:
                kept[key] = [place for place in places if may_find(texts[place])]
            yield recognizer, kept[key]
        else:
            # One may remember what it saw in a text until it is asked about the next.
            yield recognizer, (place for place in places if may_find(texts[place]))


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
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
    return recognizer.TRIGGER.search if _is_usual(recognizer) else recognizer.may_find


def _is_usual(recognizer: ChatRecognizer) -> bool:
    return type(recognizer).may_find is ChatRecognizer.may_find
