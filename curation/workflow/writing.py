"""Conversations that a person writes: from nothing, or as answers to questions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from curation import cleaning
from curation.errors import N_, ActionRefusedError
from curation.model import Side
from curation.persona import QUESTIONS
from curation.store import imports, journal, writing
from curation.store.settings import get_value, put_value
from curation.store.writing import HANDWRITTEN
from curation.workflow.detecting import detection_rules
from curation.workflow.flagging import find_around
from curation.workflow.names import WRITTEN_CHAT
from curation.workflow.roles import owners_only

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curation.store import Workspace
    from curation.store.journal import Recorder

MOST_LINES: Final = 400
LONGEST_LINE: Final = 5000
_DRAFTS: Final = "writing.drafts"


@dataclass(frozen=True, slots=True)
class Line:
    """One message that is being written."""

    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class WritingDraft:
    """A conversation that is being written: its lines, what is typed, and whose turn it is."""

    lines: tuple[Line, ...] = ()
    typing: str = ""
    side: Side = Side.OTHER
    chat: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is written yet."""
        return not self.lines and not self.typing


@owners_only
def write_conversation(workspace: Workspace, lines: Sequence[Line], chat: str = "") -> int:
    """Keep a conversation as pending, in the chat of a partner or by itself; return its id.

    Raises ActionRefusedError where one side says nothing, or it is too long.
    """
    talk = checked(lines)
    return add_talks(workspace, [talk], chat=chat, source=HANDWRITTEN, action="write")[0]


@owners_only
def answer_question(workspace: Workspace, key: str, lines: Sequence[Line]) -> int:
    """Keep the answer to a question, which the lines begin with; as `write_conversation`."""
    if key not in {each.key for each in QUESTIONS}:
        raise ActionRefusedError(N_("This question is not known."))
    talk = checked(lines)

    def remember(recorder: Recorder, ids: Sequence[int]) -> None:
        writing.add_answer(recorder, key, ids[0])

    return add_talks(workspace, [talk], source=HANDWRITTEN, action="answer", then=remember)[0]


def answered_questions(workspace: Workspace) -> set[str]:
    """Return the keys of the questions that were answered."""
    with workspace.read() as connection:
        return writing.answered(connection) & {each.key for each in QUESTIONS}


def written_count(workspace: Workspace, source: str = HANDWRITTEN) -> int:
    """Return how many conversations were written here."""
    with workspace.read() as connection:
        return writing.count_from(connection, source)


def checked(lines: Sequence[Line]) -> list[tuple[Side, str]]:
    """Return lines as they are kept; ActionRefusedError where they make no conversation."""
    cleaned = [(each.side, cleaning.clean_text(each.text)) for each in lines]
    talk = [(side, text) for side, text in cleaned if text]
    if {side for side, _text in talk} != set(Side):
        raise ActionRefusedError(N_("Write at least one message of each side."))
    if len(talk) > MOST_LINES or any(len(text) > LONGEST_LINE for _side, text in talk):
        raise ActionRefusedError(
            N_("This is too long: at most {lines} messages of {characters} characters."),
            lines=MOST_LINES,
            characters=LONGEST_LINE,
        )
    return talk


def add_talks(
    workspace: Workspace,
    talks: Sequence[Sequence[tuple[Side, str]]],
    *,
    source: str,
    action: str,
    chat: str = "",
    then: Callable[[Recorder, Sequence[int]], None] | None = None,
) -> list[int]:
    """Keep conversations as pending, searched for private details, in one action."""
    rules = detection_rules(workspace)
    with workspace.write() as connection:
        number = imports.chat_id(connection, chat.strip() or WRITTEN_CHAT)
        origin = writing.source_id(connection, source)
        recorder = journal.Recorder(connection)
        ids = writing.add_conversations(recorder, number, origin, talks)
        for each in ids:
            find_around(recorder, each, rules)
        if then is not None:
            then(recorder, ids)
        alone = ids[0] if len(ids) == 1 else None
        journal.finish(recorder, action, conversation_id=alone)
    return ids


def load_draft(workspace: Workspace, place: str) -> WritingDraft:
    """Return what is being written at a place by whoever holds the workspace, maybe nothing."""
    with workspace.read() as connection:
        kept = (get_value(connection, _DRAFTS) or {}).get(workspace.reviewer, {}).get(place, {})
    return _draft(kept)


def keep_draft(workspace: Workspace, place: str, draft: WritingDraft) -> None:
    """Keep what is being written, or forget it where it is empty; no part of the journal."""
    with workspace.write() as connection:
        drafts: dict[str, dict[str, Any]] = get_value(connection, _DRAFTS) or {}
        mine = drafts.setdefault(workspace.reviewer, {})
        mine.pop(place, None)
        if not draft.empty:
            mine[place] = asdict(draft)
        if not mine:
            drafts.pop(workspace.reviewer)
        put_value(connection, _DRAFTS, drafts)


def _draft(kept: Mapping[str, Any]) -> WritingDraft:
    return WritingDraft(
        lines=tuple(Line(Side(each["side"]), each["text"]) for each in kept.get("lines", ())),
        typing=kept.get("typing", ""),
        side=Side(kept.get("side", Side.OTHER)),
        chat=kept.get("chat", ""),
    )
