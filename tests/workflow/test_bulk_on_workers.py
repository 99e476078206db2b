"""What workers find is stored as one process stores it, to the byte, whatever happens meanwhile."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.bulk import Here, LocalWorkers, Scheduler, SchedulerWorkers, no_sign
from curation.conversations import RECIPE
from curation.export_options import ExportOptions
from curation.model import ConversationFilter, Replacement, Status
from curation.pii import StandIn
from curation.store.queue import matching_ids
from curation.workflow import detecting, duplicates, outgoing, suggesting
from curation.workflow.drafting import Drafted
from tests.dask_scheduler import address_of, end, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Stored = dict[str, list[tuple[Any, ...]]]

pytestmark = [
    pytest.mark.sqlite_only("the file is copied"),
    pytest.mark.in_turn,
]

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


def test_a_scheduler_restarted_amid_a_job_loses_and_doubles_nothing(
    chat: Path, expected: Stored, tmp_path: Path
) -> None:
    path = copied(chat, tmp_path)
    running = [serve(0, tmp_path)]
    address = address_of(running[0])
    engine = SchedulerWorkers(Scheduler(address))
    restarted: list[str] = []

    def progress(stage: str, done: int, total: int) -> None:
        if total and done >= total // 2 and not restarted:
            restarted.append(stage)
            end(running[-1])
            running.append(serve(int(address.rpartition(":")[2]), tmp_path))

    try:
        whole_job(path, engine=engine, progress=progress)
    finally:
        engine.close()
        end(*running)
    assert restarted == ["scan"]
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


def exported(path: Path, out: Path, options: ExportOptions, **more: Any) -> dict[str, bytes]:
    with closing(workflow.open_workspace(path)) as opened:
        replaced = {"PHONE_NUMBER": Replacement.SURROGATE, "PASSWORD": Replacement.REMOVE}
        workflow.save_settings(
            opened, replace(workflow.load_settings(opened), replacements=replaced)
        )
        with opened.read() as connection:
            ids = matching_ids(connection, ConversationFilter())
        workflow.set_status(opened, ids, Status.APPROVED)
        workflow.export_dataset(opened, out, options, **more)
    return {each.name: each.read_bytes() for each in sorted(out.iterdir())}


def test_an_export_by_workers_has_the_same_bytes_also_when_one_is_killed(
    chat: Path, workers: LocalWorkers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing.Pipeline.__init__, "__defaults__", (4, None))
    options = ExportOptions(formats=("sharegpt", "openai"), validation=0.1)
    # The secret that invented values are drawn by is the workspace's own.
    path = copied(chat, tmp_path)
    alone = exported(path, tmp_path / "alone", options)
    killed: list[str] = []

    def progress(stage: str, _done: int, _total: int) -> None:
        if stage == "write" and not killed:
            killed.append(stage)
            kill_one(workers)

    by_workers = exported(path, tmp_path / "workers", options, engine=workers, progress=progress)
    assert killed
    assert by_workers == alone
    written = alone["sharegpt.json"].decode()
    assert re.search(r"电话1[0-9]{10}", written)
    assert "〔电话〕" not in written


def test_what_a_worker_invents_otherwise_is_made_here(
    chat: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(chat, tmp_path)
    alone = exported(path, tmp_path / "alone", ExportOptions())
    asked: list[int] = []

    class Otherwise(Here):
        """Gives other invented values than this process would."""

        def helps(self, seconds: float) -> bool:
            return seconds > 0

        def map(self, work: Any, partitions: Any, sign: Any = no_sign) -> Any:
            for key, result in super().map(work, partitions, sign):
                if isinstance(result, Drafted):
                    asked.append(len(result.stand_ins))
                    result.written = [()] * len(result.written)
                    result.stand_ins = {
                        key: StandIn("13900000000", Replacement.SURROGATE)
                        for key in result.stand_ins
                    }
                yield key, result

    assert exported(path, tmp_path / "other", ExportOptions(), engine=Otherwise()) == alone
    assert sum(asked) > 0
