"""The stop button beside a bar: it says that nothing was changed only where that is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import WorkspaceError
from curation.ui import progress

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def presses(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What a click on each button does that was drawn."""
    drawn: list[Callable[[], None]] = []

    def button(*_args: Any, on_click: Callable[[], None], **_options: Any) -> None:
        drawn.append(on_click)

    monkeypatch.setattr("streamlit.button", button)
    return drawn


def test_a_stop_amid_the_work_says_so(presses: list[Callable[[], None]]) -> None:
    said: list[str] = []
    with progress.working(lambda: said.append("stopped"), key="stop") as report:
        report("change", 1, 2)
        presses[0]()
    assert said == ["stopped"]


def test_a_stop_that_comes_after_the_last_report_does_not_deny_what_was_done(
    presses: list[Callable[[], None]],
) -> None:
    said: list[str] = []
    with progress.working(lambda: said.append("stopped"), key="stop") as report:
        report("change", 2, 2)
    presses[0]()
    assert said == []


def test_a_stop_of_work_that_failed_says_so(presses: list[Callable[[], None]]) -> None:
    said: list[str] = []
    with (
        pytest.raises(WorkspaceError),
        progress.working(lambda: said.append("stopped"), key="stop"),
    ):
        raise WorkspaceError("It is held by another program.")
    presses[0]()
    assert said == ["stopped"]
