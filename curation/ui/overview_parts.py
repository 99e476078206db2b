"""The overview's parts: how far the review is, what comes next, pictures of what there is."""

from __future__ import annotations

from datetime import UTC, date, timedelta, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import altair as alt
import pandas as pd
import streamlit as st

from curation.model import ConversationFilter, Decision, FindingFilter, Status
from curation.ui.catalogue import _, ngettext
from curation.ui.charts import Bar, Picture, draw_picture, height_of
from curation.ui.decisions import DECISION_COLOUR
from curation.ui.exporting import STATUS_COLOUR, draw_statuses
from curation.ui.filters import to_query
from curation.ui.pages import go, next_step
from curation.ui.state import get_state
from curation.ui.words import decision_label, entity_label, status_label
from curation.workflow import length_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.workflow import Forecast, Overview

_MOST_CHATS: Final = 12
_MOST_EMOTIONS: Final = 12
_MOST_KINDS: Final = 12
_DAYS: Final = 30
_MOST_MONTHS: Final = 600
_HOUR: Final = 3600
_MINUTE: Final = 60


def reviewers_zone() -> tzinfo:
    """Return the time zone of the person's browser, UTC where it does not tell."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def draw_progress(told: Overview) -> None:
    """Draw where the conversations stand, how long the rest takes, and what to do next."""
    with st.container(border=True):
        draw_statuses(told.statuses)
        _draw_next(told)
        if told.forecast is not None:
            st.caption(":material/schedule: " + forecast_words(told.forecast))


def _draw_next(told: Overview) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if told.left:
            text = (
                ngettext("Continue reviewing: {n} left", "Continue reviewing: {n} left", told.left)
                if told.decided
                else ngettext(
                    "Start reviewing: {n} conversation",
                    "Start reviewing: {n} conversations",
                    told.left,
                )
            )
            if st.button(
                text.format(n=f"{told.left:,}"),
                key="next-review",
                type="primary",
                icon=":material/rate_review:",
            ):
                flt = ConversationFilter(statuses=(Status.PENDING,))
                get_state().review_filter = flt
                go("review", to_query(flt))
        if told.undecided:
            text = ngettext(
                "Decide {n} private detail of what is approved",
                "Decide {n} private details of what is approved",
                told.undecided,
            )
            label = text.format(n=f"{told.undecided:,}")
            next_step("privacy", label, key="next-privacy", primary=not told.left)
        if told.statuses[Status.APPROVED]:
            done = not told.left and not told.undecided
            next_step("export", _("Export what is approved"), key="next-export", primary=done)


def forecast_words(forecast: Forecast) -> str:
    """Return how long the rest takes, in words."""
    pace = f"{round(forecast.an_hour):,}" if forecast.an_hour >= 1 else f"{forecast.an_hour:.1f}"
    least, most = forecast.least, forecast.most
    # What takes hours is not told to the minute.
    unit = _HOUR if most >= 2 * _HOUR else _MINUTE
    first, last = max(1, round(least / unit)), max(1, round(most / unit))
    if first == last:
        text = (
            ngettext(
                "At your pace of {pace} an hour about {n} hour is left.",
                "At your pace of {pace} an hour about {n} hours are left.",
                last,
            )
            if unit == _HOUR
            else ngettext(
                "At your pace of {pace} an hour about {n} minute is left.",
                "At your pace of {pace} an hour about {n} minutes are left.",
                last,
            )
        )
        return text.format(pace=pace, n=f"{last:,}")
    text = (
        _("At your pace of {pace} an hour between {first} and {last} hours are left.")
        if unit == _HOUR
        else _("At your pace of {pace} an hour between {first} and {last} minutes are left.")
    )
    return text.format(pace=pace, first=f"{first:,}", last=f"{last:,}")


def draw_days(told: Overview, today: date) -> None:
    """Draw how many conversations were decided on each of the last days, if any were."""
    first = today - timedelta(days=_DAYS - 1)
    lately = {day: count for day, count in told.days.items() if first <= day <= today}
    if not lately:
        return
    st.markdown("##### " + _("Decided per day"))
    days = [first + timedelta(days=number) for number in range(_DAYS)]
    table = pd.DataFrame(
        {
            "day": [f"{day:%m-%d}" for day in days],
            "count": [lately.get(day, 0) for day in days],
        }
    )
    chart = (
        alt.Chart(table)
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X(
                "day:N",
                sort=None,
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap="parity", grid=False),
            ),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1, format=",d", tickCount=3)),
            tooltip=[
                alt.Tooltip("day:N", title=_("Day")),
                alt.Tooltip("count:Q", title=_("Conversations"), format=","),
            ],
        )
        .properties(height=150)
    )
    st.altair_chart(chart, alt=_("Decided per day"))
    text = _("{today} today. {n} in the last {days} days, on {worked} of them.")
    st.caption(
        text.format(
            today=f"{lately.get(today, 0):,}",
            days=_DAYS,
            n=f"{sum(lately.values()):,}",
            worked=len(lately),
        )
    )


def draw_pictures(told: Overview) -> None:
    """Draw what the workspace holds in two columns where there is room, each next one higher up."""
    columns, heights = st.columns(2, gap="small"), [0, 0]
    for picture in _pictures(told):
        if any(bar.count for bar in picture.bars):
            shorter = heights.index(min(heights))
            heights[shorter] += height_of(picture)
            with columns[shorter], st.container(border=True):
                draw_picture(picture)


def _pictures(told: Overview) -> Iterator[Picture]:
    counts, conversations = told.counts, _("Conversations")
    yield Picture(
        "partner",
        _("By partner"),
        conversations,
        _by_chat(told),
        across=True,
        colours={status_label(status): STATUS_COLOUR[status] for status in STATUS_COLOUR},
        note=_largest(_MOST_CHATS, len(told.chats)),
    )
    yield Picture(
        "private",
        _("Private details by kind"),
        _("Places"),
        _by_kind(told),
        across=True,
        colours={decision_label(each): DECISION_COLOUR[each] for each in Decision},
        note=_largest(_MOST_KINDS, len({entity for entity, _decision in counts.findings})),
    )
    yield Picture("month", _("By month"), conversations, _by_month(told), sparse=True)
    yield Picture(
        "hour",
        _("By hour of the day"),
        conversations,
        [
            Bar(f"{hour}", counts.hours.get(hour, 0), ConversationFilter(hours=(hour,)))
            for hour in range(24)
        ]
        if counts.hours
        else [],
        sparse=True,
    )
    yield Picture("length", _("By number of messages"), conversations, _by_length(counts.lengths))
    if counts.emotions:
        yield Picture(
            "emotion",
            _("By emotion"),
            conversations,
            _by_emotion(told),
            across=True,
            note=_largest(_MOST_EMOTIONS, len(counts.emotions)),
        )


def _largest(shown: int, there: int) -> str:
    """Return in words that only the largest are shown, nothing where all are."""
    return _("The {n} largest of {all}.").format(n=shown, all=f"{there:,}") if there > shown else ""


def _by_chat(told: Overview) -> list[Bar]:
    return [
        Bar(
            chat.name,
            chat.counts[status],
            ConversationFilter(chats=(chat.name,), statuses=(status,)),
            status_label(status),
        )
        for chat in told.chats[:_MOST_CHATS]
        for status in STATUS_COLOUR
    ]


def _by_kind(told: Overview) -> list[Bar]:
    findings = told.counts.findings
    sums = {
        entity: sum(findings.get((entity, each), 0) for each in Decision)
        for entity in {entity for entity, _decision in findings}
    }
    ranked = sorted(sums, key=lambda entity: (-sums[entity], entity))[:_MOST_KINDS]
    return [
        Bar(
            entity_label(entity),
            findings.get((entity, decision), 0),
            ConversationFilter(
                entities=(entity,),
                # No filter tells what was masked from what is kept: better some too many.
                findings=FindingFilter.UNDECIDED
                if decision is Decision.PENDING
                else FindingFilter.ANY,
            ),
            decision_label(decision),
        )
        for entity in ranked
        for decision in Decision
    ]


def _by_month(told: Overview) -> list[Bar]:
    months = told.counts.months
    if not months:
        return []
    bars: list[Bar] = []
    month, last = min(months), max(months)
    # What is far from everything else would leave a picture of nothing.
    while month <= last and len(bars) < _MOST_MONTHS:
        following = (month + timedelta(days=31)).replace(day=1)
        flt = ConversationFilter(first_day=month, last_day=following - timedelta(days=1))
        bars.append(Bar(f"{month:%Y-%m}", months.get(month, 0), flt))
        month = following
    return bars


def _by_length(lengths: Sequence[int]) -> list[Bar]:
    bars = []
    for (least, most), count in zip(length_steps(), lengths, strict=True):
        label = f"{least}+" if most is None else f"{least}–{most}"
        bars.append(Bar(label, count, ConversationFilter(min_length=least, max_length=most)))
    return bars


def _by_emotion(told: Overview) -> list[Bar]:
    emotions = list(told.counts.emotions.items())[:_MOST_EMOTIONS]
    bars = [Bar(name, count, ConversationFilter(emotion=name)) for name, count in emotions]
    without = sum(told.statuses.values()) - told.counts.tagged
    return [*bars, Bar(_("not tagged"), without, ConversationFilter(tagged=False))]
