"""How the import page draws many chat files as one: an archive, a folder, or a long choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from curation.ui.catalogue import _, error_text, ngettext, say
from curation.ui.html import shorten
from curation.ui.markdown import plain
from curation.ui.preview_cards import AS_RADIO, draw_bad_rows, draw_preview, facts_of
from curation.ui.previews import (
    answer_all,
    candidates,
    is_good,
    me_in,
    preview_of,
    without_answer,
)
from curation.ui.state import Keys, get_state, set_widget, widget_exists, widget_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.ui.uploads import Member

_SHOWN_QUESTIONS: Final = 3
"""Files that are asked about one by one, where the one answer does not fit them."""

_PEOPLE_IN_A_ROW: Final = 3


def draw_many(name: str, key: str, files: Sequence[Member]) -> list[Member]:
    """Draw many chat files as one group with one answer; return those to be imported."""
    good = [member for member in files if is_good(member)]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            count = ngettext("{n} chat file", "{n} chat files", len(good))
            taken_at_all = st.checkbox(
                "**" + plain(name) + "**", value=True, key=Keys.TAKE + key, disabled=not good
            )
            st.badge(count.format(n=f"{len(good):,}"), color="green")
        if not good:
            return []
        previews = [preview_of(member) for member in good]
        st.caption(
            plain(
                " · ".join(
                    [
                        facts_of(sum(each.message_count for each in previews), previews),
                        *dict.fromkeys(say(each.format) for each in previews),
                    ]
                )
            )
        )
        _ask_me_of_all(key, good)
        taken = _draw_files(key, good)
        taken = _draw_left_over(key, good, taken)
        draw_bad_rows([row for each in previews for row in each.bad_rows], several_files=True)
        warnings = {say(warning) for each in previews for warning in each.warnings}
        if warnings:
            label = ngettext("{n} remark", "{n} remarks", len(warnings)).format(n=len(warnings))
            with st.expander(label, icon=":material/warning:"):
                st.markdown("\n".join(f"- {plain(warning)}" for warning in sorted(warnings)))
    return taken if taken_at_all else []


def draw_bad_files(files: Sequence[Member]) -> None:
    """Draw the files that cannot be used, each with its reason."""
    label = ngettext("{n} file cannot be used", "{n} files cannot be used", len(files))
    errors = [preview_of(member).error for member in files]
    with (
        st.expander(label.format(n=f"{len(files):,}"), icon=":material/error:"),
        st.container(height=min(40 + 34 * len(files), 300), border=False),
    ):
        st.markdown("\n".join(f"- {plain(error_text(e))}" for e in errors if e is not None))


def _all_answered(key: str, files: Sequence[Member]) -> None:
    answer_all(files, widget_value(Keys.ME + key))


def _ask_me_of_all(key: str, files: Sequence[Member]) -> None:
    """Ask once who "me" is in all files that do not say; whoever is in most of them comes first."""
    asking = [member for member in files if not preview_of(member).me_known]
    if not asking:
        return
    people = {each.name: each for each in candidates(asking)}

    def described(name: str) -> str:
        each = people[name]
        where = ngettext("in {n} file", "in {n} files", each.files).format(n=f"{each.files:,}")
        said = ngettext("{n} message", "{n} messages", each.messages)
        return f"{shorten(name, 40)} · {where} · {said.format(n=f'{each.messages:,}')}"

    if not widget_exists(Keys.ME + key):
        set_widget(Keys.ME + key, None)
    label = ":material/help: **" + _("Which one is you?") + "** "
    label += _("The answer holds for every file in which this person speaks.")
    if len(people) <= AS_RADIO:
        st.radio(
            label,
            list(people),
            format_func=lambda name: plain(described(name)),
            key=Keys.ME + key,
            on_change=_all_answered,
            args=(key, asking),
        )
    else:
        st.selectbox(
            label,
            list(people),
            format_func=described,
            key=Keys.ME + key,
            placeholder=_("Choose your name"),
            on_change=_all_answered,
            args=(key, asking),
        )


def _draw_files(key: str, files: Sequence[Member]) -> list[Member]:
    """Draw the files as rows to choose from, all chosen at first; return the chosen ones."""
    st.caption(_("Ticked files are imported. The box in the head takes all or none."))
    rows = []
    for member in files:
        preview = preview_of(member)
        me = me_in(member)
        others = [person.name for person in preview.participants if person is not me]
        rows.append(
            {
                "file": member.name,
                "messages": preview.message_count,
                "me": "?" if me is None else shorten(me.name, 20),
                "others": shorten(" · ".join(map(_short, others[:_PEOPLE_IN_A_ROW])), 60)
                + (" …" if len(others) > _PEOPLE_IN_A_ROW else ""),
                "span": ""
                if preview.first_time is None or preview.last_time is None
                else f"{preview.first_time:%Y-%m-%d} – {preview.last_time:%Y-%m-%d}",
                "bad": f"{len(preview.bad_rows):,}" if preview.bad_rows else "",
            }
        )
    config = st.column_config
    draft = get_state().importing
    chosen = st.dataframe(
        pd.DataFrame(rows),
        key=f"files:{key}:{draft.leave_out_round}",
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={
            "selection": {
                "rows": [n for n, each in enumerate(files) if each.key not in draft.left_out]
            }
        },
        height=min(len(rows) + 1, 9) * 35 + 3,
        column_config={
            "file": config.TextColumn(_("File"), width=190),
            "messages": config.NumberColumn(_("Messages"), format="localized", width=75),
            "me": config.TextColumn(_("Me"), width=90),
            "others": config.TextColumn(_("Talks with"), width=135),
            "span": config.TextColumn(_("From, to"), width=170),
            "bad": config.TextColumn(_("Unreadable"), width=85),
        },
        alt=_("The chat files"),
    )
    return [files[row] for row in chosen.selection.rows if row < len(files)]


def _short(name: str) -> str:
    return shorten(name, 20)


def _leave_out(files: Sequence[Member]) -> None:
    draft = get_state().importing
    draft.left_out |= {member.key for member in files}
    draft.leave_out_round += 1


def _draw_left_over(key: str, files: Sequence[Member], taken: list[Member]) -> list[Member]:
    """Ask about the chosen files in which the one chosen does not speak, or leave them out.

    Returns the files that stay chosen.
    """
    asked = without_answer(taken)
    if not asked or widget_value(Keys.ME + key) is None:
        return taken
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            text = ngettext(
                "In {n} file this person does not speak.",
                "In {n} files this person does not speak.",
                len(asked),
            )
            st.markdown(":material/help: " + text.format(n=f"{len(asked):,}"), width="stretch")
            # What was unticked by hand stays so.
            out = [*asked, *(member for member in files if member not in taken)]
            st.button(_("Leave them out"), key=f"leave:{key}", on_click=_leave_out, args=(out,))
        shown = asked[:_SHOWN_QUESTIONS]
        unticked = {member.key for member in shown if not draw_preview(member)}
        if (more := len(asked) - _SHOWN_QUESTIONS) > 0:
            st.caption(ngettext("and {n} more", "and {n} more", more).format(n=f"{more:,}"))
    return [member for member in taken if member.key not in unticked]
