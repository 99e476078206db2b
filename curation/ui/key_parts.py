"""The part of the settings about the keys of the review page."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.components.key_table import (
    KeyAnswer,
    KeyPress,
    key_table_data,
    key_table_labels,
    mount_key_table,
)
from curation.ui.components.review_words import review_labels
from curation.ui.frame import flash
from curation.ui.keyboard import slots, why_refused
from curation.ui.refusals import refusals_told
from curation.ui.resources import workspace as open_workspace
from curation.ui.settings_parts import save
from curation.ui.state import get_state


@refusals_told
def key_pressed(press: KeyPress) -> None:
    """Keep the key that a person pressed, or say why it cannot be had; only in a callback."""
    settings = workflow.load_settings(open_workspace())
    changed = {slot: key for slot, key in settings.keys.items() if slot != press.slot}
    # Its own usual key may have been given to another command meanwhile.
    key = slots()[press.slot][0] if press.key is None else press.key
    refused = why_refused(press.slot, key, changed, settings.emotions)
    get_state().key_answer = KeyAnswer(press.slot, press.turn, refused)
    if refused:
        return
    if key != slots()[press.slot][0]:
        changed[press.slot] = key
    try:
        workflow.save_settings(open_workspace(), replace(settings, keys=changed))
    except RuwoError as error:
        flash(error_text(error))


@refusals_told
def usual_keys() -> None:
    """Give every command its usual key again; only in a callback."""
    get_state().key_answer = None
    save(replace(workflow.load_settings(open_workspace()), keys={}))


def draw_keys(settings: workflow.Settings) -> None:
    """Draw the keys of the review page, each of which can be changed."""
    titles = {name: text for name, text in review_labels(_).items() if name.startswith("keys_")}
    with st.container(border=True):
        st.subheader(_("Keys of the review page"), anchor=False)
        st.caption(_("Press “Change”, then the new key. It works at once."))
        mount_key_table(
            key_table_data(
                settings.keys,
                settings.emotions,
                answer=get_state().key_answer,
                titles=titles,
                labels=key_table_labels(_),
            ),
            key="key-table",
            on_press=key_pressed,
        )
        st.button(
            _("Back to the usual keys"),
            key="usual-keys",
            disabled=not settings.keys,
            on_click=usual_keys,
        )
