"""Reads texts whose private values are marked: the evaluation set beside this file, and CoNLL.

`pii_evaluation/README.md` describes the markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "pii_evaluation"
HALVES = ("development", "development_2")
DEVELOPMENT = (*HALVES, *(f"development_{part}" for part in range(3, 28)))
TRAINED_ON = DEVELOPMENT
"""The parts that the models have learnt from, all after their misses had been read."""
HELD_OUT = ("held_out", "held_out_2", "audit", "audit_2")
"""Parts of an author each that nobody of the detector's authors has read.

Those of the audits knew nothing but what the search promises to find.
"""
PARTS = (*DEVELOPMENT, *HELD_OUT)
_NUMBERS = (
    1,
    1,
    2,
    3,
    4,
    5,
    11,
    13,
    14,
    15,
    17,
    16,
    18,
    20,
    23,
    24,
    25,
    26,
    21,
    22,
    27,
    53,
    54,
    55,
    56,
    57,
    58,
)
AUTHORS = dict(zip(DEVELOPMENT, _NUMBERS, strict=True))
"""Who wrote each development part; authors 6 to 10 wrote texts of `pii_training/` alone."""
CHAT_AUTHORS = {
    "chats": 30,
    **{f"chats_{part}": part + 29 for part in range(2, 6)},
    **{f"chats_{part}": part + 30 for part in range(6, 23)},
    "chats_23": 59,
}
"""Whole chats, whose messages are read with those around them, and who wrote each part."""
HELD_OUT_CHATS = {"chats_held_out": 29, "chats_held_out_2": 35, "chats_audit": 62}
"""Such chats that nobody of the detector's authors has read."""
CHATS = (*CHAT_AUTHORS, *HELD_OUT_CHATS)
ENTITIES = (
    *("PHONE_NUMBER", "CN_ID_CARD", "BANK_CARD", "EMAIL_ADDRESS", "PASSWORD", "OTP_CODE"),
    *("WECHAT_ID", "QQ_NUMBER", "LICENSE_PLATE", "PASSPORT", "IP_ADDRESS", "MAC_ADDRESS"),
    *("IBAN_CODE", "CRYPTO", "CN_ADDRESS", "PERSON"),
)
MARK = re.compile(r"⟦([A-Z_]+)\|([^⟦⟧]+)⟧")
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
HEADING = "## "
MINE, THEIRS = "< ", "> "
"""With what a line of a chat begins: said by the owner of the export, or to the owner."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A private value: its kind and its half-open range in the text of its line."""

    entity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One message, where it stands, and what in it is private."""

    number: int
    topic: str
    text: str
    marks: tuple[Mark, ...]

    def value(self, mark: Mark) -> str:
        """Return the text that a mark covers."""
        return self.text[mark.start : mark.end]


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a conversation; `mine` where the owner of the export said it."""

    mine: bool
    line: Line


def parse_message(markup: str) -> tuple[str, tuple[Mark, ...]]:
    """Return the message that a line of markup stands for, and its marks.

    Raises ValueError for an unknown entity or a bracket that belongs to no mark.
    """
    source = ESCAPE.sub(lambda found: chr(int(found[1], 16)), markup.replace("\\n", "\n"))
    text, marks, end = "", [], 0
    for found in MARK.finditer(source):
        entity, value = found.groups()
        if entity not in ENTITIES:
            message = f"unknown entity {entity}"
            raise ValueError(message)
        text += source[end : found.start()]
        marks.append(Mark(entity, len(text), len(text) + len(value)))
        text += value
        end = found.end()
    text += source[end:]
    if "⟦" in text or "⟧" in text:
        raise ValueError("a bracket without its mark")
    return text, tuple(marks)


def read_part(part: str) -> list[Line]:
    """Return the messages of one of PARTS; ValueError names a malformed line."""
    return read_lines(FOLDER / f"{part}.txt")


def read_lines(path: Path) -> list[Line]:
    """Return the messages of a file in this markup; ValueError names a malformed line."""
    lines, topic = [], ""
    for number, markup in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if markup.startswith(HEADING):
            topic = markup.removeprefix(HEADING)
            continue
        lines.append(_line(path.name, number, topic, markup))
    return lines


def _line(name: str, number: int, topic: str, markup: str) -> Line:
    try:
        text, marks = parse_message(markup)
    except ValueError as exc:
        message = f"{name}, line {number}: {exc}"
        raise ValueError(message) from exc
    return Line(number, topic, text, marks)


def read_chats(part: str) -> list[list[Said]]:
    """Return the conversations of one of CHATS; ValueError names a malformed line."""
    path = FOLDER / f"{part}.txt"
    return parse_chats(path.read_text(encoding="utf-8"), path.name)


def parse_chats(source: str, name: str) -> list[list[Said]]:
    """Return the conversations of a file's text; ValueError names a malformed line."""
    chats: list[list[Said]] = []
    topic = ""
    for number, markup in enumerate(source.splitlines(), start=1):
        if markup.startswith(HEADING):
            topic = markup.removeprefix(HEADING)
            chats.append([])
        elif chats and markup.startswith((MINE, THEIRS)):
            line = _line(name, number, topic, markup[len(MINE) :])
            chats[-1].append(Said(markup.startswith(MINE), line))
        else:
            message = f"{name}, line {number}: nobody says it"
            raise ValueError(message)
    return chats


def read_conll(path: Path) -> list[Line]:
    """Return the sentences of a file with one character a line, a tab and a BIO tag.

    A mark's entity is the tag without its `B-` or `I-`, such as `PER.NAM`. Of the first column only
    the first character counts: some files number the characters of a word there.
    """
    lines: list[Line] = []
    text, spans = "", list[list[str | int]]()
    for row in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if not row.strip():
            if text:
                marks = tuple(Mark(str(tag), int(start), int(end)) for tag, start, end in spans)
                lines.append(Line(len(lines) + 1, "", text, marks))
            text, spans = "", []
            continue
        token, _, tag = row.partition("\t")
        kind = tag.strip()[2:]
        if tag.startswith("B-") or (tag.startswith("I-") and not (spans and spans[-1][0] == kind)):
            spans.append([kind, len(text), len(text) + 1])
        elif tag.startswith("I-"):
            spans[-1][2] = len(text) + 1
        text += token[0]
    return lines
