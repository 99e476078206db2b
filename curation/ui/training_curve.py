"""The loss curve and what it says."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from curation.errors import BadFileError
from curation.training import (
    GOOD,
    WAITING,
    Kind,
    judge,
    read_log,
    smoothed,
    thinned,
    weight_for,
)
from curation.ui.catalogue import _, ngettext
from curation.ui.charts import draw_legend
from curation.ui.frame import show_error
from curation.ui.markdown import plain
from curation.ui.state import Keys, get_state
from curation.ui.training_words import told_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.training import Log, Point, Run, Verdict

_TRAIN_COLOUR: Final = "#2f9e68"
_EVAL_COLOUR: Final = "#e0a030"
_MARK_COLOUR: Final = "#c95d63"
_HEIGHT: Final = 300
_DOTTED: Final = 30
"""More measurements than these are a line; their dots are there for the mouse alone."""
_MOST_MEGABYTES: Final = 200


def draw_log(log: Log, *, key: str, records: int = 0) -> None:
    """Draw the last run of a log, or the one that the person picks, with what its curve says."""
    run = log.runs[-1]
    if len(log.runs) > 1:
        numbers = range(len(log.runs))
        picked = st.selectbox(
            _("The file holds several runs"),
            numbers,
            index=len(log.runs) - 1,
            format_func=lambda at: _run_words(log, at),
            key=f"{key}-run",
        )
        run = log.runs[picked]
    verdict = judge(run, records)
    draw_verdict(verdict)
    draw_curve(run, verdict.step, key=key)
    if log.skipped:
        text = ngettext(
            "{n} line could not be read and was passed over.",
            "{n} lines could not be read and were passed over.",
            log.skipped,
        )
        st.caption(text.format(n=f"{log.skipped:,}"))


def _run_words(log: Log, at: int) -> str:
    run = log.runs[at]
    text = _("Run {number}, up to step {step}")
    if at == len(log.runs) - 1:
        text = _("Run {number}, up to step {step} (the last)")
    return text.format(number=at + 1, step=f"{run.last_step:,}")


def draw_verdict(verdict: Verdict) -> None:
    """Draw what a curve says, what to do, and the numbers behind it."""
    said = f"**{told_words(verdict.says)}** {told_words(verdict.advice)}"
    if verdict.kind in GOOD:
        st.success(said, icon=":material/check_circle:")
    elif verdict.kind in WAITING:
        st.info(said, icon=":material/hourglass_empty:")
    elif verdict.kind is Kind.DIVERGED:
        st.error(said, icon=":material/error:")
    else:
        st.warning(said, icon=":material/warning:")
    if verdict.facts:
        facts = (f"{_(fact.label)} {fact.value}" for fact in verdict.facts)
        st.caption(plain(" · ".join(facts)))


def draw_curve(run: Run, mark: int | None, *, key: str) -> None:
    """Draw both losses over the steps, the training loss smoothed and as it is, and a mark."""
    if not run.points:
        return
    colours = {}
    if run.trained:
        colours[_("Training loss")] = _TRAIN_COLOUR
    if run.measured:
        colours[_("Validation loss")] = _EVAL_COLOUR
    draw_legend(colours)
    st.altair_chart(_chart(run, mark), key=f"{key}-curve", alt=_("Training and validation loss"))


def _chart(run: Run, mark: int | None) -> alt.LayerChart | alt.FacetChart:
    train = _table(run.trained, _("Training loss"))
    measured = _table(run.measured, _("Validation loss"))
    steps = alt.X("step:Q", title=_("Step"), axis=alt.Axis(grid=False, tickMinStep=1, format=",d"))
    heights = alt.Scale(zero=False, nice=True)
    tips = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("step:Q", title=_("Step"), format=","),
        alt.Tooltip("raw:Q", title=_("Loss"), format=".4f"),
        alt.Tooltip("epoch:Q", title=_("Epoch"), format=".2f"),
        alt.Tooltip("rate:Q", title=_("Learning rate"), format=".2e"),
    ]

    def drawn(table: pd.DataFrame, column: str) -> alt.Chart:
        return alt.Chart(table).encode(
            x=steps, y=alt.Y(f"{column}:Q", title=None, scale=heights), tooltip=tips
        )

    layers: list[Any] = []
    if len(train):
        layers += [
            drawn(train, "raw").mark_line(color=_TRAIN_COLOUR, opacity=0.3, strokeWidth=1),
            drawn(train, "line").mark_line(color=_TRAIN_COLOUR, strokeWidth=2.5),
            drawn(train, "line").mark_circle(color=_TRAIN_COLOUR, opacity=0.01, size=90),
        ]
    if len(measured):
        dots = alt.OverlayMarkDef(color=_EVAL_COLOUR, opacity=float(len(measured) <= _DOTTED))
        layers.append(
            drawn(measured, "raw").mark_line(color=_EVAL_COLOUR, strokeWidth=2.5, point=dots)
        )
    if mark is not None:
        place = pd.DataFrame({"step": [mark]})
        layers.append(
            alt.Chart(place)
            .mark_rule(color=_MARK_COLOUR, strokeDash=[4, 4], strokeWidth=2)
            .encode(x=steps, tooltip=[alt.Tooltip("step:Q", title=_("Step"), format=",")])
        )
    return alt.layer(*layers).properties(height=_HEIGHT)


def _table(points: Sequence[Point], name: str) -> pd.DataFrame:
    raw = [_height(each) for each in points]
    rows = list(zip(points, raw, smoothed(raw, weight_for(len(raw))), strict=True))
    kept = thinned(rows, raw)
    return pd.DataFrame(
        {
            "name": name,
            "step": [point.step for point, _raw, _line in kept],
            "raw": [_finite(height) for _point, height, _line in kept],
            "line": [_finite(height) for _point, _raw, height in kept],
            "epoch": [point.epoch for point, _raw, _line in kept],
            "rate": [point.rate for point, _raw, _line in kept],
        }
    ).astype({"raw": "float64", "line": "float64", "epoch": "float64", "rate": "float64"})


def _height(point: Point) -> float:
    value = point.loss if point.loss is not None else point.eval_loss
    return math.nan if value is None else value


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def draw_upload() -> None:
    """Draw a place for a log from elsewhere, and its curve."""
    with st.expander(
        _("Look at a log from elsewhere"), icon=":material/monitoring:", key="training-elsewhere"
    ):
        st.caption(
            _(
                "The trainer writes it into its output folder: trainer_log.jsonl, or"
                " trainer_state.json in a checkpoint."
            )
        )
        chosen = st.file_uploader(
            _("The trainer's log"),
            type=["jsonl", "json"],
            key=Keys.TRAINING_LOG,
            max_upload_size=_MOST_MEGABYTES,
        )
        state = get_state()
        if chosen is None:
            state.training_log = None
            return
        if state.training_log is None or state.training_log[0] != chosen.file_id:
            try:
                state.training_log = (chosen.file_id, _read_upload(chosen.name, chosen.getvalue()))
            except BadFileError as error:
                state.training_log = None
                show_error(error)
                return
        draw_log(state.training_log[1], key="upload")


def _read_upload(name: str, content: bytes) -> Log:
    with TemporaryDirectory(prefix="ruwo-") as folder:
        path = Path(folder) / "log"
        path.write_bytes(content)
        try:
            return read_log(path)
        except BadFileError as error:
            raise BadFileError(name, error.reason) from error
