"""One step on its way over the partitions: who was asked, and what came back."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation.bulk.remote import OTHER_PROGRAM, Answer, Sealed, Task, answer, program, same
from curation.errors import N_, EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client, Future

    from curation.bulk.scheduler import SchedulerWorkers
    from curation.bulk.work import Sign

HEARD: Final = 0.2
"""Seconds after which somebody who waits hears that the work shall stop, at the latest."""
_LOST: Final = "lost"
_UNANSWERED: Final = frozenset({"pending", _LOST})
"""What Dask says of a partition that nobody answered, here because the scheduler went away."""
_REFUSED: Final = "error"
"""What Dask says of a partition that was answered: it cannot be done there."""
_TRIES: Final = 5
"""Connections one after the other that bring no answer, until it is given up."""


@dataclass(slots=True)
class _Asked:
    """A partition on its way: whose it is, how it travels, and the answer to come, if any."""

    key: Any
    partition: Any
    sealed: Sealed
    future: Any


@dataclass(frozen=True, slots=True)
class Answered:
    """A partition that was answered; `found` is None where it is to be done here."""

    key: Any
    partition: Any
    found: Sealed | None


class Asking:
    """One step on its way over the partitions."""

    def __init__(self, workers: SchedulerWorkers, task: Task, told: Sealed, sign: Sign) -> None:
        self._workers = workers
        self._task = task
        self._told = told
        self._sign = sign
        self._name = f"ruwo-{uuid.uuid4().hex}"
        self._count = 0
        self._tries = 0
        self._held: Future | None = None
        self._waiting: deque[_Asked] = deque()

    def close(self) -> None:
        """Give up what was not answered."""
        futures = [each.future for each in self._waiting if each.future is not None]
        self._waiting.clear()
        self._held = None
        with contextlib.suppress(*self._workers.lost):
            for future in futures:
                future.release()  # `cancel` would wait for the scheduler to answer

    def answered(self, partitions: Iterator[tuple[Any, Any, Sealed]]) -> Iterator[Answered]:
        """Yield partition by partition what became of it."""
        for key, partition, sealed in partitions:
            self._waiting.append(_Asked(key, partition, sealed, self._unless_gone(sealed)))
            while self._waiting and (
                self._workers.gone or len(self._waiting) >= self._workers.room
            ):
                yield self._next_answer()
        while self._waiting:
            yield self._next_answer()

    def _unless_gone(self, sealed: Sealed) -> Future | None:
        if not self._workers.gone:
            try:
                return self._steadily(sealed)
            except EngineError as error:
                self._workers.give_up(error)
        return None

    def _next_answer(self) -> Answered:
        """Return what became of the partition that waits longest."""
        if not self._workers.gone:
            try:
                return self._first()
            except EngineError as error:
                self._workers.give_up(error)
        each = self._waiting.popleft()
        return Answered(each.key, each.partition, None)

    def _steadily(self, sealed: Sealed) -> Future:
        """Return the future answer for a partition, however often the scheduler goes away."""
        while True:
            client = self._workers.client(self._sign)
            mine = program()  # read before: an error in that is no lost scheduler
            try:
                return self._ask(client, mine, sealed)
            except self._workers.lost as error:
                self._again(error)

    def _ask(self, client: Client, mine: str, sealed: Sealed) -> Future:
        if self._held is None:
            self._held = client.submit(same, self._told, key=self._next(), pure=False)
        return client.submit(
            answer, mine, self._task, self._held, sealed, key=self._next(), pure=False
        )

    def _next(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"

    def _again(self, why: BaseException | None) -> None:
        """Ask a new connection about all that was not answered; `why` is what the last one said."""
        while True:
            self._tries += 1
            if self._tries > _TRIES:  # else the texts are sent again and again, to nobody's use
                raise self._workers.no_answer() from why
            self._held = None
            self._workers.close()
            client = self._workers.client(self._sign)
            mine = program()
            try:
                for each in self._waiting:
                    each.future = self._ask(client, mine, each.sealed)
            except self._workers.lost as error:
                why = error
                continue
            return

    def _first(self) -> Answered:
        """Return what became of the partition that waits longest."""
        from distributed import KilledWorker  # noqa: PLC0415  (optional)

        each = self._waiting[0]
        while True:
            self._wait_for(each)
            try:
                told = each.future.result(timeout=self._workers.patience)
            except KilledWorker:
                told = Answer(None, KilledWorker.__name__)
            except (ImportError, AttributeError) as error:  # an older one lacks this or that
                raise self._other_program() from error
            except self._workers.lost as error:
                # The scheduler reads the program's names too, and says it so where it has not any.
                if isinstance(error, RuntimeError) and each.future.status == _REFUSED:
                    raise self._other_program() from error
                self._again(error)
                continue
            self._tries = 0
            if told.failed == OTHER_PROGRAM:
                raise self._other_program()
            self._waiting.popleft()
            return Answered(each.key, each.partition, told.result)

    def _wait_for(self, each: _Asked) -> None:
        """Wait until a partition is answered, or will not be.

        Whoever asks Dask for a result and gives up soon may end its being fetched, again and again.
        """
        began = time.monotonic()
        told = began
        while each.future.status in _UNANSWERED:
            now = time.monotonic()
            time.sleep(min(HEARD, 0.001 + (now - began) / 20))
            if now - told > HEARD:
                told = now
                self._sign()
                self._look(lost=each.future.status == _LOST)

    def _look(self, *, lost: bool) -> None:
        why = None
        try:
            self._workers.look()
        except self._workers.lost as error:
            why = error
        if lost or why:
            self._again(why)

    def _other_program(self) -> EngineError:
        return EngineError(
            N_(
                "A worker or the scheduler has another version of this program, or none: what is"
                " found there could differ. Install the same one there, and start it in its folder."
            )
        )
