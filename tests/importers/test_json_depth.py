"""JSON that is nested too deeply is refused before it is parsed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import BadFileError
from curation.importers import document
from curation.importers.document import check_depth

LEAVES = st.one_of(st.none(), st.integers(), st.text(st.sampled_from('[]{}"\\\\/n,é')))
VALUES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner))
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def is_refused(raw: bytes, limit: int) -> bool:
    try:
        check_depth(Path("x.json"), raw, limit)
    except BadFileError:
        return True
    return False


@given(value=VALUES, plain=st.booleans(), chunk=st.integers(1, 40))
def test_the_depth_is_that_of_the_brackets_outside_strings(
    *, value: object, plain: bool, chunk: int
) -> None:
    raw = json.dumps(value, ensure_ascii=plain).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_DEPTH_CHUNK", chunk)  # strings and escapes across borders
        assert not is_refused(raw, depth(value))
        assert depth(value) == 0 or is_refused(raw, depth(value) - 1)


def test_the_limit_is_named() -> None:
    with pytest.raises(BadFileError, match="nested deeper than 3 levels"):
        check_depth(Path("x.json"), b"[[[[", 3)
