"""The journal tells who did what, before and after; it is filtered, and any of it is undone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.errors import ActionRefusedError, DependentActionsError
from curation.model import ConversationFilter, Decision, JournalQuery, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.workflow import JournalLine, Workspace
    from tests.workflow.conftest import WriteChat

EVERYTHING = ConversationFilter()


@pytest.fixture
def talk(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    """Three conversations of four messages each with 阿橙, mine first."""
    lines = [
        (hour * 120 + minute, "小满" if minute % 2 == 0 else "阿橙", f"{hour}点{minute}分~")
        for hour in range(3)
        for minute in range(4)
    ]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    return workspace


def act(workspace: Workspace, **action: Any) -> None:
    """Do one action as the review page sends it."""
    window = workflow.review_window(workspace, EVERYTHING, at=action.get("id"))
    version = next(
        (r.conversation.version for r in window.records if r.conversation.id == action.get("id")), 0
    )
    sent: Mapping[str, object] = {"n": 1, "version": version, **action}
    client = f"test{workflow.journal_page(workspace, JournalQuery()).total}"
    refused = workflow.commit_actions(workspace, client, [sent]).refused
    assert not refused, str(refused[0].error)


def newest(workspace: Workspace) -> JournalLine:
    return workflow.journal_page(workspace, JournalQuery()).lines[0]


def first_message(workspace: Workspace) -> Any:
    window = workflow.review_window(workspace, EVERYTHING)
    return window.records[0].conversation.messages[0]


TOLD: dict[str, tuple[Callable[[Any], dict[str, Any]], tuple[str, str | None, str | None]]] = {
    "status": (
        lambda _m: {"type": "set_status", "status": "approved"},
        ("conversation.status", "pending", "approved"),
    ),
    "text": (
        lambda m: {"type": "edit_message", "message": m.id, "text": "<b>早</b>！"},
        ("message.edited_text", "TEXT", "<b>早</b>！"),
    ),
    "removed": (
        lambda m: {"type": "delete_message", "message": m.id, "deleted": True},
        ("message.deleted", "0", "1"),
    ),
    "tag": (
        lambda _m: {"type": "tag", "emotion": "开心", "on": True, "message": None},
        ("emotion_tag", None, "开心"),
    ),
    "background": (
        lambda _m: {"type": "set_background", "text": "周末在家"},
        ("conversation.background", "", "周末在家"),
    ),
    "added": (
        lambda _m: {"type": "add_message", "side": "me", "text": "好呀", "before": None},
        ("message", None, "好呀"),
    ),
}


@pytest.mark.parametrize(("action", "expected"), TOLD.values(), ids=TOLD.keys())
def test_a_line_says_what_was_before_and_after(
    talk: Workspace,
    action: Callable[[Any], dict[str, Any]],
    expected: tuple[str, str | None, str | None],
) -> None:
    message = first_message(talk)
    act(talk, id=1, **action(message))
    line = newest(talk)
    what, before, after = expected
    told = [(each.what, each.before, each.after) for each in line.details]
    assert (what, message.text if before == "TEXT" else before, after) in told
    assert (line.conversation_id, line.count, line.undone) == (1, 1, False)
    assert line.chats


@pytest.mark.on_both
def test_who_acted_is_told_and_filtered_by(talk: Workspace) -> None:
    act(talk.acting_as("李"), id=1, type="set_status", status="approved")
    act(talk, id=1, type="set_status", status="rejected")
    assert workflow.journal_reviewers(talk) == ["", "李"]
    page = workflow.journal_page(talk, JournalQuery(reviewer="李"))
    assert [(line.action, line.reviewer) for line in page.lines] == [("set_status", "李")]


TODAY = date.today()  # noqa: DTZ011  (days of the journal are this computer's)

FILTERS: dict[str, tuple[JournalQuery, list[str]]] = {
    "all": (JournalQuery(), ["undo", "set_status", "edit_message", "set_background", "import"]),
    "an action": (JournalQuery(actions=("set_status",)), ["set_status"]),
    "two actions": (JournalQuery(actions=("import", "undo")), ["undo", "import"]),
    "days": (
        JournalQuery(
            actions=("undo",),
            first_day=TODAY - timedelta(days=1),
            last_day=TODAY + timedelta(days=1),  # a run of all tests may go past midnight
        ),
        ["undo"],
    ),
    "last week": (JournalQuery(last_day=TODAY - timedelta(days=7)), []),
    "tomorrow": (JournalQuery(first_day=TODAY + timedelta(days=2)), []),
    "undone": (JournalQuery(undone=True), ["set_status"]),
    "in force": (JournalQuery(undone=False), ["edit_message", "set_background"]),
    "a word with a sign": (JournalQuery(text="早上\\好"), ["edit_message"]),
    "two words": (JournalQuery(text="下 雨"), ["set_background"]),
    "two words of different actions": (JournalQuery(text="早上 下雨"), []),
    "a chat": (
        JournalQuery(chats=("阿橙",)),
        ["undo", "set_status", "edit_message", "set_background"],
    ),
    "another chat": (JournalQuery(chats=("没有",)), []),
    "the name of a column": (JournalQuery(text="edited_text"), []),
    "a percent sign": (JournalQuery(text="%"), []),
}


@pytest.mark.on_both
def test_the_journal_is_filtered(talk: Workspace, subtests: pytest.Subtests) -> None:
    message = first_message(talk)
    act(talk, id=1, type="set_background", text="下雨")
    act(talk, id=1, type="edit_message", message=message.id, text="早上\\好")
    act(talk, id=1, type="set_status", status="approved")
    workflow.undo(talk)
    for name, (query, expected) in FILTERS.items():
        with subtests.test(name):
            page = workflow.journal_page(talk, query)
            assert [line.action for line in page.lines] == expected
            assert page.total == len(expected)


def test_pages_are_newest_first_and_the_last_one_stands_for_those_beyond(talk: Workspace) -> None:
    before = workflow.journal_page(talk, JournalQuery()).total
    for status in ("approved", "rejected", "skipped", "pending", "approved"):
        act(talk, id=1, type="set_status", status=status)
    pages = [workflow.journal_page(talk, JournalQuery(), page=n, page_size=3) for n in (1, 2, 99)]
    assert pages[0].total == before + 5
    ids = [line.id for line in pages[0].lines] + [line.id for line in pages[1].lines]
    assert ids == sorted(ids, reverse=True)
    assert pages[2].lines[-1].id == 1


def test_a_bulk_action_tells_some_of_its_changes_and_how_many_more(talk: Workspace) -> None:
    workflow.set_status(talk, EVERYTHING, Status.APPROVED)
    line = newest(talk)
    assert line.count == line.size == len(line.details) + line.more


def test_what_stands_on_an_action_is_listed_and_undone_with_it(talk: Workspace) -> None:
    act(talk, id=1, type="set_status", status="approved")
    first = newest(talk).id
    act(talk, id=1, type="set_status", status="rejected")
    second = newest(talk).id
    with pytest.raises(DependentActionsError) as refused:
        workflow.undo_action(talk, first)
    assert refused.value.actions == (second,)
    (line,) = workflow.journal_lines(talk, refused.value.actions)
    assert (line.action, line.conversation_id) == ("set_status", 1)
    assert workflow.undo_action(talk, first, too=(second,)) == "set_status"
    assert workflow.count_by_status(talk)[Status.APPROVED] == 0
    assert workflow.redo_action(talk, first) == "set_status"
    assert workflow.count_by_status(talk)[Status.APPROVED] == 1


def test_more_than_was_agreed_to_is_never_undone(talk: Workspace) -> None:
    for status in ("approved", "rejected", "skipped"):
        act(talk, id=1, type="set_status", status=status)
    last = newest(talk).id
    with pytest.raises(DependentActionsError):
        workflow.undo_action(talk, last - 2, too=(last - 1,))
    assert workflow.count_by_status(talk)[Status.SKIPPED] == 1


def test_undoing_many_can_be_stopped_and_then_nothing_is_undone(talk: Workspace) -> None:
    workflow.set_status(talk, EVERYTHING, Status.APPROVED)
    before = workflow.count_by_status(talk)

    class StoppedError(Exception):
        pass

    def stop(_stage: str, _done: int, _total: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        workflow.undo_action(talk, newest(talk).id, progress=stop)
    assert workflow.count_by_status(talk) == before
    assert not newest(talk).undone


def test_a_term_undone_from_the_journal_is_searched_for_no_more(talk: Workspace) -> None:
    word = first_message(talk).text[:2]
    workflow.always_mask(talk, [word])
    number = newest(talk).id
    assert first_message(talk).findings
    workflow.undo_action(talk, number)
    assert not [f for f in first_message(talk).findings if f.decision is not Decision.KEEP]


@pytest.mark.parametrize("action", [1, 999], ids=["an import", "none"])
def test_what_is_no_action_cannot_be_undone(talk: Workspace, action: int) -> None:
    with pytest.raises(ActionRefusedError):
        workflow.undo_action(talk, action)


def test_the_next_steps_of_each_reviewer_are_their_own(talk: Workspace) -> None:
    act(talk.acting_as("李"), id=1, type="set_status", status="approved")
    assert workflow.last_steps(talk.acting_as("李")).undo == "set_status"
    assert workflow.last_steps(talk).undo is None
    workflow.undo(talk.acting_as("李"))
    assert workflow.last_steps(talk.acting_as("李")).redo == "set_status"
    assert workflow.last_steps(talk).redo is None
