"""Splitting again changes what nobody touched, and nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from curation import workflow
from curation.model import Conversation, ConversationFilter, Decision, FindingFilter, Status
from curation.store import iter_conversations
from curation.store.tables import finding, message
from tests.examples import examples

if TYPE_CHECKING:
    from tests.workflow.conftest import Line, WriteChat

TALK: list[Line] = [
    (0, "阿橙", "在吗"),
    (1, "小满", "在呀~"),
    (21, "阿橙", "我号13800138000"),
    (22, "小满", "收到[OK]"),
    (60, "阿橙", "吃了没"),
    (61, "小满", "吃了"),
    (100, "阿橙", "睡了"),
    (101, "小满", "晚安"),
]


def fixed(minutes: int, **more: object) -> workflow.Settings:
    return workflow.Settings(gap_mode="fixed", gap_minutes=minutes, **more)  # type: ignore[arg-type]  # the names are the test's own


@pytest.fixture
def chat(workspace: workflow.Workspace, write_chat: WriteChat) -> int:
    """Import TALK with a gap of half an hour: conversations of 4, 2 and 2 messages."""
    workflow.save_settings(workspace, fixed(30))
    path = write_chat(TALK)
    workflow.import_files(workspace, [path], me={path: "小满"})
    return workflow.chat_overview(workspace)[0].id


def everything(workspace: workflow.Workspace) -> list[Conversation]:
    return list(iter_conversations(workspace, ConversationFilter()))


def sizes(workspace: workflow.Workspace) -> list[int]:
    return [len(each.messages) for each in everything(workspace)]


def check_counts(workspace: workflow.Workspace) -> None:
    """Counts and derived columns are what the messages say, and no reference is broken."""
    held = everything(workspace)
    counted = workflow.count_by_status(workspace)
    assert {status: counted[status] for status in Status} == {
        status: sum(each.status is status for each in held) for status in Status
    }
    rows = workflow.conversation_page(workspace, ConversationFilter(), order="queue").rows
    assert rows["length"].tolist() == [len(each.messages) for each in held]
    assert rows["started"].tolist() == [each.messages[0].time for each in held]
    if workspace.engine.dialect.name == "sqlite":  # elsewhere the database sees to it itself
        with workspace.read() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_untouched_conversations_are_split_by_the_new_gap(
    workspace: workflow.Workspace, chat: int
) -> None:
    assert sizes(workspace) == [4, 2, 2]
    workflow.set_gap(workspace, chat, 10)
    preview = workflow.resplit_preview(workspace)
    report = workflow.resplit(workspace)
    assert report == preview == workflow.ResplitReport(3, 4, 0)
    assert sizes(workspace) == [2, 2, 2, 2]
    check_counts(workspace)
    workflow.set_gap(workspace, chat, 120)
    assert workflow.resplit(workspace, [chat]) == workflow.ResplitReport(4, 1, 0)
    assert sizes(workspace) == [8]
    assert [m.text for m in everything(workspace)[0].messages] == [line[2] for line in TALK]
    check_counts(workspace)


def test_splitting_again_by_the_same_rules_changes_nothing(
    workspace: workflow.Workspace, chat: int
) -> None:
    before = everything(workspace)
    assert workflow.resplit(workspace, [chat]) == workflow.ResplitReport(3, 3, 0)
    assert everything(workspace) == before


def test_a_preview_of_other_settings_or_gaps_stores_nothing(
    workspace: workflow.Workspace, chat: int
) -> None:
    before = everything(workspace)
    tried = workflow.resplit_preview(workspace, settings=fixed(10))
    assert tried.conversations_after == 4
    assert workflow.resplit_preview(workspace, chat, gaps={chat: 120}).conversations_after == 1
    workflow.set_gap(workspace, chat, 10)
    assert workflow.resplit_preview(workspace, chat, gaps={chat: None}).conversations_after == 3
    assert everything(workspace) == before


def test_what_was_reviewed_stays_as_it_is_and_parts_what_lies_around(
    workspace: workflow.Workspace, chat: int
) -> None:
    middle = everything(workspace)[1]
    workflow.set_status(workspace, [middle.id], Status.APPROVED)
    approved = everything(workspace)[1]
    workflow.set_gap(workspace, chat, 120)
    assert workflow.resplit(workspace) == workflow.ResplitReport(2, 2, 1)
    assert everything(workspace)[1] == approved
    assert sizes(workspace) == [4, 2, 2]
    workflow.set_gap(workspace, chat, 10)
    workflow.resplit(workspace)
    assert sizes(workspace) == [2, 2, 2, 2]
    assert everything(workspace)[2] == approved
    check_counts(workspace)


def test_findings_and_their_decisions_stay_with_their_messages(
    workspace: workflow.Workspace, chat: int
) -> None:
    workflow.scan_findings(workspace)
    workflow.decide_value(workspace, "PHONE_NUMBER", "13800138000", Decision.KEEP)
    workflow.set_gap(workspace, chat, 10)
    workflow.resplit(workspace)
    with workspace.read() as connection:
        (row,) = connection.execute(
            select(message.c.original_text, finding.c.decision).join(message)
        ).all()
    assert tuple(row) == ("我号13800138000", "keep")
    with_findings = ConversationFilter(findings=FindingFilter.ANY)
    assert workflow.count_matching(workspace, with_findings) == 1
    assert workflow.unscanned_count(workspace) == 0
    assert workflow.undo(workspace) == "set_gap"
    assert workflow.undo(workspace) == "decide_finding"
    (held,) = list(iter_conversations(workspace, with_findings))
    assert [f.decision for m in held.messages for f in m.findings] == [Decision.PENDING]


def test_what_was_done_before_splitting_again_can_still_be_undone(
    workspace: workflow.Workspace, chat: int
) -> None:
    first, second, _third = everything(workspace)
    workflow.set_status(workspace, [first.id], Status.REJECTED)
    merge = {"n": 1, "type": "merge_next", "id": second.id, "version": second.version}
    assert workflow.commit_actions(workspace, "c", [merge]).refused == ()
    workflow.set_me(workspace, chat, "阿橙")
    workflow.set_gap(workspace, chat, 10)
    assert workflow.resplit(workspace).left_alone == 2
    taken_back = [workflow.undo(workspace) for _step in range(4)]
    assert taken_back == ["set_gap", "set_me", "merge_next", "set_status"]
    assert sizes(workspace) == [4, 2, 2]
    assert {each.status for each in everything(workspace)} == {Status.PENDING}
    check_counts(workspace)


def test_a_length_limit_splits_what_is_there(workspace: workflow.Workspace, chat: int) -> None:
    workflow.save_settings(workspace, fixed(120, length_limit=30, length_unit="characters"))
    workflow.resplit(workspace, [chat])
    held = everything(workspace)
    assert len(held) > 1
    assert all(sum(len(m.text) for m in each.messages) <= 30 for each in held)


@pytest.mark.parametrize("stage", ["split", "change", "duplicates"])
def test_stopped_in_between_nothing_has_changed(
    workspace: workflow.Workspace, chat: int, stage: str
) -> None:
    class StoppedError(Exception):
        pass

    def stop(now: str, done: int, total: int) -> None:
        if now == stage and done == total:
            raise StoppedError

    workflow.set_gap(workspace, chat, 10)
    before, history = everything(workspace), workflow.journal_page(workspace).lines
    with pytest.raises(StoppedError):
        workflow.resplit(workspace, progress=stop)
    assert everything(workspace) == before
    assert workflow.journal_page(workspace).lines == history


@pytest.mark.on_both
def test_conversations_without_times_are_left_as_they_are(
    workspace: workflow.Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "records.json"
    path.write_text(
        '[{"conversations": [{"from": "human", "value": "在吗"}, {"from": "gpt", "value": "在"}]}]',
        encoding="utf-8",
    )
    workflow.import_files(workspace, [path])
    before = everything(workspace)
    assert workflow.resplit(workspace) == workflow.ResplitReport(1, 1, 0)
    assert everything(workspace) == before


@settings(max_examples=examples(15), deadline=None)
@given(data=st.data())
def test_whatever_is_done_between_splits_no_message_is_lost_or_out_of_order(
    data: st.DataObject,
) -> None:
    with opened(data) as workspace:
        (chat,) = workflow.chat_overview(workspace)
        said = sorted(m.text for each in everything(workspace) for m in each.messages)
        steps = st.sampled_from(["gap", "split", "approve", "merge", "me", "undo", "redo"])
        for number, step in enumerate(data.draw(st.lists(steps, max_size=12)), start=1):
            one = data.draw(st.sampled_from(everything(workspace)))
            if step == "gap":
                workflow.set_gap(
                    workspace, chat.id, data.draw(st.sampled_from([10, 40, 300, None]))
                )
            elif step == "split":
                fixed_ones = touched(workspace)
                workflow.resplit(workspace)
                assert touched(workspace) == fixed_ones
            elif step == "approve":
                workflow.set_status(workspace, [one.id], Status.APPROVED)
            elif step == "merge":
                action = {"n": number, "type": "merge_next", "id": one.id, "version": one.version}
                workflow.commit_actions(workspace, "c", [action])
            elif step == "me":
                workflow.set_me(workspace, chat.id, data.draw(st.sampled_from(["阿橙", "小满"])))
            elif step == "undo":
                workflow.undo(workspace)
            else:
                workflow.redo(workspace)
            check_counts(workspace)
        held = everything(workspace)
        assert sorted(m.text for each in held for m in each.messages) == said
        for each in held:
            times = [m.time for m in each.messages if m.time]
            assert times == sorted(times)


def opened(data: st.DataObject) -> _Opened:
    pauses = data.draw(st.lists(st.sampled_from([1, 20, 50, 200]), min_size=4, max_size=14))
    who = data.draw(st.lists(st.booleans(), min_size=len(pauses), max_size=len(pauses)))
    return _Opened(pauses, who)


class _Opened:
    """A workspace with one chat of both sides, closed and removed afterwards."""

    def __init__(self, pauses: list[int], who: list[bool]) -> None:
        self._lines = [(0, "阿橙", "起"), (1, "小满", "承")]
        minute = 1
        for number, (pause, mine) in enumerate(zip(pauses, who, strict=True)):
            minute += pause
            self._lines.append((minute, "小满" if mine else "阿橙", f"第{number}句"))

    def __enter__(self) -> workflow.Workspace:
        self._folder = TemporaryDirectory()
        folder = Path(self._folder.name)
        self._workspace = workflow.open_workspace(folder / "w.db")
        path = folder / "阿橙.csv"
        rows = ["消息ID,类型,发送人,时间,内容,备注,昵称,更多信息"]
        for number, (minute, who, said) in enumerate(self._lines):
            day, hour, left = 1 + minute // 1440, minute // 60 % 24, minute % 60
            stamp = f"2024-05-{day:02} {hour:02}:{left:02}:00"
            rows.append(f"{7 * 10**18 + number},文本,{who},{stamp},{said},{who},{who},more")
        path.write_text("\ufeff" + "\n".join(rows) + "\n", encoding="utf-8")
        workflow.import_files(self._workspace, [path], me={path: "小满"})
        return self._workspace

    def __exit__(self, *_error: object) -> None:
        self._workspace.close()
        self._folder.cleanup()


def touched(workspace: workflow.Workspace) -> list[tuple[object, ...]]:
    """Conversations that a person acted on, with the messages they hold."""
    with workspace.read() as connection:
        return [
            tuple(row)
            for row in connection.execute(
                text(
                    "SELECT conversation.id, version, status, message.id, position, side"
                    " FROM conversation JOIN message ON message.conversation_id = conversation.id"
                    " WHERE touched ORDER BY conversation.id, position, message.id"
                )
            )
        ]
