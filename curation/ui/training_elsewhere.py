"""Training somewhere else: the settings file to take along, and the sheet for Spark MaaS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.training import CONFIG_FILE, Value, maas_sheet, shell_line
from curation.ui.catalogue import _
from curation.ui.pages import next_step
from curation.ui.training_words import told_words

if TYPE_CHECKING:
    from curation.training import Recipe
    from curation.workflow import Workspace

_DATASET: Final = "sharegpt.json"
_VALIDATION: Final = "sharegpt_validation.json"


def draw_elsewhere(ws: Workspace) -> None:
    """Draw what to take to another computer, and what to run there."""
    st.markdown(
        "\n".join(
            f"{number}. {text}"
            for number, text in enumerate(
                (
                    _("Build the dataset under Export and download it."),
                    _("Download the settings file and put it into the same folder."),
                    _("In that folder, on the computer with the card, run:"),
                ),
                start=1,
            )
        )
    )
    st.code(shell_line(), language="bash", wrap_lines=True)
    recipe = workflow.training_recipe(ws, written=True)
    if not recipe.validates:
        why = recipe.settings[Value.VALIDATION].reason
        st.caption(":material/rule: " + told_words(why))
    text = workflow.training_yaml(ws)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download {name}").format(name=CONFIG_FILE),
            text.encode(),
            file_name=CONFIG_FILE,
            mime="application/yaml",
            key="training-yaml",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )
        next_step("export", _("To the export"), key="training-export", primary=False)
    with st.expander(_("What it says"), icon=":material/description:"):
        st.code(text, language="yaml", wrap_lines=True)


def draw_maas(recipe: Recipe) -> None:
    """Draw what to fill in at the service, each value with a button that copies it."""
    names = (_DATASET, _VALIDATION) if recipe.size.held_out else (_DATASET,)
    st.markdown(
        _(
            "Build the dataset under Export, upload {file} at iFlytek Spark MaaS, choose"
            " fine-tuning and copy these. Fields it does not ask for you can leave out."
        ).format(file=" + ".join(f"`{name}`" for name in names))
    )
    st.caption(
        ":material/cloud_upload: "
        + _("The masked dataset leaves your computer when you upload it there; nothing before.")
    )
    for line in maas_sheet(recipe, _DATASET, _VALIDATION):
        left, middle, right = st.columns([3, 3, 5], vertical_alignment="center")
        left.markdown(f"**{_(line.label)}**")
        middle.code(line.value, language=None, wrap_lines=True)
        right.caption(told_words(line.reason))
    next_step("export", _("To the export"), key="training-export", primary=True)
