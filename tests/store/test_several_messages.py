"""Several messages of a conversation: deleted, tagged, moved to the other side, split off."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from curation.errors import ActionRefusedError
from curation.model import ConversationFilter
from curation.store import (
    Workspace,
    actions,
    iter_conversations,
    journal,
    load_conversations,
    several,
    structure,
    undoing,
)
from tests.store.conftest import GROUP, chat_table, put_group, put_table

if TYPE_CHECKING:
    from collections.abc import Callable

TALK = [
    [("other", "在吗"), ("me", "在"), ("other", "吃了没"), ("me", "吃了"), ("other", "睡吧")],
    [("other", "早"), ("me", "早呀~")],
    [("me", "晚安")],
]


def do(workspace: Workspace, act: Callable[[journal.Recorder], object]) -> None:
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        act(recorder)
        journal.finish(recorder, "test")


def texts(workspace: Workspace) -> list[str]:
    """The texts of each conversation in the order of the queue."""
    return [
        " ".join(message.text for message in each.messages)
        for each in iter_conversations(workspace, ConversationFilter())
    ]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        pytest.param([4, 5], ["在吗 在 吃了没", "吃了 睡吧"], id="the tail"),
        pytest.param([2, 3], ["在吗 吃了 睡吧", "在 吃了没"], id="a run in the middle"),
        pytest.param([5, 2], ["在吗 吃了没 吃了", "在 睡吧"], id="here and there, in order"),
        pytest.param([1, 2], ["在吗 在", "吃了没 吃了 睡吧"], id="the head stands before the rest"),
        pytest.param([1, 4], ["在吗 吃了", "在 吃了没 睡吧"], id="the first and another"),
    ],
)
def test_messages_are_split_off_in_order_and_undone_at_once(
    workspace: Workspace, fill: Callable[..., None], chosen: list[int], expected: list[str]
) -> None:
    fill(TALK)
    before = texts(workspace)
    do(workspace, lambda r: structure.split_off(r, 1, chosen))
    assert texts(workspace) == [*expected, *before[1:]]
    with workspace.write() as connection:
        undoing.undo(connection)
    assert texts(workspace) == before


def test_a_part_split_off_a_chat_without_times_stands_beside_the_rest(
    workspace: Workspace,
) -> None:
    table = chat_table(TALK)
    table["seconds"] = None
    put_table(workspace, table.astype({"seconds": "Int64"}))
    do(workspace, lambda r: structure.split_off(r, 1, [2, 4]))
    do(workspace, lambda r: structure.split_off(r, 1, [1]))
    assert texts(workspace) == ["在吗", "吃了没 睡吧", "在 吃了", "早 早呀~", "晚安"]


def test_tags_and_backgrounds_of_messages_go_along(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: several.tag_messages(r, 1, [2, 4], "开心", on=True))
    do(workspace, lambda r: actions.set_message_background(r, 1, 2, "刚下班"))
    do(workspace, lambda r: structure.split_off(r, 1, [2, 3]))
    part = next(each for each in iter_conversations(workspace, ConversationFilter()) if each.id > 3)
    assert [message.emotions for message in part.messages] == [("开心",), ()]
    assert part.messages[0].background == "刚下班"


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param([1, 2, 3, 4, 5], id="nothing would stay"),
        pytest.param([], id="nothing chosen"),
        pytest.param([2, 6], id="a message of another conversation"),
    ],
)
def test_what_cannot_be_split_off_is_refused(
    workspace: Workspace, fill: Callable[..., None], chosen: list[int]
) -> None:
    fill(TALK)
    before = texts(workspace)
    with pytest.raises(ActionRefusedError):
        do(workspace, lambda r: structure.split_off(r, 1, chosen))
    assert texts(workspace) == before


def test_merging_with_the_one_before_keeps_this_one_and_begins_with_the_other(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: actions.set_background(r, 1, "周一"))
    do(workspace, lambda r: actions.set_background(r, 2, "周二"))
    do(workspace, lambda r: structure.merge_previous(r, 2))
    assert texts(workspace) == ["在吗 在 吃了没 吃了 睡吧 早 早呀~", "晚安"]
    assert load_conversations(workspace, [1, 2])[0].id == 2
    assert load_conversations(workspace, [2])[0].background == "周一\n周二"
    with pytest.raises(ActionRefusedError, match="no conversation before"):
        do(workspace, lambda r: structure.merge_previous(r, 2))


def test_merging_there_and_back_gives_what_splitting_took_apart(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    before = texts(workspace)
    do(workspace, lambda r: structure.split_off(r, 1, [1, 2]))
    do(workspace, lambda r: structure.merge_previous(r, 1))
    assert texts(workspace) == before


def speakers(workspace: Workspace, number: int = 1) -> list[str]:
    messages = load_conversations(workspace, [number])[0].messages
    return [f"{message.side.value}:{message.sender_name}" for message in messages]


def test_messages_change_sides_and_are_said_by_who_speaks_there(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: several.swap_sides(r, 1, [1, 2]))
    assert speakers(workspace) == ["me:小满", "other:阿橙", "other:阿橙", "me:小满", "other:阿橙"]
    head = load_conversations(workspace, [1])[0]
    assert head.version == 2
    do(workspace, lambda r: several.swap_sides(r, 1, [1, 2]))
    assert speakers(workspace)[:2] == ["other:阿橙", "me:小满"]


def test_where_nobody_speaks_on_that_side_the_chat_tells_who_does(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill(TALK)
    do(workspace, lambda r: several.swap_sides(r, 3, [8]))
    assert speakers(workspace, 3) == ["other:阿橙"]


def test_in_a_group_the_nearest_speaker_is_taken_and_nobody_is_made_up(
    workspace: Workspace,
) -> None:
    put_group(workspace, [*GROUP, [("me", "没人理我")]])
    do(workspace, lambda r: several.swap_sides(r, 1, [1]))
    assert speakers(workspace)[0] == "other:老陈"
    do(workspace, lambda r: several.swap_sides(r, 4, [8]))
    assert speakers(workspace, 4) == ["other:"]


def test_a_notice_belongs_to_no_side_and_stays(workspace: Workspace) -> None:
    table = chat_table([[("other", "在吗"), ("other", "以上是打招呼的内容"), ("me", "在")]])
    table.loc[1, "kind"] = "system"
    put_table(workspace, table)
    do(workspace, lambda r: several.swap_sides(r, 1, [1, 2, 3]))
    sides = [message.side.value for message in load_conversations(workspace, [1])[0].messages]
    assert sides == ["me", "other", "other"]


def test_thousands_of_messages_are_deleted_tagged_and_restored(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill([[("other", f"第{number}句") for number in range(1203)]])
    everything = list(range(1, 1204))
    do(workspace, lambda r: several.delete_messages(r, 1, everything, deleted=True))
    do(workspace, lambda r: several.tag_messages(r, 1, everything, "平静", on=True))
    messages = load_conversations(workspace, [1])[0].messages
    assert all(each.deleted and each.emotions == ("平静",) for each in messages)
    do(workspace, lambda r: several.delete_messages(r, 1, everything[1:], deleted=False))
    do(workspace, lambda r: several.tag_messages(r, 1, everything[1:], "平静", on=False))
    messages = load_conversations(workspace, [1])[0].messages
    assert [each.id for each in messages if each.deleted or each.emotions] == [1]


@pytest.mark.parametrize("number", [8, 999])
def test_a_message_that_is_not_here_refuses_all_of_them(
    workspace: Workspace, fill: Callable[..., None], number: int
) -> None:
    fill(TALK)
    chosen = [1, number]
    for act in (
        lambda r: several.delete_messages(r, 1, chosen, deleted=True),
        lambda r: several.swap_sides(r, 1, chosen),
        lambda r: several.tag_messages(r, 1, chosen, "开心", on=True),
    ):
        with pytest.raises(ActionRefusedError):
            do(workspace, act)
    assert speakers(workspace)[0] == "other:阿橙"


def test_a_conversation_with_very_many_tags_is_read_in_time_that_grows_with_them(
    workspace: Workspace,
) -> None:
    put_table(workspace, chat_table([[("me", f"第{at}句") for at in range(4000)]]))
    (plain,) = load_conversations(workspace, [1])

    def taken() -> float:
        start = time.process_time()
        load_conversations(workspace, [1])
        return time.process_time() - start

    untagged = min(taken() for _turn in range(3))
    ids = [message.id for message in plain.messages]
    do(workspace, lambda recorder: several.tag_messages(recorder, 1, ids, "开心", on=True))
    assert min(taken() for _turn in range(3)) < 5 * untagged
    (tagged,) = load_conversations(workspace, [1])
    assert {message.emotions for message in tagged.messages} == {("开心",)}
