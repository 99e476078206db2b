"""How long the search of a whole workspace takes, by one process and by several.

    python benchmarks/scanning.py [--messages 200000] [--runs 3] [--processes 2]

Imports invented messages into a workspace once, then searches copies of it in turn, run by run:
by one process, by `--processes`, and as the program decides itself. Reading the messages and
storing what was found is in it. Prints medians in messages a second by the clock, and how they
compare; fails if the findings stored differ.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.invented_workspace import fill
from curation import workflow

LINES = 10
STORED = (
    "SELECT message_id, entity, start, end, score, recognizer, why, value FROM finding"
    " ORDER BY message_id, start"
)


def searched(path: Path, processes: int | None) -> tuple[float, list[tuple[object, ...]]]:
    """Return the seconds that the search of a copy takes, and the findings then stored."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    workspace = workflow.open_workspace(copy)
    began = time.perf_counter()
    workflow.scan_findings(workspace, processes=processes)
    seconds = time.perf_counter() - began
    workspace.close()
    with closing(sqlite3.connect(copy)) as connection:
        return seconds, connection.execute(STORED).fetchall()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    workflow.detect_texts(["13812345678"])
    taken: dict[int | None, list[float]] = {1: [], options.processes: [], None: []}
    with TemporaryDirectory() as folder:
        path = fill(Path(folder) / "filled.db", options.messages // LINES, lines=LINES, scan=False)
        first = None
        for _ in range(options.runs):
            for processes, seconds in taken.items():
                each, stored = searched(path, processes)
                seconds.append(each)
                first = first or stored
                if stored != first:
                    sys.exit("the findings differ")
    alone = statistics.median(taken[1])
    for processes, seconds in taken.items():
        middle = statistics.median(seconds)
        print(
            f"{'as it decides itself' if processes is None else f'{processes} process(es)'}: "
            f"{options.messages / middle:,.0f} messages/s "
            f"({options.messages / max(seconds):,.0f}-{options.messages / min(seconds):,.0f}), "
            f"{alone / middle:.2f} times as fast as one"
        )


if __name__ == "__main__":
    main()
