"""Where conversations are cut that are too long for one record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.exporters import PieceRules, pieces

LENGTHS = st.lists(st.integers(1, 30), max_size=25)


@pytest.mark.parametrize(
    ("lengths", "rules", "expected"),
    [
        pytest.param([], PieceRules(), [], id="nothing"),
        pytest.param([5, 5], PieceRules(), [(0, 2)], id="no limit"),
        pytest.param([5, 5], PieceRules(length=10), [(0, 2)], id="just fits"),
        pytest.param([5, 5], PieceRules(length=9), [(0, 1), (1, 2)], id="one more than fits"),
        pytest.param([1] * 6, PieceRules(length=5), [(0, 3), (3, 6)], id="equal halves"),
        pytest.param([1] * 7, PieceRules(pairs=3), [(0, 3), (3, 6), (6, 7)], id="by number"),
        pytest.param([1] * 4, PieceRules(pairs=3), [(0, 2), (2, 4)], id="equal numbers"),
        pytest.param([9], PieceRules(length=8), [], id="too long alone"),
        pytest.param([3, 9, 3, 3], PieceRules(length=8), [(0, 1), (2, 4)], id="too long between"),
        pytest.param(
            [1, 1, 1, 1],
            PieceRules(pairs=2, sliding=True),
            [(0, 1), (0, 2), (1, 3), (2, 4)],
            id="sliding",
        ),
        pytest.param(
            [4, 4, 1, 9, 1],
            PieceRules(length=5, pairs=3, sliding=True),
            [(0, 1), (1, 2), (1, 3), (4, 5)],
            id="sliding never over what is too long",
        ),
    ],
)
def test_a_conversation_is_cut(
    lengths: list[int], rules: PieceRules, expected: list[tuple[int, int]]
) -> None:
    assert list(pieces(lengths, rules)) == expected


@given(LENGTHS, st.integers(0, 40), st.integers(0, 6))
def test_every_pair_that_fits_is_in_one_piece_within_the_limits(
    lengths: list[int], limit: int, pairs: int
) -> None:
    found = pieces(lengths, PieceRules(limit, pairs))
    inside = [at for first, end in found for at in range(first, end)]
    assert inside == [at for at, length in enumerate(lengths) if not limit or length <= limit]
    for first, end in found:
        assert first < end
        assert not limit or sum(lengths[first:end]) <= limit
        assert not pairs or end - first <= pairs


@given(LENGTHS, st.integers(1, 40), st.integers(1, 6))
def test_there_are_no_more_pieces_than_needed(lengths: list[int], limit: int, pairs: int) -> None:
    found = pieces(lengths, PieceRules(limit, pairs))
    held, number, needed = limit + 1, 0, 0
    for length in lengths:
        if length > limit:
            held = limit + 1
        elif held + length > limit or number == pairs:
            held, number, needed = length, 1, needed + 1
        else:
            held, number = held + length, number + 1
    assert len(found) == needed


@given(LENGTHS, st.integers(0, 40), st.integers(1, 6))
def test_every_pair_that_fits_ends_one_window_behind_as_many_as_may_be(
    lengths: list[int], limit: int, pairs: int
) -> None:
    found = pieces(lengths, PieceRules(limit, pairs, sliding=True))
    ends = [end - 1 for _first, end in found]
    assert ends == [at for at, length in enumerate(lengths) if not limit or length <= limit]
    for first, end in found:
        assert first < end <= first + pairs
        assert not limit or sum(lengths[first:end]) <= limit
        longer = first and end - first < pairs
        assert not longer or (limit and sum(lengths[first - 1 : end]) > limit)
