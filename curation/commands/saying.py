"""What commands say: lines for a terminal, which chat text must not reach the controls of."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

_SAMPLE_WIDTH: Final = 40
_UNPRINTABLE: Final = {
    **dict.fromkeys(range(0x20), " "),
    **dict.fromkeys(range(0x7F, 0xA0), " "),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),
    ord("\n"): "⏎",
}
"""Chat text must not reach the terminal's controls, nor turn the reading direction."""


def warn(sentence: str) -> None:
    """Say one sentence on standard error."""
    print(f"ruwo: {sentence.translate(_UNPRINTABLE)}", file=sys.stderr)


def warn_of_texts() -> None:
    """Say that a file was written that holds texts as they are."""
    warn(
        "the texts are unmasked: phone numbers, names and the like stand in the file as they were "
        "written"
    )


def shown(text: str, width: int = _SAMPLE_WIDTH) -> str:
    """Return `text` as it may be printed on a terminal: one line, cut, without controls."""
    plain = text.translate(_UNPRINTABLE)
    return plain if len(plain) <= width else f"{plain[:width]}…"


def json_line(value: Any) -> str:
    """Return a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def flat(counts: dict[str, Any], before: str = "") -> list[str]:
    """Return nested counts as lines of name and number."""
    lines: list[str] = []
    for name, value in counts.items():
        if isinstance(value, dict):
            lines.extend(flat(value, f"{before}{name} "))
        else:
            lines.append(f"{before + name:<36}{value}")
    return lines
