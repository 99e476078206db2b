"""What stands in any of many texts."""

from __future__ import annotations

import pytest

from curation.pii.substrings import Substrings

TEXTS = ("云溪路", "青石里", "13812345678")


@pytest.mark.parametrize("size", [1, 2, 7])
@pytest.mark.parametrize(
    ("piece", "stands"),
    [
        ("", True),
        ("云", True),
        ("溪路", True),
        ("青石里", True),
        ("1381234", True),
        ("3812345678", True),
        ("云路", False),
        ("路青", False),
        ("云溪路青石里", False),
        ("12345612", False),
        ("123456781234567", False),
        ("138123456789", False),
        ("云溪石里", False),
        ("雪", False),
    ],
)
def test_a_piece_is_found_as_it_is_in_the_texts_themselves(
    piece: str, size: int, *, stands: bool
) -> None:
    assert (piece in Substrings(TEXTS, size)) == stands
    assert stands == any(piece in text for text in TEXTS)
