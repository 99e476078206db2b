"""JavaScript object literals in a page -> dictionaries, read as text and never run.

Enough of the language for the lists of messages that exporters write into their pages: objects of
strings and numbers, with or without quotes around the keys. Text that an exporter forgot to escape
(`name:'O'Neil'`) is read too: a quotation mark ends a string only before the next key or the end.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = re.compile(r"\s*,?\s*(?:([A-Za-z_$][\w$]*)|'([^'\n]{0,64})'|\"([^\"\n]{0,64})\")\s*:\s*")
_END = re.compile(r"\s*,?\s*\}")
_NEXT = re.compile(r"\s*,?\s*(?=\{)")
_LIST_END = re.compile(r"\s*,?\s*\]")
_BARE = re.compile(r"(-?\d+(?:\.\d+)?|true|false|null|undefined|True|False|None)(?=\s*[,}])")

_FOLLOWS: Final = r"\s*(?:,\s*['\"]?[A-Za-z_$][\w$]*['\"]?\s*:|,?\s*\})"
_STRINGS: Final = {
    mark: re.compile(rf"{mark}((?:[^{mark}\\]++|\\.|{mark}(?!{_FOLLOWS}))*+){mark}", re.DOTALL)
    for mark in "'\""
}

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r\n|.))", re.DOTALL
)
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": ""}
_LAST_CHARACTER: Final = 0x10FFFF

_WORDS: Final[dict[str, Any]] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
    "undefined": None,
}

_DECODER = json.JSONDecoder()
_JSON = re.compile(r"\{\s*\"")
_SIZES: Final = (1 << 16, 1 << 22)
"""How many characters an object may have: most, and the largest."""


def objects(text: str, start: re.Pattern[str], begin: int = 0) -> Iterator[dict[str, Any] | None]:
    """Yield the objects of the list where `start` first matches behind `begin`; None if broken.

    `start` matches the brace and the beginning of every object of the list, by which the next one
    is found behind a broken one.
    """
    match = start.search(text, begin)
    while match is not None:
        found, end = _object(text, match.start())
        yield found
        if found is not None:
            if _LIST_END.match(text, end) is not None:
                return
            following = _NEXT.match(text, end)
            match = start.match(text, following.end()) if following is not None else None
            match = match or start.search(text, end)
        else:
            match = start.search(text, match.end())


def _object(text: str, begin: int) -> tuple[dict[str, Any] | None, int]:
    """Return the object at `begin` and where it ends; None where it cannot be read."""
    if _JSON.match(text, begin) is None:
        return _literal(text, begin)
    for size in _SIZES:
        # A piece at a time: the error of the decoder counts all lines before it.
        piece = text[begin : begin + size]
        try:
            found, end = _DECODER.raw_decode(piece)
        except (ValueError, RecursionError):
            if len(piece) < size:
                break
            continue
        return (found, begin + end) if isinstance(found, dict) else (None, begin)
    return _literal(text, begin)


def _literal(text: str, begin: int) -> tuple[dict[str, Any] | None, int]:
    found: dict[str, Any] = {}
    place = begin + 1
    while (end := _END.match(text, place)) is None:
        key = _KEY.match(text, place)
        if key is None:
            return None, begin
        place = key.end()
        if (bare := _BARE.match(text, place)) is not None:
            found[key[key.lastindex or 1]] = _value(bare[1])
            place = bare.end()
            continue
        quoted = _STRINGS.get(text[place : place + 1])
        string = quoted.match(text, place) if quoted is not None else None
        if string is None:
            return None, begin
        found[key[key.lastindex or 1]] = _unescaped(string[1])
        place = string.end()
    return found, end.end()


def _value(written: str) -> Any:
    if written in _WORDS:
        return _WORDS[written]
    try:
        return int(written)
    except ValueError:  # a fraction, or thousands of digits
        return written


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    text = _ESCAPE.sub(_character, text)
    # Two escapes may name the halves of one character.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _character(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return "" if match[4] in ("\n", "\r\n") else _LETTERS.get(match[4], match[4])
    code = int(digits, 16)
    return chr(code) if code <= _LAST_CHARACTER else ""
