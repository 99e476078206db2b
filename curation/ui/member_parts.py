"""Who works in this workspace: the list in the settings, and who is asked who they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, RuwoError
from curation.ui.catalogue import _, error_text
from curation.ui.frame import draw_guide_link, flash
from curation.ui.markdown import plain
from curation.ui.resources import workspace as open_workspace
from curation.ui.reviewer import signed_in
from curation.ui.state import Keys, set_widget, widget_value
from curation.workflow import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.workflow import Member, Workspace

_ROLE: Final[Mapping[Role, str]] = {Role.OWNER: N_("Owner"), Role.REVIEWER: N_("Reviewer")}


def role_label(role: Role) -> str:
    """Return what a member is, in words."""
    return _(_ROLE[role])


def draw_members(ws: Workspace) -> None:
    """Draw the list of members, who may be added, and what reviewers do not see."""
    listed = workflow.all_members(ws)
    with st.container(border=True):
        st.subheader(_("Members"), anchor=False)
        st.caption(
            _(
                "An owner may do everything. A reviewer reviews: no export, no backup, no persona,"
                " no settings, no models. While nobody is listed, everybody here is an owner."
            )
        )
        if not signed_in():
            st.caption(
                _(
                    "Without signing in, a name is only what somebody typed and proves nothing."
                    " Whoever uses this computer can choose any name. For a team, set up signing"
                    " in; the README shows how."
                )
            )
        draw_guide_link("team", _("Working together, in the guide"), key="guide-to-team")
        for at, each in enumerate(listed):
            _draw_member(at, each)
        _draw_adding()
    _draw_hiding(ws, there=bool(listed))


def _draw_member(at: int, member: Member) -> None:
    line = f"member-{at}"
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", key=line):
        st.markdown(plain(member.name), width="stretch")
        key = f"{Keys.MEMBER_ROLE}{member.name}"
        set_widget(key, member.role)
        st.selectbox(
            _("Role"),
            list(Role),
            format_func=role_label,
            key=key,
            label_visibility="collapsed",
            width=140,
            on_change=partial(_change_role, member.name, key),
        )
        st.button(
            _("Remove"),
            key=f"remove-member-{at}",
            type="tertiary",
            icon=":material/person_remove:",
            on_click=partial(_remove, member.name),
        )


def _draw_adding() -> None:
    with (
        st.form("add-member", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom", key="add-member-fields"),
    ):
        st.text_input(
            _("Name or e-mail address"),
            key=Keys.MEMBER_NAME,
            max_chars=workflow.LONGEST_MEMBER,
            placeholder=_("An e-mail address for who signs in") if signed_in() else "",
        )
        st.selectbox(
            _("Role"),
            [Role.REVIEWER, Role.OWNER],
            format_func=role_label,
            key=Keys.MEMBER_NEW_ROLE,
            width=140,
        )
        st.form_submit_button(_("Add"), icon=":material/person_add:", on_click=_add)


def _draw_hiding(ws: Workspace, *, there: bool) -> None:
    with st.container(border=True):
        st.subheader(_("What reviewers see"), anchor=False)
        set_widget(Keys.HIDING, workflow.hidden_from_reviewers(ws))
        st.toggle(
            _("Hide private details from reviewers"),
            key=Keys.HIDING,
            on_change=_hide,
            disabled=not there,
        )
        st.caption(
            _(
                "What is masked or not decided yet is shown to reviewers as a placeholder, and is"
                " not found by searching. Messages that hold such a detail can only be edited by"
                " an owner. Notes of others, drafts and saved filters are not shown to them either."
                " Names of chats stay readable."
            )
            if there
            else _("List members first.")
        )


def _add() -> None:
    name, role = widget_value(Keys.MEMBER_NAME) or "", widget_value(Keys.MEMBER_NEW_ROLE)
    _try(lambda ws: workflow.set_member(ws, name, role or Role.REVIEWER))


def _change_role(name: str, key: str) -> None:
    role = widget_value(key)
    if role is not None:
        _try(lambda ws: workflow.set_member(ws, name, role))


def _remove(name: str) -> None:
    _try(lambda ws: workflow.remove_member(ws, name))


def _hide() -> None:
    hidden = bool(widget_value(Keys.HIDING))
    _try(lambda ws: workflow.hide_from_reviewers(ws, hidden=hidden))


def _try(change: Callable[[Workspace], object]) -> None:
    try:
        change(open_workspace())
    except RuwoError as error:
        flash(error_text(error))
    else:
        flash(_("Saved."))
