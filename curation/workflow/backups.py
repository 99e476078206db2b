"""The workspace as one file: making it, looking into it, putting it in the workspace's place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from curation import private_files
from curation.errors import N_, BadFileError, WorkspaceError, why_of
from curation.store import search
from curation.store.files import backup, ciphers, encrypting, restoring, safety
from curation.workflow.progress import ignore
from curation.workflow.roles import owners_only

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from curation.store import Workspace
    from curation.store.files.backup import BackupInfo
    from curation.workflow.progress import Progress


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A file in the folder of backups.

    `why` is empty for one that a person made, else `before-upgrade`, `before-restore` or `daily`:
    a copy that was made by itself.
    """

    path: Path
    at: datetime
    size: int
    why: str = ""


@owners_only
def backup_folder(workspace: Workspace) -> Path:
    """Return where backups lie, and the copies that are made by themselves."""
    return safety.folder(workspace.engine)


@owners_only
def backup_workspace(
    workspace: Workspace,
    path: Path,
    progress: Progress = ignore,
    *,
    plain: bool = False,
    passphrase: str | None = None,
) -> BackupInfo:
    """Write the whole workspace to one file at `path`, unmasked; return what it holds.

    That of an encrypted workspace opens with the same passphrase, or with `passphrase`, unless it
    shall be `plain`.

    Others may write meanwhile; the file holds the state at the beginning. It appears when it is
    whole: an error or a stop leaves what was there before. Raises WorkspaceError where it cannot
    be written.
    """
    part = path.with_name(f"{path.name}.part")
    told = partial(progress, restoring.BACKUP_STAGE)
    try:
        private_files.make_folder(path.parent)
        live = safety.database_path(workspace.engine)
        key = None if plain or live is None else ciphers.held(live)
        if live is None or key is None:
            with private_files.create(part, "wb") as file, workspace.read() as connection:
                info = backup.write_backup(connection, file, told)
                file.flush()
                os.fsync(file.fileno())
        else:
            new = key if passphrase is None else ciphers.derive(passphrase)
            encrypting.write_copy(live, key, part, new, told)
            info = restoring.encrypted_info(part, new)
        part.replace(path)
    except ciphers.errors(OSError) as error:
        raise WorkspaceError(
            N_("The backup cannot be written: {reason}"),
            reason=why_of(error),
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return info


@owners_only
def new_backup_path(workspace: Workspace) -> Path:
    """Return a name for a new backup in the folder of backups."""
    folder = backup_folder(workspace)
    name = f"ruwo-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    path = folder / f"{name}{backup.SUFFIX}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{backup.SUFFIX}"
    return path


def backup_info(path: Path, passphrase: str | None = None) -> BackupInfo:
    """Return what a backup holds; BadFileError where it is none or is too new.

    PassphraseNeededError where it is encrypted with another passphrase than the open workspace,
    WrongPassphraseError where `passphrase` is not that.
    """
    return restoring.read_info(path, passphrase)


@owners_only
def kept_backups(workspace: Workspace) -> list[KeptBackup]:
    """Return the files in the folder of backups, newest first."""
    return _kept_in(backup_folder(workspace), safety.copies(workspace.engine))


def backups_beside(live: Path) -> list[KeptBackup]:
    """Return the same of a workspace that is a file, which need not be open."""
    return _kept_in(safety.folder_beside(live), safety.copies_beside(live))


def _kept_in(folder: Path, copies: Iterable[safety.SafetyCopy]) -> list[KeptBackup]:
    own = {each.path: each for each in copies}
    found = [KeptBackup(each.path, each.at, each.size, each.why) for each in own.values()]
    try:
        for path in folder.glob(f"*{backup.SUFFIX}") if folder.is_dir() else ():
            if path not in own:
                facts = path.stat()
                at = datetime.fromtimestamp(int(facts.st_mtime), UTC)
                found.append(KeptBackup(path, at, facts.st_size))
    except OSError as error:
        raise WorkspaceError(
            N_("The folder of backups cannot be read: {reason}"),
            reason=why_of(error),
        ) from error
    return sorted(found, key=lambda each: each.at, reverse=True)


@owners_only
def delete_backup(workspace: Workspace, path: Path) -> None:
    """Delete a file of the folder of backups; BadFileError where it is not one of these."""
    if path not in {each.path for each in kept_backups(workspace)}:
        raise BadFileError(path, N_("not a backup of a workspace"))
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        why = why_of(error)
        raise BadFileError(path, N_("cannot be deleted: {why}"), why=why) from error


@owners_only
def restore_workspace(
    workspace: Workspace,
    path: Path,
    progress: Progress = ignore,
    *,
    passphrase: str | None = None,
) -> Path | None:
    """Let a backup (or a copy made by itself) be the workspace; return the copy of the old one.

    `passphrase` is that of the backup, where it is encrypted with another one than the workspace,
    which stays encrypted, or plain, as it is.

    Whoever stops or kills this leaves the old workspace or the new one, whole. Tabs that have the
    old one open cannot write any more until they look at the new one.
    """
    kept = restoring.restore(workspace, path, progress, passphrase)
    fresh = workspace.acting_as(workspace.reviewer, workspace.current_generation())
    # The index of words is not part of a backup; until it is made, searching is slow, not wrong.
    search.catch_up(fresh, lambda _done, _total: None)
    return kept
