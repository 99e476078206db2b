"""The trash on screen: what is in it, found by a filter, and bringing things back."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import UNSPOKEN_KINDS, Side
from curation.ui.bulk_words import left_to_others
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash, nothing_here, nothing_matches
from curation.ui.history import draw_undo
from curation.ui.html import bubbles, quoted, shorten
from curation.ui.markdown import plain
from curation.ui.pages import go, next_step
from curation.ui.paging import draw_pages
from curation.ui.progress import MANY, stopped, working
from curation.ui.resources import workspace
from curation.ui.result_strip import draw_result
from curation.ui.state import Keys, TrashDone, get_state, set_widget, widget_value
from curation.ui.words import action_label
from curation.workflow import TrashFilter, TrashKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from curation.model import Conversation
    from curation.store.trash import Dropped
    from curation.workflow import Restored, TrashPage, Workspace

_DROPPING: Final = frozenset({"set_status", "delete_message", "delete_messages"})
"""Actions that are what the trash is for, and need no name there."""

_PAGE: Final = 20
_LINES: Final = 40
"""Messages of a conversation that are shown."""


def do_restore(ws: Workspace) -> None:
    """Bring back what the person agreed to, with a bar that counts and can be stopped."""
    state = get_state()
    ids, state.trash_agreed = state.trash_agreed, None
    if ids is None:
        return
    try:
        with working(stopped, key="stop-restore", least=MANY) as progress:
            result = workflow.restore(ws, ids, progress)
            state.trash_round += 1
            state.table_round += 1
            state.trash_done = TrashDone(result, state.table_round)
    except RuwoError as error:
        flash(error_text(error))
    st.rerun()


def draw_trash(ws: Workspace, head: DeltaGenerator) -> None:
    """Draw the filter and one page of the trash; `head` has the page's title."""
    state = get_state()
    flt = _draw_choice(ws)
    if flt != state.trash_view:
        state.trash_view, state.trash_asked = flt, None
        state.trash_round += 1
    _draw_done()
    bar, rows = st.container(), st.container()
    total = workflow.trash_page(ws, flt, page_size=1).total
    number = draw_pages(f"{Keys.TRASH_PAGE}-{hash(flt)}", -(-total // _PAGE))
    page = workflow.trash_page(ws, flt, page=number, page_size=_PAGE)
    with head:
        found = ngettext("{n} thing", "{n} things", page.total)
        if page.total:
            st.markdown(f"**{found.format(n=f'{page.total:,}')}**", width="content")
        st.space("stretch")
        draw_undo(ws)
    if not page.total:
        state.trash_asked = None
        with rows:
            _draw_nothing(flt)
        return
    with bar:
        _draw_bar(flt, page)
    owner = workflow.persona_name(ws) or _("me")
    with rows:
        for thing in page.things:
            _draw_thing(thing, page.conversations.get(thing.conversation_id), owner=owner)


def _draw_nothing(flt: TrashFilter) -> None:
    """Say why nothing is listed, and draw the way on."""
    if flt == TrashFilter():
        with nothing_here(_("The trash is empty"), _("What you reject or remove is kept here.")):
            next_step("review", _("Go on to review"), key="trash-review")
        return
    nothing_matches(_clear, key="trash-clear")


def _clear() -> None:
    """Take everything out of the filter; only in a callback."""
    set_widget(Keys.TRASH_KIND, TrashKind.ALL)
    set_widget(Keys.TRASH_TEXT, "")
    set_widget(Keys.TRASH_CHATS, [])


def _kind_label(kind: TrashKind) -> str:
    """Return what a choice of the trash is called."""
    if kind is TrashKind.CONVERSATIONS:
        return _("Conversations")
    return _("Messages") if kind is TrashKind.MESSAGES else _("All")


def _draw_choice(ws: Workspace) -> TrashFilter:
    """Draw the filter; return what it lets through."""
    with st.container(horizontal=True, vertical_alignment="center", key="trash-filter"):
        kind = st.segmented_control(
            _("Kind"),
            list(TrashKind),
            default=TrashKind.ALL,
            required=True,
            format_func=_kind_label,
            key=Keys.TRASH_KIND,
            label_visibility="collapsed",
            persist_state="session",
        )
        text = st.text_input(
            _("Words in it"),
            key=Keys.TRASH_TEXT,
            icon=":material/search:",
            placeholder=_("Any words"),
            label_visibility="collapsed",
            width=240,
            persist_state="session",
        )
        chats: Sequence[str] = st.multiselect(
            _("Partner"),
            workflow.chats(ws),
            key=Keys.TRASH_CHATS,
            placeholder=_("Everybody"),
            label_visibility="collapsed",
            width=220,
            persist_state="session",
        )
    return TrashFilter(TrashKind(kind or TrashKind.ALL), text.strip(), tuple(chats))


def _draw_bar(flt: TrashFilter, page: TrashPage) -> None:
    """Draw the question that waits, else what can be done with the ticked ones and with all."""
    asked = get_state().trash_asked
    with st.container(
        border=asked is not None, horizontal=True, vertical_alignment="center", gap="small"
    ):
        if asked is not None:
            text = ngettext("Bring back {n} thing?", "Bring back all {n} things?", len(asked))
            st.markdown(f"**{text.format(n=f'{len(asked):,}')}**", width="content")
            st.button(
                _("Bring back"),
                key="trash-yes",
                type="primary",
                on_click=_bring_back,
                args=(asked,),
            )
            st.button(_("Leave it"), key="trash-no", on_click=_forget)
            return
        chosen = _picked(page)
        if chosen:
            text = ngettext("Bring back the {n} ticked", "Bring back the {n} ticked", len(chosen))
            st.button(
                text.format(n=f"{len(chosen):,}"),
                key="trash-chosen",
                type="primary",
                icon=":material/restore_from_trash:",
                on_click=_bring_back,
                args=(chosen,),
            )
        everything = ngettext("Bring back all {n}…", "Bring back all {n}…", page.total)
        st.button(
            everything.format(n=f"{page.total:,}"),
            key="trash-all",
            icon=":material/restore_page:",
            on_click=lambda: _ask(workflow.trash_ids(workspace(), flt)),
        )


def _ask(ids: Sequence[int]) -> None:
    """Ask before all of these come back; only in a callback."""
    get_state().trash_asked = ids


def _bring_back(ids: Sequence[int]) -> None:
    """Let the next run bring these back; only in a callback."""
    state = get_state()
    state.trash_asked, state.trash_done, state.trash_agreed = None, None, ids
    state.flashes.clear()  # the second click of a double click cut off what the first one began


def _forget() -> None:
    """Bring nothing back after all; only in a callback."""
    get_state().trash_asked = None


def _picked(page: TrashPage) -> list[int]:
    """Return the ids of the things of a page that are ticked."""
    return [thing.id for thing in page.things if widget_value(_pick_key(thing.id))]


def _pick_key(number: int) -> str:
    """Return the key of a thing's tick."""
    return f"{Keys.TRASH_PICK}{get_state().trash_round}-{number}"


def _counted(conversations: int, messages: int) -> str:
    """Return how many conversations and messages, as far as there are some."""
    parts = []
    if conversations:
        text = ngettext("{n} conversation", "{n} conversations", conversations)
        parts.append(text.format(n=f"{conversations:,}"))
    if messages:
        text = ngettext("{n} message", "{n} messages", messages)
        parts.append(text.format(n=f"{messages:,}"))
    return _(", ").join(parts)


def _told(done: Restored) -> str:
    """Return what came back."""
    came = _counted(done.conversations, done.messages)
    parts = [_("Brought back: {what}").format(what=came) if came else _("Nothing was changed.")]
    if done.gone:
        text = ngettext(
            "{n} is no longer in the trash", "{n} are no longer in the trash", done.gone
        )
        parts.append(text.format(n=f"{done.gone:,}"))
    if done.held:
        parts.append(left_to_others(done.held))
    return _("; ").join(parts)


def _draw_done() -> None:
    """Draw what came back, with a button that takes just that back."""
    done = get_state().trash_done
    if done is None or done.table_round != get_state().table_round:
        return  # nothing, or undone since
    draw_result(_told(done.result), done.result.entry, name="trash", dismiss=_dismiss)


def _dismiss() -> None:
    get_state().trash_done = None


def _draw_thing(thing: Dropped, conversation: Conversation | None, *, owner: str) -> None:
    """Draw one thing of the trash; `owner` stands for a reviewer who gave no name."""
    with st.container(border=True):
        words, buttons = st.columns([5, 2], vertical_alignment="top")
        with words:
            st.checkbox(plain(_head(thing)), key=_pick_key(thing.id))
            st.html(_text(thing, conversation))
            st.caption(plain(_why(thing, owner)))
        with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            st.button(
                _("Bring back"),
                key=f"restore-{thing.id}",
                icon=":material/restore_from_trash:",
                on_click=_bring_back,
                args=([thing.id],),
            )
            if st.button(
                _("Look"),
                key=f"trash-open-{thing.id}",
                icon=":material/forum:",
                type="tertiary",
                help=_("See it in its conversation"),
            ):
                _open(thing)


def _open(thing: Dropped) -> None:
    query = {"status": ["all"], "at": [str(thing.conversation_id)]}
    if thing.message_id is not None:
        query["message"] = [str(thing.message_id)]
    go("review", query)


def _head(thing: Dropped) -> str:
    """Return what a thing is, with whom, and when it was said."""
    if thing.message_id is None:
        length = ngettext("{n} message", "{n} messages", thing.length)
        parts = [_("Conversation"), length.format(n=f"{thing.length:,}"), thing.chat]
    else:
        who = _("me") if thing.side is Side.ME else thing.speaker or _("the other")
        parts = [_("Message"), thing.chat, who]
    if thing.moment:
        parts.append(f"{thing.moment:%Y-%m-%d %H:%M}")
    return " · ".join(part for part in parts if part)


def _why(thing: Dropped, owner: str) -> str:
    """Return since when and by what a thing is in the trash."""
    when = _("at an unknown time")
    if thing.at is not None:
        when = f"{thing.at.astimezone():%Y-%m-%d %H:%M}"
    parts = [_("Dropped: {when}").format(when=when)]
    if thing.action:
        parts += [] if thing.action in _DROPPING else [action_label(thing.action)]
        parts.append(thing.reviewer or owner)
    if thing.together > 1:
        text = ngettext("{n} conversation at once", "{n} conversations at once", thing.together)
        parts.append(text.format(n=f"{thing.together:,}"))
    if thing.rejected and thing.message_id is not None:
        parts.append(_("its conversation is in the trash, too"))
    return " · ".join(parts)


def _text(thing: Dropped, conversation: Conversation | None) -> str:
    if thing.message_id is not None or conversation is None:
        return quoted(thing.text)
    lines = [
        each
        for each in conversation.messages
        if not each.deleted and each.kind not in UNSPOKEN_KINDS
    ]
    shown = "".join(bubbles([each.text], each.side) for each in lines[:_LINES])
    if len(lines) > _LINES:
        rest = len(lines) - _LINES
        text = ngettext("… and {n} more message", "… and {n} more messages", rest)
        shown += quoted(text.format(n=f"{rest:,}"))
    opening = escape(shorten(thing.text) or "…")
    return (
        f'<details style="overflow-wrap:anywhere"><summary style="cursor:pointer">{opening}'
        f'</summary><div style="margin-top:.5rem">{shown}</div></details>'
    )
