"""What every page begins with: the workspace, the language, messages left by the last run."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import streamlit as st

from curation import workflow
from curation.errors import (
    NotAMemberError,
    RuwoError,
    WorkspaceDamagedError,
    WorkspaceLockedError,
    WorkspaceReplacedError,
)
from curation.ui import resources
from curation.ui.catalogue import LANGUAGES, _, error_text
from curation.ui.components.unframed import mount_unframed
from curation.ui.cookies import LANGUAGE, keep, kept
from curation.ui.damage_parts import draw_damage
from curation.ui.entrance import let_in
from curation.ui.guide import guide, guide_of
from curation.ui.language_switch import draw_language_switch
from curation.ui.markdown import plain
from curation.ui.own_words import translate_widgets
from curation.ui.pages import NARROW, all_pages, is_open, is_owner, next_step, page_title
from curation.ui.quiet import ask_nobody
from curation.ui.refusals import refusals_told
from curation.ui.signing_in import draw_signed_in, guard
from curation.ui.state import (
    Keys,
    current_language,
    forget_all,
    get_state,
    set_widget,
    widget_value,
)
from curation.ui.tour import draw_tour
from curation.ui.unlocking import draw_lock_button, draw_locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from streamlit.delta_generator import DeltaGenerator

    from curation.workflow import Workspace

_ENTRY: Final = "app.py"
_ASSETS: Final = Path(__file__).parent / "assets"


def begin_app() -> None:
    """Draw what stands around every page: the logo and the language switch."""
    get_state().framed = True
    ask_nobody()
    st.html(_ASSETS / "app.css")
    st.logo(str(_ASSETS / "logo.svg"), size="large", icon_image=str(_ASSETS / "icon.svg"))
    workspace = open_workspace()
    with st.sidebar:
        draw_language_switch(get_state().language, _language_chosen)
        draw_lock_button(workspace, key="lock")
        draw_signed_in()
        mount_unframed()
        if get_state().own_language:
            keep(LANGUAGE, get_state().language)


@refusals_told
def _language_chosen() -> None:
    choose_language(widget_value(Keys.LANGUAGE))


def choose_language(language: str) -> None:
    """Show this tab in `language`; only in a callback.

    An owner's choice is remembered in the workspace, a reviewer's in their browser.
    """
    state = get_state()
    state.language = language
    state.table_shown = None
    set_widget(Keys.LANGUAGE, language)
    workspace = resources.workspace()
    if not is_owner():
        state.own_language = True  # the workspace's is its owner's
        return
    settings = workflow.load_settings(workspace)
    if settings.language != language:
        workflow.save_settings(workspace, replace(settings, language=language))


def open_workspace() -> Workspace:
    """Return the workspace, in this tab's language; an error ends the run with one sentence."""
    guard()
    state = get_state()
    if state.damage is not None:
        draw_damage(state.damage)
        st.stop()
    try:
        workspace = resources.workspace()
        if state.generation not in (None, workspace.current_generation()):
            # A backup took the workspace's place: what this tab remembers was about the old one.
            state = forget_all()
            workspace = resources.workspace()
            flash(_("The workspace was replaced by a backup. You see it as it is now."))
        let_in(workspace)
        if not state.language:
            state.language = _first_language(workspace)
    except WorkspaceLockedError:
        draw_locked()
        st.stop()
    except WorkspaceDamagedError as error:
        draw_damage(error)
        st.stop()
    except RuwoError as error:
        show_error(error)
        st.stop()
    return workspace


def _first_language(workspace: Workspace) -> str:
    """Return what a tab is shown in before anything was chosen in it."""
    own = "" if is_owner() else kept(LANGUAGE)
    return own if own in LANGUAGES else workflow.load_settings(workspace).language


def begin_page(name: str, lead: str = "", *, head: DeltaGenerator | None = None) -> Workspace:
    """Draw the head of the page `name`, with `lead` saying what it is for; return the workspace.

    The title goes into `head`, if given: a `title_line` that the page has more to put into.
    """
    _leave_lone_page()
    workspace = open_workspace()
    if name != "review":
        resources.leave_queue()
    if not is_open(name):
        _draw_closed(name)
    with head or title_line():
        st.title(page_title(name), anchor=False, width="content")
        if name != "guide":
            draw_guide_link(guide_of(name), _("Guide to this page"), key="guide-link")
    if lead:
        with st.container(key="lead"):
            st.caption(lead)
    translate_widgets()
    draw_tour(workspace, name)
    state = get_state()
    for flash in state.flashes:
        st.toast(plain(flash))
    state.flashes.clear()
    return workspace


def _draw_closed(name: str) -> NoReturn:
    """Say to a reviewer whose page this is and lead to their own work; ends the run."""
    title = _("“{page}” is a page of the owner").format(page=page_title(name))
    text = _("You are a reviewer here: what waits for you is in the review queue.")
    with nothing_here(title, text):
        next_step("review", _("Go to review"), key="closed-review")
    st.stop()


def draw_guide_link(page: str, label: str, *, key: str) -> None:
    """Draw a link to a page of the guide, in a tab of its own: the work goes on in this one."""
    if page in guide(current_language()):
        st.link_button(
            label, f"guide?page={page}", key=key, type="tertiary", icon=":material/help:"
        )


def _leave_lone_page() -> None:
    """Start the run anew through app.py if Streamlit runs this page without it.

    Because a folder `pages` exists, Streamlit does so when a page's own address is the first one
    opened after the server was started; a call of `st.navigation` ends that for all that follow.
    """
    state = get_state()
    framed, state.framed = state.framed, False
    main = getattr(sys.modules["__main__"], "__file__", None) or ""
    if Path(main).name == _ENTRY and not framed:
        st.navigation(all_pages(icons=False))
        st.rerun()


def flash(text: str) -> None:
    """Show `text` as a toast at the head of the next run."""
    get_state().flashes.append(text)


def show_error(error: RuwoError) -> None:
    """Show the error as one sentence."""
    st.error(plain(error_text(error)), icon=":material/error:")


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show a `RuwoError` raised inside as one sentence, and go on after the block.

    Where another workspace took the place of this one, its file turns out to be damaged, or who
    acts is no member any more, the page runs anew and shows that.
    """
    try:
        yield
    except WorkspaceDamagedError as error:
        resources.reopen()
        get_state().damage = error
        st.rerun(scope="app")
    except (WorkspaceReplacedError, WorkspaceLockedError, NotAMemberError):
        st.rerun(scope="app")
    except RuwoError as error:
        show_error(error)


def narrow() -> AbstractContextManager[object]:
    """Return a container as wide as text reads well."""
    return st.container(width=NARROW)


def title_line() -> DeltaGenerator:
    """Return the line of a page's title, which holds at its right what acts on all of the page."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="title")


def empty_state() -> None:
    """Say that nothing is here yet and lead to the import; ends the run."""
    with nothing_here(
        _("Nothing here yet"),
        _("Bring in your chats first, or try the sample: it takes a few seconds."),
    ):
        next_step("importing", _("Go to import"), key="empty-import")
    st.stop()


@contextmanager
def nothing_here(title: str, text: str) -> Iterator[None]:
    """Say why there is nothing to see; what is drawn inside leads on."""
    with narrow(), st.container(border=True):
        st.subheader(title, anchor=False)
        st.caption(text)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            yield


def nothing_matches(clear: Callable[[], None], *, key: str) -> None:
    """Say that a filter lets nothing through, with the button that clears it."""
    with nothing_here(_("Nothing matches"), _("Change the filter, or clear it.")):
        st.button(_("Clear the filter"), key=key, icon=":material/filter_alt_off:", on_click=clear)
