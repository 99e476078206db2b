"""Spans of a text of which none overlaps another, and which of them a further one overlaps."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Span(Protocol):
    """What lies from `start` up to `end`."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends; it does not lie there any more."""


S = TypeVar("S", bound=Span)


class Spans(Generic[S]):
    """Spans in the order of their starts, of which none overlaps another."""

    def __init__(self, spans: Iterable[S] = ()) -> None:
        self._spans = sorted(spans, key=_start)
        self._starts = [each.start for each in self._spans]

    def __iter__(self) -> Iterator[S]:
        """Yield all, by their starts."""
        return iter(self._spans)

    def add(self, span: S) -> None:
        """Take in one that overlaps none of the others."""
        at = bisect_left(self._starts, span.start)
        self._spans.insert(at, span)
        self._starts.insert(at, span.start)

    def remove(self, span: S) -> None:
        """Let go of one of them."""
        at = self._spans.index(span)
        del self._spans[at], self._starts[at]

    def touching(self, start: int, end: int) -> list[S]:
        """Return what overlaps the span from `start` to `end`, by their starts."""
        last = first = bisect_left(self._starts, end)
        while first and self._spans[first - 1].end > start:
            first -= 1
        return self._spans[first:last]


def _start(span: Span) -> int:
    return span.start
