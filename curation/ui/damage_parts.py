"""What stands in place of every page while the file of the workspace is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from curation import workflow
from curation.errors import N_, RuwoError
from curation.ui.catalogue import _, error_text, ngettext
from curation.ui.damage_ways import (
    draw_look,
    draw_other_file,
    draw_other_ways,
    draw_question,
    draw_refused,
    draw_take,
)
from curation.ui.door import door
from curation.ui.markdown import plain
from curation.ui.reviewer import signed_in
from curation.ui.state import Keys, get_state

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        st.text(_about(error))
        if not get_state().damage_asked:
            draw_refused()  # else it is said beside the question
        if signed_in():
            # What somebody may do here stands in the workspace, which cannot be read.
            st.info(
                _(
                    "Whoever runs this server can bring back a copy there (python -m curation"
                    " restore FILE), or what can still be read (python -m curation salvage)."
                ),
                icon=":material/terminal:",
            )
            return
        if workflow.may_be_whole(error):
            draw_look(_("Back to the passphrase"))
            if not st.checkbox(
                _("Nobody has the passphrase, or there never was one"), key=Keys.DAMAGE_SURE
            ):
                return
        _draw_offers(error)
        draw_refused()


def _about(error: WorkspaceDamagedError) -> str:
    if workflow.may_be_whole(error):
        return _(
            "Without its passphrase nobody reads it, but something else can take its place. The"
            " file stays beside the workspace under another name: if the passphrase is found, it"
            " can be put back. First close Ruwo's other windows."
        )
    return _(
        "This happens when the power fails, a disk is failing, or another program writes"
        " into the file. Nothing was changed. Whatever you choose, the damaged file stays"
        " beside the workspace under another name. First close Ruwo's other windows, and"
        " other programs that use the file."
    )


def _draw_offers(error: WorkspaceDamagedError) -> None:
    found = _offers(error)
    for number, offer in enumerate(found[:_SHOWN]):
        _draw_offer(error, number, offer)
    if not found:
        st.info(_("There is no copy or backup of it in the folder of backups."))
    with st.expander(_("Another backup file")):
        draw_other_file(error)
    with st.expander(_("Other ways"), expanded=not found):
        draw_other_ways(error)


def _offers(error: WorkspaceDamagedError) -> list[Offer]:
    try:
        return workflow.offers(error)
    except RuwoError as refused:
        st.warning(plain(error_text(refused)))
        return []


def _draw_offer(error: WorkspaceDamagedError, number: int, offer: Offer) -> None:
    held = offer.backup
    facts = [
        f"**{_(KINDS[held.why])}**",
        f"{held.at.astimezone():%Y-%m-%d %H:%M}",
        f"{held.size / _MEGABYTE:,.1f} MB",
    ]
    if workflow.file_is_encrypted(held.path):
        facts.append(_("encrypted"))
    with st.container(border=True):
        label, key = _("Go on with this one"), f"take-{number}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{' · '.join(facts)}  \n{plain(_lost(offer))}", width="stretch")
            draw_take(
                error,
                held.path,
                key,
                label,
                primary=number == 0,
                icon=":material/settings_backup_restore:",
            )
        draw_question(error, held.path, key)


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
