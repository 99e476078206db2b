"""How the person writes, before and after curation, and how long their conversations are."""

from __future__ import annotations

from datetime import datetime
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import ConversationFilter
from curation.ui.catalogue import _, ngettext, sentences
from curation.ui.charts import Bar, Picture, draw_legend, draw_picture
from curation.ui.frame import errors_shown, flash
from curation.ui.pages import go
from curation.ui.progress import working
from curation.ui.state import get_state
from curation.workflow import LENGTH_STEPS, SIZES, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from curation.workflow import Change, Fingerprint, Often, RecordLengths, Voice, Workspace

_SHOWN: Final = 14
_RARE: Final = 0.0005
"""A habit of fewer than one message in two thousand, before and after, is not listed."""

_MEASURE: Final[Mapping[Measure, str]] = {
    Measure.LENGTH: N_("Characters in a message"),
    Measure.BURST: N_("Messages in a row"),
    Measure.KAOMOJI: N_("Kaomoji, such as (*^▽^*)"),
    Measure.CODES: N_("Stickers as text, such as [旺柴]"),
    Measure.EMOJI: N_("Emoji"),
    Measure.LAUGHTER: N_("Laughter (哈哈, hhh, 233)"),
    Measure.PARTICLES: N_("Ends with 呀, 呢, 啦, 嘛 …"),
    Measure.TILDE: N_("Tilde ~"),
    Measure.EXCLAMATION: N_("Exclamation mark !"),
    Measure.QUESTION: N_("Question mark ?"),
    Measure.ELLIPSIS: N_("Ellipsis …"),
    Measure.FULL_STOP: N_("Full stop 。"),
    Measure.DOUBLED: N_("Repeated !! and ??"),
    Measure.WORDS: N_("Favourite words that are still among them"),
}

_SENTENCE: Final[Mapping[Measure, str]] = {
    Measure.LENGTH: N_("messages were {before} characters long, now {after}"),
    Measure.BURST: N_("you wrote {before} messages in a row, now {after}"),
    Measure.KAOMOJI: N_("kaomoji in {before} of your messages before, {after} after"),
    Measure.CODES: N_("stickers as text in {before} of your messages before, {after} after"),
    Measure.EMOJI: N_("emoji in {before} of your messages before, {after} after"),
    Measure.LAUGHTER: N_("laughter in {before} of your messages before, {after} after"),
    Measure.PARTICLES: N_("{before} of your messages ended with a particle, now {after}"),
    Measure.TILDE: N_("~ in {before} of your messages before, {after} after"),
    Measure.EXCLAMATION: N_("! in {before} of your messages before, {after} after"),
    Measure.QUESTION: N_("? in {before} of your messages before, {after} after"),
    Measure.ELLIPSIS: N_("… in {before} of your messages before, {after} after"),
    Measure.FULL_STOP: N_("a full stop in {before} of your messages before, {after} after"),
    Measure.DOUBLED: N_("!! or ?? in {before} of your messages before, {after} after"),
    Measure.WORDS: N_("of your favourite words {after} are left"),
}

_SIDE_COLOURS: Final = ("#8c958f", "#2f9e68")

_CHIP: Final = (
    "display:inline-block;background:rgba(128,140,132,.16);border-radius:.6rem;"
    "padding:.1rem .5rem;margin:0 .3rem .3rem 0;overflow-wrap:anywhere;"
)
_COUNT: Final = "opacity:.75;font-size:.85em;margin-left:.35rem;"


def measure_name(measure: Measure) -> str:
    """Return what a measure of style is called."""
    return _(_MEASURE[measure])


def measure_text(measure: Measure, value: float) -> str:
    """Return a measure's value as it is shown."""
    return f"{value:,.1f}" if measure in SIZES else f"{100 * value:.1f} %"


def _want() -> None:
    state = get_state()
    state.voice_wanted, state.voice_stopped = True, False


def _stop() -> None:
    state = get_state()
    state.voice_wanted, state.voice_stopped = False, True
    flash(_("Stopped. Nothing was measured."))


def draw_voice(ws: Workspace, zone: tzinfo, *, unscanned: int) -> None:
    """Draw the style and the lengths; measure them where that was not done yet, or is asked for.

    Before everything was searched for private details nothing is measured: names would be told as
    favourite words.
    """
    st.subheader(_("How you write"), anchor=False)
    voice = workflow.kept_voice(ws)
    state = get_state()
    if unscanned and voice is None:
        st.info(
            _("This is measured once your chats have been searched for private details."),
            icon=":material/shield:",
        )
        return
    if not unscanned and (state.voice_wanted or (voice is None and not state.voice_stopped)):
        _measure(ws)
    if voice is None:
        st.button(_("Measure now"), key="measure", icon=":material/graphic_eq:", on_click=_want)
        return
    _draw_origin(voice, zone, again=not unscanned)
    if not voice.before.messages:
        st.info(_("There is no message of yours to measure."))
        return
    _draw_verdict(voice)
    _draw_changes(voice.changes)
    _draw_lengths(voice.before, voice.after)
    _draw_favourites(voice)
    _draw_records(voice.lengths)


