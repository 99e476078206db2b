"""Findings grouped by value: drawing one group, deciding it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import altair as alt
import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Decision
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash
from curation.ui.html import marked
from curation.ui.markdown import plain
from curation.ui.resources import workspace
from curation.ui.words import decision_label, entity_label, reason_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import FindingGroup

_COLOUR: Final = {Decision.PENDING: "#e0a030", Decision.MASK: "#2f9e68", Decision.KEEP: "#5b8def"}
_BADGE: Final[Mapping[Decision, Literal["orange", "green", "blue"]]] = {
    Decision.PENDING: "orange",
    Decision.MASK: "green",
    Decision.KEEP: "blue",
}
_ICON: Final = {Decision.MASK: "visibility_off", Decision.KEEP: "visibility"}
_BAR_HEIGHT: Final = 26


def decide(groups: Sequence[FindingGroup], decision: Decision) -> None:
    """Decide every finding of these values and say how many; only in a callback."""
    values = [(group.entity, group.value) for group in groups]
    try:
        workflow.decide_values(workspace(), values, decision)
    except RuwoError as error:
        flash(error_text(error))
        return
    count = sum(group.count for group in groups)
    if decision is Decision.MASK:
        text = ngettext("Masked in {n} place.", "Masked in {n} places.", count)
    elif decision is Decision.KEEP:
        text = ngettext("Kept in {n} place.", "Kept in {n} places.", count)
    else:
        text = ngettext("Undecided again in {n} place.", "Undecided again in {n} places.", count)
    flash(text.format(n=f"{count:,}"))


def draw_group(group: FindingGroup) -> None:
    """Draw one value: what it is, where it stands, and the buttons that decide it."""
    name = f"{group.entity}-{group.value}"
    with st.container(border=True):
        words, buttons = st.columns([5, 2], vertical_alignment="center")
        with words:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge(entity_label(group.entity), color="gray")
                if group.decision is None:
                    st.badge(decision_label(None), color="violet")
                else:
                    st.badge(decision_label(group.decision), color=_BADGE[group.decision])
                times = ngettext("{n} time", "{n} times", group.count)
                st.caption(times.format(n=f"{group.count:,}"), width="content")
            st.html(marked(group.before, group.shown, group.after))
            st.caption(
                plain(
                    _("Why: {why} · {score} sure").format(
                        why=reason_label(group.why), score=f"{group.score:.0%}"
                    )
                )
            )
        with buttons, st.container(horizontal=True):
            for decision, icon in (
                (Decision.MASK, "visibility_off"),
                (Decision.KEEP, "visibility"),
            ):
                st.button(
                    decision_label(decision),
                    key=f"{decision.value}:{name}",
                    icon=f":material/{icon}:",
                    type="primary" if group.decision is decision else "secondary",
                    on_click=decide,
                    args=([group], decision),
                )


def draw_chart(counts: Mapping[tuple[str, Decision], int]) -> None:
    """Draw how many findings of each kind are undecided, masked and kept."""
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
    chart = (
        alt.Chart(table)
        .mark_bar(cornerRadius=3)
        .encode(
            x=alt.X("count:Q", title=None, axis=alt.Axis(tickMinStep=1, grid=False)),
            y=alt.Y("kind:N", title=None, sort="-x", axis=alt.Axis(labelLimit=160)),
            color=alt.Color(
                "decision:N",
                title=None,
                scale=alt.Scale(
                    domain=[decision_label(decision) for decision in Decision],
                    range=[_COLOUR[decision] for decision in Decision],
                ),
                legend=alt.Legend(orient="top"),
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("kind:N", title=_("Kind")),
                alt.Tooltip("decision:N", title=_("Decision")),
                alt.Tooltip("count:Q", title=_("Places")),
            ],
        )
        .properties(height=_BAR_HEIGHT * table["kind"].nunique() + 104)
    )
    st.altair_chart(chart, alt=_("Private details by kind and decision"))
