"""Several files that appear together or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def staged_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder whose files, also those in folders, become files of `out` on leaving.

    `out` is made where it is missing. When the block raises, or a file cannot be moved, `out` is as
    it was before, down to not being there. Raises BadFileError where the operating system refuses.
    """
    made: list[Path] = []
    try:
        if out.exists() and not out.is_dir():
            raise BadFileError(out, N_("this is a file, not a folder"))
        made = _make(out)
        with tempfile.TemporaryDirectory(prefix=".ruwo-export-", dir=out) as name:
            staging = Path(name)
            yield staging
            files = sorted(path for path in staging.rglob("*") if path.is_file())
            _publish([file.relative_to(staging) for file in files], out, staging)
            made = []
    except OSError as exc:
        raise BadFileError(
            out, N_("cannot be written ({why})"), why=exc.strerror or type(exc).__name__
        ) from exc
    finally:
        _remove(made)


def _remove(folders: Sequence[Path]) -> None:
    for folder in folders:
        # Not empty means that somebody else uses it by now.
        with suppress(OSError):
            folder.rmdir()


def _make(out: Path) -> list[Path]:
    """Make `out`; return what had to be made, the innermost first."""
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    return missing


def _publish(names: Sequence[Path], out: Path, staging: Path) -> None:
    """Move files from `staging` to `out`; put back what was there when one cannot be moved."""
    before = staging / "before"
    done: list[Path] = []
    made: list[Path] = []
    try:
        for name in names:
            target, kept = out / name, before / name
            if target.is_dir():  # it would be moved away and then deleted
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            made = [*_make(target.parent), *made]
            kept.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.replace(kept)
            done.append(name)
            (staging / name).replace(target)
    except OSError:
        for name in done:
            if (before / name).exists():
                (before / name).replace(out / name)
            else:
                (out / name).unlink(missing_ok=True)
        _remove(made)
        raise
