"""What a rerun of the privacy page costs with 100,000 findings, against 1,000.

    python benchmarks/privacy_rerun.py [--small 1000] [--large 100000] [--runs 10]

Fills two workspaces with invented messages, each with a phone number, two in three of them said
once. Then, in turn: one value is decided as a click decides it, and the page runs again. Prints
the medians of both and the ratio of the reruns.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill
from benchmarks.page_runs import Visitor, in_turn
from curation import workflow
from curation.model import Decision, FindingQuery

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES: Final = 10


def numbers(findings: int) -> Iterator[str]:
    """Yield so many messages with a phone number each."""
    draw = random.Random(findings)
    for number in range(findings):
        often = number % 3 == 0
        digits = draw.randrange(2000) if often else 10_000_000 + number
        yield f"第{number % 1000}个号是138{digits:08d}，记一下(*^▽^*)"


def decide(visitor: Visitor) -> tuple[float, float]:
    """Decide the first undecided value and run the page; return the seconds of both."""
    query = FindingQuery(decision=Decision.PENDING)
    value = workflow.finding_groups(visitor.workspace, query, page_size=1).groups[0]
    start = time.perf_counter()
    workflow.decide_value(visitor.workspace, value.entity, value.value, Decision.MASK)
    return time.perf_counter() - start, visitor.run().clock


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    sizes = (options.small, options.large)
    with TemporaryDirectory() as folder:
        visitors = {}
        for size in sizes:
            path = Path(folder) / f"{size}.db"
            fill(path, size // LINES, lines=LINES, texts=numbers(size))
            visitors[size] = Visitor(path, "privacy")
        times = in_turn(visitors, decide, options.runs, warming=3)
        for size, visitor in visitors.items():
            decided, reruns = zip(*times[size], strict=True)
            found = sum(workflow.finding_counts(visitor.workspace).values())
            print(
                f"{found:>8,} findings: decided in {statistics.median(decided) * 1000:.0f} ms, "
                f"rerun {statistics.median(reruns) * 1000:.0f} ms (medians of {options.runs})"
            )
            visitor.workspace.close()
    small, large = (statistics.median([rerun for _, rerun in times[size]]) for size in sizes)
    print(f"rerun, {sizes[1]:,} / {sizes[0]:,}: {large / small:.1f}")


if __name__ == "__main__":
    main()
