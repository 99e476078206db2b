"""Lines as people chat: what must be found in them is marked, or there is nothing to find.

In `must_catch.txt` a value stands between the brackets of `⟦TEL:…⟧`, exactly as it must be found.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from curation.pii import Detector

MARKS: Final = {
    "TEL": "PHONE_NUMBER",
    "ADR": "CN_ADDRESS",
    "ID": "CN_ID_CARD",
    "CARD": "BANK_CARD",
    "MAIL": "EMAIL_ADDRESS",
    "PW": "PASSWORD",
    "OTP": "OTP_CODE",
    "WX": "WECHAT_ID",
    "QQ": "QQ_NUMBER",
    "PLATE": "LICENSE_PLATE",
    "PASS": "PASSPORT",
    "IP": "IP_ADDRESS",
    "PER": "PERSON",
}


def _lines(name: str) -> list[str]:
    """Return the lines of a list; `⏎` stands for the line end between two messages of a run."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line.replace("⏎", "\n") for line in text.removesuffix("\n").split("\n")]


def _parts(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Return the text of a marked line and the entity and place of every marked value."""
    text = ""
    marked = []
    for plain, mark, value in re.findall(r"([^⟦]*)(?:⟦([A-Z]+):([^⟧]*)⟧)?", line):
        start = len(text) + len(plain)
        text += plain + value
        if mark:
            marked.append((MARKS[mark], start, len(text)))
    return text, marked


@pytest.mark.parametrize("line", _lines("must_catch.txt"))
def test_every_marked_value_is_found_as_what_it_is_and_nothing_else(
    detector: Detector, line: str
) -> None:
    text, marked = _parts(line)
    assert [(found.entity, found.start, found.end) for found in detector.detect(text)] == marked


@pytest.mark.parametrize("line", _lines("must_not_flag.txt"))
def test_a_harmless_line_holds_nothing_to_find(detector: Detector, line: str) -> None:
    assert detector.detect(line) == []
