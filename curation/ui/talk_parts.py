"""Parts of the page of talks: which talk, with whom as whom, how warm, and the talk itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.ui import talk_deeds
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.components.talk import Told, mount_talk, talk_data, talk_labels
from curation.ui.frame import errors_shown, flash
from curation.ui.html import quoted, shorten
from curation.ui.kept_parts import draw_way_to_review
from curation.ui.markdown import plain
from curation.ui.pages import go
from curation.ui.resources import talk_desk
from curation.ui.resources import workspace as open_workspace
from curation.ui.signing_in import own_mark
from curation.ui.spark_parts import draw_add, draw_spark_list
from curation.ui.state import Keys, get_state, set_widget, widget_value
from curation.ui.talk_deeds import NEW, deeds
from curation.ui.talk_options import draw_options
from curation.workflow import ChatModel, TalkHead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.workflow import KeptPersona, Workspace

_AS_EXPORTED: Final = 0
_POLL: Final = 0.3
"""Seconds after which the page looks how far an answer is."""
_SELDOM: Final = 3600
"""As often else: what runs by the clock is run anew when the page finds a server again."""


def shown_talk(heads: Sequence[TalkHead], models: Sequence[ChatModel]) -> TalkHead:
    """Return the talk to show: the chosen one, the last one, or one that has not begun."""
    state = get_state()
    known = {each.id: each for each in heads}
    if state.talk_at is None and heads:
        state.talk_at = heads[0].id
    if state.talk_at in known:
        return known[state.talk_at]
    last = heads[0] if heads else TalkHead(NEW)
    model = last.model if last.model in {each.key for each in models} else models[0].key
    state.talk_at = NEW
    return TalkHead(NEW, model=model, persona=last.persona, partner=last.partner)


def title_of(head: TalkHead) -> str:
    """Return what a talk is called on screen."""
    return head.name or shorten(head.opening.replace("\n", " "), 24) or _("New talk")


def draw_talks(heads: Sequence[TalkHead], shown: TalkHead) -> None:
    """Draw the talks to choose from, and what can be done with the one that is shown."""
    known = {each.id: title_of(each) for each in heads}
    if shown.id == NEW:
        known = {NEW: _("New talk"), **known}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        set_widget(Keys.TALK, shown.id)
        st.selectbox(
            _("Talks so far"),
            list(known),
            format_func=lambda number: known.get(number, ""),
            key=Keys.TALK,
            on_change=_talk_chosen,
        )
        st.button(
            _("New talk"),
            key="new-talk",
            icon=":material/add_comment:",
            disabled=shown.id == NEW,
            on_click=_new_talk,
        )
        if shown.id != NEW:
            with st.popover(_("More"), icon=":material/more_horiz:"):
                _draw_more(shown)


def _talk_chosen() -> None:
    get_state().talk_at = widget_value(Keys.TALK)


def _new_talk() -> None:
    get_state().talk_at = NEW


def _draw_more(shown: TalkHead) -> None:
    key = f"{Keys.TALK_NAME}{shown.id}"
    set_widget(key, shown.name)
    st.text_input(
        _("Name of the talk"),
        key=key,
        max_chars=60,
        placeholder=title_of(shown),
        on_change=_rename,
        args=(shown.id, key),
    )
    st.download_button(
        _("Save as a file"),
        data=lambda: workflow.talk_as_text(open_workspace(), shown.id).encode(),
        file_name=f"talk-{shown.id}.txt",
        mime="text/plain",
        key="save-talk",
        icon=":material/download:",
        help=_("Private details in it are masked, as in every file that leaves this program."),
        on_click="ignore",
        disabled=not shown.lines,
    )
    st.button(
        _("Delete this talk"),
        key="delete-talk",
        icon=":material/delete:",
        help=_("Undo in the journal brings it back."),
        on_click=_delete,
        args=(shown.id,),
    )


def _rename(talk: int, key: str) -> None:
    try:
        workflow.rename_talk(open_workspace(), talk, widget_value(key) or "")
    except RuwoError as error:
        flash(error_text(error))


def _delete(talk: int) -> None:
    talk_desk().stop(open_workspace(), talk)
    try:
        workflow.delete_talk(open_workspace(), talk)
    except RuwoError as error:
        flash(error_text(error))
        return
    get_state().talk_at = None
    flash(_("The talk is deleted. Undo brings it back."))


def draw_choices(ws: Workspace, head: TalkHead, models: Sequence[ChatModel]) -> TalkHead:
    """Draw with which model, as which persona and with whom the talk is; return it as chosen.

    Where its model is gone, none is chosen until the person does: the talk would go elsewhere.
    """
    names = {each.key: each.name for each in models}
    personas = workflow.kept_personas(ws)
    partners = workflow.partners(ws)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        model = _choice(_("Model"), names, head.model, talk=head.id, column="model") or ""
        persona = head.persona
        if len(personas) > 1:
            called = {_AS_EXPORTED: _("The one that is exported"), **_persona_names(personas)}
            held = head.persona or _AS_EXPORTED
            persona = _choice(_("Persona"), called, held, talk=head.id, column="persona_id") or None
        partner = head.partner
        if partners:
            who = {"": _("Nobody in particular"), **{name: name for name in partners}}
            partner = _choice(_("You talk as"), who, head.partner, talk=head.id, column="partner")
        with st.popover(_("Settings"), icon=":material/tune:"):
            for each in models:
                if each.key == model:
                    draw_options(ws, each)
                    st.divider()
            draw_spark_list(models)
            with st.container(horizontal=True, gap="small"):
                draw_add()
    return replace(head, model=model, persona=persona, partner=partner)


def _persona_names(personas: Sequence[KeptPersona]) -> dict[int, str]:
    return {each.id: each.persona.name or f"{_('Persona')} {each.id}" for each in personas}


def _choice(label: str, called: Mapping[Any, str], held: Any, *, talk: int, column: str) -> Any:
    """Draw a box for something that a talk remembers; return what is chosen."""
    key = f"{Keys.TALK_CHOICE}{column}:{talk}"
    options = list(called)
    if widget_value(key) not in options:
        other = None if column == "model" else options[0]
        set_widget(key, held if held in options else other)
    return st.selectbox(
        label,
        options,
        format_func=lambda each: called.get(each, ""),
        key=key,
        placeholder=_("Choose a model"),
        width=220,
        on_change=_change,
        args=(talk, key, column),
    )


def _change(talk: int, key: str, column: str) -> None:
    """Remember in a talk what was chosen for it; one that has not begun remembers nothing."""
    if talk == NEW:
        return
    chosen = widget_value(key) or _empty(column)
    try:
        workflow.change_talk(open_workspace(), talk, **{column: chosen})
    except RuwoError as error:
        flash(error_text(error))


def _empty(column: str) -> object:
    return None if column == "persona_id" else ""


def draw_gone() -> None:
    """Draw that a talk waits for a model to be chosen."""
    st.warning(
        _(
            "The model of this talk is no longer there under its name. Choose one to go on: all"
            " that was said so far goes to it."
        ),
        icon=":material/link_off:",
    )


def draw_news(ws: Workspace, head: TalkHead, model: ChatModel) -> None:
    """Draw that a host is about to be told what others were told, and the way out."""
    desk = talk_desk()
    if desk.running(ws, head.id) is not None:
        return
    if not workflow.is_news_to(desk.lines(ws, head.id), model):
        return
    text = _(
        "What was said last in this talk did not go to {host}. With what you say next, all that was"
        " said in it goes to {host}, as it stands here."
    )
    st.warning(plain(text.format(host=model.host)), icon=":material/forward:")
    st.button(
        _("Begin a new talk instead"),
        key="new-talk-instead",
        icon=":material/add_comment:",
        on_click=_new_talk_with,
        args=(model.key,),
    )


def _new_talk_with(model: str) -> None:
    set_widget(f"{Keys.TALK_CHOICE}model:{NEW}", model)
    _new_talk()


def draw_where(model: ChatModel) -> None:
    """Draw where what is typed goes, and what goes with it."""
    if model.on_this_machine:
        text = _(
            "What you type goes to {host} as typed. It runs on this machine: nothing leaves it."
        )
        icon = ":material/computer: "
    else:
        text = _(
            "What you type goes to {host} as typed: nothing in it is masked. Of your workspace"
            " only the persona's text below goes with it, masked."
        )
        icon = ":material/public: "
    st.caption(icon + plain(text.format(host=model.host)))
    if model.in_the_open:
        st.warning(
            _("The address is not encrypted: others in the network can read what is sent."),
            icon=":material/lock_open:",
        )


def draw_system(ws: Workspace, head: TalkHead) -> None:
    """Draw what goes before the talk, exactly as it is sent."""
    with st.expander(_("The persona's text that goes before the talk")), errors_shown():
        with st.spinner(_("Masking what would be sent …")):
            system = talk_desk().system(ws, head)
        st.html(quoted(system))


def draw_talk(head: TalkHead, model: ChatModel | None) -> None:
    """Draw the talk; while an answer comes it is drawn again and again.

    Without a model nothing can be said in it.
    """
    ws = open_workspace()
    running = talk_desk().running(ws, head.id) is not None
    st.fragment(_draw_piece, run_every=_POLL if running else _SELDOM)(head, model, running)


def _draw_piece(head: TalkHead, model: ChatModel | None, expected: bool) -> None:  # noqa: FBT001
    with errors_shown():
        _draw_lines(head, model, expected=expected)


def _draw_lines(head: TalkHead, model: ChatModel | None, *, expected: bool) -> None:
    state = get_state()
    ws = open_workspace()
    partial = talk_desk().running(ws, head.id)
    lines = talk_desk().lines(ws, head.id)
    answers = dict(state.talk_answers)
    if expected != (partial is not None) or state.talk_at != head.id:
        st.rerun()  # an answer has begun or ended, or there is another talk to see
    if state.flashes or state.talk_leaving is not None:
        st.rerun()
    persona = workflow.load_persona(ws)

    def told(deed: Told) -> None:
        talk_deeds.do_told(deed, head, model)

    since = lines[-1].id if lines else 0
    if head.id == NEW:
        since = max((each.id for each in workflow.all_talks(ws)), default=0)
    told_apart = {
        "answers": answers,
        "mark": own_mark(ws),
        "workspace": state.generation or "",
        "process": deeds().process,
        "since": since,
    }
    mount_talk(
        told_apart
        | talk_data(
            lines,
            partial,
            place=head.id,
            name=persona.name or _("Me"),
            closed=head.closed,
            say=_say,
            labels=talk_labels(_),
        ),
        key="talk",
        on_told=told,
    )


def _say(template: str, values: Mapping[str, Any]) -> str:
    return _(template).format(**values)


def leave_for_kept(ws: Workspace) -> None:
    """Leave for the conversation that was made of an answer, where the person asked for it."""
    state = get_state()
    line, state.talk_leaving = state.talk_leaving, None
    if line is None or state.talk_at is None:
        return
    for each in workflow.talk_lines(ws, state.talk_at):
        if each.id == line and each.kept_in is not None:
            go("review", {"status": "all", "at": str(each.kept_in)})


def draw_kept(ws: Workspace) -> None:
    """Draw what an answer takes with it into the dataset, how many went, and the way to them."""
    st.caption(
        _(
            "An answer that you put right or like goes into the dataset with a little of what was"
            " said before. What the model said there stays in its own words, not in yours."
        )
    )
    sources = (workflow.CORRECTION, workflow.LIKED)
    count = sum(workflow.written_count(ws, each) for each in sources)
    said = ngettext(
        "{n} answer was put right or liked", "{n} answers were put right or liked", count
    )
    draw_way_to_review(count, said, *sources, icon="edit_note")
