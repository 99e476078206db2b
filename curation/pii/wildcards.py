"""A person's own terms: `*` stands for any characters of one line, `?` for one of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.pii.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART: Final = re.compile(r"\\[*?\\]|[*?]|[^*?\\]+|\\")
_MOST_BETWEEN: Final = 64
"""How many characters a `*` in the middle stands for at most, so that a search stays linear."""


def escaped(text: str) -> str:
    """Return the term that stands for exactly `text`."""
    return re.sub(r"([*?\\])", r"\\\1", text)


def term_pattern(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds these terms in a folded text, longer ones first; None without a term.

    Letter case and full-width forms do not count. A term of wildcards alone finds nothing. A term
    that begins or ends with a Latin letter or a digit is not found inside a longer word or number.
    """
    sources = [_source(fold(term)) for term in sorted(set(terms), key=len, reverse=True)]
    wanted = [source for source in sources if source]
    return re.compile("|".join(wanted), re.IGNORECASE) if wanted else None


def exact_text(term: str) -> str | None:
    """Return the folded text that a term without wildcards stands for, None for any other."""
    parts = _PART.findall(fold(term).strip())
    if not parts or any(part in ("*", "?") for part in parts):
        return None
    return "".join(_literal(part) for part in parts)


def _source(term: str) -> str:
    parts = _PART.findall(term.strip())
    if not any(len(part) > 1 or part not in "*?" for part in parts):
        return ""
    last = len(parts) - 1
    return "".join(_part(part, place, last) for place, part in enumerate(parts))


def _part(part: str, place: int, last: int) -> str:
    if part == "*":
        # At an end it takes the rest of a word, not of the line: `老板*` is 老板娘, not a sentence.
        return r"\w{0,16}" if place in (0, last) else rf"[^\n]{{0,{_MOST_BETWEEN}}}?"
    if part == "?":
        return r"[^\n]"
    literal = _literal(part)
    left = r"(?<![0-9A-Za-z])" if place == 0 and _in_word(literal[0]) else ""
    right = r"(?![0-9A-Za-z])" if place == last and _in_word(literal[-1]) else ""
    return left + re.escape(literal) + right


def _literal(part: str) -> str:
    return part[1:] if part[0] == "\\" and len(part) > 1 else part


def _in_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
