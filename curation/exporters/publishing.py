"""Several files that appear together or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from curation import private_files
from curation.errors import N_, BadFileError, why_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


@contextmanager
def staged_folder(out: Path, outdated: Collection[str] = ()) -> Iterator[Path]:
    """Give an empty folder whose files, also those in folders, become files of `out` on leaving.

    Files of `out` with the relative names `outdated` go away with it, unless they are written anew;
    what lies outside of `out`, or is reached over a link, is left alone.
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
            names = [file.relative_to(staging) for file in files]
            old = [each for each in map(Path, sorted(outdated)) if _is_own_file(out, each)]
            _publish(names, [each for each in old if each not in names], out, staging)
            made = []
    except OSError as exc:
        raise BadFileError(out, N_("cannot be written ({why})"), why=why_of(exc)) from exc
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
    private_files.make_folder(out)
    return missing


def _is_own_file(out: Path, name: Path) -> bool:
    """Whether a relative name is that of a file inside the folder, with no link on the way."""
    path = out / name
    inside = not name.is_absolute() and ".." not in name.parts
    return inside and path.is_file() and path.resolve() == out.resolve() / name


def _publish(names: Sequence[Path], outdated: Sequence[Path], out: Path, staging: Path) -> None:
    """Move files from `staging` to `out`, and away what is `outdated`.

    What was there is put back when one cannot be moved.
    """
    before = staging / "before"
    done: list[Path] = []
    made: list[Path] = []
    try:
        for name in names:
            target, kept = out / name, before / name
            if target.is_dir():  # it would be moved away and then deleted
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            made = [*_make(target.parent), *made]
            private_files.make_folder(kept.parent)
            if target.exists():
                target.replace(kept)
            done.append(name)
            (staging / name).replace(target)
        for name in outdated:
            private_files.make_folder((before / name).parent)
            (out / name).replace(before / name)
            done.append(name)
    except OSError:
        for name in done:
            if (before / name).exists():
                (before / name).replace(out / name)
            else:
                (out / name).unlink(missing_ok=True)
        _remove(made)
        raise
    _remove([out / parent for name in outdated for parent in name.parents[:-1]])
