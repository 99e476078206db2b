"""Answers of a model that become a part of the dataset: put right by the person, or liked.

They are conversations that wait for review, with a little of what was said before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.chatting import Role, Said, alternating
from curation.errors import N_, ActionRefusedError
from curation.model import Side
from curation.store import talks
from curation.store.talks import ASSISTANT, TalkHead
from curation.store.writing import CORRECTION, LIKED
from curation.workflow.roles import owners_only
from curation.workflow.writing import Line, add_talks, checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.store import Workspace
    from curation.store.journal import Recorder
    from curation.store.talks import TalkLine

CONTEXT: Final = 2
"""So many exchanges before the one that is kept go with it: what the model said there is its own
and no person's words, so no more than is needed to follow."""

_SIDES: Final = {Role.USER: Side.OTHER, Role.ASSISTANT: Side.ME}


@owners_only
def correct_reply(workspace: Workspace, talk: TalkHead, line: int, text: str) -> int:
    """Keep an exchange as it should have been, waiting for review; return its conversation.

    The talk goes on with what it should have been. ActionRefusedError where nothing was changed,
    or the answer was kept already.
    """
    reply = _reply(workspace, talk.id, line)
    if not text.strip() or text.strip() == reply.text.strip():
        raise ActionRefusedError(N_("Write how you would have said it."))
    return _keep(workspace, talk, line, text.strip(), CORRECTION)


@owners_only
def like_reply(workspace: Workspace, talk: TalkHead, line: int) -> int:
    """Keep an exchange as it is, waiting for review; return its conversation."""
    reply = _reply(workspace, talk.id, line)
    return _keep(workspace, talk, line, reply.text, LIKED)


def _reply(workspace: Workspace, talk: int, line: int) -> TalkLine:
    with workspace.read() as connection:
        told = talks.lines(connection, talk)
    reply = next((each for each in told if each.id == line and each.role == ASSISTANT), None)
    if reply is None:
        raise ActionRefusedError(N_("This answer is no longer there."))
    if reply.kept_in is not None:
        raise ActionRefusedError(N_("This answer is in the dataset already."))
    return reply


def _keep(workspace: Workspace, talk: TalkHead, line: int, text: str, source: str) -> int:
    with workspace.read() as connection:
        told = talks.lines(connection, talk.id)
    lines = checked(_exchange(told, line, text))

    def note(recorder: Recorder, ids: Sequence[int]) -> None:
        corrected = text if source == CORRECTION else ""
        talks.keep_in(recorder.connection, line, ids[0], corrected)

    action = "correct" if source == CORRECTION else "like"
    ids = add_talks(
        workspace, [[*lines]], source=source, action=action, chat=talk.partner, then=note
    )
    return ids[0]


def _exchange(told: Sequence[TalkLine], line: int, text: str) -> list[Line]:
    """Return an answer with what it answers, and some exchanges before, as messages."""
    before = [Said(Role(each.role), each.said) for each in told if each.id < line]
    turns = alternating(before)[-(2 * CONTEXT + 1) :]
    turns.append(Said(Role.ASSISTANT, text))
    return [
        Line(_SIDES[turn.role], part)
        for turn in turns
        for part in turn.text.splitlines()
        if part.strip()
    ]
