"""What acting on 30,000 of 100,000 conversations takes, and taking it back.

    python benchmarks/bulk.py [--conversations 100000] [--messages 10] [--chosen 30000] [--runs 3]

Fills a workspace with invented conversations in four chats, about a third with private details.
Then, in turn, each action is planned for conversations all over the workspace, done, undone, done
again and undone; how large its rows in the journal are is told beside it. Then one conversation is
approved in another tab just when a split of so many begins to write. Last, the first page of a
trash of so many conversations is read, and a word is searched in it. Prints medians in seconds.
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
from threading import Thread
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill
from curation import workflow
from curation.model import ConversationFilter, Decision, Status
from curation.store.tables import conversation, journal_part
from curation.store.trash import TrashFilter
from curation.workflow import (
    DecideFindings,
    SetBackground,
    SetRelation,
    SetStatus,
    SplitAgain,
    TagEmotions,
    Way,
)
from curation.workflow.progress import CHANGE_STAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curation.workflow import BulkAction, Workspace

CHATS = 4
PAUSE = 300
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


def waited(workspace: Workspace, count: int) -> float:
    """Return how long an approval takes that begins when a split of so many begins to write."""
    selection = chosen(workspace, count)
    with workspace.read() as connection:
        other = connection.scalar(
            select(conversation.c.id).where(conversation.c.id.not_in(list(selection))).limit(1)
        )
    assert other is not None
    taken: list[float] = []

    def approve() -> None:
        taken.append(timed(lambda: workflow.set_status(workspace, [other], Status.APPROVED))[0])

    tab = Thread(target=approve)

    def told(stage: str, _done: int, _total: int) -> None:
        if stage == CHANGE_STAGE and tab.ident is None:
            tab.start()

    plan = workflow.plan_bulk(workspace, selection, SplitAgain(1), again=True)
    workflow.do_bulk(workspace, plan, told)
    tab.join()
    workflow.undo(workspace)
    workflow.undo(workspace)
    return taken[0]


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
        fill(
            path,
            options.conversations,
            lines=options.messages,
            chat=options.conversations // CHATS,
            pause=PAUSE,
        )
        workspace = workflow.open_workspace(path)
        measured = defaultdict(list)
        for _round in range(options.runs):
            for name, action in ACTIONS.items():
                measured[name].append(run(workspace, action, options.chosen))
        for name, runs in measured.items():
            show(name, runs)
        waits = [waited(workspace, options.chosen) for _run in range(options.runs)]
        print(f"another tab waits for the split: {statistics.median(waits):.2f} s")
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
