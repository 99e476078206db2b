"""What a suggester says in bulk: what it replaces, what stays answered, what follows messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from curation.model import NewSuggestion, Side, Status, Suggester, SuggestionKind
from curation.store import actions, answering, imports, journal, structure, suggestions, undoing
from curation.store.tables import conversation, suggestion
from tests.store.conftest import chat_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store import Workspace

KINDS: Final = frozenset({SuggestionKind.EMOTION, SuggestionKind.INCOMPLETE})
RULES: Final = Suggester("rules", 1, KINDS)
NEXT: Final = replace(RULES, version=2)
MODEL: Final = replace(RULES, name="a model")
ALL: Final = range(1, 10)


def happy(message: int | None = 1, here: int = 1, score: float = 0.8) -> NewSuggestion:
    values: dict[str, str | int | float] = {"sign": "[微笑]", "times": 2}
    return NewSuggestion(
        here, SuggestionKind.EMOTION, score, "code", "says {sign}", values, message, "开心"
    )


def open_end(here: int = 1, rule: str = "ends with a question") -> NewSuggestion:
    return NewSuggestion(here, SuggestionKind.INCOMPLETE, 0.6, rule, "ends with a question")


@pytest.fixture
def chat(workspace: Workspace) -> Workspace:
    """Three conversations of four messages: 1 to 4, 5 to 8, 9 to 12."""
    lines = [("other", "在吗"), ("me", "在~"), ("other", "走不走？"), ("me", "走[微笑]")]
    with workspace.write() as connection:
        imports.add_source_file(connection, name="a", file_format="test", messages=12, added=12)
        table = chat_table([lines] * 3)
        imports.add_conversations(connection, imports.chat_id(connection, "阿橙"), table)
    return workspace


def tell(
    workspace: Workspace, *told: NewSuggestion, by: Suggester = RULES, looked: range = ALL
) -> int:
    """Let a suggester look at some conversations as they are now, and say this of them."""
    with workspace.write() as connection:
        rows = connection.execute(select(conversation.c.id, conversation.c.version)).all()
        now = {row.id: row.version for row in rows if row.id in looked}
        return suggestions.replace_open(connection, by, now, told)


def act(workspace: Workspace, do: Callable[[journal.Recorder], object]) -> None:
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        do(recorder)
        journal.finish(recorder, "test")


def undo(workspace: Workspace) -> None:
    with workspace.write() as connection:
        assert undoing.undo(connection)


def told_now(workspace: Workspace) -> dict[int, list[answering.Suggestion]]:
    with workspace.read() as connection:
        return {number: list(each) for number, each in answering.open_of(connection, ALL).items()}


def waiting(workspace: Workspace, by: Suggester = RULES) -> list[int]:
    with workspace.read() as connection:
        return list(suggestions.unlooked(connection, by))


def answer_one(chat: Workspace, *, accept: bool) -> None:
    (told,) = told_now(chat)[1]
    act(chat, lambda r: answering.answer_one(r, 1, told.id, accept=accept))


def test_each_conversation_is_looked_at_once_and_again_when_it_changed(chat: Workspace) -> None:
    assert waiting(chat) == [1, 2, 3]
    assert tell(chat, happy(), looked=range(1, 3)) == 2
    assert waiting(chat) == [3]
    assert waiting(chat, NEXT) == waiting(chat, MODEL) == [1, 2, 3]
    tell(chat)
    act(chat, lambda r: actions.edit_message(r, 2, 5, "在不在", []))
    act(chat, lambda r: actions.set_status(r, [3], Status.REJECTED))
    assert waiting(chat) == [2]
    act(chat, lambda r: structure.split(r, 1, 3))
    assert waiting(chat) == [1, 2, 4]


def test_what_changed_or_went_since_it_was_read_is_left_as_it_is(chat: Workspace) -> None:
    with chat.write() as connection:
        looked = {1: 1, 2: 9, 77: 1}
        told = [happy(1, 1), happy(5, 2), open_end(77)]
        assert suggestions.replace_open(connection, RULES, looked, told) == 1
    assert list(told_now(chat)) == [1]
    assert waiting(chat) == [2, 3]


def test_what_is_said_again_stays_the_row_it_was(chat: Workspace) -> None:
    tell(chat, happy(1), happy(2), open_end())
    first = {each.message_id: each.id for each in told_now(chat)[1]}
    tell(chat, happy(1), happy(2, score=0.9))
    second = {each.message_id: each.id for each in told_now(chat)[1]}
    assert second[1] == first[1]
    assert second[2] != first[2]
    assert None not in second
    (one, other) = told_now(chat)[1]
    assert (one.reason, one.values) == ("says {sign}", {"sign": "[微笑]", "times": 2})
    assert (one.rule, one.model, one.version, other.score) == ("code", "rules", 1, 0.9)
    with chat.read() as connection:
        highest = select(conversation.c.suggested).where(conversation.c.id == 1)
        assert connection.scalar(highest) == 0.9


@pytest.mark.parametrize(
    ("by", "models"),
    [
        pytest.param(RULES, [], id="the same"),
        pytest.param(NEXT, [], id="a later version of it"),
        pytest.param(MODEL, ["rules"], id="somebody else"),
        pytest.param(
            replace(RULES, kinds=frozenset({SuggestionKind.INCOMPLETE})),
            ["rules"],
            id="other kinds",
        ),
    ],
)
def test_a_suggester_replaces_what_it_said_of_its_kinds(
    chat: Workspace, by: Suggester, models: list[str]
) -> None:
    tell(chat, happy())
    tell(chat, by=by)
    assert [each.model for each in told_now(chat).get(1, [])] == models


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize(
    ("told", "touch", "back"),
    [
        pytest.param(happy(), None, False, id="of a message, unchanged"),
        pytest.param(open_end(), None, False, id="of a whole, unchanged"),
        pytest.param(open_end(), (2, "嗯在~"), True, id="of a whole that says something else"),
        pytest.param(happy(), (2, "嗯在~"), False, id="another message was changed"),
        pytest.param(happy(), (1, "在不在"), True, id="its message was changed"),
    ],
)
def test_what_was_answered_is_not_told_again_while_its_text_is_the_same(
    chat: Workspace,
    told: NewSuggestion,
    touch: tuple[int, str] | None,
    *,
    back: bool,
    accept: bool,
) -> None:
    tell(chat, told)
    answer_one(chat, accept=accept)
    if touch is not None:
        act(chat, lambda r: actions.edit_message(r, 1, *touch, []))
    # An emotion that was accepted is there as a tag, whatever became of the text.
    back = back and not (accept and told.kind is SuggestionKind.EMOTION)
    for by in (RULES, NEXT, MODEL):
        tell(chat, told._replace(score=0.95, rule="another"), by=by)
        assert (1 in told_now(chat)) is back
    with chat.read() as connection:
        query = select(suggestion.c.answered_at, suggestion.c.state)
        answered = connection.execute(query.where(suggestion.c.rule == told.rule)).all()
    assert [row.state for row in answered] == ["accepted" if accept else "refused"]
    assert answered[0].answered_at > 0


def test_an_emotion_that_is_tagged_already_is_not_told(chat: Workspace) -> None:
    act(chat, lambda r: actions.tag_emotion(r, [1], "开心", on=True, message_id=1))
    tell(chat, happy(1), happy(2), happy(None, 2))
    places = {number: [each.message_id for each in told] for number, told in told_now(chat).items()}
    assert places == {1: [2], 2: [None]}


def test_what_several_rules_say_of_the_same_is_one_and_has_one_answer(chat: Workspace) -> None:
    tell(chat, open_end(), open_end(rule="a reply to a picture")._replace(score=0.9))
    tell(chat, open_end()._replace(score=0.7), by=MODEL)
    (told,) = told_now(chat)[1]
    assert (told.rule, told.score) == ("a reply to a picture", 0.9)
    assert [(each.model, each.score) for each in told.more] == [("a model", 0.7), ("rules", 0.6)]
    answer_one(chat, accept=False)
    assert told_now(chat) == {}
    with chat.read() as connection:
        fared = answering.agreements(connection)
    assert [(each.model, each.rule, each.refused, each.open) for each in fared] == [
        ("rules", "a reply to a picture", 1, 0),
        ("a model", "ends with a question", 1, 0),
        ("rules", "ends with a question", 1, 0),
    ]
    undo(chat)
    assert told_now(chat)[1] == [told]


def test_undo_does_not_mind_that_something_else_is_said_since(chat: Workspace) -> None:
    tell(chat, happy(4), open_end())
    act(chat, lambda r: structure.split(r, 1, 3))  # its messages 3 and 4 are in 4 now
    tell(chat, happy(3, 4), open_end(4))
    undo(chat)
    assert [each.message_id for each in told_now(chat)[1]] == [None, 3]
    with chat.write() as connection:
        assert undoing.redo(connection)
    assert [each.message_id for each in told_now(chat)[4]] == [3]
    act(chat, lambda r: structure.merge_next(r, 1))
    tell(chat, open_end())
    undo(chat)
    assert 4 not in told_now(chat), "it was not said again of the message"
    undo(chat)
    assert waiting(chat) == [1]


def test_an_added_message_can_be_undone_after_something_was_said_of_it(chat: Workspace) -> None:
    act(chat, lambda r: actions.add_message(r, 1, Side.ME, "好", [], before=None))
    tell(chat, happy(13))
    undo(chat)
    assert told_now(chat) == {}
