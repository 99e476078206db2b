"""Splitting chosen conversations again, whatever they are: nothing is lost, undo is exact."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import iter_conversations
from curation.store.tables import conversation, message
from curation.workflow import SplitAgain
from tests.store.conftest import put_table

if TYPE_CHECKING:
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


@settings(max_examples=15, deadline=None)
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
