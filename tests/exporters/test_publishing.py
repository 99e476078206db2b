"""The files of an export appear together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.errors import BadFileError
from curation.exporters import staged_folder


class StoppedError(Exception):
    pass


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def stage(out: Path, *names: str, stop: bool = False) -> None:
    with staged_folder(out) as staging:
        for name in names:
            (staging / name).write_text("new", encoding="utf-8")
        if stop:
            raise StoppedError


def test_files_appear_when_the_block_is_left(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with staged_folder(out) as staging:
        (staging / "one").write_text("1", encoding="utf-8")
        assert not (out / "one").exists()
    assert contents(out) == {"one": "1"}


def test_older_files_are_replaced_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old", encoding="utf-8")
    (tmp_path / "other").write_text("mine", encoding="utf-8")
    with staged_folder(tmp_path) as staging:
        (staging / "one").write_text("new", encoding="utf-8")
    assert contents(tmp_path) == {"one": "new", "other": "mine"}


def test_a_failure_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old", encoding="utf-8")
    with pytest.raises(StoppedError):
        stage(tmp_path, "one", stop=True)
    assert contents(tmp_path) == {"one": "old"}


def test_a_failure_takes_away_the_folders_it_made(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        stage(tmp_path / "a" / "b", stop=True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_moved_brings_the_others_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old a", encoding="utf-8")
    (tmp_path / "b").write_text("old b", encoding="utf-8")
    (tmp_path / "c").write_text("old c", encoding="utf-8")
    real = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if self.name == "b":
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "replace", refusing)
        with pytest.raises(BadFileError, match="Permission denied"):
            stage(tmp_path, "a", "b", "c")
    assert contents(tmp_path) == {"a": "old a", "b": "old b", "c": "old c"}


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(BadFileError, match="out: this is a file, not a folder"):
        stage(tmp_path / "out", "one")
    with pytest.raises(BadFileError, match="below: cannot be written"):
        stage(tmp_path / "out" / "below", "one")


def test_a_folder_in_place_of_a_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "b" / "mine").mkdir(parents=True)
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with pytest.raises(BadFileError, match="Is a directory"):
        stage(tmp_path, "a", "b")
    assert (tmp_path / "b" / "mine").exists()
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def stage_below(out: Path, *names: str) -> None:
    with staged_folder(out) as staging:
        for name in names:
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_text("new", encoding="utf-8")


def test_files_in_folders_are_replaced_one_by_one(tmp_path: Path) -> None:
    stage_below(tmp_path, "a/b/one", "two")
    (tmp_path / "a" / "b" / "one").write_text("old", encoding="utf-8")
    (tmp_path / "a" / "mine").write_text("mine", encoding="utf-8")
    stage_below(tmp_path, "a/b/one", "a/three")
    assert tree(tmp_path) == {"a/b/one": "new", "two": "new", "a/mine": "mine", "a/three": "new"}


def test_a_folder_that_cannot_be_made_takes_back_what_was_moved(tmp_path: Path) -> None:
    (tmp_path / "z").write_text("a file", encoding="utf-8")
    (tmp_path / "b").write_text("old", encoding="utf-8")
    with pytest.raises(BadFileError, match="cannot be written"):
        stage_below(tmp_path, "a/one", "b", "z/two")
    assert tree(tmp_path) == {"b": "old", "z": "a file"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "z"]


def test_outdated_files_go_with_the_new_ones_but_none_over_a_link(tmp_path: Path) -> None:
    out, outside = tmp_path / "out", tmp_path / "outside"
    for folder in (out / "folder", outside):
        folder.mkdir(parents=True)
        (folder / "old").write_text("old", encoding="utf-8")
    (out / "kept").write_text("old", encoding="utf-8")
    (out / "linked").symlink_to(outside)
    (out / "link").symlink_to(outside / "old")
    with staged_folder(out, ["folder/old", "kept", "linked/old", "link", "../outside/old"]) as new:
        (new / "kept").write_text("new", encoding="utf-8")
        assert (out / "folder" / "old").exists()
    assert {each.name for each in out.iterdir()} == {"kept", "linked", "link"}
    assert (out / "kept").read_text(encoding="utf-8") == "new"
    assert contents(outside) == {"old": "old"}


def test_an_outdated_file_that_cannot_go_brings_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(f"old {name}", encoding="utf-8")
    real = Path.replace

    def refusing(path: Path, target: Path) -> Path:
        if path == tmp_path / "c":
            raise PermissionError(13, "refused")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(BadFileError), staged_folder(tmp_path, ["b", "c"]) as staging:
        (staging / "a").write_text("new", encoding="utf-8")
    assert contents(tmp_path) == {name: f"old {name}" for name in ("a", "b", "c")}
