"""What a rerun of the review page costs with 50,000 conversations, against 500.

    python benchmarks/review_rerun.py [--small 500] [--large 50000] [--runs 30]

Fills two workspaces with invented conversations of four messages. Then, in turn: one action is
committed as a key press commits it (an approval), and the page runs again; both are timed
together. Prints the medians and the ratio, and the parts of it.
"""

from __future__ import annotations

import argparse
import os
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
from curation.model import ConversationFilter, Status
from curation.workflow.progress import ignore

START = datetime(2019, 1, 1, 8)  # noqa: DTZ001  (wall-clock time has no zone)
PENDING = ConversationFilter(statuses=(Status.PENDING,))


def fill(folder: Path, conversations: int) -> Path:
    """Return a workspace with so many conversations, in chats of at most 5,000."""
    path = folder / f"{conversations}.db"
    workspace = workflow.open_workspace(path)
    files = []
    for first in range(0, conversations, 5000):
        name = folder / f"friend{first // 5000}.csv"
        with name.open("w", encoding="utf-8") as file:
            file.write("消息ID,类型,发送人,时间,内容\n")
            for number in range(first, min(first + 5000, conversations)):
                for line in range(4):
                    moment = START + timedelta(hours=number, seconds=20 * line)
                    who = ("阿橙", "小满")[line % 2]
                    text = ("在吗", "在呀(*^▽^*)", f"第{number}次问你", "哈哈哈哈[旺柴]")[line]
                    file.write(f"{7 * 10**18 + number * 4 + line},文本,{who},{moment},{text}\n")
        files.append(name)
    workflow.import_files(workspace, files, me=dict.fromkeys(files, "小满"), progress=ignore)
    workflow.scan_findings(workspace)
    workspace.close()
    return path


class Desk:
    """A review page on one workspace, whose person approves one conversation after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.workspace = workflow.open_workspace(path)
        self.number = 0
        os.environ["RUWO_WORKSPACE"] = str(path)
        self.page = AppTest.from_file(str(ROOT / "pages" / "review.py"), default_timeout=60).run()
        assert not self.page.exception

    def press(self) -> tuple[float, float]:
        """Approve the next conversation and run the page again; return the seconds of both."""
        os.environ["RUWO_WORKSPACE"] = str(self.path)
        shown = workflow.review_window(self.workspace, PENDING, ahead=1, behind=0).records[0]
        self.number += 1
        action = {
            "n": self.number,
            "type": "set_status",
            "id": shown.conversation.id,
            "version": shown.conversation.version,
            "status": "approved",
        }
        start = time.perf_counter()
        workflow.commit_actions(self.workspace, "benchmark", [action])
        committed = time.perf_counter()
        self.page.run()
        return committed - start, time.perf_counter() - committed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=500)
    parser.add_argument("--large", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=30)
    options = parser.parse_args()
    sizes = (options.small, options.large)
    with TemporaryDirectory() as folder:
        desks = {size: Desk(fill(Path(folder), size)) for size in sizes}
        times: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
        for run in range(options.runs + 3):
            for size, desk in desks.items():
                taken = desk.press()
                if run >= 3:  # the first ones warm up
                    times[size].append(taken)
        for size in sizes:
            commits, reruns = zip(*times[size], strict=True)
            print(
                f"{size:>7,} conversations: commit {statistics.median(commits) * 1000:.1f} ms, "
                f"rerun {statistics.median(reruns) * 1000:.1f} ms (medians of {options.runs})"
            )
        whole = {size: statistics.median([sum(pair) for pair in times[size]]) for size in sizes}
        rerun = {size: statistics.median([pair[1] for pair in times[size]]) for size in sizes}
        small, large = sizes
        print(
            f"rerun, {large:,} / {small:,}: {rerun[large] / rerun[small]:.2f} (goal: at most 1.3)"
        )
        print(f"commit and rerun, {large:,} / {small:,}: {whole[large] / whole[small]:.2f}")
        for desk in desks.values():
            desk.workspace.close()


if __name__ == "__main__":
    main()
