"""The files of kept exports: a folder for each, beside the workspace, for its owner alone.

They are kept, not made again when asked for: what a model was trained on must still be there after
the workspace has changed, and a large file can be handed over from the disk without lying in
memory. Nothing is kept that a person does not see with its size and cannot delete.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import secrets
import shutil
import time
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from curation import private_files
from curation.errors import N_, BadFileError, why_of
from curation.store.export_versions import VersionFile
from curation.store.files import safety
from curation.workflow.roles import owners_only

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from curation.store import Workspace
    from curation.workflow.progress import Progress

ARCHIVE: Final = "ruwo-dataset.zip"
PACK_STAGE: Final = "pack"

_BUILDING: Final = ".building-"
_LEFTOVER: Final = 6 * 3600
"""Seconds after which an unfinished build is one that was killed."""
_NAME: Final = re.compile(r"[0-9a-f]{12}-[0-9a-f]{8}")
_BLOCK: Final = 4_000_000
_LEVEL: Final = 3
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass(frozen=True, slots=True)
class LooseFolder:
    """Files of an export that the workspace does not know, as after an older backup came back."""

    name: str
    size: int


@owners_only
def versions_folder(workspace: Workspace) -> Path:
    """Return where the files of kept exports lie; it need not be there yet."""
    return safety.beside(workspace.engine, "exports")


@contextmanager
def building(workspace: Workspace) -> Iterator[Path]:
    """Give a folder to build in, which is removed on leaving unless it was moved away.

    Raises BadFileError where the operating system refuses, as to the work inside.
    """
    root = versions_folder(workspace)
    folder = root / f"{_BUILDING}{secrets.token_hex(4)}"
    try:
        with refusals_told(root):
            private_files.make_own_folder(root)
            _remove_killed(root)
            folder.mkdir(mode=private_files.FOLDER)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def refusals_told(root: Path) -> Iterator[None]:
    """Turn what the operating system refuses inside into a sentence that helps."""
    try:
        yield
    except OSError as error:
        raise _refusal(root, error) from error
    except BadFileError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and error.path.is_relative_to(root):
            raise _refusal(root, cause) from error
        raise


def _refusal(root: Path, error: OSError) -> BadFileError:
    if error.errno in _FULL:
        return BadFileError(
            root,
            N_("the disk is full; make room, or delete files of versions that you do not need"),
        )
    if error.errno in _FORBIDDEN:
        return BadFileError(root, N_("this program may not write here: {folder}"), folder=root)
    why = why_of(error)
    return BadFileError(root, N_("cannot be written ({why})"), why=why)


def _remove_killed(root: Path) -> None:
    for left in root.glob(f"{_BUILDING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFTOVER:
                shutil.rmtree(left, ignore_errors=True)


def files_in(folder: Path) -> tuple[VersionFile, ...]:
    """Return every file below a folder by its name there, in order; each only for its owner."""
    found = []
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        if path.is_dir():
            path.chmod(private_files.FOLDER)
            continue
        path.chmod(private_files.FILE)
        name = path.relative_to(folder).as_posix()
        found.append(VersionFile(name, path.stat().st_size, _sha256(path)))
    return tuple(found)


def pack(folder: Path, files: Sequence[VersionFile], progress: Progress) -> None:
    """Put these files of a folder into one beside them, for whoever wants them all."""
    total = sum(each.size for each in files)
    done = 0
    path = folder / ARCHIVE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for each in files:
            member = zipfile.ZipInfo(each.name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = private_files.FILE << 16
            with (
                (folder / each.name).open("rb") as file,
                archive.open(member, "w", force_zip64=True) as opened,
            ):
                while block := file.read(_BLOCK):
                    progress(PACK_STAGE, done, total)
                    opened.write(block)
                    done += len(block)
    path.chmod(private_files.FILE)


def digest_of(files: tuple[VersionFile, ...]) -> str:
    """Return what is equal exactly where names and bytes of all files are."""
    told = json.dumps([asdict(each) for each in files], sort_keys=True)
    return hashlib.sha256(told.encode("utf-8")).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def settle(folder: Path, digest: str) -> str:
    """Let a built folder be that of a version; return its new name."""
    name = f"{digest[:12]}-{secrets.token_hex(4)}"
    with refusals_told(folder.parent):
        folder.replace(folder.with_name(name))
    return name


def folder_of(workspace: Workspace, name: str) -> Path | None:
    """Return the folder of that name, None where there is none.

    The name may come from a backup, and a backup from anywhere: only names that `settle` gives.
    """
    if _NAME.fullmatch(name) is None:
        return None
    path = versions_folder(workspace) / name
    return path if path.is_dir() and not path.is_symlink() else None


def file_of(workspace: Workspace, folder: str, name: str) -> Path | None:
    """Return a file in the folder of a version, None where it is not there (any more)."""
    inside = folder_of(workspace, folder)
    if inside is None:
        return None
    path = inside / name
    try:
        within = path.resolve().is_relative_to(inside.resolve())
        return path if within and path.is_file() else None
    except OSError:
        return None


def holds(workspace: Workspace, name: str, fresh: str) -> bool:
    """Return whether one folder has all files of another one, byte for byte."""
    inside = folder_of(workspace, fresh)
    if inside is None:
        return True
    try:
        return all(
            _equal(path, file_of(workspace, name, path.relative_to(inside).as_posix()))
            for path in inside.rglob("*")
            if not path.is_dir()
        )
    except OSError:
        return False


def _equal(path: Path, other: Path | None) -> bool:
    if other is None or path.stat().st_size != other.stat().st_size:
        return False
    return _sha256(path) == _sha256(other)


def remove(workspace: Workspace, name: str) -> None:
    """Delete a folder with all that is in it; BadFileError where that is not possible."""
    folder = folder_of(workspace, name)
    if folder is None:
        return
    try:
        shutil.rmtree(folder)
    except OSError as error:
        why = why_of(error)
        raise BadFileError(folder.parent, N_("cannot be deleted: {why}"), why=why) from error


def loose_folders(workspace: Workspace, known: Collection[str]) -> list[LooseFolder]:
    """Return the folders that belong to none of the `known` names."""
    try:
        names = sorted(path.name for path in versions_folder(workspace).iterdir())
    except OSError:
        return []
    loose = (name for name in names if _NAME.fullmatch(name) and name not in known)
    return [LooseFolder(name, size_of(versions_folder(workspace) / name)) for name in loose]


def size_of(folder: Path) -> int:
    """Return how many bytes all files below a folder have."""
    size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            size += 0 if path.is_dir() else path.stat().st_size
    return size
