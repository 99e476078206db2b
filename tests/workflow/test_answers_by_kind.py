"""What an accepted suggestion of each kind does, and what done by hand is an answer as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select

from curation import workflow
from curation.model import ConversationFilter, NewSuggestion, Status, Suggester, SuggestionKind
from curation.store import answering, journal, suggestions
from curation.store.tables import conversation, suggestion

if TYPE_CHECKING:
    from tests.workflow.conftest import WriteChat

ALL: Final = ConversationFilter()
BY: Final = Suggester("a test", 1, frozenset(SuggestionKind))
EMOTION, JUMP = SuggestionKind.EMOTION, SuggestionKind.TOPIC_JUMP
INCOMPLETE, THIN = SuggestionKind.INCOMPLETE, SuggestionKind.TOO_THIN
ONE: Final = {"suggestion": 1}


@pytest.fixture
def talk(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """One conversation of four messages."""
    lines = [(0, "阿橙", "在吗"), (1, "小满", "在~"), (2, "阿橙", "吃啥"), (3, "小满", "火锅[耶]")]
    path = write_chat(lines)
    workflow.import_files(workspace, [path], me={path: "小满"})
    return workspace


def tell(
    talk: workflow.Workspace, kind: SuggestionKind, message: int | None = None, label: str = ""
) -> None:
    """Let two rules say the same; the surer one is suggestion 1."""
    with talk.write() as connection:
        now = {row.id: row.version for row in connection.execute(select(conversation))}
        told = [
            NewSuggestion(1, kind, score, rule, "", message_id=message, label=label)
            for rule, score in (("a", 0.9), ("b", 0.4))
        ]
        suggestions.replace_open(connection, BY, now, told)


def act(talk: workflow.Workspace, name: str, **fields: Any) -> workflow.Ack:
    version = workflow.review_window(talk, ALL, at=1).records[0].conversation.version
    action = {"n": 1, "type": name, "id": 1, "version": version, **fields}
    return workflow.commit_actions(talk, f"client of {name}", [action])


def test_what_is_done_to_very_many_messages_answers_what_was_suggested_of_one(
    talk: workflow.Workspace,
) -> None:
    tell(talk, EMOTION, 3, "开心")
    with talk.write() as connection:
        recorder = journal.Recorder(connection)
        answering.agree(recorder, 1, [None, *range(4, 5000)], EMOTION, "开心")
    assert states(talk) == {"open"}
    with talk.write() as connection:
        recorder = journal.Recorder(connection)
        answering.agree(recorder, 1, range(1, 5000), EMOTION, "开心")
    assert states(talk) == {"accepted"}


def states(talk: workflow.Workspace) -> set[str]:
    with talk.read() as connection:
        # The rules of this program say what they have to say as well, where texts changed.
        ours = suggestion.c.model == BY.name
        return set(connection.scalars(select(suggestion.c.state).where(ours)))


def shape(talk: workflow.Workspace) -> list[tuple[Status, str, list[str]]]:
    """Return status, background and texts with their emotions of each conversation, in order."""
    records = [each.conversation for each in workflow.review_window(talk, ALL).records]
    return [
        (
            each.status,
            each.background,
            ["".join([message.text, *message.emotions]) for message in each.messages],
        )
        for each in sorted(records, key=lambda each: each.messages[0].id)
    ]


TEXTS: Final = ["在吗", "在~", "吃啥", "火锅[耶]"]
PENDING, REJECTED = Status.PENDING, Status.REJECTED
SAME: Final = [(PENDING, "", TEXTS)]
APART: Final = [(PENDING, "", TEXTS[:2]), (PENDING, "", TEXTS[2:])]
HAPPY: Final = [(PENDING, "", [*TEXTS[:3], "火锅[耶]开心"])]
ACCEPT, REFUSE = {**ONE, "accept": True}, {**ONE, "accept": False}


@pytest.mark.parametrize(
    ("told", "name", "fields", "after", "state"),
    [
        pytest.param(
            (EMOTION, 4, "开心"), "answer_suggestion", ACCEPT, HAPPY, "accepted", id="tag"
        ),
        pytest.param((JUMP, 3), "answer_suggestion", ACCEPT, APART, "accepted", id="split"),
        pytest.param((JUMP, 3), "answer_suggestion", REFUSE, SAME, "refused", id="no jump"),
        pytest.param(
            (INCOMPLETE,),
            "answer_suggestion",
            ACCEPT,
            [(REJECTED, "", TEXTS)],
            "accepted",
            id="incomplete",
        ),
        pytest.param(
            (THIN,),
            "set_status",
            {**ONE, "status": "rejected"},
            [(REJECTED, "", TEXTS)],
            "accepted",
            id="dropped for it",
        ),
        pytest.param(
            (INCOMPLETE,),
            "set_background",
            {**ONE, "text": "打完电话之后"},
            [(PENDING, "打完电话之后", TEXTS)],
            "accepted",
            id="background for it",
        ),
        pytest.param(
            (JUMP, 3),
            "set_message_background",
            {**ONE, "message": 3, "text": ""},
            SAME,
            "accepted",
            id="background of a message for it",
        ),
        pytest.param((INCOMPLETE,), "answer_suggestion", REFUSE, SAME, "refused", id="kept as is"),
        pytest.param(
            (INCOMPLETE,),
            "set_background",
            {"text": "楼下"},
            [(PENDING, "楼下", TEXTS)],
            "open",
            id="background, not for it",
        ),
        pytest.param((JUMP, 3), "split", {"message": 3}, APART, "accepted", id="split by hand"),
        pytest.param(
            (EMOTION, 4, "开心"),
            "tag",
            {"emotion": "开心", "on": True, "message": 4},
            HAPPY,
            "accepted",
            id="tagged by hand",
        ),
        pytest.param(
            (EMOTION, 3, "开心"),
            "tag",
            {"emotion": "开心", "on": True, "message": 4},
            HAPPY,
            "open",
            id="another message tagged",
        ),
    ],
)
def test_an_answer_and_what_it_asks_for_are_one_action_and_one_undo(
    talk: workflow.Workspace,
    told: tuple[Any, ...],
    *,
    name: str,
    fields: dict[str, Any],
    after: list[tuple[Status, str, list[str]]],
    state: str,
) -> None:
    tell(talk, *told)
    assert act(talk, name, **fields).refused == ()
    assert (shape(talk), states(talk)) == (after, {state})
    workflow.commit_actions(talk, "c", [{"n": 1, "type": "undo"}])
    assert (shape(talk), states(talk)) == (SAME, {"open"})


@pytest.mark.parametrize(
    "fields", [{"status": "rejected", "suggestion": 9}, {**REFUSE, "suggestion": 9}]
)
def test_who_answers_what_is_not_open_changes_nothing(
    talk: workflow.Workspace, fields: dict[str, Any]
) -> None:
    tell(talk, THIN)
    name = "set_status" if "status" in fields else "answer_suggestion"
    assert len(act(talk, name, **fields).refused) == 1
    assert (shape(talk), states(talk)) == (SAME, {"open"})


@pytest.mark.parametrize(
    ("told", "fields", "first"),
    [
        pytest.param((JUMP, 3), REFUSE, ("topic_jump", "refused", "吃啥", 3), id="of a message"),
        pytest.param((THIN,), ACCEPT, ("too_thin", "accepted", "", None), id="of the whole"),
    ],
)
def test_the_journal_tells_which_suggestion_was_answered_and_how(
    talk: workflow.Workspace,
    told: tuple[Any, ...],
    fields: dict[str, Any],
    first: tuple[str, str, str, int | None],
) -> None:
    tell(talk, *told)
    act(talk, "answer_suggestion", **fields)
    details = workflow.journal_page(talk).lines[0].details
    kind, state, about, message = first
    answers = [each for each in details if each.what.startswith("suggestion")]
    assert {(each.what, each.before, each.after) for each in answers} == {
        (f"suggestion.{kind}", "open", state)
    }
    assert (answers[0].about, answers[0].conversation_id) == (about, 1)
    assert answers[0].message_id == message
    rest = [(each.what, each.after) for each in details if each not in answers]
    assert rest == ([("conversation.status", "rejected")] if kind == "too_thin" else [])
