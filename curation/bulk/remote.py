"""What runs in a worker. It imports nothing of Dask, and nothing it says holds private text."""

from __future__ import annotations

import gc
import hashlib
import sys
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_MADE: Final = 2
SELDOM: Final = (50_000, 20, 100)
"""Thresholds of the garbage collector for work that makes very many small things."""
_making: Final = Lock()
_made: Final[OrderedDict[tuple[str, str], Any]] = OrderedDict()

OTHER_PROGRAM: Final = "another program"
_SPEAKING: Final = frozenset({".py", ".json", ".txt", ".crfsuite"})


class Sealed:
    """Bytes that show nothing of themselves where a program prints its arguments, as in a log."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<{len(self.content)} bytes>"


@dataclass(frozen=True, slots=True)
class Task:
    """The functions of a `Work` that a worker needs."""

    make: Callable[[bytes], Any]
    run: Callable[[Any, Any], Any]
    unpack: Callable[[bytes], Any]
    pack: Callable[[Any], bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, or in one word why there is none."""

    result: Sealed | None
    failed: str = ""


@cache
def program() -> str:
    """Return what tells this program, to the letter, from others, and from other Pythons."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in sorted(each for each in root.rglob("*") if each.suffix in _SPEAKING):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def same(value: Any) -> Any:
    """Return `value`: so it lies with the workers, and can be had again where one of them died."""
    return value


def answer(expected: str, task: Task, told: Sealed, partition: Sealed) -> Answer:
    """Return what `task` gives for a partition.

    Nothing is raised: Dask would write the error into its log, with words of the chat perhaps in
    it. Who asked does the work itself then and sees the error.
    """
    if expected != program():
        return Answer(None, OTHER_PROGRAM)
    try:
        made = _prepared(task.make, told.content)
        result = task.run(made, task.unpack(partition.content))
        return Answer(Sealed(task.pack(result)))
    except Exception as error:  # noqa: BLE001  (see above)
        return Answer(None, type(error).__name__)


def _prepared(make: Callable[[bytes], Any], told: bytes) -> Any:
    """Return what `make` gives of `told`; the last ones are kept."""
    key = (f"{make.__module__}.{make.__qualname__}", hashlib.sha256(told).hexdigest())
    with _making:
        if key not in _made:
            while len(_made) >= _MOST_MADE:
                _made.popitem(last=False)
            _made[key] = make(told)
            # What is here now stays, and much comes and goes: the garbage collector comes seldom.
            gc.freeze()
            gc.set_threshold(*SELDOM)
        _made.move_to_end(key)
        return _made[key]
