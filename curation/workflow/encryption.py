"""A workspace that opens with a passphrase: unlocking and locking it, encrypting it, no longer so.

What is kept of a passphrase is the key that is derived from it, in the memory of this process. A
database on a server is not encrypted from here: that is the work of whoever runs the server.
"""

from __future__ import annotations

import hmac
import threading
import time
import unicodedata
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from curation.errors import N_, ActionRefusedError, WorkspaceError, WrongPassphraseError, why_of
from curation.store import workspace_file
from curation.store.files import asides, ciphers, damage, encrypting, rotation, safety
from curation.workflow.progress import ignore
from curation.workflow.roles import owners_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.store import Workspace
    from curation.workflow.progress import Progress

SHORTEST: Final = 8
"""Characters that a passphrase has at the least."""

ENCRYPT_STAGE: Final = "encrypt"

_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 5


class _Attempts:
    """Who guesses waits after each wrong passphrase, a little longer each time, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong = 0

    def first(self, path: Path, attempt: Callable[[], ciphers.Key | None]) -> ciphers.Key:
        """Return what an attempt gives; WrongPassphraseError where that is nothing."""
        with self._lock:
            time.sleep(min(self._wrong, _LONGEST_PAUSE) * _PAUSE)
            try:
                key = attempt()
            except OSError as error:
                raise WorkspaceError(
                    N_("The workspace {name} cannot be read: {reason}"),
                    name=path.name,
                    reason=why_of(error),
                ) from error
            self._wrong = 0 if key else self._wrong + 1
        if key is None:
            raise ciphers.wrong(path)
        return key


_attempts: Final = _Attempts()


def can_encrypt(workspace: Workspace) -> bool:
    """Whether this workspace could have a passphrase: it is a file, not a database on a server."""
    return safety.database_path(workspace.engine) is not None


def cipher_installed() -> bool:
    """Whether the package is there that encrypts."""
    return ciphers.is_installed()


def is_encrypted(workspace: Workspace) -> bool:
    """Whether this workspace has a passphrase."""
    path = safety.database_path(workspace.engine)
    return path is not None and ciphers.held(path) is not None


def file_is_encrypted(path: Path) -> bool:
    """Whether a backup or a copy needs a passphrase, as far as its bytes tell."""
    return ciphers.looks_encrypted(path)


def needs_other_passphrase(path: Path) -> bool:
    """Whether a backup or a copy needs a passphrase that is not that of the open workspace."""
    return ciphers.looks_encrypted(path) and ciphers.key_for(path) is None


def unlock(passphrase: str, where: str | Path | None = None) -> None:
    """Let the workspace at `where` (as for `open_workspace`) be opened until it is locked again.

    WrongPassphraseError, after some seconds where it happens again and again; WorkspaceError where
    what encrypts is not installed, or the file cannot be read. Where the passphrase is right and
    the beginning of the file is broken, `open_workspace` tells of the damage next.
    """
    path = _file(where)
    try:
        key = _attempts.first(path, partial(ciphers.key_of_file, path, passphrase))
    except WrongPassphraseError:
        of_copy = _key_of_copy(path, passphrase)
        if of_copy is None:
            raise
        if not ciphers.wrote(path, of_copy):
            raise WrongPassphraseError(_OF_THE_COPY, name=path.name) from None
        key = of_copy
    ciphers.hold(path, key)
    _delete_left_over(path)


def _delete_left_over(path: Path) -> None:
    """Delete the plain copies that a killed `encrypt_workspace` left, never what is newer."""
    held = safety.copies_beside(path)
    plain = [each for each in held if ciphers.looks_plain(each.path)]
    newest = next((each for each in plain if each.why != safety.BEFORE_RESTORE), None)
    if newest is None:
        return
    with suppress(*ciphers.errors(OSError)):
        if damage.goes_on_from(path, newest.path):
            for each in plain[plain.index(newest) :]:
                each.path.unlink(missing_ok=True)


def _key_of_copy(path: Path, passphrase: str) -> ciphers.Key | None:
    """Return the key of the newest copy where this is its passphrase."""
    newest = rotation.newest(path)
    if newest is None or not ciphers.looks_encrypted(newest.path):
        return None
    with suppress(*ciphers.errors(OSError)):  # a copy that cannot be read tells nothing
        return ciphers.key_of_file(newest.path, passphrase)
    return None


@owners_only
def lock(workspace: Workspace) -> None:
    """Forget the key: nobody in this process reads the workspace until it is unlocked again."""
    path = _path(workspace)
    ciphers.hold(path, None)
    workspace.close()


def refuse_weak(passphrase: str, again: str) -> None:
    """Raise ActionRefusedError unless a new passphrase is long enough and was typed twice alike."""
    if len(unicodedata.normalize("NFKC", passphrase)) < SHORTEST:
        raise ActionRefusedError(
            N_("A passphrase has {count} characters at the least."), count=SHORTEST
        )
    if passphrase != again:
        raise ActionRefusedError(N_("The two passphrases are not the same."))


@owners_only
def encrypt_workspace(
    workspace: Workspace, passphrase: str, progress: Progress = ignore
) -> list[str]:
    """Encrypt a plain workspace; return the names of the plain copies that were deleted for it.

    Those are the copies that were made by themselves; backups that a person made are left. Who
    stops or kills this leaves the plain or the encrypted one, whole. All objects of this workspace
    are of no use afterwards: open it anew. WorkspaceError where somebody else uses it.
    """
    path = _path(workspace)
    _rewrite(workspace, path, ciphers.derive(passphrase), progress)
    deleted = []
    for each in safety.copies(workspace.engine):
        if not ciphers.looks_encrypted(each.path):
            with suppress(OSError):  # the page shows what is left
                each.path.unlink()
                deleted.append(each.path.name)
    return deleted


@owners_only
def readable_files_set_aside(workspace: Workspace) -> list[str]:
    """Return the names of damaged files of this workspace that stay readable beside it."""
    try:
        return [each.name for each in asides.readable_asides(_path(workspace))]
    except OSError as error:
        raise WorkspaceError(
            N_("The folder of the workspace cannot be read: {reason}"),
            reason=why_of(error),
        ) from error


@owners_only
def change_passphrase(
    workspace: Workspace, old: str, new: str, progress: Progress = ignore
) -> None:
    """Encrypt the workspace with another passphrase; as `encrypt_workspace`.

    Copies and backups that are there keep the old one. WrongPassphraseError for a wrong old one.
    """
    path = _path(workspace)
    _check(path, old)
    _rewrite(workspace, path, ciphers.derive(new), progress)


@owners_only
def decrypt_workspace(workspace: Workspace, passphrase: str, progress: Progress = ignore) -> None:
    """Let the workspace be plain again; as `change_passphrase`."""
    path = _path(workspace)
    _check(path, passphrase)
    _rewrite(workspace, path, None, progress)


def _check(path: Path, passphrase: str) -> None:
    """Raise WrongPassphraseError unless the passphrase is that of the open workspace."""
    key = ciphers.held(path)
    if key is None:
        raise ciphers.locked(path)

    def attempt() -> ciphers.Key | None:
        # Not by the file, which is open: to close it would take the locks of others away.
        told = ciphers.derive(passphrase, key.salt)
        return told if hmac.compare_digest(told.secret, key.secret) else None

    _attempts.first(path, attempt)


def _rewrite(workspace: Workspace, path: Path, key: ciphers.Key | None, progress: Progress) -> None:
    workspace.close()
    encrypting.rewrite(path, key, partial(progress, ENCRYPT_STAGE))


def _path(workspace: Workspace) -> Path:
    path = safety.database_path(workspace.engine)
    if path is None:
        raise WorkspaceError(_ON_A_SERVER)
    return path


def _file(where: str | Path | None) -> Path:
    path = workspace_file(where)
    if path is None:
        raise WorkspaceError(_ON_A_SERVER)
    return path


_OF_THE_COPY: Final = N_(
    "This is the passphrase of the newest copy of {name}, and does not open the file itself: it was"
    " changed since, or the file is damaged."
)
_ON_A_SERVER: Final = N_(
    "This workspace is a database on a server: whoever runs that encrypts its disk."
)
