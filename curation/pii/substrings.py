"""Whether a text stands in any of very many, told without reading all of them each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Substrings:
    """What stands in any of `texts`; asked by `in`.

    A piece is looked for only where all its runs of `size` characters are known. With a `size` for
    which few pieces pass by chance, an answer takes no longer where there are more texts.
    """

    def __init__(self, texts: Iterable[str], size: int) -> None:
        self._whole = "\n".join(sorted(texts))
        self._size = size
        self._runs: dict[int, frozenset[str]] = {}

    def __contains__(self, piece: str) -> bool:
        """Whether the piece stands in one of the texts."""
        size = min(len(piece), self._size)
        if size not in self._runs:
            self._runs[size] = frozenset(_runs(self._whole, size))
        known = self._runs[size]
        return all(run in known for run in _runs(piece, size)) and piece in self._whole


def _runs(text: str, size: int) -> Iterable[str]:
    return (text[start : start + size] for start in range(len(text) - size + 1))
