"""Training on this computer: what is needed for it, starting, watching and stopping a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import BadFileError, RuwoError
from curation.training import (
    PROGRAM,
    Phase,
    Source,
    explain,
    find_trainer,
    has_model,
    is_model,
    last_lines,
    model_here,
    read_log,
    read_run,
)
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.exporting import leaks_kept
from curation.ui.frame import errors_shown, flash
from curation.ui.markdown import plain
from curation.ui.pages import next_step
from curation.ui.progress import working
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.trained_parts import draw_serving
from curation.ui.training_curve import draw_log
from curation.ui.training_words import PHASES, told_words
from curation.ui.uploads import meant_path

if TYPE_CHECKING:
    from pathlib import Path

    from curation.training import Log, Recipe, TrainingRun
    from curation.workflow import TrainingChoices, Workspace

REFRESH: Final = 2.0
"""Seconds after which a run that is going is looked at again."""

_INSTALL: Final = "pip install llamafactory==0.9.5"
_SOURCES: Final = (Source.MODELSCOPE, Source.HUGGING_FACE)


def draw_here(recipe: Recipe, choices: TrainingChoices, *, going: bool) -> None:
    """Draw what training on this computer needs, and the button that starts it."""
    trainer = _trainer(choices)
    with st.expander(_("Where the trainer is"), icon=":material/folder:", expanded=trainer is None):
        set_widget(Keys.TRAINING_PROGRAM, choices.trainer)
        st.text_input(
            _("Path of {program}, or of the folder it is in").format(program=PROGRAM),
            key=Keys.TRAINING_PROGRAM,
            placeholder=str(trainer or ""),
            on_change=_trainer_named,
        )
    if trainer is None:
        st.info(
            _(
                "LLaMA-Factory was not found on this computer. Install it in a Python environment"
                " of its own and name that folder above, or train elsewhere."
            ),
            icon=":material/download:",
        )
        st.code(_INSTALL, language="bash", wrap_lines=True)
        return
    source = _draw_model(recipe, choices)
    if not recipe.memory:
        st.caption(_("Without a card this takes days, and is good for a trial at most."))
    st.button(
        _("Start the training"),
        key="training-start",
        type="primary",
        icon=":material/play_arrow:",
        disabled=going or source is None,
        on_click=_want,
        args=(source or Source.NOWHERE,),
        help=_(
            "What is approved is exported, masked, into a folder of its own beside the"
            " workspace; the trainer reads it there."
        ),
    )


def _trainer(choices: TrainingChoices) -> Path | None:
    found: list[Path | None] = []
    with errors_shown():
        found.append(find_trainer(choices.trainer))
    return found[0] if found else None


@refusals_told
def _trainer_named() -> None:
    ws = open_workspace()
    typed = str(widget_value(Keys.TRAINING_PROGRAM) or "").strip()
    path = str(meant_path(typed)) if typed else ""
    workflow.save_training_choices(ws, replace(workflow.training_choices(ws), trainer=path))


def _draw_model(recipe: Recipe, choices: TrainingChoices) -> Source | None:
    """Draw where the model comes from; return from where it is fetched, None if it is missing."""
    model = recipe.model
    if not choices.model and model_here(model.hub) is not None:
        text = _("{model} is on this computer already.").format(model=model.name)
        st.markdown(":material/check: " + plain(text))
        return Source.NOWHERE
    with st.container(border=True):
        set_widget(Keys.TRAINING_MODEL, choices.model)
        st.text_input(
            _("Folder of {model} on this computer").format(model=model.name),
            key=Keys.TRAINING_MODEL,
            on_change=_model_named,
        )
        if choices.model:
            if is_model(meant_path(choices.model)):
                return Source.NOWHERE
            st.error(_("There is no model in this folder: it needs config.json and its weights."))
            return None
        host = st.selectbox(
            _("Or fetch it from"), _SOURCES, format_func=lambda each: each.value, width=260
        )
        text = _("Fetch {model} from {host}, about {size} GB; nothing of yours is sent.")
        wanted = st.checkbox(
            text.format(model=model.name, host=host.value, size=f"{model.download:.0f}"),
            key=Keys.TRAINING_FETCH,
        )
        return host if wanted else None


@refusals_told
def _model_named() -> None:
    ws = open_workspace()
    typed = str(widget_value(Keys.TRAINING_MODEL) or "").strip()
    path = str(meant_path(typed)) if typed else ""
    workflow.save_training_choices(ws, replace(workflow.training_choices(ws), model=path))


def _want(source: Source) -> None:
    get_state().training_wanted = source


def _stopped() -> None:
    flash(_("Stopped. Nothing was started."))


def start_wanted(ws: Workspace) -> None:
    """Start the run that a button asked for: export first, with a bar that can be stopped."""
    state = get_state()
    source, state.training_wanted = state.training_wanted, None
    if source is None:
        return
    started = False
    with errors_shown(), leaks_kept(), working(_stopped, key="stop-preparing") as progress:
        workflow.start_training(ws, source, progress)
        started = True
    if started:
        st.rerun()


def draw_run(run: TrainingRun) -> None:
    """Draw a run: how far it is while it goes, how it ended after that, and its curve."""
    if run.going:
        st.fragment(_watched, run_every=REFRESH)(run.folder)
    else:
        _draw_ended(run)


def _watched(folder: Path) -> None:
    """Draw a run that goes, for an owner; runs by itself again and again until it has ended."""
    with errors_shown():
        open_workspace().require_owner()
        _draw_going(folder)


def _draw_going(folder: Path) -> None:
    run = read_run(folder)
    if not run.going:
        st.rerun(scope="app")
    log = _log_of(run)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/model_training: **{_(PHASES[run.phase])}**", width="stretch")
            stopping = get_state().training_stopping == str(folder)
            st.button(
                _("Stopping …") if stopping else _("Stop the training"),
                key="training-stop",
                icon=":material/stop_circle:",
                disabled=stopping,
                on_click=_stop,
                args=(run,),
            )
        st.caption(_facts_line(run))
        _draw_share(log)
        if log is None:
            st.caption(_("Loading a model takes some minutes; the first numbers come after that."))
        else:
            draw_log(log, key="live", records=_records(run))
        _draw_words(run)


def _stop(run: TrainingRun) -> None:
    try:
        workflow.stop_training(run)
    except RuwoError as error:
        flash(error_text(error))
    else:
        get_state().training_stopping = str(run.folder)


def _draw_share(log: Log | None) -> None:
    """Draw how far a run is."""
    if log is None or not log.runs[-1].total_steps:
        return
    run = log.runs[-1]
    text = _("Step {step} of {total}").format(
        step=f"{run.last_step:,}", total=f"{run.total_steps:,}"
    )
    if run.remaining:
        text += " · " + _("{time} left").format(time=run.remaining)
    st.progress(min(1.0, run.last_step / run.total_steps), text=plain(text))


def _draw_ended(run: TrainingRun) -> None:
    log = _log_of(run)
    with st.container(border=True):
        _draw_end(run)
        st.caption(_facts_line(run))
        if log is not None:
            draw_log(log, key="ended", records=_records(run))
        _draw_words(run, expanded=run.phase is Phase.FAILED)
        st.caption(_("Everything of it lies in this folder; the tuned model in `output`."))
        st.code(str(run.folder), language=None, wrap_lines=True)
        if has_model(run):
            _draw_serving(run)
        _draw_deleting(run)


def _draw_end(run: TrainingRun) -> None:
    reason = explain(run)
    said = f"**{_(PHASES[run.phase])}**"
    if reason is not None:
        said += f" {told_words(reason)}"
    if run.phase is Phase.DONE:
        st.success(said, icon=":material/check_circle:")
    elif run.phase is Phase.FAILED:
        st.error(said, icon=":material/error:")
    else:
        st.info(said, icon=":material/stop_circle:")


def _draw_serving(run: TrainingRun) -> None:
    with errors_shown():
        draw_serving(run, workflow.chat_models())


def _draw_deleting(run: TrainingRun) -> None:
    name = run.folder.name
    if get_state().training_asked != name:
        st.button(
            _("Delete this training"),
            key="training-delete",
            icon=":material/delete:",
            type="tertiary",
            on_click=_ask,
            args=(name,),
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Its tuned model goes with it, for good."), width="stretch")
        st.button(_("Delete it"), key="training-delete-yes", on_click=_delete, args=(run,))
        st.button(_("Keep it"), key="training-delete-no", on_click=_ask, args=("",))


def _ask(name: str) -> None:
    get_state().training_asked = name


def _delete(run: TrainingRun) -> None:
    get_state().training_asked = ""
    try:
        workflow.delete_training(open_workspace(), run)
    except RuwoError as error:
        flash(error_text(error))


def _draw_words(run: TrainingRun, *, expanded: bool = False) -> None:
    lines = last_lines(run.output)
    if lines:
        with st.expander(
            _("What the trainer said last"), icon=":material/terminal:", expanded=expanded
        ):
            st.code("\n".join(lines), language=None, wrap_lines=True)


def _facts_line(run: TrainingRun) -> str:
    facts = run.facts or {}
    began = datetime.fromtimestamp(run.began).astimezone()
    parts = [f"{began:%Y-%m-%d %H:%M}", str(facts.get("model", ""))]
    if records := _records(run):
        text = ngettext("{n} conversation", "{n} conversations", records)
        parts.append(text.format(n=f"{records:,}"))
    return plain(" · ".join(part for part in parts if part))


def _records(run: TrainingRun) -> int:
    records = (run.facts or {}).get("records", 0)
    return records if isinstance(records, int) else 0


def _log_of(run: TrainingRun) -> Log | None:
    """Return the log of a run, None while there is nothing in it."""
    try:
        return read_log(run.log)
    except BadFileError:
        return None


def draw_no_dataset() -> None:
    """Say that there is nothing to train on, and lead to where that changes."""
    st.markdown(
        ":material/rate_review: "
        + _("Nothing is approved yet, so there is nothing to train on. Review first, then export.")
    )
    next_step("review", _("Review"), key="training-review")
