"""Review: the queue of conversations, one after the other, a key each."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import ConversationFilter, QueueOrder, ReviewOrder, Status
from curation.ui.catalogue import _, error_text, filled
from curation.ui.components.drafts import DraftMessage, mount_drafts
from curation.ui.components.focus import mount_focus
from curation.ui.components.review import (
    Outbox,
    mount_review,
    mount_scripts,
    review_data,
    scripts_data,
)
from curation.ui.components.review_record import Speech
from curation.ui.components.review_words import review_labels
from curation.ui.filters import (
    review_filter,
    review_order,
    to_query,
    write_address,
    write_order,
)
from curation.ui.frame import begin_page, empty_state, errors_shown, title_line
from curation.ui.keyboard import keymap
from curation.ui.pages import go, is_owner, next_step, sees_all
from curation.ui.refusals import refusals_told
from curation.ui.resources import leased
from curation.ui.resources import workspace as open_workspace
from curation.ui.review_turn import answer, asked_record, get_ready, held_window
from curation.ui.signing_in import own_mark
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.words import (
    entity_label,
    reason_label,
    review_order_label,
    status_label,
    suggester_line,
)
from curation.workflow import text_words

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from curation.workflow import Settings, Workspace

ALL: Final = "all"
PLACE: Final = ("at", "message")
_SEEDS: Final = 2**31
STATUSES: Final = (*(status.value for status in Status), ALL)


def leave_place() -> None:
    """Begin the queue that follows at its first conversation."""
    state = get_state()
    state.review_at = None
    state.review_place = ()
    for name in PLACE:
        st.query_params.pop(name, None)


def choose(flt: ConversationFilter) -> None:
    """Make `flt` the queue, from its first conversation on."""
    state = get_state()
    state.review_filter = flt
    leave_place()
    write_address(flt)
    if not flt.statuses:
        st.query_params["status"] = ALL  # an address without a filter stands for the usual queue


def status_chosen() -> None:
    """Take over the status switch."""
    chosen = widget_value(Keys.REVIEW_STATUS)
    statuses = () if chosen == ALL else (Status(chosen),)
    choose(replace(get_state().review_filter, statuses=statuses))


def chat_chosen() -> None:
    """Take over the choice of a chat."""
    chat = widget_value(Keys.REVIEW_CHAT)
    get_state().review_chosen += 1
    choose(replace(get_state().review_filter, chats=() if chat is None else (chat,)))


def only_status_and_chat() -> None:
    """Drop what the table's filter asks beyond status and chat."""
    flt = get_state().review_filter
    choose(ConversationFilter(statuses=flt.statuses, chats=flt.chats))


@refusals_told
def order_chosen() -> None:
    """Take over the order; a shuffled queue is shuffled anew."""
    get_state().review_chosen += 1
    choose_order(QueueOrder(widget_value(Keys.REVIEW_ORDER), secrets.randbelow(_SEEDS)))


@refusals_told
def shuffle_again() -> None:
    """Shuffle the queue anew."""
    choose_order(QueueOrder(ReviewOrder.RANDOM, secrets.randbelow(_SEEDS)))


def choose_order(order: QueueOrder) -> None:
    """Let the queue go in this order from its beginning on, and remember it."""
    if order.by is not ReviewOrder.RANDOM:
        order = QueueOrder(order.by)
    state = get_state()
    state.review_order = order
    leave_place()
    write_order(order)
    if is_owner():
        ws = open_workspace()
        workflow.save_settings(ws, replace(workflow.load_settings(ws), queue=order))


def asked_place() -> tuple[int, int | None] | None:
    """Return the conversation and the message that the address asks for, if it asks for one."""
    at, message = (st.query_params.get(name, "") for name in PLACE)
    if not (at.isascii() and at.isdecimal()):
        return None
    return int(at), int(message) if message.isascii() and message.isdecimal() else None


def draw_ways(
    ws: Workspace, settings: Settings, flt: ConversationFilter, order: QueueOrder
) -> None:
    """Draw beside the choice what shuffles again, and the ways back to the table and to all."""
    if order.by is ReviewOrder.RANDOM:
        st.button(
            _("Shuffle again"),
            key="review-shuffle",
            type="tertiary",
            icon=":material/shuffle:",
            on_click=shuffle_again,
        )
    # It has no look of its own; here it takes no row of the page.
    data = scripts_data(
        speech(), emotions=settings.emotions, keys=keymap(settings.keys), mark=own_mark(ws)
    )
    mount_scripts(data, key="review-scripts")
    boxes = f":is(.st-key-{Keys.REVIEW_CHAT}, .st-key-{Keys.REVIEW_ORDER})"
    mount_focus(get_state().review_chosen, within=boxes, key="review-focus")
    seen = get_state().table_view is not None and get_state().table_filter == flt
    if seen and st.button(
        _("Back to the table"),
        key="to-table",
        type="tertiary",
        icon=":material/table_rows:",
    ):
        go("table", to_query(flt))
    simple = ConversationFilter(statuses=flt.statuses, chats=flt.chats)
    if flt != simple or len(flt.chats) > 1:
        st.button(
            _("Filtered by the table: show all"),
            key="review-unfilter",
            type="tertiary",
            icon=":material/filter_alt_off:",
            on_click=only_status_and_chat,
        )


