"""Alpaca with history: the last exchange of a conversation, and the ones before it.

LLaMA-Factory, and services that know nothing else, take it. LLaMA-Factory trains on the answers in
`history` as well, so one row a conversation is enough, and finds its columns by the description in
the folder. `input` is always empty: what is said stands in `instruction`.

JSON cannot say what an empty `history` is a list of: where no conversation of the training part has
more than one exchange and one of the validation part has, `datasets` loads each file, but not both
at once. LLaMA-Factory loads them one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from curation.exporters import shapes
from curation.exporters.dataset_info import INFO_FILE, alpaca_info
from curation.exporters.format import Format, ShapeError
from curation.exporters.layouts import JsonArray

if TYPE_CHECKING:
    from curation.exporters.format import Parts, Record
    from curation.exporters.layouts import Row

_TRAIN: Final = "train.json"
_VALIDATION: Final = "validation.json"
_KEYS: Final = ("instruction", "input", "output", "system", "history")


def _encode(record: Record) -> Row:
    said = [item["value"] for item in record["conversations"]]
    pairs = [list(pair) for pair in zip(said[::2], said[1::2], strict=True)]
    instruction, output = pairs.pop()
    return dict(zip(_KEYS, (instruction, "", output, record["system"], pairs), strict=True))


def _decode(row: Row) -> Record:
    instruction, nothing, output, system, history = shapes.values(row, _KEYS)
    if nothing != "":
        raise ShapeError("input", "is not empty")
    pairs = [_pair(at, each) for at, each in enumerate(shapes.items(history, "history"))]
    pairs.append([instruction, output])
    turns = [
        {"from": name, "value": text}
        for pair in pairs
        for name, text in zip(("human", "gpt"), pair, strict=True)
    ]
    return shapes.plain(turns, system)


def _pair(at: int, value: object) -> list[Any]:
    where = f"exchange {at + 1} of history"
    pair = shapes.items(value, where)
    if len(pair) != len(("said", "answered")):
        raise ShapeError(where, "is not a pair")
    return pair


def _info(parts: Parts) -> str:
    return alpaca_info(_TRAIN, _VALIDATION if parts.validation else "")


ALPACA: Final = Format(
    name="alpaca",
    train=f"alpaca/{_TRAIN}",
    validation=f"alpaca/{_VALIDATION}",
    layout=JsonArray(),
    encode=_encode,
    decode=_decode,
    companions={f"alpaca/{INFO_FILE}": _info},
)
