"""What it costs to let workers do the bulk work, and whether they do the same as one process.

    python benchmarks/scale.py [--messages 200000] [--runs 1] [--workers 2] [--prove]

Fills a workspace with invented messages once, and lets copies of it be searched, looked at for
what to suggest, compared for near-duplicates and exported: by this process alone, by one worker of
Dask, and by `--workers`, in turn, run by run. Prints for each step the seconds by the clock
(medians), how they compare, and the processor's seconds of this process, which reads and writes;
then what starting and a worker's first work take, what a partition costs on its way, where workers
begin to pay, and what follows from these parts for a million and for a hundred million messages.

With `--prove` nothing is measured: this process alone and `--workers` do the whole job, and every
row of every table of the workspace and every byte of the export is compared; it fails if any
differs.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sqlite3
import statistics
import sys
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.invented_workspace import fill
from benchmarks.measuring import peak_megabytes, timed
from curation import workflow
from curation.bulk import Here, LocalWorkers, Work
from curation.model import ConversationFilter, Status
from curation.store.queue import matching_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.bulk import Engine
    from curation.workflow import Workspace

LINES: Final = 10
STEPS: Final = ("search", "suggest", "near-duplicates", "export")
SMALL: Final = 50
"""Conversations of a job that is over once the workers are warm."""
PARTITIONS: Final = 300
PARTITION_BYTES: Final = 100_000
SIZES: Final = (1_000_000, 100_000_000)
LOOKED_AWAY: Final = frozenset({"journal", "setting"})
"""Tables that hold when something was done, or what is drawn by lot for each workspace."""


class Part(NamedTuple):
    """Seconds of a step: by the clock, and of the processor in this process and in its workers."""

    clock: float
    here: float
    there: float


def processor_of_workers() -> float:
    """Return the processor's seconds of all processes that this one started."""
    total = 0.0
    for each in psutil.Process().children(recursive=True):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def steps_of(workspace: Workspace, out: Path, engine: Engine) -> dict[str, Callable[[], object]]:
    """Return the whole job, step by step."""
    alone = 1 if isinstance(engine, Here) else None
    return {
        "search": lambda: workflow.scan_findings(workspace, processes=alone, engine=engine),
        "suggest": lambda: workflow.suggest(workspace, engine=engine),
        "near-duplicates": lambda: workflow.mark_duplicates(workspace, engine=engine),
        "export": lambda: workflow.export_dataset(workspace, out, engine=engine),
    }


def whole_job(path: Path, out: Path, engine: Engine) -> dict[str, Part]:
    """Do the whole job to a workspace; return what each step took."""
    parts = {}
    with closing(workflow.open_workspace(path)) as workspace:
        for name, step in steps_of(workspace, out, engine).items():
            before = processor_of_workers()
            taken = timed(step)
            parts[name] = Part(taken.clock, taken.processor, processor_of_workers() - before)
    return parts


