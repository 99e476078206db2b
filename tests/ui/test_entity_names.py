"""Kinds of private details are shown by name, never by id."""

from __future__ import annotations

import pytest

from curation.errors import N_, ExportBlockedError
from curation.ui import catalogue
from curation.ui.catalogue import error_text


@pytest.mark.parametrize(
    ("language", "names"), [("zh", "电话 2, 身份证 1"), ("en", "Phone number 2, ID card 1")]
)
def test_an_export_that_was_stopped_names_what_is_left(
    monkeypatch: pytest.MonkeyPatch, language: str, names: str
) -> None:
    monkeypatch.setattr(catalogue, "current_language", lambda: language)
    error = ExportBlockedError(
        N_("Nothing was exported: private data is left ({entities}) in conversations {ids}."),
        leaks=(),
        entities="PHONE_NUMBER 2, CN_ID_CARD 1",
        ids="7",
    )
    shown = error_text(error)
    assert names in shown
    assert "_" not in shown
