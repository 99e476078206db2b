"""The real app with a server that can be made slow: the test writes the delay into a file."""

from __future__ import annotations

import os
import runpy
import time
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from curation import workflow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import Ack, Workspace

_commit = workflow.commit_actions


@wraps(_commit)
def _slow(
    workspace: Workspace, client: str, sent: Sequence[Mapping[str, object]], *, seen: int = 0
) -> Ack:
    delay = Path(os.environ["RUWO_TEST_DELAY"])
    time.sleep(float(delay.read_text(encoding="utf-8")))
    return _commit(workspace, client, sent, seen=seen)


if not hasattr(_commit, "__wrapped__"):
    workflow.commit_actions = _slow
runpy.run_path(str(Path(__file__).parents[2] / "app.py"), run_name="__main__")
