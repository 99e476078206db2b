"""Who works for a bulk job: the results are the same, in the order of the partitions."""

from __future__ import annotations

import gc
import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import psutil
import pytest
from distributed import Client, Future
from distributed.comm import CommClosedError

from curation.__main__ import main
from curation.bulk import (
    Here,
    LocalWorkers,
    Scheduler,
    SchedulerWorkers,
    Work,
    asking,
    engines,
    remote,
    scheduler,
)
from curation.errors import EngineError
from tests.bulk import steps
from tests.dask_scheduler import ROOT, address_of, end, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.in_turn

TIMES = Work(steps.number, steps.times, b"3")


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalWorkers]:
    """Give two workers, with their folder beside a workspace."""
    folder = tmp_path_factory.mktemp("beside")
    engine = LocalWorkers(folder, workers=2, worth=0)
    list(engine.map(TIMES, [(0, 0)]))
    yield engine
    assert engine._workers is not None
    assert engine._cluster is not None
    assert engine._cluster._process.stdin is not None
    engine._workers.close()
    engine._cluster._process.stdin.close()  # as where the process that started them is killed
    engine._cluster._process.wait(20)
    assert list(folder.iterdir()) == []
    engine.close()


def folder_of(workers: LocalWorkers) -> Path:
    assert workers._beside is not None
    (folder,) = workers._beside.iterdir()
    return folder


def processes_of(workers: LocalWorkers) -> list[psutil.Process]:
    assert workers._cluster is not None
    process = psutil.Process(workers._cluster._process.pid)
    return [process, *process.children(recursive=True)]


def test_workers_give_what_one_process_gives_in_order(workers: LocalWorkers) -> None:
    partitions = [(f"key {number}", number) for number in range(50)]
    alone = list(Here().map(TIMES, partitions))
    assert alone[:2] == [("key 0", 0), ("key 1", 3)]
    assert list(workers.map(TIMES, partitions)) == alone


def test_partitions_are_read_as_the_work_goes_on(workers: LocalWorkers) -> None:
    numbers = count()
    answers = workers.map(TIMES, ((number, number) for number in numbers))
    assert [next(answers) for _ in range(3)] == [(0, 0), (1, 3), (2, 6)]
    answers.close()
    assert next(numbers) < 20


def test_what_a_dead_worker_had_is_done_by_another(workers: LocalWorkers, tmp_path: Path) -> None:
    work = Work(steps.folder, steps.dies_once, str(tmp_path).encode())
    partitions = [(number, number) for number in range(12)]
    assert list(workers.map(work, partitions)) == partitions
    assert (tmp_path / "died").exists()


def test_what_a_worker_had_that_hangs_is_done_by_another(workers: LocalWorkers) -> None:
    assert workers._workers is not None
    client = workers._workers.client(lambda: None)
    address, process = next(iter(client.run(os.getpid).items()))
    os.kill(process, signal.SIGSTOP)
    missed: list[str] = []

    def miss() -> None:
        if not missed:
            missed.append(address)
            client.run_on_scheduler(steps.misses, address)

    partitions = [(number, number) for number in range(12)]
    assert list(workers.map(TIMES, partitions, miss)) == [(each, 3 * each) for each in range(12)]
    assert missed
    assert not workers._workers.gone


def test_what_no_worker_can_do_is_done_here_and_tells_no_log(workers: LocalWorkers) -> None:
    work = Work(steps.number, steps.fails, str(os.getpid()).encode())
    partitions = [(number, number) for number in range(4)]
    assert list(workers.map(work, partitions)) == partitions
    told = remote.answer(
        remote.program(),
        remote.Task(steps.number, steps.fails, work.partition.unpack, work.result.pack),
        remote.Sealed(b"0"),
        remote.Sealed(work.partition.pack(1)),
    )
    assert (told.result, told.failed) == (None, "ValueError")
    assert "tanzi" not in repr(remote.Sealed("我的密码是 tanzi-8831".encode()))


def test_whoever_waits_can_stop_it(workers: LocalWorkers) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    slow = Work(steps.number, steps.waits, b"1")
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(workers.map(slow, [(0, 2)], stop))
    assert time.monotonic() - began < 2
    assert list(workers.map(TIMES, [(0, 1)])) == [(0, 3)]


def test_workers_listen_on_this_machine_alone_and_keep_files_to_themselves(
    workers: LocalWorkers,
) -> None:
    hosts = {
        each.laddr.ip
        for process in processes_of(workers)
        for each in process.net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    }
    assert hosts == {"127.0.0.1"}
    assert workers._workers is not None
    assert workers._workers._scheduler.encrypted
    if os.name == "posix":
        assert stat.S_IMODE(folder_of(workers).stat().st_mode) == 0o700


