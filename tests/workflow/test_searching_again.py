"""Whatever changes what the search finds lets everything be searched again, decisions kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from curation import store, workflow
from curation.model import ConversationFilter, Decision, Finding, FindingQuery, Status
from curation.store import findings, iter_conversations, journal, terms
from curation.store.tables import finding, value_decision

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat

PHONE = ("PHONE_NUMBER", "13812345678")


def test_a_threshold_takes_findings_away_and_gives_them_back_with_their_decision(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    path = write_chat([(0, "阿橙", "电话13812345678"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    workflow.decide_value(workspace, "PHONE_NUMBER", "13812345678", Decision.KEEP)
    usual = workflow.load_settings(workspace)
    workflow.save_settings(workspace, replace(usual, thresholds={"PHONE_NUMBER": 0.99}))
    assert workflow.unscanned_count(workspace) == 2
    assert workflow.scan_findings(workspace) == 2
    assert workflow.finding_counts(workspace) == {}
    workflow.save_settings(workspace, usual)
    workflow.scan_findings(workspace)
    assert workflow.finding_counts(workspace) == {("PHONE_NUMBER", Decision.KEEP): 1}


def test_a_term_of_ones_own_can_be_put_and_taken_back(workspace: Workspace) -> None:
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        terms.put(recorder, "翻斗*", terms.MASK)
        terms.put(recorder, "翻斗*", terms.IGNORE)
        journal.finish(recorder, "put_term")
        assert tuple(terms.entities(connection, terms.IGNORE)) == ("翻斗*",)
        assert tuple(terms.entities(connection)) == ()
    workflow.undo(workspace)
    with workspace.read() as connection:
        assert tuple(terms.entities(connection, terms.IGNORE)) == ()


def test_what_was_decided_to_be_masked_stays_whatever_the_search_would_find(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    path = write_chat([(0, "阿橙", "电话13812345678，旧的是13987654321"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    workflow.decide_value(workspace, "PHONE_NUMBER", "13812345678", Decision.MASK)
    usual = workflow.load_settings(workspace)
    for thresholds in ({"PHONE_NUMBER": 0.99}, {"PHONE_NUMBER": 1.0}):
        workflow.save_settings(workspace, replace(usual, thresholds=thresholds))
        workflow.scan_findings(workspace)
        assert workflow.finding_counts(workspace) == {("PHONE_NUMBER", Decision.MASK): 1}
    workflow.save_settings(workspace, usual)
    workflow.scan_findings(workspace)
    assert workflow.finding_counts(workspace) == {
        ("PHONE_NUMBER", Decision.MASK): 1,
        ("PHONE_NUMBER", Decision.PENDING): 1,
    }


def test_what_was_masked_and_is_never_to_be_flagged_again_goes(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    path = write_chat([(0, "阿橙", "电话13812345678"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    workflow.decide_value(workspace, "PHONE_NUMBER", "13812345678", Decision.MASK)
    workflow.never_flag(workspace, "PHONE_NUMBER", "13812345678")
    assert workflow.finding_counts(workspace) == {}
    usual = workflow.load_settings(workspace)
    workflow.save_settings(workspace, replace(usual, thresholds={"EMAIL_ADDRESS": 0.9}))
    workflow.scan_findings(workspace)
    assert workflow.finding_counts(workspace) == {}


def test_a_term_that_is_told_while_a_search_runs_is_found_in_what_it_had_read(
    workspace: Workspace, write_chat: WriteChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_chat([(0, "阿橙", "去翻斗花园吗"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    save = store.save_findings

    def told_meanwhile(*read: Any) -> None:
        monkeypatch.setattr(store, "save_findings", save)
        workflow.always_mask(workspace, ["翻斗"])
        save(*read)

    monkeypatch.setattr(store, "save_findings", told_meanwhile)
    workflow.scan_findings(workspace)
    assert workflow.unscanned_count(workspace) == 0
    assert workflow.finding_counts(workspace) == {("CUSTOM_TERM", Decision.MASK): 1}


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("decide", "left"),
    [
        (lambda w, f: workflow.decide_place(w, f.id, Decision.KEEP), {Decision.KEEP: 1}),
        (lambda w, _f: workflow.decide_value(w, *PHONE, Decision.KEEP), {}),
        (lambda w, _f: workflow.decide_matching(w, FindingQuery(), Decision.KEEP), {}),
    ],
)
def test_a_decision_can_be_undone_after_a_search_that_finds_less(
    workspace: Workspace,
    write_chat: WriteChat,
    decide: Callable[[Workspace, Finding], int],
    left: dict[Decision, int],
) -> None:
    path = write_chat([(0, "阿橙", f"电话{PHONE[1]}"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    (held,) = iter_conversations(workspace, ConversationFilter())
    workflow.set_status(workspace, [held.id], Status.APPROVED)
    decide(workspace, held.messages[0].findings[0])
    usual = workflow.load_settings(workspace)
    workflow.save_settings(workspace, replace(usual, thresholds={"PHONE_NUMBER": 1.0}))
    workflow.scan_findings(workspace)
    counts = {("PHONE_NUMBER", decision): count for decision, count in left.items()}
    assert workflow.finding_counts(workspace) == counts
    assert workflow.undo(workspace) == "decide_finding"
    assert workflow.undo(workspace) == "set_status"
    assert workflow.redo(workspace) == "set_status"
    assert workflow.redo(workspace) == "decide_finding"
    workflow.save_settings(workspace, usual)
    workflow.scan_findings(workspace)
    assert workflow.finding_counts(workspace) == {("PHONE_NUMBER", Decision.KEEP): 1}


@pytest.mark.on_both
def test_undo_and_redo_of_a_decision_reach_what_was_found_since(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    def decided() -> list[Decision]:
        return [
            each.decision
            for held in iter_conversations(workspace, ConversationFilter())
            for message in held.messages
            for each in message.findings
        ]

    def bring(name: str, first_id: int) -> None:
        lines = [(0, name, f"（{first_id}）电话{PHONE[1]}"), (1, "小满", "好")]
        path = write_chat(lines, name, first_id)
        workflow.import_files(workspace, [path], me={path: "小满"})
        workflow.scan_findings(workspace)

    bring("阿橙", 1)
    workflow.decide_value(workspace, *PHONE, Decision.KEEP)
    usual = workflow.load_settings(workspace)
    for thresholds in ({"PHONE_NUMBER": 1.0}, {}):  # the only place is found anew
        workflow.save_settings(workspace, replace(usual, thresholds=thresholds))
        workflow.scan_findings(workspace)
    bring("老陈", 100)
    assert decided() == [Decision.KEEP] * 2
    assert workflow.undo(workspace) == "decide_finding"
    assert decided() == [Decision.PENDING] * 2
    with workspace.read() as connection:
        undecided = connection.exec_driver_sql("SELECT SUM(undecided) FROM conversation")
        assert undecided.scalar_one() == 2
    workflow.redo(workspace)
    assert decided() == [Decision.KEEP] * 2
    workflow.undo(workspace)
    workflow.decide_value(workspace, *PHONE, Decision.MASK)
    bring("林哥", 200)
    workflow.undo(workspace)
    assert decided() == [Decision.PENDING] * 3


@pytest.mark.parametrize("later", [False, True])
def test_undo_of_a_decision_leaves_what_was_decided_by_itself(
    workspace: Workspace, write_chat: WriteChat, *, later: bool
) -> None:
    path = write_chat([(0, "阿橙", f"电话{PHONE[1]}或{PHONE[1]}"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.always_mask(workspace, ["好"])
    workflow.scan_findings(workspace)
    (held,) = iter_conversations(workspace, ConversationFilter())
    _first, second = held.messages[0].findings
    workflow.decide_place(workspace, second.id, Decision.KEEP)
    workflow.decide_value(workspace, *PHONE, Decision.KEEP)
    workflow.decide_value(workspace, "CUSTOM_TERM", "好", Decision.MASK)
    decisions = workflow.journal_page(workspace).lines if later else ()
    if later:
        workflow.undo_action(workspace, decisions[1].id)
    else:
        workflow.undo(workspace)
        workflow.undo(workspace)
    (held,) = iter_conversations(workspace, ConversationFilter())
    assert [each.decision for message in held.messages for each in message.findings] == [
        *(Decision.PENDING, Decision.KEEP, Decision.MASK)
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("电话13812345678", "嗯，电话13987654321"), ("早", "电话13987654321"), ("13812345678", "早")],
)
def test_an_edit_can_be_undone_after_a_search_that_finds_other_things(
    workspace: Workspace, write_chat: WriteChat, before: str, after: str
) -> None:
    def shown() -> list[str]:
        (held,) = iter_conversations(workspace, ConversationFilter())
        text = held.messages[0].text
        return [text, *(text[each.start : each.end] for each in held.messages[0].findings)]

    path = write_chat([(0, "阿橙", before), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    (held,) = iter_conversations(workspace, ConversationFilter())
    action = {"n": 1, "type": "edit_message", "id": held.id, "version": held.version}
    action |= {"message": held.messages[0].id, "text": after}
    first = shown()
    assert workflow.commit_actions(workspace, "tab", [action]).refused == ()
    second = shown()
    usual = workflow.load_settings(workspace)
    for thresholds in ({"PHONE_NUMBER": 1.0}, {}):
        workflow.save_settings(workspace, replace(usual, thresholds=thresholds))
        workflow.scan_findings(workspace)
    assert workflow.undo(workspace) == "edit_message"
    assert shown()[0] == before
    workflow.scan_findings(workspace)
    assert shown() == first
    assert workflow.redo(workspace) == "edit_message"
    workflow.scan_findings(workspace)
    assert shown() == second


def test_a_value_that_begins_elsewhere_stays_decided_and_can_be_undone(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    def found() -> list[tuple[int, Decision]]:
        (held,) = iter_conversations(workspace, ConversationFilter())
        return [(each.start, each.decision) for each in held.messages[0].findings]

    path = write_chat([(0, "阿橙", f"电话+86{PHONE[1]}或{PHONE[1]}"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    (held,) = iter_conversations(workspace, ConversationFilter())
    first, second = held.messages[0].findings
    workflow.decide_place(workspace, first.id, Decision.KEEP)
    shorter = replace(first, start=first.start + 3)
    third = replace(second, start=0, end=1)
    with workspace.write() as connection:
        searched = findings.searched(connection, [held.id])
        now = [store.ValuedFinding(each, PHONE[1]) for each in (shorter, second, third)]
        findings.replace_findings(connection, searched, {held.messages[0].id: now})
    assert sorted(found()) == [
        (0, Decision.PENDING),
        (shorter.start, Decision.KEEP),
        (second.start, Decision.PENDING),
    ]
    workflow.undo(workspace)
    assert {decision for _start, decision in found()} == {Decision.PENDING}


def test_more_values_than_one_question_may_hold_are_asked_for(workspace: Workspace) -> None:
    many = {f"{number}" for number in range(66_000)}
    with workspace.read() as connection:
        found = [store.ValuedFinding(Finding("PHONE_NUMBER", 0, 1, 1.0, ""), each) for each in many]
        assert findings.decisions_for_values(connection, found) == {}


@pytest.mark.parametrize("decision", [Decision.KEEP, Decision.MASK])
@pytest.mark.parametrize("place", [True, False])
def test_a_value_that_is_spelled_otherwise_since_an_update_stays_decided(
    workspace: Workspace, write_chat: WriteChat, *, place: bool, decision: Decision
) -> None:
    now, before = "北京市朝阳区花园路88号3号楼2-301", "北京市朝阳区花园路88号3号楼2301"

    def bring(name: str, first_id: int) -> list[Decision]:
        lines = [(0, name, f"（{first_id}）住{now}"), (9, "小满", "好")]
        path = write_chat([*lines, (18, name, f"就住{now}")], name, first_id)
        workflow.import_files(workspace, [path], me={path: "小满"})
        workflow.scan_findings(workspace)
        places = workflow.finding_places(workspace, "CN_ADDRESS", now).places
        return [each.decision for each in places][::-1]

    assert bring("阿橙", 1) == [Decision.PENDING] * 2
    first = workflow.finding_places(workspace, "CN_ADDRESS", now).places[-1]
    if place:
        workflow.decide_place(workspace, first.id, decision)
    else:
        workflow.decide_value(workspace, "CN_ADDRESS", now, decision)
    with workspace.write() as connection:
        for table in (finding, value_decision):
            connection.execute(update(table).values(value=before))
        connection.exec_driver_sql("UPDATE conversation SET scanned = false")
    both = [decision, Decision.PENDING if place else decision]
    assert bring("老陈", 100)[:2] == both
    decided = {} if place else {("CN_ADDRESS", now): decision}
    assert store.value_decisions(workspace) == decided
    assert workflow.undo(workspace) == "decide_finding"
    places = workflow.finding_places(workspace, "CN_ADDRESS", now).places
    assert {each.decision for each in places} == {Decision.PENDING}
    assert len(places) == 4
