"""A filter of conversations as part of the page's address, so that reload and back keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import streamlit as st

from curation.model import ConversationFilter, FindingFilter, Status
from curation.ui.state import get_state

Query = Mapping[str, Sequence[str]]

_NAMES: Final = ("status", "chat", "q", "emotion", "pii", "from", "to", "min", "max", "near")


def to_query(flt: ConversationFilter) -> dict[str, list[str]]:
    """Return the filter as parameters of an address; an empty field gives none."""
    single = {
        "q": flt.text,
        "emotion": flt.emotion,
        "pii": "" if flt.findings is FindingFilter.ALL else flt.findings.value,
        "from": flt.first_day.isoformat() if flt.first_day else "",
        "to": flt.last_day.isoformat() if flt.last_day else "",
        "min": "" if flt.min_length is None else str(flt.min_length),
        "max": "" if flt.max_length is None else str(flt.max_length),
        "near": "1" if flt.duplicates else "",
    }
    several = {"status": [status.value for status in flt.statuses], "chat": list(flt.chats)}
    return {
        **{name: values for name, values in several.items() if values},
        **{name: [value] for name, value in single.items() if value},
    }


def from_query(query: Query) -> ConversationFilter:
    """Return the filter of an address; a value that means nothing is passed over."""
    known = {status.value: status for status in Status}
    findings = {choice.value: choice for choice in FindingFilter}

    def first(name: str) -> str:
        values = query.get(name) or ("",)
        return values[0]

    return ConversationFilter(
        statuses=tuple(known[value] for value in query.get("status", ()) if value in known),
        chats=tuple(query.get("chat", ())),
        text=first("q"),
        emotion=first("emotion"),
        findings=findings.get(first("pii"), FindingFilter.ALL),
        first_day=_day(first("from")),
        last_day=_day(first("to")),
        min_length=_number(first("min")),
        max_length=_number(first("max")),
        duplicates=first("near") == "1",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None  # noqa: PLR2004  (more would overflow a 64-bit column only from an address typed by hand)


def address_filter() -> ConversationFilter | None:
    """Return the filter in this page's address, None when the address has none."""
    params = st.query_params
    query = {name: params.get_all(name) for name in _NAMES if name in params}
    return from_query(query) if query else None


def write_address(flt: ConversationFilter) -> None:
    """Put the filter into this page's address in place of the one there."""
    for name in _NAMES:
        if name in st.query_params:
            del st.query_params[name]
    for name, values in to_query(flt).items():
        st.query_params[name] = values


def review_filter() -> ConversationFilter:
    """Return what the review queue is to hold: the address, else what this tab used last."""
    state = get_state()
    state.review_filter = address_filter() or state.review_filter
    return state.review_filter
