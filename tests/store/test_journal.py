"""Every action can be undone and done again, and leaves the workspace exactly as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from curation.errors import ActionRefusedError, StaleVersionError
from curation.model import (
    Conversation,
    ConversationFilter,
    Decision,
    Finding,
    GroupMode,
    Side,
    Status,
)
from curation.store import (
    ValuedFinding,
    Workspace,
    actions,
    chats,
    count_by_status,
    iter_conversations,
    journal,
    load_conversations,
    open_workspace,
    save_findings,
    several,
    structure,
    trash,
    undoing,
    unscanned,
)
from curation.store.tables import conversation, metadata
from curation.store.trash import TrashFilter
from tests.examples import examples
from tests.store.conftest import GROUP, chat_table, put_chat, put_group, put_table, search

PHONE = ValuedFinding(Finding("PHONE_NUMBER", 2, 13, 0.9, "test"), "13800138000")
Act = Callable[[journal.Recorder], object]


def nobody(_done: int, _total: int) -> None:
    """Tell nobody."""


def phones(text: str) -> list[ValuedFinding]:
    return [PHONE] if "138" in text else []


def do(workspace: Workspace, act: Act, name: str = "test", on: int | None = None) -> None:
    with workspace.write() as connection:
        if on is not None:
            journal.claim(connection, on, None)
        recorder = journal.Recorder(connection)
        act(recorder)
        journal.finish(recorder, name, conversation_id=on, claimed=() if on is None else (on,))


def undo(workspace: Workspace) -> Any:
    with workspace.write() as connection:
        return undoing.undo(connection)


def redo(workspace: Workspace) -> Any:
    with workspace.write() as connection:
        return undoing.redo(connection)


def state(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """All rows but those of the journal itself, without what tells that something happened."""
    skipped = {"journal", "journal_part", "journal_chat", "outbox", "status_count", "dropped"}
    only_rises = {"version", "touched", "changed_at", "search_row"}
    with workspace.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*[c for c in table.c if c.name not in only_rises]).order_by(
                        *table.primary_key
                    )
                )
            ]
            for table in metadata.sorted_tables
            if table.name not in skipped
        }


def kept_counts(workspace: Workspace) -> Counter[Status]:
    """The counts by status, as the triggers keep them."""
    return +Counter(count_by_status(workspace))


def in_trash(workspace: Workspace) -> list[tuple[int, int]]:
    """What lies in the trash, as (conversation, message)."""
    with workspace.read() as connection:
        things = trash.page_of(connection, TrashFilter(), page=1, page_size=1000)
    return sorted((each.conversation_id, each.message_id or 0) for each in things)


def dropped_things(workspace: Workspace) -> list[tuple[int, int]]:
    """Rejected conversations and deleted messages, as (conversation, message)."""
    found = everything(workspace)
    rejected = [(each.id, 0) for each in found if each.status is Status.REJECTED]
    return sorted(rejected + [(c.id, m.id) for c in found for m in c.messages if m.deleted])


def everything(workspace: Workspace) -> list[Conversation]:
    return list(iter_conversations(workspace, ConversationFilter()))


TALK = [
    [("other", "在吗"), ("me", "在呀~"), ("other", "我号13800138000"), ("me", "收到[OK]")],
    [("other", "吃了没"), ("me", "吃了(*^▽^*)")],
    [("me", "晚安")],
]


ACTIONS: dict[str, Act] = {
    "set status": lambda r: actions.set_status(r, [1, 2], Status.APPROVED),
    "tag a conversation": lambda r: actions.tag_emotion(r, [1, 3], "开心", on=True),
    "tag a message": lambda r: actions.tag_emotion(r, [1], "温柔", on=True, message_id=2),
    "edit a message": lambda r: actions.edit_message(r, 1, 1, "号13800138000", [PHONE]),
    "delete a message": lambda r: actions.delete_message(r, 1, 1, deleted=True),
    "add at the end": lambda r: actions.add_message(r, 1, Side.ME, "好的", []),
    "add before the first": lambda r: actions.add_message(r, 3, Side.OTHER, "睡了", [], before=7),
    "background": lambda r: actions.set_background(r, 2, "周末"),
    "background of a message": lambda r: actions.set_message_background(r, 1, 2, "刚打完电话"),
    "split": lambda r: structure.split(r, 1, 3),
    "merge": lambda r: structure.merge_next(r, 1),
    "split off from the middle": lambda r: structure.split_off(r, 1, [4, 2]),
    "split off with the first": lambda r: structure.split_off(r, 1, [1, 3]),
    "merge with the one before": lambda r: structure.merge_previous(r, 2),
    "delete several": lambda r: several.delete_messages(r, 1, [1, 3], deleted=True),
    "tag several": lambda r: several.tag_messages(r, 1, [1, 2, 4], "温柔", on=True),
    "some change sides": lambda r: several.swap_sides(r, 1, [1, 2]),
    "sides change places": lambda r: chats.set_me(r, 1, "other", nobody),
    "group mode": lambda r: chats.set_group_mode(r, 1, GroupMode.EXCHANGES),
    "pseudonym": lambda r: chats.set_pseudonym(r, 1, "other", "小甲"),
    "gap": lambda r: chats.set_gap(r, 1, 45),
}


@pytest.mark.parametrize("act", ACTIONS.values(), ids=ACTIONS)
def test_undo_brings_everything_back_and_redo_does_it_again(
    workspace: Workspace, fill: Callable[..., None], act: Act
) -> None:
    fill(TALK)
    do(workspace, lambda r: actions.tag_emotion(r, [1, 2], "难过", on=True))
    before = state(workspace)
    do(workspace, act)
    after = state(workspace)
    assert after != before
    assert undo(workspace) is not None
    assert state(workspace) == before
    assert redo(workspace) is not None
    assert state(workspace) == after


KEYS = ("me", "other", "c")
RANDOM_ACTIONS: dict[str, Callable[[int, int], Act]] = {
    "me": lambda _on, m: lambda r: chats.set_me(r, 1, KEYS[m % 3], nobody),
    "mode": lambda on, _m: lambda r: chats.set_group_mode(r, 1, list(GroupMode)[on % 2]),
    "pseudonym": lambda on, m: (
        lambda r: chats.set_pseudonym(r, 1, KEYS[m % 3], ["", "阿甲"][on % 2])
    ),
    "gap": lambda on, _m: lambda r: chats.set_gap(r, 1, [None, 20, 45][on % 3]),
    "background": lambda on, _m: lambda r: actions.set_background(r, on, "雨"),
    "no background": lambda on, _m: lambda r: actions.set_background(r, on, ""),
    "edit": lambda on, m: lambda r: actions.edit_message(r, on, m, "改了", [PHONE]),
    "delete": lambda on, m: lambda r: actions.delete_message(r, on, m, deleted=True),
    "restore": lambda on, m: lambda r: actions.delete_message(r, on, m, deleted=False),
    "add": lambda on, m: lambda r: actions.add_message(r, on, Side.ME, "嗯", [], before=m),
    "split": lambda on, m: lambda r: structure.split(r, on, m),
    "merge": lambda on, _m: lambda r: structure.merge_next(r, on),
    "merge back": lambda on, _m: lambda r: structure.merge_previous(r, on),
    "split off": lambda on, m: lambda r: structure.split_off(r, on, [m]),
    "other side": lambda on, m: lambda r: several.swap_sides(r, on, [m]),
    "approve": lambda on, _m: lambda r: actions.set_status(r, [on], Status.APPROVED),
    "reject": lambda on, _m: lambda r: actions.set_status(r, [on], Status.REJECTED),
    "tag": lambda on, m: lambda r: actions.tag_emotion(r, [on], "开心", on=True, message_id=m),
}


@pytest.mark.in_turn
@settings(max_examples=examples(25), deadline=None)
@given(data=st.data(), group=st.booleans())
def test_any_walk_through_actions_undo_and_redo_passes_only_known_states(
    data: st.DataObject, *, group: bool
) -> None:
    with (
        TemporaryDirectory() as folder,
        closing(open_workspace(Path(folder) / "w.db")) as workspace,
    ):
        if group:
            put_group(workspace, GROUP)
        else:
            put_chat(workspace, TALK)
        done, undone = [state(workspace)], []
        for step in data.draw(st.lists(st.sampled_from(["do", "do", "undo", "redo"]), max_size=14)):
            if step == "undo" and undo(workspace) is not None:
                undone.append(done.pop())
            elif step == "redo" and redo(workspace) is not None:
                done.append(undone.pop())
            elif step == "do" and _do_something(workspace, data):
                done.append(state(workspace))
                undone.clear()
            assert state(workspace) == done[-1]
            assert kept_counts(workspace) == Counter(c.status for c in everything(workspace))
            assert in_trash(workspace) == dropped_things(workspace)


def _do_something(workspace: Workspace, data: st.DataObject) -> bool:
    """Try one action at one place; return whether it was done and changed anything."""
    on = data.draw(st.sampled_from(everything(workspace)))
    message = data.draw(st.sampled_from(on.messages))
    act = RANDOM_ACTIONS[data.draw(st.sampled_from(sorted(RANDOM_ACTIONS)))](on.id, message.id)
    try:
        with workspace.write() as connection:
            recorder = journal.Recorder(connection)
            act(recorder)
            if recorder.changes:
                journal.finish(recorder, "test")
            return bool(recorder.changes)
    except ActionRefusedError:
        return False


def speakers(workspace: Workspace) -> dict[str, tuple[bool, str]]:
    with workspace.read() as connection:
        (row,) = chats.chat_rows(connection)
    return {each.key: (each.is_me, each.pseudonym) for each in row.speakers}


def test_who_is_me_in_a_group_is_chosen_and_the_former_one_gets_a_pseudonym(
    workspace: Workspace,
) -> None:
    put_group(workspace, GROUP)
    before = state(workspace)
    assert speakers(workspace) == {"me": (True, ""), "other": (False, "甲"), "c": (False, "乙")}
    do(workspace, lambda r: chats.set_me(r, 1, "c", nobody))
    assert speakers(workspace) == {"me": (False, "丙"), "other": (False, "甲"), "c": (True, "")}
    rows = [[m.side for m in each.messages] for each in everything(workspace)]
    assert rows[0] == [Side.OTHER, Side.ME, Side.OTHER, Side.OTHER]
    undo(workspace)
    assert state(workspace) == before


def test_turns_are_counted_again_when_another_one_of_a_group_is_me(workspace: Workspace) -> None:
    put_group(workspace, [[("me", "a"), ("other", "b"), ("c", "c"), ("me", "d")]])
    do(workspace, lambda r: chats.set_me(r, 1, "c", nobody))
    with workspace.read() as connection:
        assert connection.scalars(select(conversation.c.turns)).all() == [3]


def test_a_chat_whose_sides_change_places_counts_as_untouched_but_its_version_rises(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: chats.set_me(r, 1, "other", nobody))
    with workspace.read() as connection:
        rows = connection.execute(select(conversation.c.touched, conversation.c.version)).all()
    assert [tuple(row) for row in rows] == [(False, 2)] * 3


def test_a_large_chat_whose_sides_change_places_makes_a_small_journal_row(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill([[("other", "在"), ("me", "嗯")]] * 1500)
    before = state(workspace)
    do(workspace, lambda r: chats.set_me(r, 1, "other", nobody))
    with workspace.read() as connection:
        assert len(connection.scalar(select(metadata.tables["journal_part"].c.changes)) or "") < 200
    undo(workspace)
    assert state(workspace) == before


def test_undo_turns_back_what_came_in_after_the_sides_changed_places(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK[1:2])
    do(workspace, lambda r: chats.set_me(r, 1, "other", nobody))
    fill([[("other", "晚安晚安")]], start=1_800_000_000)  # said by me, as the chat has it now
    undo(workspace)
    sides = [m.side for each in everything(workspace) for m in each.messages]
    assert sides == [Side.OTHER, Side.ME, Side.ME]
    with workspace.read() as connection:
        assert not any(row.swapped for row in chats.chat_rows(connection))


@pytest.mark.parametrize(
    ("pseudonym", "why"),
    [
        pytest.param("阿橙", "name of somebody", id="a real name"),
        pytest.param("乙", "somebody else", id="taken"),
        pytest.param("甲：", "colon", id="colon"),
        pytest.param("甲" * 21, "at most 20", id="long"),
    ],
)
def test_a_pseudonym_that_would_tell_or_mislead_is_refused(
    workspace: Workspace, pseudonym: str, why: str
) -> None:
    put_group(workspace, GROUP)
    with pytest.raises(ActionRefusedError, match=why):
        do(workspace, lambda r: chats.set_pseudonym(r, 1, "other", pseudonym))


def test_an_action_on_an_old_version_is_refused_and_changes_nothing(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    before = state(workspace)
    with pytest.raises(StaleVersionError), workspace.write() as connection:
        journal.claim(connection, 1, 7)
    assert state(workspace) == before


def test_versions_rise_by_one_with_each_action_and_with_undo(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: actions.set_status(r, [1], Status.APPROVED), on=1)
    assert load_conversations(workspace, [1])[0].version == 2
    undo(workspace)
    assert load_conversations(workspace, [1])[0].version == 3


def test_a_new_action_ends_what_could_be_redone(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: actions.set_status(r, [1], Status.APPROVED))
    undo(workspace)
    do(workspace, lambda r: actions.set_status(r, [2], Status.REJECTED))
    assert redo(workspace) is None


def test_undo_takes_back_in_the_opposite_order_and_says_what_it_took_back(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: structure.split(r, 1, 3), "split", on=1)
    do(workspace, lambda r: actions.set_status(r, [1], Status.APPROVED), "set_status", on=1)
    assert undo(workspace) == ("set_status", 1)
    assert undo(workspace) == ("split", 1)
    assert undo(workspace) is None


def test_splitting_twice_keeps_the_parts_in_order(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: structure.split(r, 1, 4))
    do(workspace, lambda r: structure.split(r, 1, 2))
    texts = [[m.text for m in each.messages] for each in everything(workspace)]
    assert texts[:3] == [["在吗"], ["在呀~", "我号13800138000"], ["收到[OK]"]]


def test_splitting_chats_without_times_keeps_the_parts_in_order(workspace: Workspace) -> None:
    table = chat_table([[("other", str(n)) for n in range(6)], [("me", "末")]])
    table["seconds"] = None
    put_table(workspace, table.astype({"seconds": "Int64"}))
    for first in (5, 3, 2):
        do(workspace, lambda r, first=first: structure.split(r, 1, first))  # type: ignore[misc]
    texts = ["".join(m.text for m in each.messages) for each in everything(workspace)]
    assert texts == ["0", "1", "23", "45", "末"]


def test_merging_takes_messages_tags_and_background_along(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: actions.set_background(r, 1, "周末"))
    do(workspace, lambda r: actions.set_background(r, 2, "在外地"))
    do(workspace, lambda r: actions.tag_emotion(r, [1, 2], "开心", on=True))
    do(workspace, lambda r: structure.merge_next(r, 1))
    merged = load_conversations(workspace, [1, 2])
    assert [each.id for each in merged] == [1]
    assert [m.text for m in merged[0].messages][-2:] == ["吃了没", "吃了(*^▽^*)"]
    assert (merged[0].background, merged[0].emotions) == ("周末\n在外地", ("开心",))


def test_the_last_conversation_of_a_chat_cannot_be_merged(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    with pytest.raises(ActionRefusedError, match="no next conversation"):
        do(workspace, lambda r: structure.merge_next(r, 3))


def test_a_message_of_another_conversation_cannot_be_changed(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    with pytest.raises(ActionRefusedError):
        do(workspace, lambda r: actions.delete_message(r, 2, 1, deleted=True))


def test_a_decision_outlives_an_edit_that_keeps_the_value(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    search(workspace, phones)
    found = load_conversations(workspace, [1])[0].messages[2].findings[0]
    do(
        workspace,
        lambda r: actions.decide_finding(r, 1, found.id, Decision.KEEP, all_equal=False),
    )
    do(workspace, lambda r: actions.edit_message(r, 1, 3, "号13800138000!", [PHONE]))
    kept = load_conversations(workspace, [1])[0].messages[2].findings
    assert [each.decision for each in kept] == [Decision.KEEP]


def test_a_decision_for_all_equal_values_reaches_later_findings_too(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    search(workspace, phones)
    found = load_conversations(workspace, [1])[0].messages[2].findings[0]
    do(workspace, lambda r: actions.decide_finding(r, 1, found.id, Decision.KEEP, all_equal=True))
    fill([[("other", "我号13800138000")]], start=1_800_000_000)
    search(workspace, phones)
    newest = everything(workspace)[-1].messages[0].findings
    assert [each.decision for each in newest] == [Decision.KEEP]


def test_a_text_changed_while_it_was_searched_is_searched_again(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    read_before = unscanned(workspace, 10)
    do(workspace, lambda r: actions.edit_message(r, 1, 1, "我号13800138000", [PHONE]), on=1)
    save_findings(workspace, read_before, {}, rules=None)
    assert [each.conversation_id for each in unscanned(workspace, 10)] == [1]


def test_bulk_actions_are_one_undo(workspace: Workspace, fill: Callable[..., None]) -> None:
    fill([[("other", "在"), ("me", "嗯")]] * 1200)
    ids = [each.id for each in everything(workspace)]
    do(workspace, lambda r: actions.set_status(r, ids[:700], Status.REJECTED))
    before = state(workspace)
    do(workspace, lambda r: actions.set_status(r, ids, Status.APPROVED))
    undo(workspace)
    assert state(workspace) == before


def test_a_failed_action_leaves_no_trace(workspace: Workspace, fill: Callable[..., None]) -> None:
    fill(TALK)
    before = state(workspace)

    def half(recorder: journal.Recorder) -> None:
        actions.set_status(recorder, [1], Status.APPROVED)
        structure.split(recorder, 1, 999)

    with pytest.raises(ActionRefusedError):
        do(workspace, half)
    assert state(workspace) == before
    assert undo(workspace) is None


def test_the_workspace_is_on_disk_after_each_action(tmp_path: Path) -> None:
    first = open_workspace(tmp_path / "w.db")
    put_chat(first, TALK)
    do(first, lambda r: actions.set_status(r, [1], Status.APPROVED))
    second = open_workspace(tmp_path / "w.db")
    with second.read() as connection:
        status = connection.scalar(select(conversation.c.status).where(conversation.c.id == 1))
    assert status == "approved"
    first.close()
    second.close()