def digests(path: Path, out: Path) -> dict[str, str]:
    """Return a digest of each table of the workspace and of each file of the export."""
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
            " AND name NOT LIKE 'sqlite%' ORDER BY name"
        ).fetchall()
        for (name,) in names:
            if name not in LOOKED_AWAY:
                digest = hashlib.sha256()
                columns = connection.execute("SELECT * FROM pragma_table_info(?)", (name,))
                order = ", ".join(str(each + 1) for each in range(len(columns.fetchall())))
                for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY {order}'):  # noqa: S608  (names of our own)
                    digest.update(repr(row).encode("utf-8", "surrogatepass"))
                found[f"table {name}"] = digest.hexdigest()
    for file in sorted(each for each in out.rglob("*") if each.is_file()):
        name = file.relative_to(out).as_posix()
        found[f"file {name}"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def nothing(_told: bytes) -> None:
    """Prepare nothing."""


def back(_made: None, partition: bytes) -> bytes:
    """Give a partition back."""
    return partition


def on_its_way(engine: Engine) -> float:
    """Return the seconds that a partition costs to which nothing is done."""
    work = Work(nothing, back, b"")
    content = bytes(PARTITION_BYTES)
    list(engine.map(work, [(0, content)]))
    began = time.perf_counter()
    for _answer in engine.map(work, ((number, content) for number in range(PARTITIONS))):
        pass
    return (time.perf_counter() - began) / PARTITIONS


def ready(path: Path) -> None:
    """Approve everything, and forget what an import knows of near-duplicates."""
    with closing(workflow.open_workspace(path)) as workspace:
        with workspace.read() as connection:
            ids = matching_ids(connection, ConversationFilter())
        workflow.set_status(workspace, ids, Status.APPROVED)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM fingerprint")
        connection.execute("UPDATE conversation SET duplicate_of = NULL, similarity = NULL")
        connection.commit()


class Measured:
    """What was measured, by who worked: None is this process alone."""

    def __init__(self) -> None:
        self.parts: defaultdict[int | None, defaultdict[str, list[Part]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.starts: list[float] = []
        self.ways: list[float] = []
        self.first: list[float] = []

    def middle(self, workers: int | None, step: str, field: str = "clock") -> float:
        """Return the median of a step, or the sum of those of the whole."""
        if step == "whole":
            return sum(self.middle(workers, each, field) for each in STEPS)
        place = Part._fields.index(field)
        return statistics.median(part[place] for part in self.parts[workers][step])


def copied(path: Path) -> tuple[Path, Path]:
    """Return a copy of a workspace, and a folder to export it to."""
    copy, out = path.with_name("copy.db"), path.with_name("out")
    shutil.copy(path, copy)
    shutil.rmtree(out, ignore_errors=True)
    return copy, out


def measure(path: Path, workers: int | None, measured: Measured) -> None:
    """Let one engine do the whole job to a copy."""
    copy, out = copied(path)
    engine: Engine = Here()
    if workers is not None:
        engine = LocalWorkers(path.parent, workers, worth=0)
        began = time.perf_counter()
        list(engine.map(Work(nothing, back, b""), [(0, b"")]))
        measured.starts.append(time.perf_counter() - began)
        measured.ways.append(on_its_way(engine))
        # Whoever works for the first time imports much and reads its word lists.
        little = path.with_name("small.db")
        shutil.copy(little, little.with_name("small-copy.db"))
        parts = whole_job(little.with_name("small-copy.db"), out, engine)
        measured.first.append(sum(part.there for part in parts.values()) / workers)
        shutil.rmtree(out)
    with closing(engine):
        for name, part in whole_job(copy, out, engine).items():
            measured.parts[workers][name].append(part)


def prove(path: Path, workers: int) -> None:
    """Let this process and workers do the whole job to copies; fail if they do not do the same."""
    told: list[dict[str, str]] = []
    for engine in (Here(), LocalWorkers(path.parent, workers, worth=0)):
        copy, out = copied(path)
        with closing(engine):
            parts = whole_job(copy, out, engine)
        seconds = ", ".join(f"{name} {part.clock:.0f} s" for name, part in parts.items())
        print(f"{type(engine).__name__}: {seconds}", flush=True)
        told.append(digests(copy, out))
    alone, others = told
    differing = sorted(name for name in {*alone, *others} if alone.get(name) != others.get(name))
    if differing:
        sys.exit(f"different: {', '.join(differing)}")
    print(f"the same to the byte: {', '.join(alone)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--prove", action="store_true")
    options = parser.parse_args()
    workflow.detect_texts(["13812345678"])
    with TemporaryDirectory() as folder:
        path = fill(Path(folder) / "filled.db", options.messages // LINES, lines=LINES, scan=False)
        ready(path)
        ready(fill(Path(folder) / "small.db", SMALL, lines=LINES, scan=False))
        if options.prove:
            prove(path, options.workers)
            return
        measured = Measured()
        for _ in range(options.runs):
            for workers in (None, 1, options.workers):
                measure(path, workers, measured)
    tell(measured, options.messages, options.workers)


def tell(measured: Measured, messages: int, most: int) -> None:
    """Print what was measured, and what follows from it."""
    heads = ("alone", "1 worker", f"{most} workers", "as fast", "here")
    print(f"\n{messages:>12,} messages" + "".join(f"{each:>12}" for each in heads))
    for step in (*STEPS, "whole"):
        alone, one, several = (measured.middle(who, step) for who in (None, 1, most))
        here = measured.middle(most, step, "here")
        print(
            f"{step:21}{alone:10.1f} s{one:10.1f} s{several:10.1f} s"
            f"{alone / several:12.2f}{here:10.1f} s"
        )
    start, way = statistics.median(measured.starts), statistics.median(measured.ways)
    alone, one, several = (measured.middle(who, "whole") for who in (None, 1, most))
    spent = measured.middle(None, "whole", "here")
    more = sum(measured.middle(most, "whole", field) for field in ("here", "there")) / spent - 1
    print(f"efficiency of {most} workers       {alone / several / most:.0%}")
    print(f"1 worker, times as fast       {alone / one:.2f}")
    print(f"the engine's own work         {more:.0%} more of the processor's seconds")
    print(f"starting workers              {start:.1f} s")
    print(
        f"a worker's first work         {statistics.median(measured.first):.1f} s of the processor"
    )
    print(f"a partition there and back    {1000 * way:.1f} ms of {PARTITION_BYTES:,} bytes")
    print(f"memory of this process        {peak_megabytes():.0f} MB at most")
    start += statistics.median(measured.first)
    pays = f"{start / (1 - several / alone):.0f} s of work" if several < alone else "nothing, here"
    print(f"workers pay from              {pays}")
    reckon(measured, messages, most)


def reckon(measured: Measured, messages: int, most: int) -> None:
    """Print what the measured parts add up to for more messages and more workers.

    This process reads, writes and packs while the workers work; who needs longer counts.
    """
    here = measured.middle(most, "whole", "here") / messages
    there = measured.middle(most, "whole", "there") / messages
    alone = measured.middle(None, "whole") / messages
    print("\nreckoned from these seconds of the processor:")
    for size in SIZES:
        told = [f"alone {clock(alone * size)}"]
        told += [f"{each}: {clock(size * max(here, there / each))}" for each in (2, 4, 8, 16)]
        print(f"{size:>12,} messages  {',  '.join(told)}")
    print(
        f"more than {there / here:.1f} workers do not help: by then this process has enough to do"
    )


def clock(seconds: float) -> str:
    """Return seconds as a person says them."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


if __name__ == "__main__":
    main()
