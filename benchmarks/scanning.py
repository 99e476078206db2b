"""How long the search of a whole workspace takes, by one process and by several.

    python benchmarks/scanning.py [--messages 200000] [--runs 3] [--processes 2]

Imports invented messages into a workspace once, then searches copies of it in turn, run by run:
by one process, by `--processes`, and as the program decides itself. Reading the messages and
storing what was found is in it. Prints medians in messages a second by the clock, and how they
compare; fails if the findings stored differ.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.invented_chat import messages
from curation import workflow

START = datetime(2021, 1, 1, 8)  # noqa: DTZ001  (wall-clock time has no zone)
STORED = (
    "SELECT message_id, entity, start, end, score, recognizer, why, value FROM finding"
    " ORDER BY message_id, start"
)


def filled_workspace(folder: Path, count: int) -> Path:
    """Return the file of a workspace that holds `count` messages, none searched."""
    exported = folder / "阿橙.csv"
    draw = random.Random(1)  # repeatable
    moment = START
    with exported.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"])
        for number, text in enumerate(messages(count, 1)):
            pause = draw.choice([4, 9, 30, 75]) if draw.random() < 0.93 else 7200
            moment += timedelta(seconds=pause)
            name = draw.choice(["小满", "阿橙"])
            key = str(7 * 10**18 + number)
            writer.writerow(
                [key, "文本", name, f"{moment:%Y-%m-%d %H:%M:%S}", text, name, name, ""]
            )
    path = folder / "filled.db"
    workspace = workflow.open_workspace(path)
    workflow.import_files(workspace, [exported], me={exported: "小满"})
    workspace.close()
    return path


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
        path = filled_workspace(Path(folder), options.messages)
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
