"""Pages run on invented workspaces without a browser: what the server alone needs for them."""

from __future__ import annotations

import logging
import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from streamlit.testing.v1 import AppTest

from benchmarks.measuring import Taken, timed
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.ui import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGES: Final = Path(__file__).resolve().parents[1] / "pages"
PENDING: Final = ConversationFilter(statuses=(Status.PENDING,))
Result = TypeVar("Result")
# Says of every call outside a page that it is outside a page.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True


class Visitor:
    """Somebody who has a page of one workspace open."""

    def __init__(self, path: Path, page: str) -> None:
        self.path = path
        self.workspace = workflow.open_workspace(path)
        self._script = PAGES / f"{page}.py"
        self._client = uuid.uuid4().hex
        self._number = 0
        self.page = self.new_page()

    def new_page(self) -> AppTest:
        """Return the page in a session of its own, not run yet."""
        return AppTest.from_file(str(self._script), default_timeout=600)

    def run(self) -> Taken:
        """Run the page; return what it took."""
        os.environ["RUWO_WORKSPACE"] = str(self.path)
        resources.workspace()  # a server has it open
        taken = timed(self.page.run)
        assert not self.page.exception
        return taken

    def approve(self, count: int = 1) -> float:
        """Approve the first of the queue, as key presses do; return the seconds of storing it."""
        shown = workflow.review_window(self.workspace, PENDING, ahead=count, behind=0).records
        actions = [
            {
                "n": self._number + number,
                "type": "set_status",
                "id": each.conversation.id,
                "version": each.conversation.version,
                "status": Status.APPROVED.value,
            }
            for number, each in enumerate(shown[:count], 1)
        ]
        self._number += count
        start = time.perf_counter()
        workflow.commit_actions(self.workspace, self._client, actions)
        return time.perf_counter() - start


def in_turn(
    visitors: Mapping[int, Visitor], step: Callable[[Visitor], Result], runs: int, *, warming: int
) -> dict[int, list[Result]]:
    """Return what a step gives for each visitor, so many times after some that only warm up."""
    given: dict[int, list[Result]] = {size: [] for size in visitors}
    for turn in range(warming + runs):
        for size, visitor in visitors.items():
            found = step(visitor)
            if turn >= warming:
                given[size].append(found)
    return given
