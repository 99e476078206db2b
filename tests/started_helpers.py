"""The search's further processes, for tests that must see them at work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from curation.pii import Detector, parallel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import DetectionRules, Finding


class NotedHelper(parallel._Helper):
    """Remembers every process that was started."""

    started: list[NotedHelper]

    def __init__(self, rules: DetectionRules) -> None:
        super().__init__(rules)
        self.started.append(self)

    @property
    def ended(self) -> bool:
        """Whether the process is no more."""
        return self._process.returncode is not None

    def kill(self) -> None:
        """End the process from outside."""
        self._process.kill()


class WaitingDetector(Detector):
    """Does nothing itself before a helper is ready, so that no test depends on who is faster."""

    batches = 0

    def detect_runs(self, runs: Sequence[Sequence[str]]) -> list[list[list[Finding]]]:
        """Return the findings once a helper is ready, or anyhow after a minute."""
        deadline = time.monotonic() + 60
        helpers = NotedHelper.started
        while helpers and not (helpers[-1].ready or helpers[-1].lost):
            time.sleep(0.01)
            if time.monotonic() > deadline:
                break
        self.batches += 1
        return super().detect_runs(runs)
