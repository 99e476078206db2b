"""The recipe on screen: the size of the dataset, the card, and each value with its reason."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.training import (
    GPU_MEMORY,
    MODELS,
    OPTIONS,
    RENTED_MEMORY,
    Method,
    Value,
    fits,
    memory_need,
    uses,
)
from curation.ui.catalogue import _, ngettext
from curation.ui.frame import errors_shown
from curation.ui.markdown import plain
from curation.ui.progress import MANY, stopped, working
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.training_words import MAIN, VALUES, told_words, value_words

if TYPE_CHECKING:
    from curation.training import Recipe
    from curation.workflow import TrainingChoices, Workspace


def measured_recipe(ws: Workspace) -> Recipe:
    """Return the recipe, once it is measured how long the conversations are."""
    recipe = workflow.training_recipe(ws)
    if not recipe.size.records or recipe.size.longest or get_state().training_unmeasured:
        return recipe
    with errors_shown(), working(_unmeasured, key="stop-measuring", least=MANY) as progress:
        workflow.measure_lengths(ws, progress)
    return workflow.training_recipe(ws)


def _unmeasured() -> None:
    get_state().training_unmeasured = True
    stopped()


def draw_card(choices: TrainingChoices) -> None:
    """Draw the question which graphics card the person has."""
    set_widget(Keys.TRAINING_MEMORY, choices.memory)
    st.pills(
        _("How much memory has your graphics card?"),
        GPU_MEMORY,
        format_func=lambda memory: f"{memory} GB" if memory else _("No NVIDIA card"),
        key=Keys.TRAINING_MEMORY,
        on_change=_memory_chosen,
        help=_(
            "On Windows: Task Manager, Performance, GPU, Dedicated GPU memory. On Linux:"
            " nvidia-smi. A Mac counts as none here."
        ),
    )


@refusals_told
def _memory_chosen() -> None:
    memory = widget_value(Keys.TRAINING_MEMORY)
    if memory is not None:  # a second click on the same takes nothing back
        ws = open_workspace()
        workflow.save_training_choices(ws, replace(workflow.training_choices(ws), memory=memory))


def draw_recipe(recipe: Recipe) -> None:
    """Draw all values of the recipe, each with its reason and something to choose instead."""
    st.markdown(size_words(recipe))
    for warning in recipe.warnings:
        st.warning(told_words(warning), icon=":material/warning:")
    if not recipe.memory:
        text = _(
            "Without a card you train at a service or on a rented one; this recipe is for one with"
            " {memory} GB."
        )
        st.caption(text.format(memory=RENTED_MEMORY))
    for value in MAIN:
        _draw_value(recipe, value)
    with st.expander(_("More values"), icon=":material/tune:"):
        for value in VALUES:
            if value not in MAIN:
                _draw_value(recipe, value)
    with st.expander(_("What fits into which memory"), icon=":material/memory:"):
        _draw_needs(recipe)
    if any(setting.chosen for setting in recipe.settings.values()):
        st.button(
            _("Back to what is suggested"),
            key="training-suggested",
            icon=":material/restart_alt:",
            on_click=_forget_chosen,
        )


def size_words(recipe: Recipe) -> str:
    """Return how large the dataset is, how long it is trained, and what that takes, in a line."""
    size = recipe.size
    parts = [
        ngettext("{n} conversation", "{n} conversations", size.records).format(
            n=f"{size.records:,}"
        ),
        ngettext("{n} turn", "{n} turns", size.turns).format(n=f"{size.turns:,}"),
    ]
    if size.longest:
        parts.append(_("about {n} tokens").format(n=f"{size.tokens:,}"))
    parts.append(
        ngettext("about {n} step", "about {n} steps", recipe.steps).format(n=f"{recipe.steps:,}")
    )
    parts.append(_("about {n} GB of memory").format(n=f"{recipe.need:.0f}"))
    return ":material/dataset: " + plain(" · ".join(parts))


def _draw_value(recipe: Recipe, value: Value) -> None:
    if not uses(recipe.method, value):
        return
    setting = recipe.settings[value]
    fixed = (value is Value.VALIDATION and recipe.size.held_out > 0) or (
        value is Value.PATIENCE and not recipe.validates
    )
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    key = f"{Keys.TRAINING_VALUE}{value}"
    set_widget(key, setting.value)
    left.selectbox(
        _(VALUES[value]),
        OPTIONS[value],
        format_func=lambda chosen: value_words(value, chosen),
        key=key,
        on_change=_value_chosen,
        args=(value,),
        disabled=fixed,
    )
    sign = ":material/person: " if setting.chosen else ""
    right.caption(sign + told_words(setting.reason))


@refusals_told
def _value_chosen(value: Value) -> None:
    ws = open_workspace()
    choices = workflow.training_choices(ws)
    chosen = {**choices.chosen, value: widget_value(f"{Keys.TRAINING_VALUE}{value}")}
    # What is suggested anyway is no choice: it may change with the dataset.
    alone = {each: wanted for each, wanted in chosen.items() if each is not value}
    workflow.save_training_choices(ws, replace(choices, chosen=alone))
    if workflow.training_recipe(ws).settings[value].value != chosen[value]:
        workflow.save_training_choices(ws, replace(choices, chosen=chosen))


@refusals_told
def _forget_chosen() -> None:
    ws = open_workspace()
    workflow.save_training_choices(ws, replace(workflow.training_choices(ws), chosen={}))


def _draw_needs(recipe: Recipe) -> None:
    """Draw how much memory each model takes for each way of tuning; what fits stands out."""
    memory = recipe.memory or RENTED_MEMORY
    cutoff = recipe.whole(Value.CUTOFF)
    rank = recipe.whole(Value.RANK)
    cell = "padding:.3rem .35rem;border-bottom:1px solid rgba(128,140,132,.3);"
    number = f"{cell}text-align:right;white-space:nowrap;"
    heads = "".join(
        f'<th scope="col" style="{number}">{escape(value_words(Value.METHOD, method.value))}</th>'
        for method in Method
    )
    rows = []
    for model in MODELS:
        cells = []
        for method in Method:
            need = memory_need(model, method, cutoff, rank=rank)
            room = fits(need, memory)
            sign = f"✓ {need:.0f} GB" if room else f"{need:,.0f} GB"
            look = "font-weight:650;" if room else "opacity:.75;"
            cells.append(f'<td style="{number}{look}">{sign}</td>')
        rows.append(
            f'<tr><th scope="row" style="{cell}text-align:left;font-weight:400;">'
            f"{escape(model.name)}</th>{''.join(cells)}</tr>"
        )
    first = escape(_("Base model"))
    st.html(
        '<div style="overflow-x:auto" tabindex="0"><table style="width:100%;'
        'border-collapse:collapse;font-size:.85rem">'
        f'<thead><tr><th scope="col" style="{cell}text-align:left;">{first}</th>{heads}</tr>'
        "</thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    text = _(
        "Estimates for texts of {cutoff} tokens, one at a time; ✓ fits into {memory} GB. Weights by"
        " LLaMA-Factory's own table, the rest reckoned from the size of the model."
    )
    st.caption(text.format(cutoff=f"{cutoff:,}", memory=memory))
