"""What is to be seen of a candidate for a phone or an account and beside it, as features."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.secret_features import (
    beside,
    make,
    windows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.pii.recognizers.secret_candidates import Candidate

_GROUPS: Final = re.compile("[0-9]+")
_MOST_DIGITS: Final = 12
_ROUND: Final = re.compile("[0-9]*000|[0-9]*(.)\\1{3}")


def features(text: str, found: Candidate) -> Iterator[str]:
    """Yield the features of a candidate in a folded text, each a short string; some twice."""
    value = text[found.start : found.end]
    left, right = windows(text, found)
    yield f"k{found.kind}"
    if found.kind == "id":
        shape = "id"
        yield from make(value, "mixed")
    else:
        groups = _GROUPS.findall(value)
        shape = f"d{sum(map(len, groups))}"
        first = groups[0]
        yield f"s{shape}{'/' * (len(groups) > 1)}"
        yield f"g{'-'.join(str(len(group)) for group in groups)}"
        for size in (1, 2, 3):
            yield f"f{first[:size]}/{shape}"
            yield f"f{first[:size]}"
        yield f"p{'(' * ('(' in value)}{'-' * ('-' in value)}{'.' * ('.' in value)}"
        if _ROUND.fullmatch(value):
            yield "vround"
    yield from beside(left, right, found.kind, shape)
