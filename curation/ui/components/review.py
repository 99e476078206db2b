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
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from curation.model import BY_HAND, PLACEHOLDERS, Kind
from curation.ui.components.review_parts import Prepared, in_parts, prepared
from curation.ui.components.review_words import FLAGGED, KEYS
from curation.workflow import TRAINER_TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from streamlit.components.v2.types import ComponentRenderer

    from curation.errors import RuwoError
    from curation.model import Finding, Message, Status
    from curation.workflow import Ack, RecordPreview, ReviewRecord, Suggestion, Window

_FILES: Final = Path(__file__).parent / "review_files"
_SCRIPTS: Final = (
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
    "chrome",
    "piece",
)
_NAME: Final = "ruwo_review"
_SCRIPTS_NAME: Final = "ruwo_review_scripts"
_PREVIEW: Final = 15_000
"""Characters of a record that are shown."""
_UNDRESSED: Final = ".sprite { display: none; } .piece { visibility: hidden; min-height: 420px; }"
"""Until the styles are there."""
_PAUSE_SECONDS: Final = 5 * 60
"""A longer pause gets a line with the time, as WeChat draws it."""
_PLACE: Final = 8  # numbers of a place, and some
_PLACEHOLDERS: Final = frozenset({"", *PLACEHOLDERS.values()})
_SPOKEN: Final = frozenset({Kind.TEXT, Kind.QUOTE, Kind.SYSTEM, Kind.RECALL, Kind.POKE})


@dataclass(frozen=True, slots=True)
class Outbox:
    """One message of the piece: every action that it has no answer for yet.

    `client` names one load of the page, `seen` is the number up to which it has shown refusals,
    `turn` numbers its messages, `at` is the conversation on screen and `place` where in the queue
    it came up. `record` is the conversation whose record is to be shown. `have` names the parts
    of conversations that are at hand.
    """

    client: str
    seen: int
    turn: int
    at: int | None
    actions: tuple[Mapping[str, object], ...]
    place: tuple[float, ...] = ()
    record: int | None = None
    have: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speech:
    """How the piece speaks: its own texts, the kinds of findings and their reasons, refusals.

    `filled` gives the reason of a suggestion from its template and values, `suggester` says whose
    it is.
    """

    labels: Mapping[str, Any]
    entity: Callable[[str], str]
    reason: Callable[[str], str]
    error: Callable[[RuwoError], str]
    filled: Callable[[str, Mapping[str, object]], str]
    suggester: Callable[[str], str]


