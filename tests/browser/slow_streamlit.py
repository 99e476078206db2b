"""`streamlit`, with a server that can be made slow: the test writes the delay into a file."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.web.cli import main

from curation import workflow
from curation.ui import talk_deeds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.ui.components.talk import Told
    from curation.workflow import (
        Ack,
        BulkPlan,
        BulkResult,
        ChatModel,
        Progress,
        TalkHead,
        Workspace,
    )

_commit = workflow.commit_actions
_do_bulk = workflow.do_bulk
_do_told = talk_deeds.do_told


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


def _slow_deeds(told: Told, head: TalkHead, model: ChatModel | None) -> None:
    _wait()
    _do_told(told, head, model)
    _wait()


if __name__ == "__main__":
    talk_deeds.do_told = _slow_deeds
    workflow.commit_actions = _slow_commit
    workflow.do_bulk = _slow_bulk
    sys.exit(main())
