"""How long an import takes, against pandas.read_csv of the same file.

    python benchmarks/import_speed.py [--rows 200000] [--runs 3]

Writes a MemoTrace CSV of invented messages, then in turn, run by run: reads it with
pandas.read_csv, and imports it into a new workspace (read, clean, split, store). The stages of the
last import, SQLite's bare bulk insert of the same rows, a newer export with a little more, and
detection are told apart. Prints medians, their ratio, and the highest memory of the process. With
`--rows 1000000 --runs 1` it tells what a large chat takes beyond the reading and splitting that
parsing.py measures.
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.invented_workspace import START
from benchmarks.measuring import Taken, peak_megabytes, timed
from curation import workflow

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = [
    "今天",
    "晚上",
    "一起",
    "吃饭",
    "好呀",
    "哈哈哈哈",
    "到家",
    "告诉我",
    "下雨",
    "带伞",
    "周末",
    "电影",
    "猫",
    "又",
    "胖了",
    "真的",
    "吗",
    "我",
    "觉得",
    "可以",
    "[捂脸]",
    "[委屈]",
    "(*^▽^*)",
    "~",
    "!!!",
    "嗯嗯",
    "加班",
    "好累",
    "QAQ",
    "晚安",
    "明天",
    "见",
    "排队",
    "奶茶",
    "三分糖",
]
COLUMNS = "conversation_id,position,source_id,sender_id,side,time,kind,original_text,reply_to"


def write_chat(path: Path, rows: int) -> None:
    """Write a MemoTrace v3 CSV with `rows` messages of two people over a few years."""
    choose = random.Random(1)  # repeatable
    moment = START
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"])
        for number in range(rows):
            moment += timedelta(
                seconds=choose.choice([4, 9, 30, 75]) if choose.random() < 0.93 else 7200
            )
            name = choose.choice(["小满", "阿橙"])
            text = "".join(choose.choices(WORDS, k=choose.randint(1, 6)))
            if choose.random() < 0.01:
                text += f"，我电话199{choose.randint(0, 99_999_999):08d}"
            shown = f"{moment:%Y-%m-%d %H:%M:%S}"
            writer.writerow(
                [str(7 * 10**18 + number), "文本", name, shown, text, name, name, "more"]
            )


class Stages:
    """How long each stage of an import takes, by the clock."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage = ""
        self._since = 0.0

    def __call__(self, stage: str, _done: int, _total: int) -> None:
        """Take note of the stage that is under way."""
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0) + now - self._since
        self._stage, self._since = stage, now

    def finish(self) -> str:
        """Return the stages and their seconds as a person reads them."""
        self("", 0, 0)
        return ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in self.seconds.items())


def copy_messages(source: Path, target: Path) -> Callable[[], None]:
    """Return what writes the rows of one workspace's message table into another, and no more.

    It shows what of an import SQLite alone takes: nothing is read, cleaned or split.
    """
    workflow.open_workspace(target).close()
    with closing(sqlite3.connect(source)) as held:
        rows = held.execute(f"SELECT {COLUMNS} FROM message").fetchall()  # noqa: S608  (a constant)

    def copy() -> None:
        with closing(sqlite3.connect(target)) as fresh:
            places = ",".join("?" * len(COLUMNS.split(",")))
            fresh.executemany(f"INSERT INTO message ({COLUMNS}) VALUES ({places})", rows)  # noqa: S608  (a constant)
            fresh.commit()

    return copy


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "阿橙.csv"
        write_chat(path, options.rows)
        print(f"{options.rows:,} rows, {path.stat().st_size / 2**20:.1f} MB")
        me = {path: "小满"}
        readings, imports = [], []
        for run in range(options.runs):
            readings.append(timed(lambda: pd.read_csv(path)))
            workspace = workflow.open_workspace(Path(folder) / f"{run}.db")
            stages = Stages()
            imports.append(
                timed(partial(workflow.import_files, workspace, [path], me=me, progress=stages))
            )
            print(
                f"run {run + 1}: read_csv {readings[-1].clock:.2f} s, "
                f"import {imports[-1].clock:.2f} s; processor time "
                f"{readings[-1].processor:.2f} s and {imports[-1].processor:.2f} s"
            )
            if run + 1 < options.runs:
                workspace.close()
        for name in Taken._fields:
            ratios = [
                getattr(a, name) / getattr(b, name) for a, b in zip(imports, readings, strict=True)
            ]
            print(f"import / read_csv by {name}: median {statistics.median(ratios):.1f}")
        print("(goal: at most 12)")
        print(f"stages of the last import: {stages.finish()}")
        last = Path(folder) / f"{options.runs - 1}.db"
        alone = timed(copy_messages(last, Path(folder) / "copy.db"))
        readings.append(timed(lambda: pd.read_csv(path)))
        print(
            "of it, SQLite alone writing the message rows: "
            f"{alone.clock:.1f} s, "
            f"{alone.processor / statistics.median(r.processor for r in readings):.1f} by processor"
        )
        print(f"highest memory after the imports: {peak_megabytes():.0f} MB (goal: at most 1024)")
        again = timed(partial(workflow.import_files, workspace, [path], me=me))
        print(f"importing the same file again: {again.clock:.2f} s")
        newer = Path(folder) / "newer" / path.name
        newer.parent.mkdir()
        write_chat(newer, options.rows * 101 // 100)
        stages = Stages()
        longer = timed(
            partial(workflow.import_files, workspace, [newer], me={newer: "小满"}, progress=stages)
        )
        print(f"importing an export with 1 % more: {longer.clock:.2f} s ({stages.finish()})")
        scan = timed(lambda: workflow.scan_findings(workspace))
        print(f"detection: {scan.clock:.1f} s, {options.rows / scan.clock:,.0f} messages/s")
        total = sum(workflow.finding_counts(workspace).values())
        print(f"findings: {total:,}")
        workspace.close()


if __name__ == "__main__":
    main()
