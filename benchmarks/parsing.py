"""How long reading and splitting a chat takes, against a bare read of the same file.

    python benchmarks/parsing.py [--rows 1000000] [--runs 3]

Generates one private chat as MemoTrace 3 CSV and as ChatLab JSON lines. Run by run and in turn, a
process of its own measures each of: pandas.read_csv of the CSV; reading and splitting it; a plain
loop of json.loads over the lines; reading and splitting them. Prints medians, the ratios by clock
and by processor time over all threads, and the highest memory of each process. Storing and
detection are timed apart, in import_speed.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import peak_megabytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOAL: Final = 6
MEMORY_GOAL: Final = 1536  # MB
ZONE: Final = timedelta(hours=8)
START: Final = datetime(2019, 1, 1, tzinfo=UTC)
PEOPLE: Final = {"阿哲": "wxid_azhe0001", "林小满": "wxid_xiaoman01"}
WORDS: Final = (
    *("今天", "晚上", "一起", "吃饭", "好呀", "哈哈哈哈", "到家", "告诉我", "下雨", "带伞", "周末"),
    *("电影", "猫", "又", "胖了", "真的", "吗", "我", "觉得", "可以", "[捂脸]", "[委屈]", "~"),
    *("(｡•́︿•̀｡)", "!!!", "嗯嗯", "加班", "好累", "QAQ", "晚安", "明天", "见", "排队", "奶茶"),
)


_WORDLESS: Final = (
    (
        ("表情包", 5, "【表情包】 ", "[动画表情]"),
        ("图片", 1, "【图片】", "[图片]"),
        ("语音", 2, "【语音】{said}", "[语音消息] {said}"),
        (
            *("分享链接", 7),
            "【分享链接】\n标题：{said}\n描述：{said}\n链接: https://example.invalid/{row}\n应用：",
            "[链接] {said}",
        ),
        ("系统消息", 80, "你撤回了一条消息", "你撤回了一条消息"),
        ("转账", 99, "【发起转账】:￥1.00\n备注: ", "[转账] ￥1.00"),
    ),
    (5, 4, 3, 2, 1, 1),
)
"""What is not typed: MemoTrace's type, ChatLab's, what both write for it; and how often."""


class Message(NamedTuple):
    """One invented message. `code` is ChatLab's type, `kind` MemoTrace's name for it."""

    number: str
    name: str
    time: datetime
    kind: str
    code: int
    text: str  # as MemoTrace writes it
    content: str  # as exporters write it for ChatLab
    answered: str | None


def messages(rows: int) -> Iterator[Message]:
    """Yield the messages of a chat of two people over some years."""
    choose = random.Random(1)  # repeatable
    moment = START
    last = ("", "")
    for row in range(rows):
        pause = choose.choice([2, 4, 9, 30, 75]) if choose.random() < 0.93 else 9000
        moment += timedelta(seconds=pause)
        said = "".join(choose.choices(WORDS, k=choose.choice([1, 2, 2, 3, 4, 6, 12])))
        if choose.random() < 0.02:
            said = f"{said}\n{said * choose.randint(1, 12)}"
        number = str(7 * 10**18 + row * 977)
        name = choose.choice(list(PEOPLE))
        kind, code, text, content, answered = "文本", 0, said, said, None
        if choose.random() < 0.04 and last[0]:
            answered, quoted = last
            kind, code, text = "引用消息", 25, f"{said}\n引用：{name}: {quoted}"
        elif choose.random() < 0.16:
            kind, code, text, content = choose.choices(*_WORDLESS)[0]
            text, content = text.format(said=said, row=row), content.format(said=said)
        if kind == "文本":
            last = (number, said)
        yield Message(number, name, moment, kind, code, text, content, answered)


def write_files(rows: int, table: Path, lines: Path) -> None:
    """Write the same chat as MemoTrace 3 CSV and as ChatLab JSON lines."""
    meta = {
        "name": "林小满",
        "platform": "wechat",
        "type": "private",
        "ownerId": PEOPLE["阿哲"],
    }
    header = {"_type": "header", "chatlab": {"version": "0.0.2", "exportedAt": 0}, "meta": meta}
    with (
        table.open("w", encoding="utf-8-sig", newline="") as csv_file,
        lines.open("w", encoding="utf-8", newline="\n") as json_file,
    ):
        writer = csv.writer(csv_file)
        writer.writerow(["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"])
        json_file.write(json.dumps(header, ensure_ascii=False) + "\n")
        for each in messages(rows):
            shown = f"{each.time + ZONE:%Y-%m-%d %H:%M:%S}"
            cells = [each.number, each.kind, each.name, shown, each.text, each.name, each.name]
            writer.writerow([*cells, "more"])
            line: dict[str, object] = {
                "_type": "message",
                "sender": PEOPLE[each.name],
                "accountName": each.name,
                "timestamp": int(each.time.timestamp()),
                "type": each.code,
                "content": each.content,
                "platformMessageId": each.number,
            }
            if each.answered is not None:
                line["replyToMessageId"] = each.answered
            json_file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_bare_table(path: Path) -> int:
    """Read the CSV with pandas, nothing more."""
    return len(import_module("pandas").read_csv(path))


def read_bare_lines(path: Path) -> int:
    """Parse every line, keeping none."""
    count = 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            json.loads(line)
            count += 1
    return count - 1


def read_and_split(path: Path) -> int:
    """Read the chat as the import does, and split it into conversations."""
    table = import_module("curation.importers").read_file(path).messages
    splitting = import_module("curation.conversations")
    conversations = splitting.split_conversations(table, splitting.SplitRules())
    if not 1 < conversations.nunique() < len(table):
        sys.exit("the chat was not split")
    return len(table)


JOBS: Final[dict[str, Callable[[Path], int]]] = {
    "read_csv": read_bare_table,
    "csv": read_and_split,
    "json.loads": read_bare_lines,
    "jsonl": read_and_split,
}
OURS: Final = ("curation.conversations", "curation.importers")
NEEDED: Final = {"read_csv": ("pandas",), "csv": OURS, "jsonl": OURS}
"""What is loaded already when a person begins; no other process carries it in its memory."""


class Taken(NamedTuple):
    """Seconds on the clock, seconds of processor time over all threads, highest memory in MB."""

    clock: float
    processor: float
    memory: float


def do(job: str, path: Path, rows: int) -> None:
    """Do one job in this process and print what it took as JSON."""
    for name in NEEDED.get(job, ()):
        import_module(name)
    clock, processor = time.perf_counter(), time.process_time()
    count = JOBS[job](path)
    taken = Taken(time.perf_counter() - clock, time.process_time() - processor, peak_megabytes())
    if count != rows:
        sys.exit(f"{job}: {count:,} messages instead of {rows:,}")
    print(json.dumps(taken))


def measured(job: str, path: Path, rows: int) -> Taken:
    """Return what one job takes in a process of its own."""
    command = [sys.executable, __file__, "--rows", str(rows), "--do", job, str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )
    if done.returncode:
        sys.exit(done.stderr)
    return Taken(*json.loads(done.stdout))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--do", nargs=2, metavar=("JOB", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.do:
        do(options.do[0], Path(options.do[1]), options.rows)
        return
    with TemporaryDirectory() as folder:
        table, lines = Path(folder) / "林小满.csv", Path(folder) / "林小满.jsonl"
        write_files(options.rows, table, lines)
        for path in (table, lines):
            print(f"{path.suffix[1:]}: {options.rows:,} messages, {_megabytes(path):.0f} MB")
        paths = {"read_csv": table, "csv": table, "json.loads": lines, "jsonl": lines}
        taken: dict[str, list[Taken]] = {job: [] for job in JOBS}
        for run in range(options.runs):
            for job, path in paths.items():
                taken[job].append(measured(job, path, options.rows))
            parts = [
                f"{job} {taken[job][-1].clock:.1f} s ({taken[job][-1].processor:.1f} s)"
                for job in JOBS
            ]
            print(f"run {run + 1}, clock (processor): {', '.join(parts)}")
    for bare, job in (("read_csv", "csv"), ("json.loads", "jsonl")):
        print(f"{job}, read and split / {bare}: {_ratios(taken[job], taken[bare])}")
    for job, runs in taken.items():
        print(f"highest memory, {job}: {max(each.memory for each in runs):.0f} MB", end="")
        print(f" (goal: at most {MEMORY_GOAL})" if job in ("csv", "jsonl") else "")


def _ratios(ours: list[Taken], bare: list[Taken]) -> str:
    found = []
    for name in ("clock", "processor"):
        ratio = statistics.median(
            getattr(a, name) / getattr(b, name) for a, b in zip(ours, bare, strict=True)
        )
        found.append(f"{ratio:.1f} by {name}")
    return f"median {', '.join(found)} (goal: at most {GOAL})"


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 2**20


if __name__ == "__main__":
    main()
