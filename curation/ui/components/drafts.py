"""A second line to the server for what is being typed, beside the review piece.

It draws nothing. The review piece hands its drafts to it in the browser, and each message of it is
answered with a number alone: what a person types costs a thousandth of a whole window.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.ui.components.pieces import silent_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.components.v2.types import ComponentRenderer

_NAME: Final = "ruwo_drafts"


@dataclass(frozen=True, slots=True)
class DraftMessage:
    """What the screen `client` sent as its message `number`: drafts, or what to forget of them.

    `mark` says who typed them (see `signing_in.own_mark`).
    """

    client: str
    number: int
    drafts: tuple[Mapping[str, Any], ...]
    mark: str = ""


def read_mark(value: Mapping[str, object]) -> str:
    """Return the mark in a message of a piece, empty where there is none."""
    mark = value.get("mark")
    return mark if isinstance(mark, str) else ""


def read_drafts(value: object) -> DraftMessage | None:
    """Return what the line sent, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    client, drafts = value.get("client"), value.get("drafts")
    number = workflow.whole_number(value.get("n"))
    if not isinstance(client, str) or not client or not isinstance(drafts, list):
        return None
    if number is None:
        return None
    if not all(isinstance(each, dict) for each in drafts):
        return None
    return DraftMessage(client, number, tuple(drafts), read_mark(value))


@cache
def _line() -> ComponentRenderer:
    return silent_piece(_NAME, "drafts_files/line.js")


def mount_drafts(
    client: str, number: int, *, key: str, on_drafts: Callable[[DraftMessage], None]
) -> None:
    """Draw the line; message `number` of `client` was kept last, an empty name says none was."""

    def received() -> None:
        message = read_drafts(st.session_state[key].drafts)
        if message is not None:
            on_drafts(message)

    _line()(key=key, data={"client": client, "ack": number}, on_drafts_change=received)
