"""Does it sound like me: the same questions to two, their answers side by side, and the numbers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd
import streamlit as st

from curation import workflow
from curation.errors import N_, RuwoError
from curation.model import Side
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.charts import draw_legend
from curation.ui.components.talk import with_emoji
from curation.ui.frame import errors_shown, flash
from curation.ui.html import bubbles, quoted
from curation.ui.markdown import plain
from curation.ui.pages import next_step
from curation.ui.progress import working
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value
from curation.ui.voice_parts import measure_name, measure_text
from curation.workflow import EVERYDAY, OWN, SIZES, ChatModel, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import Change, LikeAnswer, Likeness, LikeStyles, Workspace

_RARE: Final = 0.005
_COLOURS: Final = ("#2f9e68", "#4f81c7", "#d08a2e")
"""The person, the first and the second."""

_FELT: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.LENGTH: (N_("longer messages"), N_("shorter messages")),
    Measure.BURST: (N_("more messages in a row"), N_("fewer messages in a row")),
    Measure.KAOMOJI: (N_("more kaomoji"), N_("fewer kaomoji")),
    Measure.CODES: (N_("more stickers"), N_("fewer stickers")),
    Measure.EMOJI: (N_("more emoji"), N_("fewer emoji")),
    Measure.LAUGHTER: (N_("more laughter"), N_("less laughter")),
    Measure.PARTICLES: (N_("more particles"), N_("fewer particles")),
    Measure.TILDE: (N_("more ~"), N_("fewer ~")),
    Measure.EXCLAMATION: (N_("more !"), N_("fewer !")),
    Measure.QUESTION: (N_("more ?"), N_("fewer ?")),
    Measure.ELLIPSIS: (N_("more …"), N_("fewer …")),
    Measure.FULL_STOP: (N_("more full stops"), N_("fewer full stops")),
    Measure.DOUBLED: (N_("more !!"), N_("fewer !!")),
}
_TABLE: Final = "width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums;"
_CELL: Final = "padding:.3rem .6rem;border-bottom:1px solid rgba(128,140,132,.3);text-align:right;"
_FIRST: Final = "text-align:left;"
_NUMBER: Final = "white-space:nowrap;"
_MUCH: Final = "font-weight:700;background:rgba(208,138,46,.18);"
_GRID: Final = (
    "display:grid;gap:.2rem 1rem;"
    "grid-template-columns:repeat(auto-fit,minmax(min(100%,260px),1fr));"
)
_ASKED: Final = "font-weight:600;margin:1rem 0 .3rem;overflow-wrap:anywhere;"
_WHO: Final = "font-size:.85em;opacity:.8;margin-bottom:.2rem;overflow-wrap:anywhere;"


def draw_likeness(ws: Workspace, models: Sequence[ChatModel]) -> None:
    """Draw the whole comparison: whom to ask what, and what came of the last time."""
    _do_wanted(ws, models)
    _draw_choice(ws, models)
    likeness = workflow.kept_likeness(ws)
    if likeness is not None:
        _draw_result(ws, likeness)


def _draw_choice(ws: Workspace, models: Sequence[ChatModel]) -> None:
    names = {each.key: each.name for each in models}
    with st.container(border=True):
        st.caption(
            _(
                "The same questions go to two, and you see whose answers sound like you. Each"
                " question is a talk of its own, with the persona's text before it."
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            first = st.selectbox(
                _("Ask"), list(names), format_func=names.__getitem__, key=Keys.LIKE_FIRST, width=260
            )
            others = {OWN: _("what I really answered"), **names}
            second = st.selectbox(
                _("and compare with"),
                [key for key in others if key != first],
                format_func=lambda key: others.get(key, ""),
                key=f"{Keys.LIKE_SECOND}-{get_state().language}",
                width=260,
            )
        if second == OWN:
            st.caption(
                _(
                    "What you really answered comes from what you approved; where nothing there is"
                    " like the question, from what waits for review."
                )
            )
        questions = _draw_questions(ws)
        asked = [each for each in models if each.key in (first, second)]
        hosts = _(" and ").join(dict.fromkeys(each.host for each in asked))
        st.caption(
            plain(
                _("{n} questions go to {host} as they stand here.").format(
                    n=len(questions), host=hosts
                )
            )
        )
        st.button(
            ngettext("Ask {n} question", "Ask {n} questions", len(questions)).format(
                n=len(questions)
            ),
            key="ask-likeness",
            type="primary",
            icon=":material/compare_arrows:",
            disabled=not questions,
            on_click=_want,
            args=(first, second, tuple(questions)),
        )


def _draw_questions(ws: Workspace) -> list[str]:
    """Draw the questions, which can be changed; return them."""
    key = f"{Keys.LIKE_QUESTIONS}-{get_state().language}"
    if not widget_exists(key):
        kept = workflow.everyday_questions(ws)
        set_widget(key, "\n".join(kept if kept is not None else map(_, EVERYDAY)))
    with st.expander(_("The questions, one a line")):
        st.text_area(
            _("The questions, one a line"),
            key=key,
            height=320,
            label_visibility="collapsed",
            on_change=_save_questions,
            args=(key,),
        )
        st.button(_("Back to the usual ones"), key="usual-questions", on_click=_usual, args=(key,))
    return [each.strip() for each in (widget_value(key) or "").splitlines() if each.strip()]


def _save_questions(key: str) -> None:
    try:
        workflow.save_questions(open_workspace(), (widget_value(key) or "").splitlines())
    except RuwoError as error:
        flash(error_text(error))


@refusals_told
def _usual(key: str) -> None:
    workflow.save_questions(open_workspace(), None)
    set_widget(key, "\n".join(map(_, EVERYDAY)))


def _want(first: str, second: str, questions: tuple[str, ...]) -> None:
    get_state().likeness_wanted = (first, second, questions)


def _stopped() -> None:
    get_state().likeness_wanted = None
    flash(_("Stopped. What was answered so far is kept."))


def _do_wanted(ws: Workspace, models: Sequence[ChatModel]) -> None:
    """Ask both, with a bar that counts and can be stopped."""
    state = get_state()
    if state.likeness_wanted is None:
        return
    first, second, questions = state.likeness_wanted
    known = {each.key: each for each in models}
    if first in known:
        sides = (known[first], known.get(second))
        with errors_shown(), working(_stopped, key="stop-likeness") as progress:
            workflow.ask_both(ws, sides, questions, progress)
    state.likeness_wanted = None


def _draw_result(ws: Workspace, likeness: Likeness) -> None:
    names = [
        _("What you really answered") if key == OWN else name or key
        for key, name in zip(likeness.keys, likeness.names, strict=True)
    ]
    styles = workflow.like_styles(ws, likeness)
    if styles is None:
        st.info(_("How you write was not measured yet: the overview does it."))
        next_step("overview", _("Go to the overview"), key="like-overview", primary=False)
    else:
        st.subheader(_("Does it sound like you?"), anchor=False)
        st.markdown(plain(verdict(styles, names, likeness.keys)))
        changes = _worth_showing(styles)
        if changes:
            _draw_picture(styles, names, changes)
            st.html(_table(styles, likeness, names, changes))
        text = _(
            "Yours is of {own} messages, theirs of {first} and {second}: with so few only what is"
            " far off is marked."
        )
        own, one, two = (f"{number:,}" for number in styles.messages)
        st.caption(text.format(own=own, first=one, second=two))
    st.subheader(_("Side by side"), anchor=False)
    if likeness.done < len(likeness.rows):
        text = _("{n} of {total} questions were asked.")
        st.caption(text.format(n=likeness.done, total=len(likeness.rows)))
    st.html(_answers(likeness, names))


def verdict(styles: LikeStyles, names: Sequence[str], keys: Sequence[str]) -> str:
    """Return in a line who sounds like the person, and by what the others can be told."""
    told: list[str] = []
    off: list[int | None] = []
    for name, key, changes in zip(names, keys, styles.sides, strict=True):
        if changes is None:
            off.append(None)
            if key != OWN:
                told.append(_("{name} said too little to tell.").format(name=name))
            continue
        much = [each for each in changes if each.much]
        off.append(len(much))
        if key == OWN:
            continue
        if not much:
            text = _("{name} writes much as you do.").format(name=name)
        else:
            felt = _(", ").join(_(_FELT[each.measure][each.after < each.before]) for each in much)
            text = _("{name} can be told from you by {n} of {total} habits: {felt}.").format(
                name=name, n=len(much), total=len(changes), felt=felt
            )
        told.append(text)
    first, second = off
    if OWN not in keys and first is not None and second is not None and first != second:
        nearer = names[0] if first < second else names[1]
        told.insert(0, _("{name} sounds more like you.").format(name=nearer))
    return " ".join(told)


def _worth_showing(styles: LikeStyles) -> list[Measure]:
    """Return the measures of which any has more than a trace."""
    sides = [each for each in styles.sides if each is not None]
    return [
        changes[0].measure
        for changes in zip(*sides, strict=True)
        if any(max(each.before, each.after) >= _RARE for each in changes)
    ]


def _by_measure(changes: Sequence[Change] | None) -> dict[Measure, Change]:
    return {each.measure: each for each in changes or ()}


def _table(
    styles: LikeStyles, likeness: Likeness, names: Sequence[str], shown: Sequence[Measure]
) -> str:
    """Return HTML of the numbers: the person's own, and both beside it."""
    sides = [_by_measure(each) for each in styles.sides]
    keys = likeness.keys
    heads = [_("Measure"), _("You"), *names]
    rows = [
        "".join(
            f'<th scope="col" style="{_CELL}{_FIRST if not at else ""}">{escape(head)}</th>'
            for at, head in enumerate(heads)
        )
    ]
    for measure in shown:
        own = next(side[measure].before for side in sides if side)
        cells = [f'<th scope="row" style="{_CELL}{_FIRST}">{escape(measure_name(measure))}</th>']
        cells.append(f'<td style="{_CELL}{_NUMBER}">{measure_text(measure, own)}</td>')
        for side, key in zip(sides, keys, strict=True):
            change = side.get(measure)
            marked = change is not None and change.much and key != OWN
            style = _CELL + _NUMBER + (_MUCH if marked else "")
            text = "–" if change is None else measure_text(measure, change.after)
            cells.append(f'<td style="{style}">{text}</td>')
        rows.append("".join(cells))
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div style="overflow-x:auto"><table style="{_TABLE}">{body}</table></div>'


