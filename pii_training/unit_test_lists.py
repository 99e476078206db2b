"""The lines of the unit tests' lists, which the models are trained on, too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.evaluation_set import Line, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER: Final = Path(__file__).resolve().parents[1] / "tests" / "pii"
NAMES: Final = ("must_catch", "must_not_flag")
_MARKED: Final = re.compile("([^⟦]*)(?:⟦([A-Z]+):([^⟧]*)⟧)?")
_ENTITIES: Final = {
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


def listed() -> Iterator[Line]:
    """Yield the lines of both lists."""
    for name in NAMES:
        yield from read_list(name)


def read_list(name: str) -> list[Line]:
    """Return the lines of one of NAMES; `⏎` stands for the line end between two messages."""
    told = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [_parsed(name, number, markup) for number, markup in enumerate(told, start=1)]


def _parsed(name: str, number: int, markup: str) -> Line:
    text, marks = "", []
    for plain, kind, value in _MARKED.findall(markup.replace("⏎", "\n")):
        start = len(text) + len(plain)
        text += plain + value
        if kind:
            marks.append(Mark(_ENTITIES[kind], start, len(text)))
    return Line(number, name, text, tuple(marks))
