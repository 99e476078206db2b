"""How long a search for words takes, against reading every message, and what the index costs.

    python benchmarks/search.py [--conversations 100000] [--runs 7] [--postgres [ADDRESS]]

Makes two workspaces of invented conversations of ten messages, one of 1,000 and one of
`--conversations`, and builds the index of words in each. Then, for words from very frequent to very
rare, each in turn run by run: counts by status (what a screen asks for), the first page of rows
with its snippets, and both by plain LIKE over the messages. Prints medians in milliseconds and
ratios; a last line checks that both ways found the same number.

`--postgres` does the same on PostgreSQL after it: in databases that are made for it on the server
at ADDRESS and removed again, or on a server of its own, which does not wait for the disk.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import sys
import time
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import create_engine, func, make_url, select, text

from curation import store, workflow
from curation.model import ConversationFilter
from curation.store import imports, search
from curation.store.files import safety
from curation.store.tables import conversation
from tests.postgres import Server, programs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def size_of(workspace: Workspace) -> int:
    """Return how many bytes a workspace takes."""
    path = safety.database_path(workspace.engine)
    if path is not None:
        return path.stat().st_size
    with workspace.read() as connection:
        return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0


@contextmanager
def on_files() -> Iterator[Callable[[int], str]]:
    """Yield what names the place of a workspace of so many conversations: a file."""
    with TemporaryDirectory() as folder:
        yield lambda conversations: str(Path(folder) / f"{conversations}.db")


@contextmanager
def on_postgres(address: str) -> Iterator[Callable[[int], str]]:
    """Yield what names the place of a workspace of so many conversations: a new database."""
    server = None
    if not address:
        folder = programs()
        server = Server(folder) if folder is not None else sys.exit("PostgreSQL is not installed")
        address = server.address("postgres")
    url = make_url(address)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def place(conversations: int) -> str:
        made.append(f"ruwo_benchmark_{os.getpid()}_{conversations}")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {made[-1]}"))
        return url.set(database=made[-1]).render_as_string(hide_password=False)

    try:
        yield place
    finally:
        with engine.connect() as connection:
            for name in made:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
        if server is not None:
            server.stop()


def run(place: Callable[[int], str], conversations: int, runs: int) -> dict[str, list[float]]:
    """Fill, index and search two workspaces, and print what that took."""
    words = vocabulary(random.Random(1))
    asked = [words[rank] for rank in WORDS_ASKED]
    results: list[dict[str, list[float]]] = []
    for count in (SMALL, conversations):
        with closing(store.open_workspace(place(count))) as workspace:
            stored = fill(workspace, count)
            size = size_of(workspace)
            built = milliseconds(partial(workflow.index_words, workspace)) / 1000
            grown = size_of(workspace) - size
            print(
                f"{workspace.engine.dialect.name}: {count:,} conversations,"
                f" {count * MESSAGES:,} messages:"
                f" storing {stored:.2f} s, index {built:.2f} s ({built / stored:.2f} of it),"
                f" {grown / 1e6:+.0f} MB on {size / 1e6:.0f} MB"
            )
            results.append(measure(workspace, asked, runs))
    print("word    of conversations   count     page     LIKE   LIKE/count   count, page to small")
    small, large = results
    for word in asked:
        counted, page, like, total = large[word]
        print(
            f"{word}  {total / conversations:14.2%}  {counted:8.1f} ms {page:5.1f} ms"
            f" {like:6.0f} ms {like / counted:10.1f}x"
            f"      {counted / small[word][0]:.1f}x, {page / small[word][1]:.1f}x"
        )
    counts, pages = ([large[word][at] for word in asked] for at in (0, 1))
    print(f"median of these words: count {statistics.median(counts):.1f} ms, ", end="")
    print(f"page {statistics.median(pages):.1f} ms; slowest {max(counts):.1f}, {max(pages):.1f} ms")
    return large


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--postgres", nargs="?", const="", metavar="ADDRESS")
    options = parser.parse_args()
    with on_files() as place:
        on_file = run(place, options.conversations, options.runs)
    if options.postgres is None:
        return
    with on_postgres(options.postgres) as place:
        on_server = run(place, options.conversations, options.runs)
    if any(on_server[word][-1] != on_file[word][-1] for word in on_file):
        sys.exit("the two databases do not agree")
    ratios = [[on_server[word][at] / on_file[word][at] for word in on_file] for at in (0, 1)]
    count, page = (statistics.median(each) for each in ratios)
    print(f"PostgreSQL to SQLite, median of the words: count {count:.1f}x, page {page:.1f}x")


if __name__ == "__main__":
    main()
