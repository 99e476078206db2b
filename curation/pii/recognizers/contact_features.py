"""What is to be seen of a candidate for a phone or an account and beside it, as features."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.secret_features import make, with_both_sides
from curation.pii.recognizers.secret_windows import windows

if TYPE_CHECKING:
    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen

_GROUPS: Final = re.compile("[0-9]+")
_ROUND: Final = re.compile("[0-9]*000|[0-9]*(.)\\1{3}")


def features(text: str, found: Candidate) -> Seen:
    """Return the features of a candidate in a folded text."""
    value = text[found.start : found.end]
    kind = found.kind
    if kind == "id":
        shape = "id"
        told = [f"k{kind}", *make(value, "mixed")]
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
    return with_both_sides(told, *windows(text, found), kind, shape)
