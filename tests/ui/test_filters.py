from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import ConversationFilter, FindingFilter, Status, SuggestionKind
from curation.ui.filters import from_query, to_query

T = TypeVar("T")

DAYS = st.none() | st.dates(min_value=date(1970, 1, 2))
LENGTHS = st.none() | st.integers(0, 999_999)
ANSWERS = st.none() | st.booleans()


def several(values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(values, unique=True).map(tuple)


FILTERS = st.builds(
    ConversationFilter,
    statuses=several(st.sampled_from(Status)),
    chats=several(st.text(min_size=1)),
    text=st.text(),
    emotion=st.text(),
    findings=st.sampled_from(FindingFilter),
    first_day=DAYS,
    last_day=DAYS,
    min_length=LENGTHS,
    max_length=LENGTHS,
    sources=several(st.text(min_size=1)),
    entities=several(st.text(min_size=1)),
    without_emotion=st.text(),
    tagged=ANSWERS,
    min_turns=LENGTHS,
    max_turns=LENGTHS,
    suggestions=several(st.sampled_from(SuggestionKind)),
    min_score=st.none() | st.floats(0, 1),
    edited=ANSWERS,
    hours=several(st.integers(0, 23)),
    noted=ANSWERS,
)


@given(FILTERS)
def test_a_filter_comes_back_from_its_address(flt: ConversationFilter) -> None:
    assert from_query(to_query(flt)) == flt


def test_a_filter_that_does_not_filter_leaves_the_address_bare() -> None:
    assert to_query(ConversationFilter()) == {}


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"status": ["gone"]}, id="status"),
        pytest.param({"from": ["2024-13-01"], "to": ["today"]}, id="days"),
        pytest.param({"min": ["-1"], "max": ["9" * 40]}, id="lengths"),
        pytest.param({"min": ["٣"]}, id="other digits"),
        pytest.param({"pii": ["?"], "q": []}, id="findings"),
        pytest.param({"hint": ["gone"], "score": ["1.5"]}, id="suggestions"),
        pytest.param({"score": ["nan"]}, id="no number"),
        pytest.param({"tagged": ["yes"], "edited": ["2"], "near": ["0"]}, id="yes or no"),
        pytest.param({"hour": ["24", "-1", "x", "007"]}, id="hours"),
        pytest.param({"least-turns": ["many"], "most-turns": [""]}, id="turns"),
    ],
)
def test_what_means_nothing_is_passed_over(query: dict[str, list[str]]) -> None:
    assert from_query(query) == ConversationFilter()


def test_an_older_address_of_near_duplicates_still_works() -> None:
    alike = ConversationFilter(suggestions=(SuggestionKind.NEAR_DUPLICATE,))
    assert from_query({"near": ["1"]}) == alike


def test_every_field_of_a_filter_has_its_place_in_the_address() -> None:
    told: dict[str, Any] = {
        "statuses": (Status.PENDING,),
        "chats": ("阿橙",),
        "findings": FindingFilter.DECIDED,
        "first_day": date(2024, 2, 29),
        "last_day": date(2024, 3, 1),
        "sources": ("a.csv",),
        "entities": ("PERSON",),
        "suggestions": (SuggestionKind.EMOTION,),
        "min_score": 0.5,
        "tagged": False,
        "edited": True,
        "hours": (0, 23),
        "noted": True,
    }
    # A list is looked up in a workspace: see the tests of conversation lists.
    told_elsewhere = {"listed"}
    for field in fields(ConversationFilter):
        if field.name in told_elsewhere:
            continue
        value = told.get(field.name, 3 if field.name.startswith(("min", "max")) else "词")
        flt = ConversationFilter(**{field.name: value})
        assert from_query(to_query(flt)) == flt != ConversationFilter(), field.name
