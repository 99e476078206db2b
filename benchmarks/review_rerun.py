"""What a rerun of the review page costs with 50,000 conversations, against 500.

    python benchmarks/review_rerun.py [--small 500] [--large 50000] [--runs 30]

Fills two workspaces with invented conversations of four messages. Then, in turn: one action is
committed as a key press commits it (an approval), and the page runs again; both are timed
together. Prints the medians and the ratio, and the parts of it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill
from benchmarks.page_runs import Visitor, in_turn


def press(visitor: Visitor) -> tuple[float, float]:
    """Approve the next conversation and run the page again; return the seconds of both."""
    return visitor.approve(), visitor.run().clock


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=500)
    parser.add_argument("--large", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=30)
    options = parser.parse_args()
    small, large = options.small, options.large
    with TemporaryDirectory() as folder:
        visitors = {
            size: Visitor(fill(Path(folder) / f"{size}.db", size, lines=4), "review")
            for size in (small, large)
        }
        times = in_turn(visitors, press, options.runs, warming=4)
        for visitor in visitors.values():
            visitor.workspace.close()
    whole, rerun = {}, {}
    for size, taken in times.items():
        commit = statistics.median(commit for commit, _rerun in taken)
        rerun[size] = statistics.median(rerun for _commit, rerun in taken)
        whole[size] = statistics.median(map(sum, taken))
        print(
            f"{size:>7,} conversations: commit {commit * 1000:.1f} ms, "
            f"rerun {rerun[size] * 1000:.1f} ms (medians of {options.runs})"
        )
    print(f"rerun, {large:,} / {small:,}: {rerun[large] / rerun[small]:.2f} (goal: at most 1.3)")
    print(f"commit and rerun, {large:,} / {small:,}: {whole[large] / whole[small]:.2f}")


if __name__ == "__main__":
    main()
