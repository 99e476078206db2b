"""The review piece: one conversation as bubbles, the next few at hand, an outbox of actions.

The browser half stands in `review_files/` and is joined here without a build step. It paints
from its own queue, sends every unanswered action with each message, and takes as saved only what
the server has answered. All text reaches it as data and is set as text.

Streamlit sends a piece's scripts and styles again with every answer, four times what an answer
holds. So they go with the page, as a piece of their own without a look (`mount_scripts`), and the
one that is answered (`mount_review`) is only the way to them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation import workflow
from curation.ui.components.ahead import widget_scripts
from curation.ui.components.drafts import read_mark
from curation.ui.components.pieces import piece, piece_files
from curation.ui.components.review_parts import in_parts, prepare
from curation.ui.components.review_words import FLAGGED, KEYS
from curation.workflow import TRAINER_TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from streamlit.components.v2.types import ComponentRenderer

    from curation.errors import RuwoError
    from curation.model import Status
    from curation.ui.components.pieces import PieceFiles
    from curation.ui.components.review_parts import Prepared
    from curation.ui.components.review_record import Speech
    from curation.workflow import Ack, RecordPreview, Window

_FOLDER: Final = "review_files"
_SCRIPTS: Final = (
    "storage",
    "outbox",
    "drafts",
    "keys",
    "queue",
    "dom",
    "selection",
    "found",
    "suggestions",
    "bubbles",
    "editor",
    "menus",
    "several",
    "replace",
    "held",
    "chrome",
    "piece",
)
_NAME: Final = "ruwo_review"
_SCRIPTS_NAME: Final = "ruwo_review_scripts"
_PREVIEW: Final = 15_000
"""Characters of a record that are shown."""
_UNDRESSED: Final = ".sprite { display: none; } .piece { visibility: hidden; min-height: 420px; }"
"""Until the styles are there."""
_PLACE: Final = 8  # numbers of a place, and some


@dataclass(frozen=True, slots=True)
class Outbox:
    """One message of the piece: every action that it has no answer for yet.

    `client` names one load of the page, `seen` is the number up to which it has shown refusals,
    `turn` numbers its messages, `at` is the conversation on screen and `place` where in the queue
    it came up. `record` is the conversation whose record is to be shown. `have` names the parts
    of conversations that are at hand. `mark` says who did it (see `signing_in.own_mark`).
    """

    client: str
    seen: int
    turn: int
    at: int | None
    actions: tuple[Mapping[str, object], ...]
    place: tuple[float, ...] = ()
    record: int | None = None
    have: Mapping[int, frozenset[str]] = field(default_factory=dict)
    mark: str = ""


def read_outbox(value: object) -> Outbox | None:
    """Return what the piece sent, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    client, actions = value.get("client"), value.get("actions")
    seen, turn, at, record = (
        workflow.whole_number(value.get(name)) for name in ("seen", "turn", "at", "record")
    )
    if not isinstance(client, str) or not client or not isinstance(actions, list):
        return None
    if seen is None or turn is None or (at is None and value.get("at") is not None):
        return None
    if not all(isinstance(action, dict) for action in actions):
        return None
    place = value.get("place")
    if not isinstance(place, list) or not all(_is_finite(each) for each in place):
        place = []
    return Outbox(
        client,
        seen,
        turn,
        at,
        tuple(actions),
        tuple(place[:_PLACE]),
        record,
        _at_hand(value.get("have")),
        read_mark(value),
    )


def asks_for_rest(outbox: Outbox, kept: Mapping[int, Prepared]) -> bool:
    """Return whether a message only asks for what is missing of the conversation on screen."""
    at = outbox.at
    if outbox.actions or outbox.record is not None or at is None or at not in kept:
        return False
    have, parts = outbox.have.get(at, frozenset()), kept[at].parts.keys()
    return bool(have & parts) and not parts <= have


def _at_hand(value: object) -> dict[int, frozenset[str]]:
    if not isinstance(value, dict):
        return {}
    return {
        int(number): frozenset(name for name in names if isinstance(name, str))
        for number, names in value.items()
        if isinstance(number, str) and number.isascii() and number.isdecimal()
        if isinstance(names, list)
    }


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def review_data(
    window: Window,
    *,
    ack: Ack | None,
    turn: int,
    queue: str,
    statuses: Sequence[Status],
    speech: Speech,
    preview: RecordPreview | None = None,
    have: Mapping[int, Collection[str]] = MappingProxyType({}),
    kept: dict[int, Prepared] | None = None,
    select: int | None = None,
    sought: Sequence[str] = (),
    owner: bool = True,
    sees: bool = True,
) -> dict[str, Any]:
    """Return what the piece is given: plain JSON values.

    `ack` answers the last message (None before the first one of this session), `turn` is that
    message's number. `queue` names the filter: a new name starts the queue over at `window.at`,
    with the message `select` selected. `sought` are words to mark where they are said. `owner` and
    `sees` say whether an owner acts here, and whether nothing is hidden from them. `preview` is the
    record that the last message asked for. Of long conversations only some parts are sent,
    and none of those that the piece has (`have`): it asks again for what is missing. `kept` holds
    what the last answer was made from, for the next one.
    """
    kept = {} if kept is None else kept
    ready = {
        each.conversation.id: prepare(each, speech, kept.get(each.conversation.id))
        for each in window.records
    }
    kept.clear()
    kept.update(ready)
    return {
        "record": None if preview is None else preview_data(preview, speech),
        "may": {"owner": owner, "sees": sees},
        "client": "" if ack is None else ack.client,
        "ack": 0 if ack is None else ack.number,
        "turn": turn,
        "refused": [
            {
                "n": each.n,
                "id": each.conversation_id,
                "reason": speech.error(each.error),
                "changed": _changed(each.error, speech),
            }
            for each in (() if ack is None else ack.refused)
        ],
        "gone": [] if ack is None else list(ack.gone),
        "window": {
            "queue": queue,
            "records": in_parts(ready, window.at, have),
            "at": window.at,
            "places": {str(number): list(place) for number, place in window.places.items()},
            "position": window.position,
            "matching": window.matching,
            "counts": {status.value: count for status, count in window.counts.items()},
            "holders": {
                str(number): {"who": each.reviewer, "since": each.since}
                for number, each in window.holders.items()
            },
            "elsewhere": window.elsewhere,
            "leasing": window.leasing,
            "statuses": [status.value for status in statuses],
            "select": select,
            "sought": list(sought),
            "undo": _action_name(window.undo, speech),
            "redo": _action_name(window.redo, speech),
        },
    }


