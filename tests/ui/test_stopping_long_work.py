"""The stop button beside a bar: it says that nothing was changed only where that is so."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import WorkspaceError
from curation.ui import progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.workflow import Progress


@pytest.fixture
def presses(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What a click on each button does that was drawn."""
    drawn: list[Callable[[], None]] = []

    def button(*_args: Any, on_click: Callable[[], None], **_options: Any) -> None:
        drawn.append(on_click)

    monkeypatch.setattr("streamlit.button", button)
    return drawn


class RunEndedError(BaseException):
    """What Streamlit raises in a run that ends for the next one."""


def done(work: Callable[[Progress], None], said: list[str]) -> None:
    """Do work beside a bar, as a run of a page that may end amid it."""
    with (
        suppress(RunEndedError, WorkspaceError),
        progress.working(lambda: said.append("stopped"), key="stop") as report,
    ):
        work(report)


def test_a_stop_amid_the_work_says_so(
    presses: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_args: Any, **_options: Any) -> None:
        raise RunEndedError

    def work(report: Progress) -> None:
        report("change", 1, 3)
        monkeypatch.setattr("streamlit.delta_generator.DeltaGenerator.progress", ends)
        report("change", 2, 3)

    said: list[str] = []
    done(work, said)
    presses[0]()
    assert said == ["stopped"]


def test_a_run_that_ends_before_the_first_report_says_so(
    presses: list[Callable[[], None]],
) -> None:
    def work(_report: Progress) -> None:
        raise RunEndedError

    said: list[str] = []
    done(work, said)
    presses[0]()
    assert said == ["stopped"]


def test_a_stop_that_comes_after_the_last_report_does_not_deny_what_was_done(
    presses: list[Callable[[], None]],
) -> None:
    said: list[str] = []
    done(lambda report: report("change", 2, 2), said)
    presses[0]()
    assert said == []


def test_a_run_that_ends_while_the_page_tells_what_was_done_does_not_deny_it(
    presses: list[Callable[[], None]],
) -> None:
    def work(report: Progress) -> None:
        report("change", 2, 2)
        raise RunEndedError  # here the page asked for its state

    said: list[str] = []
    done(work, said)
    presses[0]()
    assert said == []


def test_a_stop_while_what_was_reported_is_still_being_stored_waits_and_does_not_deny_it(
    presses: list[Callable[[], None]],
) -> None:
    said: list[str] = []
    pressed: list[Thread] = []

    def work(report: Progress) -> None:
        report("change", 2, 2)
        pressed.append(Thread(target=presses[0]))
        pressed[0].start()
        pressed[0].join(0.2)
        assert pressed[0].is_alive()

    done(work, said)
    pressed[0].join()
    assert said == []


def test_a_stop_of_work_that_failed_says_so(presses: list[Callable[[], None]]) -> None:
    def work(report: Progress) -> None:
        report("change", 1, 2)
        raise WorkspaceError("It is held by another program.")

    said: list[str] = []
    done(work, said)
    presses[0]()
    assert said == ["stopped"]
