"""Whether anybody waits while a daily copy is made in the background.

`python benchmarks/daily_copy.py [--database FILE | --conversations 100000] [--rounds 3]`: somebody
approves one conversation after the other; what one such action takes while nothing else happens,
and while copies are made, in turns. The ratio is of the medians.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import select

from benchmarks.invented_workspace import add_workspace, copied_or_made
from curation import workflow
from curation.model import Status
from curation.store.files import rotation, safety
from curation.store.tables import conversation


def actions(workspace: workflow.Workspace, until: threading.Event | None, most: int) -> list[float]:
    """Do actions until told to end, or so many; return the milliseconds of each."""
    taken: list[float] = []
    while len(taken) < most and (until is None or not until.is_set()):
        wanted = (Status.APPROVED, Status.PENDING)[len(taken) % 2]
        with workspace.read() as connection:
            query = select(conversation.c.version).where(conversation.c.id == 1)
            version = connection.scalar(query)
        action = {"n": 1, "type": "set_status", "id": 1, "version": version, "status": wanted}
        begin = time.perf_counter()
        answer = workflow.commit_actions(workspace, uuid.uuid4().hex, [action])
        taken.append(1000 * (time.perf_counter() - begin))
        assert not answer.refused
        time.sleep(0.02)
    return taken


def main() -> None:
    """Print what an action takes with and without a copy, and what a copy takes."""
    asked = argparse.ArgumentParser()
    add_workspace(asked)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "w.db"
        copied_or_made(path, chosen)
        workspace = workflow.open_workspace(path)
        alone: list[float] = []
        beside: list[float] = []
        copies: list[float] = []
        looks: list[float] = []
        for _round in range(chosen.rounds):
            alone += actions(workspace, None, 60)
            done = threading.Event()

            def copy(done: threading.Event = done) -> None:
                begin = time.perf_counter()
                rotation.make(workspace.engine)
                copies.append(time.perf_counter() - begin)
                done.set()

            maker = threading.Thread(target=copy)
            maker.start()
            beside += actions(workspace, done, 100_000)
            maker.join()
            begin = time.perf_counter()
            rotation.due(workspace.engine)
            looks.append(1000 * (time.perf_counter() - begin))
        print(f"database {safety.size_of(path) / 1e6:,.0f} MB")
        print(f"a copy          {statistics.median(copies):8.2f} s")
        print(f"is one due?     {statistics.median(looks):8.2f} ms")
        for told, some in (("an action alone", alone), ("beside a copy", beside)):
            middle, most = statistics.median(some), max(some)
            print(f"{told:<16}{middle:8.2f} ms, at most {most:.2f} ms, of {len(some)}")
        print(f"ratio           {statistics.median(beside) / statistics.median(alone):8.2f}")
        workspace.close()


if __name__ == "__main__":
    main()
