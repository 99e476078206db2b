"""A filter of conversations as part of the page's address, so that reload and back keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import streamlit as st

from curation import workflow
from curation.model import (
    ConversationFilter,
    ConversationList,
    FindingFilter,
    QueueOrder,
    ReviewOrder,
    Status,
    SuggestionKind,
)
from curation.ui import resources
from curation.ui.state import get_state

Query = Mapping[str, Sequence[str]]

_NAMES: Final = (
    *("status", "chat", "q", "emotion", "pii", "from", "to", "min", "max", "near"),
    *(
        "file",
        "kind",
        "lacks",
        "tagged",
        "least-turns",
        "most-turns",
        "hint",
        "score",
        "edited",
        "hour",
        "noted",
        "least-tokens",
        "most-tokens",
        "list",
    ),
)
_SEED_DIGITS: Final = 10
_HOURS: Final = {str(hour): hour for hour in range(24)}
_ANSWERS: Final = {"1": True, "0": False}


def to_query(flt: ConversationFilter) -> dict[str, list[str]]:
    """Return the filter as parameters of an address; an empty field gives none."""
    answers = {answer: word for word, answer in _ANSWERS.items()}
    single = {
        "q": flt.text,
        "emotion": flt.emotion,
        "pii": "" if flt.findings is FindingFilter.ALL else flt.findings.value,
        "from": flt.first_day.isoformat() if flt.first_day else "",
        "to": flt.last_day.isoformat() if flt.last_day else "",
        "min": _digits(flt.min_length),
        "max": _digits(flt.max_length),
        "lacks": flt.without_emotion,
        "tagged": "" if flt.tagged is None else answers[flt.tagged],
        "least-turns": _digits(flt.min_turns),
        "most-turns": _digits(flt.max_turns),
        "least-tokens": _digits(flt.min_tokens),
        "most-tokens": _digits(flt.max_tokens),
        "list": "" if flt.listed is None else flt.listed.name,
        "score": "" if flt.min_score is None else str(flt.min_score),
        "edited": "" if flt.edited is None else answers[flt.edited],
        "noted": "" if flt.noted is None else answers[flt.noted],
    }
    several = {
        "status": [status.value for status in flt.statuses],
        "chat": list(flt.chats),
        "file": list(flt.sources),
        "kind": list(flt.entities),
        "hint": [kind.value for kind in flt.suggestions],
        "hour": [str(hour) for hour in flt.hours],
    }
    return {
        **{name: values for name, values in several.items() if values},
        **{name: [value] for name, value in single.items() if value},
    }


def from_query(query: Query) -> ConversationFilter:
    """Return the filter of an address; a value that means nothing is passed over."""
    statuses = {status.value: status for status in Status}
    findings = {choice.value: choice for choice in FindingFilter}
    hints = {kind.value: kind for kind in SuggestionKind}

    def first(name: str) -> str:
        values = query.get(name) or ("",)
        return values[0]

    hinted = [hints[value] for value in query.get("hint", ()) if value in hints]
    if first("near") == "1":  # as older addresses say it
        hinted.append(SuggestionKind.NEAR_DUPLICATE)
    return ConversationFilter(
        statuses=tuple(statuses[value] for value in query.get("status", ()) if value in statuses),
        chats=tuple(query.get("chat", ())),
        text=first("q"),
        emotion=first("emotion"),
        findings=findings.get(first("pii"), FindingFilter.ALL),
        first_day=_day(first("from")),
        last_day=_day(first("to")),
        min_length=_number(first("min")),
        max_length=_number(first("max")),
        sources=tuple(query.get("file", ())),
        entities=tuple(query.get("kind", ())),
        without_emotion=first("lacks"),
        tagged=_ANSWERS.get(first("tagged")),
        min_turns=_number(first("least-turns")),
        max_turns=_number(first("most-turns")),
        suggestions=tuple(dict.fromkeys(hinted)),
        min_score=_share(first("score")),
        edited=_ANSWERS.get(first("edited")),
        hours=tuple(_HOURS[hour] for hour in query.get("hour", ()) if hour in _HOURS),
        noted=_ANSWERS.get(first("noted")),
        min_tokens=_number(first("least-tokens")),
        max_tokens=_number(first("most-tokens")),
        listed=_list(first("list")),
    )


def _list(name: str) -> ConversationList | None:
    return workflow.conversation_list(resources.workspace(), name) if name else None


def _digits(number: int | None) -> str:
    return "" if number is None else str(number)


def _share(text: str) -> float | None:
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


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


_SORT: Final = "sort"
_PAGE: Final = "page"


def address_view() -> tuple[str, int | None]:
    """Return the order and the page in this page's address, "" and None where it has none."""
    page = _number(st.query_params.get(_PAGE, ""))
    return st.query_params.get(_SORT, ""), page or None


def write_view(order: str, page: int) -> None:
    """Put the order ("" for the usual one) and the page into this page's address."""
    for name, value in ((_SORT, order), (_PAGE, str(page) if page > 1 else "")):
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]


def review_filter() -> ConversationFilter:
    """Return what the review queue is to hold: the address, else what this tab used last."""
    state = get_state()
    state.review_filter = address_filter() or state.review_filter
    return state.review_filter


def review_order(usual: QueueOrder) -> QueueOrder:
    """Return how the review queue goes: the address, else this tab's choice, else the usual."""
    state = get_state()
    params = st.query_params
    by, seed = params.get("order", ""), _seed(params.get("seed", ""))
    if by in {order.value for order in ReviewOrder}:
        state.review_order = QueueOrder(ReviewOrder(by), seed)
    return state.review_order or usual


def write_order(order: QueueOrder) -> None:
    """Put the order of the review queue into this page's address."""
    st.query_params["order"] = order.by.value
    if order.by is ReviewOrder.RANDOM:
        st.query_params["seed"] = str(order.seed)
    elif "seed" in st.query_params:
        del st.query_params["seed"]


def _seed(text: str) -> int:
    digits = text.isascii() and text.isdecimal() and len(text) <= _SEED_DIGITS
    return int(text) if digits else 0