def _measure(ws: Workspace) -> None:
    done = False
    with errors_shown(), working(_stop, key="stop-voice") as progress:
        workflow.measure_voice(ws, progress)
        done = True
    state = get_state()
    state.voice_wanted, state.voice_stopped = False, not done
    if done:
        st.rerun()


def _draw_origin(voice: Voice, zone: tzinfo, *, again: bool) -> None:
    """Say what was read, and when; offer to read again."""
    at = datetime.fromtimestamp(voice.measured_at, zone)
    parts = [_("Measured on {day} at {time}.").format(day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")]
    if voice.before.messages < voice.all_before:
        text = _("{n} of your {all} messages were read, picked evenly.")
        parts.append(text.format(n=f"{voice.before.messages:,}", all=f"{voice.all_before:,}"))
    if voice.since:
        text = ngettext("{n} action happened since.", "{n} actions happened since.", voice.since)
        parts.append(text.format(n=f"{voice.since:,}"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(sentences(parts), width="stretch")
        if again:
            st.button(
                _("Measure again"),
                key="measure",
                icon=":material/refresh:",
                type="secondary" if voice.since else "tertiary",
                on_click=_want,
            )


def _draw_verdict(voice: Voice) -> None:
    """Say in a sentence whether the voice is kept."""
    if not voice.changes:
        st.info(_("There are too few messages to tell whether your voice is kept."))
        return
    if not voice.approved_only:
        st.caption(
            _(
                "Much still waits for review: “as exported” is what the file would hold if"
                " everything that is not rejected were approved."
            )
        )
    changed = [each for each in voice.changes if each.much]
    if not changed:
        shown = next(each for each in voice.changes if each.measure is Measure.KAOMOJI)
        # What this person does most says most.
        others = [each for each in voice.changes if each.measure not in SIZES | {Measure.WORDS}]
        telling = shown if shown.before >= _RARE else max(others, key=lambda each: each.before)
        text = _("Your voice is kept: {example}.").format(example=_sentence(telling))
        st.success(text, icon=":material/check_circle:")
        return
    lines = "\n".join(f"- {_sentence(each)}" for each in changed)
    head = ngettext(
        "Your voice changed in {n} way:", "Your voice changed in {n} ways:", len(changed)
    )
    st.warning(f"{head.format(n=len(changed))}\n{lines}", icon=":material/hearing:")


def _sentence(change: Change) -> str:
    before, after = _numbers(change)
    text = _(_SENTENCE[change.measure])
    return text.format(before=before, after=after).replace("~", r"\~")


def _numbers(change: Change) -> tuple[str, str]:
    if change.measure in SIZES:
        return f"{change.before:.1f}", f"{change.after:.1f}"
    return f"{change.before:.1%}", f"{change.after:.1%}"


def _draw_changes(changes: Sequence[Change]) -> None:
    """Draw all measures side by side."""
    shown = [each for each in changes if max(each.before, each.after) >= _RARE]
    if not shown:
        return
    cell = "padding:.3rem .5rem;border-bottom:1px solid rgba(128,140,132,.3);"
    number = f"{cell}text-align:right;white-space:nowrap;"
    heads = (_("As imported"), _("As exported"))
    rows = []
    for each in shown:
        before, after = _numbers(each)
        sign = " ▲ " + _("changed") if each.much else ""
        weight = "font-weight:650;" if each.much else ""
        name = escape(_(_MEASURE[each.measure]))
        rows.append(
            f'<tr><th scope="row" style="{cell}text-align:left;font-weight:400;">{name}</th>'
            f'<td style="{number}">{before}</td>'
            f'<td style="{number}{weight}">{after}{escape(sign)}</td></tr>'
        )
    first = escape(_("In your messages"))
    columns = "".join(f'<th scope="col" style="{number}">{escape(head)}</th>' for head in heads)
    st.html(
        '<table style="width:100%;border-collapse:collapse;">'
        f'<thead><tr><th scope="col" style="{cell}text-align:left;">'
        f"{first}</th>{columns}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _draw_lengths(before: Fingerprint, after: Fingerprint) -> None:
    """Draw how long messages are, before and after, beside each other."""
    ends = [start - 1 for start in LENGTH_STEPS[1:]]
    labels = [
        f"{first}" if first == last else f"{first}–{last}"
        for first, last in zip(LENGTH_STEPS, ends, strict=False)
    ]
    labels.append(f"{LENGTH_STEPS[-1]}+")
    sides = {_("As imported"): before, _("As exported"): after}
    colours = dict(zip(sides, _SIDE_COLOURS, strict=True))
    table = pd.DataFrame(
        [
            {"length": label, "share": share, "side": side}
            for side, told in sides.items()
            for label, share in zip(labels, told.lengths.shares, strict=True)
        ]
    )
    chart = (
        alt.Chart(table)
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("length:N", sort=labels, title=None, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("side:N", sort=list(sides)),
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=4)),
            color=alt.Color(
                "side:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("length:N", title=_("Characters in a message")),
                alt.Tooltip("side:N", title=" "),
                alt.Tooltip("share:Q", title=_("Share of your messages"), format=".1%"),
            ],
        )
        .properties(height=210)
    )
    st.markdown("##### " + _("Characters in a message"))
    draw_legend(colours)
    st.altair_chart(chart, alt=_("Characters in a message"))


def _draw_favourites(voice: Voice) -> None:
    """Draw what is written most, before and after."""
    before, after = voice.before, voice.after
    _draw_pairs(
        (
            (_("Kaomoji"), before.kaomoji.top, after.kaomoji.top),
            (_("Stickers as text"), before.codes.top, after.codes.top),
            (_("Favourite words"), before.words, after.words),
        )
    )
    with st.expander(
        _("Emoji, laughter, particles, how messages begin and end"), icon=":material/more_horiz:"
    ):
        _draw_pairs(
            (
                (_("Emoji"), before.emoji.top, after.emoji.top),
                (_("Laughter"), before.laughter.top, after.laughter.top),
                (_("Particles at the end"), before.particles.top, after.particles.top),
                (_("First words"), before.openings, after.openings),
                (_("Last words"), before.closings, after.closings),
            )
        )


def _draw_pairs(pairs: Sequence[tuple[str, Sequence[Often], Sequence[Often]]]) -> None:
    for title, before, after in pairs:
        if not before and not after:
            continue
        st.markdown("##### " + title)
        left, right = st.columns(2)
        with left:
            _draw_chips(_("As imported"), before)
        with right:
            _draw_chips(_("As exported"), after)


def _draw_chips(title: str, told: Sequence[Often]) -> None:
    chips = "".join(
        f'<span style="{_CHIP}"><bdi>{escape(each.text)}</bdi>'
        f'<span style="{_COUNT}">{each.count:,}</span></span>'
        for each in told[:_SHOWN]
    )
    st.caption(title)
    nothing = escape(_("none"))
    st.html(f"<div>{chips or nothing}</div>")


def _draw_records(lengths: RecordLengths) -> None:
    """Draw how long conversations are to a trainer, and name those over the limit."""
    if not sum(lengths.counts):
        return
    st.subheader(_("How long your conversations are"), anchor=False)
    st.caption(
        _(
            "A trainer counts in tokens, about one and a quarter characters of Chinese each, and"
            " cuts off what is too long. The numbers are estimates."
        )
    )
    steps = list(lengths.steps)
    labels = [f"{first:,}–{last - 1:,}" for first, last in pairwise(steps[:-1])]
    labels += [
        f"{steps[-2]:,}–{lengths.limit:,}",
        _("over {limit}").format(limit=f"{lengths.limit:,}"),
    ]
    within, beyond = _("within the limit"), _("over the limit")
    ends = [*(first - 1 for first in steps[1:]), None]
    bars = [
        Bar(
            label,
            count,
            ConversationFilter(min_tokens=max(least, 1), max_tokens=most),
            beyond if most is None else within,
        )
        for label, count, least, most in zip(labels, lengths.counts, steps, ends, strict=True)
    ]
    draw_picture(
        Picture(
            "tokens",
            _("Conversations by tokens"),
            _("Conversations"),
            bars,
            colours={within: "#5b8def", beyond: "#c95d63"},
            sparse=True,
        )
    )
    over = lengths.counts[-1]
    if not over:
        st.caption(_("None is over the limit of {n} tokens.").format(n=f"{lengths.limit:,}"))
        return
    text = ngettext(
        "{n} conversation is over the limit of {limit} tokens. The longest one:",
        "{n} conversations are over the limit of {limit} tokens. The longest ones:",
        over,
    )
    tokens = dict(lengths.longest)
    chosen = st.pills(
        text.format(n=f"{over:,}", limit=f"{lengths.limit:,}"),
        list(tokens),
        format_func=lambda number: _("{n} tokens").format(n=f"{tokens[number]:,}"),
        key=f"longest-{get_state().picture_round}",
    )
    if chosen is not None:
        get_state().picture_round += 1
        go("review", {"at": str(chosen)})