def draw_choice(
    ws: Workspace, settings: Settings, head: DeltaGenerator
) -> tuple[ConversationFilter, QueueOrder]:
    """Draw beside the title which conversations the queue holds, in which order; return both."""
    flt = review_filter()
    order = review_order(settings.queue)
    set_widget(Keys.REVIEW_ORDER, order.by)
    one = flt.statuses[0].value if len(flt.statuses) == 1 else None
    set_widget(Keys.REVIEW_STATUS, one if flt.statuses else ALL)
    set_widget(Keys.REVIEW_CHAT, flt.chats[0] if len(flt.chats) == 1 else None)
    with head:
        st.segmented_control(
            _("Status"),
            STATUSES,
            format_func=lambda value: _("All") if value == ALL else status_label(Status(value)),
            label_visibility="collapsed",
            key=Keys.REVIEW_STATUS,
            required=one is not None or not flt.statuses,
            on_change=status_chosen,
        )
        st.selectbox(
            _("Chat"),
            workflow.chats(ws),
            index=None,
            placeholder=_("All chats"),
            label_visibility="collapsed",
            key=Keys.REVIEW_CHAT,
            width=170,
            on_change=chat_chosen,
        )
        st.selectbox(
            _("Order"),
            list(ReviewOrder),
            format_func=review_order_label,
            label_visibility="collapsed",
            key=Keys.REVIEW_ORDER,
            width=140,
            on_change=order_chosen,
        )
        draw_ways(ws, settings, flt, order)
    return flt, order


def speech() -> Speech:
    """Return how the piece speaks in this tab's language."""
    return Speech(review_labels(_), entity_label, reason_label, error_text, filled, suggester_line)


def received(outbox: Outbox) -> None:
    """Keep what the piece sent for the run that follows."""
    get_state().review_outbox = outbox


@st.fragment
def draw_queue(flt: ConversationFilter, order: QueueOrder) -> None:
    """Draw the piece; it reruns alone, so it asks each time who acts."""
    state = get_state()
    above = st.container()  # always there, so that the piece keeps its place in the page
    outbox = None
    with above, errors_shown():
        outbox = answer(open_workspace())
    with errors_shown():
        ws = open_workspace()
        asked = asked_place()
        if asked is not None and state.review_at is None:
            state.review_at = asked[0]
        told = (sorted(to_query(flt).items()), order.by.value, order.seed, asked, state.generation)
        queue = sha256(repr(told).encode()).hexdigest()[:12]
        window = held_window(queue, outbox)
        if window is None:
            window = workflow.review_window(
                ws,
                flt,
                at=state.review_at,
                place=state.review_place,
                order=order,
                screen=state.screen,
            )
            if window.leasing:
                leased()
        state.review_window = (queue, window)
        data = review_data(
            window,
            ack=state.review_ack,
            turn=state.review_turn,
            queue=queue,
            select=None if asked is None else asked[1],
            sought=text_words(flt.text),
            statuses=flt.statuses,
            speech=speech(),
            preview=asked_record(ws, outbox),
            # A run that the piece did not ask for may be for a piece that has nothing yet.
            have={} if outbox is None else outbox.have,
            kept=state.review_prepared,
            owner=is_owner(),
            sees=sees_all(),
        )
        data["generation"] = state.generation
        if window.matching and not window.counts[Status.PENDING]:
            with above:
                next_step("export", _("Go to export"), key="review-export")
        mount_review(data, key="review-piece", on_outbox=received)


# A page that runs something by the clock is run anew by Streamlit when it finds a server again.
# Otherwise a new server would know no fragment of it, and pass over whatever the piece sends.
@st.fragment(run_every=timedelta(hours=1))
def draw_drafts() -> None:
    """Draw the line that keeps what is being typed; it reruns alone and shows nothing."""
    with errors_shown():
        open_workspace()  # who stays on the page and does nothing is signed out there, too

    def received(message: DraftMessage) -> None:
        # Without an answer the screen keeps them itself and sends them again.
        with suppress(RuwoError):
            ws, state = open_workspace(), get_state()
            if message.mark != own_mark(ws):
                return  # somebody else typed it, who was here before
            workflow.save_drafts(ws, message.drafts)
            state.drafts_kept = (message.client, message.number)
            if state.leasing:
                workflow.extend_leases(ws, state.screen)
            get_ready(ws)

    client, number = get_state().drafts_kept
    mount_drafts(client, number, key="review-drafts", on_drafts=received)


head = title_line()
workspace = begin_page("review", head=head)
if workflow.is_empty(workspace):
    empty_state()
draw_queue(*draw_choice(workspace, workflow.load_settings(workspace), head))
draw_drafts()
