"""`import`: what is new in chats into the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.commands.arguments import add_me, path_of
from curation.commands.passphrases import open_workspace
from curation.commands.saying import warn

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    into = commands.add_parser("import", help="put what is new in chats into the workspace")
    into.add_argument("files", type=path_of, nargs="+", metavar="FILE")
    add_me(into)
    into.set_defaults(run=_import)


def _import(chosen: argparse.Namespace) -> None:
    from curation.workflow.parquet_folders import fill_workspace  # noqa: PLC0415  (late, see the package)

    workspace = open_workspace()
    try:
        counts = fill_workspace(workspace, chosen.files, me=chosen.me, warn=warn)
    finally:
        workspace.close()
    print(f"{'messages read':<36}{counts['messages']}")
    print(f"{'messages added':<36}{counts['added']}")
    print(f"{'conversations added':<36}{counts['conversations']}")
