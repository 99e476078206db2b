"""Servers of the app that begin with everything imported: each is a fork of one process.

Thirty servers would import the same for seconds each. What a fork runs is `streamlit run` from its
first line, with surroundings and a log of its own, and it is killed as any process is. What only a
program that is started by itself can show, tests of the command line do.
"""

from __future__ import annotations

import json
import os
import random
import runpy
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parents[2]
POSSIBLE: Final = sys.platform == "linux"
"""Elsewhere there is no fork, or none that such libraries outlive."""

_IMPORTED: Final = (
    *("streamlit.web.cli", "streamlit.web.bootstrap", "streamlit.elements.arrow", "altair"),
    *("pandas", "pyarrow.parquet", "alembic.command", "curation.workflow", "curation.pii.engine"),
)


class Fork:
    """A process that is nobody's child here; it can be asked what one is asked for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Return None while it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return -signal.SIGKILL
        return None

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Return when it is gone."""
        while self.poll() is None:
            time.sleep(0.01)


class Warm:
    """The process that has imported everything; it is started when the first fork is wanted.

    It is `used` by tests alone: what is measured is a program that was started by itself.
    """

    def __init__(self) -> None:
        self.used = False
        self._process: subprocess.Popen[str] | None = None

    def fork(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Fork:
        """Run `python COMMAND` in surroundings of its own; what it says is added to the log."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.warm"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"command": list(command), "environment": dict(environment), "log": str(log)}
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        return Fork(int(self._process.stdout.readline()))

    def end(self) -> None:
        """Let it go; its forks stay."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


def _become(asked: Mapping[str, Any]) -> None:
    """Be what was asked for, from here on."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for held, stands_for in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
        os.dup2(held, stands_for)
    os.environ.clear()
    os.environ.update(asked["environment"])
    random.seed()
    first, *rest = asked["command"]
    if first == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [first, *rest]
        runpy.run_path(first, run_name="__main__")


def main() -> None:
    """Import what the app is made of, and fork as often as a line of standard input asks for it."""
    for name in _IMPORTED:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is gone is gone at once
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            code = 1
            try:
                _become(json.loads(line))
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
