"""`streamlit`, with a server that can be made slow: the test writes the delay into a file."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.web.cli import main

from curation import workflow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Persona
    from curation.workflow import Ack, BulkPlan, BulkResult, Progress, Workspace

_commit = workflow.commit_actions
_do_bulk = workflow.do_bulk
_load_persona = workflow.load_persona


def _wait() -> None:
    delay = Path(os.environ["RUWO_TEST_DELAY"])
    time.sleep(float(delay.read_text(encoding="utf-8")))


def _slow_commit(
    workspace: Workspace, client: str, sent: Sequence[Mapping[str, object]], *, seen: int = 0
) -> Ack:
    _wait()
    return _commit(workspace, client, sent, seen=seen)


def _slow_bulk(
    workspace: Workspace, plan: BulkPlan, progress: Progress = workflow.ignore
) -> BulkResult:
    def slowly(stage: str, done: int, total: int) -> None:
        progress(stage, done, total)
        _wait()

    return _do_bulk(workspace, plan, slowly)


def _slow_persona(workspace: Workspace) -> Persona:
    """Whose name stands beside each answer of a talk."""
    _wait()
    return _load_persona(workspace)


if __name__ == "__main__":
    workflow.load_persona = _slow_persona
    workflow.commit_actions = _slow_commit
    workflow.do_bulk = _slow_bulk
    sys.exit(main())
