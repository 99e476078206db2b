"""An answered suggestion in the journal, as a person reads it."""

from __future__ import annotations

import pytest

from curation.model import SuggestionKind
from curation.store.journal_details import Detail
from curation.ui.journal_words import value_label, what_label


@pytest.mark.parametrize("kind", SuggestionKind)
def test_its_kind_and_its_answer_have_names(kind: SuggestionKind) -> None:
    detail = Detail(f"suggestion.{kind}", "open", "accepted")
    assert kind.value not in what_label(detail.what)
    assert [value_label(detail, value) for value in ("open", "accepted", "refused", "later")] == [
        "待答",
        "已采纳",
        "未采纳",
        "later",
    ]
