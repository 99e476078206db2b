"""Files that appear whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def atomic_writer(path: Path) -> Iterator[TextIO]:
    """Give a text file (UTF-8 without a mark, line feeds) that becomes `path` on leaving.

    When the block raises, nothing is at `path` that was not there before. Only its owner may read
    the file. Raises OSError as the operating system does.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, content: Any, *, ascii_only: bool = False) -> None:
    """Write `content` as indented JSON to `path`, whole or not at all."""
    text = json.dumps(content, ensure_ascii=ascii_only, allow_nan=False, indent=2)
    with atomic_writer(path) as file:
        file.write(text + "\n")
