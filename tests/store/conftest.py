"""A workspace on disk, and chats to put into it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from curation.store import (
    ValuedFinding,
    Workspace,
    imports,
    open_workspace,
    pseudonyms,
    save_findings,
    unscanned,
)
from tests.conftest import Databases, on_both

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

Line = tuple[str, str]  # side, text


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_both(metafunc)


@pytest.fixture(autouse=True)
def _in_a_database(databases: Databases) -> None:
    """Let the workspaces of each test be in the database that it runs with."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace(tmp_path / "workspace.db")
    yield opened
    opened.close()


def chat_table(conversations: Sequence[Sequence[Line]], start: int = 1_700_000_000) -> pd.DataFrame:
    """A message table of one chat: conversations an hour apart, messages ten seconds apart."""
    rows = [
        (number, side, text, start + number * 3600 + place * 10)
        for number, lines in enumerate(conversations)
        for place, (side, text) in enumerate(lines)
    ]
    table = pd.DataFrame(rows, columns=pd.Index(["conversation", "side", "text", "seconds"]))
    return table.assign(
        source_id=None,
        sender=table["side"],
        sender_name=table["side"].map({"me": "小满", "other": "阿橙"}),
        kind="text",
        reply_to=None,
        reply_id=None,
        source_file_id=1,
    ).astype({"seconds": "Int64"})


def search(workspace: Workspace, find: Callable[[str], list[ValuedFinding]]) -> None:
    """Store what `find` finds in every text that was not searched yet."""
    waiting = unscanned(workspace, 1000)
    messages = [message for each in waiting for message in each.messages]
    found = {message.id: find(message.text) for message in messages}
    some = {number: hits for number, hits in found.items() if hits}
    save_findings(workspace, waiting, some, rules=None)


def put_table(workspace: Workspace, table: pd.DataFrame, chat: str = "阿橙") -> None:
    with workspace.write() as connection:
        source = imports.add_source_file(
            connection, name="chat.csv", file_format="test", messages=len(table), added=len(table)
        )
        imports.add_conversations(
            connection, imports.chat_id(connection, chat), table.assign(source_file_id=source)
        )


GROUP = [
    [("me", "去哪"), ("c", "随便"), ("other", "爬山"), ("other", "我号13800138000")],
    [("other", "吃了没"), ("me", "吃了(*^▽^*)")],
    [("c", "晚安")],
]
"""Conversations of a group: sender and text; `me` is me."""
NAMES = {"me": "小满", "other": "阿橙", "c": "老陈"}


def put_group(workspace: Workspace, conversations: Sequence[Sequence[Line]]) -> None:
    """Store a group, with pseudonyms for everybody but me."""
    table = chat_table(conversations)
    table["sender"] = table["side"]
    table["sender_name"] = table["side"].map(NAMES)
    table["side"] = table["side"].where(table["side"] == "me", "other")
    put_table(workspace, table, "山友")
    with workspace.write() as connection:
        imports.update_chat(connection, 1, is_group=True)
        pseudonyms.assign(connection, 1, {"other": 3, "c": 2})


def put_chat(
    workspace: Workspace,
    conversations: Sequence[Sequence[Line]],
    chat: str = "阿橙",
    start: int = 1_700_000_000,
) -> None:
    put_table(workspace, chat_table(conversations, start), chat)


@pytest.fixture
def fill(workspace: Workspace) -> Callable[..., None]:
    return partial(put_chat, workspace)
