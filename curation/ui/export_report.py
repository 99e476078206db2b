"""What an export did, in words and pictures; all of it from its report as it is kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from curation import workflow
from curation.model import ConversationFilter, Replacement
from curation.ui.catalogue import _, ngettext
from curation.ui.charts import draw_legend, draw_shares
from curation.ui.export_options import format_name
from curation.ui.filters import to_query
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.resources import workspace as open_workspace
from curation.ui.words import entity_label, stays_out_label

if TYPE_CHECKING:
    from collections.abc import Mapping

Report = dict[str, Any]

_TRAINED: Final = "#2f9e68"
_VALIDATES: Final = "#4a7fc1"
_LEFT: Final = "#a9b3ad"
_LIMIT: Final = "#d9480f"
_PLOT: Final = 170


def draw_counts(report: Report) -> None:
    """Draw what became of the approved conversations as one bar."""
    left = sum(each["count"] for each in report["left_out"].values())
    parts = _parts(report)
    validation = parts.get("validation", {}).get("conversations", 0)
    approved = report["conversations"].get("approved", 0)
    names = {_("for training"): _TRAINED, _("for validation"): _VALIDATES, _("left out"): _LEFT}
    counts = dict(zip(names, (approved - left - validation, validation, left), strict=True))
    shown = {name: count for name, count in counts.items() if count}
    draw_shares(shown, {name: names[name] for name in shown}, _("What became of what you approved"))


def draw_left_out(report: Report, version: int) -> None:
    """Draw why approved conversations gave no record, each reason with the way to them."""
    for reason, held in sorted(report["left_out"].items()):
        text = ngettext(
            "{n} approved conversation gives no record: {reason}.",
            "{n} approved conversations give no record: {reason}.",
            held["count"],
        ).format(n=f"{held['count']:,}", reason=stays_out_label(reason))
        _draw_warning(text, workflow.left_out_list(version, reason))
    if moved := report.get("moved_to_train", {}).get("count", 0):
        text = ngettext(
            "{n} late conversation is trained on, because one that is trained on says nearly the"
            " same.",
            "{n} late conversations are trained on, because ones that are trained on say nearly the"
            " same.",
            moved,
        )
        _draw_warning(text.format(n=f"{moved:,}"), workflow.alike_list(version))
    for text in _warnings(report):
        _draw_warning(text)


def _draw_warning(text: str, leads: str = "") -> None:
    """Draw what a person should look at, with the way to the conversations on a list."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":material/warning: " + plain(text), width="stretch")
        if leads and st.button(_("Look at them"), key=f"list-{leads}", type="tertiary"):
            open_list("table", leads)


def _warnings(report: Report) -> list[str]:
    """Return what else a person should know before the training, one sentence each."""
    lines = []
    options = report.get("options", {})
    if options.get("validation") and "validation" not in _parts(report):
        lines.append(
            _(
                "No conversation is left for validation: none has a time, or all are nearly like"
                " what is trained on."
            )
        )
    repeating = workflow.repeating_formats(report.get("formats") or [report["format"]])
    if options.get("sliding") and repeating:
        text = _(
            "The windows overlap, and nothing in the files for {formats} can tell a trainer to"
            " learn only the last turn of each record: your early answers are learnt once for each"
            " window that they stand in. Windows that do not slide avoid that; LLaMA-Factory can be"
            " told by hand (mask_history)."
        )
        lines.append(text.format(formats=_(", ").join(map(format_name, repeating))))
    elif options.get("sliding"):
        lines.append(
            _(
                "The windows overlap: let the trainer learn only the last turn of each record"
                " (mask_history in LLaMA-Factory; the settings in its folder say so already)."
            )
        )
    if lost := report.get("lost_backgrounds", 0):
        text = ngettext(
            "{n} background of a message found no place in its record.",
            "{n} backgrounds of messages found no place in their records.",
            lost,
        )
        lines.append(text.format(n=f"{lost:,}"))
    return lines


def open_list(page: str, name: str) -> None:
    """Leave for a page that shows the conversations on a list."""
    listed = workflow.conversation_list(open_workspace(), name)
    go(page, to_query(ConversationFilter(listed=listed)))


