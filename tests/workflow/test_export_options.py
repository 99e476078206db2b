"""The options of an export, kept as JSON and refused where they make no sense."""

from __future__ import annotations

import json
from typing import Any

import pytest

from curation.errors import OptionsError
from curation.export_options import ExportOptions, Opening, Variant


@pytest.mark.parametrize(
    "options",
    [
        ExportOptions(),
        ExportOptions(formats=("openai", "sharegpt"), variant=Variant.WOVEN, validation=0.1),
        ExportOptions(max_tokens=2048, tokenizer="/home/me/tokenizer.json", window=6, sliding=True),
        ExportOptions(join_minutes=90, join_turns=8, opening=Opening.LINE, opening_line="（开头）"),
    ],
)
def test_options_come_back_from_json_as_they_were(options: ExportOptions) -> None:
    assert ExportOptions.from_json(json.loads(json.dumps(options.to_json()))) == options


def test_what_was_not_told_is_as_usual() -> None:
    assert ExportOptions.from_json({"validation": 0}) == ExportOptions()


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"formats": []}, id="no format"),
        pytest.param({"formats": ["sharegpt", "sharegpt"]}, id="a format twice"),
        pytest.param({"formats": "sharegpt"}, id="formats are no list"),
        pytest.param({"formats": [1]}, id="a format is no name"),
        pytest.param({"variant": "loud"}, id="no such variant"),
        pytest.param({"validation": 0.6}, id="more than half for validation"),
        pytest.param({"validation": -0.1}, id="less than nothing for validation"),
        pytest.param({"validation": float("nan")}, id="no number"),
        pytest.param({"validation": "0.1"}, id="a text for a number"),
        pytest.param({"max_tokens": -1}, id="a negative length"),
        pytest.param({"max_tokens": True}, id="a truth for a number"),
        pytest.param({"max_tokens": None}, id="nothing for a number"),
        pytest.param({"window": 3}, id="half a pair"),
        pytest.param({"sliding": True}, id="sliding without a window"),
        pytest.param({"join_minutes": -5}, id="a negative pause"),
        pytest.param({"join_turns": 2}, id="nothing can be joined"),
        pytest.param({"opening": "line", "opening_line": "  "}, id="an empty line"),
        pytest.param({"shuffle": True}, id="no such option"),
    ],
)
def test_options_without_sense_are_refused(told: dict[str, Any]) -> None:
    with pytest.raises(OptionsError):
        ExportOptions.from_json(told)
