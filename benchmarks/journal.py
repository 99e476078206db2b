"""How fast a long journal is read, and how fast big and old actions are undone.

`python benchmarks/journal.py [--rows 200000] [--conversations 30000] [--runs 7]`: medians, in a
workspace whose journal has that many rows beside that of a bulk action, against one of 1,000 rows
for what should not depend on its length.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

import pandas as pd
from sqlalchemy import insert, text

from curation import workflow
from curation.errors import DependentActionsError
from curation.model import ConversationFilter, JournalQuery, Status
from curation.store import imports
from curation.store.tables import journal, journal_chat, journal_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.workflow import Workspace

SMALL = 1000
CHATS = 20


def fill(workspace: Workspace, conversations: int) -> None:
    """Store conversations of two messages each, spread over chats."""
    each = conversations // CHATS
    for number in range(CHATS):
        rows = range(each * 2)
        table = pd.DataFrame(
            {
                "conversation": [row // 2 for row in rows],
                "side": ["me" if row % 2 else "other" for row in rows],
                "text": [f"今天第{row}句，晚上吃火锅吗" for row in rows],
                "seconds": [1_600_000_000 + row * 1800 for row in rows],
            }
        ).assign(source_id=None, kind="text", reply_to=None, reply_id=None)
        table["sender"] = table["sender_name"] = table["side"]
        with workspace.write(bulk=True) as connection:
            source = imports.add_source_file(
                connection, name="x", file_format="test", messages=each * 2, added=each * 2
            )
            imports.add_conversations(
                connection,
                imports.chat_id(connection, f"聊天{number}"),
                table.assign(source_file_id=source).astype({"seconds": "Int64"}),
            )


def write_rows(workspace: Workspace, rows: int, conversations: int) -> None:
    """Write journal rows of edits, as they would stand there after months of work.

    They edit the texts of the second half of the conversations.
    """
    first = conversations // 2
    with workspace.write(bulk=True) as connection:
        start = connection.scalar(text("SELECT coalesce(max(id), 0) FROM journal")) or 0
        for at in range(0, rows, 20_000):
            numbers = range(start + at + 1, start + min(at + 20_000, rows) + 1)
            connection.execute(
                insert(journal),
                [
                    {
                        "id": n,
                        "at": 1_750_000_000 + n * 20,
                        "action": ("edit_message", "tag", "split")[n % 3],
                        "conversation_id": first + n % (conversations - first),
                        "count": 1,
                        "size": 2,
                        "reviewer": ("", "李", "王")[n % 7 % 3],
                        "turned_by": ("", "李", "王")[n % 7 % 3],
                        "undoable": True,
                        "undone": False,
                        "since": n,
                    }
                    for n in numbers
                ],
            )
            connection.execute(
                insert(journal_part),
                [
                    {
                        "journal_id": n,
                        "number": 0,
                        "changes": f'[["message",{2 * (first + n % (conversations - first))},'
                        f'{{"edited_text":"第{n}次改成这样~"}},{{"edited_text":"第{n}次又改了！！"}}]]',
                    }
                    for n in numbers
                ],
            )
            connection.execute(
                insert(journal_chat),
                [{"journal_id": n, "chat_id": 1 + n % CHATS} for n in numbers],
            )


def median(work: Callable[[], object], runs: int) -> float:
    """Return the median of the seconds that `work` takes."""
    return statistics.median(clocked(work)[0] for _run in range(runs))


def clocked(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that `work` takes by the clock, and of the processor."""
    begin, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - used


def tell(name: str, taken: tuple[float, float]) -> None:
    """Print how long a step took."""
    print(f"{name}: {taken[0]:.2f} s, of the processor {taken[1]:.2f} s")


QUERIES = {
    "newest page": (JournalQuery(), 1),
    "page in the middle": (JournalQuery(), 4000),
    "one reviewer": (JournalQuery(reviewer="李"), 1),
    "one action": (JournalQuery(actions=("split",)), 1),
    "one chat": (JournalQuery(chats=("聊天3",)), 1),
    "undone": (JournalQuery(undone=True), 1),
    "a word": (JournalQuery(text="第777次"), 1),
}


def main() -> None:
    """Print the medians."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=200_000)
    asked.add_argument("--conversations", type=int, default=30_000)
    asked.add_argument("--runs", type=int, default=7)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        spaces = {}
        for rows in (SMALL, chosen.rows):
            workspace = workflow.open_workspace(Path(folder) / f"{rows}.db")
            fill(workspace, chosen.conversations)
            tagged = clocked(
                partial(workflow.tag_emotion, workspace, ConversationFilter(), "开心", on=True)
            )
            write_rows(workspace, rows, chosen.conversations)
            spaces[rows] = workspace
        tell(f"bulk tag of {chosen.conversations:,} conversations", tagged)
        small, large = spaces[SMALL], spaces[chosen.rows]
        for name, (query, page) in QUERIES.items():
            long, short = (
                median(partial(workflow.journal_page, where, query, page=page), chosen.runs)
                for where in (large, small)
            )
            print(f"{name:<20}{long * 1000:8.1f} ms   ({short * 1000:.1f} ms at {SMALL:,} rows)")
        for act in (workflow.undo_action, workflow.redo_action, workflow.undo_action):
            name = f"{act.__name__} of the bulk tag, below {chosen.rows:,} later"
            tell(name, clocked(partial(act, large, 1)))
        workflow.tag_emotion(large, ConversationFilter(), "平静", on=True)
        for step in (workflow.undo, workflow.redo):
            tell(f"{step.__name__} of a bulk tag as the last step", clocked(partial(step, large)))
        workflow.set_status(large, ConversationFilter(), Status.APPROVED)
        workflow.set_status(large, ConversationFilter(), Status.REJECTED)
        number = workflow.journal_page(large, JournalQuery()).lines[1].id

        def refused() -> None:
            with suppress(DependentActionsError):
                workflow.undo_action(large, number)

        tell("refusal with what stands on it", clocked(refused))
        for workspace in spaces.values():
            workspace.close()


if __name__ == "__main__":
    main()
