"""A scan by several processes stores what a scan by one stores, also when it is stopped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.pii import parallel
from curation.workflow import detecting
from tests.started_helpers import NotedHelper, WaitingDetector

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.in_turn

SAID = ("在吗", "密码是", "abc{0}12", "电话138{0:08d}", "订单号158{0:08d}", "今晚见", "我刚到家")
DAYS = 60
MESSAGES = DAYS * len(SAID)
FINDINGS = 2 * DAYS


class StoppedError(Exception):
    """Somebody presses stop."""


@pytest.fixture
def chat(tmp_path: Path, write_chat: Any) -> Path:
    """Return the path of a workspace's file with sixty conversations, none searched yet."""
    lines = [
        (day * 1440 + place, ("小满", "阿橙")[day % 2], text.format(day))
        for day in range(DAYS)
        for place, text in enumerate(SAID)
    ]
    path = tmp_path / "chat.db"
    opened = workflow.open_workspace(path)
    exported = write_chat(lines)
    workflow.import_files(opened, [exported], me={exported: "小满"})
    opened.close()
    return path


@pytest.fixture
def _helped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be one conversation, and a helper search some of them."""
    monkeypatch.setattr(detecting, "BATCH", 1)
    monkeypatch.setattr(NotedHelper, "started", [], raising=False)
    monkeypatch.setattr(parallel, "_Helper", NotedHelper)
    waiting = WaitingDetector()
    monkeypatch.setattr(detecting, "detector", lambda _rules: waiting)


def stored(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT message_id, entity, start, end, score, recognizer, why, value, decision"
            " FROM finding ORDER BY 1, 3"
        ).fetchall()


def copied(path: Path) -> Path:
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    return copy


def scanned(path: Path, **options: Any) -> int:
    opened = workflow.open_workspace(path)
    try:
        return workflow.scan_findings(opened, **options)
    finally:
        opened.close()


@pytest.mark.sqlite_only("the file is copied")
@pytest.mark.usefixtures("_helped")
def test_one_process_and_two_store_the_same(chat: Path) -> None:
    told: list[tuple[int, int]] = []
    other = copied(chat)
    assert scanned(chat, processes=1) == MESSAGES
    assert NotedHelper.started == []
    searched = scanned(
        other, processes=2, progress=lambda _stage, done, total: told.append((done, total))
    )
    assert searched == MESSAGES
    assert [helper.ended for helper in NotedHelper.started] == [True]
    assert len(stored(chat)) == FINDINGS
    assert stored(other) == stored(chat)
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((0, MESSAGES), (MESSAGES, MESSAGES))


@pytest.mark.sqlite_only("the file is copied")
@pytest.mark.usefixtures("_helped")
def test_a_scan_stopped_in_between_loses_and_doubles_nothing(chat: Path) -> None:
    other = copied(chat)
    scanned(chat, processes=1)

    def stop(_stage: str, done: int, total: int) -> None:
        if done > total // 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        scanned(other, processes=2, progress=stop)
    assert [helper.ended for helper in NotedHelper.started] == [True]
    assert 0 < len(stored(other)) < FINDINGS
    assert 0 < scanned(other, processes=1) < MESSAGES
    assert scanned(other) == 0
    assert stored(other) == stored(chat)
