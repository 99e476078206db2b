"""Splitting chosen conversations again, whatever they are: nothing is lost, undo is exact."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import iter_conversations
from curation.store import workspace as opening
from curation.store.tables import conversation, message
from curation.workflow import SplitAgain
from curation.workflow.bulk import Left
from curation.workflow.resplitting import SPLIT_STAGE
from tests.examples import examples
from tests.store.conftest import put_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from curation.store import Workspace

PAUSES = st.sampled_from([5, 60, 400, 2000, 9000])
TALKS = st.lists(st.lists(st.tuples(PAUSES, st.booleans()), min_size=1, max_size=5), max_size=6)


def put(workspace: Workspace, talks: list[list[tuple[int, bool]]]) -> None:
    """Store conversations of (seconds since the message before, whether I said it)."""
    rows: list[tuple[int, str, str, int]] = []
    now = 1_700_000_000
    for number, talk in enumerate(talks):
        for pause, mine in talk:
            now += pause
            rows.append((number, "me" if mine else "other", f"第{len(rows)}句", now))
    table = pd.DataFrame(rows, columns=pd.Index(["conversation", "side", "text", "seconds"]))
    put_table(
        workspace,
        table.assign(
            source_id=None,
            sender=table["side"],
            sender_name=table["side"],
            kind="text",
            reply_to=None,
            reply_id=None,
            source_file_id=1,
        ).astype({"seconds": "Int64"}),
    )


def state(workspace: Workspace) -> object:
    hidden = {"version", "touched", "changed_at", "search_row"}
    columns = [column for column in conversation.c if column.name not in hidden]
    places = (message.c.id, message.c.conversation_id, message.c.position)
    with workspace.read() as connection:
        heads = connection.execute(select(*columns).order_by(conversation.c.id)).all()
        messages = connection.execute(select(*places).order_by(message.c.id)).all()
    everything = iter_conversations(workspace, ConversationFilter())
    return heads, messages, [(each.id, each.emotions, each.status) for each in everything]


def texts(workspace: Workspace) -> dict[int, list[str]]:
    return {
        each.id: [message.text for message in each.messages]
        for each in iter_conversations(workspace, ConversationFilter())
    }


@pytest.mark.in_turn
@settings(max_examples=examples(15), deadline=None)
@given(
    talks=TALKS.filter(bool),
    minutes=st.sampled_from([1, 5, 30, 120]),
    data=st.data(),
    again=st.booleans(),
)
def test_messages_stay_in_order_what_was_not_chosen_stays_and_undo_is_exact(
    talks: list[list[tuple[int, bool]]],
    minutes: int,
    data: st.DataObject,
    *,
    again: bool,
) -> None:
    with (
        TemporaryDirectory() as folder,
        closing(workflow.open_workspace(Path(folder) / "w.db")) as workspace,
    ):
        put(workspace, talks)
        numbers = sorted(texts(workspace))
        some = st.sets(st.sampled_from(numbers))
        for number in data.draw(some, label="tagged"):
            workflow.tag_emotion(workspace, [number], "开心", on=True)
        workflow.set_status(workspace, sorted(data.draw(some, label="approved")), Status.APPROVED)
        chosen = sorted(data.draw(some, label="chosen"))
        before, said = state(workspace), texts(workspace)

        plan = workflow.plan_bulk(workspace, chosen, SplitAgain(minutes), again=again)
        result = workflow.do_bulk(workspace, plan)

        now = texts(workspace)
        lines = [line for each in now.values() for line in each]
        assert lines == [line for each in said.values() for line in each]
        for number in set(numbers) - set(chosen):
            assert now[number] == said[number]
        assert len(now) - len(said) == result.facts.parts - result.changed
        if result.entry is None:
            assert state(workspace) == before
            return
        after = state(workspace)
        assert workflow.undo(workspace) == "split_again"
        assert state(workspace) == before
        assert workflow.redo(workspace) == "split_again"
        assert state(workspace) == after
        if chosen == numbers:
            assert workflow.plan_bulk(workspace, sorted(now), SplitAgain(minutes)).changing == 0


THREE_TALKS: list[list[tuple[int, bool]]] = [
    [(9000, False), (5, True), (400, False), (5, True)]
] * 3


def split_while(
    workspace: Workspace, minutes: int, meanwhile: Callable[[], object]
) -> workflow.BulkResult:
    """Split the first two conversations; another tab acts while that is prepared."""
    every = iter_conversations(workspace, ConversationFilter())
    chosen = {each.id: each.version for each in every if each.id in (1, 2)}
    plan = workflow.plan_bulk(workspace, chosen, SplitAgain(minutes), again=True)
    waiting = [meanwhile]

    def tell(stage: str, _done: int, _total: int) -> None:
        if stage == SPLIT_STAGE and waiting:
            waiting.pop()()

    result = workflow.do_bulk(workspace, plan, tell)
    assert not waiting
    return result


@pytest.fixture
def tab(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """Another tab on the same workspace, which does not wait for who writes."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0)
    with closing(workflow.open_workspace(tmp_path / "workspace.db")) as opened:
        yield opened


def test_another_tab_can_write_while_it_is_worked_out_what_a_split_comes_to(
    workspace: Workspace, tab: Workspace
) -> None:
    put(workspace, THREE_TALKS)
    result = split_while(workspace, 1, lambda: workflow.set_status(tab, [3], Status.APPROVED))
    assert (result.changed, result.facts.parts) == (2, 4)
    assert workflow.count_matching(tab, ConversationFilter(statuses=(Status.APPROVED,))) == 1
    workflow.undo(workspace)
    assert [len(lines) for lines in texts(workspace).values()] == [4, 4, 4]


def test_what_another_tab_changes_meanwhile_is_left_alone_and_counted(
    workspace: Workspace, tab: Workspace
) -> None:
    put(workspace, THREE_TALKS)
    result = split_while(workspace, 1, lambda: workflow.set_status(tab, [2], Status.APPROVED))
    assert (result.changed, dict(result.left)) == (1, {Left.STALE: 1})
    assert [len(lines) for lines in texts(workspace).values()] == [2, 2, 4, 4]


@pytest.mark.parametrize(("comes", "joined"), [([], 1), ([[(11_000, False)]], 2)])
def test_what_was_said_in_between_parts_neighbours_also_if_it_comes_in_meanwhile(
    workspace: Workspace, tab: Workspace, comes: list[list[tuple[int, bool]]], joined: int
) -> None:
    put(workspace, [[(9000, False), (5, True)], [(3000, False), (5, True)]])
    split_while(workspace, 120, lambda: put(tab, comes) if comes else None)
    assert len(texts(workspace)) == joined + len(comes)
