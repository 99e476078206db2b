"""What is to be seen of a candidate for a phone or an account and beside it, as features."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.context import names_other_number
from curation.pii.recognizers.secret_features import make, with_both_sides
from curation.pii.recognizers.secret_windows import windows
from curation.pii.recognizers.secret_words import ENGLISH, LOOKS
from curation.pii.recognizers.wechat import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen

_GROUPS: Final = re.compile("[0-9]+")
_LETTERS: Final = re.compile("[a-z]+")
_SHORTEST_WORD: Final = 3
_REACH: Final = 4
_ROUND: Final = re.compile("[0-9]*000|[0-9]*(.)\\1{3}")


def features(text: str, found: Candidate) -> Seen:
    """Return the features of a candidate in a folded text."""
    shape, told = look(text, found)
    return with_both_sides(told, *windows(text, found), found.kind, shape)


def look(text: str, found: Candidate) -> tuple[str, list[str]]:
    """Return how a candidate is made, in few classes, and what is to be seen of it alone."""
    value = text[found.start : found.end]
    kind = found.kind
    if kind == "id":
        shape = "id"
        told = [f"k{kind}", *make(value, "mixed"), *_words(value)]
        if NOT_GIVEN.search(text, max(0, found.start - _REACH), found.start):
            told.append("vnot")
        if names_other_number(text, found.start):
            told.append("vother")
    else:
        groups = _GROUPS.findall(value)
        shape = f"d{sum(map(len, groups))}"
        first = groups[0]
        told = [f"k{kind}", f"s{shape}{'/' * (len(groups) > 1)}"]
        told.append(f"g{'-'.join([str(len(group)) for group in groups])}")
        for size in (1, 2, 3):
            told += (f"f{first[:size]}/{shape}", f"f{first[:size]}")
        told.append(f"p{'(' * ('(' in value)}{'-' * ('-' in value)}{'.' * ('.' in value)}")
        if _ROUND.fullmatch(value):
            told.append("vround")
    return shape, told


def _words(value: str) -> Iterator[str]:
    """Yield what the words are of which a name of letters is made."""
    runs = _LETTERS.findall(value.lower())
    spelled = sum(LOOKS["pinyin"].fullmatch(run) is not None for run in runs)
    english = sum(len(run) >= _SHORTEST_WORD and run in ENGLISH for run in runs)
    yield f"wpinyin{min(spelled, 2)}"
    yield f"wenglish{min(english, 2)}"
    yield f"wruns{min(len(runs), 3)}"
    if spelled and spelled == len(runs):
        yield "wspelled"
