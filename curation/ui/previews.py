"""What the import page knows of the chosen files, and how it draws one of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.model import Side
from curation.ui.catalogue import _, ngettext, say
from curation.ui.frame import show_error
from curation.ui.html import bubbles, quoted, shorten
from curation.ui.markdown import plain
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value
from curation.ui.uploads import on_disk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import FilePreview, Participant
    from curation.ui.uploads import Chosen
    from curation.workflow import Progress

_AS_RADIO: Final = 5
"""More people than this in a file are offered in a list instead of as buttons."""

_SHOWN_PEOPLE: Final = 4
_SHOWN_SYSTEM_TEXTS: Final = 3


def read_previews(files: Sequence[Chosen], progress: Progress) -> None:
    """Read what is not read yet into this tab's draft, and forget files no longer chosen."""
    draft = get_state().importing
    wanted = {file.key for file in files}
    draft.previews = {key: seen for key, seen in draft.previews.items() if key in wanted}
    draft.answers = {key: me for key, me in draft.answers.items() if key in wanted}
    new = [file for file in files if file.key not in draft.previews]
    for number, file in enumerate(new):
        progress("read", number, len(new))
        with on_disk([file]) as paths:
            path = paths[file.key]
            (preview,) = workflow.preview_files([path])
        # The temporary folder is gone by now: only the file's own name is kept.
        draft.previews[file.key] = replace(preview, path=Path(file.name))
    for file in new:
        _answer_like_others(file.key)


def unread(files: Sequence[Chosen]) -> bool:
    """Return whether some of the files were not read yet."""
    return any(file.key not in get_state().importing.previews for file in files)


def bad_files(files: Sequence[Chosen]) -> list[Chosen]:
    """Return the chosen files that could not be read."""
    previews = get_state().importing.previews
    return [file for file in files if previews[file.key].error is not None]


def importable(files: Sequence[Chosen]) -> list[Chosen]:
    """Return the chosen files that could be read and were not deselected."""
    previews = get_state().importing.previews
    return [
        file
        for file in files
        if previews[file.key].error is None and widget_value(Keys.TAKE + file.key) is not False
    ]


def without_answer(files: Sequence[Chosen]) -> list[Chosen]:
    """Return those of the files of which nobody said yet who "me" is."""
    draft = get_state().importing
    return [
        file
        for file in files
        if not draft.previews[file.key].me_known and file.key not in draft.answers
    ]


def _answer_like_others(key: str) -> None:
    """Answer "who am I?" for a file in which a person already chosen elsewhere occurs."""
    draft = get_state().importing
    preview = draft.previews[key]
    if preview.me_known or key in draft.answers:
        return
    mine = {
        person.name
        for other, sender in draft.answers.items()
        for person in draft.previews[other].participants
        if person.sender == sender
    }
    for person in preview.participants:
        if person.sender in draft.answers.values() or person.name in mine:
            draft.answers[key] = person.sender
            set_widget(Keys.ME + key, person.sender)
            return


def _me_chosen(key: str) -> None:
    """Take over the answer given for one file, also for the others where that name occurs."""
    draft = get_state().importing
    sender = widget_value(Keys.ME + key)
    if sender is None:
        draft.answers.pop(key, None)
        return
    draft.answers[key] = sender
    for other in draft.previews:
        _answer_like_others(other)


def draw_preview(file: Chosen) -> None:
    """Draw one chosen file: what it is, who speaks in it, and the question who "me" is."""
    preview = get_state().importing.previews[file.key]
    if preview.error is not None:
        show_error(preview.error)
        return
    with st.container(border=True):
        _draw_head(file, preview)
        me = _known_me(preview) or get_state().importing.answers.get(file.key)
        _draw_people(preview.participants, me)
        if not preview.me_known:
            _ask_me(file.key, preview.participants)
        for warning in preview.warnings:
            st.caption(":material/warning: " + plain(say(warning)))
        if preview.system_texts:
            _draw_system_texts(preview.system_texts)


def _draw_head(file: Chosen, preview: FilePreview) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.checkbox("**" + plain(file.name) + "**", value=True, key=Keys.TAKE + file.key)
        st.badge(plain(say(preview.format)), color="green")
    count = preview.message_count
    facts = [ngettext("{n} message", "{n} messages", count).format(n=f"{count:,}")]
    if preview.first_time and preview.last_time:
        facts.append(f"{preview.first_time:%Y-%m-%d} – {preview.last_time:%Y-%m-%d}")
    else:
        facts.append(_("without times"))
    st.caption(plain(" · ".join(facts)))


def _known_me(preview: FilePreview) -> str | None:
    return next((person.sender for person in preview.participants if person.is_me), None)


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


def _ask_me(key: str, people: Sequence[Participant]) -> None:
    names = {person.sender: person.name for person in people}
    answer = get_state().importing.answers.get(key)
    if not widget_exists(Keys.ME + key):
        set_widget(Keys.ME + key, answer)
    label = ":material/help: **" + _("Which one is you?") + "**"
    if len(people) <= _AS_RADIO:
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


def _draw_system_texts(texts: Sequence[str]) -> None:
    with st.expander(_("A system text is in this file; it is never exported")):
        for text in texts[:_SHOWN_SYSTEM_TEXTS]:
            st.html(quoted(shorten(text, 600)))
