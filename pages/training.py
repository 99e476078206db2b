"""Training: the recipe, the files, the run and its curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import TrainingError
from curation.training import find_trainer
from curation.ui.catalogue import _
from curation.ui.frame import begin_page, empty_state, narrow
from curation.ui.state import Keys, set_widget, widget_exists
from curation.ui.training_curve import draw_upload
from curation.ui.training_elsewhere import draw_elsewhere, draw_maas
from curation.ui.training_recipe import draw_card, draw_recipe, measured_recipe
from curation.ui.training_run import draw_here, draw_no_dataset, draw_run, start_wanted

if TYPE_CHECKING:
    from curation.training import Recipe, TrainingRun
    from curation.workflow import TrainingChoices, Workspace

HERE: Final = "here"
ELSEWHERE: Final = "elsewhere"
MAAS: Final = "maas"


def usual_place(choices: TrainingChoices) -> str:
    """Return where a person most likely trains: at the service without a card, else here."""
    if not choices.memory:
        return MAAS
    try:
        return HERE if find_trainer(choices.trainer) else ELSEWHERE
    except TrainingError:
        return HERE  # where the path can be mended


def draw_place(ws: Workspace, recipe: Recipe, choices: TrainingChoices, *, going: bool) -> None:
    """Draw the question where to train, and what is to be done for that."""
    places = {
        HERE: _("On this computer"),
        ELSEWHERE: _("On another computer"),
        MAAS: _("iFlytek Spark MaaS"),
    }
    if not widget_exists(Keys.TRAINING_PLACE):
        set_widget(Keys.TRAINING_PLACE, usual_place(choices))
    place = st.segmented_control(
        _("Where do you train?"),
        list(places),
        format_func=places.__getitem__,
        required=True,
        key=Keys.TRAINING_PLACE,
    )
    if place == HERE:
        draw_here(recipe, choices, going=going)
    elif place == ELSEWHERE:
        draw_elsewhere(ws)
    else:
        draw_maas(recipe)


def draw_runs(runs: list[TrainingRun]) -> None:
    """Draw the run that goes, else the newest one, or an older one that the person picks."""
    shown = next((run for run in runs if run.going), runs[0])
    if len(runs) > 1 and not shown.going:
        names = {run.folder.name: run for run in runs}
        picked = st.selectbox(_("Training"), list(names), key=Keys.TRAINING_RUN)
        shown = names.get(picked, shown)
    draw_run(shown)


def draw_plan(ws: Workspace, *, going: bool) -> None:
    """Draw the recipe and where to train by it, as far as a person has said what they have."""
    told = workflow.training_choices(ws)
    recipe = measured_recipe(ws)
    with st.container(border=True):
        st.subheader(_("The recipe"), anchor=False)
        if not recipe.size.records:
            draw_no_dataset()
            return
        draw_card(told)
        if told.memory is None:
            st.caption(_("Say that first: all else follows from it."))
            return
        draw_recipe(recipe)
    with st.container(border=True):
        draw_place(ws, recipe, told, going=going)


workspace = begin_page(
    "training", _("From your dataset to a model that talks like you: how, where, and how it goes.")
)
if workflow.is_empty(workspace):
    empty_state()
with narrow():
    with st.container():  # always there, so that what follows stays in its place
        start_wanted(workspace)
        found = workflow.training_runs(workspace)
        if found:
            draw_runs(found)
    draw_plan(workspace, going=any(run.going for run in found))
    draw_upload()
