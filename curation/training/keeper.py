"""The process that watches over one run of a trainer, so that the run outlives the server.

It is started as a script of its own, with the folder of the run as its argument, and needs nothing
of this program: it starts the trainer in a group of its own, writes down what becomes of it, and
ends it once a file `stop` appears. Only the trainer's parent learns how it ended, and only to its
parent its number cannot mean another process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psutil

REQUEST_FILE: Final = "run.json"
STATE_FILE: Final = "state.json"
OUTPUT_FILE: Final = "trainer.txt"
STOP_FILE: Final = "stop"

GRACE: Final = 10.0
"""Seconds that a trainer has to end by itself before it is killed."""

_GLANCE: Final = 0.2
_OWN_GROUP: Final[dict[str, Any]] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if os.name == "nt"
    else {"start_new_session": True}
)


def write_whole(path: Path, content: dict[str, Any]) -> None:
    """Write JSON to `path`, whole or not at all; only its owner may read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".state-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def birth(number: int) -> float | None:
    """Return when the process of that number began (seconds since 1970), None without one."""
    try:
        process = psutil.Process(number)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def end_all(process: psutil.Process, grace: float) -> None:
    """Ask a process, its children and its group to end; kill what is left after `grace` seconds.

    A child of this process is not reaped by that.
    """
    family = {process, *_group_of(process.pid)}
    with suppress(psutil.Error):
        family |= set(process.children(recursive=True))
    for each in family:
        with suppress(psutil.Error):
            each.terminate()
    deadline = time.monotonic() + grace
    while (left := [each for each in family if _lives(each)]) and time.monotonic() < deadline:
        time.sleep(_GLANCE / 4)
    for each in left:
        with suppress(psutil.Error):
            each.kill()


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _group_of(leader: int) -> list[psutil.Process]:
    """Return the processes of the group that a process leads; there are none on Windows."""
    found: list[psutil.Process] = []
    if os.name != "nt":
        for number in psutil.pids():
            with suppress(OSError, psutil.Error):
                if os.getpgid(number) == leader:
                    found.append(psutil.Process(number))
    return found


def _is_over(process: subprocess.Popen[bytes]) -> bool:
    """Whether a child ended. Where there are groups it is not reaped: its number stays its own."""
    if os.name == "nt":
        return process.poll() is not None
    if hasattr(os, "waitid"):
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, process.pid, how) is not None
    return birth(process.pid) is None


def _end_at_once(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child that was not reaped yet and of its group, and reap it."""
    if os.name != "nt":
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def keep(folder: Path) -> int:
    """Run what the folder asks for to its end; return 0 if it could be started at all."""
    request = json.loads((folder / REQUEST_FILE).read_text(encoding="utf-8"))
    grace = float(request.get("grace", GRACE))
    state: dict[str, Any] = {
        "keeper": [os.getpid(), birth(os.getpid())],
        "started": time.time(),
        "phase": "running",
    }
    ending: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ending.append(number))
    try:
        process = subprocess.Popen(  # noqa: S603  (the person's own trainer)
            request["command"],
            cwd=folder,
            env={**os.environ, **request["environment"]},
            stdin=subprocess.DEVNULL,
            stdout=sys.stdout,
            stderr=subprocess.STDOUT,
            **_OWN_GROUP,
        )
    except OSError as error:
        why = error.strerror or type(error).__name__
        state |= {"phase": "ended", "ended": time.time(), "code": None, "why": why}
        write_whole(folder / STATE_FILE, state)
        return 1
    stopped = False
    try:
        state["trainer"] = [process.pid, birth(process.pid)]
        write_whole(folder / STATE_FILE, state)
        while not _is_over(process):
            if ending or (folder / STOP_FILE).exists():
                stopped = True
                with suppress(psutil.Error):
                    end_all(psutil.Process(process.pid), grace)
                break
            time.sleep(_GLANCE)
    finally:  # a trainer of which nothing is written down could be stopped by nobody
        _end_at_once(process)
    state |= {
        "phase": "ended",
        "ended": time.time(),
        "code": process.returncode,
        "stopped": stopped,
    }
    write_whole(folder / STATE_FILE, state)
    return 0


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1])))