def test_whoever_has_not_the_secret_is_not_heard(workers: LocalWorkers) -> None:
    assert workers._workers is not None
    address = workers._workers._scheduler.address
    stranger = SchedulerWorkers(Scheduler(address.replace("tls", "tcp"), patience=0.1))
    with pytest.raises(EngineError, match="does not answer"):
        list(stranger.map(TIMES, [(0, 0)]))


@pytest.mark.parametrize("call", ["submit", "nthreads"])
def test_a_scheduler_that_goes_away_whenever_it_is_asked_is_given_up(
    workers: LocalWorkers, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def goes_away(*_arguments: object, **_named: object) -> None:
        asked.append(call)
        raise CommClosedError

    asked: list[str] = []
    assert workers._workers is not None
    engine = SchedulerWorkers(replace(workers._workers._scheduler, own=False, patience=0.5))
    monkeypatch.setattr(Client, call, goes_away)
    with pytest.raises(EngineError, match="does not answer") as given_up:
        list(engine.map(TIMES, [(0, 0)]))
    assert isinstance(given_up.value.__cause__, CommClosedError)
    assert 0 < len(asked) < 10
    engine.close()


def test_a_fault_of_this_program_is_no_scheduler_that_went_away(
    workers: LocalWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> str:
        raise UnboundLocalError

    monkeypatch.setattr(asking, "program", fault)
    assert workers._workers is not None
    engine = SchedulerWorkers(replace(workers._workers._scheduler, own=False, patience=0.5))
    with pytest.raises(UnboundLocalError):
        list(engine.map(TIMES, [(0, 0)]))
    engine.close()


# Where a scheduler dies between a connection and its greeting, Python's ssl.SSLSocket lets the
# socket fall unclosed: nobody above it has it to close.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_where_all_workers_of_its_own_are_gone_this_process_does_the_rest(tmp_path: Path) -> None:
    engine = LocalWorkers(tmp_path, workers=1, worth=0)
    try:
        answers = engine.map(TIMES, ((number, number) for number in range(40)))
        found = [next(answers)]
        assert engine._cluster is not None
        assert engine._workers is not None
        engine._workers._scheduler = replace(engine._workers._scheduler, patience=0.1)
        engine._cluster._process.kill()
        found.extend(answers)
        assert found == [(number, 3 * number) for number in range(40)]
        assert not engine.helps(10**6)
        assert list(engine.map(TIMES, [(0, 2)])) == [(0, 6)]
    finally:
        engine.close()
        gc.collect()  # such a socket, while it may fall


def test_a_scheduler_that_comes_again_is_asked_again_and_one_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = serve(0, tmp_path)
    address = address_of(first)
    port = int(address.rpartition(":")[2])
    running = [first]
    engine = SchedulerWorkers(Scheduler(address))
    try:
        found = []
        for key, result in engine.map(TIMES, ((number, number) for number in range(40))):
            found.append((key, result))
            if len(found) == 10:
                first.kill()
                first.wait()
                running.append(serve(port, tmp_path))
        assert found == [(number, 3 * number) for number in range(40)]
        if hasattr(signal, "SIGSTOP"):
            monkeypatch.setattr(scheduler, "_LOOK_EVERY", 0.5)
            engine._scheduler = replace(engine._scheduler, patience=0.1)
            answers = engine.map(TIMES, ((number, number) for number in count()))
            next(answers)
            running[-1].send_signal(signal.SIGSTOP)
            began = time.monotonic()
            with pytest.raises(EngineError, match="does not answer"):
                list(answers)
            assert time.monotonic() - began < 30
    finally:
        engine.close()
        end(*running)


@pytest.mark.parametrize("lacks", [ModuleNotFoundError, AttributeError])
def test_a_worker_that_lacks_a_step_has_another_version_of_the_program(
    workers: LocalWorkers, monkeypatch: pytest.MonkeyPatch, lacks: type[Exception]
) -> None:
    def unread(*_arguments: object, **_named: object) -> None:
        raise lacks

    assert workers._workers is not None
    engine = SchedulerWorkers(replace(workers._workers._scheduler, own=False))
    monkeypatch.setattr(Future, "result", unread)
    with pytest.raises(EngineError, match="another version of this program"):
        list(engine.map(TIMES, [(0, 0)]))
    engine.close()


def test_a_scheduler_without_the_program_is_told_in_one_sentence(tmp_path: Path) -> None:
    process = serve(0, tmp_path, tmp_path)
    engine = SchedulerWorkers(Scheduler(address_of(process)))
    try:
        with pytest.raises(EngineError, match="the scheduler has another version of this program"):
            list(engine.map(TIMES, [(0, 0)]))
    finally:
        engine.close()
        end(process)


def test_a_build_by_the_workers_of_a_scheduler_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = tmp_path / "阿橙.csv"
    rows = [
        f"{7 * 10**18 + each},文本,{('阿橙', '小满')[each % 2]},"
        f"2024-05-{1 + each // 4:02} 20:00:00,"
        f"{('电话138' + str(each).zfill(8), '好的~哈哈哈哈')[each % 2]}"
        for each in range(40)
    ]
    chat.write_text("\n".join(["消息ID,类型,发送人,时间,内容", *rows]), "utf-8")
    process = serve(0, tmp_path)
    try:
        address = address_of(process)
        build = ["build", str(chat), "--me", "小满", "--out"]
        assert main([*build, str(tmp_path / "alone")]) == 0
        assert "unmasked" not in capsys.readouterr().err
        assert main([*build, str(tmp_path / "there"), "--scheduler", address]) == 0
        said = capsys.readouterr().err
    finally:
        end(process)
    assert f"unmasked to {address}" in said
    assert "whoever is on the way can read them" in said
    alone, there = (
        {each.name: each.read_bytes() for each in (tmp_path / name).iterdir()}
        for name in ("alone", "there")
    )
    assert alone == there
    assert "〔电话〕" in alone["sharegpt.json"].decode()


def test_a_scheduler_that_is_not_there_is_told_in_one_sentence() -> None:
    engine = SchedulerWorkers(Scheduler("tcp://127.0.0.1:9", patience=0.1))
    with pytest.raises(EngineError, match=r"scheduler tcp://127\.0\.0\.1:9 does not answer"):
        list(engine.map(TIMES, [(0, 0)]))


def test_proofs_that_cannot_be_used_are_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "proof.pem"
    path.write_text("nothing", "utf-8")
    engine = SchedulerWorkers(Scheduler("tls://127.0.0.1:9", str(path), str(path), str(path)))
    with pytest.raises(EngineError, match=r"tls://127\.0\.0\.1:9 who asks cannot be used"):
        list(engine.map(TIMES, [(0, 0)]))


@pytest.mark.parametrize(
    "address",
    [
        *("", "host:8786", "http://host:8786", "tcp://host", "tcp://host:0", "tcp://host:99999"),
        *("tcp://user:secret@host:8786", "tcp://host:8786/path", "inproc://host:8786"),
    ],
)
def test_what_is_no_address_of_a_scheduler_is_refused(address: str) -> None:
    with pytest.raises(EngineError, match="is not where a scheduler can be"):
        Scheduler(address)


def test_a_worker_with_another_program_is_not_believed() -> None:
    task = remote.Task(steps.number, steps.times, TIMES.partition.unpack, TIMES.result.pack)
    told = remote.answer("another", task, remote.Sealed(b"3"), remote.Sealed(b""))
    assert told.failed == remote.OTHER_PROGRAM


def test_small_jobs_and_single_processors_start_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not LocalWorkers(workers=2).helps(engines.WORTH / 2)
    assert LocalWorkers(workers=2).helps(engines.WORTH)
    monkeypatch.setattr(engines, "processors", lambda: 1)
    assert not LocalWorkers().helps(engines.WORTH)
    monkeypatch.setattr(engines, "processors", lambda: 2)
    assert LocalWorkers().helps(engines.WORTH)
    monkeypatch.setattr(engines, "find_spec", lambda _name: None)
    engine = LocalWorkers(workers=2, worth=0)
    assert not engine.helps(10**6)
    assert list(engine.map(TIMES, [(0, 5)])) == [(0, 15)]


@pytest.mark.parametrize(("processors", "workers"), [(2, 1), (3, 2), (8, 7), (64, 8)])
def test_one_processor_is_left_to_this_process(
    monkeypatch: pytest.MonkeyPatch, processors: int, workers: int
) -> None:
    monkeypatch.setattr(engines, "processors", lambda: processors)
    assert LocalWorkers().number == workers


def test_without_dask_a_scheduler_is_told_what_to_install(tmp_path: Path) -> None:
    for name in ("dask", "distributed"):
        (tmp_path / f"{name}.py").write_text("raise ImportError", "utf-8")
    command = [sys.executable, "-m", "curation", "scan", "--scheduler", "tcp://127.0.0.1:9"]
    where = {"PYTHONPATH": str(tmp_path), "RUWO_WORKSPACE": str(tmp_path / "w.db")}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | where, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install -r requirements-dask.txt" in done.stderr
    assert "unmasked to tcp://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
