"""Persona: who the digital self is, and the system text every record begins with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import begin_page, flash, narrow, show_error
from curation.ui.html import quoted
from curation.ui.markdown import plain
from curation.ui.paging import draw_pages
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value

if TYPE_CHECKING:
    from curation.model import Persona
    from curation.workflow import Workspace

PAGE_SIZE: Final = 12


def fill_widgets(persona: Persona) -> None:
    """Put the saved persona into the widgets, unless they show it already."""
    state = get_state()
    if state.persona_shown == persona and widget_exists(Keys.PERSONA_NAME):
        return
    state.persona_shown = persona
    # What could not be saved before the page was left is there again.
    persona = state.persona_draft or persona
    set_widget(Keys.PERSONA_NAME, persona.name)
    set_widget(Keys.PERSONA_PERSONALITY, persona.personality)
    set_widget(Keys.PERSONA_OCCUPATION, persona.occupation)
    set_widget(Keys.PERSONA_INTERESTS, persona.interests)
    set_widget(Keys.PERSONA_PROMPT, persona.system_prompt)


def on_screen(saved: Persona) -> Persona:
    """Return the persona as the widgets have it, saved or not."""
    return replace(
        saved,
        name=widget_value(Keys.PERSONA_NAME) or "",
        personality=widget_value(Keys.PERSONA_PERSONALITY) or "",
        occupation=widget_value(Keys.PERSONA_OCCUPATION) or "",
        interests=widget_value(Keys.PERSONA_INTERESTS) or "",
        system_prompt=widget_value(Keys.PERSONA_PROMPT) or "",
    )


def save() -> None:
    """Keep what the widgets say; a template that cannot be used stays on screen, unsaved."""
    ws = open_workspace()
    persona = on_screen(workflow.load_persona(ws))
    try:
        workflow.save_persona(ws, persona)
    except RuwoError:
        get_state().persona_draft = persona
        return
    get_state().persona_shown, get_state().persona_draft = persona, None


def save_relation(chat: str) -> None:
    """Keep what the partner of one chat is to me."""
    ws = open_workspace()
    saved = workflow.load_persona(ws)
    words = (widget_value(Keys.RELATION + chat) or "").strip()
    relations = {name: relation for name, relation in saved.relations.items() if name != chat}
    if words:
        relations[chat] = words
    changed = replace(saved, relations=relations)
    try:
        workflow.save_persona(ws, changed)
    except RuwoError as error:
        flash(error_text(error))
        return
    get_state().persona_shown = changed


def draw_fields() -> None:
    """Draw the fields of the persona; each is kept as soon as it is left."""
    with st.container(border=True):
        st.text_input(
            _("Name"),
            key=Keys.PERSONA_NAME,
            on_change=save,
            placeholder=_("What friends call you"),
            help=_(
                "It stands in every record and is not masked in the chats either, unless you mask"
                " it under Privacy. Need not be your real name."
            ),
        )
        st.text_input(
            _("Personality"),
            key=Keys.PERSONA_PERSONALITY,
            on_change=save,
            placeholder=_("For example quiet at first, warm, loves to tease"),
        )
        first, second = st.columns(2)
        with first:
            st.text_input(_("Occupation"), key=Keys.PERSONA_OCCUPATION, on_change=save)
        with second:
            st.text_input(_("Interests"), key=Keys.PERSONA_INTERESTS, on_change=save)


def draw_relations(saved: Persona, chats: list[str]) -> None:
    """Draw what each partner is to me, a page of partners at a time."""
    with st.container(border=True):
        st.subheader(_("Who they are to you"), anchor=False)
        if not chats:
            st.caption(_("Partners appear here after the import."))
            return
        place = st.container()
        page = draw_pages(Keys.RELATION_PAGE, -(-len(chats) // PAGE_SIZE))
        with place:
            columns = st.columns(2)
        for number, chat in enumerate(chats[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]):
            key = Keys.RELATION + chat
            set_widget(key, saved.relations.get(chat, ""))
            with columns[number % 2]:
                st.text_input(
                    plain(chat),
                    key=key,
                    on_change=save_relation,
                    args=(chat,),
                    placeholder=_("For example best friend, mother, colleague"),
                )


def draw_prompt(saved: Persona, chats: list[str]) -> None:
    """Draw the template, and what it becomes for one partner."""
    with st.container(border=True):
        st.subheader(_("System prompt"), anchor=False)
        st.text_area(
            _("Your own words; leave it empty for the built-in text"),
            key=Keys.PERSONA_PROMPT,
            on_change=save,
            height=180,
            help=_(
                "Fields that are filled in: {fields}. They stand in double curly brackets."
            ).format(fields="name, personality, occupation, interests, relation"),
        )
        current = on_screen(saved)
        if current != saved:
            st.warning(_("Not saved: the text cannot be used as it is."), icon=":material/warning:")
        chat = ""
        if chats:
            chat = st.selectbox(_("What it becomes when you talk with"), chats, key="preview-chat")
        try:
            text = workflow.preview_system(current, chat or "")
        except RuwoError as error:
            show_error(error)
            return
        with st.container(border=True):
            st.html(quoted(text))
        st.caption(_("Every record begins with this text. Private details in it are masked too."))


def draw_saving(saved: Persona) -> None:
    """Draw the save button and whether everything on screen is kept."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Save"), key="save-persona", type="primary", on_click=save)
        if on_screen(saved) == saved:
            st.caption(":material/check: " + _("Everything is saved."))


def draw_persona(ws: Workspace) -> None:
    """Draw the whole page."""
    saved = workflow.load_persona(ws)
    fill_widgets(saved)
    chats = workflow.chats(ws)
    draw_fields()
    draw_relations(saved, chats)
    draw_prompt(saved, chats)
    draw_saving(saved)


workspace = begin_page("persona", _("Who is the person that the model learns to be?"))
with narrow():
    draw_persona(workspace)
