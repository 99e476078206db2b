"""Privacy: what was found, value by value, and whether it is masked or kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import Decision, FindingOrder, FindingQuery
from curation.ui.catalogue import _, ngettext
from curation.ui.decisions import do_all, draw_bulk, draw_progress
from curation.ui.detection_parts import draw_models, draw_own_terms, draw_thresholds
from curation.ui.frame import begin_page, empty_state, narrow, nothing_here, title_line
from curation.ui.history import do_step, draw_undo_in
from curation.ui.html import quoted, shorten
from curation.ui.markdown import plain
from curation.ui.pages import is_owner, next_step
from curation.ui.paging import draw_pages
from curation.ui.scanning import draw_scan
from curation.ui.state import Keys, get_state, keep_choice, set_widget, widget_value
from curation.ui.value_bar import draw_bar, draw_ticker, place_of, untick
from curation.ui.value_cards import draw_group
from curation.ui.words import decision_label, entity_label, order_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import BesideGroup, FindingGroup, FindingGroups, Workspace

PAGE_SIZE: Final = 20
SHOWN_NAMES: Final = 300
BESIDE: Final = "beside"
"""The choice of what stands in backgrounds and in the persona, among the kinds."""
UNSURE: Final = 0.75
"""What scored less is offered as "not sure"."""


def draw_choice(
    counts: Mapping[tuple[str, Decision], int], beside: int
) -> tuple[FindingQuery, FindingOrder]:
    """Draw which findings to show and in which order; return both.

    The kind may be `BESIDE`, where there are any.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="privacy-filter"):
        decision = st.segmented_control(
            _("Decision"),
            [*Decision],
            format_func=decision_label,
            key=Keys.PRIVACY_DECISION,
            on_change=first_page,
            label_visibility="collapsed",
            persist_state="session",
        )
        keep_choice(Keys.PRIVACY_ORDER, [*FindingOrder], FindingOrder.RISK)
        order = st.selectbox(
            _("Order"),
            [*FindingOrder],
            format_func=order_label,
            key=Keys.PRIVACY_ORDER,
            on_change=first_page,
            label_visibility="collapsed",
            width=190,
            persist_state="session",
        )
        text = st.text_input(
            _("Search"),
            key=Keys.PRIVACY_TEXT,
            placeholder=_("Search values and sentences"),
            icon=":material/search:",
            on_change=first_page,
            label_visibility="collapsed",
            width=230,
        )
        unsure = st.toggle(_("Only uncertain ones"), key=Keys.PRIVACY_UNSURE, on_change=first_page)
    totals = Counter[str]()
    for (entity, _decision), count in counts.items():
        totals[entity] += count
    kinds = [entity for entity, count in totals.most_common() if count]
    kind = st.pills(
        _("Kind"),
        [*kinds, *([BESIDE] if beside else [])],
        format_func=lambda kind: f"{kind_label(kind)} {totals[kind] or beside:,}",
        key=Keys.PRIVACY_ENTITY,
        on_change=first_page,
        label_visibility="collapsed",
    )
    query = FindingQuery(
        entity=kind or "",
        decision=decision,
        text=(text or "").strip(),
        below=UNSURE if unsure else None,
    )
    return query, order or FindingOrder.RISK


def kind_label(kind: str) -> str:
    """Return what a kind among the choices is called."""
    return _("Backgrounds and persona") if kind == BESIDE else entity_label(kind)


def first_page() -> None:
    """Go back to the first page, because the choice changed."""
    state = get_state()
    state.privacy_round += 1
    state.privacy_open = state.privacy_at = None
    state.asked_findings = None
    untick()


def show_all() -> None:
    """Take everything out of the choice; only in a callback."""
    for key, value in (
        (Keys.PRIVACY_DECISION, None),
        (Keys.PRIVACY_TEXT, ""),
        (Keys.PRIVACY_UNSURE, False),
        (Keys.PRIVACY_ENTITY, None),
    ):
        set_widget(key, value)
    first_page()


