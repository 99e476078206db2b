"""A Dask cluster on this machine, for the process that started this one; no command for people.

    python -m curation.bulk.local_cluster

The first line on stdin says how many workers, and in which folder they may keep files. Once they
are there, a line on stdout says where the scheduler listens and what proves to it who may ask: a
secret made for this cluster, which nobody else on this machine has. Both lines are JSON. It ends
with its stdin, so it never outlives the process that started it, and takes the folder away.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import IO, Any, Final

HOST = "127.0.0.1"
_SILENT: Final = "300s"


def serve(told: IO[bytes], says: IO[bytes]) -> None:
    """Run a cluster until there is nobody who wants it, and take its folder away."""
    wanted: dict[str, Any] = json.loads(told.readline())
    try:
        _serve(wanted, told, says)
    finally:
        # The one that started this does so too, unless it was killed.
        os.chdir(Path(wanted["folder"]).parent)
        shutil.rmtree(wanted["folder"], ignore_errors=True)


def _serve(wanted: dict[str, Any], told: IO[bytes], says: IO[bytes]) -> None:
    import dask  # noqa: PLC0415  (optional)
    from distributed import LocalCluster, Security  # noqa: PLC0415  (optional)

    # Nothing is laid on the disk for want of memory, and no page about the cluster is served.
    keep = dict.fromkeys(("target", "spill", "pause", "terminate"), False)
    dask.config.set({f"distributed.worker.memory.{name}": value for name, value in keep.items()})
    # Nobody looks at what workers spend their time with.
    dask.config.set({"distributed.worker.profile.enabled": False})
    # Who says nothing for long hangs, however busy: work is done beside the talk. It is replaced.
    dask.config.set({"distributed.scheduler.worker-ttl": _SILENT})
    # Who ends two workers is done by the one that asks, who sees why.
    dask.config.set({"distributed.scheduler.allowed-failures": 1})
    security = Security.temporary()
    with LocalCluster(
        n_workers=wanted["workers"],
        threads_per_worker=1,
        processes=True,
        host=HOST,
        security=security,
        dashboard_address=None,
        memory_limit=0,
        local_directory=wanted["folder"],
        silence_logs=logging.CRITICAL,
        scheduler_kwargs={"dashboard_address": f"{HOST}:0"},
    ) as cluster:
        proofs = security.get_tls_config_for_role("client")
        answer = {
            "address": cluster.scheduler_address,
            "ca": proofs["ca_file"],
            "cert": proofs["cert"],
            "key": proofs["key"],
        }
        says.write(json.dumps(answer).encode("ascii") + b"\n")
        says.flush()
        while told.read(1):
            pass


def _alone() -> IO[bytes]:
    """Return standard output for this module alone: what anybody prints goes nowhere."""
    says = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return says


if __name__ == "__main__":
    # Ctrl-C reaches this process too; the one that started it decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _alone() as out, contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, out)
