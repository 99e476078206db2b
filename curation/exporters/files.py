"""Files that appear whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation import private_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, TextIO


@contextmanager
def atomic_writer(path: Path) -> Iterator[TextIO]:
    """Give a text file (UTF-8 without a mark, line feeds) that becomes `path` on leaving.

    When the block raises, nothing is at `path` that was not there before. Only its owner may read
    the file. Raises OSError as the operating system does.
    """
    with _part_of(path) as (handle, part):
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


@contextmanager
def atomic_bytes_writer(path: Path) -> Iterator[BinaryIO]:
    """Give a file of bytes that becomes `path` on leaving, as `atomic_writer` gives one of text."""
    with _part_of(path) as (handle, part):
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


@contextmanager
def _part_of(path: Path) -> Iterator[tuple[int, Path]]:
    """Give an open file beside `path`, and its name, which is gone on leaving."""
    private_files.make_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        yield handle, part
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, content: Any, *, ascii_only: bool = False) -> None:
    """Write `content` as indented JSON to `path`, whole or not at all."""
    text = json.dumps(content, ensure_ascii=ascii_only, allow_nan=False, indent=2)
    with atomic_writer(path) as file:
        file.write(text + "\n")
