"""Opening the workspace, and asking for the passphrase of an encrypted one."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation.errors import N_, BadFileError, WorkspaceError, WorkspaceLockedError

if TYPE_CHECKING:
    from curation.store import Workspace

FROM_FILE: Final = "RUWO_PASSPHRASE_FILE"
"""Names a file whose first line is the passphrase: for commands that nobody sits before."""

OF_BACKUP: Final = "RUWO_BACKUP_PASSPHRASE_FILE"
"""The same for a backup that was made with another passphrase than the workspace has."""


def open_workspace(*, replaced: bool = False) -> Workspace:
    """Return the workspace; that of an encrypted one is asked for its passphrase.

    `replaced` says that another takes its place: then it may be one that nobody can open any more.
    """
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    try:
        return workflow.open_workspace()
    except WorkspaceLockedError:
        _unlock(replaced=replaced)
        return workflow.open_workspace()


def _unlock(*, replaced: bool) -> None:
    """Unlock the workspace; WorkspaceDamagedError where it may be damaged and is not unlocked."""
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    doubt = workflow.perhaps_damaged()
    given_up = workflow.locked_out() if replaced else None
    hint = " (Enter where nobody has it)" if given_up else ""
    hint = " (Enter where it never had one)" if doubt else hint
    try:
        phrase = told_passphrase(FROM_FILE) or asked_passphrase(
            f"Passphrase of the workspace{hint}: "
        )
        if given_up is not None and not phrase:
            raise given_up
        workflow.unlock(phrase)
    except WorkspaceError as error:
        if doubt is None:
            raise
        raise doubt from error


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
