"""A run of a trainer as a process of its own: started, watched, stopped, explained."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from curation.errors import TrainingError
from curation.training import (
    Phase,
    TrainingRun,
    delete_run,
    explain,
    find_trainer,
    last_lines,
    make_run_folder,
    read_log,
    read_run,
    runs_in,
    start_run,
    stop_run,
)
from curation.training.keeper import birth
from tests import fake_trainer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Prepare = Callable[[], Path]

SETTINGS = 'dataset: ruwo\ndataset_dir: "."\noutput_dir: output\n'
LONG = 20.0


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return fake_trainer.install(tmp_path / "bin")


@pytest.fixture
def prepare(tmp_path: Path) -> Iterator[Prepare]:
    """Return a function that makes a folder ready to train in; what runs there is ended."""
    place = tmp_path / "ws-training"

    def make() -> Path:
        folder = make_run_folder(place)
        (folder / "train.yaml").write_text(SETTINGS, encoding="utf-8")
        (folder / "data.json").write_text("[{}, {}]", encoding="utf-8")
        info = {"ruwo": {"file_name": "data.json"}}
        (folder / "dataset_info.json").write_text(json.dumps(info), encoding="utf-8")
        return folder

    yield make
    for run in runs_in(place):
        if run.going:
            stop_run(run.folder)
            until(run.folder, lambda now: not now.going)


def begin(folder: Path, program: Path, grace: float = 5.0) -> TrainingRun:
    command = [str(program), "train", "train.yaml"]
    return start_run(folder, command, {"HF_HUB_OFFLINE": "1"}, {"records": 2}, grace=grace)


def until(folder: Path, wanted: Callable[[TrainingRun], bool]) -> TrainingRun:
    deadline = time.monotonic() + LONG
    while not wanted(run := read_run(folder)):
        assert time.monotonic() < deadline, (run, run.output.read_text(encoding="utf-8"))
        time.sleep(0.05)
    return run


def ended(folder: Path) -> TrainingRun:
    return until(folder, lambda run: not run.going)


def training(folder: Path) -> TrainingRun:
    """Wait until the trainer writes its log."""
    return until(folder, lambda run: run.phase is Phase.RUNNING and run.log.exists())


def state_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    return found


def test_a_run_goes_to_its_end_and_all_of_it_is_read_from_its_folder(
    prepare: Prepare, program: Path
) -> None:
    folder = prepare()
    assert begin(folder, program).phase is Phase.STARTING
    run = ended(folder)
    assert (run.phase, run.code, explain(run)) == (Phase.DONE, 0, None)
    assert run.facts == {"records": 2}
    assert run.ended is not None
    assert run.ended >= run.began > time.time() - 60
    assert len(read_log(run.log).runs[0].trained) == 30
    assert last_lines(run.output)[0] == "records 2 offline 1"
    assert [each.folder for each in runs_in(folder.parent)] == [folder]


@pytest.mark.skipif(os.name == "nt", reason="owners are told otherwise there")
def test_only_its_owner_can_look_into_a_run(prepare: Prepare, program: Path) -> None:
    folder = prepare()
    begin(folder, program)
    run = ended(folder)
    written = [folder.parent, folder, folder / "run.json", folder / "state.json"]
    for path in (*written, run.output, run.log.parent, run.log):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_run_is_stopped_and_what_it_wrote_stays(
    prepare: Prepare, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "endless")
    folder = prepare()
    begin(folder, program)
    training(folder)
    number = state_of(folder)["trainer"][0]
    stop_run(folder)
    run = ended(folder)
    assert run.phase is Phase.STOPPED
    assert "You stopped it" in str(explain(run))
    assert birth(number) is None
    assert read_log(run.log).runs


def test_a_trainer_that_will_not_end_is_killed(
    prepare: Prepare, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "stubborn")
    folder = prepare()
    begin(folder, program, grace=0.3)
    training(folder)
    stop_run(folder)
    run = ended(folder)
    assert run.phase is Phase.STOPPED
    assert birth(state_of(folder)["trainer"][0]) is None


def at_work_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(folder) and birth(process.pid) is not None:
                found.append(process)
    return found


def left_in(folder: Path) -> list[psutil.Process]:
    """Wait until nothing works in the folder any more; end and return what still does."""
    deadline = time.monotonic() + 5
    while (left := at_work_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in left:
        process.kill()
    return left


@pytest.mark.skipif(os.name == "nt", reason="groups of processes")
def test_a_trainer_that_ended_leaves_nobody_of_its_group_at_the_card(
    prepare: Prepare, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "child")
    folder = prepare()
    begin(folder, program)
    run = ended(folder)
    assert (run.phase, run.code) == (Phase.DONE, 0)
    assert (folder / "child.txt").exists()
    assert left_in(folder) == []


@pytest.mark.skipif(os.name == "nt", reason="groups of processes")
def test_a_trainer_of_which_nothing_can_be_written_down_is_ended(
    prepare: Prepare, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "endless")
    folder = prepare()
    (folder / "state.json").mkdir()
    begin(folder, program)
    assert left_in(folder) == []
    assert "Error" in (folder / "trainer.txt").read_text(encoding="utf-8")
    (folder / "run.json").unlink()  # it would count as starting for a while


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_trainer_whose_keeper_is_gone_is_still_seen_and_stopped(
    prepare: Prepare, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "endless")
    folder = prepare()
    begin(folder, program)
    training(folder)
    state = state_of(folder)
    os.kill(state["keeper"][0], signal.SIGKILL)
    until(folder, lambda _run: birth(state["keeper"][0]) is None)
    assert read_run(folder).phase is Phase.RUNNING
    stop_run(folder)
    run = ended(folder)
    assert run.phase is Phase.LOST
    assert birth(state["trainer"][0]) is None
    assert "ended unseen" in str(explain(run))


@pytest.mark.parametrize("shift", [0.0, -1000.0], ids=["in another folder", "born at another time"])
def test_a_process_that_only_has_the_number_of_the_trainer_is_never_ended(
    prepare: Prepare, tmp_path: Path, shift: float
) -> None:
    folder = prepare()
    elsewhere = tmp_path if shift == 0 else folder
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], cwd=elsewhere, stdin=-1)
    try:
        born = psutil.Process(stranger.pid).create_time() + shift
        request = {"command": [], "environment": {}, "facts": {}, "asked": time.time() - 99}
        state = {"phase": "running", "started": time.time(), "trainer": [stranger.pid, born]}
        state["keeper"] = [stranger.pid, born]
        (folder / "run.json").write_text(json.dumps(request), encoding="utf-8")
        (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
        assert read_run(folder).phase is Phase.LOST
        stop_run(folder)
        assert stranger.poll() is None
    finally:
        stranger.communicate(b"\n")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB", "card's memory"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("AssertionError: Torch not compiled with CUDA enabled", "no graphics card"),
        ("ValueError: Your setup doesn't support bf16/gpu.", "no graphics card"),
        ("ModuleNotFoundError: No module named 'bitsandbytes'", "package bitsandbytes"),
        ("ModuleNotFoundError: No module named 'torch.fx'", "package torch.fx"),
        ("RuntimeError: Cannot find valid samples, check `data/README.md`", "read the dataset"),
        (
            "OSError: We couldn't connect to 'https://huggingface.co' to load",
            "not on this computer",
        ),
        ("requests.exceptions.ConnectionError: Max retries exceeded", "connection failed"),
        ("ValueError: Some keys are not used by the HfArgumentParser: ['x']", "update it"),
        ("PermissionError: [Errno 13] Permission denied: 'output'", "may not write"),
        ("Quantizing model to 4 bit with bitsandbytes.\nKeyError: 'x'", "an error (1)"),
        ("KeyError: 'system'", "ended with an error (1)"),
    ],
)
def test_a_failure_is_told_in_words(tmp_path: Path, said: str, reason: str) -> None:
    output = f"\x1b[32mloading\x1b[0m\n 10%|#   |\r 20%|##  |\n\n{said}\n"
    (tmp_path / "trainer.txt").write_bytes(output.encode())
    run = TrainingRun(tmp_path, Phase.FAILED, 0.0, 1.0, code=1)
    assert reason in str(explain(run))
    assert last_lines(run.output) == ["loading", "20%|##  |", *said.split("\n")]


def test_a_failing_trainer_leaves_its_code_and_last_words(
    prepare: Prepare, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "fail:torch.OutOfMemoryError: CUDA out of memory.")
    folder = prepare()
    begin(folder, program)
    run = ended(folder)
    assert (run.phase, run.code) == (Phase.FAILED, 1)
    assert "card's memory" in str(explain(run))
    assert last_lines(run.output, 1) == ["torch.OutOfMemoryError: CUDA out of memory."]


def test_a_trainer_that_was_killed_says_so(tmp_path: Path) -> None:
    run = TrainingRun(tmp_path, Phase.FAILED, 0.0, 1.0, code=-9)
    assert "The system killed it" in str(explain(run))


def test_a_program_that_cannot_be_started_is_a_failure_in_words(prepare: Prepare) -> None:
    folder = prepare()
    begin(folder, folder / "none")
    run = ended(folder)
    assert run.phase is Phase.FAILED
    assert "could not be started: No such file" in str(explain(run))


@pytest.mark.parametrize("state", ["", "{", "[]", '{"phase": "running", "trainer": [true, "x"]}'])
def test_a_folder_with_a_broken_state_is_a_run_that_was_lost(prepare: Prepare, state: str) -> None:
    folder = prepare()
    (folder / "run.json").write_text('{"asked": 1}', encoding="utf-8")
    (folder / "state.json").write_text(state, encoding="utf-8")
    assert read_run(folder).phase is Phase.LOST


def test_a_run_that_is_going_cannot_be_deleted_and_an_ended_one_can(
    prepare: Prepare, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fake_trainer.WAY, "endless")
    folder = prepare()
    begin(folder, program)
    with pytest.raises(TrainingError, match="stop it first"):
        delete_run(folder)
    training(folder)
    stop_run(folder)
    ended(folder)
    delete_run(folder)
    assert not folder.exists()


def test_the_trainer_is_found_on_the_path_or_where_a_person_says(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert find_trainer() is None
    for given in (program, program.parent, tmp_path):
        assert find_trainer(str(given)) == program
    monkeypatch.setenv("PATH", str(program.parent))
    assert find_trainer() == program


@pytest.mark.parametrize("given", ["/bin/sh", "nowhere", "\0", "~nobody-at-all/x"])
def test_nothing_but_a_trainer_is_taken_for_one(given: str) -> None:
    with pytest.raises(TrainingError, match="no llamafactory-cli"):
        find_trainer(given)
