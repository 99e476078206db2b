"""A Dask scheduler with a worker in a process of its own, which a test may kill."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SERVE = """
import sys
from distributed import LocalCluster
with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://",
                  host="127.0.0.1", scheduler_port=int(sys.argv[1]), dashboard_address=None,
                  local_directory=sys.argv[2]) as cluster:
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""


def serve(port: int, folder: Path, where: Path = ROOT) -> subprocess.Popen[str]:
    """Start a scheduler with a worker; port 0 is any that is free."""
    return subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(port), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=where,
        text=True,
    )


def address_of(process: subprocess.Popen[str]) -> str:
    """Return where it listens, once it does."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(*processes: subprocess.Popen[str]) -> None:
    """End schedulers, whatever they are doing."""
    for process in processes:
        process.kill()
        process.communicate()
