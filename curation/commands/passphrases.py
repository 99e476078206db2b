"""Opening the workspace, and asking for the passphrase of an encrypted one."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation.commands.saying import warn
from curation.errors import N_, BadFileError, WorkspaceError, WorkspaceLockedError

if TYPE_CHECKING:
    from curation.errors import WorkspaceDamagedError
    from curation.store import Workspace

FROM_FILE: Final = "RUWO_PASSPHRASE_FILE"
"""Names a file whose first line is the passphrase: for commands that nobody sits before."""

OF_BACKUP: Final = "RUWO_BACKUP_PASSPHRASE_FILE"
"""The same for a backup that was made with another passphrase than the workspace has."""


def open_workspace(*, replaced: bool = False, plain: bool = False) -> Workspace:
    """Return the workspace; that of an encrypted one is asked for its passphrase.

    `replaced` says that another takes its place: then it may be one that nobody can open any more;
    `plain` that the other one may have no passphrase.
    """
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    try:
        return workflow.open_workspace()
    except WorkspaceLockedError:
        if replaced:
            _unlock_replaced(plain=plain)
        else:
            _unlock()
        return workflow.open_workspace()


def _unlock() -> None:
    """Unlock the workspace; WorkspaceDamagedError where it may be damaged and is not unlocked."""
    from curation import workflow  # noqa: PLC0415  (late, see the package)
    from curation.workflow import mending  # noqa: PLC0415  (late, see the package)

    doubt = workflow.perhaps_damaged()
    try:
        workflow.unlock(_passphrase(" (Enter where it never had one)" if doubt else ""))
    except WorkspaceError as error:
        if doubt is not None:
            raise doubt from error
        unsure = workflow.locked_out()
        if unsure is None or not mending.nobody_can_tell(unsure):
            raise
        # Most often it is the passphrase that is wrong, so that is said first.
        warn(str(error))
        raise unsure from error


def _unlock_replaced(*, plain: bool) -> None:
    """Unlock what is replaced; WorkspaceDamagedError where it is said that nobody can.

    A wrong passphrase does not say that: the file may be a healthy one.
    """
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    doubt, given_up = workflow.perhaps_damaged(), workflow.locked_out()
    hint = " (Enter where nobody has it)" if given_up else ""
    hint = " (Enter where it never had one)" if doubt else hint
    try:
        phrase = _passphrase(hint)
    except WorkspaceError as error:
        if doubt is None:
            raise
        raise (doubt if plain else undecided(doubt)) from error
    if given_up is not None and not phrase:
        raise given_up
    workflow.unlock(phrase)


def _passphrase(hint: str) -> str:
    return told_passphrase(FROM_FILE) or asked_passphrase(f"Passphrase of the workspace{hint}: ")


def undecided(doubt: WorkspaceDamagedError) -> WorkspaceError:
    """Return what is said where nobody decided whether a file is encrypted or damaged."""
    return WorkspaceError(
        N_(
            "The workspace {name} looks encrypted, and its newest copy has no passphrase: give the"
            " passphrase of the workspace, or add --plain if it never had one."
        ),
        name=doubt.path.name,
    )


def told_passphrase(variable: str) -> str | None:
    """Return the first line of the file that a variable names, None without one."""
    named = os.environ.get(variable)
    if not named:
        return None
    try:
        first, *_rest = Path(named).read_text(encoding="utf-8-sig").splitlines() or [""]
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(named, N_("the passphrase cannot be read from it")) from error
    if not first:
        raise BadFileError(named, N_("the passphrase cannot be read from it"))
    return first


def asked_passphrase(prompt: str, variable: str = FROM_FILE) -> str:
    """Return what a person types, unseen; WorkspaceError where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise WorkspaceError(
            N_(
                "A passphrase is needed: run this in a terminal, or name a file with it by"
                " {variable}."
            ),
            variable=variable,
        )
    return getpass.getpass(prompt)
