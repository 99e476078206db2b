"""What the export page costs with 100,000 approved conversations and a kept version, against 1,000.

    python benchmarks/versions.py [--small 1000] [--large 100000] [--runs 20] [--keep FOLDER]

Fills two workspaces with invented conversations of ten messages, searches them for private details,
approves all, builds a version, rejects a conversation in a hundred and builds another one. Then, in
turn: the page runs again, and both versions are compared. Prints the medians, how long the first
build took, and what a version takes in the workspace.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill, kept_or_made
from benchmarks.measuring import timed
from benchmarks.page_runs import Visitor, in_turn
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store.tables import export_version

if TYPE_CHECKING:
    from benchmarks.measuring import Taken

EVERYTHING = ConversationFilter()
REJECTED = 100


def make(path: Path, conversations: int) -> None:
    """Make a workspace with so many approved conversations."""
    fill(path, conversations)
    workspace = workflow.open_workspace(path)
    workflow.set_status(workspace, EVERYTHING, Status.APPROVED)
    workspace.close()


def built(visitor: Visitor, conversations: int) -> Taken:
    """Build two versions, and return what the first one took."""
    workspace = visitor.workspace
    options = workflow.ExportOptions()
    taken = timed(lambda: workflow.build_version(workspace, options))
    some = range(REJECTED, conversations + 1, REJECTED)
    workflow.set_status(workspace, list(some), Status.REJECTED)
    workflow.build_version(workspace, options)
    return taken


def compare(visitor: Visitor) -> float:
    """Return the seconds of comparing the two versions."""
    after, before = (each.id for each in workflow.kept_versions(visitor.workspace).versions)
    start = time.perf_counter()
    found = workflow.compare_versions(visitor.workspace, before, after)
    taken = time.perf_counter() - start
    assert found.difference.removed
    return taken


def version_bytes(visitor: Visitor) -> int:
    """Return how many bytes the first version takes in the workspace."""
    lengths = func.length(export_version.c.entries) + func.length(export_version.c.report)
    with visitor.workspace.read() as connection:
        return connection.scalar(select(lengths).order_by(export_version.c.id)) or 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="a folder for the workspaces, to use them again")
    options = parser.parse_args()
    sizes = (options.small, options.large)
    with TemporaryDirectory() as folder:
        visitors = {}
        for size in sizes:
            path = Path(folder) / f"versions-{size}.db"
            kept_or_made(path, options.keep, partial(make, conversations=size))
            visitors[size] = Visitor(path, "export")
        builds = {size: built(visitor, size) for size, visitor in visitors.items()}
        pages = in_turn(visitors, Visitor.run, options.runs, warming=2)
        compared = in_turn(visitors, compare, options.runs, warming=1)
        for size, visitor in visitors.items():
            print(
                f"{size:>8,} conversations: the page again in"
                f" {1000 * statistics.median(each.clock for each in pages[size]):.0f} ms, versions"
                f" compared in {1000 * statistics.median(compared[size]):.1f} ms (medians of"
                f" {options.runs}); built in {builds[size].clock:.1f} s"
                f" ({builds[size].processor:.1f} s of processor time); a version takes"
                f" {version_bytes(visitor):,} bytes in the workspace"
            )
            visitor.workspace.close()


if __name__ == "__main__":
    main()
