"""What a piece of work takes: time by the clock, time of the processor, memory."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable


class Taken(NamedTuple):
    """Seconds by the clock, and of processor time over all threads."""

    clock: float
    processor: float


def timed(work: Callable[[], object]) -> Taken:
    """Return what a call took."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - clock, time.process_time() - processor)


def peak_megabytes() -> float:
    """Return the highest memory of this process so far; NaN where the system does not tell."""
    if sys.platform == "win32":
        return float("nan")
    # Where Linux tells it, what this program reached; `ru_maxrss` is also that of who started it.
    status = Path("/proc/self/status")
    if status.exists():
        line = next(
            each for each in status.read_text("ascii").splitlines() if each.startswith("VmHWM:")
        )
        return int(line.split()[1]) / 2**10
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
