"""A text file of head lines, each with the words of one message behind or below it.

A message may hold lines that look like a head: somebody pasted a piece of another chat. Such a
line is words unless it stands where a head can stand: behind a blank line where the format writes
one, and in the order of time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

_LONGEST_INSERT: Final = 10
"""A longer run of heads against the order of time is no pasted chat but another part of a file."""

_UNORDERED: Final = 0.05
"""With more heads out of order (and not just a few), the file has no order that tells anything."""

_JITTER: Final = 15 * 60
"""So many seconds two real messages may stand in the wrong order: clocks and servers differ."""

_WEIGHTS: Final = (1, 60, 3_600, 86_400, 31 * 86_400, 372 * 86_400)
"""Seconds in a second, a minute, an hour, a day, a month, a year: enough to tell near from far."""

_MINIMUM_SPACED: Final = 0.5
"""At least so many heads stand behind a blank line where the format writes one."""


class Block(NamedTuple):
    """One message: the line of its head (from 1), the head, and the text below it."""

    line: int
    head: re.Match[str]
    below: str


def plain_lines(text: str) -> str:
    """Return `text` with line ends of one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def first_line(text: str) -> str:
    """Return the first line of `text` that is not blank, without outer blanks."""
    return text.lstrip("\ufeff \t\r\n\u3000").partition("\n")[0].strip()


def blocks(
    text: str,
    head: re.Pattern[str],
    time: Callable[[re.Match[str]], str] = lambda match: match["time"],
    *,
    spaced: bool = False,
) -> list[Block]:
    """Return the messages of `text`, whose lines end with a newline; what precedes them is left.

    `head` matches whole lines in multi-line mode. `time` gives a head's time in a form that sorts
    like the time itself and ends with the seconds. `spaced` formats write a blank line before
    every head.
    """
    heads = list(head.finditer(text))
    if spaced:
        apart = [match for match in heads if _is_behind_blank(text, match.start())]
        if len(apart) >= _MINIMUM_SPACED * len(heads):  # else an editor took the blank lines out
            heads = apart
    inserted = out_of_order([time(match) for match in heads])
    if inserted:
        heads = [match for number, match in enumerate(heads) if number not in inserted]
    found = []
    line, counted = 1, 0
    ends = [match.start() for match in heads[1:]] + [len(text)]
    for match, end in zip(heads, ends, strict=False):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        found.append(Block(line, match, without_blank_end(text[match.end() + 1 : end])))
    return found


def stand_apart(text: str, head: re.Pattern[str]) -> bool:
    """Return whether most heads but the first stand behind a blank line."""
    heads = [_is_behind_blank(text, match.start()) for match in head.finditer(text)][1:]
    return sum(heads) >= _MINIMUM_SPACED * len(heads)


def _is_behind_blank(text: str, start: int) -> bool:
    before = text.rfind("\n", 0, start - 1) + 1 if start > 1 else 0
    return start == 0 or not text[before:start].strip()


def without_blank_end(text: str) -> str:
    """Return `text` without the blank lines at its end; blanks behind its last word stay."""
    end = text.find("\n", len(text.rstrip()))
    return text if end < 0 else text[:end]


def out_of_order(times: Sequence[str]) -> frozenset[int]:
    """Return the places (from 0) of those `times` that interrupt an otherwise ordered list.

    The list may rise or fall. Only short runs with ordered times on both sides count, so that two
    files in one, or a file without order, lose nothing.
    """
    if all(first <= second for first, second in pairwise(times)):
        return frozenset()
    falls = sum(first > second for first, second in pairwise(times))
    rises = sum(first < second for first, second in pairwise(times))
    if falls > rises:
        last = len(times) - 1
        return frozenset(last - place for place in _interruptions(times[::-1]))
    return frozenset(_interruptions(times))


def _interruptions(times: Sequence[str]) -> set[int]:
    ordered = _longest_rise(times)
    outside = [place for place in range(len(times)) if place not in ordered]
    if len(outside) > max(_LONGEST_INSERT, _UNORDERED * len(times)):
        return set()
    runs: list[list[int]] = []
    for place in outside:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    last = len(times) - 1
    return {
        place
        for run in runs
        if len(run) <= _LONGEST_INSERT
        and run[-1] != last
        and run[0] != 0
        and max(_distance(times, place, run) for place in run) > _JITTER
        for place in run
    }


def _distance(times: Sequence[str], place: int, run: list[int]) -> int:
    """Return how many seconds a time lies outside of the ordered times on both sides of its run."""
    time = _moment(times[place])
    before, behind = _moment(times[run[0] - 1]), _moment(times[run[-1] + 1])
    return max(before - time, time - behind)


def _moment(time: str) -> int:
    numbers = reversed(re.findall(r"\d+", time))
    return sum(int(number) * weight for number, weight in zip(numbers, _WEIGHTS, strict=False))


def _longest_rise(times: Sequence[str]) -> set[int]:
    """Return the places of a longest subsequence that starts with the first and never falls."""
    tails: list[str] = []
    places: list[int] = []
    previous = [-1] * len(times)
    for place, time in enumerate(times):
        if time < times[0]:
            continue
        length = bisect_right(tails, time)
        previous[place] = places[length - 1] if length else -1
        if length == len(tails):
            tails.append(time)
            places.append(place)
        else:
            tails[length], places[length] = time, place
    chain = set()
    place = places[-1]
    while place >= 0:
        chain.add(place)
        place = previous[place]
    return chain


def speakers(names: Iterable[str]) -> Collection[str]:
    """Return the different names that are not blank, in the order in which they come."""
    return dict.fromkeys(name for name in names if name.strip()).keys()