def report_lines(report: Report) -> list[str]:
    """Return the report in words, one sentence each."""
    left = report["messages_left_out"]
    lines = [
        _("{records} records with {turns} turns out of {messages} messages.").format(
            records=f"{report['records']:,}",
            turns=f"{report['turns']:,}",
            messages=f"{report['messages']:,}",
        ),
        *_shape_lines(report),
    ]
    if left["leading"] or left["trailing"]:
        lines.append(
            _(
                "Left out at the ends of records: {leading} of your messages before the other"
                " one spoke, {trailing} messages you never answered."
            ).format(leading=f"{left['leading']:,}", trailing=f"{left['trailing']:,}")
        )
    if left["removed"]:
        lines.append(
            ngettext(
                "{n} message was left out for the private details in it.",
                "{n} messages were left out for the private details in them.",
                left["removed"],
            ).format(n=f"{left['removed']:,}")
        )
    masked = report["findings"]["masked"]
    if masked:
        lines.append(_("Masked: {kinds}.").format(kinds=_kinds(masked)))
        lines.extend(_ways(report))
    lines.extend(_kept(report))
    return lines


def _parts(report: Report) -> dict[str, Any]:
    """Return the numbers of each part; a report of an older version has none."""
    return dict(report.get("parts") or {})


def _shape_lines(report: Report) -> list[str]:
    """Return how conversations became records, where it was not one of each."""
    parts = _parts(report)
    lines = []
    if "validation" in parts:
        lines.append(
            _(
                "{train} records are for training, {validation} of the latest conversations, from"
                " {day} on, for validation."
            ).format(
                train=f"{parts['train']['records']:,}",
                validation=f"{parts['validation']['records']:,}",
                day=str(report.get("validation_from") or "")[: len("2024-05-01")],
            )
        )
    sums = Counter[str]()
    for part in parts.values():
        sums.update({name: part.get(name, 0) for name in _SHAPES})
    said = _shape_words(sums)
    return [*lines, *(said[each].format(n=f"{sums[each]:,}") for each in _SHAPES if sums[each])]


_SHAPES: Final = ("joined", "cut", "windows", "too_long_turns")


def _shape_words(sums: Counter[str]) -> dict[str, str]:
    return {
        "joined": ngettext(
            "{n} conversation was joined to the one before it.",
            "{n} conversations were joined to the one before them.",
            sums["joined"],
        ),
        "cut": ngettext(
            "{n} record more because long conversations were cut between turns.",
            "{n} records more because long conversations were cut between turns.",
            sums["cut"],
        ),
        "windows": ngettext(
            "{n} record more because the window slides over each conversation.",
            "{n} records more because the window slides over each conversation.",
            sums["windows"],
        ),
        "too_long_turns": ngettext(
            "{n} turn was longer than a record may be and is left out.",
            "{n} turns were longer than a record may be and are left out.",
            sums["too_long_turns"],
        ),
    }


def _kept(report: Report) -> list[str]:
    """Return the lines that say what stayed in the files, apart by who wanted it."""
    undecided = Counter(
        {
            entity: held["kept_by"].get("persona_name", 0)
            for entity, held in report["findings"]["by_entity"].items()
        }
    )
    decided = Counter(report["findings"]["kept"]) - undecided
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


def _ways(report: Report) -> list[str]:
    """Return the line that says what stands for the masked values, where not only placeholders."""
    ways = Counter[str]()
    for held in report["findings"]["by_entity"].values():
        ways.update({way: count for way, count in held["replaced_with"].items() if way})
    if set(ways) <= {Replacement.PLACEHOLDER.value}:
        return []
    return [
        _(
            "What stands for them: {invented} invented, {parts} in part, {rest} placeholders."
        ).format(
            invented=f"{ways[Replacement.SURROGATE.value]:,}",
            parts=f"{ways[Replacement.PARTIAL.value]:,}",
            rest=f"{ways[Replacement.PLACEHOLDER.value]:,}",
        )
    ]


