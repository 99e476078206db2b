"""`backup`: the whole workspace in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.commands.arguments import path_of
from curation.commands.passphrases import open_workspace
from curation.commands.saying import warn, warn_of_texts
from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands
    from curation.store.files.backup import BackupInfo


def add(commands: Commands) -> None:
    """Add the command."""
    backup = commands.add_parser(
        "backup", help="write the whole workspace to one file; nothing is masked"
    )
    backup.add_argument("file", type=path_of, metavar="FILE.ruwo")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    backup.add_argument(
        "--plain", action="store_true", help="of an encrypted workspace: without a passphrase"
    )
    backup.set_defaults(run=_backup)


def _backup(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    if chosen.file.exists() and not chosen.force:
        raise BadFileError(chosen.file, N_("is there already; --force replaces it"))
    workspace = open_workspace()
    try:
        plain = chosen.plain or not workflow.is_encrypted(workspace)
        info = workflow.backup_workspace(workspace, chosen.file, plain=plain)
    finally:
        workspace.close()
    if plain:
        warn_of_texts()
    else:
        warn("the backup opens with the passphrase of the workspace")
    print("\n".join(_backup_lines(info)))


def _backup_lines(info: BackupInfo) -> list[str]:
    """Return what a backup holds."""
    return [
        f"{'made':<36}{info.made_at.isoformat()}",
        f"{'version':<36}{info.app}, tables {info.revision}",
        f"{'conversations':<36}{info.conversations}",
        f"{'messages':<36}{info.messages}",
    ]
