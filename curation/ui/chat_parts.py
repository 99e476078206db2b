"""The parts of the chats page about one chat: me, the others of a group, the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import GroupMode
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.chat_jobs import want
from curation.ui.components.gap import gap_data, gap_labels, mount_gap, pauses_longer
from curation.ui.frame import errors_shown, flash
from curation.ui.html import shorten
from curation.ui.markdown import plain
from curation.ui.paging import draw_pages
from curation.ui.resources import workspace
from curation.ui.state import ChatJob, Keys, get_state, set_widget, widget_value
from curation.ui.words import group_mode_hint, group_mode_label

if TYPE_CHECKING:
    from curation.ui.components.gap import ChosenGap
    from curation.workflow import ChatInfo, Speaker, Workspace

_PAGE_SIZE: Final = 12
_COUNTED_EXACTLY: Final = 60_000
"""Messages of a chat that are split in about a second; a longer one gets an estimate."""


def draw_me(info: ChatInfo) -> None:
    """Draw who is me, and the button that makes it somebody else."""
    with st.container(border=True):
        st.subheader(_("Who you are"), anchor=False)
        me = [each for each in info.speakers if each.is_me]
        others = [each for each in info.speakers if not each.is_me]
        if info.group or len(others) != 1:
            _draw_choice_of_me(info, me)
        else:
            _draw_swap(info, me, others[0])
        if info.swapped:
            st.caption(_("Swapped by you; files of this chat imported later are swapped too."))


def _draw_swap(info: ChatInfo, me: list[Speaker], other: Speaker) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{_person(me[0]) if me else _('nobody')} :green-badge[{_('me')}]"
            f" &nbsp; ⇄ &nbsp; {_person(other)}",
            width="stretch",
        )
        st.button(
            _("Swap: {name} is me").format(name=plain(shorten(other.name, 20))),
            key="swap-me",
            icon=":material/swap_horiz:",
            help=_("Turns the whole chat around, reviewed conversations too. Undo takes it back."),
            on_click=want,
            args=(ChatJob(info.id, other.key, other.name),),
        )


def _draw_choice_of_me(info: ChatInfo, me: list[Speaker]) -> None:
    people = {each.key: each for each in info.speakers}
    key = f"{Keys.SPEAKER}{info.id}:{me[0].key if me else ''}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("I am"),
            list(people),
            index=list(people).index(me[0].key) if me else None,
            format_func=lambda sender: _described(people[sender]),
            key=key,
            placeholder=_("Choose your name"),
        )
        st.button(
            _("This is me"),
            key="set-me",
            icon=":material/person_check:",
            disabled=chosen is None or people[chosen].is_me,
            help=_("Turns the whole chat around, reviewed conversations too. Undo takes it back."),
            on_click=want,
            args=(ChatJob(info.id, chosen, people[chosen].name if chosen else ""),),
        )


def _person(speaker: Speaker) -> str:
    count = ngettext("{n} message", "{n} messages", speaker.messages)
    return (
        f"**{plain(shorten(speaker.name, 30))}** :small[{count.format(n=f'{speaker.messages:,}')}]"
    )


def _described(speaker: Speaker) -> str:
    count = ngettext("{n} message", "{n} messages", speaker.messages)
    return f"{shorten(speaker.name, 40)} · {count.format(n=f'{speaker.messages:,}')}"


def _save_mode(chat: int) -> None:
    try:
        workflow.set_group_mode(workspace(), chat, widget_value(f"{Keys.GROUP_MODE}{chat}"))
    except RuwoError as error:
        flash(error_text(error))
    else:
        flash(_("Saved."))


def _save_pseudonym(chat: int, sender: str) -> None:
    given = widget_value(f"{Keys.PSEUDONYM}{chat}:{sender}") or ""
    try:
        workflow.set_pseudonym(workspace(), chat, sender, given.strip())
    except RuwoError as error:
        flash(error_text(error))
    else:
        flash(_("Saved."))


def draw_group(info: ChatInfo) -> None:
    """Draw what becomes of the others of a group, and what they are called in a record."""
    with st.container(border=True):
        st.subheader(_("The others of this group"), anchor=False)
        key = f"{Keys.GROUP_MODE}{info.id}"
        set_widget(key, info.group_mode or GroupMode.MERGE)
        st.radio(
            _("In the dataset there are only two sides. The others of a group"),
            list(GroupMode),
            format_func=group_mode_label,
            captions=[group_mode_hint(mode) for mode in GroupMode],
            key=key,
            on_change=_save_mode,
            args=(info.id,),
        )
        others = list({each.key: each for each in info.speakers if not each.is_me}.values())
        if (info.group_mode or GroupMode.MERGE) is not GroupMode.MERGE or not others:
            return
        st.caption(
            _(
                "What they are called in the dataset, instead of their names. Empty: given by the"
                " program."
            )
        )
        place = st.container()
        page = draw_pages(f"speakers-{info.id}", -(-len(others) // _PAGE_SIZE))
        with place:
            columns = st.columns(3)
        for number, each in enumerate(others[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]):
            field = f"{Keys.PSEUDONYM}{info.id}:{each.key}"
            set_widget(field, each.pseudonym)
            with columns[number % 3]:
                st.text_input(
                    plain(_described(each)),
                    key=field,
                    on_change=_save_pseudonym,
                    args=(info.id, each.key),
                )


def _gap_chosen(chosen: ChosenGap) -> None:
    get_state().chat_said = ""
    try:
        workflow.set_gap(workspace(), chosen.chat, chosen.minutes)
    except RuwoError as error:
        flash(error_text(error))


def draw_gap(ws: Workspace, info: ChatInfo) -> None:
    """Draw the pauses of a chat, the line that cuts its conversations, and splitting again."""
    settings = workflow.load_settings(ws)
    adaptive = settings.gap_mode == "adaptive"
    with st.container(border=True), errors_shown():
        st.subheader(_("Where a conversation ends"), anchor=False)
        profile = workflow.gap_profile(ws, info.id)
        if not sum(profile.counts):
            st.caption(
                _("This chat came without times, or as finished records: nothing to split by.")
            )
            return
        st.caption(
            _(
                "Each bar counts the pauses between two messages. Drag the line to where the short"
                " ones of a talk end and the long ones between talks begin, or type it."
            )
        )
        exact = info.messages <= _COUNTED_EXACTLY
        if exact:
            report = workflow.resplit_preview(ws, info.id)
            after = report.conversations_after + report.left_alone
        else:
            after = round(pauses_longer(profile)) + 1
        mount_gap(
            gap_data(
                profile,
                chat=info.id,
                fixed=None if adaptive else settings.gap_minutes,
                conversations=after,
                exact=exact,
                kept=info.touched,
                labels=gap_labels(_, adaptive=adaptive),
            ),
            key=f"gap-{info.id}",
            on_chosen=_gap_chosen,
        )
        _draw_split(info, after, exact=exact)


def _draw_split(info: ChatInfo, after: int, *, exact: bool) -> None:
    """Draw whether splitting again would change anything, and the button that does it."""
    changed = info.conversations != after
    with st.container(horizontal=True, vertical_alignment="center"):
        if not exact:
            text = ngettext(
                "Now it has {n} conversation.", "Now it has {n} conversations.", info.conversations
            ).format(n=f"{info.conversations:,}")
        elif changed:
            text = ngettext(
                "Now it has {before}; splitting again gives {n}.",
                "Now it has {before}; splitting again gives {n}.",
                after,
            ).format(before=f"{info.conversations:,}", n=f"{after:,}")
        else:
            text = _("The conversations here are cut this way already.")
        st.caption(text, width="stretch")
        st.button(
            _("Split again"),
            key="split-again",
            type="primary" if changed and exact else "secondary",
            icon=":material/content_cut:",
            on_click=want,
            args=(ChatJob(info.id),),
            help=_("Only conversations that nobody decided, edited or labelled are cut anew."),
        )
