"""What it costs that a workspace is encrypted.

`python benchmarks/encryption.py [--database FILE | --conversations 100000] [--rounds 3]`: the same
workspace plain and encrypted, in turns, one step after the other. For each step the medians by the
clock and of the processor, and the ratios encrypted to plain. The two are read by different builds
of SQLite, Python's own and that of the package that encrypts; both versions are printed.

`--engines` compares the builds alone, SQLite3 Multiple Ciphers among them where `apsw-sqlite3mc` is
installed: rows written and read through a small cache, medians of processor time.
"""

from __future__ import annotations

import argparse
import importlib
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import select

from benchmarks.bulk import chosen
from benchmarks.import_speed import write_chat
from benchmarks.invented_workspace import add_workspace, copied_or_made
from benchmarks.measuring import Taken, timed
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store.files import ciphers
from curation.store.tables import conversation
from curation.workflow import TagEmotions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PHRASE = "five words that are measured"
KINDS = ("plain", "encrypted")


def keys(workspace: workflow.Workspace, count: int) -> None:
    """Do so many actions of a review, each saved by itself as after a key."""
    with workspace.read() as connection:
        known = connection.execute(
            select(conversation.c.id, conversation.c.version).limit(count)
        ).all()
    for each in known:
        wanted = random.choice((Status.APPROVED, Status.REJECTED))
        action = {"n": 1, "type": "set_status", "id": each.id, "version": each.version}
        answer = workflow.commit_actions(workspace, uuid.uuid4().hex, [action | {"status": wanted}])
        assert not answer.refused


