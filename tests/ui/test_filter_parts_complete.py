from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from curation.model import (
    ConversationFilter,
    ConversationList,
    FindingFilter,
    Status,
    SuggestionKind,
)
from curation.ui.filter_parts import parts

ASKED: dict[str, Any] = {
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
    "noted": True,
    "hours": (0, 23),
    "listed": ConversationList("changed.1.2", (3, 4)),
    "text": "词",
    "emotion": "开心",
    "without_emotion": "开心",
    **dict.fromkeys(("min_length", "max_length", "min_turns", "max_turns"), 3),
    **dict.fromkeys(("min_tokens", "max_tokens"), 3),
}


@pytest.mark.parametrize("name", [field.name for field in fields(ConversationFilter)])
def test_whatever_a_filter_asks_for_is_told_and_can_be_taken_out(name: str) -> None:
    flt = ConversationFilter(**{name: ASKED[name]})
    (part,) = parts(flt)
    assert part.label
    assert part.without(flt) == ConversationFilter()
