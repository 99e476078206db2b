"""Conversations for tests, a line a message: `m` is the person, `o` the other side."""

from __future__ import annotations

from curation.model import PLACEHOLDERS, Kind, Said, Side


def talk(*lines: str, minutes: dict[int, int] | None = None, timed: bool = True) -> list[Said]:
    """Return messages from lines such as `o 在吗` or `o <image>`; ids count from 1.

    `minutes` says how long before a message nobody spoke; it is 20 seconds otherwise.
    """
    messages: list[Said] = []
    now = 1_750_000_000
    for number, line in enumerate(lines, start=1):
        now += (minutes or {}).get(number, 0) * 60 or 20
        side = Side.ME if line[0] == "m" else Side.OTHER
        text = line[2:]
        kind = Kind(text[1:-1]) if text.startswith("<") else Kind.TEXT
        shown = PLACEHOLDERS.get(kind, "") if text.startswith("<") else text
        messages.append(Said(number, side, now if timed else None, kind, shown))
    return messages
