"""What follows when a person agrees with a suggestion, and how often people agreed with a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.model import Status, SuggestionKind
from curation.store import actions, answering, bulk
from curation.workflow import arranging
from curation.workflow.roles import for_reviewers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from curation.model import DetectionRules
    from curation.store import Workspace
    from curation.store.answering import Agreement
    from curation.store.journal import Recorder

DROPPING: Final = frozenset({SuggestionKind.INCOMPLETE, SuggestionKind.TOO_THIN})
"""Who agrees with one of these drops the conversation, or writes the background that it lacks."""


def answer(
    recorder: Recorder,
    conversation_id: int,
    suggestion_id: int | None,
    rules: DetectionRules,
    *,
    accept: bool,
) -> None:
    """Accept or refuse an open suggestion; what it suggests is done in the same action.

    An emotion becomes a tag, a draft the background; a conversation is split where its topic
    jumps, and one that is incomplete or says too little is rejected. ActionRefusedError where it is
    not open.
    """
    told = None
    if accept and suggestion_id is not None:
        told = answering.open_one(recorder.connection, conversation_id, suggestion_id)
    answering.answer_one(recorder, conversation_id, suggestion_id, accept=accept)
    if told is None:
        return
    if told.kind is SuggestionKind.TOPIC_JUMP and told.message_id is not None:
        arranging.split(recorder, conversation_id, told.message_id, rules)
    elif told.kind is SuggestionKind.BACKGROUND:
        write_drafts(recorder, {conversation_id: told.draft})
    elif told.kind in DROPPING:
        actions.set_status(recorder, [conversation_id], Status.REJECTED)


def write_drafts(recorder: Recorder, drafts: Mapping[int, str]) -> None:
    """Let drafts, by conversation, be backgrounds, below what a person wrote there already."""
    held = bulk.backgrounds(recorder.connection, drafts.keys())
    texts = {number: (held.get(number, ""), draft) for number, draft in drafts.items() if draft}
    bulk.set_backgrounds(
        recorder,
        {
            number: (old, f"{old}\n{draft}" if old else draft)
            for number, (old, draft) in texts.items()
        },
    )


def in_answer(
    act: Callable[[Recorder], object], conversation_id: int, suggestion_id: int
) -> Callable[[Recorder], object]:
    """Return an action that a suggestion gave rise to: it accepts it, and then does its own."""

    def both(recorder: Recorder) -> None:
        answering.answer_one(recorder, conversation_id, suggestion_id, accept=True)
        act(recorder)

    return both


@for_reviewers
def agreements(workspace: Workspace) -> tuple[Agreement, ...]:
    """Return how often people agreed with each rule that suggests, and how much is open of it."""
    with workspace.read() as connection:
        return answering.agreements(connection)