def steps(
    workspace: workflow.Workspace, chat: Path, tagged: int, folder: Path
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what a person does, by name."""
    everything = ConversationFilter()
    word = ConversationFilter(text="哈哈")
    total = workflow.count_matching(workspace, everything)
    tag = TagEmotions(("开心",), on=True)
    selection = chosen(workspace, tagged)
    plan = workflow.plan_bulk(workspace, selection, tag)
    yield f"tag {tagged:,} conversations", partial(workflow.do_bulk, workspace, plan)
    yield "undo that", partial(workflow.undo, workspace)
    yield "100 keys of a review, each saved", partial(keys, workspace, 100)

    def pages() -> None:
        for order in ("queue",) * 20:
            workflow.conversation_page(workspace, everything, order=order, total=total)

    yield "20 pages of the table", pages

    def searches() -> None:
        for _time in range(20):
            workflow.count_by_status(workspace, word)

    yield "20 searches for a word", searches
    me = {chat: "小满"}
    yield "import 100,000 messages", partial(workflow.import_files, workspace, [chat], me=me)
    backup = folder / "b.ruwo"
    yield "back up", partial(workflow.backup_workspace, workspace, backup)
    yield "count everything", partial(workflow.workspace_stats, workspace)


def measure(kind: str, made: Path, chat: Path, tagged: int) -> dict[str, Taken]:
    """Return what each step takes in a fresh copy of a workspace."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "w.db"
        shutil.copy(made, path)
        workspace = workflow.open_workspace(path)
        taken: dict[str, Taken] = {}
        if kind == "encrypted":
            taken["encrypt the workspace"] = timed(
                partial(workflow.encrypt_workspace, workspace, PHRASE)
            )
            ciphers.hold(path, None)
            taken["unlock and open"] = timed(partial(opened, path))
            workspace = workflow.open_workspace(path)
        else:
            workspace.close()
            workspace = workflow.open_workspace(path)
        for what, step in steps(workspace, chat, tagged, Path(name)):
            taken[what] = timed(step)
        workspace.close()
        ciphers.hold(path, None)
    return taken


def opened(path: Path) -> None:
    """Unlock and open a workspace, as at the start of the app."""
    workflow.unlock(PHRASE, path)
    workflow.open_workspace(path).close()


def engines(rounds: int, count: int = 200_000) -> None:
    """Print what the same rows take with each build of SQLite."""
    rows = [
        (each, f"{each} 今天晚上吃什么呀哈哈哈 {each * 7919 % 1_000_003}") for each in range(count)
    ]
    taken: dict[tuple[str, str], list[float]] = {}
    for _round in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            for kind, connection in _builds(Path(name)):
                for pragma in ("cache_size=-2000", "journal_mode=WAL"):
                    list(connection.execute(f"PRAGMA {pragma}"))
                connection.execute("CREATE TABLE m (id INTEGER PRIMARY KEY, said TEXT)")
                writing = timed(partial(_write, connection, rows))
                reading = timed(partial(_read, connection))
                connection.close()
                taken.setdefault((kind, "write"), []).append(writing.processor)
                taken.setdefault((kind, "read"), []).append(reading.processor)
    for (kind, what), seconds in taken.items():
        ratio = statistics.median(seconds) / statistics.median(taken["plain", what])
        print(f"{kind:<28}{what:<8}{statistics.median(seconds):>7.3f} s{ratio:>7.2f}")


def _builds(folder: Path) -> Iterator[tuple[str, Any]]:
    yield "plain", sqlite3.connect(folder / "plain.db", isolation_level=None)
    yield "SQLCipher", ciphers.connect(folder / "cipher.db", ciphers.derive(PHRASE))
    try:
        apsw = importlib.import_module("apsw")
    except ImportError:
        return
    for cipher in ("chacha20", "sqlcipher"):
        connection = apsw.Connection(str(folder / f"{cipher}.db"))
        connection.pragma("cipher", cipher)
        connection.pragma("hexkey", "5c" * 32)
        yield f"sqlite3mc, {cipher}", connection


def _write(connection: Any, rows: list[tuple[int, str]]) -> None:
    connection.execute("BEGIN")
    connection.cursor().executemany("INSERT INTO m VALUES (?, ?)", rows)
    connection.execute("COMMIT")


def _read(connection: Any) -> None:
    list(connection.execute("SELECT sum(length(said)) FROM m"))


def main() -> None:
    """Print medians and ratios."""
    asked = argparse.ArgumentParser()
    add_workspace(asked)
    asked.add_argument("--tagged", type=int, default=30_000)
    asked.add_argument("--engines", action="store_true")
    options = asked.parse_args()
    if options.engines:
        engines(options.rounds)
        return
    runs: dict[str, list[dict[str, Taken]]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as name:
        made, chat = Path(name) / "made.db", Path(name) / "小满和阿橙.csv"
        copied_or_made(made, options)
        prepared = workflow.open_workspace(made)
        workflow.index_words(prepared)
        prepared.close()
        write_chat(chat, 100_000)
        print(f"{made.stat().st_size / 1e6:,.0f} MB, {options.rounds} rounds in turns")
        print(f"SQLite {sqlite3.sqlite_version} plain, {ciphers.driver().sqlite_version} encrypted")
        for _round in range(options.rounds):
            for kind in KINDS:
                runs[kind].append(measure(kind, made, chat, options.tagged))
    print(f"{'':<34}{'plain':>10}{'encrypted':>11}{'clock':>7}{'processor':>11}")
    for what in runs["encrypted"][0]:
        medians = {
            kind: Taken(
                statistics.median(each[what].clock for each in runs[kind]),
                statistics.median(each[what].processor for each in runs[kind]),
            )
            for kind in KINDS
            if what in runs[kind][0]
        }
        after = medians["encrypted"]
        if "plain" not in medians:
            print(f"{what:<34}{'':>10}{after.clock:>9.2f} s")
            continue
        before = medians["plain"]
        ratios = (after.clock / before.clock, after.processor / before.processor)
        print(
            f"{what:<34}{before.clock:>8.2f} s{after.clock:>9.2f} s"
            f"{ratios[0]:>7.2f}{ratios[1]:>11.2f}"
        )


if __name__ == "__main__":
    main()
