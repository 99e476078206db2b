"""The talk with a model as a piece of the screen: bubbles that grow, and answers put right.

The browser half stands in `talk_files/`. What it tells has a name, so that nothing is done twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.storable import storable
from curation.ui.components.drafts import read_mark
from curation.ui.components.pieces import piece, piece_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.ui.components.pieces import PieceFiles
    from curation.workflow import Answering, TalkLine

_NAME: Final = "ruwo_talk"
_SCRIPTS: Final = ("review_files/dom.js", "review_files/storage.js")
_DEEDS: Final = ("say", "stop", "again", "correct", "like", "look")
_CODE: Final = re.compile(r"\[[^\[\]\s]{1,16}\]")

Segment = str | list[str]
"""Text, or a sticker code with the emoji it looks like."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What the person did, under a name of its own, in the talk `place`: 0 had not begun.

    `workspace` and `process` are those that the screen knew, `since` the last line of the talk then
    (of a talk that had not begun, the newest talk).
    """

    id: str
    place: int
    what: str
    text: str = ""
    line: int = 0
    workspace: str = ""
    process: str = ""
    since: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """All that the person did and nobody answered yet, in order; `mark` says who it was."""

    mark: str
    deeds: tuple[Deed, ...]


def read_told(value: object) -> Told | None:
    """Return what the piece told, None when it is no such message."""
    if not isinstance(value, dict) or not isinstance(value.get("deeds"), list):
        return None
    deeds = [_read_deed(each) for each in value["deeds"]]
    return Told(read_mark(value), tuple(each for each in deeds if each is not None))


def _read_deed(value: object) -> Deed | None:
    if not isinstance(value, dict) or value.get("what") not in _DEEDS:
        return None
    told = {name: value.get(name, "") for name in ("id", "text", "workspace", "process")}
    place, line, since = (
        workflow.whole_number(value.get(name, 0)) for name in ("place", "line", "since")
    )
    if place is None or line is None or since is None or not told["id"]:
        return None
    if not all(isinstance(each, str) for each in told.values()):
        return None
    told["text"] = storable(told["text"])
    return Deed(place=place, what=value["what"], line=line, since=since, **told)


def bubbles_of(text: str) -> list[list[Segment]]:
    """Return the bubbles of what was said, a line each, with codes as the emoji they look like."""
    return [_segments(line) for line in text.splitlines() if line.strip()]


def with_emoji(text: str) -> str:
    """Return a text in which emoji stand for the codes that look like them, for reading alone."""
    return _CODE.sub(lambda match: workflow.emoji_of(match[0]) or match[0], text)


def _segments(line: str) -> list[Segment]:
    parts: list[Segment] = []
    reached = 0
    for match in _CODE.finditer(line):
        emoji = workflow.emoji_of(match[0])
        if emoji:
            parts += [line[reached : match.start()], [match[0], emoji]]
            reached = match.end()
    return [part for part in (*parts, line[reached:]) if part]


def talk_data(
    lines: Sequence[TalkLine],
    partial: Answering | None,
    *,
    place: int,
    name: str,
    closed: bool,
    say: Callable[[str, Mapping[str, Any]], str],
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """Return what the piece is given: plain JSON values.

    `say` puts a sentence of the catalogue in words.
    """
    last = lines[-1].id if lines and partial is None and not closed else None
    return {
        "place": place,
        "name": name,
        "closed": closed,
        "lines": [_line(each, last, say, labels) for each in lines],
        "partial": None
        if partial is None
        else {"bubbles": bubbles_of(partial.text), "thinks": bool(partial.thought)},
        "labels": dict(labels),
    }


def _line(
    line: TalkLine,
    last: int | None,
    say: Callable[[str, Mapping[str, Any]], str],
    labels: Mapping[str, str],
) -> dict[str, Any]:
    mine = line.role == workflow.USER
    kept = labels["corrected"] if line.corrected else labels["liked"]
    return {
        "id": line.id,
        "who": "you" if mine else "self",
        "text": line.said,
        "bubbles": bubbles_of(line.said),
        "old": line.text if line.corrected else "",
        "thought": line.thought,
        "note": "" if line.problem is None or line.corrected else say(*line.problem),
        "kept": "" if mine or line.kept_in is None else kept,
        "can": not mine and line.kept_in is None and line.id > 0,  # what is not kept has no number
        "again": line.id == last and line.kept_in is None,
    }


def talk_labels(_: Callable[[str], str]) -> dict[str, str]:
    """Return every text of the piece, translated by `_`."""
    return {
        "talk": _("The talk"),
        "empty": _("Say hello. The model answers as you would."),
        "you": _("You"),
        "type": _("Type as a friend of yours would …"),
        "send": _("Send"),
        "stop": _("Stop"),
        "over": _("The service ended this talk. Begin a new one to go on."),
        "thinks": _("thinking …"),
        "thought": _("What the model thought"),
        "again": _("Answer again"),
        "correct": _("Put right"),
        "like": _("Sounds like me"),
        "look": _("Look at it"),
        "better": _("How you would have said it, a message a line. Ctrl+Enter keeps it."),
        "keep": _("Keep for the dataset"),
        "leave": _("Cancel"),
        "corrected": _("Put right, kept for the dataset"),
        "liked": _("Liked, kept for the dataset"),
        "waits": _("Goes when the answer is there."),
        "left": _(
            "Steps from an earlier sign-in in this tab that were not confirmed as saved: {count}."
            " They may be somebody else's, so they were not sent. If they were yours, check what"
            " you did last."
        ),
        "keys": _("Enter sends; Shift+Enter begins a new line; Esc stops an answer."),
    }


def talk_files() -> PieceFiles:
    """Return the files of the piece."""
    folder = "talk_files"
    return piece_files(f"{folder}/talk.html", f"{folder}/talk.css", *_SCRIPTS, f"{folder}/talk.js")


def mount_talk(data: Mapping[str, Any], *, key: str, on_told: Callable[[Told], None]) -> None:
    """Draw the piece; `on_told` is called with what the person did, before the run it causes."""

    def received() -> None:
        told = read_told(st.session_state[key].told)
        if told is not None:
            on_told(told)

    piece(_NAME, talk_files())(key=key, data=dict(data), on_told_change=received)
