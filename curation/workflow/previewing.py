"""One conversation as the export would write it, for a person who is looking at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from curation import conversations, store
from curation.errors import N_, ActionRefusedError, RuwoError
from curation.training import USUAL_CUTOFF
from curation.workflow.detecting import scan_one
from curation.workflow.gate import raise_on_answers, raise_on_leaks
from curation.workflow.outgoing import Pipeline
from curation.workflow.roles import for_who_sees_all
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from curation.store import Workspace


@dataclass(frozen=True, slots=True)
class RecordPreview:
    """The record of a conversation: `turns` are (role, text), none where it gives no record.

    `reason` then says why (`exporters.Reason`), or `error`: the export would be refused. `tokens`
    is the estimated length of the whole, `said` of the turns alone; `limit` is the settings' for
    the turns, 0 for none.
    """

    id: int
    version: int
    system: str = ""
    turns: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    error: RuwoError | None = None
    tokens: int = 0
    said: int = 0
    limit: int = 0

    @property
    def too_long(self) -> bool:
        """Whether a trainer would most likely cut it, or the settings' limit is passed."""
        return self.tokens > USUAL_CUTOFF or 0 < self.limit < self.said


@for_who_sees_all
def preview_record(workspace: Workspace, conversation_id: int) -> RecordPreview:
    """Return the record of a conversation exactly as the file would hold it were it approved.

    A conversation that still waits for the search for private details is searched first.

    Raises ActionRefusedError where the conversation is gone.
    """
    scan_one(workspace, conversation_id)
    found = store.load_conversations(workspace, [conversation_id])
    if not found:
        raise ActionRefusedError(N_("This conversation is no longer there."))
    conversation = found[0]
    preview = RecordPreview(conversation.id, conversation.version)
    try:
        pipeline = Pipeline(workspace)
        outgoing = next(iter(pipeline.outgoing([conversation])))
        if not outgoing.turns:
            return RecordPreview(
                conversation.id, conversation.version, reason=outgoing.draft.reason
            )
        raise_on_leaks(pipeline.masker, [(conversation.id, outgoing.system)], system=True)
        raise_on_leaks(pipeline.masker, [(conversation.id, turn) for turn in outgoing.written])
        raise_on_answers(pipeline.masker, [(conversation.id, outgoing.written)])
        record = pipeline.record(outgoing)
    except RuwoError as error:
        return _refused(preview, error)
    turns = tuple((item["from"], item["value"]) for item in record["conversations"])
    settings = load_settings(workspace)
    said = sum(conversations.estimate_tokens(text) for _role, text in turns)
    return RecordPreview(
        id=conversation.id,
        version=conversation.version,
        system=record["system"],
        turns=turns,
        tokens=said + conversations.estimate_tokens(record["system"]),
        said=said,
        limit=settings.length_limit if settings.length_unit == "tokens" else 0,
    )


def _refused(preview: RecordPreview, error: RuwoError) -> RecordPreview:
    return RecordPreview(preview.id, preview.version, error=error)
