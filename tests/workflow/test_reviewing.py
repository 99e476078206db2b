"""The review protocol: numbered actions, done once, refused in words; and the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.model import ConversationFilter, Decision, QueueOrder, ReviewOrder, Status
from curation.store import load_conversations

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow.conftest import WriteChat

PENDING = ConversationFilter(statuses=(Status.PENDING,))


@pytest.fixture
def talk(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """Conversations 1 to 5 of four messages each: 小满, 阿橙, 小满, 阿橙."""
    lines = [
        (hour * 120 + minute, "小满" if minute % 2 == 0 else "阿橙", f"{hour}点{minute}分~")
        for hour in range(5)
        for minute in range(4)
    ]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    return workspace


def status(workspace: workflow.Workspace, number: int) -> Status:
    return load_conversations(workspace, [number])[0].status


def action(n: int, kind: str, number: int = 1, version: int = 1, **more: Any) -> dict[str, object]:
    return {"n": n, "type": kind, "id": number, "version": version, **more}


def approve(n: int, number: int, version: int = 1) -> dict[str, object]:
    return action(n, "set_status", number, version, status="approved")


def test_actions_are_done_in_order_and_answered_with_the_last_number(
    talk: workflow.Workspace,
) -> None:
    ack = workflow.commit_actions(talk, "c", [approve(2, 2), approve(1, 1), approve(3, 3)])
    assert (ack.number, ack.refused) == (3, ())
    assert [status(talk, n) for n in (1, 2, 3, 4)] == [Status.APPROVED] * 3 + [Status.PENDING]


def test_a_repeated_action_does_nothing_twice(talk: workflow.Workspace) -> None:
    sent = [approve(1, 1), {"n": 2, "type": "undo"}]
    for _ in range(3):
        ack = workflow.commit_actions(talk, "c", sent)
    assert ack.number == 2
    assert status(talk, 1) == Status.PENDING
    assert [entry.action for entry in workflow.journal_page(talk).lines].count("undo") == 1


def test_numbers_of_two_screens_are_apart(talk: workflow.Workspace) -> None:
    workflow.commit_actions(talk, "a", [approve(1, 1)])
    workflow.commit_actions(talk, "b", [approve(1, 2)])
    assert status(talk, 2) == Status.APPROVED
    assert workflow.commit_actions(talk, "a", []).number == 1
    assert workflow.commit_actions(talk, "new", []).number == 0


def test_a_stale_action_is_refused_and_those_behind_it_are_done(talk: workflow.Workspace) -> None:
    ack = workflow.commit_actions(talk, "c", [approve(1, 1, version=9), approve(2, 2)])
    assert ack.number == 2
    assert [(r.n, r.conversation_id) for r in ack.refused] == [(1, 1)]
    assert "changed elsewhere" in str(ack.refused[0].error)
    assert (status(talk, 1), status(talk, 2)) == (Status.PENDING, Status.APPROVED)


def test_refusals_are_told_until_they_were_seen(talk: workflow.Workspace) -> None:
    workflow.commit_actions(talk, "c", [approve(1, 1, version=9)])
    assert len(workflow.commit_actions(talk, "c", []).refused) == 1
    ack = workflow.commit_actions(talk, "c", [approve(2, 2)], seen=1)
    assert ack.refused == ()


def test_several_actions_on_one_record_follow_each_other_by_version(
    talk: workflow.Workspace,
) -> None:
    ack = workflow.commit_actions(
        talk,
        "c",
        [
            action(1, "tag", version=1, emotion="开心", on=True, message=None),
            action(2, "delete_message", version=2, message=1, deleted=True),
            action(3, "set_background", version=3, text="周末"),
            approve(4, 1, version=4),
        ],
    )
    assert ack.refused == ()
    done = load_conversations(talk, [1])[0]
    assert (done.version, done.emotions, done.background) == (5, ("开心",), "周末")
    assert done.messages[0].deleted


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"type": "explode"}, id="an unknown type"),
        pytest.param({"type": "set_status", "status": "exported"}, id="an unknown status"),
        pytest.param({"type": "set_status", "status": None}, id="no status"),
        pytest.param({"type": "edit_message", "message": 1, "text": "  "}, id="an empty text"),
        pytest.param({"type": "edit_message", "message": "1", "text": "好"}, id="a wrong id"),
        pytest.param({"type": "edit_message", "message": 99, "text": "好"}, id="a message gone"),
        pytest.param({"type": "split", "message": 1}, id="a split before the first"),
        pytest.param({"type": "tag", "emotion": "", "on": True}, id="a tag without a name"),
        pytest.param({"type": "tag", "emotion": "开心", "on": 1}, id="a flag that is none"),
        pytest.param(
            {"type": "decide_finding", "finding": 1, "decision": "mask", "all_equal": False},
            id="a finding gone",
        ),
        pytest.param({"type": "set_status", "status": "approved", "id": 99}, id="a record gone"),
        pytest.param({"type": "undo"}, id="nothing to undo"),
        pytest.param({"type": "redo"}, id="nothing to redo"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_and_changes_nothing(
    talk: workflow.Workspace, bad: dict[str, object]
) -> None:
    before = load_conversations(talk, [1, 2, 3, 4, 5])
    ack = workflow.commit_actions(talk, "c", [{"n": 1, "id": 1, "version": 1, **bad}])
    assert ack.number == 1
    assert len(str(ack.refused[0].error)) > 10
    assert load_conversations(talk, [1, 2, 3, 4, 5]) == before


def test_an_edit_finds_what_is_private_in_the_new_text(talk: workflow.Workspace) -> None:
    workflow.commit_actions(
        talk, "c", [action(1, "edit_message", message=2, text="我号13800138000哈")]
    )
    message = load_conversations(talk, [1])[0].messages[1]
    assert [(f.entity, message.text[f.start : f.end]) for f in message.findings] == [
        ("PHONE_NUMBER", "13800138000")
    ]
    assert (message.edited, message.original_text) == (True, "0点1分~")


def test_an_added_message_is_searched_too_and_stands_where_it_was_put(
    talk: workflow.Workspace,
) -> None:
    workflow.commit_actions(
        talk,
        "c",
        [
            action(1, "add_message", before=1, side="other", text="我号13800138000"),
            action(2, "add_message", version=2, before=None, side="me", text="收到[OK]"),
        ],
    )
    messages = load_conversations(talk, [1])[0].messages
    assert [m.text for m in messages][0::5] == ["我号13800138000", "收到[OK]"]
    assert messages[0].added
    assert messages[0].findings[0].entity == "PHONE_NUMBER"


def test_a_decision_for_all_equal_values_leaves_other_records_versions_alone(
    talk: workflow.Workspace,
) -> None:
    workflow.commit_actions(
        talk,
        "c",
        [
            action(1, "edit_message", 1, message=2, text="13800138000"),
            action(2, "edit_message", 2, message=6, text="138-0013-8000"),
        ],
    )
    first, second = load_conversations(talk, [1, 2])
    found = first.messages[1].findings[0]
    workflow.commit_actions(
        talk,
        "c",
        [
            action(3, "decide_finding", 1, 2, finding=found.id, decision="keep", all_equal=True),
            approve(4, 2, version=second.version),
        ],
    )
    first, second = load_conversations(talk, [1, 2])
    assert [c.messages[1].findings[0].decision for c in (first, second)] == [Decision.KEEP] * 2
    assert second.status is Status.APPROVED


def test_the_window_holds_the_record_its_neighbours_and_the_counts(
    talk: workflow.Workspace,
) -> None:
    workflow.commit_actions(talk, "c", [approve(1, 1)])
    window = workflow.review_window(talk, PENDING, ahead=2, behind=2)
    assert window.at == 2
    assert [r.conversation.id for r in window.records] == [1, 2, 3, 4]
    assert (window.position, window.matching) == (2, 5)
    assert window.counts[Status.PENDING] == 4
    assert (window.undo, window.redo) == ("set_status", None)


def test_the_queue_starts_again_after_its_end(talk: workflow.Workspace) -> None:
    window = workflow.review_window(talk, PENDING, at=5, ahead=2)
    assert [r.conversation.id for r in window.records][-3:] == [5, 1, 2]


def test_a_record_that_no_longer_matches_stays_on_screen(talk: workflow.Workspace) -> None:
    workflow.commit_actions(talk, "c", [approve(1, 2)])
    assert workflow.review_window(talk, PENDING, at=2).at == 2


def test_an_empty_queue_is_an_empty_window(workspace: workflow.Workspace) -> None:
    window = workflow.review_window(workspace, PENDING)
    assert (window.at, window.records, window.matching) == (None, (), 0)


def test_what_the_export_leaves_out_is_told(talk: workflow.Workspace) -> None:
    record = workflow.review_window(talk, PENDING).records[0]
    assert (record.leading, record.trailing) == (frozenset({1}), frozenset({4}))
    assert record.entering == {1, 2, 3, 4}


def test_undo_tells_which_record_to_show(talk: workflow.Workspace) -> None:
    workflow.commit_actions(talk, "c", [approve(1, 3), approve(2, 4)])
    ack = workflow.commit_actions(talk, "c", [{"n": 3, "type": "undo"}])
    assert (ack.at, status(talk, 4), status(talk, 3)) == (4, Status.PENDING, Status.APPROVED)


def test_bulk_actions_are_one_undo(talk: workflow.Workspace) -> None:
    assert workflow.set_status(talk, PENDING, Status.APPROVED) == 5
    assert workflow.tag_emotion(talk, [1, 2], "温柔", on=True) == 2
    assert workflow.undo(talk) == "tag"
    assert workflow.undo(talk) == "set_status"
    assert workflow.count_matching(talk, PENDING) == 5
    assert workflow.redo(talk) == "set_status"
    assert workflow.count_matching(talk, PENDING) == 0


def test_acting_on_nothing_leaves_no_line_in_the_history(talk: workflow.Workspace) -> None:
    before = len(workflow.journal_page(talk).lines)
    assert workflow.set_status(talk, PENDING, Status.PENDING) == 0
    assert len(workflow.journal_page(talk).lines) == before


def test_deciding_what_is_private_does_not_take_the_person_out_of_the_riskiest(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    lines = [
        (hour * 120 + minute, who, text)
        for hour in range(4)
        for minute, (who, text) in enumerate(
            [("阿橙", f"我号1380013800{hour}"), ("小满", "记下了")]
        )
    ]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    order = QueueOrder(ReviewOrder.RISK)
    window = workflow.review_window(workspace, PENDING, order=order)
    first, second = (each.conversation for each in window.records[:2])
    assert window.at == first.id
    place = window.places[first.id]
    for n, found in enumerate(first.messages[0].findings, start=1):
        sent = action(
            n, "decide_finding", first.id, first.version + n - 1,
            finding=found.id, decision="mask", all_equal=False,
        )  # fmt: skip
        assert not workflow.commit_actions(workspace, "c", [sent]).refused

    after = workflow.review_window(workspace, PENDING, at=first.id, place=place, order=order)
    ids = [each.conversation.id for each in after.records]
    assert (after.at, ids[ids.index(first.id) + 1]) == (first.id, second.id)
    assert after.places[first.id] == place
    # Without the place it would go on behind everything that still is risky.
    later = workflow.review_window(workspace, PENDING, at=first.id, order=order)
    assert later.position == 4


@pytest.mark.parametrize("place", [(9.0, 1.0), (0.0,), (), (0.5, 1.0, 2.0)])
def test_a_place_that_means_nothing_is_passed_over(
    talk: workflow.Workspace, place: tuple[float, ...]
) -> None:
    window = workflow.review_window(talk, PENDING, at=3, place=place)
    assert (window.at, window.position) == (3, 3)


def test_a_note_is_kept_found_taken_back_and_never_exported(
    talk: workflow.Workspace, tmp_path: Path
) -> None:
    sent = action(1, "set_note", text="问问小林这段要不要留\n")
    assert not workflow.commit_actions(talk, "c", [sent]).refused
    assert load_conversations(talk, [1])[0].note == "问问小林这段要不要留"
    assert workflow.count_matching(talk, ConversationFilter(noted=True)) == 1
    assert workflow.count_matching(talk, ConversationFilter(noted=False)) == 4
    workflow.set_status(talk, ConversationFilter(), Status.APPROVED)
    workflow.export_dataset(talk, tmp_path / "out")
    written = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()]
    assert len(written) > 2
    assert not any("小林" in text for text in written)

    for _time in range(2):
        workflow.undo(talk)
    assert load_conversations(talk, [1])[0].note == ""


def test_notes_of_merged_conversations_are_joined(talk: workflow.Workspace) -> None:
    notes = [action(1, "set_note", text="甲"), action(2, "set_note", 2, text="乙")]
    workflow.commit_actions(talk, "c", [*notes, action(3, "merge_next", version=2)])
    assert load_conversations(talk, [1])[0].note == "甲\n乙"
