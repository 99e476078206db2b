"""What a model thinks aloud, told from what it says, while both come in pieces."""

from __future__ import annotations

from typing import Final

_OPENS: Final = "<think>"
_CLOSES: Final = "</think>"


class ThoughtSplitter:
    """Takes an answer piece by piece; gives back what is said and what is only thought.

    Thoughts stand between `<think>` and `</think>` before the answer, and only there: what comes
    later may talk about such marks. A mark may be cut anywhere between two pieces.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._talking = False

    def feed(self, text: str) -> tuple[str, str]:
        """Return what is said and what is thought in the next piece, as far as it is known."""
        if self._talking:
            return text, ""
        self._held += text
        if not self._thinking:
            start = self._held.lstrip()
            if len(start) < len(_OPENS) and _OPENS.startswith(start):
                return "", ""
            if not start.startswith(_OPENS):
                return self._said(self._held), ""
            self._thinking = True
            self._held = start[len(_OPENS) :]
        thought, closed, rest = self._held.partition(_CLOSES)
        if closed:
            return self._said(rest.lstrip()), thought
        # The end of what is held may be the beginning of the mark.
        kept = next(
            (n for n in range(len(_CLOSES) - 1, 0, -1) if self._held.endswith(_CLOSES[:n])), 0
        )
        told = self._held[: len(self._held) - kept]
        self._held = self._held[len(told) :]
        return "", told

    def end(self) -> tuple[str, str]:
        """Return what is still held when nothing more comes."""
        rest, self._held = self._held, ""
        return ("", rest) if self._thinking and not self._talking else (rest, "")

    def _said(self, text: str) -> str:
        self._talking, self._held = True, ""
        return text
