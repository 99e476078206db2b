"""Further processes of this program, and how many of them this machine is good for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[2]


def begin(module: str, folder: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a module of this program, in `folder` if told, with pipes to talk to it.

    It is started like any program. `multiprocessing` would fork a server with threads or, where
    it starts afresh, run the main script again, which under Streamlit is a page. Raises OSError.
    """
    inherited = os.environ.get("PYTHONPATH")
    return subprocess.Popen(  # noqa: S603  (modules of this program alone)
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback could hold private text
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), inherited)))},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
