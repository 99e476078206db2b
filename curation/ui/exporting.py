"""The export as the screen shows it: building the files, the report in words, the pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from curation import workflow
from curation.model import Side, Status
from curation.ui.catalogue import _, ngettext
from curation.ui.html import bubbles, quoted
from curation.ui.words import entity_label, status_label, stays_out_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.workflow import ExportReport, Progress, Workspace

FILES: Final = {
    "sharegpt.json": "application/json",
    "dataset_info.json": "application/json",
    "labels.jsonl": "application/jsonl",
    "report.json": "application/json",
}
"""The files of an export and their types, the training file first."""

_COLOUR: Final = {
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
    newest = workflow.history(ws, limit=1)
    return (newest, workflow.load_persona(ws), workflow.load_settings(ws))


def build(ws: Workspace, progress: Progress) -> Exported:
    """Return the finished export; errors as `workflow.export_dataset`."""
    before = mark(ws)
    with TemporaryDirectory(prefix="ruwo-") as folder:
        report = workflow.export_dataset(ws, Path(folder), progress)
        files = {name: Path(folder, name).read_bytes() for name in FILES}
    return Exported(report, files, before)


def draw_statuses(counts: Mapping[Status, int]) -> None:
    """Draw how many conversations have each status as one bar."""
    table = pd.DataFrame(
        [
            {"status": status_label(status), "count": counts.get(status, 0), "rank": rank}
            for rank, status in enumerate(_COLOUR)
            if counts.get(status)
        ]
    )
    chart = (
        alt.Chart(table)
        .mark_bar(size=30)
        .encode(
            x=alt.X(
                "count:Q",
                axis=None,
                scale=alt.Scale(domain=[0, int(table["count"].sum())], nice=False),
            ),
            color=alt.Color(
                "status:N",
                title=None,
                scale=alt.Scale(
                    domain=[status_label(status) for status in _COLOUR],
                    range=list(_COLOUR.values()),
                ),
                legend=alt.Legend(orient="bottom", offset=4),
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("status:N", title=_("Status")),
                alt.Tooltip("count:Q", title=_("Conversations")),
            ],
        )
        .properties(height=84)
    )
    st.altair_chart(chart, alt=_("Conversations by status"))


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
    if report.masked:
        lines.append(_("Masked: {kinds}.").format(kinds=_kinds(report.masked)))
    if report.kept:
        lines.append(_("Kept because you said so: {kinds}.").format(kinds=_kinds(report.kept)))
    return lines


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
