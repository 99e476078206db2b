"""`streamlit`, with a server that can be made slow: the test writes the delay into a file.

While `HELD` stands there, long work reports the same again and again and does not go on.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from streamlit.web.cli import main

from curation import workflow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Persona
    from curation.workflow import (
        Ack,
        BulkPlan,
        BulkResult,
        ImportReport,
        Progress,
        Workspace,
    )

HELD: Final = "held"
_LOOK: Final = 0.05

_commit = workflow.commit_actions
_do_bulk = workflow.do_bulk
_import_files = workflow.import_files
_load_persona = workflow.load_persona


def _told() -> str:
    return Path(os.environ["RUWO_TEST_DELAY"]).read_text(encoding="utf-8")


def _wait() -> None:
    told = _told()
    time.sleep(_LOOK if told == HELD else float(told))


def _slowly(progress: Progress) -> Progress:
    """Return a report after which the work waits, and which is told anew while it is held."""

    def report(stage: str, done: int, total: int) -> None:
        progress(stage, done, total)
        _wait()
        while _told() == HELD:
            progress(stage, done, total)
            _wait()

    return report


def _slow_commit(
    workspace: Workspace, client: str, sent: Sequence[Mapping[str, object]], *, seen: int = 0
) -> Ack:
    _wait()
    return _commit(workspace, client, sent, seen=seen)


def _slow_bulk(
    workspace: Workspace, plan: BulkPlan, progress: Progress = workflow.ignore
) -> BulkResult:
    return _do_bulk(workspace, plan, _slowly(progress))


def _slow_import(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    progress: Progress = workflow.ignore,
    **options: Any,
) -> ImportReport:
    return _import_files(workspace, paths, progress=_slowly(progress), **options)


def _slow_persona(workspace: Workspace) -> Persona:
    """Whose name stands beside each answer of a talk."""
    _wait()
    return _load_persona(workspace)


if __name__ == "__main__":
    workflow.load_persona = _slow_persona
    workflow.commit_actions = _slow_commit
    workflow.do_bulk = _slow_bulk
    workflow.import_files = _slow_import
    sys.exit(main())
