"""Privacy: what was found, value by value, and whether it is masked or kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import Decision
from curation.ui.catalogue import _, ngettext
from curation.ui.decisions import decide, draw_chart, draw_group
from curation.ui.frame import begin_page, empty_state, narrow
from curation.ui.history import do_step, draw_undo
from curation.ui.html import quoted, shorten
from curation.ui.paging import draw_pages
from curation.ui.scanning import draw_scan
from curation.ui.state import Keys, get_state, widget_value
from curation.ui.words import decision_label, entity_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import FindingGroup, FindingGroups, Workspace

PAGE_SIZE: Final = 20
SHOWN_NAMES: Final = 300


def draw_choice(counts: Mapping[tuple[str, Decision], int]) -> tuple[str, Decision | None]:
    """Draw which findings to show; return the kind ("" for all) and the decision."""
    decision = st.segmented_control(
        _("Decision"),
        [*Decision],
        format_func=decision_label,
        key=Keys.PRIVACY_DECISION,
        on_change=first_page,
        label_visibility="collapsed",
        persist_state="session",
    )
    totals = Counter[str]()
    for (entity, _decision), count in counts.items():
        totals[entity] += count
    kinds = [entity for entity, count in totals.most_common() if count]
    kind = st.pills(
        _("Kind"),
        kinds,
        format_func=entity_label,
        key=Keys.PRIVACY_ENTITY,
        on_change=first_page,
        label_visibility="collapsed",
    )
    return kind or "", decision


def first_page() -> None:
    """Go back to the first page, because the choice changed."""
    get_state().privacy_round += 1


def draw_findings(ws: Workspace) -> None:
    """Draw the findings and the buttons that decide them."""
    counts = workflow.finding_counts(ws)
    if not any(counts.values()):
        if not workflow.unscanned_count(ws):
            st.success(_("No private details were found."), icon=":material/verified_user:")
        return
    draw_chart(counts)
    entity, decision = draw_choice(counts)
    place = st.container()
    key = f"{Keys.PRIVACY_PAGE}-{get_state().privacy_round}"
    asked = widget_value(key) or 1
    found = page_of(ws, entity, decision, asked)
    page = draw_pages(key, -(-found.total // PAGE_SIZE))
    if page != asked:
        found = page_of(ws, entity, decision, page)
    with place:
        draw_groups(ws, found.groups)


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
                "Remarks, nicknames, group cards and ids. They will be used to look for names in"
                " what was said; they never leave this computer."
            )
        )
        # Names that a person reads come before ids.
        shown = sorted(names, key=str.isascii)[:SHOWN_NAMES]
        with st.container(height=min(40 + 24 * (len(shown) // 4), 240), border=False):
            st.html(quoted(" · ".join(shorten(name, 40) for name in shown)))
        if (more := len(names) - len(shown)) > 0:
            st.caption(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))


def page_of(ws: Workspace, entity: str, decision: Decision | None, page: int) -> FindingGroups:
    """Return one page of the values."""
    return workflow.finding_groups(
        ws, entity=entity, decision=decision, page=page, page_size=PAGE_SIZE
    )


def draw_groups(ws: Workspace, groups: Sequence[FindingGroup]) -> None:
    """Draw one page of values, and what can be done with all of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for choice, label in (
            (Decision.MASK, _("Mask all on this page")),
            (Decision.KEEP, _("Keep all on this page")),
        ):
            st.button(
                label,
                key=f"all-{choice.value}",
                disabled=not groups,
                on_click=decide,
                args=(groups, choice),
            )
        draw_undo(ws)
    if not groups:
        st.info(_("Nothing like that. Choose another kind or decision above."))
    for group in groups:
        draw_group(group)


workspace = begin_page(
    "privacy",
    _("Every value is masked in the export unless you keep it. Undecided ones are masked too."),
)
do_step(workspace)
if workflow.is_empty(workspace):
    empty_state()
with narrow():
    draw_scan(workspace)
    draw_findings(workspace)
    draw_names(workspace)
