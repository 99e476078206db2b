"""`stats`: counts of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.commands.passphrases import open_workspace
from curation.commands.saying import flat, json_line

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    stats = commands.add_parser("stats", help="counts of the workspace")
    stats.add_argument("--json", action="store_true", help="as one JSON object")
    stats.set_defaults(run=_stats)


def _stats(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    workspace = open_workspace()
    try:
        counts = workflow.workspace_stats(workspace)
    finally:
        workspace.close()
    if chosen.json:
        print(json_line(counts))
    else:
        print("\n".join(flat(counts)))
