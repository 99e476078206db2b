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

    from curation.workflow import Ack, Workspace

_commit = workflow.commit_actions


def _slow(
    workspace: Workspace, client: str, sent: Sequence[Mapping[str, object]], *, seen: int = 0
) -> Ack:
    delay = Path(os.environ["RUWO_TEST_DELAY"])
    time.sleep(float(delay.read_text(encoding="utf-8")))
    return _commit(workspace, client, sent, seen=seen)


if __name__ == "__main__":
    workflow.commit_actions = _slow
    sys.exit(main())
