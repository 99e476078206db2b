"""A file of this machine to download, however large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from curation.ui.catalogue import _
from curation.ui.components.download import Wanted, download_data, mount_download
from curation.ui.frame import errors_shown
from curation.ui.resources import workspace
from curation.ui.state import get_state

if TYPE_CHECKING:
    from pathlib import Path


@st.fragment
def draw_download(path: Path, *, key: str, label: str = "", primary: bool = False) -> None:
    """Draw the button that downloads a file for an owner; it reruns alone for each piece.

    Without a `label` it says only that it downloads.
    """
    with errors_shown():
        workspace().require_owner()
        _draw(path, key, label, primary=primary)


def _draw(path: Path, key: str, label: str, *, primary: bool) -> None:
    state = get_state()
    wanted, state.download_wanted = state.download_wanted, None
    labels = {"download": label or _("Download"), "busy": _("Downloading")}
    asked = wanted[1] if wanted and wanted[0] == key else None
    try:
        data = download_data(path, asked, labels, primary=primary)
    except OSError:
        return  # it was deleted meanwhile; the list says so when the page runs again

    def want(piece: Wanted) -> None:
        get_state().download_wanted = (key, piece)

    mount_download(data, key=key, on_want=want)