def read_outbox(value: object) -> Outbox | None:
    """Return what the piece sent, None when it is not such a message."""
    if not isinstance(value, dict):
        return None
    client, actions = value.get("client"), value.get("actions")
    numbers = [value.get(name) for name in ("seen", "turn")]
    at, record = value.get("at"), value.get("record")
    if not isinstance(client, str) or not client or not isinstance(actions, list):
        return None
    if not all(_is_number(each) for each in numbers) or not (at is None or _is_number(at)):
        return None
    if not all(isinstance(action, dict) for action in actions):
        return None
    place = value.get("place")
    if not isinstance(place, list) or not all(_is_finite(each) for each in place):
        place = []
    seen, turn = (int(number) for number in numbers if number is not None)
    return Outbox(
        client,
        seen,
        turn,
        None if at is None else int(at),
        tuple(actions),
        tuple(place[:_PLACE]),
        int(record) if isinstance(record, int | float) and _is_number(record) else None,
        _at_hand(value.get("have")),
    )


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


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)


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
) -> dict[str, Any]:
    """Return what the piece is given: plain JSON values.

    `ack` answers the last message (None before the first one of this session), `turn` is that
    message's number. `queue` names the filter: a new name starts the queue over at `window.at`,
    with the message `select` selected. `sought` are words to mark where they are said. `preview`
    is the record that the last message asked for. Of long conversations only some parts are sent,
    and none of those that the piece has (`have`): it asks again for what is missing. `kept` holds
    what the last answer was made from, for the next one.
    """
    kept = {} if kept is None else kept
    ready = {each.conversation.id: _prepare(each, speech, kept) for each in window.records}
    kept.clear()
    kept.update(ready)
    return {
        "record": None if preview is None else preview_data(preview, speech),
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
    speech: Speech, *, emotions: Sequence[str], keys: Mapping[str, Sequence[str]] = KEYS
) -> dict[str, Any]:
    """Return what the scripts of the piece are given: what stays while the page stands."""
    _html, css, _js = piece_files()
    return {
        "css": css,
        "emotions": list(emotions),
        "entities": [[entity, speech.entity(entity)] for entity in FLAGGED],
        "labels": dict(speech.labels),
        "keys": {command: list(names) for command, names in keys.items()},
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


def record_data(record: ReviewRecord, speech: Speech) -> dict[str, Any]:
    """Return one conversation as the piece draws it."""
    conversation = record.conversation
    times = [message.time for message in conversation.messages if message.time is not None]
    messages = []
    whole = {None: list[dict[str, Any]]()}
    about = whole | {message.id: list[dict[str, Any]]() for message in conversation.messages}
    for each in record.suggestions:
        about.get(each.message_id, about[None]).append(suggestion_data(each, speech))
    last: datetime | None = None
    said: dict[str, int] = {}  # the newest message with these words so far
    for message in conversation.messages:
        quoted = said.get(message.reply_to or "")
        told = message_data(message, record, last, speech, quoted)
        messages.append({**told, "suggestions": about[message.id]})
        last = message.time or last
        if message.original_text not in _PLACEHOLDERS:
            said[message.original_text] = message.id
    return {
        "id": conversation.id,
        "version": conversation.version,
        "status": conversation.status.value,
        "chat": conversation.chat,
        "when": _moment(times[0], speech) if times else "",
        "background": conversation.background,
        "note": conversation.note,
        "duplicate_of": conversation.duplicate_of,
        "emotions": list(conversation.emotions),
        "messages": messages,
        "suggestions": about[None],
        "drafts": [
            {
                **draft.details,
                "field": draft.field,
                "message": draft.message_id,
                "text": draft.text,
                "base": draft.base,
                "at": draft.at,
                "lost": draft.id if draft.lost else 0,
            }
            for draft in record.drafts
        ],
    }


def suggestion_data(suggestion: Suggestion, speech: Speech) -> dict[str, Any]:
    """Return what a machine points out as the piece draws it; `id` 0 is likeness to another one."""
    told = (suggestion, *suggestion.more)
    # Two rules may give the same reason.
    reasons = dict.fromkeys(speech.filled(each.reason, each.values) for each in told)
    models = dict.fromkeys(each.model for each in told if each.model)
    return {
        "id": suggestion.id or 0,
        "message": suggestion.message_id,
        "kind": suggestion.kind.value,
        "label": speech.labels["suggestions"][suggestion.kind],
        "what": suggestion.label,
        "score": f"{suggestion.score:.0%}",
        "reason": " ".join(reason for reason in reasons if reason),
        "by": "\n".join(speech.suggester(model) for model in models),
    }


def _prepare(record: ReviewRecord, speech: Speech, kept: Mapping[int, Prepared]) -> Prepared:
    # What a draft and a suggestion carry along is a mapping, which has no hash.
    others = repr((record.drafts, record.suggestions))
    plain = replace(record, drafts=(), suggestions=())
    fingerprint = hash((plain, others, speech.labels["messages"]))
    held = kept.get(record.conversation.id)
    if held is not None and held.fingerprint == fingerprint:
        return held
    return prepared(record_data(record, speech), fingerprint)


def message_data(
    message: Message,
    record: ReviewRecord,
    last: datetime | None,
    speech: Speech,
    quoted: int | None = None,
) -> dict[str, Any]:
    """Return one message as the piece draws it.

    `last` is the time of the message before, `quoted` the message of this conversation that it
    answers.
    """
    left_out = ""
    if message.id in record.leading:
        left_out = "leading"
    elif message.id in record.trailing:
        left_out = "trailing"
    elif message.id in record.bystanders:
        left_out = "bystander"
    skip = _placeholder_length(message)
    return {
        "id": message.id,
        "side": message.side.value,
        "sender": message.sender_name or speech.labels[message.side.value],
        "time": message.time.strftime("%H:%M") if message.time else "",
        "when": _moment(message.time, speech) if message.time else "",
        "separator": _separator(message.time, last, speech),
        "kind": message.kind.value,
        "chip": "" if message.kind in _SPOKEN else speech.labels["kinds"][message.kind.value],
        "segments": [list(segment) for segment in segments(message.text, message.findings, skip)],
        "text": message.text,
        "original": message.original_text,
        "edited": message.edited,
        "deleted": message.deleted,
        "added": message.added,
        "background": message.background,
        "emotions": list(message.emotions),
        "reply_to": message.reply_to or "",
        "quoted": quoted,
        "pseudonym": message.pseudonym,
        "enters": message.id in record.entering,
        "left_out": left_out,
        "findings": [
            {
                "id": finding.id,
                "entity": finding.entity,
                "label": speech.entity(finding.entity),
                "decision": finding.decision.value,
                "why": speech.reason(finding.why),
                "sure": speech.labels["sure"].format(score=f"{finding.score:.0%}"),
                "by_hand": finding.recognizer == BY_HAND,
                "stays": finding.id in record.staying,
            }
            for finding in message.findings
        ],
    }


def segments(text: str, findings: Sequence[Finding], skip: int = 0) -> list[tuple[str, int]]:
    """Return `text` from `skip` on in pieces, each with the index of its finding or -1.

    The offsets of the findings stay here, so JavaScript, which counts in other units, never needs
    them. Where findings overlap, a character belongs to the one that begins first, the longer one
    of two that begin together.
    """
    order = sorted(
        range(len(findings)), key=lambda index: (findings[index].start, -findings[index].end)
    )
    pieces: list[tuple[str, int]] = []
    at = skip
    for index in order:
        start = max(findings[index].start, at)
        end = min(findings[index].end, len(text))
        if start >= end:
            continue
        if start > at:
            pieces.append((text[at:start], -1))
        pieces.append((text[start:end], index))
        at = end
    if at < len(text):
        pieces.append((text[at:], -1))
    return pieces


def _placeholder_length(message: Message) -> int:
    """Return how much of the text the kind's chip says already."""
    if message.kind in _SPOKEN:
        return 0
    placeholder = PLACEHOLDERS.get(message.kind, "")
    if not placeholder or not message.text.startswith(placeholder):
        return 0
    rest = message.text[len(placeholder) :]
    return len(message.text) - len(rest.lstrip(" "))


def _moment(time: datetime, speech: Speech) -> str:
    return f"{_day(time, speech)} {time:%H:%M}"


def _day(time: datetime, speech: Speech) -> str:
    pattern: str = speech.labels["day"]
    weekday = speech.labels["weekdays"][time.weekday()]
    return pattern.format(year=time.year, month=time.month, day=time.day, weekday=weekday)


def _separator(time: datetime | None, last: datetime | None, speech: Speech) -> str:
    """Return the line above a message: the day when it is a new one, the time after a pause."""
    if time is None:
        return ""
    if last is None or time.date() != last.date():
        return _moment(time, speech)
    pause = abs((time - last).total_seconds())
    return f"{time:%H:%M}" if pause > _PAUSE_SECONDS else ""


@cache
def piece_files() -> tuple[str, str, str]:
    """Return the HTML, the CSS and the joined scripts of the piece."""

    def read(name: str) -> str:
        return (_FILES / name).read_text(encoding="utf-8")

    return (
        read("piece.html"),
        read("piece.css"),
        "\n".join(read(f"{name}.js") for name in _SCRIPTS),
    )


@cache
def _piece() -> ComponentRenderer:
    html, _css, _js = piece_files()
    stub = (_FILES / "stub.js").read_text(encoding="utf-8")
    return st.components.v2.component(_NAME, html=html, css=_UNDRESSED, js=stub)


@cache
def _scripts() -> ComponentRenderer:
    _html, _css, js = piece_files()
    return st.components.v2.component(_SCRIPTS_NAME, js=js)


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
