"""The pages in the order of a person's work, and the way from one to the next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import streamlit as st

from curation.errors import N_
from curation.ui.catalogue import _
from curation.ui.state import get_state
from curation.workflow import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTIONS: Final = (
    (
        N_("Your chats"),
        (
            ("importing", N_("Import"), "upload_file"),
            ("overview", N_("Overview"), "dashboard"),
            ("chats", N_("Chats"), "forum"),
        ),
    ),
    (
        N_("Choosing"),
        (
            ("review", N_("Review"), "rate_review"),
            ("table", N_("Table"), "table_rows"),
            ("privacy", N_("Privacy"), "shield_person"),
            ("asking", N_("Ask a model"), "smart_toy"),
            ("trash", N_("Trash"), "delete"),
        ),
    ),
    (
        N_("The person"),
        (
            ("persona", N_("Persona"), "person_heart"),
            ("writing", N_("Writing"), "edit_note"),
            ("mbti", N_("MBTI"), "psychology"),
        ),
    ),
    (
        N_("The digital self"),
        (
            ("export", N_("Export"), "download"),
            ("training", N_("Training"), "model_training"),
            ("chat", N_("Talk"), "chat"),
        ),
    ),
    (
        N_("The workspace"),
        (
            ("journal", N_("Journal"), "history"),
            ("settings", N_("Settings"), "settings"),
            ("guide", N_("Guide"), "menu_book"),
        ),
    ),
)
_PAGES: Final = tuple(page for _section, pages in _SECTIONS for page in pages)


_FIRST: Final = "first"

NARROW: Final = 892
"""As wide as text reads well, in pixels; all there is on a small laptop's screen."""


_OF_REVIEWING: Final = frozenset(
    {"overview", "review", "table", "trash", "journal", "settings", "guide"}
)
_OF_SEEING: Final = frozenset({"privacy"})
"""What a reviewer needs who sees what is masked."""


def is_owner() -> bool:
    """Return whether who acts in this tab is an owner."""
    access = get_state().access
    return access is None or access.role is Role.OWNER


def sees_all() -> bool:
    """Return whether nothing is hidden from who acts in this tab."""
    access = get_state().access
    return access is None or not access.hides


def is_open(name: str) -> bool:
    """Return whether the page `name` is there for who acts in this tab."""
    access = get_state().access
    if access is None or access.role is Role.OWNER:
        return True
    return name in _OF_REVIEWING or (name in _OF_SEEING and not access.hides)


def first_page() -> str:
    """Return the name of the page that opens first for who acts in this tab."""
    return next(name for name, _title, _icon in _PAGES if is_open(name))


def page_title(name: str) -> str:
    """Return the title of the page in file `pages/<name>.py`."""
    return next(_(title) for file, title, _icon in _PAGES if file == name)


def all_pages(*, icons: bool = True) -> dict[str, list[st.Page]]:
    """Return the pages for `st.navigation`, under the names of their sections; not all are named.

    A page's icon also becomes the browser's unless `st.set_page_config` came first, and would then
    be fetched from Google's servers: where it did not come first, leave the icons away. Who types
    the address of a page that is not theirs gets there too, and is told whose it is.
    """
    there = {name for name, _title, _icon in _PAGES if is_open(name)}
    first = first_page()
    found = {
        _(section): [
            st.Page(
                f"pages/{name}.py",
                title=_(title),
                icon=f":material/{icon}:" if icons else None,
                default=name == first,
                url_path=_FIRST if name == first else name,
            )
            for name, title, icon in pages
            if name in there
        ]
        for section, pages in _SECTIONS
        if there & {name for name, _title, _icon in pages}
    }
    hidden: Final[Mapping[str, Any]] = {"visibility": "hidden"}
    closed = (name for name, _title, _icon in _PAGES if name not in there)
    # In a section that has others: its name would be shown even if no page of it is.
    next(iter(found.values())).extend(
        [
            # The first page is at the root alone, whatever it is called.
            st.Page(partial(go, first), title=page_title(first), url_path=first, **hidden),
            *(st.Page(f"pages/{each}.py", title=page_title(each), **hidden) for each in closed),
        ]
    )
    if asked := _asked_in_vain():
        title = _("Not found")
        missing = st.Page("pages/missing.py", title=title, url_path=asked, **hidden)
        next(iter(found.values())).append(missing)
    return found


def _asked_in_vain() -> str:
    """Return the last part of the tab's address where no page has it, else nothing.

    Streamlit would open the first page and say in English that there is no such page.
    """
    asked = unquote(urlsplit(st.context.url or "").path).rpartition("/")[2]
    known = {_FIRST, *(name for name, _title, _icon in _PAGES)}
    return "" if asked in known else asked


def hide_pages() -> None:
    """Let no page be named to who is not let in; addresses of pages stay known."""
    st.navigation(all_pages(icons=False), position="hidden")


def go(name: str, query: Mapping[str, str | list[str]] | None = None) -> None:
    """Leave for the page `name`; ends this run."""
    st.switch_page(f"pages/{name}.py", query_params=dict(query or {}))


def next_step(name: str, label: str, *, key: str, primary: bool = True) -> None:
    """Draw a button that leads to the page `name`, where that page is there."""
    if is_open(name) and st.button(
        label,
        key=key,
        type="primary" if primary else "secondary",
        icon=":material/arrow_forward:",
    ):
        go(name)
