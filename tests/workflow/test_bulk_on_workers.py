"""What workers find is stored as one process stores it, to the byte, whatever happens meanwhile."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.bulk import LocalWorkers
from curation.conversations import RECIPE
from curation.workflow import detecting, duplicates, suggesting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Stored = dict[str, list[tuple[Any, ...]]]

pytestmark = pytest.mark.sqlite_only("the file is copied")

SAID = (
    *("在吗", "密码是", "abc{0}12", "电话138{0:08d}", "好难过啊[流泪]", "订单号158{0:08d}"),
    *("明天{0}点在老地方见，记得带伞和那本蓝色封面的书，还有上次说的照片", "哈哈哈哈", "我刚到家"),
)
DAYS = 40
START = datetime(2024, 5, 1, 20)  # noqa: DTZ001  (wall-clock time has no zone)
TABLES = ("finding", "suggestion", "looked_at", "fingerprint", "conversation", "setting")


class StoppedError(Exception):
    """Somebody presses stop."""


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalWorkers]:
    engine = LocalWorkers(workers=2, worth=0)
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def _small_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((detecting, "BATCH"), (suggesting, "_BATCH"), (duplicates, "_BATCH")):
        monkeypatch.setattr(module, name, 4)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace's file with forty conversations, of which none was read yet."""
    folder = tmp_path_factory.mktemp("chat")
    exported = folder / "阿橙.csv"
    lines = ["消息ID,类型,发送人,时间,内容"]
    for number in range(DAYS * len(SAID)):
        day, place = divmod(number, len(SAID))
        moment = f"{START + timedelta(days=day, seconds=20 * place):%Y-%m-%d %H:%M:%S}"
        told = f"文本,{('小满', '阿橙')[place % 2]},{moment},{SAID[place].format(day % 23)}"
        lines.append(f"{7 * 10**18 + number},{told}")
    exported.write_text("\n".join(lines), "utf-8")
    path = folder / "chat.db"
    with closing(workflow.open_workspace(path)) as opened:
        workflow.import_files(opened, [exported], me={exported: "小满"})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM fingerprint")
        connection.execute("UPDATE conversation SET duplicate_of = NULL, similarity = NULL")
        connection.commit()
    return path


@pytest.fixture(scope="module")
def expected(chat: Path) -> Stored:
    """Return what one process stores."""
    path = copied(chat, chat.parent)
    whole_job(path)
    return stored(path)


def copied(path: Path, folder: Path) -> Path:
    copy = folder / "copy.db"
    copy.write_bytes(path.read_bytes())
    return copy


def stored(path: Path) -> Stored:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall()  # noqa: S608
            for name in TABLES
        }


def whole_job(path: Path, **options: Any) -> None:
    with closing(workflow.open_workspace(path)) as opened:
        workflow.scan_findings(opened, **options)
        workflow.suggest(opened, **options)
        workflow.mark_duplicates(opened, **options)


def stop_amid(stage: str) -> Callable[[str, int, int], None]:
    def progress(told: str, done: int, total: int) -> None:
        if told == stage and total and done >= total // 4:
            raise StoppedError

    return progress


def kill_one(workers: LocalWorkers) -> None:
    assert workers._workers is not None
    assert workers._workers._client is not None
    processes = workers._workers._client.run(os.getpid)
    os.kill(next(iter(processes.values())), signal.SIGKILL)


def test_workers_store_what_one_process_stores(
    chat: Path, expected: Stored, workers: LocalWorkers, tmp_path: Path
) -> None:
    path = copied(chat, tmp_path)
    told: list[tuple[str, int, int]] = []
    whole_job(path, engine=workers, progress=lambda *each: told.append(each))
    assert stored(path) == expected
    assert len(expected["finding"]) >= DAYS
    assert len(expected["suggestion"]) >= DAYS
    assert len(expected["fingerprint"]) == DAYS
    for stage in ("scan", "suggest"):
        counts = [(done, total) for each, done, total in told if each == stage]
        assert counts == sorted(counts)
        assert counts[-1][0] == counts[-1][1]


def test_workers_killed_half_way_lose_and_double_nothing(
    chat: Path, expected: Stored, workers: LocalWorkers, tmp_path: Path
) -> None:
    path = copied(chat, tmp_path)
    killed: list[str] = []

    def progress(stage: str, done: int, total: int) -> None:
        if total and done >= total // 2 and stage not in killed:
            killed.append(stage)
            kill_one(workers)

    whole_job(path, engine=workers, progress=progress)
    assert killed == ["scan", "suggest", "duplicates"]
    assert stored(path) == expected


def test_a_job_that_is_stopped_goes_on_where_it_was(
    chat: Path, expected: Stored, workers: LocalWorkers, tmp_path: Path
) -> None:
    path = copied(chat, tmp_path)
    for stage, table in (
        ("scan", "finding"),
        ("suggest", "looked_at"),
        ("duplicates", "fingerprint"),
    ):
        with pytest.raises(StoppedError):
            whole_job(path, engine=workers, progress=stop_amid(stage))
        assert 0 < len(stored(path)[table]) < len(expected[table])
    assert {row[2] for row in stored(path)["fingerprint"]} == {-RECIPE}
    # What was read ahead is compared by whoever goes on, which may be one process alone.
    whole_job(path)
    assert stored(path) == expected
