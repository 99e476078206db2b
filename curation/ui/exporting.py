"""The export as the screen shows it: what goes in, building it, what came out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import ExportBlockedError
from curation.model import ConversationFilter, Status
from curation.ui.catalogue import _, ngettext, sentences
from curation.ui.charts import draw_shares
from curation.ui.export_options import tokenizer_problem
from curation.ui.filters import to_query
from curation.ui.frame import errors_shown, flash
from curation.ui.markdown import plain
from curation.ui.pages import go, next_step
from curation.ui.progress import working
from curation.ui.state import get_state
from curation.ui.words import entity_label, status_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curation.errors import Leak
    from curation.export_options import ExportOptions
    from curation.workflow import ExportSummary, Workspace

_MOST_LEAKS: Final = 20
"""Places that are listed when the export was stopped."""

STATUS_COLOUR: Final = {
    Status.APPROVED: "#2f9e68",
    Status.PENDING: "#a9b3ad",
    Status.SKIPPED: "#e0a030",
    Status.REJECTED: "#c95d63",
}


def summary_of(ws: Workspace) -> ExportSummary:
    """Return what an export would start from; it is counted again where something was changed."""
    state = get_state()
    mark = (workflow.basis(ws), workflow.unscanned_count(ws))
    if state.export_summary is None or state.export_summary[0] != mark:
        state.export_summary = (mark, workflow.export_summary(ws))
    return state.export_summary[1]


def draw_statuses(counts: Mapping[Status, int]) -> None:
    """Draw how many conversations have each status as one bar."""
    draw_shares(
        {status_label(status): count for status, count in counts.items()},
        {status_label(status): colour for status, colour in STATUS_COLOUR.items()},
        _("Conversations by status"),
    )


def draw_summary(summary: ExportSummary) -> None:
    """Draw where the conversations stand, and what nobody decided yet."""
    with st.container(border=True):
        draw_statuses(summary.counts)
        st.caption(_("Only approved conversations go into the file."))
    approved = summary.counts.get(Status.APPROVED, 0)
    pending = summary.counts.get(Status.PENDING, 0)
    if pending:
        with st.container(horizontal=True, vertical_alignment="center"):
            text = ngettext(
                "{n} conversation still waits for review.",
                "{n} conversations still wait for review.",
                pending,
            )
            st.markdown(":material/rate_review: " + text.format(n=f"{pending:,}"), width="stretch")
            next_step("review", _("Review"), key="to-review", primary=not approved)
    if summary.too_much_mbti:
        st.markdown(
            ":material/psychology: "
            + _(
                "{n} of the approved conversations are MBTI answers. At most {share} % of the"
                " records may be; the rest stays out."
            ).format(n=f"{summary.mbti:,}", share=summary.mbti_share)
        )
    if summary.undecided_findings:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/shield: " + undecided_line(summary), width="stretch")
            next_step("privacy", _("Look at them"), key="to-privacy", primary=False)


def undecided_line(summary: ExportSummary) -> str:
    """Return how many private details nobody decided, and what becomes of them."""
    masked = summary.undecided_findings - summary.own_names
    lines = []
    if masked:
        lines.append(
            ngettext(
                "{n} private detail is undecided; it will be masked.",
                "{n} private details are undecided; they will be masked.",
                masked,
            ).format(n=f"{masked:,}")
        )
    if summary.own_names:
        lines.append(
            ngettext(
                "{n} undecided place holds the persona's own name and stays as it is.",
                "{n} undecided places hold the persona's own name and stay as they are.",
                summary.own_names,
            ).format(n=f"{summary.own_names:,}")
        )
    return sentences(lines)


def stopped() -> None:
    """Say at the next run that nothing was built."""
    flash(_("Stopped. Nothing was written."))


def draw_build(ws: Workspace, options: ExportOptions, *, approved: int, fresh: bool) -> None:
    """Draw the button that builds the dataset, and build it; a new version is shown at once.

    `fresh` says that what was built last is as the workspace is.
    """
    state = get_state()
    problem = tokenizer_problem(options)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Build the dataset"),
            key="build",
            # What was built is to be downloaded next.
            type="secondary" if fresh else "primary",
            icon=":material/build:",
            disabled=not approved or problem is not None,
        )
        if not approved:
            st.caption(_("Nothing is approved yet: approve conversations in the review first."))
        elif problem is not None:
            st.caption(_("The tokenizer's file is missing; see the options."))
    if not pressed:
        return
    state.export_leaks = ()
    built = None
    with errors_shown(), leaks_kept(), working(stopped, key="stop-export") as progress:
        built = workflow.build_version(ws, options, progress)
    if built is not None:
        if built.kept_already:
            flash(
                _("Nothing is different: these are the files of version {n}.").format(
                    n=built.version.id
                )
            )
        state.export_shown = state.export_built = built.version.id
        state.export_compared = None
        st.rerun()  # what is said above may no longer be true: the build has searched what waited


@contextmanager
def leaks_kept() -> Iterator[None]:
    """Remember what stopped an export, so that it can be shown while a person sees to it."""
    try:
        yield
    except ExportBlockedError as error:
        get_state().export_leaks = error.leaks
        raise


def draw_leaks(leaks: Sequence[Leak]) -> None:
    """Draw what stopped the last export, each with the way to its conversation."""
    if not leaks:
        return
    with st.container(border=True):
        st.markdown(":material/gpp_maybe: " + _("This stopped the export:"))
        for number, leak in enumerate(leaks[:_MOST_LEAKS]):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge(entity_label(leak.entity), color="orange")
                st.markdown(plain(leak.context), width="stretch")
                label = _("Conversation {n}").format(n=leak.conversation)
                if st.button(label, key=f"leak-{number}", type="tertiary"):
                    _review(leak.conversation)
        if (more := len(leaks) - _MOST_LEAKS) > 0:
            st.caption(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))
        st.caption(
            _(
                "Mark the place by hand in the conversation, or choose another replacement for this"
                " kind under Settings, and build again."
            )
        )


def _review(conversation: int) -> None:
    """Leave for the review of one approved conversation."""
    state = get_state()
    state.review_filter = ConversationFilter(statuses=(Status.APPROVED,))
    state.review_at = conversation
    go("review", to_query(state.review_filter))
