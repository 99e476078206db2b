"""The review page's suggestions: what the window tells, and answers as numbered actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from curation import workflow
from curation.model import ConversationFilter, Decision, Persona, Status
from curation.store.tables import suggestion

if TYPE_CHECKING:
    from tests.workflow.conftest import WriteChat

ALL = ConversationFilter()


@pytest.fixture
def talk(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """Two conversations; the first one's second message may be happy."""
    path = write_chat(
        [
            (0, "阿橙", "蒋思源在吗"),
            (1, "小满", "在~ 雨涵呢"),
            (300, "阿橙", "晚安"),
            (301, "小满", "安"),
        ]
    )
    workflow.import_files(workspace, [path], me={path: "小满"})
    (first, _second) = workflow.review_window(workspace, ALL).records
    told = {"kind": "emotion", "label": "开心", "score": 0.7, "reason": "", "model": "test"}
    about = {"conversation_id": 1, "message_id": first.conversation.messages[1].id}
    with workspace.write() as connection:
        connection.execute(insert(suggestion).values(**told, **about, state="open"))
    return workspace


def sent(n: int, version: int = 1, **more: Any) -> dict[str, object]:
    return {"n": n, "type": "answer_suggestion", "id": 1, "version": version, **more}


def test_the_window_tells_them_and_an_answer_is_one_action_that_can_be_undone(
    talk: workflow.Workspace,
) -> None:
    (told,) = workflow.review_window(talk, ALL).records[0].suggestions
    ack = workflow.commit_actions(talk, "c", [sent(1, suggestion=told.id, accept=True)])
    assert ack.refused == ()
    window = workflow.review_window(talk, ALL)
    record = window.records[0]
    assert (record.suggestions, record.conversation.version) == ((), 2)
    assert record.conversation.messages[1].emotions == ("开心",)
    assert window.undo == "answer_suggestion"
    workflow.commit_actions(talk, "c", [{"n": 2, "type": "undo"}])
    record = workflow.review_window(talk, ALL).records[0]
    assert record.suggestions == (told,)
    assert record.conversation.messages[1].emotions == ()


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(sent(1, 9, suggestion=1, accept=True), id="another version"),
        pytest.param(sent(1, suggestion=2, accept=True), id="no such suggestion"),
        pytest.param(sent(1, suggestion=1), id="no answer"),
        pytest.param(sent(1, suggestion="1", accept=True), id="no number"),
        pytest.param(sent(1, suggestion=None, accept=False), id="like no other"),
    ],
)
def test_an_answer_to_what_is_not_there_is_refused(
    talk: workflow.Workspace, action: dict[str, object]
) -> None:
    ack = workflow.commit_actions(talk, "c", [action])
    assert [each.n for each in ack.refused] == [1]
    assert len(workflow.review_window(talk, ALL).records[0].suggestions) == 1


def test_the_personas_own_name_is_told_to_stay_until_it_is_decided(
    talk: workflow.Workspace,
) -> None:
    def staying() -> list[str]:
        return [
            message.text[each.start : each.end]
            for record in workflow.review_window(talk, ALL).records
            for message in record.conversation.messages
            for each in message.findings
            if each.id in record.staying
        ]

    workflow.save_persona(talk, Persona(name="蒋思源"))
    workflow.scan_findings(talk)
    workflow.set_status(talk, [1, 2], Status.APPROVED)
    summary = workflow.export_summary(talk)
    assert staying() == ["蒋思源"]
    assert (summary.own_names, summary.undecided_findings > 0) == (1, True)
    workflow.decide_value(talk, "PERSON", "蒋思源", Decision.MASK)
    assert staying() == []
    assert workflow.export_summary(talk).own_names == 0
    workflow.save_persona(talk, Persona(name=""))
    assert staying() == []
