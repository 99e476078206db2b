"""What a person can do about a workspace whose file is damaged."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curation import store
from curation.errors import N_, WorkspaceError
from curation.store.files import ciphers, damage, replacing, restoring, rotation, safety
from curation.store.settings import put_value
from curation.store.workspace import GENERATION
from curation.workflow.backups import KeptBackup, backups_beside
from curation.workflow.progress import ignore

if TYPE_CHECKING:
    from pathlib import Path

    from curation.errors import WorkspaceDamagedError
    from curation.store import Workspace
    from curation.store.files.replacing import Asked
    from curation.workflow.progress import Progress


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that can take the damaged workspace's place.

    `lost` is how many actions of the journal came after it, None where the damaged file does not
    tell; what the journal does not have, as settings and talks, is not counted.
    """

    backup: KeptBackup
    lost: int | None = None


def perhaps_damaged(where: str | Path | None = None) -> WorkspaceDamagedError | None:
    """Return what to say of a locked workspace that may be damaged instead; None without a reason.

    `where` is as for `open_workspace`. With what is returned the rest of this file can be asked.
    """
    path = store.workspace_file(where)
    return None if path is None else damage.doubt(path)


def locked_out(where: str | Path | None = None) -> WorkspaceDamagedError | None:
    """Return what is known of a locked workspace whose passphrase nobody has, or that has none.

    With what is returned the rest of this file can be asked; None for a database on a server.
    """
    path = store.workspace_file(where)
    return None if path is None else damage.of_locked(path)


def check_whole(workspace: Workspace) -> None:
    """Raise WorkspaceDamagedError where damage is found in any part of an open workspace's file.

    WorkspaceError where it is no file: a database on a server keeps its own files.
    """
    if safety.database_path(workspace.engine) is None:
        raise WorkspaceError(
            N_("This workspace is a database on a server: whoever runs that mends its files.")
        )
    damage.check(workspace.engine, whole=True)


def offers(error: WorkspaceDamagedError) -> list[Offer]:
    """Return what can take the place of a damaged workspace, the newest of its own copies first."""
    newest = rotation.newest(error.path)
    held = backups_beside(error.path)
    held.sort(key=lambda each: newest is None or each.path != newest.path)
    now = damage.last_action(error.path, still=False)
    return [Offer(each, _lost(now, each)) for each in held]


def whose_passphrase(error: WorkspaceDamagedError, backup: Path | None) -> Asked:
    """Return whose passphrase `replace_damaged` needs for a backup, or without one."""
    return replacing.asked(error.path, backup)


def replace_damaged(
    error: WorkspaceDamagedError,
    backup: Path | None,
    progress: Progress = ignore,
    *,
    passphrase: str | None = None,
    plain: bool = False,
) -> Path | None:
    """Let a backup be the workspace, or without one what can be read of the damaged file.

    That file is set aside and never deleted; returns its new name, None where it was empty or gone.
    Nobody may have it open. What was encrypted stays so: `passphrase` is that of the backup, or of
    a backup without one that of the old workspace, unless the new one shall be `plain` (see
    `whose_passphrase`), which WorkspaceError refuses where one of the two is needed or known.

    Raises PassphraseNeededError, WrongPassphraseError, WorkspaceReplacedError where the file is no
    longer as it was told of, BadFileError for a backup that is none, and WorkspaceError where the
    system refuses; then nothing changed.
    """
    return replacing.replace_damaged(error, backup, progress, passphrase, plain=plain)


def begin_anew(error: WorkspaceDamagedError) -> Path | None:
    """Let an empty workspace be there; return the damaged file, set aside, if there was one.

    WorkspaceReplacedError and WorkspaceError as `replace_damaged`.
    """
    return replacing.begin_anew(error)


def lost_its_key(error: WorkspaceDamagedError) -> bool:
    """Whether the workspace had a passphrase that nobody gave since the start."""
    return replacing.lost_its_key(error.path)


def keeps_its_key(error: WorkspaceDamagedError) -> bool:
    """Whether what takes its place is encrypted with the passphrase that the workspace has."""
    return ciphers.held(error.path) is not None


def may_be_whole(error: WorkspaceDamagedError) -> bool:
    """Whether the file is encrypted as far as anybody can tell, and only lacks its passphrase."""
    return damage.may_be_whole(error)


def nobody_can_tell(error: WorkspaceDamagedError) -> bool:
    """Whether the file is encrypted or noise, and no copy of it tells which."""
    return error.template == damage.UNCERTAIN


def is_doubted(error: WorkspaceDamagedError) -> bool:
    """Whether the file looks encrypted, though its newest copy has no passphrase."""
    return error.template == damage.DOUBTED


def can_be_saved(error: WorkspaceDamagedError) -> bool:
    """Whether something may be read of the file: not where all of it looks like noise."""
    return not damage.is_of_locked(error)


def can_be_kept(error: WorkspaceDamagedError) -> bool:
    """Whether the file as it is can be worked with: it is whole, and older than its copy."""
    return error.template == damage.BEHIND


def keep_as_it_is(error: WorkspaceDamagedError) -> None:
    """Go on with the file as it is; its copies are those of another workspace from now on.

    WorkspaceReplacedError where it is no longer as it was told of.
    """
    damage.look_again(error)
    with (
        closing(store.open_workspace(error.path, check=False)) as workspace,
        workspace.write() as connection,
    ):
        put_value(connection, GENERATION, restoring.new_generation())


def _lost(now: int | None, backup: KeptBackup) -> int | None:
    if now is None or backup.path.suffix != ".db":
        return None
    then = damage.last_action(backup.path, still=True)
    return None if then is None else max(now - then, 0)
