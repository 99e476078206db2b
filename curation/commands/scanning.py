"""`scan`: the search for private data and for what to suggest, in bulk."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from curation.commands.passphrases import open_workspace
from curation.commands.saying import warn
from curation.commands.scheduler_arguments import add_scheduler_arguments, chosen_scheduler

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    scan = commands.add_parser(
        "scan", help="search the workspace for private data and for what to suggest, in bulk"
    )
    add_scheduler_arguments(scan)
    scan.set_defaults(run=_scan)


def _scan(chosen: argparse.Namespace) -> None:
    from curation import workflow  # noqa: PLC0415  (late, see the package)

    scheduler = chosen_scheduler(chosen, warn)
    workspace = open_workspace()
    try:
        with workflow.bulk_engine(workspace, scheduler) as engine:
            searched = workflow.scan_findings(workspace, engine=engine)
            looked_at = workflow.suggest(workspace, engine=engine)
            workflow.mark_duplicates(workspace, engine=engine)
        suggested = workflow.suggestion_counts(workspace)
        found = Counter[str]()
        for (entity, _decision), count in workflow.finding_counts(workspace).items():
            found[entity] += count
    finally:
        workspace.close()
    print(f"{'messages searched':<36}{searched}")
    for entity, count in found.most_common():
        print(f"{'findings ' + entity:<36}{count}")
    print(f"{'conversations looked at':<36}{looked_at}")
    for kind, count in sorted(suggested.items()):
        print(f"{'conversations with ' + kind:<36}{count}")
