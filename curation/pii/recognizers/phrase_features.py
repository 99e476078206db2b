"""What is to be seen of a phrase that may open something, as features that a model weighs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.recognizers.secret_features import with_both_sides
from curation.pii.recognizers.secret_windows import windows

if TYPE_CHECKING:
    from curation.pii.recognizers.secret_candidates import Candidate
    from curation.pii.recognizers.secret_windows import Seen

_MOST: Final = 12
_TALK: Final = re.compile(
    "忘|错|什么|多少|啥|不[对行是要能知记让会用好]|没|哪|怎|吗|谁|几|别|请|你|我|他|她|说|发|告诉|改|换|找|试"
)


def features(text: str, found: Candidate) -> Seen:
    """Return the features of a phrase in a folded text."""
    value = text[found.start : found.end].lower()
    kind = found.kind
    size = min(len(value), _MOST)
    shape = f"{kind}{min(size // 2, 4)}"
    told = [f"k{kind}", f"s{shape}", f"s{size}", f"<{value[0]}", f"<{value[:2]}", f">{value[-1]}"]
    told += [f">{value[-2:]}", *[f"c{char}" for char in value]]
    told += [f"d{value[at : at + 2]}" for at in range(len(value) - 1)]
    if any(map(str.isdigit, value)):
        told += ("vdigit", f"vdigit{kind}")
    if value.isascii():
        told.append("vascii")
    said = {match[0] for match in _TALK.finditer(value)}
    told += [f"t{min(len(said), 3)}", f"t{min(len(said), 3)}{kind}", *[f"t{each}" for each in said]]
    return with_both_sides(told, *windows(text, found), kind, shape)
