"""An archive is read where a file is read."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.command_line.test_commands import assert_one_sentence, run

if TYPE_CHECKING:
    from pathlib import Path

CHATS = {
    "WhatsApp Chat with 林小满.txt": "13/05/2024, 15:05 - 林小满: 在吗\n"
    "13/05/2024, 15:06 - 阿橙: 在\n",
    "小王.csv": "消息ID,类型,发送人,时间,内容\n"
    "7,文本,小王,2024-05-14 20:00:00,晚上吃啥\n8,文本,阿橙,2024-05-14 20:00:09,面\n",
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "聊天.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number, (name, content) in enumerate(CHATS.items()):
            made.writestr(f"{number}/{name}", content)
        made.writestr("notes.json", '{"a": 1}')
    return path


def test_inspect_shows_every_chat_of_an_archive(archive: Path) -> None:
    code, out, err = run("inspect", archive, "--jsonl")
    assert code == 0
    assert [json.loads(line)["text"] for line in out.splitlines()] == [
        *("在吗", "在", "晚上吃啥", "面")
    ]
    assert "left out: notes.json" in err
    code, out, _err = run("inspect", archive)
    assert code == 0
    assert [name for name in CHATS if name in out] == list(CHATS)


def test_build_takes_every_chat_of_an_archive(archive: Path, tmp_path: Path) -> None:
    code, _out, err = run("build", archive, "--me", "阿橙", "--out", tmp_path / "out")
    assert code == 0, err
    records = json.loads((tmp_path / "out" / "sharegpt.json").read_text(encoding="utf-8"))
    assert sorted(record["conversations"][0]["value"] for record in records) == ["在吗", "晚上吃啥"]


def test_an_archive_without_a_chat_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("notes.json", '{"a": 1}')
    assert_one_sentence(*run("inspect", path))
    assert_one_sentence(*run("build", path, "--out", tmp_path / "out"))
    assert not (tmp_path / "out").exists()
