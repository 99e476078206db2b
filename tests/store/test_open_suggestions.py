"""Which suggestions wait for an answer, in which order, and what one answer changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import event, insert, select, update

from curation.errors import ActionRefusedError
from curation.model import SuggestionKind
from curation.store import answering, imports, journal, undoing
from curation.store.tables import conversation, emotion_tag, suggestion
from tests.store.conftest import chat_table

if TYPE_CHECKING:
    from curation.store import Workspace

EMOTION, JUMP = SuggestionKind.EMOTION, SuggestionKind.TOPIC_JUMP
NEAR: Final = SuggestionKind.NEAR_DUPLICATE
Answer = tuple[int, int | None, bool]  # conversation, suggestion, accepted
Told = tuple[SuggestionKind, int | None, str]  # kind, message, label
# conversation, message, kind, label, score, state
HINTS: Final = (
    (1, 2, "emotion", "开心", 0.6, "open"),
    (1, 1, "emotion", "平静", 0.4, "open"),
    (1, 1, "emotion", "温柔", 0.9, "open"),
    (1, None, "topic_jump", "", 0.3, "open"),
    (1, None, "incomplete", "", 0.8, "refused"),
    (2, None, "of a later version", "", 0.8, "open"),
    (3, None, "emotion", "开心", 0.5, "open"),
)


@pytest.fixture
def hinted(workspace: Workspace) -> Workspace:
    """Three conversations of two messages each; the third is like the first."""
    table = chat_table([[("other", f"问{n}"), ("me", f"答{n}")] for n in range(3)])
    with workspace.write() as connection:
        imports.add_source_file(connection, name="a", file_format="test", messages=6, added=6)
        imports.add_conversations(connection, imports.chat_id(connection, "阿橙"), table)
        names = ("conversation_id", "message_id", "kind", "label", "score", "state")
        rows = [dict(zip(names, hint, strict=True)) for hint in HINTS]
        told = {"reason": "says {word}", "reason_values": '{"word": "哈"}', "model": "test"}
        connection.execute(insert(suggestion), [{**row, **told} for row in rows])
        connection.execute(
            update(conversation)
            .where(conversation.c.id == 3)
            .values(duplicate_of=1, similarity=0.75)
        )
    return workspace


def waiting(workspace: Workspace) -> dict[int, list[Told]]:
    with workspace.read() as connection:
        found = answering.open_of(connection, [1, 2, 3])
    return {
        number: [(each.kind, each.message_id, each.label) for each in several]
        for number, several in found.items()
    }


def answer(workspace: Workspace, given: Answer) -> None:
    number, chosen, accept = given
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        answering.answer_one(recorder, number, chosen, accept=accept)
        journal.finish(recorder, "answer_suggestion")


OPEN: Final[dict[int, list[Told]]] = {
    1: [(JUMP, None, ""), (EMOTION, 1, "温柔"), (EMOTION, 1, "平静"), (EMOTION, 2, "开心")],
    3: [(NEAR, None, ""), (EMOTION, None, "开心")],
}


def test_what_is_open_is_told_of_the_whole_first_then_by_message_the_surest_first(
    hinted: Workspace,
) -> None:
    assert waiting(hinted) == OPEN
    with hinted.read() as connection:
        alike, happy = answering.open_of(connection, [3])[3]
    assert (alike.id, alike.score, alike.values) == (None, 0.75, {"n": 1})
    assert (happy.score, happy.reason, happy.values) == (0.5, "says {word}", {"word": "哈"})


def test_one_question_to_the_database_tells_all_of_them(hinted: Workspace) -> None:
    asked = []
    with hinted.read() as connection:
        event.listen(
            connection, "before_cursor_execute", lambda *_args: asked.append(1), named=False
        )
        assert set(answering.open_of(connection, [1, 2, 3])) == {1, 3}
        assert answering.open_of(connection, []) == {}
    assert len(asked) <= 2


@pytest.mark.parametrize(
    ("given", "gone", "tags"),
    [
        pytest.param((1, 3, True), (EMOTION, 1, "温柔"), [(1, 1, "温柔")], id="of a message"),
        pytest.param((3, 7, True), (EMOTION, None, "开心"), [(3, None, "开心")], id="of the whole"),
        pytest.param((1, 1, False), (EMOTION, 2, "开心"), [], id="refused"),
        pytest.param((1, 4, True), (JUMP, None, ""), [], id="no emotion"),
        pytest.param((3, None, False), (NEAR, None, ""), [], id="not like the other"),
    ],
)
def test_an_answer_changes_one_suggestion_and_can_be_undone(
    hinted: Workspace,
    given: Answer,
    gone: Told,
    tags: list[tuple[int, int | None, str]],
) -> None:
    answer(hinted, given)
    rest = {
        key: [each for each in several if each != gone or key != given[0]]
        for key, several in OPEN.items()
    }
    assert waiting(hinted) == rest
    query = select(emotion_tag.c.conversation_id, emotion_tag.c.message_id, emotion_tag.c.emotion)
    with hinted.read() as connection:
        assert [tuple(row) for row in connection.execute(query)] == tags
    with hinted.write() as connection:
        assert undoing.undo(connection)
        assert connection.execute(query).all() == []
    assert waiting(hinted) == OPEN


@pytest.mark.parametrize(
    "given",
    [
        pytest.param((1, 5, True), id="answered before"),
        pytest.param((2, 1, True), id="of another conversation"),
        pytest.param((1, 99, False), id="there is none"),
        pytest.param((1, None, False), id="like no other"),
        pytest.param((3, None, True), id="like another: who agrees rejects it"),
    ],
)
def test_what_is_not_open_is_refused(hinted: Workspace, given: Answer) -> None:
    with pytest.raises(ActionRefusedError):
        answer(hinted, given)
    assert waiting(hinted) == OPEN
