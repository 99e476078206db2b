from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from curation.errors import BadFileError
from curation.ui.uploads import Chosen, chosen_paths, chosen_uploads, members, on_disk

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

    (chosen,) = chosen_paths(typed(folder))
    assert (chosen.name, chosen.size) == (folder.name, 1)


@pytest.mark.parametrize("typed", ["*" * 5000, "\0", "''", "file://", "nowhere", '"'])
def test_a_path_that_leads_nowhere_is_one_clear_error(typed: str) -> None:
    with pytest.raises(BadFileError):
        chosen_paths(typed)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param("阿橙.csv", "阿橙.csv", id="a usual one"),
        pytest.param("../../etc/passwd", "passwd", id="a way out"),
        pytest.param("..\\..\\x.csv", "x.csv", id="a way out of Windows"),
        pytest.param("/etc/x.csv", "x.csv", id="from the root"),
        pytest.param("..", "_", id="the folder above"),
        pytest.param("", "_", id="none"),
        pytest.param("a\0b.csv", "a_b.csv", id="a zero character"),
        pytest.param("a:b.csv", "a_b.csv", id="a stream of a file"),
        pytest.param("CON.csv", "_CON.csv", id="a device"),
        pytest.param("长" * 2000 + ".csv", "长" * 66 + ".csv", id="without an end"),
        pytest.param("\u202evsc.exe", "\u202evsc.exe", id="turned round"),
    ],
)
def test_an_upload_lies_in_its_own_folder_whatever_its_name_is(sent: str, kept: str) -> None:
    record = UploadedFileRec(file_id="1", name=sent, type="text/csv", data=b"who,what")
    chosen = chosen_uploads([UploadedFile(record, FileURLs())])
    with on_disk(chosen) as paths:
        (path,) = paths.values()
        assert path.read_bytes() == b"who,what"
        assert path.name == kept
        assert path.resolve() == path.absolute()
        folder = path.parent.parent
        assert folder.name.startswith("ruwo-")
    assert not folder.exists()


def test_a_folder_is_another_choice_as_soon_as_a_file_in_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    (before,) = chosen_paths(str(tmp_path))
    (again,) = chosen_paths(str(tmp_path))
    (tmp_path / "b.csv").write_text("yy", encoding="utf-8")
    (after,) = chosen_paths(str(tmp_path))

    assert before == again
    assert before.key != after.key
    assert (before.size, after.size) == (1, 3)


def test_files_of_a_folder_are_named_below_the_folder_they_share(tmp_path: Path) -> None:
    chosen = Chosen("k", "导出", path=tmp_path)
    paths = [tmp_path / "a" / "阿橙" / "1.csv", tmp_path / "a" / "妈妈" / "1.csv"]

    found = members(chosen, paths)

    assert [member.name for member in found] == ["阿橙/1.csv", "妈妈/1.csv"]
    assert len({member.key for member in found}) == 2
    assert all(member.several for member in found)


def test_a_single_file_is_its_own_only_member(tmp_path: Path) -> None:
    chosen = Chosen("k", "a.csv", path=tmp_path / "a.csv")
    (member,) = members(chosen, [tmp_path / "a.csv"])
    assert (member.key, member.name, member.several) == ("k", "a.csv", False)


def test_an_archive_with_one_file_is_shown_by_that_file(tmp_path: Path) -> None:
    chosen = Chosen("k", "all.zip", path=tmp_path / "all.zip")
    (member,) = members(chosen, [tmp_path / "x" / "阿橙.csv"])
    assert (member.name, member.several) == ("阿橙.csv", True)
