"""What opening the overview costs with 100,000 conversations, against 1,000.

    python benchmarks/overview.py [--small 1000] [--large 100000] [--runs 10] [--keep FOLDER]

Fills two workspaces with invented conversations of ten messages, in 20 chats, and searches
them for private details; decides some of them, one by one and in bulk. Then, in turn: one
conversation is approved, and the page runs as if it was just opened. Prints the medians and their
ratio, and apart from them how long the style and the lengths take to be measured.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_chat import messages
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.ui import resources
from curation.workflow.overview import forget_counts

START = datetime(2019, 1, 1, 8)  # noqa: DTZ001  (wall-clock time has no zone)
PENDING = ConversationFilter(statuses=(Status.PENDING,))
LINES = 10
CHATS = 20


def fill(folder: Path, conversations: int) -> Path:
    """Return a workspace with so many conversations, some of them decided."""
    path = folder / f"{conversations}.db"
    if path.exists():
        return path
    draw = random.Random(conversations)
    said = iter(messages(conversations * LINES, seed=conversations))
    files = []
    size = conversations // CHATS
    for first in range(0, conversations, size):
        name = folder / f"friend{conversations}-{first // size}.csv"
        with name.open("w", encoding="utf-8") as file:
            file.write("消息ID,类型,发送人,时间,内容\n")
            for number in range(first, min(first + size, conversations)):
                moment = START + timedelta(hours=number % size * 9 + draw.randrange(5))
                for line in range(LINES):
                    moment += timedelta(seconds=draw.randrange(5, 60))
                    who = draw.choice(("阿橙", "小满"))
                    key = 7 * 10**18 + number * LINES + line
                    file.write(f"{key},文本,{who},{moment},{next(said).replace(',', '，')}\n")
        files.append(name)
    workspace = workflow.open_workspace(path)
    workflow.import_files(workspace, files, me=dict.fromkeys(files, "小满"))
    workflow.scan_findings(workspace)
    some = ConversationFilter(chats=tuple(workflow.chats(workspace)[:1]))
    workflow.set_status(workspace, some, Status.APPROVED)
    workflow.tag_emotion(workspace, some, "开心", on=True)
    shown = workflow.review_window(workspace, PENDING, ahead=200, behind=0).records
    actions = [
        {
            "n": number,
            "type": "set_status",
            "id": each.conversation.id,
            "version": each.conversation.version,
            "status": "approved",
        }
        for number, each in enumerate(shown, 1)
    ]
    workflow.commit_actions(workspace, "benchmark", actions)
    workspace.close()
    return path


class Visitor:
    """Somebody who approves a conversation and then opens the overview, again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.workspace = workflow.open_workspace(path)
        self.number = 1_000_000
        start = time.process_time()
        workflow.measure_voice(self.workspace)
        self.measured = time.process_time() - start

    def open(self) -> tuple[float, float]:
        """Run the page in a new session; return the seconds it took, by clock and by processor."""
        os.environ["RUWO_WORKSPACE"] = str(self.path)
        resources._open(str(self.path))  # noqa: SLF001  (a server has it open)
        page = AppTest.from_file(str(ROOT / "pages" / "overview.py"), default_timeout=600)
        start, worked = time.perf_counter(), time.process_time()
        page.run()
        taken = (time.perf_counter() - start, time.process_time() - worked)
        assert not page.exception
        assert page.metric
        return taken

    def glance(self) -> float:
        """Return the seconds that reading what the page shows takes, with nothing kept."""
        forget_counts()
        start = time.perf_counter()
        workflow.overview_of(self.workspace)
        return time.perf_counter() - start

    def approve(self) -> None:
        """Approve the first conversation of the queue."""
        shown = workflow.review_window(self.workspace, PENDING, ahead=1, behind=0).records[0]
        self.number += 1
        action = {
            "n": self.number,
            "type": "set_status",
            "id": shown.conversation.id,
            "version": shown.conversation.version,
            "status": "approved",
        }
        workflow.commit_actions(self.workspace, "visitor", [action])


def milliseconds(seconds: list[float]) -> str:
    """Return the median in words."""
    return f"{statistics.median(seconds) * 1000:.0f} ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="a folder for the workspaces, to use them again")
    options = parser.parse_args()
    sizes = (options.small, options.large)
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    kept = nullcontext(options.keep) if options.keep is not None else TemporaryDirectory()
    with kept as folder:
        visitors = {size: Visitor(fill(Path(folder), size)) for size in sizes}
        opened: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
        glances: dict[int, list[float]] = {}
        for run in range(options.runs + 2):
            for size, visitor in visitors.items():
                visitor.approve()
                taken = visitor.open()
                if run >= 2:  # the first ones warm up
                    opened[size].append(taken)
        # Afterwards: it forgets what the pages go by.
        for size, visitor in visitors.items():
            glances[size] = [visitor.glance() for _run in range(options.runs)]
        medians = {
            size: [statistics.median(each) for each in zip(*opened[size], strict=True)]
            for size in sizes
        }
        for size, visitor in visitors.items():
            voice = workflow.kept_voice(visitor.workspace)
            assert voice is not None
            clock, worked = (round(1000 * seconds) for seconds in medians[size])
            print(
                f"{size:>8,} conversations: opened in {clock} ms, {worked} ms of processor time;"
                f" every row read anew in {milliseconds(glances[size])} (medians of"
                f" {options.runs}); style ({voice.before.messages:,} and {voice.after.messages:,}"
                f" messages) and lengths in {visitor.measured:.1f} s of processor time"
            )
        small, large = (medians[size] for size in sizes)
        print(
            f"opened, {sizes[1]:,} / {sizes[0]:,}: {large[0] / small[0]:.2f} by clock,"
            f" {large[1] / small[1]:.2f} by processor time (goal: at most 500 ms)"
        )
        for visitor in visitors.values():
            visitor.workspace.close()


if __name__ == "__main__":
    main()
