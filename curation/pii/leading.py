"""With which characters the words of a pattern begin, so that other places are passed over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOOKS: Final = re.compile(r"\(\?<?[=!][^()]*\)")
_TOKEN: Final = re.compile(r"\(\?(?:<?[=!]|:)|\[[^\]]*\]|\\.", re.DOTALL)

_RANGE: Final = re.compile("(.)-(.)")


def ahead(begins: Iterable[str]) -> str:
    """Return the look ahead at one of these characters."""
    return f"(?=[{re.escape(''.join(sorted(begins)))}])"


def beginnings(pattern: str) -> set[str]:
    """Return the characters with which what a pattern matches may begin.

    It reads patterns as they are written here: words, classes and groups, nothing that may be left
    out at the beginning.
    """
    begins: set[str] = set()
    leading = [True]  # of each open group, whether words begin in it
    beginning = True
    place = 0
    while place < len(pattern):
        looks = _LOOKS.match(pattern, place) if beginning else None
        token = looks or _TOKEN.match(pattern, place)
        said = token[0] if token else pattern[place]
        place += len(said)
        if looks:
            continue
        if said == "|":
            beginning = leading[-1]
        elif said.startswith("("):
            leading.append(beginning)
        elif said == ")":
            leading.pop()
            beginning = False
        elif beginning:
            begins.update(_RANGE.sub(_spelled_out, said.strip("[]\\")))
            beginning = False
    return begins


def _spelled_out(found: re.Match[str]) -> str:
    first, last = map(ord, found.groups())
    return "".join(map(chr, range(first, last + 1)))
