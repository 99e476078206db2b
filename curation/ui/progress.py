"""Long work on screen: a bar with counts, and a button that stops it without harm.

A click on the button makes Streamlit run the page anew; the next report of progress then raises
inside the work, whose transaction rolls back.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation.errors import N_, RuwoError
from curation.ui.catalogue import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from curation.workflow import Progress

_STAGES: Final[Mapping[str, str]] = {
    "read": N_("Reading file {done} of {total} …"),
    "store": N_("Bringing in chat {done} of {total} …"),
    "scan": N_("Looking for private details: {done} of {total} messages …"),
    "write": N_("Writing record {done} of {total} …"),
    "check": N_("Checking record {done} of {total} …"),
}


@contextmanager
def working(on_stop: Callable[[], None], *, key: str) -> Iterator[Progress]:
    """Draw a progress bar and a stop button; the value reports progress and may end the run."""
    place = st.empty()
    with place.container(border=True):
        bar = st.progress(0.0, text=_("One moment …"))
        st.button(_("Stop"), key=key, icon=":material/stop_circle:", on_click=on_stop)

    def report(stage: str, done: int, total: int) -> None:
        text = _(_STAGES.get(stage, N_("Working: {done} of {total} …")))
        share = min(done / total, 1.0) if total else 1.0
        bar.progress(share, text=text.format(done=f"{done:,}", total=f"{total:,}"))

    try:
        yield report
    except RuwoError:
        place.empty()
        raise
    place.empty()
