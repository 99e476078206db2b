"""One value after the other: what it is, what will stand for it, its places and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from curation import workflow
from curation.model import Decision, Side
from curation.ui.catalogue import _, ngettext
from curation.ui.decisions import (
    ICON,
    always_mask,
    decide,
    decide_place,
    never_flag,
    relabel,
)
from curation.ui.html import in_place
from curation.ui.journal_words import what_label
from curation.ui.markdown import plain
from curation.ui.pages import go, is_owner
from curation.ui.paging import draw_pages
from curation.ui.state import Keys, get_state
from curation.ui.words import (
    decision_label,
    decision_verb,
    entity_label,
    reason_label,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import BesidePlace, FindingGroup, FindingPlace, Standing, Workspace

_BADGE: Final[Mapping[Decision, Literal["orange", "green", "blue"]]] = {
    Decision.PENDING: "orange",
    Decision.MASK: "green",
    Decision.KEEP: "blue",
}
_PLACES: Final = 8
_SHOWN: Final = 20


def tick_key(group: FindingGroup) -> str:
    """Return the key of the box that ticks a value."""
    return f"{Keys.PRIVACY_TICK}{get_state().privacy_ticked}:{group.entity}-{group.value}"


def draw_group(
    ws: Workspace,
    group: FindingGroup,
    stands: Standing,
    beside: Sequence[BesidePlace] = (),
    *,
    at: bool = False,
) -> None:
    """Draw one value; `at` it are the keys. `beside` are its places where those are no messages."""
    name = f"{group.entity}-{group.value}"
    open_now = get_state().privacy_open == (group.entity, group.value)
    with st.container(border=True, gap="small", key=Keys.PRIVACY_AT if at else None):
        words, buttons = st.columns([5, 2], vertical_alignment="center")
        with words, st.container(gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.checkbox(entity_label(group.entity), key=tick_key(group), width="content")
                if group.decision is None:
                    st.badge(decision_label(None), color="violet")
                else:
                    st.badge(decision_label(group.decision), color=_BADGE[group.decision])
                times = ngettext("{n} place", "{n} places", group.count)
                st.button(
                    times.format(n=f"{group.count:,}"),
                    key=f"places:{name}",
                    type="tertiary",
                    icon=f":material/{'expand_less' if open_now else 'expand_more'}:",
                    on_click=_toggle,
                    args=(group,),
                )
                why = _("Why: {why} · {score} sure").format(
                    why=reason_label(group.why), score=f"{group.score:.0%}"
                )
                st.caption(plain(why), width="content")
            st.html(in_place(group.before, group.shown, group.after, told_standing(stands)))
        with (
            buttons,
            st.container(
                horizontal=True, horizontal_alignment="right", gap="small", key=f"deciding-{name}"
            ),
        ):
            for decision in (Decision.MASK, Decision.KEEP):
                st.button(
                    decision_verb(decision),
                    key=f"{decision.value}:{name}",
                    icon=f":material/{ICON[decision]}:",
                    type="primary" if group.decision is decision else "secondary",
                    on_click=decide,
                    args=([group], decision),
                )
            if group.undecided < group.count:
                with st.container(width="content", key=f"{Keys.ICONS}-back-{name}"):
                    st.button(
                        _("Undecided again"),
                        key=f"pending:{name}",
                        icon=f":material/{ICON[Decision.PENDING]}:",
                        help=_("Undecided again"),
                        type="tertiary",
                        on_click=decide,
                        args=([group], Decision.PENDING),
                    )
        if not open_now:
            return
        if beside:
            st.caption(
                _(
                    "Places in backgrounds and in the persona are decided together, by the"
                    " buttons above."
                )
            )
            for number, place in enumerate(beside[:_SHOWN]):
                _draw_beside(number, place)
            if (more := len(beside) - _SHOWN) > 0:
                st.caption(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))
        else:
            _draw_places(ws, group)


def told_standing(stands: Standing) -> str:
    """Return in words what an export will write in place of a value."""
    if stands.kept:
        return _("stays as it is")
    if stands.removed:
        return _("the whole message is left out")
    return stands.text


def _draw_beside(number: int, place: BesidePlace) -> None:
    """Draw a place that is no message, and the way to where it is edited."""
    words, button = st.columns([5, 2], vertical_alignment="center")
    with words:
        st.caption(plain(_where(place)))
        st.html(in_place(place.before, place.shown, place.after))
    with button, st.container(horizontal=True, horizontal_alignment="right"):
        key = f"beside-open-{number}"
        if not st.button(_("Change it there"), key=key, icon=":material/edit:"):
            return
    if place.field:
        go("persona")
    query: dict[str, str | list[str]] = {"status": ["all"], "at": [str(place.conversation_id)]}
    go("review", query | ({"message": [str(place.message_id)]} if place.message_id else {}))


def _where(place: BesidePlace) -> str:
    if place.field:
        return _("Persona") + " · " + what_label(f"persona.{place.field}")
    if place.message_id:
        return _("Background of a message")
    return _("Background of a conversation")


def _toggle(group: FindingGroup) -> None:
    state = get_state()
    here = (group.entity, group.value)
    state.privacy_open = None if state.privacy_open == here else here


def _draw_places(ws: Workspace, group: FindingGroup) -> None:
    """Draw the places of the open value, each with its own decision, and the lasting choices.

    Those are an owner's.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_owner():
            _draw_lasting(group)
        st.caption(plain(_("Found by: {recognizer}").format(recognizer=group.recognizer)))
    key = f"{Keys.PRIVACY_PLACES}-{group.entity}-{group.value}"
    rows = st.container()
    page = draw_pages(key, -(-group.count // _PLACES))
    found = workflow.finding_places(ws, group.entity, group.value, page=page, page_size=_PLACES)
    with rows:
        for place in found.places:
            _draw_place(place)
    if beside := get_state().privacy_beside.get((group.entity, group.value)):
        st.caption(plain(_told_beside(beside)))


def _told_beside(beside: FindingGroup) -> str:
    """Return what is decided about a value beside the messages, where no place has its own."""
    text = ngettext(
        "{n} more place in a background or in the persona has no decision of its own. It goes by"
        " the buttons of the whole value: {decision}",
        "{n} more places in backgrounds or in the persona have no decisions of their own. They go"
        " by the buttons of the whole value: {decision}",
        beside.count,
    )
    return text.format(n=f"{beside.count:,}", decision=decision_label(beside.decision))


def _draw_lasting(group: FindingGroup) -> None:
    """Draw what an owner can do about a value for good."""
    st.button(
        _("Never flag this again"),
        key="never",
        icon=":material/do_not_disturb_on:",
        help=_("What is written exactly so is none of this kind, here and in later imports."),
        on_click=never_flag,
        args=(group,),
    )
    st.button(
        _("Always mask this"),
        key="always",
        icon=":material/lock:",
        help=_("Wherever it is written, here and in later imports, also where no rule sees it."),
        on_click=always_mask,
        args=(group,),
    )
    kind_key = f"kind:{group.entity}-{group.value}"
    st.selectbox(
        _("It is another kind"),
        [each for each in workflow.ENTITIES if each != group.entity],
        index=None,
        format_func=entity_label,
        placeholder=_("It is another kind"),
        key=kind_key,
        on_change=relabel,
        args=(group, kind_key),
        label_visibility="collapsed",
        width=190,
    )


def _draw_place(place: FindingPlace) -> None:
    words, buttons = st.columns([5, 2], vertical_alignment="center")
    with words:
        who = _("me") if place.side is Side.ME else _("the other")
        when = f"{place.time:%Y-%m-%d %H:%M}" if place.time else ""
        parts = [part for part in (place.chat, when, who, decision_label(place.decision)) if part]
        st.caption(plain(" · ".join(parts)))
        st.html(in_place(place.before, place.shown, place.after))
    with (
        buttons,
        st.container(
            horizontal=True,
            horizontal_alignment="right",
            gap="small",
            key=f"{Keys.ICONS}-{place.id}",
        ),
    ):
        for decision in (Decision.MASK, Decision.KEEP):
            st.button(
                decision_verb(decision),
                key=f"place-{decision.value}-{place.id}",
                icon=f":material/{ICON[decision]}:",
                help=_("Only here: {decision}").format(decision=decision_verb(decision)),
                type="primary" if place.decision is decision else "secondary",
                on_click=decide_place,
                args=(place, decision),
            )
        if st.button(
            _("Look"),
            key=f"place-open-{place.id}",
            icon=":material/forum:",
            help=_("See it in its conversation"),
        ):
            go(
                "review",
                {
                    "status": ["all"],
                    "at": [str(place.conversation_id)],
                    "message": [str(place.message_id)],
                },
            )
