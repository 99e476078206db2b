"""The one thing all tabs share: the open workspace. No chat text is ever cached here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import streamlit as st

from curation import workflow
from curation.ui.reviewer import reviewer

if TYPE_CHECKING:
    from curation.workflow import Workspace


@st.cache_resource(show_spinner=False)
def _open(where: str | None) -> Workspace:
    return workflow.open_workspace(where)


def workspace() -> Workspace:
    """Return the workspace that `RUWO_WORKSPACE` names, opened once for all tabs.

    Who acts in it is the reviewer of this tab.

    Raises:
        WorkspaceError: it cannot be opened.
    """
    return _open(os.environ.get("RUWO_WORKSPACE")).acting_as(reviewer())
