"""Whatever changes what the search finds lets everything be searched again, decisions kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from curation import store, workflow
from curation.model import Decision
from curation.store import journal, terms

if TYPE_CHECKING:
    import pytest

    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat


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
        assert terms.patterns(connection, terms.IGNORE) == ("翻斗*",)
        assert terms.patterns(connection, terms.MASK) == ()
    workflow.undo(workspace)
    with workspace.read() as connection:
        assert terms.patterns(connection, terms.IGNORE) == ()


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
