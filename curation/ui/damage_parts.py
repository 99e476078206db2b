"""What stands in place of every page while the file of the workspace is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, RuwoError
from curation.ui import resources
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.door import door
from curation.ui.markdown import plain
from curation.ui.reviewer import signed_in
from curation.ui.state import forget_all, get_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from curation.errors import WorkspaceDamagedError
    from curation.workflow import Offer

KINDS: Final[Mapping[str, str]] = {
    "": N_("Backup"),
    "before-upgrade": N_("Copy made before an update"),
    "before-restore": N_("Copy made before a restore"),
    "daily": N_("Daily copy"),
}
"""What a person made a backup or the program a copy for."""

_SHOWN: Final = 5
_MEGABYTE: Final = 1_000_000


def draw_damage(error: WorkspaceDamagedError) -> None:
    """Say what happened to the workspace, and offer what can take its place."""
    with door():
        st.subheader(_("Your workspace cannot be opened as it is"), anchor=False)
        st.error(plain(error_text(error)), icon=":material/broken_image:")
        st.text(
            _(
                "This happens when the power fails, a disk is failing, or another program writes"
                " into the file. Nothing was changed. Whatever you choose, the damaged file stays"
                " beside the workspace under another name. First close Ruwo's other windows, and"
                " other programs that use the file."
            )
        )
        flashes = get_state().flashes
        for refused in flashes:
            st.warning(plain(refused), icon=":material/error:")
        flashes.clear()
        if signed_in():
            # What somebody may do here stands in the workspace, which cannot be read.
            st.info(
                _(
                    "Whoever runs this server can bring back a copy there:"
                    " python -m curation restore FILE"
                ),
                icon=":material/terminal:",
            )
            return
        found = _offers(error)
        for number, offer in enumerate(found[:_SHOWN]):
            _draw_offer(error, number, offer)
        if not found:
            st.info(_("There is no copy or backup of it in the folder of backups."))
        with st.expander(_("Other ways"), expanded=not found):
            _draw_other_ways(error)


def _offers(error: WorkspaceDamagedError) -> list[Offer]:
    try:
        return workflow.offers(error)
    except RuwoError as refused:
        st.warning(plain(error_text(refused)))
        return []


def _draw_offer(error: WorkspaceDamagedError, number: int, offer: Offer) -> None:
    held = offer.backup
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        when = f"{held.at.astimezone():%Y-%m-%d %H:%M}"
        size = f"{held.size / _MEGABYTE:,.1f} MB"
        st.markdown(
            f"**{_(KINDS[held.why])}** · {when} · {size}  \n{plain(_lost(offer))}", width="stretch"
        )
        st.button(
            _("Go on with this one"),
            key=f"damage-take-{number}",
            type="primary" if number == 0 else "secondary",
            icon=":material/settings_backup_restore:",
            on_click=_do,
            args=(lambda: workflow.replace_damaged(error, held.path),),
        )


def _lost(offer: Offer) -> str:
    if offer.lost is None:
        return _("What you did after it is not in it.")
    if not offer.lost:
        return _(
            "All actions in the journal are in it; settings and talks that came after it"
            " may not be."
        )
    text = ngettext(
        "{n} action that came after it is not in it.",
        "{n} actions that came after it are not in it.",
        offer.lost,
    )
    return text.format(n=f"{offer.lost:,}")


def _draw_other_ways(error: WorkspaceDamagedError) -> None:
    if workflow.can_be_kept(error):
        st.text(_("The file itself is whole. If you put it there yourself, go on with it."))
        _draw_way(_("Go on with the file as it is"), "keep", lambda: workflow.keep_as_it_is(error))
    else:
        st.text(
            _(
                "Conversations that can still be read are taken over; some may be missing, and"
                " some texts in them may be wrong."
            )
        )
        _draw_way(_("Save what can be read"), "save", lambda: workflow.replace_damaged(error, None))
    _draw_way(_("Begin with an empty workspace"), "anew", lambda: workflow.begin_anew(error))
    _draw_way(_("Look at the file again"), "again", lambda: None)


def _draw_way(label: str, key: str, way: Callable[[], Path | None]) -> None:
    st.button(label, key=f"damage-{key}", on_click=_do, args=(way,))


def _do(way: Callable[[], Path | None]) -> None:
    """Do what the person chose; only in a callback."""
    resources.reopen()
    try:
        aside = way()
    except RuwoError as error:
        get_state().flashes.append(error_text(error))
        return
    state = forget_all()
    if aside is not None:
        text = _("The damaged file is kept as {name}.")
        state.flashes.append(text.format(name=aside.name))