def _draw_picture(styles: LikeStyles, names: Sequence[str], shown: Sequence[Measure]) -> None:
    """Draw the shares as points on a line each: near the person's own or far from it."""
    whose = [_("You"), *names]
    sides = [_by_measure(each) for each in styles.sides]
    rows = []
    for measure in shown:
        if measure in SIZES:
            continue
        own = next(side[measure].before for side in sides if side)
        rows.append((measure_name(measure), whose[0], own))
        rows += [
            (measure_name(measure), name, side[measure].after)
            for name, side in zip(names, sides, strict=True)
            if side
        ]
    if not rows:
        return
    table = pd.DataFrame(rows, columns=pd.Index(["measure", "who", "share"]))
    colours = dict(zip(whose, _COLOURS, strict=True))
    draw_legend(colours)
    base = alt.Chart(table).encode(
        y=alt.Y(
            "measure:N",
            sort=list(dict.fromkeys(table["measure"])),
            title=None,
            axis=alt.Axis(labelLimit=150, grid=True),
        ),
        x=alt.X("share:Q", title=_("of all messages"), axis=alt.Axis(format="%", tickCount=5)),
    )
    points = base.mark_circle(size=100).encode(
        yOffset=alt.YOffset("who:N", sort=whose),  # equal ones lie below each other
        color=alt.Color("who:N", scale=alt.Scale(domain=whose, range=list(_COLOURS)), legend=None),
        tooltip=[
            alt.Tooltip("measure:N", title=_("Measure")),
            alt.Tooltip("who:N", title=" "),
            alt.Tooltip("share:Q", format=".1%", title=_("of all messages")),
        ],
    )
    st.altair_chart(points.properties(height=36 * table["measure"].nunique() + 50))


def _answers(likeness: Likeness, names: Sequence[str]) -> str:
    """Return HTML of all answers, two beside each other, always escaped."""
    parts: list[str] = []
    for row in likeness.rows:
        parts.append(f'<div style="{_ASKED}">{escape(row.question)}</div><div style="{_GRID}">')
        for name, key, answer in zip(names, likeness.keys, row.answers, strict=True):
            head = name
            if answer is not None and answer.asked:
                head += " · " + _("to “{asked}”").format(asked=answer.asked)
            parts.append(f'<div><div style="{_WHO}">{escape(head)}</div>{_said(answer, key)}</div>')
        parts.append("</div>")
    return "".join(parts)


def _said(answer: LikeAnswer | None, key: str) -> str:
    """Return HTML of one answer, or of why there is none."""
    if answer is None:
        return quoted(_("Not asked yet."))
    said = bubbles(with_emoji(answer.text).splitlines(), Side.OTHER, whole=True)
    if answer.problem is not None:
        template, values = answer.problem
        said += quoted(_(template).format(**values))
    elif not answer.text:
        none = _("Nothing like it was ever asked.") if key == OWN else _("The model said nothing.")
        said = quoted(none)
    return said
