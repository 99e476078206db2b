"""How long a search for words takes, against reading every message, and what the index costs.

    python benchmarks/search.py [--conversations 100000] [--runs 7]

Makes two workspaces of invented conversations of ten messages, one of 1,000 and one of
`--conversations`, and builds the index of words in each. Then, for words from very frequent to very
rare, each in turn run by run: counts by status (what a screen asks for), the first page of rows
with its snippets, and both by plain LIKE over the messages. Prints medians in milliseconds and
ratios; a last line checks that both ways found the same number.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, select

from curation import store, workflow
from curation.model import ConversationFilter
from curation.store import imports, search
from curation.store.tables import conversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.workflow import Workspace

SMALL: Final = 1_000
MESSAGES: Final = 10
CHATS: Final = 40
FREQUENT: Final = (
    *(
        "今天",
        "晚上",
        "吃饭",
        "哈哈",
        "好的",
        "开会",
        "下班",
        "电影",
        "周末",
        "爬山",
        "火锅",
        "奶茶",
    ),
    *(
        "我们",
        "你们",
        "什么",
        "怎么",
        "没有",
        "可以",
        "知道",
        "不是",
        "真的",
        "觉得",
        "时候",
        "现在",
    ),
    *(
        "喜欢",
        "工作",
        "学校",
        "妈妈",
        "回家",
        "地铁",
        "公司",
        "手机",
        "照片",
        "天气",
        "下雨",
        "图书馆",
    ),
)
RARE: Final = 20_000
"""So many invented words of two characters follow the frequent ones, each rarer than the last."""
WORDS_ASKED: Final = (0, 3, 12, 30, len(FREQUENT), len(FREQUENT) + 500, len(FREQUENT) + 19_000)


def vocabulary(chance: random.Random) -> list[str]:
    """Return the words that are said, the most frequent first."""
    signs = [chr(0x4E00 + 2 * number) for number in range(3_000)]
    return [*FREQUENT, *(chance.choice(signs) + chance.choice(signs) for _ in range(RARE))]


def fill(workspace: Workspace, conversations: int) -> float:
    """Store invented conversations; return how many seconds the storing took."""
    chance = random.Random(1)
    words = vocabulary(chance)
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    spent = 0.0
    for chat in range(CHATS):
        rows = conversations // CHATS * MESSAGES
        said = [
            "".join(chance.choices(words, cum_weights=weights, k=chance.randint(1, 8)))
            for _row in range(rows)
        ]
        table = pd.DataFrame({"conversation": range(rows), "text": said})
        table["conversation"] //= MESSAGES
        table["side"] = ["me" if row % 2 else "other" for row in range(rows)]
        seconds = [1_600_000_000 + row // MESSAGES * 20_000 + row % MESSAGES for row in range(rows)]
        table["seconds"] = pd.array(seconds, dtype="Int64")
        table = table.assign(sender=table["side"], sender_name=table["side"], kind="text")
        table = table.assign(source_id=None, reply_to=None, reply_id=None)
        start = time.perf_counter()
        with workspace.write(bulk=True) as connection:
            source = imports.add_source_file(
                connection, name=f"{chat}.csv", file_format="test", messages=rows, added=rows
            )
            number = imports.chat_id(connection, f"朋友{chat}")
            imports.add_conversations(connection, number, table.assign(source_file_id=source))
        spent += time.perf_counter() - start
    return spent


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def count_by_like(workspace: Workspace, word: str) -> int:
    """Return how many conversations hold a word, without the index."""
    with workspace.read() as connection:
        plain = search.read_all([word])
        query = select(func.count()).select_from(conversation).where(plain)
        return connection.execute(query).scalar_one()


def measure(workspace: Workspace, words: list[str], runs: int) -> dict[str, list[float]]:
    """Return medians by word: count, page, LIKE, and how many conversations hold it."""
    found: dict[str, list[float]] = {}
    for word in words:
        flt = ConversationFilter(text=word)
        total = workflow.count_matching(workspace, flt)

        def count(flt: ConversationFilter = flt) -> object:
            return workflow.count_by_status(workspace, flt)

        def page(flt: ConversationFilter = flt, total: int = total) -> object:
            return workflow.conversation_page(workspace, flt, order="queue", total=total)

        def like(word: str = word) -> object:
            return count_by_like(workspace, word)

        times = [(milliseconds(count), milliseconds(page), milliseconds(like)) for _ in range(runs)]
        medians = [statistics.median(column) for column in zip(*times, strict=True)]
        if count_by_like(workspace, word) != total:
            sys.exit(f"{word}: the index and LIKE do not agree")
        found[word] = [*medians, total]
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    words = vocabulary(random.Random(1))
    asked = [words[rank] for rank in WORDS_ASKED]
    results: list[dict[str, list[float]]] = []
    with TemporaryDirectory() as folder:
        for conversations in (SMALL, options.conversations):
            with closing(store.open_workspace(Path(folder) / f"{conversations}.db")) as workspace:
                stored = fill(workspace, conversations)
                size = (Path(folder) / f"{conversations}.db").stat().st_size
                built = milliseconds(partial(workflow.index_words, workspace)) / 1000
                grown = (Path(folder) / f"{conversations}.db").stat().st_size - size
                print(
                    f"{conversations:,} conversations, {conversations * MESSAGES:,} messages:"
                    f" storing {stored:.2f} s, index {built:.2f} s ({built / stored:.2f} of it),"
                    f" {grown / 1e6:+.0f} MB on {size / 1e6:.0f} MB"
                )
                results.append(measure(workspace, asked, options.runs))
    print("word    of conversations   count     page     LIKE   LIKE/count   count, page to small")
    small, large = results
    for word in asked:
        count, page, like, total = large[word]
        print(
            f"{word}  {total / options.conversations:14.2%}  {count:8.1f} ms {page:5.1f} ms"
            f" {like:6.0f} ms {like / count:10.1f}x"
            f"      {count / small[word][0]:.1f}x, {page / small[word][1]:.1f}x"
        )
    counts, pages = ([large[word][place] for word in asked] for place in (0, 1))
    print(f"median of these words: count {statistics.median(counts):.1f} ms, ", end="")
    print(f"page {statistics.median(pages):.1f} ms; slowest {max(counts):.1f}, {max(pages):.1f} ms")


if __name__ == "__main__":
    main()
