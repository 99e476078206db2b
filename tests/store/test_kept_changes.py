"""What an action changed is kept without loss, and many changes that are alike in little room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from curation.errors import ActionRefusedError
from curation.model import Status
from curation.store import Workspace, actions, changes, journal, undoing
from curation.store.tables import journal_part, message

if TYPE_CHECKING:
    from collections.abc import Callable

Change = tuple[str, int, dict[str, Any] | None, dict[str, Any] | None]

VALUES = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0, "", "开心"])
ROWS = st.none() | st.dictionaries(st.sampled_from("ab"), VALUES, max_size=2)


@given(
    st.lists(
        st.tuples(st.sampled_from(["message", "chat.turn"]), st.integers(1, 40), ROWS, ROWS),
        max_size=5,
    ),
    st.integers(1, 12),
)
def test_what_is_kept_is_what_was_changed(some: list[Change], times: int) -> None:
    told = [each for each in some for _time in range(times)]
    assert repr(changes.load(changes.dump(told))) == repr(told)


def test_changes_kept_by_an_older_version_are_read() -> None:
    kept = '[["conversation",3,{"status":"pending"},{"status":"approved"}]]'
    (change,) = changes.load(kept)
    assert change == ("conversation", 3, {"status": "pending"}, {"status": "approved"})


COUNT = 2000

BULK: dict[str, Callable[[journal.Recorder, list[int]], object]] = {
    "status": lambda r, ids: actions.set_status(r, ids, Status.APPROVED),
    "tag": lambda r, ids: actions.tag_emotion(r, ids, "开心", on=True),
}


@pytest.mark.parametrize("act", BULK.values(), ids=BULK.keys())
@pytest.mark.parametrize(("step", "most"), [(1, 700), (2, 9 * COUNT)], ids=["all", "every other"])
def test_the_row_of_a_bulk_action_is_small(
    workspace: Workspace,
    fill: Callable[..., None],
    act: Callable[[journal.Recorder, list[int]], object],
    step: int,
    most: int,
) -> None:
    fill([[("other", "在")]] * COUNT)
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        act(recorder, list(range(1, COUNT + 1, step)))
        journal.finish(recorder, "test")
        kept = func.sum(func.length(journal_part.c.changes))
        assert connection.execute(select(kept)).scalar_one() < most


def test_rows_that_changed_differently_are_written_back_and_a_later_change_refuses_all(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill([[("other", "在吗"), ("me", "嗯")]] * 20)
    number = select(message.c.id, message.c.position).order_by(message.c.id)
    with workspace.write() as connection:
        before = connection.execute(number).all()
        recorder = journal.Recorder(connection)
        for each in range(1, 41):
            recorder.update(message, message.c.id == each, position=each / 2 + 100)
        journal.finish(recorder, "test")
        after = connection.execute(number).all()
    with workspace.write() as connection:
        undoing.undo(connection)
        assert connection.execute(number).all() == before
        undoing.redo(connection)
        assert connection.execute(number).all() == after
        undoing.undo(connection)
    with workspace.write() as connection:
        connection.execute(message.update().where(message.c.id == 33).values(position=7))
    with pytest.raises(ActionRefusedError), workspace.write() as connection:
        undoing.redo(connection)
    with workspace.read() as connection:
        assert connection.execute(number).all()[0] == before[0]
