"""One turn of the review piece: what it sent is done, and what it asked for is found."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from curation import workflow
from curation.errors import ActionRefusedError, RuwoError
from curation.ui.components.review import asks_for_rest
from curation.ui.signing_in import own_mark
from curation.ui.state import get_state

if TYPE_CHECKING:
    from curation.ui.components.review import Outbox
    from curation.workflow import RecordPreview, Window, Workspace


def answer(ws: Workspace) -> Outbox | None:
    """Do what the piece sent, and return it; what cannot be stored stays unanswered."""
    state = get_state()
    outbox = state.review_outbox
    if outbox is None:
        return None
    state.review_outbox = None
    if outbox.mark != own_mark(ws):
        return None  # somebody else did it, who was here before
    ack = workflow.commit_actions(ws, outbox.client, outbox.actions, seen=outbox.seen)
    state.review_ack = ack
    state.review_turn = outbox.turn
    state.review_at = ack.at if ack.at is not None else outbox.at
    state.review_place = outbox.place if ack.at is None else ()
    return outbox


def asked_record(ws: Workspace, outbox: Outbox | None) -> RecordPreview | None:
    """Return the record that the piece asked for; None where it did not, or there is none."""
    if outbox is None or outbox.record is None:
        return None
    try:
        return workflow.preview_record(ws, outbox.record)
    except ActionRefusedError as error:
        return workflow.RecordPreview(outbox.record, 0, error=error)


def held_window(queue: str, outbox: Outbox | None) -> Window | None:
    """Return what was shown last, where the piece only asks for the rest of it."""
    state = get_state()
    if outbox is None or state.review_window is None:
        return None
    name, window = state.review_window
    rest = asks_for_rest(outbox, state.review_prepared)
    return window if rest and name == queue and window.at == outbox.at else None


def get_ready(ws: Workspace) -> None:
    """Load the search for private data while a person still types what it will be asked about."""
    state = get_state()
    if state.search_ready:
        return
    state.search_ready = True

    def load() -> None:
        with suppress(RuwoError):  # who saves the text is told
            workflow.prepare_search(ws)

    Thread(target=load, daemon=True).start()