def preview_data(preview: RecordPreview, speech: Speech) -> dict[str, Any]:
    """Return the record of a conversation as the piece shows it: its beginning, where it is long.

    `more` is how many turns are not sent.
    """
    labels = speech.labels
    turns: list[list[str]] = []
    room = _PREVIEW
    for role, text in preview.turns:
        if room < 0:
            break
        turns.append([role, text[:_PREVIEW]])
        room -= len(text)
    why = labels["reasons"].get(preview.reason, preview.reason)
    length = labels["record_tokens"].format(tokens=f"{preview.tokens:,}")
    warning = ""
    if preview.too_long:
        over = 0 < preview.limit < preview.said
        named = "record_over_limit" if over else "record_over_trainer"
        limit = preview.limit if over else TRAINER_TOKENS
        warning = labels[named].format(limit=f"{limit:,}")
    return {
        "id": preview.id,
        "version": preview.version,
        "system": preview.system,
        "turns": turns,
        "more": len(preview.turns) - len(turns),
        "why": why if preview.error is None else speech.error(preview.error),
        "length": length,
        "warning": warning,
    }


def scripts_data(
    speech: Speech,
    *,
    emotions: Sequence[str],
    keys: Mapping[str, Sequence[str]] = KEYS,
    mark: str = "",
) -> dict[str, Any]:
    """Return what the scripts of the piece are given: what stays while the page stands.

    What the tab keeps belongs to the `mark` of who acts in it.
    """
    css = review_files().css
    return {
        "css": css,
        "emotions": list(emotions),
        "entities": [[entity, speech.entity(entity)] for entity in FLAGGED],
        "labels": dict(speech.labels),
        "keys": {command: list(names) for command, names in keys.items()},
        "ahead": list(widget_scripts()),
        "mark": mark,
    }


def _changed(error: RuwoError, speech: Speech) -> list[str]:
    """Return what was done meanwhile by others, a line each: what, by whom, when."""
    labels = speech.labels
    changed = error.values.get("changed")
    lines = []
    for each in changed if isinstance(changed, list) else []:
        done = {"undo": labels["commands"]["undo"], "redo": labels["commands"]["redo"]}
        what = done.get(each["action"], labels["actions"].get(each["action"], each["action"]))
        status = labels["statuses"].get(each["status"], "")
        time = datetime.fromtimestamp(each["at"]).astimezone()
        told = (what, status, each["who"], f"{time:%H:%M}")
        lines.append(" · ".join(part for part in told if part))
    return lines


def _action_name(name: str | None, speech: Speech) -> str | None:
    return None if name is None else speech.labels["actions"].get(name, name)


def review_files() -> PieceFiles:
    """Return the files of the piece."""
    scripts = (f"{_FOLDER}/{name}.js" for name in _SCRIPTS)
    return piece_files(f"{_FOLDER}/piece.html", f"{_FOLDER}/piece.css", *scripts)


@cache
def _piece() -> ComponentRenderer:
    stub = piece_files(f"{_FOLDER}/piece.html", f"{_FOLDER}/piece.css", f"{_FOLDER}/stub.js")
    return piece(_NAME, stub._replace(css=_UNDRESSED))


@cache
def _scripts() -> ComponentRenderer:
    return st.components.v2.component(_SCRIPTS_NAME, js=review_files().js)


def mount_scripts(data: Mapping[str, Any], *, key: str) -> None:
    """Bring the scripts and styles of the piece to the page; outside the fragment it runs in."""
    _scripts()(key=key, data=dict(data))


def mount_review(data: Mapping[str, Any], *, key: str, on_outbox: Callable[[Outbox], None]) -> None:
    """Draw the piece; `on_outbox` is called with each message of it, before the run it causes."""

    def received() -> None:
        outbox = read_outbox(st.session_state[key].outbox)
        if outbox is not None:
            on_outbox(outbox)

    # As bytes, since Streamlit would write each Chinese character as six letters.
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    _piece()(key=key, data=told, on_outbox_change=received)
