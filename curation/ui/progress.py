"""Long work on screen: a bar with counts, and a button that stops it without harm.

A click on the button makes Streamlit run the page anew, while the old run still works; the next
report of progress then raises inside the work, whose transaction rolls back. Where no report
follows, the work is done all the same; the new run waits to see which of both it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation.errors import N_, RuwoError
from curation.ui.catalogue import _
from curation.ui.frame import flash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from streamlit.delta_generator import DeltaGenerator

    from curation.workflow import Progress

MANY: Final = 1000
"""So many changes take long enough for a person to want to see how far they are."""

_LONGEST_WAIT: Final = 60.0
"""So many seconds the new run waits for the old one to halt; a report usually takes far less."""

_IN_MEGABYTES: Final = ("read", "pack", "encrypt")
_MEGABYTE: Final = 1_000_000

_STAGES: Final[Mapping[str, str]] = {
    "read": N_("Reading the files: {done} of {total} MB …"),
    "split": N_("Finding where conversations end: {done} of {total} …"),
    "duplicates": N_("Looking for what says the same: {done} of {total} …"),
    "store": N_("Bringing in: {done} of {total} messages …"),
    "change": N_("{done} of {total} changed …"),
    "finish": N_("Counting anew: {done} of {total} …"),
    "scan": N_("Looking for private details: {done} of {total} messages …"),
    "suggest": N_("Looking for what to suggest: {done} of {total} conversations …"),
    "index": N_("Making conversations searchable: {done} of {total} …"),
    "look": N_("Looking at later steps: {done} of {total} …"),
    "backup": N_("Writing the backup: {done} of {total} rows …"),
    "encrypt": N_("Writing the workspace anew: {done} of {total} MB …"),
    "unpack": N_("Reading the backup: {done} of {total} rows …"),
    "replace": N_("Replacing the workspace: {done} of {total} pages …"),
    "tokens": N_("Measuring conversations: {done} of {total} messages …"),
    "voice": N_("Reading how you write: {done} of {total} messages …"),
    "nearest": N_("Looking for what you really answered: {done} of {total} conversations …"),
    "likeness": N_("Asking: {done} of {total} questions …"),
    "ask": N_("Asking the model: {done} of {total} …"),
    "write": N_("Writing record {done} of {total} …"),
    "pack": N_("Packing the files: {done} of {total} MB …"),
    "check": N_("Checking record {done} of {total} …"),
}


def stopped() -> None:
    """Say at the next run that nothing was changed."""
    flash(_("Stopped. Nothing was changed."))


def _in_words(stage: str, done: int, total: int) -> str:
    """Return how far a stage is, in megabytes where it counts bytes."""
    text = _(_STAGES.get(stage, N_("Working: {done} of {total} …")))
    if stage in _IN_MEGABYTES:
        shown = [f"{number / _MEGABYTE:,.1f}" for number in (done, total)]
    else:
        shown = [f"{number:,}" for number in (done, total)]
    return text.format(done=shown[0], total=shown[1])


@contextmanager
def working(on_stop: Callable[[], None], *, key: str, least: int = 0) -> Iterator[Progress]:
    """Draw a progress bar and a stop button; the value reports progress and may end the run.

    Work on fewer than `least` things is done before a person could read a bar, and gets none. What
    is to be remembered of the work belongs into the block: the run may end right after it.
    """
    place = st.empty()
    bars: list[DeltaGenerator] = []
    # Whether the run, should it end here, takes the work with it: before its first report, and in
    # any. Elsewhere it may end where the page asks for its state, but the work is done by then.
    halting = [True]
    over = Event()

    def stop() -> None:
        over.wait(_LONGEST_WAIT)
        if halting:
            on_stop()

    def draw() -> None:
        with place.container(border=True):
            bars.append(st.progress(0.0, text=_("One moment …")))
            st.button(_("Stop"), key=key, icon=":material/stop_circle:", on_click=stop)

    def report(stage: str, done: int, total: int) -> None:
        if not bars and total < least:
            return
        halting[:] = [True]
        if not bars:
            draw()
        share = min(done / total, 1.0) if total else 0.0
        bars[0].progress(share, text=_in_words(stage, done, total) if total else _("One moment …"))
        halting.clear()

    try:
        if not least:
            draw()
        yield report
        halting.clear()
    except RuwoError:
        halting[:] = [True]  # the work was taken back
        place.empty()
        raise
    finally:
        over.set()
    place.empty()
