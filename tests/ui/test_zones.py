from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from curation.model import DEFAULT_ZONE
from curation.ui import zones


def test_the_usual_zone_comes_first_and_every_zone_exists() -> None:
    assert zones.zones()[0] == DEFAULT_ZONE
    assert len(zones.zones()) == len(set(zones.zones()))
    assert all(ZoneInfo(name) for name in zones.zones())


def test_a_zone_that_is_not_in_the_list_is_offered_all_the_same() -> None:
    assert next(iter(zones.zone_labels("Etc/GMT+3"))) == "Etc/GMT+3"
    assert list(zones.zone_labels("Asia/Tokyo")) == list(zones.zones())


@pytest.mark.parametrize(
    ("language", "label"),
    [
        pytest.param("zh", "日本时间 · Asia/Tokyo · UTC+09:00", id="Chinese"),
        pytest.param("en", "Japan Time · Asia/Tokyo · UTC+09:00", id="English"),
    ],
)
def test_a_zone_is_named_in_the_language_of_the_tab(
    language: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "current_language", lambda: language)
    labels = zones.zone_labels("Asia/Tokyo")
    assert labels["Asia/Tokyo"] == label
    assert labels["UTC"].startswith("UTC")
