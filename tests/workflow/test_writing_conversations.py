"""Conversations that a person writes, and answers to questions: pending, searched, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.errors import ActionRefusedError
from curation.model import ConversationFilter, Persona, Side, Status
from curation.workflow import QUESTION_GROUPS, QUESTIONS, Line, WritingDraft

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.model import Conversation
    from curation.workflow import Workspace

    WriteChat = Callable[..., Path]

TALK = (
    Line(Side.OTHER, "周末干嘛"),
    Line(Side.ME, " 躺着~ "),
    Line(Side.ME, "哈哈哈[旺柴]"),
    Line(Side.OTHER, "我的号13812345678"),
    Line(Side.ME, "好"),
)
WRITTEN = ConversationFilter(sources=(workflow.HANDWRITTEN,))


def whole(workspace: Workspace, number: int) -> Conversation:
    window = workflow.review_window(workspace, ConversationFilter(), at=number)
    return next(each.conversation for each in window.records if each.conversation.id == number)


def test_what_is_written_is_a_pending_conversation_that_was_searched(workspace: Workspace) -> None:
    number = workflow.write_conversation(workspace, TALK)
    talk = whole(workspace, number)
    assert [(each.side, each.text) for each in talk.messages] == [
        (Side.OTHER, "周末干嘛"),
        (Side.ME, "躺着~"),
        (Side.ME, "哈哈哈[旺柴]"),
        (Side.OTHER, "我的号13812345678"),
        (Side.ME, "好"),
    ]
    assert (talk.status, talk.source) == (Status.PENDING, workflow.HANDWRITTEN)
    assert [each.entity for each in talk.messages[3].findings] == ["PHONE_NUMBER"]
    workflow.scan_findings(workspace)
    assert whole(workspace, number).messages == talk.messages
    assert workflow.count_matching(workspace, WRITTEN) == workflow.written_count(workspace) == 1


def test_it_goes_through_review_and_export_like_any_other(
    workspace: Workspace, tmp_path: Path
) -> None:
    workflow.write_conversation(workspace, TALK, "妈妈")
    workflow.save_persona(workspace, Persona(name="小满", relations={"妈妈": "妈妈"}))
    workflow.set_status(workspace, WRITTEN, Status.APPROVED)
    report = workflow.export_dataset(workspace, tmp_path / "out")
    assert report.records == 1
    text = (tmp_path / "out" / "sharegpt.json").read_text(encoding="utf-8")
    assert "躺着~\\n哈哈哈[旺柴]" in text
    assert "13812345678" not in text
    assert "对方是你的妈妈" in text


def test_undo_takes_it_back_and_redo_brings_it_again(workspace: Workspace) -> None:
    number = workflow.write_conversation(workspace, TALK)
    workflow.undo(workspace)
    assert workflow.count_matching(workspace, WRITTEN) == 0
    workflow.redo(workspace)
    assert len(whole(workspace, number).messages) == 5
    workflow.scan_findings(workspace)
    assert whole(workspace, number).messages[3].findings


def test_what_a_later_search_found_does_not_stand_in_the_way_of_undo(workspace: Workspace) -> None:
    number = workflow.write_conversation(workspace, TALK)
    workflow.save_persona(workspace, Persona(name="躺着"))  # a name more to look for
    workflow.undo(workspace)
    workflow.scan_findings(workspace)
    workflow.always_mask(workspace, "周末")
    workflow.scan_findings(workspace)
    assert whole(workspace, number).messages[0].findings
    workflow.undo(workspace)
    workflow.undo(workspace)
    assert workflow.count_matching(workspace, WRITTEN) == 0


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((), "each side"),
        ((Line(Side.ME, "嗯"),), "each side"),
        ((Line(Side.ME, "嗯"), Line(Side.OTHER, " \n ")), "each side"),
        ((*TALK, Line(Side.ME, "长" * 5001)), "too long"),
        (TALK * 81, "too long"),
    ],
)
def test_what_is_no_conversation_is_refused_in_a_sentence(
    workspace: Workspace, lines: tuple[Line, ...], why: str
) -> None:
    with pytest.raises(ActionRefusedError, match=why):
        workflow.write_conversation(workspace, lines)
    assert workflow.is_empty(workspace)


def test_an_import_and_splitting_again_leave_it_as_it_is(
    workspace: Workspace, write_chat: WriteChat
) -> None:
    number = workflow.write_conversation(workspace, TALK, "阿橙")
    before = whole(workspace, number)
    path = write_chat([(0, "阿橙", "周末干嘛"), (1, "小满", "躺着~"), (900, "阿橙", "在吗")])
    report = workflow.import_files(workspace, [path], me={path: "小满"})
    assert report.added == 3
    workflow.resplit(workspace)
    after = whole(workspace, number)
    assert [each.id for each in after.messages] == [each.id for each in before.messages]
    assert after.chat == "阿橙"


def test_how_the_person_writes_is_not_read_from_it(workspace: Workspace) -> None:
    workflow.write_conversation(workspace, TALK)
    assert workflow.measure_voice(workspace).before.messages == 0


def test_the_chat_of_what_was_written_is_nobodys_name(workspace: Workspace) -> None:
    workflow.write_conversation(workspace, TALK)
    assert workflow.WRITTEN_CHAT in workflow.chats(workspace)
    assert workflow.WRITTEN_CHAT not in workflow.known_names(workspace)


def test_there_are_a_hundred_questions_each_once_in_known_groups() -> None:
    assert len(QUESTIONS) == len({each.text for each in QUESTIONS}) == 100
    assert {each.group for each in QUESTIONS} == set(QUESTION_GROUPS)
    assert len({each.key for each in QUESTIONS}) == 100


def test_an_answer_is_a_conversation_and_counts_until_it_is_undone(workspace: Workspace) -> None:
    question = QUESTIONS[7]
    lines = [Line(Side.OTHER, question.text), Line(Side.ME, "有啊"), Line(Side.ME, "不说哈哈")]
    number = workflow.answer_question(workspace, question.key, lines)
    assert workflow.answered_questions(workspace) == {question.key}
    assert whole(workspace, number).messages[0].text == question.text
    workflow.undo(workspace)
    assert workflow.answered_questions(workspace) == set()
    assert workflow.count_matching(workspace, WRITTEN) == 0
    workflow.redo(workspace)
    assert workflow.answered_questions(workspace) == {question.key}


def test_an_unknown_question_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ActionRefusedError, match="not known"):
        workflow.answer_question(workspace, "childhood-99", TALK)


def test_a_draft_is_kept_for_each_place_and_reviewer_without_a_step_in_the_journal(
    workspace: Workspace,
) -> None:
    draft = WritingDraft((Line(Side.ME, "在"),), "没写完", Side.ME, "阿橙")
    workflow.keep_draft(workspace, "free", draft)
    assert workflow.load_draft(workspace, "free") == draft
    assert workflow.load_draft(workspace, "childhood-1") == WritingDraft()
    assert workflow.load_draft(workspace.acting_as("阿橙"), "free") == WritingDraft()
    workflow.keep_draft(workspace, "free", WritingDraft())
    assert workflow.load_draft(workspace, "free").empty
    assert workflow.journal_page(workspace).total == 0
