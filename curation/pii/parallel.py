"""Many batches of messages searched by several processes at once, where that pays."""

from __future__ import annotations

import json
import time
from collections import deque
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from curation.bulk.processes import begin, processors
from curation.model import Finding

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from curation.model import DetectionRules
    from curation.pii.detector import Detector

    Key = TypeVar("Key")
    Runs = Sequence[Sequence[str]]
    FoundInRuns = list[list[list[Finding]]]

_WORTH: Final = 5.0
"""Seconds of work ahead for which further processes are started; each takes one or two to start."""
_MOST: Final = 4
"""Processes, this one included: each holds a detector of its own in memory."""
_AHEAD: Final = 3
"""Batches given to a helper at a time, so that it need not wait for the next one."""
_HEARD: Final = 0.1
"""Seconds after which somebody who waits hears Ctrl-C at the latest."""


def packed(found: FoundInRuns) -> list[list[Any]]:
    """Return findings as plain lists that say in which message of which run each lies."""
    return [
        [run, place, each.entity, each.start, each.end, each.score, each.recognizer, each.why]
        for run, messages in enumerate(found)
        for place, findings in enumerate(messages)
        for each in findings
    ]


def unpacked(runs: Runs, answer: Iterable[Sequence[Any]]) -> FoundInRuns:
    """Return what `packed` was given, for the same runs."""
    found: FoundInRuns = [[[] for _ in texts] for texts in runs]
    for run, place, entity, start, end, score, recognizer, why in answer:
        found[run][place].append(Finding(entity, start, end, score, recognizer, why))
    return found


class _HelperLostError(Exception):
    """A helper ended or answered nonsense; whoever gets this does the work itself."""


class _Helper:
    """One process that runs `curation.pii.helper`, and the threads that talk to it."""

    def __init__(self, rules: DetectionRules) -> None:
        self._process = begin("curation.pii.helper")
        # Questions are sent while answers are awaited: so the helper never waits for a question,
        # and neither side can block the other with a full pipe.
        self._sender = ThreadPoolExecutor(1)
        self._receiver = ThreadPoolExecutor(1)
        self._numbers = count()
        self.lost = False
        self.ready = False
        self.waiting = 0
        self._receiver.submit(self._begin, self._sender.submit(self._send, rules.to_json()))

    def submit(self, runs: Runs) -> Future[FoundInRuns]:
        """Return the future findings of `runs`; it raises _HelperLostError if they never come."""
        number = next(self._numbers)
        sent = self._sender.submit(self._ask, number, runs)
        return self._receiver.submit(self._answer, sent, number, runs)

    def close(self) -> None:
        """End the process at once, whatever it is doing."""
        self._process.kill()
        self._sender.shutdown(cancel_futures=True)
        self._receiver.shutdown(cancel_futures=True)
        with suppress(OSError):
            self._process.communicate()

    def _begin(self, sent: Future[None]) -> None:
        with suppress(_HelperLostError):
            sent.result()
            self._receive()
            self.ready = True

    def _ask(self, number: int, runs: Runs) -> None:
        self._send(json.dumps([number, runs]))

    def _answer(self, sent: Future[None], number: int, runs: Runs) -> FoundInRuns:
        try:
            sent.result()
            answered = -1
            while answered != number:  # an answer nobody waits for any more
                answered, found = self._receive()
            return unpacked(runs, found)
        except (CancelledError, TypeError, ValueError, LookupError) as exc:
            raise self._loss() from exc

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode("ascii") + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as exc:
            raise self._loss() from exc

    def _receive(self) -> Any:
        assert self._process.stdout is not None
        try:
            return json.loads(self._process.stdout.readline())
        except (OSError, ValueError) as exc:
            raise self._loss() from exc

    def _loss(self) -> _HelperLostError:
        self.lost = True
        return _HelperLostError()


class _Helpers:
    """The helpers of one job."""

    def __init__(self, rules: DetectionRules) -> None:
        self._rules = rules
        self._all: list[_Helper] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_args: object) -> None:
        self._stack.close()

    def start(self, wanted: int) -> None:
        """Start `wanted` helpers, or as many as the system lets us."""
        with suppress(OSError):
            for _ in range(wanted):
                helper = _Helper(self._rules)
                self._stack.callback(helper.close)
                self._all.append(helper)

    def take(self) -> _Helper | None:
        """Return a helper that can be given another batch, None if there is none."""
        free = [each for each in self._all if not each.lost and each.waiting < _AHEAD]
        return min(free, key=lambda each: each.waiting, default=None)


def search_batches(
    detector: Detector,
    batches: Iterable[tuple[Key, Runs]],
    total: int,
    processes: int | None = None,
) -> Generator[tuple[Key, FoundInRuns]]:
    """Yield the key of each batch with what `detector.detect_runs` gives for it, in any order.

    `total` is about how many messages there are. This process works too; others join in when, by
    the time the first batches took, the rest takes some seconds, or at once where `processes` says
    how many there are to be. One that ends or cannot be started is done without. `batches` is read
    as the work goes on; close the iterator to stop, which ends the other processes.
    """
    others = min(processors(), _MOST) - 1 if processes is None else processes - 1
    if not detector.as_built:
        others = 0  # nobody knows whether its further recognizers could be sent anywhere
    began = time.perf_counter()
    done = 0
    given: deque[tuple[Key, Runs, _Helper, Future[FoundInRuns]]] = deque()
    with _Helpers(detector.rules) as helpers:
        for key, runs in batches:
            if others and processes is not None:
                helpers.start(others)
                others = 0
            helper = helpers.take()
            if helper is None:
                yield key, detector.detect_runs(runs)
            else:
                helper.waiting += 1
                given.append((key, runs, helper, helper.submit(runs)))
            while given and given[0][3].done():
                yield _collect(detector, *given.popleft())
            done += sum(map(len, runs))
            pace = (time.perf_counter() - began) / max(done, 1)
            if others and (total - done) * pace > _WORTH:
                helpers.start(others)
                others = 0
        while given:
            yield _collect(detector, *given.popleft())


def _collect(
    detector: Detector, key: Key, runs: Runs, helper: _Helper, future: Future[FoundInRuns]
) -> tuple[Key, FoundInRuns]:
    """Return what a helper found, or find it here if the helper is lost or still starting."""
    helper.waiting -= 1
    while helper.ready or future.done():
        wait([future], timeout=_HEARD)
        if future.done():
            try:
                return key, future.result()
            except _HelperLostError:
                break
    future.cancel()
    return key, detector.detect_runs(runs)
