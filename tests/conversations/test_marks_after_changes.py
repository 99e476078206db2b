"""After any changes, new marks and those that stay are together those of a whole search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curation.conversations import Fingerprints, changed_marks, fingerprints, near_duplicates
from tests.conversations.test_duplicates import OTHER_TALK, TALK, lines
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAYINGS = [*TALK.split("\n"), *OTHER_TALK.split("\n")]

_Step = dict[int, str | None]
"""What becomes of some texts: a new or changed text, None for one that goes."""


class Kept:
    """Texts, their fingerprints and marks, as a workspace keeps them from search to search."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.prints: dict[int, Fingerprints] = {}
        self.marks: dict[int, tuple[int, float]] = {}
        self.read: list[int] = []

    def change(self, step: _Step) -> None:
        former = joined([self.prints.pop(number) for number in step if number in self.prints])
        for number, text in step.items():
            if text is None:
                self.texts.pop(number, None)
            else:
                self.texts[number] = text
                self.prints[number] = fingerprints({number: text})
        here = joined([self.prints[number] for number in sorted(self.prints)])
        changed = [number for number, text in step.items() if text is not None]
        found = changed_marks(here, self.marks, changed, self._read, former=former)
        kept = {
            number: mark
            for number, mark in self.marks.items()
            if number in self.texts and number not in found
        }
        self.marks = kept | {number: mark for number, mark in found.items() if mark is not None}

    def _read(self, numbers: Sequence[int]) -> dict[int, str]:
        self.read += numbers
        return {number: self.texts[number] for number in numbers}


def joined(prints: Sequence[Fingerprints]) -> Fingerprints:
    if not prints:
        return Fingerprints.none()
    return Fingerprints(
        *(
            np.concatenate([getattr(each, name) for each in prints])
            for name in ("ids", "runs", "digests", "keys")
        )
    )


_WORDS = [f"第{number}句话是{chr(0x4E00 + 7 * number)}" for number in range(60)]
_SHORT = "".join(_WORDS[:4])
"""A text that is marked as a copy, but not as like another one."""


def link(step: int) -> str:
    return "\n".join(_WORDS[4 * step : 4 * step + 25])


_TEXT = st.one_of(
    # A chain: each is like its neighbours, and they are not like each other.
    st.integers(0, 6).map(link),
    st.just(_SHORT),
    st.lists(st.sampled_from(_SAYINGS), max_size=12).map("\n".join),
    st.sets(st.integers(0, 9), max_size=3).map(lambda drop: lines(TALK, *drop)),
    st.sets(st.integers(0, 7), max_size=2).map(lambda drop: lines(OTHER_TALK, *drop)),
)
_STEPS = st.lists(
    st.dictionaries(st.integers(1, 14), st.one_of(st.none(), _TEXT), max_size=5),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=examples(200))
@example(steps=[{n: link(n) for n in range(7)}, {0: None}], most=20, crowd=128, long=50_000).via(
    "one mark after another"
)
@example(steps=[{1: _SHORT, 2: _SHORT, 3: _SHORT}, {1: TALK}], most=20, crowd=128, long=50_000).via(
    "a changed original"
)
@example(steps=[{1: _SHORT, 2: _SHORT}, {1: None}], most=20, crowd=128, long=50_000).via(
    "a lost original"
)
@example(steps=[{2: _SHORT, 3: _SHORT}, {1: _SHORT}], most=20, crowd=128, long=50_000).via(
    "an earlier original"
)
@given(
    steps=_STEPS,
    most=st.sampled_from([2, 20]),
    crowd=st.sampled_from([2, 128]),
    long=st.sampled_from([90, 50_000]),
)
def test_changes_give_what_a_search_through_everything_gives(
    steps: list[_Step], most: int, crowd: int, long: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("curation.conversations.duplicates._MOST_COMPARED", most)
        patch.setattr("curation.conversations.duplicates._CROWD", crowd)
        patch.setattr("curation.conversations.duplicates._LONG", long)
        kept = Kept()
        for step in steps:
            kept.change(step)
            whole = near_duplicates(dict(sorted(kept.texts.items())))
            assert kept.marks == whole


def test_only_what_resembles_the_new_is_read() -> None:
    kept = Kept()
    far = {number: f"{number}号 {chr(0x4E00 + 61 * number)}" * 30 for number in range(3, 60)}
    kept.change({1: TALK, 2: OTHER_TALK, **far})
    kept.read.clear()
    kept.change({99: lines(TALK, 9)})
    assert kept.marks[99][0] == 1
    assert set(kept.read) == {1, 99}


def test_earlier_texts_are_not_looked_at_again() -> None:
    kept = Kept()
    kept.change({number: f"{TALK}\n{chr(0x4E00 + number)}" for number in range(1, 40)})
    kept.read.clear()
    kept.change({50: TALK})
    assert kept.marks[50][0] == 1
    assert set(kept.read) == {1, 50}


def test_a_mark_moves_on_when_the_text_it_names_goes() -> None:
    kept = Kept()
    kept.change({1: TALK, 2: lines(TALK, 9), 3: TALK, 4: OTHER_TALK})
    assert {number: mark[0] for number, mark in kept.marks.items()} == {2: 1, 3: 1}
    kept.change({1: None})
    assert {number: mark[0] for number, mark in kept.marks.items()} == {3: 2}
    kept.change({2: None})
    assert kept.marks == {}
