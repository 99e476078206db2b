from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.errors import BadFileError
from curation.ui.uploads import chosen_paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(str, id="as it is"),
        pytest.param(lambda folder: f"  {folder}/  ", id="blanks and a slash around it"),
        pytest.param(lambda folder: f'"{folder}"', id="as Windows copies it"),
        pytest.param(lambda folder: f"'{folder}'", id="single quotes, one more inside"),
        pytest.param(lambda folder: f"“{folder}”", id="full-width quotes"),
        pytest.param(lambda folder: f"「{folder}」", id="corner brackets"),
        pytest.param(lambda folder: folder.as_uri(), id="an address"),
        pytest.param(lambda folder: f"~/{folder.name}", id="in the home folder"),
    ],
)
def test_a_pasted_path_is_understood(
    typed: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    folder = tmp_path / "my 聊天 'old'"
    folder.mkdir()
    (folder / "a.csv").write_text("x", encoding="utf-8")

    assert [file.name for file in chosen_paths(typed(folder))] == ["a.csv"]


@pytest.mark.parametrize("typed", ["*" * 5000, "\0", "''", "file://", "nowhere", '"'])
def test_a_path_that_leads_nowhere_is_one_clear_error(typed: str) -> None:
    with pytest.raises(BadFileError):
        chosen_paths(typed)
