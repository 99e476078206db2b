"""The model that weighs the messages around a bare value.

It has an outcome for each of ENTITIES, and one for none of them. `data/bare_values.md` says what it
was trained on and how well it does.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.pii.bare_values.candidates import ENTITIES, bare
from curation.pii.bare_values.elsewhere import Values
from curation.pii.bare_values.features import features, hinted, names_beside
from curation.pii.engine import Told
from curation.pii.entities import WHY_AROUND, WHY_REPEATED, with_words
from curation.pii.recognizers.weighing import Model, read_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from curation.pii.bare_values.features import Said
    from curation.pii.recognizers.secret_candidates import Candidate

WEIGHTS: Final = Path(__file__).parents[1] / "data" / "bare_values.json"
LEAST: Final = 0.4
"""How likely a value is one of these; with less it is none, whatever threshold is set."""

LEAST_OTHER: Final = 0.7
"""How likely a value is of its kind, where its message alone had made it another."""

RECOGNIZER: Final = "BareValues"
"""Who finds them, in a finding."""

_MOST: Final = 0.99
"""Never as sure as a form that is certain."""
_FEWEST: Final = 2
"""How many messages a talk has at least in which one tells of another."""
_SHORTEST_REPEAT: Final = 4
"""How long a value is at least that is private wherever it stands again."""
_MOST_WORDS: Final = 2
_ROUNDS: Final = 3
"""How often those that are left are asked about, while others are found."""


class Bare(NamedTuple):
    """What a value is in the message of this place, and whether its kind is sure."""

    at: int
    told: Told
    sure_of_kind: bool


@lru_cache(maxsize=1)
def model() -> Model:
    """Return the model, read when it is first needed."""
    return read_model(WEIGHTS)


def bare_values(
    talk: Sequence[Said],
    known: Values | None,
    is_open: Callable[[int, Candidate], bool],
) -> Iterator[Bare]:
    """Yield what a conversation's messages make private for each other.

    Texts are folded. `known` are the private values in it: the same value is private everywhere,
    and what is written alike may be. Whoever takes what is yielded for one adds it to them before
    asking for the next. With None no value tells of another. `is_open` says whether it is asked at
    all what a candidate of the message of a place is.
    """
    if len(talk) < _FEWEST:
        return
    values, telling = known or Values(), known is not None
    every = ((at, each) for at, said in enumerate(talk) for each in bare(said.text))
    left = {(at, each): hinted(talk, at) for at, each in every if is_open(at, each)}
    # What was found tells of the others, which are asked again.
    for _ in range(_ROUNDS if telling else 1):
        asked = [
            (at, found)
            for (at, found), is_hinted in left.items()
            if is_hinted or values.alike(at, talk[at].text, found)
        ]
        weighed = [(*each, _weighed(talk, values, *each)) for each in asked]
        likely = [(at, found, told) for at, found, told in weighed if told is not None]
        if not likely:
            break
        for at, found, each in likely:
            del left[at, found]
            yield each
    for at, found in left if telling else ():
        value = talk[at].text[found.start : found.end]
        kind = values.kinds.get(value)
        if kind in ENTITIES and len(value) >= _SHORTEST_REPEAT:
            again = Told(kind, found.start, found.end, LEAST, RECOGNIZER, WHY_REPEATED)
            yield Bare(at, again, sure_of_kind=False)


def _weighed(talk: Sequence[Said], values: Values, at: int, found: Candidate) -> Bare | None:
    """Return what a candidate is, or None where it is hardly private."""
    odds = model().odds(features(talk, values, at, found))
    likely = sum(odds)
    if likely < LEAST:
        return None
    kind = odds.index(max(odds))
    words = _words(talk, at, found, kind)
    why = with_words(WHY_AROUND, words) if words else WHY_AROUND
    score = min(round(likely, 2), _MOST)
    told = Told(ENTITIES[kind], found.start, found.end, score, RECOGNIZER, why)
    return Bare(at, told, sure_of_kind=odds[kind] >= LEAST_OTHER)


def _words(talk: Sequence[Said], at: int, found: Candidate, kind: int) -> list[str]:
    """Return the words in the messages around that spoke most for a kind; all of the lexicon."""
    known = model().weights
    spoke: dict[str, int] = {}
    for said, names in names_beside(talk, at, found):
        weight = sum(known[f"|{name}"][kind] for name in names if f"|{name}" in known)
        spoke[said] = max(weight, spoke.get(said, 0))
    best = sorted(spoke, key=lambda said: -spoke[said])
    return [said for said in best[:_MOST_WORDS] if spoke[said] > 0 and said.strip(" :=")]
