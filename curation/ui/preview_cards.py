"""How the import page draws one chosen chat file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation.model import Side
from curation.ui.catalogue import _, error_text, ngettext, place_text, say
from curation.ui.frame import show_error
from curation.ui.html import bubbles, quoted, shorten
from curation.ui.markdown import plain
from curation.ui.previews import answer_like_others, me_in, preview_of
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.errors import BadFileError
    from curation.model import Participant
    from curation.ui.uploads import Member
    from curation.workflow import FilePreview

AS_RADIO: Final = 5
"""More people than this are offered in a list instead of as buttons."""

_SHOWN_PEOPLE: Final = 4
_SHOWN_SYSTEM_TEXTS: Final = 3
_SHOWN_BAD_ROWS: Final = 200


def draw_preview(member: Member) -> bool:
    """Draw one chat file: what it is, who speaks in it, and the question who "me" is.

    Returns whether it is to be imported.
    """
    preview = preview_of(member)
    if preview.error is not None:
        show_error(preview.error)
        return False
    with st.container(border=True):
        taken = _draw_head(member, preview)
        me = me_in(member)
        _draw_people(preview.participants, None if me is None else me.sender)
        if not preview.me_known:
            _ask_me(member.key, preview.participants)
        for warning in preview.warnings:
            st.caption(":material/warning: " + plain(say(warning)))
        draw_bad_rows(preview.bad_rows, several_files=False)
        if preview.system_texts:
            draw_system_texts(preview.system_texts)
    return taken


def facts_of(count: int, previews: Sequence[FilePreview]) -> str:
    """Return how many messages there are and from when to when."""
    facts = [ngettext("{n} message", "{n} messages", count).format(n=f"{count:,}")]
    firsts = [each.first_time for each in previews if each.first_time]
    lasts = [each.last_time for each in previews if each.last_time]
    if firsts and lasts:
        facts.append(f"{min(firsts):%Y-%m-%d} – {max(lasts):%Y-%m-%d}")
    else:
        facts.append(_("without times"))
    return " · ".join(facts)


def draw_bad_rows(rows: Sequence[BadFileError], *, several_files: bool) -> None:
    """Draw how many rows cannot be read, each with its place and reason behind a click."""
    if not rows:
        return
    label = ngettext(
        "{n} place cannot be read; the rest is imported",
        "{n} places cannot be read; the rest is imported",
        len(rows),
    )
    with st.expander(label.format(n=f"{len(rows):,}"), icon=":material/report:"):
        lines = [
            error_text(row) if several_files else place_text(row) for row in rows[:_SHOWN_BAD_ROWS]
        ]
        with st.container(height=min(40 + 28 * len(lines), 260), border=False):
            st.markdown("\n".join(f"- {plain(line)}" for line in lines))
        if (more := len(rows) - _SHOWN_BAD_ROWS) > 0:
            st.caption(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))


def draw_system_texts(texts: Sequence[str]) -> None:
    """Draw system prompts found in a file, folded away."""
    with st.expander(_("A system text is in this file; it is never exported")):
        for text in texts[:_SHOWN_SYSTEM_TEXTS]:
            st.html(quoted(shorten(text, 600)))


def _draw_head(member: Member, preview: FilePreview) -> bool:
    with st.container(horizontal=True, vertical_alignment="center"):
        taken = st.checkbox(
            "**" + plain(member.name) + "**", value=True, key=Keys.TAKE + member.key
        )
        st.badge(plain(say(preview.format)), color="green")
    st.caption(plain(facts_of(preview.message_count, [preview])))
    return taken


def _draw_people(people: Sequence[Participant], me: str | None) -> None:
    """Draw who speaks side by side, each with lines of their own, me in green."""
    shown = people[:_SHOWN_PEOPLE]
    for column, person in zip(st.columns(max(len(shown), 2)), shown, strict=False):
        is_me = person.sender == me
        with column:
            name = "**" + plain(shorten(person.name, 40)) + "**"
            count = ngettext("{n} message", "{n} messages", person.count)
            badge = " :green-badge[" + _("me") + "]" if is_me and person.name != _("me") else ""
            st.markdown(f"{name}{badge}  \n:small[{plain(count.format(n=f'{person.count:,}'))}]")
            st.html(bubbles(person.samples, Side.ME if is_me else Side.OTHER))
    if more := len(people) - len(shown):
        st.caption(ngettext("and {n} more person", "and {n} more people", more).format(n=more))


def _me_chosen(key: str) -> None:
    """Take over the answer given for one file, also for the others where that name occurs."""
    draft = get_state().importing
    sender = widget_value(Keys.ME + key)
    if sender is None:
        draft.answers.pop(key, None)
        return
    draft.answers[key] = sender
    for other in draft.previews:
        answer_like_others(other)


def _ask_me(key: str, people: Sequence[Participant]) -> None:
    names = {person.sender: person.name for person in people}
    answer = get_state().importing.answers.get(key)
    if not widget_exists(Keys.ME + key):
        set_widget(Keys.ME + key, answer)
    label = ":material/help: **" + _("Which one is you?") + "**"
    if len(people) <= AS_RADIO:
        st.radio(
            label,
            list(names),
            format_func=lambda sender: plain(names[sender]),
            key=Keys.ME + key,
            horizontal=True,
            on_change=_me_chosen,
            args=(key,),
        )
    else:
        st.selectbox(
            label,
            list(names),
            format_func=names.__getitem__,
            key=Keys.ME + key,
            placeholder=_("Choose your name"),
            on_change=_me_chosen,
            args=(key,),
        )
