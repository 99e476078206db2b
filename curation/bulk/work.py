"""What is done to partitions, and how partitions and results travel."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Sign = Callable[[], None]

Partition = TypeVar("Partition")
Result = TypeVar("Result")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Codec(Generic[Value]):
    """How a value becomes bytes and is read again; both are functions of a module."""

    pack: Callable[[Value], bytes]
    unpack: Callable[[bytes], Value]


def _to_json(value: Any) -> bytes:
    return json.dumps(value).encode("ascii")


def _to_pickle(value: Any) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def _from_pickle(content: bytes) -> Any:
    # Between the parts of one program alone, which run what each other says anyway.
    return pickle.loads(content)  # noqa: S301


JSON: Final[Codec[Any]] = Codec(_to_json, json.loads)
PICKLE: Final[Codec[Any]] = Codec(_to_pickle, _from_pickle)


@dataclass(frozen=True, slots=True)
class Work(Generic[Partition, Result]):
    """One step that is done to every partition alike.

    `make` gives of `told` what every partition needs, once in a process; `run` is called with that
    and a partition. They, and those of the codecs, are functions of modules: a worker finds them
    by name. What `run` gives depends on nothing else.
    """

    make: Callable[[bytes], Any]
    run: Callable[[Any, Partition], Result]
    told: bytes
    partition: Codec[Partition] = PICKLE
    result: Codec[Result] = PICKLE


def no_sign() -> None:
    """Take no notice of the time that passes."""
