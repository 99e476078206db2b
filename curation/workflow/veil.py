"""What a reviewer is given where the owner hides private details: texts with placeholders.

A message is shown with placeholders for its findings that are masked or undecided, and for all that
a search finds where it was never searched. What is said elsewhere is shown whole or not at all, so
that no text which a reviewer writes is compared with a hidden one: notes and backgrounds that they
wrote themselves, quotes and words of reasons that stand in a message that is shown, originals of
edited texts and the journal's texts never.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from curation import pii
from curation.errors import ActionRefusedError, NotAllowedError
from curation.model import UNSPOKEN_KINDS, Decision
from curation.store import kept_values
from curation.store.conversations import read_conversations
from curation.store.hiding import WOULD_SHOW
from curation.store.own_texts import own_texts
from curation.store.tables import conversation, message
from curation.store.texts import OPENING_LENGTH
from curation.workflow.deciding import DECIDE
from curation.workflow.detecting import common_rules, detect_texts, detection_rules, valued
from curation.workflow.flagging import CHANGED
from curation.workflow.sent import Sent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.model import Conversation, DetectionRules, Finding, Message
    from curation.store import Workspace
    from curation.store.answering import Suggestion
    from curation.store.journal_details import Detail
    from curation.store.journal_lines import JournalLine
    from curation.store.own_texts import Place
    from curation.store.trash import Dropped

UNSHOWN: Final = "〔…〕"
"""Stands for a text that may hold anything private, whether it does or not."""

_TOLD: Final = frozenset(
    {"conversation.status", "message.deleted", "message.side", "message.conversation_id"}
    | {"emotion_tag", "emotion_tag.conversation_id", "finding.decision", "finding.entity"}
    | {"chat.group_mode", "chat.gap_minutes", "lease", "lease.reviewer"}
    | {"member", "member.role"}
)
"""Changes of which the journal tells a reviewer what they were: no texts are among them."""


class Veil:
    """Hides what an owner hides, in everything that one function gives back."""

    def __init__(self, workspace: Workspace) -> None:
        self._rules = detection_rules(workspace)
        self._kept = frozenset(kept_values(workspace))

    def conversations(
        self, connection: Connection, found: Sequence[Conversation]
    ) -> list[Conversation]:
        """Return conversations as they are shown; findings lie where placeholders stand."""
        ids = [each.id for each in found]
        searched = set(
            connection.scalars(
                select(conversation.c.id).where(conversation.c.id.in_(ids), conversation.c.scanned)
            )
        )
        noted = any(
            each.note or each.background or any(said.background for said in each.messages)
            for each in found
        )
        mine = own_texts(connection, ids) if noted else {}
        waiting = message.c.conversation_id.in_([each for each in ids if each not in searched])
        typed = set(connection.scalars(select(message.c.id).where(waiting, message.c.veiled)))
        common = common_rules(self._rules)

        def rules_for(whole: Conversation) -> dict[int, DetectionRules]:
            return {
                each.id: common if each.id in typed else self._rules
                for each in whole.messages
                if whole.id not in searched
            }

        return [self._conversation(each, mine, rules_for(each)) for each in found]

    def _conversation(
        self, whole: Conversation, mine: Mapping[Place, str], rules: Mapping[int, DetectionRules]
    ) -> Conversation:
        messages = [self._message(each, rules.get(each.id)) for each in whole.messages]
        # What was written here is no proof that a quote says the same.
        plain = {
            shown.text
            for each, shown in zip(whole.messages, messages, strict=True)
            if shown.text == each.text == each.original_text and not each.added
        }

        def own(table: str, column: str, number: int, text: str) -> str:
            return text if not text or mine.get((table, column, number)) == text else UNSHOWN

        return replace(
            whole,
            background=own(conversation.name, "background", whole.id, whole.background),
            note=own(conversation.name, "note", whole.id, whole.note),
            messages=tuple(
                replace(
                    each,
                    background=own(message.name, "background", each.id, each.background),
                    reply_to=each.reply_to
                    if not each.reply_to or each.reply_to in plain
                    else UNSHOWN,
                )
                for each in messages
            ),
        )

    def _message(self, whole: Message, rules: DetectionRules | None) -> Message:
        findings = list(whole.findings)
        if rules is not None:
            (found,) = detect_texts([whole.text], rules)
            findings = [*findings, *self._not_kept(whole.text, found)]
        text, placed = veiled(whole.text, findings)
        original = text if whole.original_text == whole.text else UNSHOWN
        here = {each.id for each in whole.findings}
        return replace(
            whole,
            text=text,
            original_text=original,
            findings=tuple(
                replace(
                    each,
                    why=each.why.partition(": ")[0],
                    # Equal values are decided together: a guess would have what another was given.
                    decision=Decision.KEEP if each.decision is Decision.KEEP else Decision.MASK,
                )
                for each in placed
                if each.id in here
            ),
        )

    def _not_kept(self, text: str, found: Sequence[Finding]) -> list[Finding]:
        return [
            each.finding
            for each in valued(text, found)
            if (each.finding.entity, each.value) not in self._kept
        ]


def veil_of(workspace: Workspace) -> Veil | None:
    """Return what hides for whoever acts here, None where they see all."""
    return Veil(workspace) if workspace.access().hides else None


def veiled_suggestions(found: Iterable[Suggestion], shown: Sequence[str]) -> tuple[Suggestion, ...]:
    """Return suggestions whose reasons name only what stands in texts that are `shown`."""

    def seen(value: object) -> Any:
        if isinstance(value, str):
            return value if any(value in each for each in shown) else UNSHOWN
        if isinstance(value, list | tuple):
            return [seen(each) for each in value]
        if isinstance(value, dict):
            return {name: seen(each) for name, each in value.items()}
        return value

    return tuple(
        replace(
            each,
            values={name: seen(value) for name, value in each.values.items()},
            more=veiled_suggestions(each.more, shown),
        )
        for each in found
    )


def veiled(text: str, findings: Sequence[Finding]) -> tuple[str, tuple[Finding, ...]]:
    """Return a text with placeholders, and its findings where they lie in it.

    Findings that overlap a hidden one are hidden with it.
    """
    pieces: list[str] = []
    placed: list[Finding] = []
    length = reached = 0
    for first, last, entity, group in _stretches(findings):
        pieces.append(text[reached:first])
        length += first - reached
        shown = pii.placeholder(entity) if entity else text[first:last]
        placed += [replace(each, start=length, end=length + len(shown)) for each in group]
        pieces.append(shown)
        length += len(shown)
        reached = last
    return "".join([*pieces, text[reached:]]), tuple(placed)


def _stretches(findings: Sequence[Finding]) -> list[tuple[int, int, str, list[Finding]]]:
    """Return start, end, the entity that hides it ("" for none) and findings of each stretch."""
    found: list[tuple[int, int, str, list[Finding]]] = []
    for each in sorted(findings, key=lambda finding: (finding.start, finding.end)):
        entity = "" if each.decision is Decision.KEEP else each.entity
        if found and each.start < found[-1][1]:
            first, last, held, group = found[-1]
            found[-1] = (first, max(last, each.end), held or entity, [*group, each])
        else:
            found.append((each.start, each.end, entity, [each]))
    return found


def opening(whole: Conversation) -> str:
    """Return the first words that somebody says in a conversation as it is shown."""
    told = (
        each.text for each in whole.messages if not each.deleted and each.kind not in UNSPOKEN_KINDS
    )
    return next(told, "")[:OPENING_LENGTH].replace("\n", " ")


def veiled_dropped(things: Sequence[Dropped], whole: Mapping[int, Conversation]) -> list[Dropped]:
    """Return things of the trash with the texts that their conversations show."""
    texts = {each.id: each.text for found in whole.values() for each in found.messages}
    return [
        replace(each, text=texts.get(each.message_id, UNSHOWN))
        if each.message_id is not None
        else replace(each, text=opening(whole[each.conversation_id]))
        for each in things
    ]


def veiled_line(line: JournalLine) -> JournalLine:
    """Return a row of the journal without any text that was changed."""
    return replace(line, details=tuple(_veiled_detail(each) for each in line.details))


def _veiled_detail(detail: Detail) -> Detail:
    shown = replace(detail, about="")
    if detail.what in _TOLD or detail.what.startswith("suggestion."):
        return shown
    before, after = (UNSHOWN if text else text for text in (detail.before, detail.after))
    return replace(shown, before=before, after=after)


def checked(workspace: Workspace, connection: Connection, sent: Sent, number: int) -> Sent:
    """Return an action as it is meant, from who sees a veiled conversation.

    Places in a text are moved to where they lie in the real one. Raises NotAllowedError where
    something hidden would be written over.
    """
    name = sent.fields.get("type")
    if name in ("flag", DECIDE) and sent.flag("all_equal"):
        # How much else would change with it tells whether it stands anywhere else.
        raise NotAllowedError(WOULD_SHOW)
    written = {"set_background", "set_note", "set_message_background"}
    if name not in written and name != "flag":
        return sent
    found = read_conversations(connection, [number])
    if not found:
        return sent
    if name == "flag" and not connection.scalar(
        select(conversation.c.scanned).where(conversation.c.id == number)
    ):
        raise NotAllowedError(WOULD_SHOW)
    (shown,) = Veil(workspace).conversations(connection, found)
    pairs = dict(zip([each.id for each in found[0].messages], found[0].messages, strict=True))
    texts = {each.id: each for each in shown.messages}
    here = sent.integer("message") if name in ("flag", "set_message_background") else None
    if here is not None and here not in pairs:
        return sent
    if name == "flag" and here is not None:
        start, end = sent.integer("start"), sent.integer("end")
        said = texts[here].text
        if not 0 <= start < end <= len(said) or said[start:end] != sent.text("text"):
            raise ActionRefusedError(CHANGED)
        moved = _unveiled(pairs[here], texts[here], start, end)
        return Sent({**sent.fields, "start": moved[0], "end": moved[1]})
    before, told = {
        "set_background": (found[0].background, shown.background),
        "set_note": (found[0].note, shown.note),
    }.get(str(name), ("", ""))
    if here is not None:
        before, told = pairs[here].background, texts[here].background
    if before != told:
        raise NotAllowedError(WOULD_SHOW)
    return sent


def _unveiled(real: Message, shown: Message, start: int, end: int) -> tuple[int, int]:
    """Return where a span of the shown text lies in the real one; refused where it is hidden."""
    if real.text == shown.text:
        return start, end
    shift = 0
    for first, last, entity, _group in _stretches(real.findings):
        if not entity:
            continue
        there = first + shift
        length = len(pii.placeholder(entity))
        if end <= there:
            break
        if start < there + length:
            raise NotAllowedError(WOULD_SHOW)
        shift += length - (last - first)
    return start - shift, end - shift