def draw_findings(ws: Workspace, counts: Mapping[tuple[str, Decision], int]) -> None:
    """Draw the findings and the buttons that decide them."""
    beside = workflow.beside_findings(ws)
    get_state().privacy_beside = {
        (each.group.entity, each.group.value): each.group for each in beside
    }
    if not any(counts.values()) and not beside:
        if not workflow.unscanned_count(ws):
            with nothing_here(
                _("No private details were found"),
                _(
                    "No search finds everything: add your own words below, and look at what you"
                    " export."
                ),
            ):
                next_step("review", _("Go on to review"), key="privacy-review")
        return
    draw_progress(all_counts(counts, beside))
    query, order = draw_choice(counts, sum(each.group.count for each in beside))
    if query.entity == BESIDE:
        draw_beside(ws, query, beside)
        return
    place = st.container()
    key = f"{Keys.PRIVACY_PAGE}-{get_state().privacy_round}"
    asked = widget_value(key) or 1
    found = page_of(ws, query, order, asked)
    if beside and not found.total and not query.entity:
        # What was asked for stands in no message.
        draw_beside(ws, query, beside)
        return
    page = draw_pages(key, -(-found.total // PAGE_SIZE))
    if page != asked:
        found = page_of(ws, query, order, page)
    with place:
        if not found.groups:
            with nothing_here(_("Nothing matches"), _("Choose another kind or decision above.")):
                st.button(_("Show all values"), key="privacy-all", on_click=show_all)
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            draw_bulk(ws, query, found.total)
            draw_ticker(found.groups)
        draw_values(ws, found.groups)


def draw_values(
    ws: Workspace, groups: Sequence[FindingGroup], beside: Sequence[BesideGroup] = ()
) -> None:
    """Draw values, and the bar with the keys."""
    at = place_of(groups)
    standings = workflow.standing(ws, groups)
    places = [each.places for each in beside] or [()] * len(groups)
    each_value = zip(groups, standings, places, strict=True)
    with st.container(gap="xsmall"):
        for number, (group, stands, where) in enumerate(each_value):
            draw_group(ws, group, stands, where, at=number == at)
        draw_bar(groups, standings)


def all_counts(
    counts: Mapping[tuple[str, Decision], int], beside: Sequence[BesideGroup]
) -> Mapping[tuple[str, Decision], int]:
    """Return how many findings there are in messages and beside them."""
    whole = Counter(counts)
    for each in beside:
        whole[each.group.entity, each.group.decision or Decision.PENDING] += each.group.count
    return whole


def draw_beside(ws: Workspace, query: FindingQuery, beside: Sequence[BesideGroup]) -> None:
    """Draw what was found beside the messages, as far as it was asked for."""
    words = query.text.casefold()
    chosen = [
        each
        for each in beside
        if query.decision in (None, each.group.decision)
        and (query.below is None or each.group.score < query.below)
        and any(words in (p.before + p.shown + p.after).casefold() for p in each.places)
    ]
    if not chosen:
        with nothing_here(_("Nothing matches"), _("Choose another kind or decision above.")):
            st.button(_("Show all values"), key="privacy-all", on_click=show_all)
        return
    place = st.container()
    key = f"{Keys.PRIVACY_PAGE}-{get_state().privacy_round}"
    first = PAGE_SIZE * (draw_pages(key, -(-len(chosen) // PAGE_SIZE)) - 1)
    shown = chosen[first : first + PAGE_SIZE]
    groups = [each.group for each in shown]
    with place:
        with st.container(horizontal=True, vertical_alignment="center"):
            total = ngettext("{n} value", "{n} values", len(chosen)).format(n=f"{len(chosen):,}")
            st.markdown(f"**{total}** · {kind_label(BESIDE)}", width="stretch")
            draw_ticker(groups)
        draw_values(ws, groups, shown)


def page_of(ws: Workspace, query: FindingQuery, order: FindingOrder, page: int) -> FindingGroups:
    """Return one page of the values."""
    return workflow.finding_groups(ws, query, order=order, page=page, page_size=PAGE_SIZE)


def draw_names(ws: Workspace) -> None:
    """Draw the names of people that the exports told, folded away."""
    names = workflow.known_names(ws)
    if not names:
        return
    label = ngettext(
        "{n} name of a person found in your exports",
        "{n} names of people found in your exports",
        len(names),
    )
    with st.expander(label.format(n=f"{len(names):,}"), icon=":material/badge:"):
        st.caption(
            _(
                "Remarks, nicknames, group cards and ids. They are used to look for names in"
                " what was said; they never leave this computer."
            )
        )
        # Names that a person reads come before ids.
        shown = sorted(names, key=str.isascii)[:SHOWN_NAMES]
        with st.container(height=min(40 + 24 * (len(shown) // 4), 240), border=False):
            st.html(quoted(" · ".join(shorten(name, 40) for name in shown)))
        if (more := len(names) - len(shown)) > 0:
            st.caption(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))


with narrow():
    head = title_line()
    workspace = begin_page(
        "privacy",
        _("Every value is masked in the export unless you keep it. Undecided ones are masked too."),
        head=head,
    )
    do_step(workspace)
    do_all(workspace)
    if workflow.is_empty(workspace):
        empty_state()
    draw_undo_in(head, workspace)
    if persona_name := workflow.persona_name(workspace):
        st.caption(
            plain(
                _("The persona's name, {name}, stays readable until you mask it here.").format(
                    name=persona_name
                )
            )
        )
    draw_scan(workspace)
    summary = workflow.finding_summary(workspace)
    draw_findings(workspace, summary.counts)
    if is_owner():
        draw_own_terms(workspace)
        draw_thresholds(workspace, summary.scores)
        draw_models(workspace)
        draw_names(workspace)
