"""A conversation as the review piece draws it: bubbles, what is around them, in plain words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from curation.model import BY_HAND, PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from curation.errors import RuwoError
    from curation.model import Finding, Message
    from curation.workflow import ReviewRecord, Suggestion

_PAUSE_SECONDS: Final = 5 * 60
"""A longer pause gets a line with the time, as WeChat draws it."""
_PLACEHOLDERS: Final = frozenset({"", *PLACEHOLDERS.values()})
_SPOKEN: Final = frozenset({Kind.TEXT, Kind.QUOTE, Kind.SYSTEM, Kind.RECALL, Kind.POKE})


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


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with all that its bubble depends on besides.

    `last` is the time of the message before, `quoted` the message of this conversation that it
    answers, `stays` the findings that stay for being the persona's name.
    """

    message: Message
    enters: bool
    left_out: str
    last: datetime | None
    quoted: int | None
    stays: frozenset[int]
    suggestions: tuple[Suggestion, ...]


def head_data(record: ReviewRecord, speech: Speech) -> dict[str, Any]:
    """Return what the piece draws around the messages of a conversation."""
    conversation = record.conversation
    first = next((each.time for each in conversation.messages if each.time is not None), None)
    here = {message.id for message in conversation.messages}
    about = [each for each in record.suggestions if each.message_id not in here]
    return {
        "id": conversation.id,
        "version": conversation.version,
        "status": conversation.status.value,
        "chat": conversation.chat,
        "when": "" if first is None else _moment(first, speech),
        "background": conversation.background,
        "note": conversation.note,
        "duplicate_of": conversation.duplicate_of,
        "emotions": list(conversation.emotions),
        "suggestions": [suggestion_data(each, speech) for each in about],
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


def shown_of(record: ReviewRecord) -> Iterator[Shown]:
    """Give the messages of a conversation in their order."""
    about: dict[int | None, tuple[Suggestion, ...]] = {}
    for each in record.suggestions:
        about[each.message_id] = (*about.get(each.message_id, ()), each)
    left_out = {
        **dict.fromkeys(record.bystanders, "bystander"),
        **dict.fromkeys(record.trailing, "trailing"),
        **dict.fromkeys(record.leading, "leading"),
    }
    last: datetime | None = None
    said: dict[str, int] = {}  # the newest message with these words so far
    # Of what was written here as a whole, each message was added: that says nothing.
    written = all(each.added for each in record.conversation.messages)
    for message in record.conversation.messages:
        yield Shown(
            replace(message, added=False) if written else message,
            enters=message.id in record.entering,
            left_out=left_out.get(message.id, ""),
            last=last,
            quoted=said.get(message.reply_to or ""),
            stays=frozenset(each.id for each in message.findings if each.id in record.staying),
            suggestions=about.get(message.id, ()),
        )
        last = message.time or last
        if message.original_text not in _PLACEHOLDERS:
            said[message.original_text] = message.id


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
        "draft": suggestion.draft,
        "by": "\n".join(speech.suggester(model) for model in models),
    }


def message_data(shown: Shown, speech: Speech) -> dict[str, Any]:
    """Return one message as the piece draws it."""
    message = shown.message
    skip = _placeholder_length(message)
    return {
        "id": message.id,
        "side": message.side.value,
        "sender": message.sender_name or speech.labels[message.side.value],
        "time": f"{message.time:%H:%M}" if message.time else "",
        "when": _moment(message.time, speech) if message.time else "",
        "separator": _separator(message.time, shown.last, speech),
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
        "quoted": shown.quoted,
        "pseudonym": message.pseudonym,
        "enters": shown.enters,
        "left_out": shown.left_out,
        "findings": [
            {
                "id": finding.id,
                "entity": finding.entity,
                "label": speech.entity(finding.entity),
                "decision": finding.decision.value,
                "why": speech.reason(finding.why),
                "sure": speech.labels["sure"].format(score=f"{finding.score:.0%}"),
                "by_hand": finding.recognizer == BY_HAND,
                "stays": finding.id in shown.stays,
            }
            for finding in message.findings
        ],
        "suggestions": [suggestion_data(each, speech) for each in shown.suggestions],
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
    day = _day(time.date(), speech.labels["day"], tuple(speech.labels["weekdays"]))
    return f"{day} {time.hour:02}:{time.minute:02}"


@lru_cache(maxsize=1024)
def _day(day: date, pattern: str, weekdays: tuple[str, ...]) -> str:
    weekday = weekdays[day.weekday()]
    return pattern.format(year=day.year, month=day.month, day=day.day, weekday=weekday)


def _separator(time: datetime | None, last: datetime | None, speech: Speech) -> str:
    """Return the line above a message: the day when it is a new one, the time after a pause."""
    if time is None:
        return ""
    if last is None or time.date() != last.date():
        return _moment(time, speech)
    pause = abs((time - last).total_seconds())
    return f"{time:%H:%M}" if pause > _PAUSE_SECONDS else ""
