"""What it costs that the database lets nobody change the journal and original texts.

`python benchmarks/unchangeable.py [--database FILE | --conversations 100000] [--rounds 3]`: a bulk
action on all conversations, its undo, and single actions, with the rules and without, in turns.
Ratios are of the medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import uuid
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import select, text

from benchmarks.invented_workspace import add_workspace, copied_or_made
from benchmarks.measuring import timed
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import immutable
from curation.store.tables import conversation

ACTIONS = 100


def act(workspace: workflow.Workspace) -> None:
    """Do single actions, as the review page does."""
    for turn in range(ACTIONS):
        status = (Status.APPROVED, Status.PENDING)[turn % 2]
        with workspace.read() as connection:
            query = select(conversation.c.version).where(conversation.c.id == 1)
            version = connection.scalar(query)
        action = {"n": 1, "type": "set_status", "id": 1, "version": version, "status": status}
        assert not workflow.commit_actions(workspace, uuid.uuid4().hex, [action]).refused


def main() -> None:
    """Print seconds with the rules and without, and their ratio."""
    asked = argparse.ArgumentParser()
    add_workspace(asked)
    chosen = asked.parse_args()
    taken: dict[tuple[str, bool], list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "w.db"
        copied_or_made(path, chosen)
        workspace = workflow.open_workspace(path)
        work = {
            "tag all": lambda: workflow.tag_emotion(
                workspace, ConversationFilter(), "开心", on=True
            ),
            "undo it": lambda: workflow.undo(workspace),
            f"{ACTIONS} actions": lambda: act(workspace),
        }
        for turn in range(2 * chosen.rounds):
            with_rules = turn % 2 == 0
            with workspace.write() as connection:
                if with_rules:
                    immutable.prepare(connection)
                else:
                    for _kind, rule, _how in immutable.rules():
                        connection.execute(text(f"DROP TRIGGER {rule}"))
            for what, job in work.items():
                taken[what, with_rules].append(timed(job).clock)
        workspace.close()
    for what in work:
        ours, free = (statistics.median(taken[what, each]) for each in (True, False))
        print(
            f"{what:<14}{ours:8.2f} s with the rules, {free:8.2f} s without  {ours / free:5.2f} x"
        )


if __name__ == "__main__":
    main()
