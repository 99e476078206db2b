"""What becomes of an error in a callback, where no page is drawn yet that could show it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import streamlit as st

from curation.errors import (
    NotAMemberError,
    RuwoError,
    WorkspaceLockedError,
    WorkspaceReplacedError,
)
from curation.ui.catalogue import error_text
from curation.ui.state import get_state

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")


def refusals_told(callback: Callable[P, None]) -> Callable[P, None]:
    """Let a callback end with a toast where it raises a `RuwoError`.

    Where the whole page is about to show why, it runs anew and nothing else is told.
    """

    @wraps(callback)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except (NotAMemberError, WorkspaceLockedError, WorkspaceReplacedError):
            st.rerun(scope="app")
        except RuwoError as error:
            get_state().flashes.append(error_text(error))

    return told
