"""Chats as a person sets them up: groups, pseudonyms, gaps, names."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.errors import ActionRefusedError
from curation.export_options import Variant
from curation.model import (
    ColumnMapping,
    ConversationFilter,
    EntryRules,
    GroupMode,
    Limits,
    QueueOrder,
    Replacement,
    ReviewOrder,
    Status,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow.conftest import Line, WriteChat

GROUP: list[Line] = [
    (0, "阿橙", "周末去哪"),
    (1, "老陈", "爬山吧"),
    (2, "阿橙", "好累的"),
    (3, "小满", "我去"),
]


def bring(workspace: workflow.Workspace, *paths: Path, **more: object) -> workflow.ImportReport:
    return workflow.import_files(workspace, paths, me=dict.fromkeys(paths, "小满"), **more)  # type: ignore[arg-type]  # passed on as they are


def only_chat(workspace: workflow.Workspace) -> workflow.ChatInfo:
    (chat,) = workflow.chat_overview(workspace)
    return chat


def test_the_overview_tells_who_speaks_and_how_much(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat(GROUP, "山友"))
    chat = only_chat(workspace)
    assert (chat.name, chat.group, chat.group_mode) == ("山友", True, GroupMode.MERGE)
    assert (chat.conversations, chat.messages, chat.touched) == (1, 4, 0)
    assert (chat.gap_minutes, chat.used_gap_minutes, chat.swapped) == (None, 30, False)
    assert workflow.workspace_stats(workspace)["groups"] == 1
    assert [(each.name, each.messages, each.is_me, each.pseudonym) for each in chat.speakers] == [
        ("阿橙", 2, False, "甲"),
        ("老陈", 1, False, "乙"),
        ("小满", 1, True, ""),
    ]


def test_a_chat_of_two_is_no_group_and_has_no_pseudonyms(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat([GROUP[0], GROUP[3]]))
    chat = only_chat(workspace)
    assert not chat.group
    assert {each.pseudonym for each in chat.speakers} == {""}


def test_pseudonyms_stay_when_another_one_speaks_more(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat(GROUP, "山友"))
    more: list[Line] = [(100 + n, who, f"第{n}句") for n, who in enumerate(["林哥", "老陈"] * 9)]
    bring(workspace, write_chat([*GROUP, *more], "山友"))
    names = {each.name: each.pseudonym for each in only_chat(workspace).speakers}
    assert names == {"阿橙": "甲", "老陈": "乙", "林哥": "丙", "小满": ""}


def test_what_becomes_of_a_group_is_said_at_its_import_or_later_and_can_be_undone(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat(GROUP, "山友"), groups={"山友": GroupMode.EXCHANGES})
    chat = only_chat(workspace)
    assert chat.group_mode is GroupMode.EXCHANGES
    workflow.set_group_mode(workspace, chat.id, GroupMode.MERGE)
    assert only_chat(workspace).group_mode is GroupMode.MERGE
    assert workflow.undo(workspace) == "set_group_mode"
    assert only_chat(workspace).group_mode is GroupMode.EXCHANGES


def exported(workspace: workflow.Workspace, out: Path) -> str:
    workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
    workflow.export_dataset(workspace, out)
    return "".join(file.read_text(encoding="utf-8") for file in sorted(out.iterdir()))


def test_no_real_name_of_a_group_is_in_what_is_exported(
    workspace: workflow.Workspace, write_chat: WriteChat, tmp_path: Path
) -> None:
    bring(workspace, write_chat(GROUP, "山友"))
    workflow.set_pseudonym(workspace, only_chat(workspace).id, "老陈", "大哥")
    written = exported(workspace, tmp_path / "merged")
    assert "甲：周末去哪\\n大哥：爬山吧\\n甲：好累的" in written
    assert not any(name in written for name in ("阿橙", "老陈", "山友"))


def test_bystanders_are_left_out_shown_and_counted(
    workspace: workflow.Workspace, write_chat: WriteChat, tmp_path: Path
) -> None:
    bring(workspace, write_chat(GROUP, "山友"), groups={"山友": GroupMode.EXCHANGES})
    (record,) = workflow.review_window(workspace, ConversationFilter()).records
    assert [m.text for m in record.conversation.messages if m.id in record.bystanders] == ["爬山吧"]
    assert [m.pseudonym for m in record.conversation.messages] == ["甲", "乙", "甲", ""]
    written = exported(workspace, tmp_path / "out")
    assert "周末去哪\\n好累的" in written
    assert "爬山吧" not in written
    assert '"bystanders": 1' in written


def test_setting_a_gap_is_undone_and_tells_what_holds(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat(GROUP))
    number = only_chat(workspace).id
    workflow.set_gap(workspace, number, 45)
    assert (only_chat(workspace).gap_minutes, only_chat(workspace).used_gap_minutes) == (45, 45)
    assert workflow.gap_profile(workspace, number).used_minutes == 45
    assert workflow.undo(workspace) == "set_gap"
    assert only_chat(workspace).used_gap_minutes == 30
    workflow.save_settings(workspace, workflow.Settings(gap_mode="fixed", gap_minutes=20))
    assert only_chat(workspace).used_gap_minutes == 20


@pytest.mark.on_both
def test_the_gap_of_a_chat_is_the_valley_of_its_pauses(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    lines: list[Line] = [
        (day * 1440 + n * 18 + step / 4, who, f"{day} {n} {step}")
        for day in range(40)
        for n in range(3)
        for step, who in enumerate(["阿橙", "小满"] * 4)
    ]
    bring(workspace, write_chat(lines))
    chat = only_chat(workspace)
    profile = workflow.gap_profile(workspace, chat.id)
    assert profile.used_minutes == profile.valley_minutes == chat.used_gap_minutes
    assert sum(profile.counts) == len(lines) - 1
    assert len(profile.edges_minutes) == len(profile.counts) + 1


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_a_gap_out_of_reason_is_refused(
    workspace: workflow.Workspace, write_chat: WriteChat, minutes: int
) -> None:
    bring(workspace, write_chat(GROUP))
    with pytest.raises(ActionRefusedError, match="between 1 and 1440"):
        workflow.set_gap(workspace, only_chat(workspace).id, minutes)


def test_who_does_not_speak_in_a_chat_cannot_be_me(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat(GROUP))
    number = only_chat(workspace).id
    with pytest.raises(ActionRefusedError, match="no longer speaks"):
        workflow.set_me(workspace, number, "没有这个人")
    with pytest.raises(ActionRefusedError, match="no longer there"):
        workflow.set_me(workspace, 99, "阿橙")
    workflow.set_me(workspace, number, "小满")  # it is so already
    assert workflow.undo(workspace) is None


def test_stopping_while_sides_change_places_changes_nothing(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    class StoppedError(Exception):
        pass

    def stop(_stage: str, done: int, total: int) -> None:
        if done == total:
            raise StoppedError

    bring(workspace, write_chat([GROUP[0], GROUP[3]]))
    before = workflow.chat_overview(workspace)
    with pytest.raises(StoppedError):
        workflow.set_me(workspace, before[0].id, "阿橙", stop)
    assert workflow.chat_overview(workspace) == before


def test_known_names_are_those_of_people_and_no_common_words(
    workspace: workflow.Workspace, write_chat: WriteChat, write_chatlab: WriteChat
) -> None:
    lines: list[Line] = [
        (0, "阿橙", "在"),
        (1, "小满", "在呀"),
        (2, "妈妈", "吃了没"),
        (3, "我", "嗯"),
    ]
    bring(workspace, write_chat(lines, "一家人"))
    bring(workspace, write_chatlab(GROUP, "山友", group=True, account="38988@chatroom"))
    people = {"阿橙", "小满", "老陈"}  # what a group is called is no name of a person
    ids = {"38988@chatroom", "wxid_000000", "wxid_000001", "wxid_000002"}
    assert workflow.known_names(workspace) == tuple(sorted(people | ids))


def test_settings_are_kept_whole(workspace: workflow.Workspace) -> None:
    mapping = ColumnMapping(("谁", "说"), sender="谁", text="说")
    usual = workflow.Settings()
    settings = workflow.Settings(
        gap_mode="fixed",
        gap_minutes=20,
        burst_minutes=5,
        length_limit=900,
        length_unit="characters",
        time_zone="Europe/Berlin",
        limits=Limits(nesting=9),
        mappings=(mapping,),
        rules=EntryRules(stickers=not usual.rules.stickers, media=not usual.rules.media),
        emotions=("开心",),
        language="en",
        replacements={"PHONE_NUMBER": Replacement.REMOVE},
        thresholds={"PERSON": 0.7},
        pipeline="zh_core_web_md",
        tagger=not usual.tagger,
        keys={"approve": "a"},
        queue=QueueOrder(ReviewOrder.RANDOM, 7),
        toured=True,
        variant=Variant.WOVEN,
        mbti_share=7,
    )
    untouched = [
        each.name
        for each in fields(settings)
        if getattr(settings, each.name) == getattr(usual, each.name)
    ]
    assert untouched == []
    workflow.save_settings(workspace, settings)
    assert workflow.load_settings(workspace) == settings
    options = workflow.read_options(settings)
    assert (options.zone, options.limits, options.mappings) == (
        "Europe/Berlin",
        Limits(nesting=9),
        (mapping,),
    )


def test_a_mapping_is_replaced_by_a_later_one_of_the_same_header_and_forgotten(
    workspace: workflow.Workspace,
) -> None:
    header = ("a", "b", "c")
    workflow.save_mapping(workspace, ColumnMapping(header, sender="a", text="b"))
    workflow.save_mapping(workspace, ColumnMapping(("x",), sender="x", text="x"))
    workflow.save_mapping(workspace, ColumnMapping(header, sender="b", text="c"))
    kept = workflow.load_settings(workspace).mappings
    assert [(each.header, each.sender) for each in kept] == [(("x",), "x"), (header, "b")]
    workflow.forget_mapping(workspace, header)
    assert [each.header for each in workflow.load_settings(workspace).mappings] == [("x",)]
