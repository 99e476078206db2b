"""The workers of a Dask scheduler as an engine, whatever becomes of them meanwhile."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from concurrent.futures import CancelledError
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from curation.bulk.asking import HEARD, Asking
from curation.bulk.remote import Sealed, Task
from curation.bulk.work import no_sign
from curation.errors import N_, EngineError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from distributed import Client, Security

    from curation.bulk.work import Sign, Work

    Key = TypeVar("Key")
    Partition = TypeVar("Partition")
    Result = TypeVar("Result")

REQUIREMENTS: Final = "requirements-dask.txt"
_ADDRESS: Final = re.compile(r"(?:tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]+):([0-9]{1,5})")
_LOOK_EVERY: Final = 5.0
"""Seconds after which it is looked whether there are workers at all."""
_AHEAD: Final = 2
"""Partitions given to each thread of the workers, so that none waits for the next one."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where a scheduler listens, and the files (or their texts, PEM) that prove who talks to whom.

    What is empty is what Dask's own settings say. `patience` is for how many seconds a scheduler
    that went away, and workers that are not there, are waited for. `own` says that the workers
    were started by this program: nobody asked for them, and where they are gone it works itself.
    """

    address: str
    ca: str = ""
    cert: str = ""
    key: str = ""
    patience: float = 60.0
    own: bool = False

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
        """Return these proofs as Dask wants them. Raises EngineError where they cannot be used."""
        from distributed import Security  # noqa: PLC0415  (optional)

        files = {"tls_ca_file": self.ca, "tls_client_cert": self.cert, "tls_client_key": self.key}
        given = {name: value for name, value in files.items() if value}
        needed = True if self.encrypted else False if given else None
        security = Security(require_encryption=needed, **given)
        try:
            security.get_connection_args("client")
        except OSError as error:  # no such file, or no such thing in it
            raise EngineError(
                N_("The files that prove to the scheduler {address} who asks cannot be used."),
                address=self.address,
            ) from error
        return security


class SchedulerWorkers:
    """Lets the workers of a scheduler do the work.

    A worker that dies is Dask's affair: another one does its part. A scheduler that went away is
    waited for and asked again, about what was not answered. A part that ends every worker, or that
    no worker can do, is done here. Raises EngineError where there is nobody to ask, unless they
    are this program's own.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._lost = _ways_to_be_lost()
        self._client: Client | None = None
        self._threads = 1
        self._looked = 0.0
        self._alone_since = 0.0
        self.gone = False

    def helps(self, seconds: float) -> bool:
        """Return whether work of so many seconds shall go there: a person asked for it."""
        return seconds > 0

    def give_up(self, error: EngineError) -> None:
        """Note that nobody is there any more; raise the error where a person asked for them."""
        if not self._scheduler.own:
            raise error
        self.gone = True
        self.close()

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
        asking = Asking(self, task, Sealed(work.told), sign)
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
        return 0 if self.gone else _AHEAD * self._threads + 1

    def client(self, sign: Sign) -> Client:
        """Return the connection, made if need be; wait until there are workers. Or EngineError."""
        if self._client is not None:
            return self._client
        began = time.monotonic()
        while True:
            if self._client is None:
                self._client = self._connected(sign)
                self._alone_since = began
            try:
                if self.look(anyhow=True):
                    return self._client
            except self._lost as error:
                self.close()
                if time.monotonic() - began > self._scheduler.patience:
                    raise self.no_answer() from error
            sign()
            time.sleep(HEARD)

    def look(self, *, anyhow: bool = False) -> bool:
        """Return whether there are workers; EngineError where there were none for too long."""
        now = time.monotonic()
        if not anyhow and now - self._looked < _LOOK_EVERY:
            return True
        assert self._client is not None
        self._looked = now
        # Without an end, one that hangs would be waited for forever, and nobody could stop it.
        self._threads = sum(self._client.nthreads(callback_timeout=self._moment).values())
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
    def _moment(self) -> float:
        """For how many seconds one answer of the scheduler is waited for."""
        return min(_LOOK_EVERY, 1 + self._scheduler.patience)

    def no_answer(self) -> EngineError:
        """Return what is said of a scheduler that was asked in vain."""
        return EngineError(
            N_(
                "The scheduler {address} does not answer. What was done is kept; the"
                " same command goes on where it was."
            ),
            address=self._scheduler.address,
        )

    @property
    def patience(self) -> float:
        """For how many seconds a scheduler is waited for."""
        return self._scheduler.patience

    @property
    def lost(self) -> tuple[type[BaseException], ...]:
        """What is raised where a scheduler went away."""
        return self._lost

    def _connected(self, sign: Sign) -> Client:
        connect = _connecting()
        security = self._scheduler.security()
        until = time.monotonic() + self._scheduler.patience
        while True:
            try:
                return connect(
                    self._scheduler.address,
                    security=security,
                    timeout=self._moment,
                    set_as_default=False,
                )
            except self._lost as error:
                if time.monotonic() > until:
                    raise self.no_answer() from error
                sign()
                time.sleep(HEARD)


@cache
def _connecting() -> type[Client]:
    """Return Dask's client, whose connecting comes to an end.

    Its own (2026.8) waits forever for the greeting of a scheduler that hangs.
    """
    from distributed import Client  # noqa: PLC0415  (optional)

    class Connecting(Client):  # type: ignore[misc]  # Dask says nothing of its types
        def start(self, **given: Any) -> None:
            try:
                super().start(callback_timeout=2 * given["timeout"], **given)
            except TimeoutError:
                self.close(timeout=given["timeout"])
                raise

    return Connecting


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
    # The last is what its own waiting ends with where the connection goes away meanwhile.
    return (CancelledError, CommClosedError, OSError, RuntimeError, UnboundLocalError)
