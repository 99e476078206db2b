"""The export as the screen shows it: building the files, the report in words, the pictures."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import ExportBlockedError
from curation.model import ConversationFilter, Replacement, Side, Status
from curation.ui.catalogue import _, ngettext
from curation.ui.charts import draw_shares
from curation.ui.filters import to_query
from curation.ui.html import bubbles, quoted
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.words import entity_label, status_label, stays_out_label
from curation.workflow import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curation.errors import Leak
    from curation.workflow import ExportReport, Progress, Workspace

FILES: Final = {
    "sharegpt.json": "application/json",
    "dataset_info.json": "application/json",
    "labels.jsonl": "application/jsonl",
    "report.json": "application/json",
}
"""The files of an export and their types, the training file first."""

_MOST_LEAKS: Final = 20
"""Places that are listed when the export was stopped."""

STATUS_COLOUR: Final = {
    Status.APPROVED: "#2f9e68",
    Status.PENDING: "#a9b3ad",
    Status.SKIPPED: "#e0a030",
    Status.REJECTED: "#c95d63",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What this tab built last: the report, the files' bytes, and the state they were built of."""

    report: ExportReport
    files: Mapping[str, bytes]
    mark: object


def mark(ws: Workspace) -> object:
    """Return a value that differs once anything that the export depends on was changed."""
    newest = workflow.journal_page(ws, page_size=1).lines
    return (newest, workflow.load_persona(ws), workflow.load_settings(ws))


def build(ws: Workspace, progress: Progress) -> Exported:
    """Return the finished export; errors as `workflow.export_dataset`."""
    before = mark(ws)
    with TemporaryDirectory(prefix="ruwo-") as folder:
        report = workflow.export_dataset(ws, Path(folder), progress=progress)
        files = {name: Path(folder, name).read_bytes() for name in FILES}
    return Exported(report, files, before)


def draw_variant(ws: Workspace) -> None:
    """Draw where emotions and traits go, one sentence for each choice."""
    said = {
        Variant.PLAIN: (
            _("Plain"),
            _("Only what was said and the system text; every trainer reads it."),
        ),
        Variant.WOVEN: (
            _("In the system text"),
            _("Traits and the mood of each conversation are told there; every trainer reads it."),
        ),
        Variant.EXTENDED: (
            _("In fields of their own"),
            _("For LLaMA-Factory, which passes over them, and your own programs; unsloth refuses."),
        ),
    }
    set_widget(Keys.VARIANT, workflow.load_settings(ws).variant)
    st.radio(
        _("Emotions and character traits"),
        list(said),
        format_func=lambda variant: said[variant][0],
        captions=[hint for _name, hint in said.values()],
        key=Keys.VARIANT,
        on_change=_variant_chosen,
    )


def _variant_chosen() -> None:
    ws = open_workspace()
    settings = workflow.load_settings(ws)
    workflow.save_settings(ws, replace(settings, variant=widget_value(Keys.VARIANT)))


def draw_statuses(counts: Mapping[Status, int]) -> None:
    """Draw how many conversations have each status as one bar."""
    draw_shares(
        {status_label(status): count for status, count in counts.items()},
        {status_label(status): colour for status, colour in STATUS_COLOUR.items()},
        _("Conversations by status"),
    )


def draw_record(record: Mapping[str, Any]) -> None:
    """Draw a record as the chat it will teach: system text, then bubbles."""
    with st.container(border=True):
        with st.expander(_("System text")):
            st.html(quoted(record["system"]))
        st.html(
            "".join(
                bubbles(
                    [turn["value"]],
                    Side.ME if turn["from"] == "gpt" else Side.OTHER,
                    whole=True,
                )
                for turn in record["conversations"]
            )
        )


def draw_source(record: Mapping[str, Any]) -> None:
    """Draw a record letter by letter as the file holds it."""
    text = json.dumps(record, ensure_ascii=False, indent=2)
    st.code(text, language="json", wrap_lines=True)


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


def report_lines(report: ExportReport) -> list[str]:
    """Return the report in words, one sentence each."""
    lines = [
        _("{records} records with {turns} turns out of {messages} messages.").format(
            records=f"{report.records:,}",
            turns=f"{report.turns:,}",
            messages=f"{report.messages:,}",
        )
    ]
    if report.leading or report.trailing:
        lines.append(
            _(
                "Left out at the ends of records: {leading} of your messages before the other"
                " one spoke, {trailing} messages you never answered."
            ).format(leading=f"{report.leading:,}", trailing=f"{report.trailing:,}")
        )
    if report.removed:
        lines.append(
            ngettext(
                "{n} message was left out for the private details in it.",
                "{n} messages were left out for the private details in them.",
                report.removed,
            ).format(n=f"{report.removed:,}")
        )
    if report.masked:
        lines.append(_("Masked: {kinds}.").format(kinds=_kinds(report.masked)))
        lines.extend(_ways(report))
    lines.extend(_kept(report))
    return lines


def _kept(report: ExportReport) -> list[str]:
    """Return the lines that say what stayed in the files, apart by who wanted it."""
    undecided = report.kept_as_persona_name
    decided = Counter(report.kept) - undecided
    name = undecided.total()
    lines = []
    if decided:
        lines.append(_("Kept because you said so: {kinds}.").format(kinds=_kinds(decided)))
    if name:
        lines.append(
            ngettext(
                "The persona's name was kept in {n} place of the chats: it stands in the system"
                " text too. Mask it under Privacy if it should go.",
                "The persona's name was kept in {n} places of the chats: it stands in the system"
                " text too. Mask it under Privacy if it should go.",
                name,
            ).format(n=f"{name:,}")
        )
    return lines


def _ways(report: ExportReport) -> list[str]:
    """Return the line that says what stands for the masked values, where not only placeholders."""
    ways: dict[str, int] = {}
    for fate, count in report.fates.items():
        if fate.way:
            ways[fate.way] = ways.get(fate.way, 0) + count
    if set(ways) <= {Replacement.PLACEHOLDER.value}:
        return []
    return [
        _(
            "What stands for them: {invented} invented, {parts} in part, {rest} placeholders."
        ).format(
            invented=f"{ways.get(Replacement.SURROGATE.value, 0):,}",
            parts=f"{ways.get(Replacement.PARTIAL.value, 0):,}",
            rest=f"{ways.get(Replacement.PLACEHOLDER.value, 0):,}",
        )
    ]


def problem_lines(report: ExportReport) -> list[str]:
    """Return what a person should look at, one sentence each."""
    lines = [
        ngettext(
            "{n} approved conversation gives no record: {reason}.",
            "{n} approved conversations give no record: {reason}.",
            len(ids),
        ).format(n=f"{len(ids):,}", reason=stays_out_label(reason))
        for reason, ids in sorted(report.left_out.items())
    ]
    if report.lost_backgrounds:
        lines.append(
            ngettext(
                "{n} background of a message found no place in its record.",
                "{n} backgrounds of messages found no place in their records.",
                report.lost_backgrounds,
            ).format(n=f"{report.lost_backgrounds:,}")
        )
    return lines


def _kinds(counts: Mapping[str, int]) -> str:
    return _(", ").join(
        f"{entity_label(entity)} {count:,}" for entity, count in sorted(counts.items())
    )
