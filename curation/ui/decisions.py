"""Findings grouped by value: drawing one group and its places, deciding them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import altair as alt
import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Decision, FindingQuery, Side
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.charts import draw_shares
from curation.ui.frame import flash
from curation.ui.html import marked
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.paging import draw_pages
from curation.ui.resources import workspace
from curation.ui.state import AskedFindings, Keys, get_state
from curation.ui.words import decision_label, decision_verb, entity_label, reason_label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.workflow import FindingGroup, FindingPlace, Workspace

DECISION_COLOUR: Final = {
    Decision.PENDING: "#e0a030",
    Decision.MASK: "#2f9e68",
    Decision.KEEP: "#5b8def",
}
_BADGE: Final[Mapping[Decision, Literal["orange", "green", "blue"]]] = {
    Decision.PENDING: "orange",
    Decision.MASK: "green",
    Decision.KEEP: "blue",
}
_ICON: Final = {Decision.MASK: "visibility_off", Decision.KEEP: "visibility"}
_BAR_HEIGHT: Final = 26
_PLACES: Final = 8


def told(decision: Decision, count: int) -> str:
    """Return what a decision did, in words."""
    if decision is Decision.MASK:
        text = ngettext("Masked in {n} place.", "Masked in {n} places.", count)
    elif decision is Decision.KEEP:
        text = ngettext("Kept in {n} place.", "Kept in {n} places.", count)
    else:
        text = ngettext("Undecided again in {n} place.", "Undecided again in {n} places.", count)
    return text.format(n=f"{count:,}")


def _try(act: Callable[[], str]) -> None:
    """Do something in a callback and say what it did, or why not."""
    try:
        flash(act())
    except RuwoError as error:
        flash(error_text(error))


def decide(group: FindingGroup, decision: Decision) -> None:
    """Decide every finding of a value and say how many; only in a callback."""

    def act() -> str:
        workflow.decide_value(workspace(), group.entity, group.value, decision)
        return told(decision, group.count)

    _try(act)


def decide_place(place: FindingPlace, decision: Decision) -> None:
    """Decide one place; only in a callback."""

    def act() -> str:
        workflow.decide_place(workspace(), place.id, decision)
        return told(decision, 1)

    _try(act)


def never_flag(group: FindingGroup) -> None:
    """Let a value never be found again, and say so; only in a callback."""

    def act() -> str:
        gone = workflow.never_flag(workspace(), group.entity, group.value)
        text = ngettext(
            "Never flagged again; {n} finding is gone.",
            "Never flagged again; {n} findings are gone.",
            gone,
        )
        return text.format(n=f"{gone:,}")

    _try(act)


def always_mask(group: FindingGroup) -> None:
    """Let what is written like a value always be masked, and say so; only in a callback."""

    def act() -> str:
        workflow.always_mask_value(workspace(), group.entity, group.value)
        return _("Always masked from now on, wherever it is written.")

    _try(act)


def ask_all(query: FindingQuery, decision: Decision) -> None:
    """Ask before everything of a choice is decided; only in a callback."""
    get_state().asked_findings = AskedFindings(query, decision)


def agree_all() -> None:
    """Let the next run decide everything that was asked about; only in a callback."""
    state = get_state()
    state.agreed_findings, state.asked_findings = state.asked_findings, None


def forget_all() -> None:
    """Decide nothing after all; only in a callback."""
    get_state().asked_findings = None


def do_all(ws: Workspace) -> None:
    """Decide everything of a choice where the person agreed to it."""
    state = get_state()
    agreed, state.agreed_findings = state.agreed_findings, None
    if agreed is None:
        return
    with st.spinner(_("Deciding…")):
        try:
            count = workflow.decide_matching(ws, agreed.query, agreed.decision)
        except RuwoError as error:
            flash(error_text(error))
        else:
            flash(told(agreed.decision, count))
    st.rerun()


def draw_bulk(ws: Workspace, query: FindingQuery, groups: int) -> None:
    """Draw what can be done with everything of a choice; the count is asked about first."""
    asked = get_state().asked_findings
    if asked is not None and asked.query == query:
        count = workflow.count_findings(ws, query)
        question = (
            ngettext("Mask {n} place?", "Mask {n} places?", count)
            if asked.decision is Decision.MASK
            else ngettext("Keep {n} place?", "Keep {n} places?", count)
        )
        st.markdown("**" + question.format(n=f"{count:,}") + "**", width="content")
        st.button(_("Yes, all of them"), key="all-yes", type="primary", on_click=agree_all)
        st.button(_("No"), key="all-no", on_click=forget_all)
        return
    values = ngettext("{n} value", "{n} values", groups).format(n=f"{groups:,}")
    st.markdown(f"**{values}**", width="stretch")
    for decision, label in (
        (Decision.MASK, _("Mask all of these")),
        (Decision.KEEP, _("Keep all of these")),
    ):
        st.button(
            label,
            key=f"all-{decision.value}",
            icon=f":material/{_ICON[decision]}:",
            disabled=not groups,
            on_click=ask_all,
            args=(query, decision),
        )


def draw_group(ws: Workspace, group: FindingGroup) -> None:
    """Draw one value: what it is, where it stands, and the buttons that decide it."""
    name = f"{group.entity}-{group.value}"
    open_now = get_state().privacy_open == (group.entity, group.value)
    with st.container(border=True):
        words, buttons = st.columns([5, 2], vertical_alignment="center")
        with words:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge(entity_label(group.entity), color="gray")
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
            st.html(marked(group.before, group.shown, group.after))
        with buttons, st.container(horizontal=True, horizontal_alignment="right"):
            for decision, icon in _ICON.items():
                st.button(
                    decision_verb(decision),
                    key=f"{decision.value}:{name}",
                    icon=f":material/{icon}:",
                    type="primary" if group.decision is decision else "secondary",
                    on_click=decide,
                    args=(group, decision),
                )
        if open_now:
            _draw_places(ws, group)


def _toggle(group: FindingGroup) -> None:
    state = get_state()
    here = (group.entity, group.value)
    state.privacy_open = None if state.privacy_open == here else here


def _draw_places(ws: Workspace, group: FindingGroup) -> None:
    """Draw the places of the open value, each with its own decision, and the lasting choices."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Never flag this again"),
            key="never",
            icon=":material/do_not_disturb_on:",
            help=_("What is written exactly so is no private detail, here and in later imports."),
            on_click=never_flag,
            args=(group,),
        )
        st.button(
            _("Always mask this"),
            key="always",
            icon=":material/lock:",
            help=_(
                "Wherever it is written, here and in later imports, also where no rule sees it."
            ),
            on_click=always_mask,
            args=(group,),
        )
        st.caption(plain(_("Found by: {recognizer}").format(recognizer=group.recognizer)))
    key = f"{Keys.PRIVACY_PLACES}-{group.entity}-{group.value}"
    rows = st.container()
    page = draw_pages(key, -(-group.count // _PLACES))
    found = workflow.finding_places(ws, group.entity, group.value, page=page, page_size=_PLACES)
    with rows:
        for place in found.places:
            _draw_place(place)


def _draw_place(place: FindingPlace) -> None:
    words, buttons = st.columns([5, 2], vertical_alignment="center")
    with words:
        who = _("me") if place.side is Side.ME else _("the other")
        when = f"{place.time:%Y-%m-%d %H:%M}" if place.time else ""
        parts = [part for part in (place.chat, when, who, decision_label(place.decision)) if part]
        st.caption(plain(" · ".join(parts)))
        st.html(marked(place.before, place.shown, place.after))
    with (
        buttons,
        st.container(
            horizontal=True,
            horizontal_alignment="right",
            gap="small",
            key=f"{Keys.ICONS}-{place.id}",
        ),
    ):
        for decision, icon in _ICON.items():
            st.button(
                decision_verb(decision),
                key=f"place-{decision.value}-{place.id}",
                icon=f":material/{icon}:",
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


def draw_progress(counts: Mapping[tuple[str, Decision], int]) -> None:
    """Draw how much is decided as one bar, and the same by kind, folded away."""
    table = pd.DataFrame(
        [
            {
                "kind": entity_label(entity),
                "decision": decision_label(decision),
                "count": count,
                "rank": list(Decision).index(decision),
            }
            for (entity, decision), count in counts.items()
            if count
        ]
    )
    whole = {
        each: sum(count for (_entity, decision), count in counts.items() if decision is each)
        for each in Decision
    }
    colours = {decision_label(each): DECISION_COLOUR[each] for each in Decision}
    shares = {decision_label(each): count for each, count in whole.items()}
    draw_shares(shares, colours, _("Private details by decision"))
    kinds = (
        alt.Chart(table)
        .mark_bar(cornerRadius=3)
        .encode(
            x=alt.X("count:Q", title=None, axis=alt.Axis(tickMinStep=1, grid=False)),
            y=alt.Y("kind:N", title=None, sort="-x", axis=alt.Axis(labelLimit=160)),
            color=alt.Color(
                "decision:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=None,
            ),
            order=alt.Order("rank:Q"),
            tooltip=_tooltips("kind:N", "decision:N", "count:Q"),
        )
        .properties(height=_BAR_HEIGHT * table["kind"].nunique() + 40)
    )
    with st.expander(_("By kind"), icon=":material/bar_chart:"):
        st.altair_chart(kinds, alt=_("Private details by kind and decision"))


def _tooltips(*names: str) -> list[alt.Tooltip]:
    titles = {"kind:N": _("Kind"), "decision:N": _("Decision"), "count:Q": _("Places")}
    return [alt.Tooltip(name, title=titles[name]) for name in names]
