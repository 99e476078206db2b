"""Drafts stay with what they were typed for, whatever becomes of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from sqlalchemy import func, select

from curation.model import ConversationFilter, Side
from curation.store import (
    Workspace,
    actions,
    drafts,
    iter_conversations,
    journal,
    resplitting,
    structure,
    undoing,
)
from curation.store.drafts import Draft
from curation.store.tables import draft

if TYPE_CHECKING:
    from collections.abc import Callable

Act = "Callable[[journal.Recorder], object]"

TALK = [
    [("other", "在吗"), ("me", "在呀~"), ("other", "吃了没"), ("me", "吃了")],
    [("other", "早"), ("me", "早(*^▽^*)")],
    [("me", "晚安")],
]


def do(workspace: Workspace, act: Callable[[journal.Recorder], object]) -> None:
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        act(recorder)
        journal.finish(recorder, "test")


def undo(workspace: Workspace) -> None:
    with workspace.write() as connection:
        undoing.undo(connection)


def keep(workspace: Workspace, *some: Draft) -> None:
    with workspace.write() as connection:
        for each in some:
            drafts.keep(connection, each)


def held(workspace: Workspace) -> dict[int, list[tuple[str, int | None, str, bool]]]:
    """Field, message, text and whether it is lost, of the drafts of each conversation."""
    with workspace.read() as connection:
        found = drafts.of_conversations(connection, list(range(1, 20)))
        assert sum(map(len, found.values())) == connection.scalar(
            select(func.count()).select_from(draft)
        )
    return {
        number: sorted((each.field, each.message_id, each.text, each.lost) for each in some)
        for number, some in found.items()
    }


EDIT = Draft(1, "edit", 3, "吃了没呀", base="吃了没", at=5)
ADD = Draft(1, "add", None, "我也去\n一起", details={"side": "me", "place": "end"}, anchor=1)


def test_a_draft_is_replaced_by_a_newer_one_and_forgotten(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    keep(workspace, EDIT, ADD, Draft(1, "edit", 3, "吃饭没", at=6), Draft(2, "note", None, "问问"))
    assert held(workspace) == {
        1: [("add", None, "我也去\n一起", False), ("edit", 3, "吃饭没", False)],
        2: [("note", None, "问问", False)],
    }
    with workspace.write() as connection:
        drafts.discard(connection, 1, "edit", 3)
        drafts.discard(connection, 1, "note", None)
    assert held(workspace) == {
        1: [("add", None, "我也去\n一起", False)],
        2: [("note", None, "问问", False)],
    }


def test_a_draft_comes_back_as_it_was_typed(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    keep(workspace, ADD)
    with workspace.read() as connection:
        (found,) = drafts.of_conversations(connection, [1])[1]
    assert (found.text, found.details) == (ADD.text, ADD.details)


@pytest.mark.parametrize(
    ("act", "there"),
    [
        pytest.param(lambda r: structure.split(r, 1, 3), 4, id="split"),
        pytest.param(lambda r: structure.split_off(r, 1, [3]), 4, id="split off"),
        pytest.param(lambda r: structure.merge_previous(r, 2), 2, id="merged into the next"),
    ],
)
def test_a_draft_goes_where_its_message_goes_and_back_with_it(
    workspace: Workspace,
    fill: Callable[..., None],
    act: Callable[[journal.Recorder], object],
    there: int,
) -> None:
    fill(TALK)
    keep(workspace, EDIT)
    do(workspace, act)
    assert held(workspace) == {there: [("edit", 3, "吃了没呀", False)]}
    undo(workspace)
    assert held(workspace) == {1: [("edit", 3, "吃了没呀", False)]}


def test_what_is_typed_for_a_conversation_goes_into_the_one_it_is_merged_with(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    keep(
        workspace,
        Draft(1, "background", None, "周末", at=9, anchor=1),
        Draft(2, "background", None, "在外地", at=4, anchor=5),
        Draft(2, "note", None, "问问", anchor=5),
    )
    do(workspace, lambda r: structure.merge_next(r, 1))
    assert held(workspace) == {
        1: [
            ("background", None, "周末", False),
            ("background", None, "在外地", True),
            ("note", None, "问问", False),
        ]
    }


def test_the_draft_of_a_message_that_is_gone_can_still_be_read(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: actions.add_message(r, 1, Side.ME, "好的", []))
    keep(workspace, Draft(1, "edit", 8, "好的呀"))
    undo(workspace)
    assert held(workspace) == {1: [("edit", 8, "好的呀", True)]}
    with workspace.write() as connection:
        (lost,) = drafts.of_conversations(connection, [1])[1]
        drafts.discard_lost(connection, lost.id)
    assert held(workspace) == {}


def test_a_draft_ends_with_its_conversation(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    """An undone split takes away the part, and with it what was typed for a message added to it."""
    fill(TALK)
    keep(workspace, Draft(77, "edit", 999, "没有这条"), Draft(77, "note", None, "没有这段"))
    assert held(workspace) == {}


def test_drafts_survive_that_a_chat_is_split_again(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    keep(workspace, Draft(2, "edit", 6, "早呀"), Draft(2, "note", None, "问问", anchor=5), EDIT)
    with workspace.write() as connection:
        rows = resplitting.chat_messages(connection, 1)
        rows = rows.assign(group=pd.Series([0] * len(rows), dtype="int64"))
        resplitting.regroup(connection, 1, rows, lambda _done, _total: None)
    (only,) = iter_conversations(workspace, ConversationFilter())
    assert held(workspace) == {
        only.id: [
            ("edit", 3, "吃了没呀", False),
            ("edit", 6, "早呀", False),
            ("note", None, "问问", False),
        ]
    }
