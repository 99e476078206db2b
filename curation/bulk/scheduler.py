"""The workers of a Dask scheduler as an engine, whatever becomes of them meanwhile."""

from __future__ import annotations

import contextlib
import logging
import re
import time
import uuid
from collections import deque
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from curation.bulk.remote import OTHER_PROGRAM, Answer, Sealed, Task, answer, program, same
from curation.bulk.work import no_sign
from curation.errors import N_, EngineError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from distributed import Client, Future, Security

    from curation.bulk.work import Sign, Work

    Key = TypeVar("Key")
    Partition = TypeVar("Partition")
    Result = TypeVar("Result")

REQUIREMENTS: Final = "requirements-dask.txt"
_ADDRESS: Final = re.compile(r"(?:tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]+):([0-9]{1,5})")
_HEARD: Final = 0.2
"""Seconds after which somebody who waits hears that the work shall stop, at the latest."""
_LOOK_EVERY: Final = 5.0
"""Seconds after which it is looked whether there are workers at all."""
_AHEAD: Final = 2
"""Partitions given to each thread of the workers, so that none waits for the next one."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where a scheduler listens, and the files (or their texts, PEM) that prove who talks to whom.

    What is empty is what Dask's own settings say. `patience` is for how many seconds a scheduler
    that went away, and workers that are not there, are waited for.
    """

    address: str
    ca: str = ""
    cert: str = ""
    key: str = ""
    patience: float = 60.0

    def __post_init__(self) -> None:
        """Raise EngineError for what is no address."""
        if (found := _ADDRESS.fullmatch(self.address)) is None or not 0 < int(found[2]) < 1 << 16:
            raise EngineError(
                N_(
                    "{address} is not where a scheduler can be: tcp://host:8786 or tls://host:8786."
                ),
                address=self.address,
            )

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.address.startswith("tls://")

    def security(self) -> Security:
        """Return these proofs as Dask wants them."""
        from distributed import Security  # noqa: PLC0415  (optional)

        files = {"tls_ca_file": self.ca, "tls_client_cert": self.cert, "tls_client_key": self.key}
        given = {name: value for name, value in files.items() if value}
        return Security(require_encryption=self.encrypted or None, **given)


@dataclass(slots=True)
class _Asked:
    """A partition on its way: whose it is, how it travels, and the answer to come."""

    key: Any
    partition: Any
    sealed: Sealed
    future: Future


class SchedulerWorkers:
    """Lets the workers of a scheduler do the work.

    A worker that dies is Dask's affair: another one does its part. A scheduler that went away is
    waited for and asked again, about what was not answered. A part that ends every worker, or that
    no worker can do, is done here. Raises EngineError where there is nobody to ask.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._lost = _ways_to_be_lost()
        self._client: Client | None = None
        self._threads = 1
        self._looked = 0.0
        self._alone_since = 0.0

    def helps(self, seconds: float) -> bool:
        """Return whether work of so many seconds shall go there: a person asked for it."""
        return seconds > 0

    def close(self) -> None:
        """Leave the scheduler; what it still does for this program is given up."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*self._lost):
                client.close(timeout=_LOOK_EVERY)

    def map(
        self,
        work: Work[Partition, Result],
        partitions: Iterable[tuple[Key, Partition]],
        sign: Sign = no_sign,
    ) -> Generator[tuple[Key, Result]]:
        """Yield the key of each partition with its result, in order.

        `partitions` are read as the work goes on. `sign` is called while it is waited; what it
        raises ends the work, and so does closing the iterator.
        """
        task = Task(work.make, work.run, work.partition.unpack, work.result.pack)
        asking = _Asking(self, task, Sealed(work.told), sign)
        here: list[Any] = []
        with contextlib.closing(asking):
            for each in asking.answered(
                (key, partition, Sealed(work.partition.pack(partition)))
                for key, partition in partitions
            ):
                if each.found is None:
                    if not here:
                        here.append(work.make(work.told))
                    yield each.key, work.run(here[0], each.partition)
                else:
                    yield each.key, work.result.unpack(each.found.content)

    @property
    def room(self) -> int:
        """How many partitions are to be under way at a time."""
        return _AHEAD * self._threads + 1

    def client(self, sign: Sign) -> Client:
        """Return the connection, made if need be; wait until there are workers."""
        began = time.monotonic()
        while self._client is None:
            self._client = self._connected(sign)
            self._alone_since = began
            while self._client is not None and not self._are_there():
                sign()
                time.sleep(_HEARD)
        return self._client

    def _are_there(self) -> bool:
        try:
            return self.look(anyhow=True)
        except self._lost:
            self.close()
            return False

    def look(self, *, anyhow: bool = False) -> bool:
        """Return whether there are workers; EngineError where there were none for too long."""
        now = time.monotonic()
        if not anyhow and now - self._looked < _LOOK_EVERY:
            return True
        assert self._client is not None
        self._looked = now
        self._threads = sum(self._client.nthreads().values())
        if self._threads:
            self._alone_since = now
            return True
        if now - self._alone_since > self._scheduler.patience:
            raise EngineError(
                N_(
                    "The scheduler {address} has no workers. What was done is kept; the same"
                    " command goes on where it was."
                ),
                address=self._scheduler.address,
            )
        return False

    @property
    def lost(self) -> tuple[type[BaseException], ...]:
        """What is raised where a scheduler went away."""
        return self._lost

    def _connected(self, sign: Sign) -> Client:
        from distributed import Client  # noqa: PLC0415  (optional)

        until = time.monotonic() + self._scheduler.patience
        while True:
            try:
                return Client(
                    self._scheduler.address,
                    security=self._scheduler.security(),
                    timeout=min(_LOOK_EVERY, 1 + self._scheduler.patience),
                    set_as_default=False,
                )
            except self._lost as error:
                if time.monotonic() > until:
                    raise EngineError(
                        N_(
                            "The scheduler {address} does not answer. What was done is kept; the"
                            " same command goes on where it was."
                        ),
                        address=self._scheduler.address,
                    ) from error
                sign()
                time.sleep(_HEARD)


