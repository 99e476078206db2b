"""What opening the overview costs with 100,000 conversations, against 1,000.

    python benchmarks/overview.py [--small 1000] [--large 100000] [--runs 10] [--keep FOLDER]

Fills two workspaces with invented conversations of ten messages, in 20 chats, and searches
them for private details; decides some of them, one by one and in bulk. Then, in turn: one
conversation is approved, and the page runs as if it was just opened. Prints the medians and their
ratio, and apart from them how long the style and the lengths take to be measured.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill, kept_or_made
from benchmarks.page_runs import Visitor, in_turn
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.workflow.overview import forget_counts

if TYPE_CHECKING:
    from benchmarks.measuring import Taken

CHATS: Final = 20
DECIDED: Final = 200


def make(path: Path, conversations: int) -> None:
    """Make a workspace with so many conversations, some of them decided."""
    fill(path, conversations, chat=conversations // CHATS)
    visitor = Visitor(path, "overview")
    some = ConversationFilter(chats=tuple(workflow.chats(visitor.workspace)[:1]))
    workflow.set_status(visitor.workspace, some, Status.APPROVED)
    workflow.tag_emotion(visitor.workspace, some, "开心", on=True)
    visitor.approve(DECIDED)
    visitor.workspace.close()


def measured(visitor: Visitor) -> float:
    """Return the seconds of processor time until style and lengths are measured."""
    start = time.process_time()
    workflow.measure_voice(visitor.workspace)
    return time.process_time() - start


def come_back(visitor: Visitor) -> Taken:
    """Approve a conversation, then run the page in a new session; return what that took."""
    visitor.approve()
    visitor.page = visitor.new_page()
    taken = visitor.run()
    assert visitor.page.metric
    return taken


def glance(visitor: Visitor) -> float:
    """Return the seconds that reading what the page shows takes, with nothing kept."""
    forget_counts()
    start = time.perf_counter()
    workflow.overview_of(visitor.workspace)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="a folder for the workspaces, to use them again")
    options = parser.parse_args()
    sizes = (options.small, options.large)
    with TemporaryDirectory() as folder:
        visitors = {}
        for size in sizes:
            path = Path(folder) / f"overview-{size}.db"
            kept_or_made(path, options.keep, partial(make, conversations=size))
            visitors[size] = Visitor(path, "overview")
        voices = {size: measured(visitor) for size, visitor in visitors.items()}
        opened = in_turn(visitors, come_back, options.runs, warming=2)
        # Afterwards: it forgets what the pages go by.
        glances = in_turn(visitors, glance, options.runs, warming=0)
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
                f" every row read anew in {statistics.median(glances[size]) * 1000:.0f} ms"
                f" (medians of {options.runs}); style ({voice.before.messages:,} and"
                f" {voice.after.messages:,} messages) and lengths in {voices[size]:.1f} s of"
                " processor time"
            )
            visitor.workspace.close()
    small, large = (medians[size] for size in sizes)
    print(
        f"opened, {sizes[1]:,} / {sizes[0]:,}: {large[0] / small[0]:.2f} by clock,"
        f" {large[1] / small[1]:.2f} by processor time (goal: at most 500 ms)"
    )


if __name__ == "__main__":
    main()
