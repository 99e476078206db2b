"""The trash: what lies in it and since when, found by words, brought back, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import update

from curation import store, workflow
from curation.model import ConversationFilter, Kind, Status
from curation.store import iter_conversations
from curation.store.tables import message
from curation.workflow import Role, TrashFilter, TrashKind
from tests.store.conftest import put_chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store import Workspace

EVERYTHING = TrashFilter()
TALKS = [
    [("other", "周末去爬山吗"), ("me", "去呀(*^▽^*)"), ("other", "八点门口见")],
    [("other", "火锅店排队呢"), ("me", "我马上到")],
    [("other", "晚安"), ("me", "晚安~")],
]


@pytest.fixture
def talks(workspace: Workspace) -> Workspace:
    """Three conversations of a chat and one of another; the second is rejected, two messages gone.

    Message 3 went first, then the conversation, then message 6 of the third one.
    """
    put_chat(workspace, TALKS, "阿橙")
    put_chat(workspace, [[("other", "爬山的照片发我"), ("me", "好")]], "妈妈")
    delete(workspace, 1, 3)
    workflow.set_status(workspace, [2], Status.REJECTED)
    delete(workspace, 3, 6)
    return workspace


def delete(workspace: Workspace, conversation: int, message: int, *, deleted: bool = True) -> None:
    version = workflow_version(workspace, conversation)
    action = {"n": 1, "type": "delete_message", "id": conversation, "version": version}
    client = f"tab-{conversation}-{message}-{deleted}"
    done = workflow.commit_actions(
        workspace, client, [{**action, "message": message, "deleted": deleted}]
    )
    assert not done.refused


def workflow_version(workspace: Workspace, conversation: int) -> int:
    found = {each.id: each.version for each in iter_conversations(workspace, ConversationFilter())}
    return found[conversation]


def trash(workspace: Workspace, flt: TrashFilter = EVERYTHING) -> list[tuple[int, int | None]]:
    page = workflow.trash_page(workspace, flt)
    assert page.total == len(page.things)
    return [(each.conversation_id, each.message_id) for each in page.things]


def test_what_was_dropped_last_comes_first_with_its_text_and_what_did_it(
    talks: Workspace,
) -> None:
    things = workflow.trash_page(talks, TrashFilter()).things
    assert [(t.message_id, t.text, t.chat, t.action, t.together, t.length) for t in things] == [
        (6, "晚安", "阿橙", "delete_message", 1, 1),
        (None, "火锅店排队呢", "阿橙", "set_status", 1, 2),
        (3, "八点门口见", "阿橙", "delete_message", 1, 1),
    ]
    assert all(thing.at is not None and thing.moment is not None for thing in things)


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("flt", "expected"),
    [
        pytest.param(TrashFilter(kind=TrashKind.CONVERSATIONS), [(2, None)], id="conversations"),
        pytest.param(TrashFilter(kind=TrashKind.MESSAGES), [(3, 6), (1, 3)], id="messages"),
        pytest.param(TrashFilter(text="门口"), [(1, 3)], id="words of a message"),
        pytest.param(TrashFilter(text="马上 火锅"), [(2, None)], id="words of a conversation"),
        pytest.param(TrashFilter(text="爬山"), [], id="words that are not in the trash"),
        pytest.param(TrashFilter(text="100%"), [], id="words with a wildcard"),
        pytest.param(TrashFilter(chats=("妈妈",)), [], id="another chat"),
        pytest.param(TrashFilter(chats=("阿橙",), text="晚安"), [(3, 6)], id="chat and words"),
    ],
)
def test_the_trash_is_searched(
    talks: Workspace, flt: TrashFilter, expected: list[tuple[int, int | None]]
) -> None:
    assert trash(talks, flt) == expected
    assert len(workflow.trash_ids(talks, flt)) == len(expected)


def test_things_are_brought_back_in_one_step_that_one_undo_takes_back(talks: Workspace) -> None:
    before = trash(talks)
    done = workflow.restore(talks, workflow.trash_ids(talks, TrashFilter()))
    assert (done.conversations, done.messages, done.gone) == (1, 2, 0)
    assert trash(talks) == []
    found = list(iter_conversations(talks, ConversationFilter()))
    assert {each.status for each in found} == {Status.PENDING}
    assert not any(message.deleted for each in found for message in each.messages)
    assert workflow.journal_page(talks).lines[0].action == "restore"

    assert workflow.undo(talks) == "restore"
    assert sorted(trash(talks), key=str) == sorted(before, key=str)
    assert workflow.redo(talks) == "restore"
    assert trash(talks) == []


@pytest.mark.on_both
def test_what_is_no_longer_in_the_trash_is_counted(talks: Workspace) -> None:
    ids = workflow.trash_ids(talks, TrashFilter())
    delete(talks, 1, 3, deleted=False)  # in another tab
    done = workflow.restore(talks, ids)
    assert (done.conversations, done.messages, done.gone) == (1, 1, 1)
    done = workflow.restore(talks, ids)
    assert (done.entry, done.gone) == (None, 3)


def test_what_somebody_else_has_at_hand_stays_in_the_trash_and_is_counted(
    talks: Workspace,
) -> None:
    other = talks.acting_as("老陈")
    for number in (2, 3):
        workflow.review_window(
            other, ConversationFilter(), at=number, ahead=0, behind=0, screen=f"tab {number}"
        )
    done = workflow.restore(talks.acting_as("小满"), workflow.trash_ids(talks, EVERYTHING))
    assert (done.conversations, done.messages, done.gone, done.held) == (0, 1, 0, 2)
    assert sorted(trash(talks)) == [(2, None), (3, 6)]
    done = workflow.restore(other, workflow.trash_ids(talks, EVERYTHING))
    assert (done.conversations, done.messages, done.held) == (1, 1, 0)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        pytest.param(
            lambda w: workflow.set_status(w, [2], Status.APPROVED),
            [(3, 6), (1, 3)],
            id="approved after all",
        ),
        pytest.param(workflow.undo, [(2, None), (1, 3)], id="undo of a deletion"),
        pytest.param(
            lambda w: (workflow.undo(w), workflow.redo(w)),
            [(3, 6), (2, None), (1, 3)],
            id="undo and redo",
        ),
        pytest.param(
            lambda w: workflow.set_status(w, [2], Status.REJECTED),
            [(3, 6), (2, None), (1, 3)],
            id="rejected again",
        ),
    ],
)
def test_the_trash_follows_whatever_is_done(
    talks: Workspace, act: Callable[[Workspace], object], expected: list[tuple[int, int | None]]
) -> None:
    act(talks)
    assert trash(talks) == expected


def test_a_message_of_a_rejected_conversation_says_so(talks: Workspace) -> None:
    workflow.set_status(talks, [1], Status.REJECTED)
    things = workflow.trash_page(talks, TrashFilter(kind=TrashKind.MESSAGES)).things
    assert [(thing.message_id, thing.rejected) for thing in things] == [(6, False), (3, True)]


def test_what_an_action_dropped_together_is_told(talks: Workspace) -> None:
    workflow.set_status(talks, [1, 3, 4], Status.REJECTED)
    things = workflow.trash_page(talks, TrashFilter(kind=TrashKind.CONVERSATIONS)).things
    assert [thing.together for thing in things] == [3, 3, 3, 1]


@pytest.mark.on_both
@pytest.mark.parametrize("hidden", [False, True], ids=["owner", "reviewer"])
def test_table_and_trash_begin_with_the_first_words_that_somebody_says(
    talks: Workspace, *, hidden: bool
) -> None:
    with talks.write() as connection:
        recalled = update(message).where(message.c.id == 4)  # the first of the second conversation
        connection.execute(recalled.values(kind=Kind.RECALL.value))
    reader = talks
    if hidden:
        owner = talks.acting_as("小满")
        workflow.set_member(owner, "阿橙", Role.REVIEWER)
        workflow.hide_from_reviewers(owner, hidden=True)
        reader = talks.acting_as("阿橙")
    rows = workflow.conversation_page(reader, ConversationFilter()).rows
    things = workflow.trash_page(reader, TrashFilter(kind=TrashKind.CONVERSATIONS)).things
    assert dict(zip(rows["id"], rows["opening"], strict=True))[2] == "我马上到"
    assert [thing.text for thing in things] == ["我马上到"]


def test_the_trash_of_an_older_version_is_taken_over(talks: Workspace, tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    with talks.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
    talks.close()
    opened = workflow.open_workspace(tmp_path / "workspace.db")
    things = workflow.trash_page(opened, TrashFilter()).things
    assert sorted((t.conversation_id, t.message_id or 0) for t in things) == [
        (1, 3),
        (2, 0),
        (3, 6),
    ]
    assert {thing.at for thing in things} == {None}
    assert workflow.restore(opened, [thing.id for thing in things]).gone == 0
    opened.close()


BEFORE = "0009"
"""The revision before the trash had a table."""