@dataclass(frozen=True, slots=True)
class _Answered:
    """A partition that was answered; `found` is None where it is to be done here."""

    key: Any
    partition: Any
    found: Sealed | None


class _Asking:
    """One step on its way over the partitions."""

    def __init__(self, workers: SchedulerWorkers, task: Task, told: Sealed, sign: Sign) -> None:
        self._workers = workers
        self._task = task
        self._told = told
        self._sign = sign
        self._name = f"ruwo-{uuid.uuid4().hex}"
        self._count = 0
        self._held: Future | None = None
        self._waiting: deque[_Asked] = deque()

    def close(self) -> None:
        """Give up what was not answered."""
        futures = [each.future for each in self._waiting]
        self._waiting.clear()
        self._held = None
        with contextlib.suppress(*self._workers.lost):
            for future in futures:
                future.cancel()

    def answered(self, partitions: Iterator[tuple[Any, Any, Sealed]]) -> Iterator[_Answered]:
        """Yield partition by partition what became of it."""
        for key, partition, sealed in partitions:
            self._waiting.append(_Asked(key, partition, sealed, self._steadily(sealed)))
            while len(self._waiting) >= self._workers.room:
                yield self._first()
        while self._waiting:
            yield self._first()

    def _steadily(self, sealed: Sealed) -> Future:
        """Return the future answer for a partition, however often the scheduler goes away."""
        while True:
            client = self._workers.client(self._sign)
            try:
                return self._ask(client, sealed)
            except self._workers.lost:
                self._again()

    def _ask(self, client: Client, sealed: Sealed) -> Future:
        if self._held is None:
            self._held = client.submit(same, self._told, key=self._next(), pure=False)
        return client.submit(
            answer, program(), self._task, self._held, sealed, key=self._next(), pure=False
        )

    def _next(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"

    def _again(self) -> None:
        """Ask a new connection about all that was not answered."""
        while True:
            self._held = None
            self._workers.close()
            client = self._workers.client(self._sign)
            try:
                for each in self._waiting:
                    each.future = self._ask(client, each.sealed)
            except self._workers.lost:
                continue
            return

    def _first(self) -> _Answered:
        """Return what became of the partition that waits longest."""
        from distributed import KilledWorker  # noqa: PLC0415  (optional)

        each = self._waiting[0]
        while True:
            try:
                told = each.future.result(timeout=_HEARD)
            except TimeoutError:
                self._sign()
                self._watch()
                continue
            except KilledWorker:
                told = Answer(None, KilledWorker.__name__)
            except ImportError as error:
                raise self._other_program() from error
            except self._workers.lost:
                self._again()
                continue
            if told.failed == OTHER_PROGRAM:
                raise self._other_program()
            self._waiting.popleft()
            return _Answered(each.key, each.partition, told.result)

    def _watch(self) -> None:
        try:
            self._workers.look()
        except self._workers.lost:
            self._again()

    def _other_program(self) -> EngineError:
        return EngineError(
            N_(
                "A worker has another version of this program, or none: what it finds could differ."
                " Install the same one there."
            )
        )


def _ways_to_be_lost() -> tuple[type[BaseException], ...]:
    """Return what Dask raises where a scheduler went away. EngineError where Dask is missing."""
    try:
        import dask  # noqa: PLC0415  (optional)
        from distributed.comm import CommClosedError  # noqa: PLC0415  (optional)
    except ImportError as error:
        raise EngineError(
            N_(
                "Workers need {package}, which is not installed: pip install -r {file} installs it."
            ),
            package="Dask",
            file=REQUIREMENTS,
        ) from error
    # What it says of a connection is said here in one sentence, or mended.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    return (CancelledError, CommClosedError, OSError, RuntimeError)
