"""`salvage`: what can still be read of a damaged workspace as the workspace."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from curation.commands.passphrases import open_workspace
from curation.commands.restoring import replace_damaged
from curation.commands.saying import flat, warn
from curation.errors import N_, WorkspaceDamagedError, WorkspaceError

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    salvage = commands.add_parser(
        "salvage",
        help="let what can still be read of a damaged workspace be the workspace; the damaged file"
        " is kept",
    )
    salvage.add_argument(
        "--plain",
        action="store_true",
        help="of a file that has no passphrase, though the workspace had one: without one",
    )
    salvage.set_defaults(run=_salvage)


def _salvage(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (late, see the package)
    from curation.workflow import mending  # noqa: PLC0415  (late, see the package)

    try:
        with closing(open_workspace()) as workspace:
            mending.check_whole(workspace)
    except WorkspaceDamagedError as error:
        # Of noise nothing can be read, and an older state of the file is whole.
        if mending.can_be_kept(error) or not mending.can_be_saved(error):
            raise
        replace_damaged(error, None, plain=chosen.plain)
    else:
        raise WorkspaceError(N_("No damage was found in the workspace, and nothing was changed."))
    with closing(open_workspace()) as workspace:
        counts = workflow.workspace_stats(workspace)
    print("\n".join(flat(counts)))
    warn(
        "what can still be read was taken over: conversations may be missing, and texts in them"
        " may be wrong"
    )
