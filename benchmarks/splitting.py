"""What splitting and the search for near-duplicates take, against pandas.read_csv of the same chat.

    python benchmarks/splitting.py [--rows 1000000] [--chats 300] [--runs 3]

Writes a CSV of invented messages in many chats, every twentieth with a quote. Then, run by run:
reads it with pandas.read_csv, splits it (with an adaptive gap, a fixed one, and a limit in tokens),
and looks for near-duplicates among its conversations and a second copy of every tenth of them,
less its first line. Prints medians by the clock and by processor time, their ratios to read_csv,
and the highest memory of splitting and of the search (without Arrow's own).
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from curation.conversations import SplitRules, near_duplicates, split_conversations
from curation.importers import message_table

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
SYLLABLES = [chr(0x4E00 + 13 * number) for number in range(600)]
RULES = {
    "split, adaptive gap": SplitRules(),
    "split, fixed gap": SplitRules("fixed"),
    "split, limit of 1,200 tokens": SplitRules(limit=1200, unit="tokens"),
}
TALK = 20
"""Messages of a conversation, on average."""


def write_chats(path: Path, rows: int, chats: int) -> None:
    """Write a CSV of so many messages in so many chats, in order of time and chats mixed."""
    draw, choose = np.random.default_rng(1), random.Random(1)  # repeatable
    words = ["".join(choose.choices(SYLLABLES, k=choose.randint(1, 3))) for _word in range(20_000)]
    texts = ["".join(choose.choices(words, k=choose.randint(1, 8))) for _row in range(rows)]
    pauses = np.where(
        draw.random(rows) < 1 / TALK, draw.lognormal(9.6, 1, rows), draw.lognormal(3.4, 1.2, rows)
    )
    chat = np.arange(rows) * chats // rows
    seconds = 1_500_000_000 + np.cumsum(pauses.astype("int64"))
    quotes = np.full(rows, None, dtype="object")
    asked = draw.choice(np.arange(3, rows), rows // 20, replace=False)
    quotes[asked] = [texts[place - 3] for place in asked]
    table = pd.DataFrame(
        {
            "chat": [f"chat {number}" for number in chat],
            "id": 7 * 10**15 + np.arange(rows),
            "me": draw.random(rows) < 0.5,
            "time": seconds,
            "text": texts,
            "quote": quotes,
        }
    )
    # Every chat starts in the same year, so that the rows of a file jump from chat to chat.
    table["time"] -= table.groupby("chat")["time"].transform("min")
    table.sort_values("time", kind="stable").to_csv(path, index=False)


def as_messages(table: pd.DataFrame) -> pd.DataFrame:
    """Return the message table of the CSV."""
    return message_table(
        {
            "chat": table["chat"].astype("str"),
            "source_id": table["id"].astype("str"),
            "is_me": table["me"],
            "time": pd.to_datetime(table["time"] + 1_500_000_000, unit="s").astype("datetime64[s]"),
            "kind": pd.Series(["text"]).repeat(len(table)).array,
            "text": table["text"].astype("str"),
            "reply_to": table["quote"].astype("str"),
        }
    )


def conversations_of(messages: pd.DataFrame) -> dict[int, str]:
    """Return the text of each conversation, and nearly that of every tenth again."""
    numbers = split_conversations(messages, SplitRules())
    ordered = messages.assign(conversation=numbers).sort_values(["conversation", "time"])
    lines = ordered["text"].tolist()
    ends = ordered.groupby("conversation").size().cumsum().tolist()
    texts = ["\n".join(lines[first:end]) for first, end in zip([0, *ends[:-1]], ends, strict=True)]
    again = [text.partition("\n")[2] for text in texts[::10]]
    return dict(enumerate([*texts, *again]))


class Taken(NamedTuple):
    """Seconds on the clock, and seconds of processor time over all threads."""

    clock: float
    processor: float


def timed(work: Callable[[], Result]) -> tuple[Taken, Result]:
    """Return what a call took, and its result."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return Taken(time.perf_counter() - clock, time.process_time() - processor), result


def peak_megabytes(work: Callable[[], object]) -> float:
    """Return how much memory a call takes at most on top of what was there."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--chats", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    seconds: dict[str, list[Taken]] = {name: [] for name in ("read_csv", *RULES, "near_duplicates")}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "chats.csv"
        write_chats(path, options.rows, options.chats)
        for run in range(options.runs):
            taken, table = timed(lambda: pd.read_csv(path))
            seconds["read_csv"].append(taken)
            messages = as_messages(table)
            for name, rules in RULES.items():
                taken, numbers = timed(partial(split_conversations, messages, rules))
                seconds[name].append(taken)
                if run == 0:
                    print(f"{name}: {numbers.max() + 1:,} conversations")
            texts = conversations_of(messages)
            taken, marked = timed(partial(near_duplicates, texts))
            seconds["near_duplicates"].append(taken)
            if run == 0:
                print(f"near_duplicates: {len(marked):,} of {len(texts):,} marked")
    for kind in range(len(Taken._fields)):
        print(f"by {Taken._fields[kind]}:")
        for name, values in seconds.items():
            ratio = statistics.median(
                value[kind] / reading[kind]
                for value, reading in zip(values, seconds["read_csv"], strict=True)
            )
            middle = statistics.median(value[kind] for value in values)
            print(f"  {name:30} {middle:6.2f} s {ratio:8.2f} x read_csv")
    limited = partial(split_conversations, messages, RULES["split, limit of 1,200 tokens"])
    print(f"memory of split: {peak_megabytes(limited):.0f} MB")
    print(f"memory of near_duplicates: {peak_megabytes(partial(near_duplicates, texts)):.0f} MB")


if __name__ == "__main__":
    main()
