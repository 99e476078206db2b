"""ShareGPT: the records as they are, one JSON array, plain or with emotions and traits.

LLaMA-Factory, and through it most services that offer to tune a model, axolotl, ms-swift and
unsloth take it. One array instead of a line each: the loaders of Hugging Face then see all of it
before they settle the types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from curation.exporters.dataset_info import INFO_FILE, dataset_info
from curation.exporters.format import Format
from curation.exporters.layouts import JsonArray

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path

    from curation.exporters.format import Parts

_LAYOUT: Final = JsonArray()
_TRAIN: Final = "sharegpt.json"
_VALIDATION: Final = "sharegpt_validation.json"


def _companions(parts: Parts) -> Mapping[str, str]:
    return {INFO_FILE: dataset_info(_TRAIN, _VALIDATION if parts.validation else "")}


SHAREGPT: Final = Format(
    name="sharegpt",
    train=_TRAIN,
    validation=_VALIDATION,
    layout=_LAYOUT,
    companions=_companions,
)

EXTENDED: Final = Format(
    name="sharegpt_extended",
    train="sharegpt_extended.json",
    validation="sharegpt_extended_validation.json",
    layout=_LAYOUT,
    extended=True,
)


def write_sharegpt(path: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write `records`, plain or extended, to `path` as they come and return how many they were.

    The file appears whole or not at all. Raises `ExportBlockedError` when there is no record: a
    trainer refuses an empty file.
    """
    return _LAYOUT.write(path, records)


def read_sharegpt(path: Path) -> Generator[dict[str, Any]]:
    """Yield the records of a file that `write_sharegpt` wrote, one at a time.

    Raises `BadFileError` naming the line where the file is not what was written.
    """
    return _LAYOUT.read(path)


def check_sharegpt(path: Path, *, extended: bool = False) -> list[str]:
    """Return what is wrong with the bytes at `path`; see `Format.check`."""
    return (EXTENDED if extended else SHAREGPT).check(path)
