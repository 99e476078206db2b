"""Steps that workers do in tests; a worker imports them from here."""

from __future__ import annotations

import logging
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distributed import Scheduler


def number(told: bytes) -> int:
    return int(told)


def times(made: int, partition: int) -> int:
    return made * partition


def folder(told: bytes) -> Path:
    return Path(told.decode())


def dies_once(marks: Path, partition: int) -> int:
    """Ends its process at partition 3, but only the first time."""
    mark = marks / "died"
    if partition == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return partition


def fails(made: int, partition: int) -> int:
    """Says private words, as a careless library might, where it fails away from home."""
    if partition == 1 and os.getpid() != made:
        logging.getLogger("distributed").critical("nothing private")
        msg = "我的密码是 tanzi-8831"
        raise ValueError(msg)
    return partition


def waits(made: int, partition: int) -> int:
    time.sleep(made * partition)
    return partition


async def misses(worker: str, dask_scheduler: Scheduler) -> None:
    """Lets the scheduler look after its workers as if one had said nothing for an hour."""
    dask_scheduler.workers[worker].last_seen -= 3600
    assert "worker-ttl" in dask_scheduler.periodic_callbacks
    await dask_scheduler.check_worker_ttl()
