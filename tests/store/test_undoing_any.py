"""Any action can be undone and done again, unless another one stands on it; that one is named."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from curation.errors import ActionRefusedError, DependentActionsError
from curation.model import GroupMode, Side, Status
from curation.store import actions, chats, journal, open_workspace, structure, terms, undoing
from curation.store.tables import journal as journal_table
from curation.store.tables import journal_chat
from tests.examples import examples
from tests.store.conftest import put_chat
from tests.store.test_journal import (
    RANDOM_ACTIONS,
    TALK,
    Act,
    do,
    everything,
    nobody,
    redo,
    state,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curation.store import Workspace

pytestmark = pytest.mark.in_turn

APPROVE: Act = lambda r: actions.set_status(r, [1], Status.APPROVED)  # noqa: E731
REJECT: Act = lambda r: actions.set_status(r, [1], Status.REJECTED)  # noqa: E731


def turn(
    workspace: Workspace, number: int, *, undone: bool = True, agreed: Sequence[int] = ()
) -> str:
    with workspace.write() as connection:
        return undoing.turn(connection, number, undone=undone, agreed=agreed)


def in_the_way(workspace: Workspace, number: int) -> tuple[int, ...]:
    with workspace.read() as connection:
        return undoing.plan(connection, number).all


INDEPENDENT: dict[str, tuple[Act, Act]] = {
    "status and tag": (APPROVE, lambda r: actions.tag_emotion(r, [1], "开心", on=True)),
    "two conversations": (APPROVE, lambda r: actions.set_status(r, [2], Status.APPROVED)),
    "two messages": (
        lambda r: actions.edit_message(r, 1, 1, "早", []),
        lambda r: actions.edit_message(r, 1, 2, "早呀", []),
    ),
    "text and removal of a message": (
        lambda r: actions.edit_message(r, 1, 1, "早", []),
        lambda r: actions.delete_message(r, 1, 1, deleted=True),
    ),
    "status and split": (APPROVE, lambda r: structure.split(r, 1, 3)),
    "edit and split": (
        lambda r: actions.edit_message(r, 1, 4, "好", []),
        lambda r: structure.split(r, 1, 3),
    ),
    "another tag": (
        lambda r: actions.tag_emotion(r, [1], "开心", on=True),
        lambda r: actions.tag_emotion(r, [1], "难过", on=True),
    ),
    "sides and status": (lambda r: chats.set_me(r, 1, "other", nobody), APPROVE),
    "gap and group mode": (
        lambda r: chats.set_gap(r, 1, 45),
        lambda r: chats.set_group_mode(r, 1, GroupMode.EXCHANGES),
    ),
}


@pytest.mark.parametrize(("first", "second"), INDEPENDENT.values(), ids=INDEPENDENT.keys())
def test_an_older_action_is_undone_alone_where_nothing_stands_on_it(
    workspace: Workspace, fill: Callable[..., None], first: Act, second: Act
) -> None:
    fill(TALK)
    start = state(workspace)
    do(workspace, first)
    do(workspace, second)
    both = state(workspace)
    assert in_the_way(workspace, 1) == ()
    turn(workspace, 1)
    assert state(workspace) not in (start, both)
    turn(workspace, 1, undone=False)
    assert state(workspace) == both
    turn(workspace, 1)
    undo(workspace)
    assert state(workspace) == start


DEPENDENT: dict[str, tuple[Act, Act]] = {
    "the same status": (APPROVE, REJECT),
    "status there and back": (
        APPROVE,
        lambda r: actions.set_status(r, [1, 2, 3], Status.SKIPPED),
    ),
    "the same text": (
        lambda r: actions.edit_message(r, 1, 1, "早", []),
        lambda r: actions.edit_message(r, 1, 1, "早呀", []),
    ),
    "a part that was approved": (
        lambda r: structure.split(r, 1, 3),
        lambda r: actions.set_status(r, [4], Status.APPROVED),
    ),
    "a part that was tagged": (
        lambda r: structure.split(r, 1, 3),
        lambda r: actions.tag_emotion(r, [4], "开心", on=True),
    ),
    "a part that was joined again": (
        lambda r: structure.split(r, 1, 3),
        lambda r: structure.merge_next(r, 1),
    ),
    "a part in which a message was added": (
        lambda r: structure.split(r, 1, 3),
        lambda r: actions.add_message(r, 4, Side.ME, "嗯", []),
    ),
    "a message that was added and edited": (
        lambda r: actions.add_message(r, 1, Side.ME, "嗯", []),
        lambda r: actions.edit_message(r, 1, 8, "嗯嗯", []),
    ),
    "a conversation that was merged away": (
        lambda r: actions.set_status(r, [2], Status.APPROVED),
        lambda r: structure.merge_next(r, 1),
    ),
    "sides turned after a message was added": (
        lambda r: actions.add_message(r, 1, Side.ME, "嗯", []),
        lambda r: chats.set_me(r, 1, "other", nobody),
    ),
    "sides turned twice": (
        lambda r: chats.set_me(r, 1, "other", nobody),
        lambda r: chats.set_me(r, 1, "me", nobody),
    ),
    "a tag put on again": (
        lambda r: actions.tag_emotion(r, [3], "难过", on=False),
        lambda r: actions.tag_emotion(r, [3], "难过", on=True),
    ),
    "a term given again": (
        lambda r: terms.remove(r, "阿橙"),
        lambda r: terms.put(r, "阿橙", "mask"),
    ),
}


@pytest.mark.parametrize(("first", "second"), DEPENDENT.values(), ids=DEPENDENT.keys())
def test_an_action_that_another_stands_on_is_undone_only_together_with_it(
    workspace: Workspace, fill: Callable[..., None], first: Act, second: Act
) -> None:
    fill(TALK)
    do(workspace, lambda r: actions.tag_emotion(r, [3], "难过", on=True))
    do(workspace, lambda r: terms.put(r, "阿橙", "mask"))
    start = state(workspace)
    do(workspace, first)
    do(workspace, second)
    both = state(workspace)
    with pytest.raises(DependentActionsError) as refused:
        turn(workspace, 3)
    assert refused.value.actions == (4,)
    assert state(workspace) == both
    turn(workspace, 3, agreed=(4,))
    assert state(workspace) == start
    redo(workspace)  # what was one step is one redo
    assert state(workspace) == both
    undo(workspace)
    assert state(workspace) == start


def test_what_stands_on_what_stands_on_it_is_named_newest_first_and_nothing_else(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    for act in (
        lambda r: structure.split(r, 1, 3),  # 1: makes conversation 4
        lambda r: actions.set_status(r, [2], Status.APPROVED),  # 2: has nothing to do with it
        lambda r: actions.set_status(r, [4], Status.APPROVED),  # 3: stands on 1
        lambda r: actions.set_status(r, [3, 4], Status.REJECTED),  # 4: stands on 3
        lambda r: actions.set_status(r, [3], Status.SKIPPED),  # 5: stands on 4
    ):
        do(workspace, act)
    assert in_the_way(workspace, 1) == (5, 4, 3)


def test_an_undone_action_is_done_again_only_when_what_it_met_is_as_it_was(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, APPROVE)
    turn(workspace, 1)
    start = state(workspace)
    do(workspace, REJECT)
    with pytest.raises(DependentActionsError) as refused:
        turn(workspace, 1, undone=False)
    assert refused.value.actions == (3,)
    turn(workspace, 1, undone=False, agreed=(3,))
    assert everything(workspace)[0].status is Status.APPROVED
    turn(workspace, 1)
    assert state(workspace) == start


def test_what_it_stood_on_is_done_again_first(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: structure.split(r, 1, 3))
    do(workspace, lambda r: actions.set_status(r, [4], Status.APPROVED))
    both = state(workspace)
    turn(workspace, 2)
    turn(workspace, 1)
    with pytest.raises(DependentActionsError) as refused:
        turn(workspace, 2, undone=False)
    assert refused.value.actions == (1,)
    turn(workspace, 2, undone=False, agreed=(1,))
    assert state(workspace) == both


@pytest.mark.parametrize(
    ("number", "undone"), [(1, False), (2, True), (99, True)], ids=["not undone", "note", "none"]
)
def test_what_cannot_be_turned_is_refused(
    workspace: Workspace, fill: Callable[..., None], number: int, *, undone: bool
) -> None:
    fill(TALK)
    do(workspace, APPROVE)
    with workspace.write() as connection:
        journal.note(connection, "resplit", 3)
    with pytest.raises(ActionRefusedError):
        turn(workspace, number, undone=undone)


def test_undo_by_key_takes_back_ones_own_last_action_and_nobody_elses(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    li, wang = workspace.acting_as("李"), workspace.acting_as("王")
    do(li, APPROVE, "mine")
    do(wang, lambda r: actions.set_status(r, [2], Status.REJECTED), "theirs")
    do(workspace, lambda r: actions.tag_emotion(r, [3], "开心", on=True), "nobody's")
    assert undo(li) == ("mine", None)
    assert undo(li) is None
    do(wang, lambda r: actions.set_status(r, [3], Status.REJECTED), "theirs")
    assert redo(li) == ("mine", None)
    assert redo(wang) is None
    statuses = [each.status for each in everything(workspace)]
    assert statuses == [Status.APPROVED, Status.REJECTED, Status.REJECTED]
    assert undo(workspace) == ("nobody's", None)


def test_undo_by_key_is_refused_where_another_one_built_on_it(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace.acting_as("李"), APPROVE)
    do(workspace.acting_as("王"), REJECT)
    before = state(workspace)
    with pytest.raises(DependentActionsError) as refused:
        undo(workspace.acting_as("李"))
    assert refused.value.actions == (2,)
    assert state(workspace) == before


def test_an_import_ends_what_everybody_could_do_again(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace.acting_as("李"), APPROVE)
    undo(workspace.acting_as("李"))
    with workspace.acting_as("王").write() as connection:
        journal.note(connection, "import", 3)
    assert redo(workspace.acting_as("李")) is None


def test_the_journal_knows_the_chats_of_an_action_and_of_its_undo(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    fill(TALK, chat="林夏")
    do(workspace, lambda r: actions.set_status(r, [1, 4], Status.APPROVED))
    do(workspace, lambda r: chats.set_gap(r, 2, 45))
    undo(workspace)
    with workspace.read() as connection:
        held = connection.execute(
            select(journal_chat.c.journal_id, journal_chat.c.chat_id).order_by(
                journal_chat.c.journal_id, journal_chat.c.chat_id
            )
        ).all()
    assert [tuple(row) for row in held] == [(1, 1), (1, 2), (2, 2), (3, 2)]


REVIEWERS = ("", "李", "王")


@settings(max_examples=examples(12), deadline=None)
@given(data=st.data())
def test_whatever_is_undone_and_done_again_all_of_it_can_be_taken_back_to_the_start(
    data: st.DataObject,
) -> None:
    with (
        TemporaryDirectory() as folder,
        closing(open_workspace(Path(folder) / "w.db")) as workspace,
    ):
        put_chat(workspace, TALK)
        start = state(workspace)
        for step in data.draw(
            st.lists(st.sampled_from(["do", "do", "turn", "key"]), min_size=4, max_size=14)
        ):
            mine = workspace.acting_as(data.draw(st.sampled_from(REVIEWERS)))
            if step == "do":
                _try_one(mine, data)
            elif step == "turn":
                _turn_one(mine, data)
            else:
                _by_key(mine, data)
        for _time in range(20):
            numbers = _in_force(workspace)
            if not numbers:
                break
            number = data.draw(st.sampled_from(numbers))
            before = state(workspace)
            turn(workspace, number, agreed=numbers)
            after = state(workspace)
            redo(workspace)
            assert state(workspace) == before
            undo(workspace)
            assert state(workspace) == after
        assert state(workspace) == start


def _try_one(workspace: Workspace, data: st.DataObject) -> None:
    on = data.draw(st.sampled_from(everything(workspace)))
    message = data.draw(st.sampled_from(on.messages))
    act = RANDOM_ACTIONS[data.draw(st.sampled_from(sorted(RANDOM_ACTIONS)))](on.id, message.id)
    try:
        with workspace.write() as connection:
            recorder = journal.Recorder(connection)
            act(recorder)
            if recorder.changes:
                journal.finish(recorder, "test")
    except ActionRefusedError:
        return


def _turn_one(workspace: Workspace, data: st.DataObject) -> None:
    """Turn any action, with what stands in the way: each plan that is offered works."""
    with workspace.read() as connection:
        rows = connection.execute(
            select(journal_table.c.id, journal_table.c.undone).where(journal_table.c.undoable)
        ).all()
    if rows:
        number, undone = data.draw(st.sampled_from([tuple(row) for row in rows]))
        before = state(workspace)
        try:
            turn(workspace, number, undone=not undone, agreed=in_the_way(workspace, number))
        except ActionRefusedError:
            assert undone
            assert state(workspace) == before


def _by_key(workspace: Workspace, data: st.DataObject) -> None:
    before = state(workspace)
    try:
        data.draw(st.sampled_from([undo, redo]))(workspace)
    except DependentActionsError:
        assert state(workspace) == before


def _in_force(workspace: Workspace) -> list[int]:
    with workspace.read() as connection:
        return list(
            connection.scalars(
                select(journal_table.c.id).where(
                    journal_table.c.undoable, journal_table.c.undone.is_(False)
                )
            )
        )
