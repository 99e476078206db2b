"""What a rerun of the privacy page costs with 100,000 findings, against 1,000.

    python benchmarks/privacy_rerun.py [--small 1000] [--large 100000] [--runs 10]

Fills two workspaces with invented messages, each with a phone number, two in three of them said
once. Then, in turn: one value is decided as a click decides it, and the page runs again. Prints
the medians of both and the ratio of the reruns.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from curation import workflow
from curation.model import Decision, FindingQuery
from curation.workflow.progress import ignore

START = datetime(2019, 1, 1, 8)  # noqa: DTZ001  (wall-clock time has no zone)


def fill(folder: Path, findings: int) -> Path:
    """Return a workspace with so many findings, in chats of at most 50,000 messages."""
    path = folder / f"{findings}.db"
    workspace = workflow.open_workspace(path)
    draw = random.Random(findings)
    files = []
    for first in range(0, findings, 50_000):
        name = folder / f"friend{findings}-{first}.csv"
        with name.open("w", encoding="utf-8") as file:
            file.write("消息ID,类型,发送人,时间,内容\n")
            for number in range(first, min(first + 50_000, findings)):
                moment = START + timedelta(minutes=7 * number)
                who = ("阿橙", "小满")[number % 2]
                often = number % 3 == 0
                digits = draw.randrange(2000) if often else 10_000_000 + number
                text = f"第{number % 1000}个号是138{digits:08d}，记一下(*^▽^*)"
                file.write(f"{7 * 10**18 + number},文本,{who},{moment},{text}\n")
        files.append(name)
    workflow.import_files(workspace, files, me=dict.fromkeys(files, "小满"), progress=ignore)
    workflow.scan_findings(workspace)
    workspace.close()
    return path


class Desk:
    """A privacy page on one workspace, whose person decides one value after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.workspace = workflow.open_workspace(path)
        os.environ["RUWO_WORKSPACE"] = str(path)
        self.page = AppTest.from_file(str(ROOT / "pages" / "privacy.py"), default_timeout=60).run()
        assert not self.page.exception

    def decide(self) -> tuple[float, float]:
        """Decide the first undecided value and run the page; return the seconds of both."""
        os.environ["RUWO_WORKSPACE"] = str(self.path)
        query = FindingQuery(decision=Decision.PENDING)
        value = workflow.finding_groups(self.workspace, query, page_size=1).groups[0]
        start = time.perf_counter()
        workflow.decide_value(self.workspace, value.entity, value.value, Decision.MASK)
        decided = time.perf_counter()
        self.page.run()
        return decided - start, time.perf_counter() - decided


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    sizes = (options.small, options.large)
    with TemporaryDirectory() as folder:
        desks = {size: Desk(fill(Path(folder), size)) for size in sizes}
        times: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
        for run in range(options.runs + 2):
            for size, desk in desks.items():
                taken = desk.decide()
                if run >= 2:  # the first ones warm up
                    times[size].append(taken)
        for size, desk in desks.items():
            decided, reruns = zip(*times[size], strict=True)
            found = sum(workflow.finding_counts(desk.workspace).values())
            print(
                f"{found:>8,} findings: decided in {statistics.median(decided) * 1000:.0f} ms, "
                f"rerun {statistics.median(reruns) * 1000:.0f} ms (medians of {options.runs})"
            )
        small, large = (statistics.median([rerun for _, rerun in times[size]]) for size in sizes)
        print(f"rerun, {sizes[1]:,} / {sizes[0]:,}: {large / small:.1f}")
        for desk in desks.values():
            desk.workspace.close()


if __name__ == "__main__":
    main()
