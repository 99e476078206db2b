"""A workspace on disk, and MemoTrace files to import into it."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from tests.conftest import Databases, on_both
from tests.examples import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    WriteChat = Callable[..., Path]
    Line = tuple[float, str, str]  # minute, sender, text


OF_SEVERAL = frozenset({"test_bulk_splitting", "test_hidden_from_reviewers", "test_leased_review"})
"""What is about several people or tabs at once, who share a database on a server most of all."""
ON_BOTH = OF_SEVERAL | {
    *("test_bulk_actions", "test_chats", "test_deciding", "test_importing", "test_journals"),
    *("test_marking_duplicates", "test_overlap", "test_overview_at_a_glance", "test_pace"),
    *("test_resplitting", "test_reviewing", "test_searching_again", "test_several_personas"),
    *("test_trash", "test_versions"),
}
"""What asks most of the database: with `RUWO_EXAMPLES` all of it is tested on both.

Without it, the tests marked `on_both` are: together with those of the store room and those about
several people, once all of these had their turn, they ask PostgreSQL every statement, whatever its
values, that all of these do.
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.module.__name__.rpartition(".")[2]
    marked = metafunc.definition.get_closest_marker("on_both") is not None
    if marked or module in (ON_BOTH if EVERYTHING else OF_SEVERAL):
        on_both(metafunc)


@pytest.fixture(autouse=True)
def _in_a_database(databases: Databases) -> None:
    """Let the workspaces of each test be in the database that it runs with."""


HEADER = ("消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息")
EPOCH = datetime(1970, 1, 1, 8)  # noqa: DTZ001  (in Shanghai, as START)
NAMES = ("小满", "阿橙", "老陈", "林哥")
START = datetime(2024, 5, 1, 20)  # noqa: DTZ001  (wall-clock time has no zone)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[workflow.Workspace]:
    opened = workflow.open_workspace(tmp_path / "workspace.db")
    yield opened
    opened.close()


@pytest.fixture
def write_chat(tmp_path: Path) -> WriteChat:
    """Write lines `(minute, sender, text)` as a MemoTrace v3 CSV; ids count from `first_id`."""

    def write(
        lines: list[tuple[float, str, str]], name: str = "阿橙", first_id: int | None = 1
    ) -> Path:
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for number, (minute, sender, text) in enumerate(lines):
                key = "" if first_id is None else str(7 * 10**18 + first_id + number)
                moment = START + timedelta(minutes=minute)
                row = (key, "文本", sender, f"{moment:%Y-%m-%d %H:%M:%S}", text, sender, sender)
                writer.writerow((*row, "more"))
        return path

    return write


@pytest.fixture
def write_chatlab(tmp_path: Path) -> WriteChat:
    """Write lines as another tool does: ChatLab JSON, with ids, keys and a name of its own.

    `keys` maps a sender's name to the key; `owner` is who is me. `account` names the partner, or
    the group where `group` says so.
    """

    def write(
        lines: list[Line],
        name: str = "wxid_cheng",
        *,
        owner: str | None = "小满",
        first_id: int | None = 500,
        group: bool = False,
        account: str = "",
    ) -> Path:
        keys = {sender: f"wxid_{number:06}" for number, sender in enumerate(NAMES)}
        meta: dict[str, object] = {"name": name, "platform": "wechat"}
        meta["type"] = "group" if group else "private"
        if group and account:
            meta["groupId"] = account
        if owner is not None:
            meta["ownerId"] = keys[owner]
        messages = [
            {
                "sender": keys[sender],
                "accountName": sender,
                "timestamp": int((START + timedelta(minutes=minute) - EPOCH).total_seconds()),
                "type": 0,
                "content": text,
            }
            | ({} if first_id is None else {"platformMessageId": str(first_id + number)})
            for number, (minute, sender, text) in enumerate(lines)
        ]
        content = {
            "chatlab": {"version": "0.0.2", "exportedAt": 1714660000, "generator": "test"},
            "meta": meta,
            "members": [
                {"platformId": keys[sender], "accountName": sender}
                for sender in dict.fromkeys(sender for _minute, sender, _text in lines)
            ],
            "messages": messages,
        }
        path = tmp_path / f"{name}.chatlab.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    return write
