"""Answers to what is suggested of many conversations: counted first, one undo for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from curation import workflow
from curation.model import ConversationFilter, NewSuggestion, Status, Suggester, SuggestionKind
from curation.store import suggestions
from curation.store.tables import conversation, suggestion
from curation.workflow import AnswerSuggestions, Left

if TYPE_CHECKING:
    from tests.workflow.conftest import WriteChat

ALL: Final = ConversationFilter()
EMOTION, JUMP = SuggestionKind.EMOTION, SuggestionKind.TOPIC_JUMP
INCOMPLETE, THIN = SuggestionKind.INCOMPLETE, SuggestionKind.TOO_THIN
BY: Final = Suggester("rules", 1, frozenset(SuggestionKind))
DECIDED: Final = (Status.APPROVED, Status.REJECTED, Status.PENDING, Status.PENDING)
# kind, conversation, its n-th message, score, rule
TOLD: Final = (
    (JUMP, 1, 2, 0.9, "pause"),
    (JUMP, 3, 2, 0.9, "pause"),
    (JUMP, 3, 4, 0.6, "pause"),
    (JUMP, 3, 4, 0.3, "words"),
    (JUMP, 4, 0, 0.9, "pause"),  # its first message: nothing to split
    (INCOMPLETE, 1, None, 0.8, "open question"),
    (INCOMPLETE, 2, None, 0.8, "open question"),
    (INCOMPLETE, 3, None, 0.8, "open question"),
    (INCOMPLETE, 3, None, 0.4, "a picture"),
    (THIN, 4, None, 0.3, "thin"),
    (EMOTION, 3, 1, 0.9, "emoji"),
    (EMOTION, 3, 1, 0.3, "words"),
    (EMOTION, 3, 3, 0.3, "words"),
)


@pytest.fixture
def talks(workspace: workflow.Workspace, write_chat: WriteChat) -> workflow.Workspace:
    """Four conversations of six messages each; the first is approved, the second rejected."""
    path = write_chat(
        [
            (day * 1440 + minute, "小满" if minute % 2 else "阿橙", f"{day}-{minute}~")
            for day in range(4)
            for minute in range(6)
        ]
    )
    workflow.import_files(workspace, [path], me={path: "小满"})
    for number, status in enumerate(DECIDED, start=1):
        workflow.set_status(workspace, [number], status)
    with workspace.write() as connection:
        now = {row.id: row.version for row in connection.execute(select(conversation))}
        told = [
            NewSuggestion(
                number,
                kind,
                score,
                rule,
                "",
                message_id=None if place is None else (number - 1) * 6 + place + 1,
                label="开心" if kind is EMOTION else "",
            )
            for kind, number, place, score, rule in TOLD
        ]
        suggestions.replace_open(connection, BY, now, told)
    return workspace


def shape(talks: workflow.Workspace) -> list[tuple[str, int, int]]:
    """Return status, length and number of tagged messages of each conversation, in order."""
    records = workflow.review_window(talks, ALL, ahead=99).records
    return [
        (
            each.conversation.status[0],
            len(each.conversation.messages),
            sum(bool(message.emotions) for message in each.conversation.messages),
        )
        for each in records
    ]


def answered(talks: workflow.Workspace) -> list[tuple[str, str]]:
    query = select(suggestion.c.kind, suggestion.c.state).where(suggestion.c.state != "open")
    with talks.read() as connection:
        return sorted((row.kind, row.state) for row in connection.execute(query))


A, R, P = ("a", 6, 0), ("r", 6, 0), ("p", 6, 0)
YES: Final = "accepted"


@pytest.mark.parametrize(
    ("action", "again", "told", "after", "count"),
    [
        pytest.param(
            AnswerSuggestions(JUMP, accept=True),
            False,
            ({Left.NOTHING: 1, Left.DECIDED: 1}, 3, 4),
            [A, R, ("p", 2, 0), ("p", 2, 0), ("p", 2, 0), P],
            4,
            id="split at every jump",
        ),
        pytest.param(
            AnswerSuggestions(JUMP, accept=True, least=0.7),
            True,
            ({Left.NOTHING: 1}, 3, 5),
            [("a", 2, 0), ("p", 4, 0), R, ("p", 2, 0), ("p", 4, 0), P],
            3,
            id="only the sure ones, and what is approved, too",
        ),
        pytest.param(
            AnswerSuggestions(JUMP, accept=False),
            False,
            ({Left.NOTHING: 1}, 4, 0),
            [A, R, P, P],
            5,
            id="no jump anywhere",
        ),
        pytest.param(
            AnswerSuggestions(INCOMPLETE, accept=True),
            False,
            ({Left.NOTHING: 1, Left.DECIDED: 1}, 2, 0),
            [A, R, R, P],
            3,
            id="incomplete ones rejected, but for an approved one",
        ),
        pytest.param(
            AnswerSuggestions(INCOMPLETE, accept=False),
            False,
            ({Left.NOTHING: 1}, 3, 0),
            [A, R, P, P],
            4,
            id="kept as they are",
        ),
        pytest.param(
            AnswerSuggestions(EMOTION, accept=True, least=0.5),
            False,
            ({Left.NOTHING: 3}, 1, 0),
            [A, R, ("p", 6, 1), P],
            2,
            id="an emotion, with who is less sure of the same",
        ),
        pytest.param(
            AnswerSuggestions(THIN, accept=True, least=0.5),
            False,
            ({Left.NOTHING: 4}, 0, 0),
            [A, R, P, P],
            0,
            id="nothing is as sure as that",
        ),
    ],
)
def test_what_is_told_before_is_done_and_undone_at_once(
    talks: workflow.Workspace,
    action: AnswerSuggestions,
    *,
    again: bool,
    told: tuple[dict[Left, int], int, int],
    after: list[tuple[str, int, int]],
    count: int,
) -> None:
    before = shape(talks)
    plan = workflow.plan_bulk(talks, ALL, action, again=again)
    assert (dict(plan.left), plan.facts.suggestions, plan.facts.parts) == told
    result = workflow.do_bulk(talks, plan)
    assert result.changed == plan.changing
    assert shape(talks) == after
    state = YES if action.accept else "refused"
    assert answered(talks) == [(action.kind.value, state)] * count
    if count:
        workflow.undo(talks)
        assert (shape(talks), answered(talks)) == (before, [])
        workflow.redo(talks)
        assert (shape(talks), len(answered(talks))) == (after, count)
