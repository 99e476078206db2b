"""Findings grouped by value: deciding them, and how far that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import Decision, FindingQuery
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.charts import draw_shares
from curation.ui.frame import flash
from curation.ui.resources import workspace
from curation.ui.state import AskedFindings, get_state, widget_value
from curation.ui.words import decision_label, entity_label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.workflow import FindingGroup, FindingPlace, Workspace

DECISION_COLOUR: Final = {
    Decision.PENDING: "#e0a030",
    Decision.MASK: "#2f9e68",
    Decision.KEEP: "#5b8def",
}
ICON: Final = {
    Decision.MASK: "visibility_off",
    Decision.KEEP: "visibility",
    Decision.PENDING: "restart_alt",
}
"""What a decision looks like; that of none takes another one back."""
_BAR_HEIGHT: Final = 26


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


def decide(groups: Sequence[FindingGroup], decision: Decision) -> None:
    """Decide every finding of some values and say how many; only in a callback."""

    def act() -> str:
        values = [(group.entity, group.value) for group in groups]
        workflow.decide_values(workspace(), values, decision)
        return told(decision, sum(map(_places, groups)))

    _try(act)


def _places(group: FindingGroup) -> int:
    """Return how often a value stands in messages and, as far as the page showed, beside them."""
    found = workflow.finding_places(workspace(), group.entity, group.value, page_size=1)
    beside = get_state().privacy_beside.get((group.entity, group.value))
    return found.total + (beside.count if beside else 0)


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


def relabel(group: FindingGroup, key: str) -> None:
    """Let a value be found as the kind that was chosen, and say so; only in a callback."""
    kind = widget_value(key)
    if not kind:
        return

    def act() -> str:
        workflow.always_mask_value(workspace(), group.entity, group.value, kind)
        return _("From now on it is: {kind}. It is masked.").format(kind=entity_label(kind))

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
        question = _question(asked.decision, count)
        st.markdown("**" + question.format(n=f"{count:,}") + "**", width="content")
        st.button(_("Yes, all of them"), key="all-yes", type="primary", on_click=agree_all)
        st.button(_("No"), key="all-no", on_click=forget_all)
        return
    values = ngettext("{n} value", "{n} values", groups).format(n=f"{groups:,}")
    st.markdown(f"**{values}**", width="stretch")
    labels = {Decision.MASK: _("Mask all of these"), Decision.KEEP: _("Keep all of these")}
    if query.decision in labels:
        labels[Decision.PENDING] = _("Take all of these back")
        del labels[query.decision]
    for decision, label in labels.items():
        st.button(
            label,
            key=f"all-{decision.value}",
            icon=f":material/{ICON[decision]}:",
            disabled=not groups,
            on_click=ask_all,
            args=(query, decision),
        )


def _question(decision: Decision, count: int) -> str:
    if decision is Decision.MASK:
        text = ngettext("Mask {n} place?", "Mask {n} places?", count)
    elif decision is Decision.KEEP:
        text = ngettext("Keep {n} place?", "Keep {n} places?", count)
    else:
        text = ngettext("Undecided again in {n} place?", "Undecided again in {n} places?", count)
    return text


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
