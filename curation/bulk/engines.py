"""Who works: this process alone, or workers on this machine where there is much to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from curation.bulk.processes import begin, processors
from curation.bulk.scheduler import Scheduler, SchedulerWorkers
from curation.bulk.work import no_sign

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from curation.bulk.work import Sign, Work

    Key = TypeVar("Key")
    Partition = TypeVar("Partition")
    Result = TypeVar("Result")

WORTH: Final = 30.0
"""Seconds of work for one process from which on workers are started: see docs/scale.md."""
_MOST: Final = 8
"""Workers that are started by themselves: each holds what it needs of its own in memory."""
_PATIENCE: Final = 20.0
"""Seconds for a scheduler on this machine, which either answers soon or is gone."""
_STARTS_WITHIN: Final = 60.0


class Engine(Protocol):
    """Does a step to many partitions."""

    def helps(self, seconds: float) -> bool:
        """Return whether others work too where one process would need so many seconds."""

    def map(
        self,
        work: Work[Partition, Result],
        partitions: Iterable[tuple[Key, Partition]],
        sign: Sign = no_sign,
    ) -> Generator[tuple[Key, Result]]:
        """Yield the key of each partition with its result, in order.

        `partitions` are read as the work goes on. `sign` is called while it is waited; what it
        raises ends the work, and so does closing the iterator. Raises EngineError.
        """

    def close(self) -> None:
        """Let go of who worked."""


class Here:
    """This process does everything itself."""

    def helps(self, seconds: float) -> bool:  # noqa: ARG002  (the same for any)
        """Return that nobody else works."""
        return False

    def map(
        self,
        work: Work[Partition, Result],
        partitions: Iterable[tuple[Key, Partition]],
        sign: Sign = no_sign,  # noqa: ARG002  (nothing is waited for)
    ) -> Generator[tuple[Key, Result]]:
        """Yield the key of each partition with its result, in order."""
        made = work.make(work.told)
        for key, partition in partitions:
            yield key, work.run(made, partition)

    def close(self) -> None:
        """Do nothing: nobody was started."""


class LocalWorkers:
    """Workers on this machine, started when there is much to do, else this process alone.

    `folder` is where a folder of theirs may be made, which only this user may look into and which
    is gone afterwards. `workers` says how many there are to be, without it one for each processor
    but one, which this process needs itself to read, pack and write. Where they cannot be started,
    this process does the work.
    """

    def __init__(
        self, folder: Path | None = None, workers: int | None = None, worth: float = WORTH
    ) -> None:
        self._beside = folder
        self._wanted = workers
        self._worth = worth
        self._possible = _cluster_is_installed()
        self._cluster: _Cluster | None = None
        self._workers: SchedulerWorkers | None = None
        self._alone = Here()

    def helps(self, seconds: float) -> bool:
        """Return whether so much is to be done that workers pay, those that are there sooner."""
        worth = self._worth if self._workers is None else self._worth / 10
        alone = self._wanted is None and processors() == 1
        gone = self._workers is not None and self._workers.gone
        return self._possible and not alone and not gone and seconds >= worth

    @property
    def number(self) -> int:
        """How many workers there are to be."""
        return self._wanted or min(max(processors() - 1, 1), _MOST)

    def map(
        self,
        work: Work[Partition, Result],
        partitions: Iterable[tuple[Key, Partition]],
        sign: Sign = no_sign,
    ) -> Generator[tuple[Key, Result]]:
        """Yield the key of each partition with its result, in order."""
        engine: Engine = self._started(sign) or self._alone
        yield from engine.map(work, partitions, sign)

    def close(self) -> None:
        """End the workers."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def _started(self, sign: Sign) -> SchedulerWorkers | None:
        if self._workers is None and self._possible:
            try:
                self._cluster = _Cluster(self.number, self._beside)
                scheduler = self._cluster.scheduler(sign)
            except OSError:
                scheduler = None
            except BaseException:
                self.close()
                raise
            if scheduler is None:
                self._possible = False
                self.close()
            else:
                self._workers = SchedulerWorkers(scheduler)
        return self._workers


class _Cluster:
    """A process that runs `curation.bulk.local_cluster`.

    Dask would start workers from this process by running its main script again, which under
    Streamlit is a page; and its loop has no business beside that of a server.
    """

    def __init__(self, workers: int, beside: Path | None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=".workers-", dir=beside))
        self._process = begin("curation.bulk.local_cluster", self._folder)
        self._said = b""
        self._listener = threading.Thread(target=self._listen, args=(workers,), daemon=True)
        self._listener.start()

    def scheduler(self, sign: Sign) -> Scheduler | None:
        """Return where the scheduler listens once it does, None where it cannot be started."""
        left = _STARTS_WITHIN
        while self._listener.is_alive() and left > 0:
            self._listener.join(0.2)
            left -= 0.2
            sign()
        try:
            told = json.loads(self._said)
        except ValueError:
            return None
        return Scheduler(**told, patience=_PATIENCE, own=True)

    def close(self) -> None:
        """End the workers and take their folder away."""
        with suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _listen(self, workers: int) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wanted = {"workers": workers, "folder": str(self._folder)}
        with suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(wanted).encode("ascii") + b"\n")
            self._process.stdin.flush()
            self._said = self._process.stdout.readline()


def _cluster_is_installed() -> bool:
    """Return whether workers on this machine can be had: with what seals their talk off."""
    return all(find_spec(name) is not None for name in ("distributed", "cryptography"))
