"""Chats become a folder of Parquet, and a workspace is filled from one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from curation import workflow
from curation.__main__ import main
from curation.model import MESSAGE_COLUMNS
from curation.workflow import parquet_folders
from curation.workflow.parquet_folders import convert_to_parquet, fill_workspace

if TYPE_CHECKING:
    from pathlib import Path

ME = "小满"


def chat(folder: Path, partner: str, lines: int, first: int) -> Path:
    path = folder / f"{partner}.csv"
    rows = [
        f"{7 * 10**18 + first + each},文本,{(partner, ME)[each % 2]},"
        f"2024-05-{1 + each // 40:02} 20:{each % 40:02}:00,给{partner}的第{each}句"
        for each in range(lines)
    ]
    path.write_text("\n".join(["消息ID,类型,发送人,时间,内容", *rows]), "utf-8")
    return path


@pytest.fixture
def chats(tmp_path: Path) -> list[Path]:
    return [
        chat(tmp_path, partner, lines, 1_000 * lines)
        for partner, lines in (("阿橙", 50), ("老陈", 120), ("林哥", 30), ("小夏", 10))
    ]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUWO_WORKSPACE", str(tmp_path / "workspace.db"))
    return tmp_path


def messages_of_workspace() -> int:
    workspace = workflow.open_workspace()
    try:
        return workflow.unscanned_count(workspace)
    finally:
        workspace.close()


def test_chats_go_into_a_folder_and_from_there_into_a_workspace(
    home: Path, chats: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out = home / "parts"
    assert main(["convert", *map(str, chats), str(out), "--parquet", "--me", ME]) == 0
    said = capsys.readouterr()
    assert said.out == f"210 messages: {out / 'part-00000.parquet'}\n"
    assert "unmasked" in said.err
    assert pq.read_schema(out / "part-00000.parquet").names == list(MESSAGE_COLUMNS)
    assert main(["import", str(out)]) == 0
    told = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (told["messages read"], told["messages added"]) == ("210", "210")
    assert int(told["conversations added"]) > 4
    assert main(["import", str(out)]) == 0
    assert "messages added                      0" in capsys.readouterr().out
    assert messages_of_workspace() == 210


def test_a_chat_is_parted_only_where_it_has_too_much(home: Path, chats: list[Path]) -> None:
    written = convert_to_parquet(chats, home / "parts", me=ME, rows=60)
    assert list(written.values()) == [50, 60, 60, 40]


def test_an_import_that_was_stopped_goes_on_where_it_was(
    home: Path, chats: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    convert_to_parquet(chats, home / "parts", me=ME, rows=60)
    monkeypatch.setattr(parquet_folders, "_BYTES_AT_ONCE", 1)
    workspace = workflow.open_workspace()
    seen = []

    def stop(stage: str, done: int, total: int) -> None:
        seen.append(stage)
        if seen.count("duplicates") > 4 and stage == "split" and done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_workspace(workspace, [home / "parts"], progress=stop)
    before = workflow.unscanned_count(workspace)
    assert 0 < before < 210
    counts = fill_workspace(workspace, [home / "parts"])
    workspace.close()
    assert (counts["messages"], counts["added"]) == (210, 210 - before)
    assert messages_of_workspace() == 210


def test_parquet_that_is_there_is_replaced_by_force_only(
    home: Path, chats: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    again = ["convert", str(chats[0]), str(home / "parts"), "--parquet"]
    assert main(again) == 0
    kept = (home / "parts" / "part-00000.parquet").read_bytes()
    assert main(again) == 1
    assert "there are Parquet files already" in capsys.readouterr().err
    assert main([*again, "--force"]) == 0
    assert (home / "parts" / "part-00000.parquet").read_bytes() == kept


def test_a_bad_file_in_the_folder_is_named(
    home: Path, chats: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    convert_to_parquet(chats, home / "parts", me=ME)
    whole = (home / "parts" / "part-00000.parquet").read_bytes()
    (home / "parts" / "part-00001.parquet").write_bytes(whole[:-9])
    assert main(["import", str(home / "parts")]) == 1
    said = capsys.readouterr().err
    assert said == "ruwo: part-00001.parquet: this Parquet file is broken or cut off\n"
