"""`restore`: a backup as the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.commands.arguments import path_of
from curation.commands.passphrases import (
    FROM_FILE,
    OF_BACKUP,
    asked_passphrase,
    open_workspace,
    told_passphrase,
    undecided,
)
from curation.commands.saying import flat, warn
from curation.errors import N_, OptionsError, WorkspaceDamagedError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from curation.commands.arguments import Commands
    from curation.workflow import Asked


def add(commands: Commands) -> None:
    """Add the command."""
    restore = commands.add_parser(
        "restore", help="let a backup be the workspace; a copy of the old one is kept"
    )
    restore.add_argument("file", type=path_of, metavar="FILE.ruwo")
    restore.add_argument(
        "--plain",
        action="store_true",
        help="of a backup that has no passphrase, in place of a workspace that is damaged or that"
        " nobody can open: without one",
    )
    restore.set_defaults(run=_restore)


def _restore(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    try:
        workspace = open_workspace(replaced=True, plain=chosen.plain)
    except WorkspaceDamagedError as error:
        replace_damaged(error, chosen.file, plain=chosen.plain)
        return
    try:
        if chosen.plain and workflow.is_encrypted(workspace):
            raise OptionsError(
                N_(
                    "The workspace has a passphrase and keeps it: --plain is for one that is"
                    " damaged, or whose passphrase nobody has. The settings remove a passphrase."
                )
            )
        passphrase = None
        if workflow.needs_other_passphrase(chosen.file):
            passphrase = told_passphrase(OF_BACKUP) or asked_passphrase(
                f"Passphrase of {chosen.file.name}: ", OF_BACKUP
            )
        kept = workflow.restore_workspace(workspace, chosen.file, passphrase=passphrase)
        counts = workflow.workspace_stats(workspace)
    finally:
        workspace.close()
    print("\n".join(flat(counts)))
    if kept is not None:
        print(f"{'replaced workspace kept as':<36}{kept}")
    if workflow.file_is_encrypted(chosen.file) and not workflow.is_encrypted(workspace):
        warn(
            "the backup is encrypted, the workspace is not and stays so: its texts can be read on"
            " the disk"
        )


def replace_damaged(error: WorkspaceDamagedError, backup: Path | None, *, plain: bool) -> None:
    """Let a backup take the place of a damaged workspace, and ask for whose passphrase it needs.

    Without one, that is what can still be read of the workspace; errors as `workflow` raises them.
    """
    from curation.workflow import Asked, mending  # noqa: PLC0415  (late, see the package)

    passphrase = None
    if not plain:
        whose = mending.whose_passphrase(error, backup)
        if whose is Asked.NOBODY and mending.is_doubted(error):
            raise undecided(error)
        passphrase = _passphrase_of(whose, backup)
    aside = mending.replace_damaged(error, backup, passphrase=passphrase, plain=plain)
    if aside is not None:
        print(f"{'damaged workspace kept as':<36}{aside}")


def _passphrase_of(whose: Asked, backup: Path | None) -> str | None:
    """Return the passphrase that is needed, from a file or as it is typed; None: none is."""
    from curation.workflow import Asked  # noqa: PLC0415  (late, see the package)

    if whose is Asked.FILE and backup is None:
        return told_passphrase(FROM_FILE) or asked_passphrase("Passphrase of the workspace: ")
    if whose is Asked.FILE and backup is not None:
        return (
            told_passphrase(OF_BACKUP)
            or told_passphrase(FROM_FILE)
            or asked_passphrase(f"Passphrase of {backup.name}: ", OF_BACKUP)
        )
    if whose is Asked.WORKSPACE:
        return told_passphrase(FROM_FILE) or asked_passphrase(
            "Passphrase that the workspace had (Enter: see --plain): "
        )
    return None
