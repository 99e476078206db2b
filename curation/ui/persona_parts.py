"""Parts of the persona page: which persona is shown, what was saved of it, and two compared."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import RuwoError
from curation.model import PERSONA_TEXTS, Persona
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.frame import flash
from curation.ui.html import quoted
from curation.ui.journal_words import what_label
from curation.ui.markdown import plain
from curation.ui.paging import draw_pages
from curation.ui.resources import workspace
from curation.ui.state import Keys, get_state, set_widget, widget_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from curation.workflow import KeptPersona, PersonaVersion

_PAGE: Final = 8
_STYLE: Final = """<style>
.ruwo-versions table{border-collapse:collapse;width:100%}
.ruwo-versions td,.ruwo-versions th{vertical-align:top;text-align:left;padding:.25rem .5rem;
border-bottom:1px solid rgba(128,140,132,.3);white-space:pre-wrap;overflow-wrap:anywhere}
.ruwo-versions th{white-space:nowrap;opacity:.75;font-weight:400}
</style>"""


def persona_key(name: str) -> str:
    """Return the key of the widget that shows a field of the persona."""
    return Keys.PERSONA_FIELD + name.replace("_", "-")


def persona_label(kept: KeptPersona) -> str:
    """Return what a persona is called in a list."""
    name = kept.persona.name.strip() or _("without a name")
    return f"{name} · " + (_("goes into the export") if kept.active else f"#{kept.id}")


def shown_persona(kept: Sequence[KeptPersona]) -> KeptPersona | None:
    """Return the persona that the page shows: the chosen one, else the one that is exported."""
    wanted = get_state().persona_at
    for each in kept:
        if each.id == wanted:
            return each
    return next((each for each in kept if each.active), None)


def _show(number: int | None) -> None:
    state = get_state()
    state.persona_at, state.persona_shown = number, None
    for key in (Keys.PERSONA_OLDER, Keys.PERSONA_NEWER):
        st.session_state.pop(key, None)


def _chosen() -> None:
    _show(widget_value(Keys.PERSONA_CHOICE))


def _add(persona: Persona) -> None:
    try:
        _show(workflow.add_persona(workspace(), persona))
    except RuwoError as error:
        flash(error_text(error))


def _do(action: Callable[[], object]) -> None:
    try:
        action()
    except RuwoError as error:
        flash(error_text(error))
    get_state().persona_shown = None


def _use(number: int) -> None:
    _do(lambda: workflow.use_persona(workspace(), number))


def _delete(number: int) -> None:
    _do(lambda: workflow.delete_persona(workspace(), number))
    flash(_("The persona was deleted. The journal can bring it back."))
    _show(None)


def _go_back(number: int, version: int) -> None:
    workflow.keep_persona_draft(workspace(), number, None)
    _do(lambda: workflow.restore_persona(workspace(), number, version))


def draw_choice(kept: Sequence[KeptPersona], shown: KeptPersona | None) -> None:
    """Draw which persona is shown, with the buttons that add, choose and delete one.

    Its room is there before the first one is saved: what is typed below would be lost if it moved.
    """
    place = st.container()
    if shown is None:
        return
    with place.container(border=True):
        if len(kept) > 1:
            set_widget(Keys.PERSONA_CHOICE, shown.id)
            labels = {each.id: persona_label(each) for each in kept}
            st.selectbox(
                _("Persona"),
                list(labels),
                format_func=labels.__getitem__,
                key=Keys.PERSONA_CHOICE,
                on_change=_chosen,
            )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("New persona"),
                key="persona-new",
                icon=":material/person_add:",
                on_click=_add,
                args=(Persona(),),
            )
            copy = replace(shown.persona, name=_("{name} (copy)").format(name=shown.persona.name))
            st.button(
                _("Copy this one"),
                key="persona-copy",
                icon=":material/content_copy:",
                on_click=_add,
                args=(copy,),
            )
            if not shown.active:
                st.button(
                    _("Use for the export"),
                    key="persona-use",
                    icon=":material/check_circle:",
                    type="primary",
                    on_click=_use,
                    args=(shown.id,),
                )
                st.button(
                    _("Delete"),
                    key="persona-delete",
                    icon=":material/delete:",
                    on_click=_delete,
                    args=(shown.id,),
                )
        if len(kept) > 1:
            st.caption(
                _("This persona goes into the export.")
                if shown.active
                else _("Another persona goes into the export; this one is only kept here.")
            )
        else:
            st.caption(
                _("You can keep several, such as you at work and you at home; one is exported.")
            )


def draw_versions(shown: KeptPersona | None) -> None:
    """Draw what was saved of a persona, the way back to each, and two of them compared."""
    versions = workflow.persona_versions(workspace(), shown.id) if shown is not None else []
    if shown is None or not versions:
        return
    count = ngettext("{n} earlier state", "{n} earlier states", len(versions))
    with st.expander(
        _("What was saved before: {count}").format(count=count.format(n=len(versions))),
        icon=":material/history:",
    ):
        st.caption(_("Every save is kept. Going back can be undone like everything else."))
        lines = st.container()
        page = draw_pages(f"persona-versions-{shown.id}", -(-len(versions) // _PAGE))
        start = (page - 1) * _PAGE
        with lines:
            for version in versions[start : start + _PAGE]:
                _draw_version(shown, version, newest=version is versions[0])
        if len(versions) > 1:
            _draw_comparison(versions)


def _draw_version(shown: KeptPersona, version: PersonaVersion, *, newest: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        changed = _(", ").join(what_label(f"persona.{name}") for name in version.changed)
        parts = [_moment(version.at), version.reviewer, changed or _("made empty")]
        said = " · ".join(part for part in parts if part)
        st.markdown(plain(said), width="stretch")
        if newest:
            st.caption(_("as it is now"), width="content")
        else:
            st.button(
                _("Go back to this"),
                key=f"persona-back-{version.id}",
                type="tertiary",
                icon=":material/settings_backup_restore:",
                on_click=_go_back,
                args=(shown.id, version.id),
            )


def _draw_comparison(versions: Sequence[PersonaVersion]) -> None:
    """Draw two choices of what was saved, and the fields in which they differ."""
    by_id = {each.id: each for each in versions}
    labels = {
        each.id: f"{_moment(each.at)} · {number}"
        for number, each in zip(range(len(versions), 0, -1), versions, strict=True)
    }
    first, second = st.columns(2)
    with first:
        older = st.selectbox(
            _("Compare"),
            list(labels),
            index=1,
            format_func=labels.__getitem__,
            key=Keys.PERSONA_OLDER,
        )
    with second:
        newer = st.selectbox(
            _("with"), list(labels), format_func=labels.__getitem__, key=Keys.PERSONA_NEWER
        )
    before, after = by_id[older].persona, by_id[newer].persona
    differing = [name for name in PERSONA_TEXTS if getattr(before, name) != getattr(after, name)]
    if not differing:
        st.caption(_("Both are the same."))
        return
    rows = "".join(
        f"<tr><th>{escape(what_label(f'persona.{name}'))}</th>"
        f"<td>{escape(getattr(before, name)) or '–'}</td>"
        f"<td>{escape(getattr(after, name)) or '–'}</td></tr>"
        for name in differing
    )
    st.html(f"{_STYLE}<div class='ruwo-versions'><table>{rows}</table></div>")


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


def draw_system_text(persona: Persona, chats: Sequence[str]) -> None:
    """Draw the system text for a partner, and how long it is; raises PersonaError."""
    chat = ""
    if chats:
        chat = st.selectbox(
            _("What it becomes when you talk with"),
            chats,
            format_func=lambda name: _partner(name, persona),
            key=Keys.PERSONA_PARTNER,
        )
    text = workflow.preview_system(persona, chat or "")
    lengths = workflow.system_lengths(persona)
    with st.container(border=True):
        st.html(quoted(text))
    said = _("About {n} tokens here").format(n=f"{workflow.count_tokens(text):,}")
    if lengths.least != lengths.most:
        said += _("; {least} to {most} with the different partners").format(
            least=f"{lengths.least:,}", most=f"{lengths.most:,}"
        )
    said += _(", of the {limit} that a trainer reads of a record as a rule.").format(
        limit=f"{workflow.TRAINER_TOKENS:,}"
    )
    st.caption(said)
    if lengths.most > workflow.TRAINER_TOKENS // 4:
        st.warning(
            _("It takes more than a quarter of a record, and every record has it. Shorten it."),
            icon=":material/straighten:",
        )
    st.caption(_("Every record begins with this text. Private details in it are masked too."))


def _partner(chat: str, persona: Persona) -> str:
    relation = persona.relations.get(chat, "").strip()
    return f"{chat} · {relation}" if relation else chat
