"""What an export of 100,000 approved conversations takes, its search of its own output included.

    python benchmarks/exporting.py [--conversations 100000] [--messages 10] [--keep FOLDER]
                                   [--formats sharegpt] [--validation 0] [--cutoff 0]

Fills a workspace with invented conversations, searches and approves all of them, and exports it in
a process of its own. Prints the seconds by the clock and of the processor, the highest memory of
that process, what it had before it began, the share of each stage, and how much longer it took
than a plain `json.dump` of the same records in the same process. Nothing is marked as nearly alike
beforehand, so with a part for validation that search counts too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_workspace import fill, kept_or_made
from benchmarks.measuring import peak_megabytes, timed
from curation import workflow
from curation.export_options import ExportOptions
from curation.model import ConversationFilter, Status
from curation.store.queue import matching_ids
from curation.workflow import drafting, gate, masking, outgoing

if TYPE_CHECKING:
    from collections.abc import Callable


def approved(path: Path, conversations: int, lines: int) -> None:
    """Make a workspace of approved conversations that were searched."""
    fill(path, conversations, lines=lines)
    with closing(workflow.open_workspace(path)) as workspace:
        with workspace.read() as connection:
            ids = matching_ids(connection, ConversationFilter())
        workflow.set_status(workspace, ids, Status.APPROVED)


class Clock:
    """What the parts of an export took, by the processor's clock."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def watch(self, owner: object, name: str, stage: str) -> None:
        """Count every call of a function or method to a stage."""
        work: Callable[..., Any] = getattr(owner, name)

        def watched(*args: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **named)
            finally:
                self.seconds[stage] += time.process_time() - start

        setattr(owner, name, watched)


def export(path: Path, out: Path, options: ExportOptions) -> None:
    """Export a workspace, and print what it took as JSON."""
    clock = Clock()
    clock.watch(outgoing, "read_conversations", "reading the workspace")
    clock.watch(masking.Masker, "mask_texts", "masking and searching what goes out")
    clock.watch(drafting.Drafter, "_part", "masking messages, joining them to turns")
    clock.watch(gate.Gate, "check", "reading back, checking, searching")
    with closing(workflow.open_workspace(path)) as workspace:
        workflow.prepare_search(workspace)
        workflow.scan_findings(workspace)
        before = peak_megabytes()
        taken = timed(lambda: workflow.export_dataset(workspace, out, options))
        peak = peak_megabytes()
    clock.seconds["all else: writing, labels, counting"] = taken.processor - sum(
        clock.seconds.values()
    )
    records = json.loads((out / "sharegpt.json").read_bytes())
    with (out / "plain.json").open("w", encoding="utf-8") as file:
        plain = timed(lambda: json.dump(records, file, ensure_ascii=False))
    told = {
        "clock": taken.clock,
        "processor": taken.processor,
        "before": before,
        "peak": peak,
        "plain": plain.processor,
        "records": len(records),
        "stages": {name: seconds / taken.processor for name, seconds in clock.seconds.items()},
    }
    print(json.dumps(told))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--formats", default="sharegpt", help="with commas; sharegpt among them")
    parser.add_argument("--validation", type=float, default=0.0)
    parser.add_argument("--cutoff", type=int, default=0)
    parser.add_argument("--export", type=Path, nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    options = ExportOptions(
        formats=tuple(chosen.formats.split(",")),
        validation=chosen.validation,
        max_tokens=chosen.cutoff,
    )
    if chosen.export:
        path, out = chosen.export
        export(path, out, options)
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"approved-{chosen.conversations}.db"
        kept_or_made(
            path, chosen.keep, lambda to: approved(to, chosen.conversations, chosen.messages)
        )
        told_again = (*sys.argv[1:], "--export", str(path), str(Path(folder) / "out"))
        command = [sys.executable, __file__, *told_again]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(f"records to train on            {told['records']:,}")
    print(f"seconds by the clock           {told['clock']:.1f}")
    print(f"seconds of the processor       {told['processor']:.1f}")
    print(f"memory before, at most         {told['before']:.0f} MB, {told['peak']:.0f} MB")
    print(f"times a plain json.dump        {told['processor'] / told['plain']:.1f}")
    for name, share in told["stages"].items():
        print(f"  {share:4.0%} {name}")


if __name__ == "__main__":
    main()