def _kinds(counts: Mapping[str, int]) -> str:
    return _(", ").join(
        f"{entity_label(entity)} {count:,}" for entity, count in sorted(counts.items())
    )


def draw_lengths(report: Report, limit: int) -> None:
    """Draw how long the records of each part are, with a line where they are cut off.

    A report of an older version does not tell.
    """
    told = {name: part.get("tokens", {}) for name, part in _parts(report).items()}
    bins = [
        (name, bound, count)
        for name in ("train", "validation")
        for bound, count in told.get(name, {}).get("bins", ())
    ]
    if not bins:
        return
    st.markdown("##### " + _("How long the records are, in tokens"))
    names = {"train": _("for training"), "validation": _("for validation")}
    colours = {"train": _TRAINED, "validation": _VALIDATES}
    shown = [name for name in names if told.get(name, {}).get("bins")]
    if len(shown) > 1:
        draw_legend({names[name]: colours[name] for name in shown})
    line = limit or workflow.TRAINER_TOKENS
    st.altair_chart(_lengths_chart(bins, names, colours, line), key="export-lengths")
    st.caption(" ".join(_length_lines(told, bins, limit)))


def _length_lines(
    told: Mapping[str, Any], bins: list[tuple[str, int, int]], limit: int
) -> list[str]:
    quantiles = told.get("train", {}).get("quantiles", {})
    lines = []
    if quantiles:
        lines.append(
            _("Half of those for training have at most {half} tokens, the longest {most}.").format(
                half=f"{quantiles['50']:,}", most=f"{quantiles['100']:,}"
            )
        )
    if limit:
        lines.append(_("The line is your limit, {n}.").format(n=f"{limit:,}"))
        return lines
    usual = workflow.TRAINER_TOKENS
    lines.append(_("The line is where trainers cut off as a rule, {n}.").format(n=f"{usual:,}"))
    over = sum(count for _name, bound, count in bins if bound > usual)
    if over:
        lines.append(
            ngettext(
                "{n} record is longer: what is behind the line would be lost. Set a limit in the"
                " options, and it is cut between turns instead.",
                "{n} records are longer: what is behind the line would be lost. Set a limit in the"
                " options, and they are cut between turns instead.",
                over,
            ).format(n=f"{over:,}")
        )
    return lines


def _lengths_chart(
    bins: list[tuple[str, int, int]],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    line: int,
) -> alt.LayerChart:
    reached = Counter[int]()
    rows = []
    for name, bound, count in bins:
        low = reached[bound]
        reached[bound] += count
        rows.append(
            {
                "part": names[name],
                "from": bound / 2,
                "to": bound,
                "low": low,
                "high": low + count,
                "count": count,
            }
        )
    bounds = [bound for _name, bound, _count in bins]
    last = max(line, *bounds)
    scale = alt.Scale(type="log", base=2, domain=[min(bounds) / 2, last * 1.2])
    marks = [2**power for power in range(4, 24) if 2**power <= last]
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(cornerRadius=2, binSpacing=1)
        .encode(
            x=alt.X(
                "from:Q",
                scale=scale,
                title=None,
                axis=alt.Axis(values=marks, format=",d", grid=False, labelOverlap="parity"),
            ),
            x2="to:Q",
            y=alt.Y("low:Q", title=None, axis=alt.Axis(format=",d", tickMinStep=1, tickCount=4)),
            y2="high:Q",
            color=alt.Color(
                "part:N",
                scale=alt.Scale(
                    domain=[names[name] for name in colours], range=list(colours.values())
                ),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("part:N", title=" "),
                alt.Tooltip("to:Q", title=_("tokens, at most"), format=","),
                alt.Tooltip("count:Q", title=_("records"), format=","),
            ],
        )
    )
    rule = (
        alt.Chart(pd.DataFrame({"limit": [line]}))
        .mark_rule(color=_LIMIT, strokeDash=[5, 4], strokeWidth=2)
        .encode(x=alt.X("limit:Q", scale=scale))
    )
    return alt.LayerChart(layer=[bars, rule], height=_PLOT)
