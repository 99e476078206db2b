"""Persona: who the digital self is, and the system text every record begins with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import PersonaError, RuwoError
from curation.model import PERSONA_TEXTS, Persona
from curation.ui.catalogue import _, error_text
from curation.ui.frame import begin_page, errors_shown, flash, narrow, show_error, title_line
from curation.ui.history import do_step, draw_undo_in
from curation.ui.journal_words import what_label
from curation.ui.markdown import plain
from curation.ui.paging import draw_pages
from curation.ui.persona_parts import (
    draw_choice,
    draw_system_text,
    draw_versions,
    persona_key,
    shown_persona,
)
from curation.ui.progress import stopped, working
from curation.ui.resources import workspace as open_workspace
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value

if TYPE_CHECKING:
    from curation.workflow import KeptPersona, Workspace

PAGE_SIZE: Final = 12
GENDERS: Final = ("女", "男")
AGES: Final = (
    *("18 岁以下", "18～24 岁", "25～30 岁", "31～40 岁", "41～50 岁", "51～60 岁", "60 岁以上"),
)


def fill_widgets(persona: Persona, number: int | None) -> None:
    """Put the saved persona into the widgets, unless they show it already."""
    state = get_state()
    if state.persona_shown == persona and widget_exists(Keys.PERSONA_NAME):
        return
    state.persona_shown = persona
    # What could not be saved before the page was left is there again.
    draft = workflow.load_persona_draft(open_workspace(), number)
    state.persona_drafted = draft is not None
    persona = draft or persona
    for name in PERSONA_TEXTS:
        set_widget(persona_key(name), getattr(persona, name))


def on_screen(saved: Persona) -> Persona:
    """Return the persona as the widgets have it, saved or not."""
    texts: dict[str, Any] = {name: widget_value(persona_key(name)) or "" for name in PERSONA_TEXTS}
    return replace(saved, **texts)


def kept_persona() -> tuple[int | None, Persona]:
    """Return the persona that the page shows and its number, None before the first save."""
    ws = open_workspace()
    shown = shown_persona(workflow.kept_personas(ws))
    return (None, workflow.load_persona(ws)) if shown is None else (shown.id, shown.persona)


def save() -> None:
    """Keep what the widgets say; a template that cannot be used stays on screen, unsaved."""
    state = get_state()
    number, saved = kept_persona()
    persona = on_screen(saved)
    try:
        new = workflow.save_persona(
            open_workspace(), persona, number=number, shown=state.persona_shown or saved
        )
    except RuwoError as error:
        workflow.keep_persona_draft(open_workspace(), number, persona)
        state.persona_drafted = True
        if not isinstance(error, PersonaError):
            flash(error_text(error))
        return
    if state.persona_drafted:
        workflow.keep_persona_draft(open_workspace(), number, None)
        state.persona_drafted = False
    state.persona_at = new
    state.persona_shown = persona


def save_relation(chat: str) -> None:
    """Keep what the partner of one chat is to me."""
    try:
        workflow.set_relation(open_workspace(), chat, widget_value(Keys.RELATION + chat) or "")
    except RuwoError as error:
        flash(error_text(error))


def want_style() -> None:
    """Let the next run fill in how the person writes."""
    get_state().persona_fill = True


def fill_style(ws: Workspace) -> None:
    """Fill in how the person writes, measured if it never was, and save it."""
    state = get_state()
    if not state.persona_fill:
        return
    state.persona_fill = False
    with errors_shown(), working(stopped, key="stop-style") as progress:
        voice = workflow.kept_voice(ws) or workflow.measure_voice(ws, progress)
        style, phrases = workflow.style_in_words(voice.before)
        if not style:
            flash(_("There are too few messages of yours to tell how you write."))
            st.rerun()
        set_widget(persona_key("speaking_style"), style)
        if phrases and not widget_value(persona_key("catch_phrases")):
            set_widget(persona_key("catch_phrases"), phrases)
        save()
        st.rerun()


def draw_one_of(name: str, choices: tuple[str, ...], hint: str = "") -> None:
    """Draw a field whose usual values can be picked and any other typed."""
    key = persona_key(name)
    held = widget_value(key) or ""
    st.selectbox(
        what_label(f"persona.{name}"),
        list(dict.fromkeys(("", held, *choices))),
        key=key,
        format_func=lambda value: value or "–",
        on_change=save,
        accept_new_options=True,
        help=hint or None,
    )


def draw_text(name: str, hint: str = "", about: str = "") -> None:
    """Draw a field of one line."""
    st.text_input(
        what_label(f"persona.{name}"),
        key=persona_key(name),
        on_change=save,
        placeholder=hint or None,
        help=about or None,
    )


def draw_fields() -> None:
    """Draw the fields of the persona; each is kept as soon as it is left."""
    with st.container(border=True):
        draw_text(
            "name",
            _("What friends call you"),
            _(
                "It stands in every record and is not masked in the chats either, unless you mask"
                " it under Privacy. Need not be your real name."
            ),
        )
        first, second, third = st.columns(3)
        with first:
            draw_one_of("gender", GENDERS, _("Pick one, or type another word."))
        with second:
            draw_one_of("age_band", AGES, _("A band says enough; pick one or type your own."))
        with third:
            draw_one_of("mbti", workflow.MBTI_TYPES)
        draw_text("personality", _("For example quiet at first, warm, loves to tease"))
        first, second = st.columns(2)
        with first:
            draw_text("occupation")
        with second:
            draw_text("interests")


def draw_voice() -> None:
    """Draw how the person talks, and the button that reads it from the chats."""
    with st.container(border=True):
        st.subheader(_("How you talk"), anchor=False)
        st.text_area(
            _("In a few words"),
            key=persona_key("speaking_style"),
            on_change=save,
            height=100,
            placeholder=_("For example short messages, several in a row, hardly any full stops"),
        )
        draw_text("catch_phrases", _("What you say all the time"))
        draw_text("taboos", _("Words and subjects that you would never bring up"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Fill from how I write"),
                key="fill-style",
                icon=":material/graphic_eq:",
                on_click=want_style,
            )
            st.caption(_("Read from your own messages; you can change every word of it."))


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


def start_from_built_in() -> None:
    """Put the built-in template where one's own is written."""
    set_widget(Keys.PERSONA_PROMPT, workflow.BUILT_IN_TEMPLATE)
    save()


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
            ).format(fields=plain(", ".join(workflow.TEMPLATE_FIELDS))),
        )
        current = on_screen(saved)
        if not current.system_prompt:
            st.button(
                _("Start from the built-in text"),
                key="built-in",
                icon=":material/edit_note:",
                on_click=start_from_built_in,
            )
        if current != saved:
            st.warning(_("Not saved: the text cannot be used as it is."), icon=":material/warning:")
        try:
            draw_system_text(current, chats)
        except RuwoError as error:
            show_error(error)


def draw_saving(saved: Persona) -> None:
    """Draw the save button and whether everything on screen is kept."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Save"), key="save-persona", type="primary", on_click=save)
        if on_screen(saved) == saved:
            st.caption(":material/check: " + _("Everything is saved."))


def draw_persona(ws: Workspace) -> None:
    """Draw the whole page."""
    kept = workflow.kept_personas(ws)
    shown: KeptPersona | None = shown_persona(kept)
    saved = workflow.load_persona(ws) if shown is None else shown.persona
    fill_widgets(saved, None if shown is None else shown.id)
    fill_style(ws)
    chats = workflow.partners(ws)
    draw_choice(kept, shown)
    draw_fields()
    draw_voice()
    draw_relations(saved, chats)
    draw_prompt(saved, chats)
    draw_saving(saved)
    draw_versions(shown)


with narrow():
    head = title_line()
    workspace = begin_page(
        "persona",
        _("Who is the person that the model learns to be?"),
        head=head,
    )
    do_step(workspace)
    draw_undo_in(head, workspace)
    draw_persona(workspace)
