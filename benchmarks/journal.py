"""How fast a long journal is read, and how fast big and old actions are undone.

`python benchmarks/journal.py [--rows 200000] [--conversations 30000] [--runs 7]`: medians, in a
workspace whose journal has that many rows beside that of a bulk action, against one of 1,000 rows
for what should not depend on its length.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert, text

from benchmarks.invented_workspace import fill
from benchmarks.measuring import timed
from curation import workflow
from curation.errors import DependentActionsError
from curation.model import ConversationFilter, JournalQuery, Status
from curation.store.tables import journal, journal_chat, journal_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measuring import Taken
    from curation.workflow import Workspace

SMALL = 1000
CHATS = 20


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
    return statistics.median(timed(work).clock for _run in range(runs))


def tell(name: str, taken: Taken) -> None:
    """Print how long a step took."""
    print(f"{name}: {taken.clock:.2f} s, of the processor {taken.processor:.2f} s")


QUERIES = {
    "newest page": (JournalQuery(), 1),
    "page in the middle": (JournalQuery(), 4000),
    "one reviewer": (JournalQuery(reviewer="李"), 1),
    "one action": (JournalQuery(actions=("split",)), 1),
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
        filled = Path(folder) / "filled.db"
        each = chosen.conversations // CHATS
        fill(filled, chosen.conversations, lines=2, chat=each, scan=False)
        for rows in (SMALL, chosen.rows):
            path = filled.with_name(f"{rows}.db")
            shutil.copy(filled, path)
            workspace = workflow.open_workspace(path)
            tagged = timed(
                partial(workflow.tag_emotion, workspace, ConversationFilter(), "开心", on=True)
            )
            tag = workflow.journal_page(workspace, JournalQuery()).lines[0].id
            write_rows(workspace, rows, chosen.conversations)
            spaces[rows] = workspace
        tell(f"bulk tag of {chosen.conversations:,} conversations", tagged)
        small, large = spaces[SMALL], spaces[chosen.rows]
        one_chat = JournalQuery(chats=(workflow.chats(large)[3],))
        for name, (query, page) in {**QUERIES, "one chat": (one_chat, 1)}.items():
            long, short = (
                median(partial(workflow.journal_page, where, query, page=page), chosen.runs)
                for where in (large, small)
            )
            print(f"{name:<20}{long * 1000:8.1f} ms   ({short * 1000:.1f} ms at {SMALL:,} rows)")
        for act in (workflow.undo_action, workflow.redo_action, workflow.undo_action):
            name = f"{act.__name__} of the bulk tag, below {chosen.rows:,} later"
            tell(name, timed(partial(act, large, tag)))
        workflow.tag_emotion(large, ConversationFilter(), "平静", on=True)
        for step in (workflow.undo, workflow.redo):
            tell(f"{step.__name__} of a bulk tag as the last step", timed(partial(step, large)))
        workflow.set_status(large, ConversationFilter(), Status.APPROVED)
        workflow.set_status(large, ConversationFilter(), Status.REJECTED)
        number = workflow.journal_page(large, JournalQuery()).lines[1].id

        def refused() -> None:
            with suppress(DependentActionsError):
                workflow.undo_action(large, number)

        tell("refusal with what stands on it", timed(refused))
        for workspace in spaces.values():
            workspace.close()


if __name__ == "__main__":
    main()
