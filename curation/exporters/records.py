"""A conversation as the turns of one training record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from curation.exporters.text import harmless, shows
from curation.model import (
    PLACEHOLDERS,
    UNSPOKEN_KINDS,
    Conversation,
    EntryRules,
    GroupMode,
    Kind,
    Message,
    Side,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence

_WORDS = frozenset({Kind.TEXT, Kind.QUOTE})
_CAPTIONED = frozenset({Kind.VOICE, Kind.IMAGE, Kind.VIDEO, Kind.FILE})  # may come with words
_NOBODY = -1  # number of a line that is no message
_CODE = re.compile(r"\[[^\[\]\n]*\]")


class Reason(StrEnum):
    """Why a conversation gives no record."""

    NOTHING_ENTERS = "nothing_enters"
    ONLY_ME = "only_me"
    ONLY_OTHER = "only_other"
    NO_ANSWER = "no_answer"
    REMOVED = "removed"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a conversation gives: turns, and what was left out of them.

    `turns` start with the other side, end with me and alternate, or are empty; then `reason` says
    why. `leading` and `trailing` are the ids of the messages of `me` before the first, and of the
    other side after the last turn. `bystanders` are the ids of the messages of a group that I did
    not answer, where only exchanges with me are wanted. `lost_backgrounds` are the ids of the
    messages whose background found no human turn to stand in. `removed` are the ids of the messages
    that would have entered but for what was to be removed.
    """

    turns: tuple[Turn, ...]
    leading: tuple[int, ...] = ()
    trailing: tuple[int, ...] = ()
    reason: str = ""
    lost_backgrounds: tuple[int, ...] = ()
    bystanders: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()


def enters(message: Message, rules: EntryRules) -> bool:
    """Return whether `message` enters a record.

    Words enter; what has no words enters as its placeholder where `rules` say so; deleted,
    recalled and system messages and pokes never do. Words a person wrote over a placeholder are
    words.
    """
    if message.deleted or message.kind in UNSPOKEN_KINDS or not shows(message.text):
        return False
    if message.kind in _WORDS or _has_own_words(message):
        return True
    return rules.stickers if message.kind is Kind.STICKER else rules.media


def draft_record(
    conversation: Conversation,
    texts: Mapping[int, str],
    rules: EntryRules,
    remove: Container[int] = frozenset(),
    opening: str = "",
) -> Draft:
    """Return the turns of `conversation`, joined, and what was left out at its ends.

    `texts` maps the ids of the entering messages to the text to export, already masked; the
    backgrounds of the messages are exported as they stand in `conversation`. Messages whose ids are
    in `remove` do not enter. The background of a message that does not enter stands before the next
    one that does; that of a deleted message goes with it.

    In a group the others are told apart by their pseudonyms: wherever the speaker changes within a
    human turn, and at its head, the pseudonym stands before the text. Where only exchanges are
    wanted, a human turn holds what those said whom I answered: whose words I quoted, else who
    spoke last; a pseudonym stands there only where there are several.

    With an `opening`, what I say before anybody else does is no `leading`: a human turn with that
    line stands before it.
    """
    bystanders = _bystanders(conversation, rules)
    could = [
        message.id
        for message in conversation.messages
        if enters(message, rules) and message.id not in bystanders
    ]
    removed = tuple(mark for mark in could if mark in remove)
    entering = frozenset(could).difference(removed)
    parts, loose = _parts(conversation.messages, texts, entering)
    runs = _runs(parts)
    if opening and runs and runs[0][0].side is Side.ME:
        runs = [[_Part(_NOBODY, Side.OTHER, opening, (), "")], *runs]
    first = next((at for at, run in enumerate(runs) if run[0].side is Side.OTHER), len(runs))
    last = next((at for at in range(len(runs), 0, -1) if runs[at - 1][0].side is Side.ME), 0)
    kept = runs[first:last]
    turns = _turns(kept, conversation.group)
    leading = [part for run in runs[:first] for part in run]
    trailing = [part for run in runs[max(first, last) :] for part in run]
    left_out = (mark for part in (*leading, *trailing) for mark, _text in part.backgrounds)
    return Draft(
        turns=turns,
        leading=tuple(part.message_id for part in leading),
        trailing=tuple(part.message_id for part in trailing),
        reason="" if turns else _reason(runs, removed),
        lost_backgrounds=tuple(sorted({*left_out, *loose})),
        bystanders=tuple(each.id for each in conversation.messages if each.id in bystanders),
        removed=removed,
    )


