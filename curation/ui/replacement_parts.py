"""The part of the settings where a person chooses what stands for private details."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_
from curation.model import Replacement
from curation.ui.catalogue import _
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.settings_parts import save
from curation.ui.state import Keys, set_widget, widget_value
from curation.ui.words import ENTITIES, entity_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import Settings, Workspace

_WAY: Final[Mapping[Replacement, str]] = {
    Replacement.PLACEHOLDER: N_("Placeholder"),
    Replacement.PARTIAL: N_("A part of it"),
    Replacement.SURROGATE: N_("An invented one"),
    Replacement.REMOVE: N_("Leave the message out"),
}
_MEANING: Final[Mapping[Replacement, str]] = {
    Replacement.PLACEHOLDER: N_("The kind in brackets. Safe, and the model may learn to say it."),
    Replacement.PARTIAL: N_("Some characters stay. People who know you may still guess the rest."),
    Replacement.SURROGATE: N_(
        "Natural text: the same value becomes the same invented one in all conversations, nicknames"
        " go with their name, and numbers belong to nobody."
    ),
    Replacement.REMOVE: N_("The whole message goes; the report counts how many."),
}
_EXAMPLE: Final = "overflow-wrap:anywhere;line-height:1.5;font-size:.875rem;padding-bottom:.55rem;"
_BEFORE: Final = "opacity:.65;"
_AFTER: Final = "font-weight:600;"


@refusals_told
def _save_one(entity: str) -> None:
    """Keep the way that was chosen for one kind."""
    settings = workflow.load_settings(open_workspace())
    chosen = widget_value(Keys.REPLACEMENT + entity)
    save(replace(settings, replacements={**settings.replacements, entity: chosen}))


@refusals_told
def _save_all(way: Replacement) -> None:
    """Choose one way for every kind that has it; the others get their placeholder."""
    settings = workflow.load_settings(open_workspace())
    save(
        replace(
            settings,
            replacements={
                entity: way if way in workflow.replacement_ways(entity) else Replacement.PLACEHOLDER
                for entity in ENTITIES
            },
        )
    )


def draw_replacements(ws: Workspace, settings: Settings) -> None:
    """Draw what stands for private details of each kind; every choice is kept at once.

    Kinds that were found come first, the others are folded away.
    """
    counts = Counter[str]()
    for (entity, _decision), count in workflow.finding_counts(ws).items():
        counts[entity] += count
    found = [entity for entity in ENTITIES if counts[entity]]
    others = [entity for entity in ENTITIES if not counts[entity]]
    with st.container(border=True):
        st.subheader(_("What replaces private details"), anchor=False)
        st.markdown(
            "\n".join(f"- **{_(label)}** · {_(_MEANING[way])}" for way, label in _WAY.items())
        )
        st.caption(
            _(
                "Invented values are worked out with a secret that stays in this workspace: nothing"
                " in the files leads back. The persona's name stays as it is, in the chats too,"
                " because you wrote it into the system text; mask it under Privacy if it should go."
            )
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("All kinds at once:"), width="content")
            for way in (Replacement.PLACEHOLDER, Replacement.PARTIAL, Replacement.SURROGATE):
                st.button(
                    _(_WAY[way]),
                    key=f"replace-all-{way.value}",
                    on_click=_save_all,
                    args=(way,),
                )
        _draw_entities(found, settings)
        if others:
            label = _("Kinds that were not found here") if found else _("Kind by kind")
            with st.expander(label):
                _draw_entities(others, settings)


def _draw_entities(entities: Sequence[str], settings: Settings) -> None:
    for entity in entities:
        _draw_entity(entity, settings.replacements.get(entity, Replacement.PLACEHOLDER))


def _draw_entity(entity: str, way: Replacement) -> None:
    """Draw the choice for one kind, with an example of what it does."""
    ways = workflow.replacement_ways(entity)
    held = way if way in ways else Replacement.PLACEHOLDER
    set_widget(Keys.REPLACEMENT + entity, held)
    choice, example = st.columns([2, 3], vertical_alignment="bottom")
    with choice:
        st.selectbox(
            entity_label(entity),
            ways,
            format_func=lambda each: _(_WAY[each]),
            key=Keys.REPLACEMENT + entity,
            on_change=_save_one,
            args=(entity,),
        )
    with example:
        before, after = workflow.replacement_example(entity, held)
        gone = _("(no message)")
        shown = escape(after) if after else f"<em>{escape(gone)}</em>"
        st.html(
            f'<div style="{_EXAMPLE}"><span style="{_BEFORE}">{escape(before)}</span>'
            f' → <span style="{_AFTER}">{shown}</span></div>'
        )
