"""Runs of a trainer: started, watched and stopped by the files in their folders.

A run belongs to its keeper (see `keeper.py`) and goes on when this program ends. What is told of a
run is read from its folder each time, so that every tab and every later start sees the same.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

from curation import private_files
from curation.errors import N_, TrainingError, why_of
from curation.training import keeper
from curation.training.llamafactory import LOG_FILE, OUTPUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROGRAM: Final = "llamafactory-cli"

_NAMES: Final = (PROGRAM, "lmf")
_ENDINGS: Final = ("", ".exe", ".cmd", ".bat")
_PLACES: Final = ("", "bin", "Scripts")
_STARTING: Final = 30.0
"""Seconds in which a keeper that was started has to have told of itself."""
_SAME_BIRTH: Final = 5.0
"""Seconds by which two readings of one process's start may differ: clocks are set."""


class Phase(StrEnum):
    """How far a run is; LOST: it ended and nobody saw how."""

    STARTING = "starting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"


GOING: Final = frozenset({Phase.STARTING, Phase.RUNNING})


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One run: its folder, how far it is, when it began and ended (seconds since 1970).

    `code` is what the trainer ended with, `why` why it could not be started; `facts` is what was
    noted of it when it was asked for.
    """

    folder: Path
    phase: Phase
    began: float
    ended: float | None = None
    code: int | None = None
    why: str = ""
    facts: Mapping[str, Any] | None = None

    @property
    def going(self) -> bool:
        """Whether it has not ended yet."""
        return self.phase in GOING

    @property
    def log(self) -> Path:
        """The file with its losses, which need not be there yet."""
        return self.folder / OUTPUT / LOG_FILE

    @property
    def output(self) -> Path:
        """The file with what the trainer said."""
        return self.folder / keeper.OUTPUT_FILE


def find_trainer(given: str = "") -> Path | None:
    """Return the trainer's program: the one `given`, or in that folder, or the one on the path.

    None without one. TrainingError where something was given and no trainer is there.
    """
    if given:
        return _trainer_at(Path(os.path.expanduser(given)))  # noqa: PTH111  (Path's own may raise)
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is not None:
        return Path(found)
    return _in_folder(Path(sys.executable).parent)


def _trainer_at(place: Path) -> Path:
    # Whoever reaches this page names a program that will be run: a trainer and no other.
    named = place.name.lower() in {name + ending for name in _NAMES for ending in _ENDINGS}
    try:
        if place.is_dir():
            found = _in_folder(place)
            if found is not None:
                return found
        elif named and place.is_file() and os.access(place, os.X_OK):
            return place.absolute()
    except OSError:
        pass
    raise TrainingError(
        N_("There is no {program} at {place}; name the program, or the folder it is in."),
        program=PROGRAM,
        place=place.name or str(place),
    )


def _in_folder(folder: Path) -> Path | None:
    for part in _PLACES:
        for name in _NAMES:
            found = shutil.which(name, path=str(folder / part))
            if found is not None:
                return Path(found).absolute()
    return None


def runs_in(place: Path) -> list[TrainingRun]:
    """Return the runs whose folders lie in `place`, the newest first."""
    try:
        folders = [each for each in place.iterdir() if (each / keeper.REQUEST_FILE).is_file()]
    except OSError:
        return []
    found = [read_run(folder) for folder in folders]
    return sorted(found, key=lambda run: (run.began, run.folder.name), reverse=True)


def start_run(
    folder: Path,
    command: Sequence[str],
    environment: Mapping[str, str],
    facts: Mapping[str, Any],
    *,
    grace: float = keeper.GRACE,
) -> TrainingRun:
    """Start `command` in `folder` and return the run; TrainingError where that cannot be done.

    `grace` is how many seconds it has to end by itself when it is stopped.
    """
    request = {
        "command": list(command),
        "environment": dict(environment),
        "facts": dict(facts),
        "asked": time.time(),
        "grace": grace,
    }
    detached: dict[str, Any] = (
        {
            "creationflags": getattr(subprocess, "DETACHED_PROCESS", 0)
            | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        }
        if os.name == "nt"
        else {"start_new_session": True, "umask": private_files.OTHERS}
    )
    try:
        keeper.write_whole(folder / keeper.REQUEST_FILE, request)
        (folder / keeper.OUTPUT_FILE).touch(mode=private_files.FILE)
        with (folder / keeper.OUTPUT_FILE).open("ab") as output:
            # -P: what lies beside the keeper is not to be taken for Python's own modules.
            process = subprocess.Popen(  # noqa: S603  (our own keeper)
                [sys.executable, "-P", keeper.__file__, str(folder.absolute())],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **detached,
            )
    except OSError as error:
        raise TrainingError(
            N_("The training cannot be started: {why}"),
            why=why_of(error),
        ) from error
    # Somebody has to take notice of its end, or its number stays taken.
    threading.Thread(target=process.wait, daemon=True, name="training-keeper").start()
    return read_run(folder)


def read_run(folder: Path) -> TrainingRun:
    """Return what is known of the run in `folder`."""
    request = _read(folder / keeper.REQUEST_FILE)
    asked = _seconds(request.get("asked")) or 0.0
    noted = request.get("facts")
    facts = noted if isinstance(noted, dict) else {}
    state = _read(folder / keeper.STATE_FILE)
    if not state:
        waiting = 0 <= time.time() - asked < _STARTING
        return TrainingRun(folder, Phase.STARTING if waiting else Phase.LOST, asked, facts=facts)
    began = _seconds(state.get("started")) or asked
    if state.get("phase") == "running":
        if _is_going(folder, state):
            return TrainingRun(folder, Phase.RUNNING, began, facts=facts)
        # A keeper ends right after its last word: what was read may be the word before that.
        state = _read(folder / keeper.STATE_FILE)
        if state.get("phase") != "ended":
            return TrainingRun(folder, Phase.LOST, began, facts=facts)
    code = state.get("code")
    code = code if isinstance(code, int) else None
    phase = Phase.STOPPED if state.get("stopped") else Phase.FAILED if code != 0 else Phase.DONE
    why = str(state.get("why", ""))
    return TrainingRun(folder, phase, began, _seconds(state.get("ended")), code, why, facts)


def stop_run(folder: Path) -> None:
    """Ask for the end of a run; where its keeper is gone, end the trainer here.

    Nothing is ended that is not certainly the trainer of this run.
    """
    try:
        (folder / keeper.STOP_FILE).touch(mode=private_files.FILE)
    except OSError as error:
        raise TrainingError(
            N_("The training cannot be stopped: {why}"), why=why_of(error)
        ) from error
    state = _read(folder / keeper.STATE_FILE)
    if state.get("phase") != "running" or _process(folder, state.get("keeper")) is not None:
        return
    trainer = _process(folder, state.get("trainer"))
    if trainer is not None:
        keeper.end_all(trainer, keeper.GRACE)


def delete_run(folder: Path) -> None:
    """Remove the folder of a run that has ended, with what it trained."""
    if read_run(folder).going:
        raise TrainingError(N_("This training is still going; stop it first."))
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise TrainingError(
            N_("The folder of the training cannot be deleted: {why}"),
            why=why_of(error),
        ) from error


def make_run_folder(place: Path) -> Path:
    """Return a new folder in `place` that only its owner may look into; named by the time."""
    try:
        private_files.make_own_folder(place)
        stamp = time.strftime("%Y%m%d-%H%M%S")
        for number in range(1, 1000):
            folder = place / (stamp if number == 1 else f"{stamp}-{number}")
            with suppress(FileExistsError):
                folder.mkdir(mode=private_files.FOLDER)
                return folder
    except OSError as error:
        raise TrainingError(
            N_("The folder for the training cannot be made: {why}"),
            why=why_of(error),
        ) from error
    raise TrainingError(N_("The training cannot be started: {why}"), why=stamp)


def has_model(run: TrainingRun) -> bool:
    """Whether a run left a tuned model."""
    return any(True for _each in (run.folder / OUTPUT).glob("*.safetensors"))


def _is_going(folder: Path, state: Mapping[str, Any]) -> bool:
    named = (state.get("keeper"), state.get("trainer"))
    return any(_process(folder, each) is not None for each in named)


def _process(folder: Path, noted: object) -> psutil.Process | None:
    """Return the process that was noted as number and birth, None where it is another by now."""
    if not isinstance(noted, list) or [type(each) for each in noted] != [int, float]:
        return None
    number, born = noted
    try:
        process = psutil.Process(number)
        began = keeper.birth(number)
        # Two signs: when it began, and that it works in the folder of the run.
        same = began is not None and abs(began - born) <= _SAME_BIRTH
        return process if same and Path(process.cwd()).samefile(folder) else None
    except (psutil.Error, OSError, ValueError):
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
