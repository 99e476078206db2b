"""What acting on 30,000 of 100,000 conversations takes, and taking it back.

    python benchmarks/bulk.py [--conversations 100000] [--messages 10] [--chosen 30000] [--runs 3]

Fills a workspace with invented conversations in four chats, every third with two phone numbers.
Then, in turn, each action is planned for conversations all over the workspace, done, undone, done
again and undone; how large its rows in the journal are is told beside it. Last, the first page of
a trash of so many conversations is read, and a word is searched in it. Prints medians in seconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import func, insert, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from curation import workflow
from curation.model import ConversationFilter, Decision, Status, TrashFilter
from curation.store import derived, imports
from curation.store.tables import conversation, finding, journal_part, message
from curation.workflow import (
    DecideFindings,
    SetBackground,
    SetRelation,
    SetStatus,
    SplitAgain,
    TagEmotions,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from curation.workflow import BulkAction, Workspace

START = 1_500_000_000
HOUR = 3600
CHATS = ("阿橙", "老陈", "妈妈", "山友")
ACTIONS: dict[str, BulkAction] = {
    "tag an emotion": TagEmotions(("开心",), on=True),
    "tag three emotions": TagEmotions(("开心", "温柔", "平静"), on=True),
    "approve": SetStatus(Status.APPROVED),
    "reject": SetStatus(Status.REJECTED),
    "set a background": SetBackground(Way.REPLACE, "两个人是大学同学，毕业后在两个城市。"),
    "set a relation": SetRelation("大学同学"),
    "mask findings": DecideFindings(Decision.MASK),
    "split in two": SplitAgain(1),
}
STEPS = ("plan", "do", "undo", "redo")


def fill(path: Path, conversations: int, messages: int) -> None:
    """Make a workspace with so many conversations of so many messages, ten seconds apart."""
    workspace = workflow.open_workspace(path)
    share = conversations // len(CHATS)
    with workspace.write(bulk=True) as connection:
        for name in CHATS:
            lines = pd.RangeIndex(share * messages)
            number = lines // messages
            mine = lines % 2 == 1
            table = pd.DataFrame(
                {
                    "conversation": number,
                    "side": pd.Series(mine).map({True: "me", False: "other"}),
                    "text": [f"第{line}句，晚上一起吃饭吗(*^▽^*)" for line in lines],
                    # In the middle of each is a pause of five minutes.
                    "seconds": START
                    + number * HOUR
                    + lines % messages * 10
                    + (lines % messages >= messages // 2) * 300,
                }
            )
            table = table.assign(
                source_id=None,
                sender=table["side"],
                sender_name=table["side"].map({"me": "小满", "other": name}),
                kind="text",
                reply_to=None,
                reply_id=None,
                source_file_id=imports.add_source_file(
                    connection, name=name, file_format="test", messages=1, added=1
                ),
            ).astype({"seconds": "Int64"})
            imports.add_conversations(connection, imports.chat_id(connection, name), table)
        _find(connection)
    workspace.close()


def _find(connection: Connection) -> None:
    """Give every third conversation two findings, in its first and second message."""
    firsts = connection.execute(
        select(message.c.conversation_id, func.min(message.c.id).label("first"))
        .where(message.c.conversation_id % 3 == 0)
        .group_by(message.c.conversation_id)
    ).all()
    rows = [
        {
            "message_id": row.first + offset,
            "entity": "PHONE_NUMBER",
            "start": 0,
            "end": 4,
            "score": 0.9,
            "recognizer": "invented",
            "why": "mobile",
            "value": f"138{row.first % 5000:08d}",
            "decision": "pending",
        }
        for row in firsts
        for offset in (0, 1)
    ]
    connection.execute(insert(finding), rows)
    derived.refresh(connection, {row.conversation_id for row in firsts})


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long something takes, and what it gives."""
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def kept(workspace: Workspace, entry: int) -> int:
    """Return how many characters of an action the journal keeps."""
    size = func.sum(func.length(journal_part.c.changes))
    with workspace.read() as connection:
        return connection.scalar(select(size).where(journal_part.c.journal_id == entry)) or 0


def chosen(workspace: Workspace, count: int) -> dict[int, int]:
    """Return conversations all over the workspace, with their versions."""
    with workspace.read() as connection:
        rows = connection.execute(
            select(conversation.c.id, conversation.c.version).order_by(conversation.c.id)
        ).all()
    step = len(rows) / count
    return {row.id: row.version for row in (rows[int(at * step)] for at in range(count))}


def run(workspace: Workspace, action: BulkAction, count: int) -> tuple[dict[str, float], int, int]:
    """Return the seconds of each step of an action, how much the journal keeps, what changed."""
    selection = chosen(workspace, count)
    taken: dict[str, float] = {}
    again = isinstance(action, SplitAgain)  # what was acted on in another round is split, too
    taken["plan"], plan = timed(
        lambda: workflow.plan_bulk(workspace, selection, action, again=again)
    )
    taken["do"], result = timed(lambda: workflow.do_bulk(workspace, plan))
    taken["undo"], _name = timed(lambda: workflow.undo(workspace))
    taken["redo"], _name = timed(lambda: workflow.redo(workspace))
    size = kept(workspace, result.entry)
    workflow.undo(workspace)
    return taken, size, result.changed


def show(name: str, runs: Sequence[tuple[dict[str, float], int, int]]) -> None:
    """Print the medians of an action."""
    taken = {step: statistics.median([each[0][step] for each in runs]) for step in STEPS}
    numbers = "  ".join(f"{step} {seconds:5.2f}" for step, seconds in taken.items())
    print(f"{name:<20} {runs[-1][2]:>7,} changed  {numbers}  journal {runs[-1][1] / 1000:,.0f} kB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--chosen", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workspace.db"
        fill(path, options.conversations, options.messages)
        workspace = workflow.open_workspace(path)
        measured = defaultdict(list)
        for _round in range(options.runs):
            for name, action in ACTIONS.items():
                measured[name].append(run(workspace, action, options.chosen))
        for name, runs in measured.items():
            show(name, runs)
        everything = ConversationFilter()
        counted = [
            timed(lambda: workflow.plan_bulk(workspace, everything, ACTIONS["approve"]))[0]
            for _run in range(options.runs)
        ]
        print(f"plan for all {options.conversations:,}: {statistics.median(counted):.2f} s")
        workflow.set_status(workspace, chosen(workspace, options.chosen), Status.REJECTED)
        for what, flt in (("first page", TrashFilter()), ("a word", TrashFilter(text="吃饭"))):
            read = partial(workflow.trash_page, workspace, flt)
            taken = [timed(read)[0] for _run in range(options.runs)]
            print(f"trash of {options.chosen:,}, {what}: {statistics.median(taken):.2f} s")
        workspace.close()


if __name__ == "__main__":
    main()
