"""The trained tagger: reads texts character by character and says which are names and addresses.

A linear-chain conditional random field, trained on the invented messages of this project only.
`data/tagger.md` is its card. Rules know the shapes that somebody wrote down; this knows what stood
around names and addresses in thousands of messages, and so finds what no rule names.
"""

from __future__ import annotations

import json
import re
import threading
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pycrfsuite

from curation.pii.latin_names import FIRST_NAMES, SURNAMES
from curation.pii.tagging_features import STAND_IN, features, read, shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL: Final = Path(__file__).parent / "data" / "tagger.crfsuite"
HINTS: Final = Path(__file__).parent / "data" / "tagger_hints.json"
_LONGEST: Final = 300
"""How many characters it reads at once; what is longer is cut, after a stop where there is one."""
_CUT: Final = re.compile("[。！？!?；;，, ]")
_LATIN_NAME: Final = re.compile(rf"(?=[A-Z])(?:{'|'.join((*FIRST_NAMES, *SURNAMES))})(?![a-z])")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_AROUND: Final = " ,，.。!！?？;；:：、~～…"
"""What is no part of a value at its ends."""
_ASKED: Final = 8192
_SHORT: Final = 100
"""Of how many lines it is remembered whether they hold enough hints, and how long these are."""
_KEPT: Final = 8192
"""Of how many lines the tags are kept: each entity's recognizer asks for them."""


class Tag(NamedTuple):
    """A half-open span that the tagger takes for an entity, and how sure it is (0 to 1)."""

    entity: str
    start: int
    end: int
    probability: float


def tags(text: str) -> list[Tag]:
    """Return what the tagger sees in a text, sorted by start; no tag overlaps another.

    It reads line by line, so a line gives the same wherever it stands.
    """
    found: list[Tag] = []
    for start, line in _lines(text):
        if may_tag(line):
            found += [
                Tag(each.entity, start + each.start, start + each.end, each.probability)
                for each in _kept(line)
            ]
    return found


def may_tag(line: str) -> bool:
    """Whether a line, folded or not, holds enough hints that the tagger is worth asking.

    A Latin word that is a name is enough, and so is the greatest sum of what neighbouring pairs of
    characters hint at.
    """
    return _may_tag_short(line) if len(line) <= _SHORT else _may_tag(line)


def _may_tag(line: str) -> bool:
    if _LATIN_NAME.search(line):
        return True
    hints = _hints()
    weights, usual, least = hints.pairs, hints.usual, hints.least
    shown = shapes(line)
    total = 0.0
    for one, other in pairwise(f"^{shown}$"):
        total += weights.get(one + other, usual)
        if total >= least:
            return True
        total = max(total, 0.0)
    return False


# Each of the recognizers asks about all texts of a batch, one recognizer after the other.
_may_tag_short = lru_cache(maxsize=_ASKED)(_may_tag)


class _Hints(NamedTuple):
    """What pairs of characters hint at, what all other pairs do, and how much is enough."""

    pairs: dict[str, float]
    usual: float
    least: float


@lru_cache(maxsize=1)
def _hints() -> _Hints:
    told = json.loads(HINTS.read_text(encoding="utf-8"))
    return _Hints(told["pairs"], told["usual"], told["least"])


@lru_cache(maxsize=_KEPT)
def _kept(line: str) -> tuple[Tag, ...]:
    piece = read(line)
    if not piece.text:
        return ()
    tagger = _tagger()
    # crfsuite takes UTF-8 only, which has no lone surrogates; no model knows any.
    read_as = tagger.tag(features(_LONE_SURROGATE.sub("\ufffd", piece.text)))
    # What is masked already ends a value; a tag over it could not be told from what it hides.
    named = [
        "O" if char == STAND_IN else label for char, label in zip(piece.text, read_as, strict=True)
    ]
    found = []
    for entity, start, end in spans(named):
        sure = min(tagger.marginal(named[at], at) for at in range(start, end))
        low, high = piece.places[start], piece.places[end]
        shown = line[low:high]
        low += len(shown) - len(shown.lstrip(_AROUND))
        high -= len(shown) - len(shown.rstrip(_AROUND))
        if low < high:
            found.append(Tag(entity, low, high, sure))
    return tuple(found)


def spans(named: list[str]) -> Iterator[tuple[str, int, int]]:
    """Yield entity, start and end of what labels `B-…`, `I-…` and `O` say."""
    entity, start = "", 0
    for at, label in enumerate([*named, "O"]):
        if entity and label != f"I-{entity}":
            yield entity, start, at
            entity = ""
        if label != "O" and not entity:
            entity, start = label[2:], at


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text, long ones in pieces, each with its place."""
    start = 0
    for line in text.split("\n"):
        low = 0
        while len(line) - low > _LONGEST:
            stops = [each.end() for each in _CUT.finditer(line, low + 1, low + _LONGEST)]
            high = stops[-1] if stops else low + _LONGEST
            yield start + low, line[low:high]
            low = high
        yield start + low, line[low:]
        start += len(line) + 1


_OPENED: Final = threading.local()


def _tagger() -> pycrfsuite.Tagger:
    """Return this thread's tagger: one keeps the text it was given, so threads share none."""
    tagger: pycrfsuite.Tagger | None = getattr(_OPENED, "tagger", None)
    if tagger is None:
        tagger = pycrfsuite.Tagger()
        tagger.open(str(MODEL))
        _OPENED.tagger = tagger
    return tagger
