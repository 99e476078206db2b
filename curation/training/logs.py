"""Reading what a trainer wrote about its losses: `trainer_log.jsonl` or `trainer_state.json`.

A line may be cut off while it is being written, a file may hold several runs one after the other,
and a loss may be no number at all.
"""

from __future__ import annotations

import codecs
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MOST_POINTS: Final = 5000
"""So many training losses of a run are kept; of more, every second, fourth, ... one."""

_MOST_BYTES: Final = 2_000_000_000
_MOST_STATE: Final = 200_000_000
_LONGEST_LINE: Final = 1_000_000
_STEPS: Final = ("current_steps", "step", "global_step")
_RATES: Final = ("lr", "learning_rate")
_PAIR: Final = "global_step/max_steps"
"""How ms-swift tells the step and the number of steps, as `5/100`."""
_LOG_HISTORY: Final = "log_history"
_NOT_A_LOG: Final = N_(
    "this is no log of a training run; it is called trainer_log.jsonl or trainer_state.json"
)


@dataclass(frozen=True, slots=True)
class Point:
    """What was logged at a step: a training loss or a validation loss; NaN where it was no number.

    `epoch` and `rate` are None where they were not told.
    """

    step: int
    loss: float | None = None
    eval_loss: float | None = None
    epoch: float | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its points in order, how many steps it is to have (0: unknown), what remains.

    `broken_at` is the first step whose loss was no number, None where all are.
    """

    points: tuple[Point, ...]
    total_steps: int = 0
    remaining: str = ""
    broken_at: int | None = None

    @property
    def trained(self) -> tuple[Point, ...]:
        """The points with a training loss."""
        return tuple(each for each in self.points if each.loss is not None)

    @property
    def measured(self) -> tuple[Point, ...]:
        """The points with a validation loss."""
        return tuple(each for each in self.points if each.eval_loss is not None)

    @property
    def last_step(self) -> int:
        """The last step that something was logged of."""
        return self.points[-1].step if self.points else 0


@dataclass(frozen=True, slots=True)
class Log:
    """All runs of a file, oldest first, and how many of its lines could not be read."""

    runs: tuple[Run, ...]
    skipped: int = 0


@dataclass(slots=True)
class _Gathering:
    """A run as it is read."""

    points: list[Point] = field(default_factory=list)
    total: int = 0
    remaining: str = ""
    broken_at: int | None = None
    stride: int = 1
    seen: int = 0
    trained: int = 0
    last_step: int = -1
    last_epoch: float = -1.0

    def begins_anew(self, step: int, total: int, epoch: float | None) -> bool:
        """Whether what is told now cannot be of this run: steps or epochs go back."""
        if self.last_step < 0:
            return False
        return (
            step < self.last_step
            or bool(total and self.total and total != self.total)
            or (epoch is not None and epoch < self.last_epoch)
        )

    def add(self, point: Point) -> None:
        self.last_step = point.step
        self.last_epoch = self.last_epoch if point.epoch is None else point.epoch
        values = (point.loss, point.eval_loss)
        if self.broken_at is None and any(
            each is not None and not math.isfinite(each) for each in values
        ):
            self.broken_at = point.step
        if point.loss is not None:
            self.seen += 1
            if (self.seen - 1) % self.stride:
                return
            self.trained += 1
        if point.loss is not None or point.eval_loss is not None:
            self.points.append(point)
        if self.trained > MOST_POINTS:
            self._thin()

    def _thin(self) -> None:
        kept: list[Point] = []
        number = 0
        for each in self.points:
            if each.loss is None:
                kept.append(each)
                continue
            if number % 2 == 0:
                kept.append(each)
            number += 1
        self.points, self.stride = kept, self.stride * 2
        self.trained = (number + 1) // 2

    def finished(self) -> Run:
        return Run(tuple(self.points), self.total, self.remaining, self.broken_at)


def read_log(path: Path) -> Log:
    """Return the runs that a log tells of.

    BadFileError where the file cannot be read, is no log, or tells of no step.
    """
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise BadFileError(path, N_("the file is too large to be a log of a training run"))
        if not size:
            raise BadFileError(path, N_("the file is empty"))
        state = _as_state(path, size)
        if state is not None:
            return _read_state(path, state)
        return _read_lines(path)
    except OSError as error:
        raise BadFileError(path, N_("the file cannot be read")) from error


def _as_state(path: Path, size: int) -> Mapping[str, Any] | None:
    """Return the content of a `trainer_state.json`, None where the file is something else."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"{") and not _is_utf16(head):
        return None
    if size > _MOST_STATE:
        return None
    try:
        content = json.loads(path.read_bytes().decode(_encoding(head), "replace"))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and _LOG_HISTORY in content else None


def _read_state(path: Path, state: Mapping[str, Any]) -> Log:
    history = state[_LOG_HISTORY]
    if not isinstance(history, list):
        raise BadFileError(path, _NOT_A_LOG)
    total = _whole(state.get("max_steps")) or 0
    rows = [each for each in history if isinstance(each, dict)]
    runs = tuple(_runs({**row, "total_steps": total} for row in rows))
    if not any(run.points for run in runs):
        raise BadFileError(path, N_("no loss was logged yet"))
    return Log(runs, len(history) - len(rows))


def _read_lines(path: Path) -> Log:
    skipped = 0
    known = False

    def rows() -> Iterator[Mapping[str, Any]]:
        nonlocal skipped, known
        for line in _lines(path):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                skipped += 1
                continue
            if not isinstance(row, dict) or _step(row)[0] is None:
                skipped += 1
                continue
            known = True
            yield row

    runs = tuple(run for run in _runs(rows()) if run.points)
    if not known:
        raise BadFileError(path, _NOT_A_LOG)
    if not runs:
        raise BadFileError(path, N_("no loss was logged yet"))
    return Log(runs, skipped)


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines that are not blank; one without an end is cut where it gets too long."""
    with path.open("rb") as file:
        encoding = _encoding(file.read(4))
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        while line := file.readline(_LONGEST_LINE):
            if text := line.strip().strip("\0\ufeff"):
                yield text


def _encoding(head: bytes) -> str:
    # PowerShell writes UTF-16 where a person redirects what a program says.
    return "utf-16" if _is_utf16(head) else "utf-8-sig"


def _is_utf16(head: bytes) -> bool:
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _runs(rows: Iterable[Mapping[str, Any]]) -> Iterator[Run]:
    """Yield the runs that rows tell of; a step that goes back begins another one."""
    gathering = _Gathering()
    for row in rows:
        step, total = _step(row)
        if step is None:
            continue
        epoch = _number(row.get("epoch"))
        if gathering.begins_anew(step, total, epoch):
            yield gathering.finished()
            gathering = _Gathering()
        gathering.total = total or gathering.total
        remaining = row.get("remaining_time")
        if isinstance(remaining, str):
            gathering.remaining = remaining[:40]
        gathering.add(
            Point(
                step,
                _number(row.get("loss")),
                _number(row.get("eval_loss")),
                epoch,
                next(
                    (rate for name in _RATES if (rate := _number(row.get(name))) is not None), None
                ),
            )
        )
    yield gathering.finished()


def _step(row: Mapping[str, Any]) -> tuple[int | None, int]:
    """Return at which step a row was logged and how many there are to be (0: not told)."""
    pair = row.get(_PAIR)
    if isinstance(pair, str) and "/" in pair:
        first, _slash, last = pair.partition("/")
        if first.strip().isdecimal() and last.strip().isdecimal():
            return int(first), int(last)
    step = next((each for name in _STEPS if (each := _whole(row.get(name))) is not None), None)
    return step, _whole(row.get("total_steps", row.get("max_steps"))) or 0


def _whole(value: object) -> int | None:
    number = _number(value)
    if number is None or not math.isfinite(number) or not 0 <= number < 1e12:  # noqa: PLR2004
        return None
    return int(number)


def _number(value: object) -> float | None:
    """Return a number of JSON, also one that was written as a word; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