class _Part(NamedTuple):
    """One entering message with the backgrounds `(message id, text)` that stand before it."""

    message_id: int
    side: Side
    text: str
    backgrounds: tuple[tuple[int, str], ...]
    speaker: str


def _bystanders(conversation: Conversation, rules: EntryRules) -> frozenset[int]:
    """Return the ids of the entering messages of a group that none of my messages answers.

    What nobody answered at the end is no bystander's: it is left out of every record. What a
    person added is wanted.
    """
    if conversation.group is not GroupMode.EXCHANGES:
        return frozenset()
    left_out: set[int] = set()
    said: list[Message] = []
    answers: list[Message] = []
    for message in (each for each in conversation.messages if enters(each, rules)):
        if message.side is Side.ME:
            answers.append(message)
            continue
        if answers:
            left_out |= _not_answered(said, answers)
            said, answers = [], []
        said.append(message)
    if answers:
        left_out |= _not_answered(said, answers)
    return frozenset(left_out)


def _not_answered(said: Sequence[Message], answers: Sequence[Message]) -> set[int]:
    if not said:
        return set()
    quoted = {each.reply_to for each in answers} - {None, ""}
    answered = {each.pseudonym for each in said if each.original_text in quoted}
    last = next((each.pseudonym for each in reversed(said) if each.pseudonym), "")
    answered = answered or {last}
    return {each.id for each in said if each.pseudonym not in answered and not each.added}


def _has_own_words(message: Message) -> bool:
    placeholder = PLACEHOLDERS.get(message.kind, "")
    text = message.text.strip()
    if message.kind in _CAPTIONED:
        return bool(text) and not text.startswith(placeholder)
    if not message.edited or text.startswith(placeholder):
        return False
    return message.kind is not Kind.STICKER or _CODE.fullmatch(text) is None


def _parts(
    messages: Iterable[Message], texts: Mapping[int, str], entering: Container[int]
) -> tuple[list[_Part], list[int]]:
    """Return the entering messages, and the ids whose background no entering message follows."""
    parts: list[_Part] = []
    waiting: list[tuple[int, str]] = []
    for message in messages:
        background = "" if message.deleted else harmless(message.background)
        if background:
            waiting.append((message.id, f"（背景：{background}）"))
        text = texts[message.id] if message.id in entering else ""
        # Only the turn is made harmless: a full-width blank may be the edge of a kaomoji.
        if harmless(text):
            words = text.strip(" \t\r\n")
            part = _Part(message.id, message.side, words, tuple(waiting), message.pseudonym)
            parts.append(part)
            waiting = []
    return parts, [mark for mark, _text in waiting]


def _runs(parts: Sequence[_Part]) -> list[list[_Part]]:
    runs: list[list[_Part]] = []
    for part in parts:
        if runs and runs[-1][0].side is part.side:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _turns(runs: Sequence[list[_Part]], group: GroupMode | None) -> tuple[Turn, ...]:
    """Return `runs` as turns; a background before a message of me closes the human turn above."""
    turns: list[Turn] = []
    for human, answer in zip(runs[::2], runs[1::2], strict=True):
        closing = (text for part in answer for _mark, text in part.backgrounds)
        lines = [*_lines(human, group), *closing]
        turns.append(Turn(Side.OTHER, harmless("\n".join(lines)), _ids(human)))
        said = harmless("\n".join(part.text for part in answer))
        turns.append(Turn(Side.ME, said, _ids(answer)))
    return tuple(turns)


def _lines(run: Sequence[_Part], group: GroupMode | None) -> Iterator[str]:
    several = len({part.speaker for part in run} - {""}) > 1
    named = group is GroupMode.MERGE or (group is GroupMode.EXCHANGES and several)
    speaker: str | None = None
    for part in run:
        yield from (text for _mark, text in part.backgrounds)
        # What a person added has no speaker: it goes on as the one before.
        changes = named and bool(part.speaker) and part.speaker != speaker
        yield f"{part.speaker}：{part.text}" if changes else part.text
        speaker = part.speaker or speaker


def _ids(run: Iterable[_Part]) -> tuple[int, ...]:
    return tuple(part.message_id for part in run if part.message_id != _NOBODY)


def _reason(runs: Sequence[list[_Part]], removed: Collection[int]) -> Reason:
    if removed:
        return Reason.REMOVED
    sides = {run[0].side for run in runs}
    if not sides:
        return Reason.NOTHING_ENTERS
    if sides == {Side.ME}:
        return Reason.ONLY_ME
    return Reason.ONLY_OTHER if sides == {Side.OTHER} else Reason.NO_ANSWER
