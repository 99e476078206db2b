"""What other values of a conversation tell of a candidate: permits come in lists, as codes do."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from curation.pii.bare_values.candidates import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curation.pii.recognizers.secret_candidates import Candidate

_TELLING: Final = frozenset({*ENTITIES, "CN_ID_CARD", "BANK_CARD"})
"""The kinds of values that tell something of others."""
_RUNS: Final = re.compile("[0-9]+|[A-Z]|[a-z]")


class Values:
    """The private values of a conversation."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        """The kind of each value, of equal ones that of the first."""
        self._in_message: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._of_form: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._all: Counter[str] = Counter()

    def add(self, at: int, text: str, start: int, end: int, entity: str) -> None:
        """Take in a value of the folded text of the message of a place."""
        if entity in _TELLING:
            self.kinds.setdefault(text[start:end], entity)
            self._in_message[at].append((start, end, entity))
            self._of_form[_form(text[start:end])][entity] += 1
            self._all[entity] += 1

    def alike(self, at: int, text: str, found: Candidate) -> set[str]:
        """Return the kinds of those elsewhere that are written as a candidate is."""
        form = _form(text[found.start : found.end])
        own = [kind for each, kind in self._own(at, text, found) if each == form]
        return _left(self._of_form.get(form, Counter()), own)

    def told(self, at: int, text: str, found: Candidate, shape: str) -> Iterator[str]:
        """Yield which kinds there are beside a candidate, and which are written as it is."""
        for entity in _left(self._all, [kind for _, kind in self._own(at, text, found)]):
            yield f"T{entity}"
            yield f"T{entity}/{shape}"
        for entity in self.alike(at, text, found):
            yield f"T={entity}"
            yield f"T={entity}/{shape}"

    def _own(self, at: int, text: str, found: Candidate) -> list[tuple[str, str]]:
        """Return the form and the kind of what lies where a candidate does."""
        return [
            (_form(text[start:end]), entity)
            for start, end, entity in self._in_message.get(at, ())
            if start < found.end and found.start < end
        ]


def _left(counts: Counter[str], own: Iterable[str]) -> set[str]:
    return set(counts - Counter(own))


def _form(written: str) -> str:
    """Return which signs stand where: how many digits, small letters, capital ones, others."""
    return _RUNS.sub(_sort, written)


def _sort(run: re.Match[str]) -> str:
    signs = run[0]
    return f"{len(signs)}" if signs.isdigit() else "A" if signs.isupper() else "a"
