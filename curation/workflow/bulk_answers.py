"""Accepting or refusing what is suggested of many conversations, so that one undo takes it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, cast

from curation.errors import ActionRefusedError
from curation.model import Status, SuggestionKind
from curation.store import actions, answering, bulk, structure
from curation.workflow.answering import DROPPING, write_drafts
from curation.workflow.bulk import Facts, Left, Outlook, finish, in_parts
from curation.workflow.bulk_actions import DECIDED
from curation.workflow.progress import CHANGE_STAGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from curation.store.bulk import Head
    from curation.store.journal import Recorder
    from curation.workflow.progress import Progress

_SPLITS_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class AnswerSuggestions:
    """Accept or refuse what is suggested, of one kind and at least this sure (0 to 1).

    An accepted emotion becomes a tag, a draft the background; conversations are split where their
    topic jumps, and what is incomplete or says too little is rejected; what a person approved or
    rejected is neither split nor rejected unless `again` is asked for. That a conversation repeats
    another one can only be refused: who accepts it rejects the conversation.
    """

    kind: SuggestionKind
    accept: bool
    least: float | None = None
    name: ClassVar[str] = "answer_suggestions"

    def examine(
        self, connection: Connection, rows: Sequence[Head], _progress: Progress, *, again: bool
    ) -> Outlook:
        """Return which have open suggestions of the kind."""
        if self.accept and self.kind is SuggestionKind.NEAR_DUPLICATE:
            raise ActionRefusedError(answering.REJECT_IT)
        numbers = [row.id for row in rows]
        found = bulk.open_suggestions(connection, self.kind, numbers, self.least)
        asked = [row for row in rows if found.get(row.id)]
        stays = self._stays()
        decided = [row for row in asked if row.status in stays]
        changing = [row for row in asked if again or row.status not in stays]
        outlook = Outlook(changing=[row.id for row in changing])
        outlook.left[Left.NOTHING] = len(rows) - len(asked)
        outlook.left[Left.DECIDED] = len(asked) - len(changing)
        outlook.left = +outlook.left
        parts = 0
        if self._splits:
            jumps = bulk.jumps(connection, outlook.changing, self.least)
            outlook.prepared = jumps
            parts = len(changing) + sum(len(places) for places in jumps.values())
        statuses = Counter[Status]()
        if self.accept and self.kind in DROPPING:
            statuses.update(row.status for row in changing if row.status is not Status.REJECTED)
        outlook.facts = Facts(
            suggestions=sum(found[number] for number in outlook.changing),
            decided=len(decided),
            parts=parts,
            statuses=statuses,
        )
        return outlook

    @property
    def _splits(self) -> bool:
        return self.accept and self.kind is SuggestionKind.TOPIC_JUMP

    def _stays(self) -> frozenset[Status]:
        """Return with which statuses conversations stay as they are unless that is asked for."""
        if self._splits:
            return DECIDED
        rejecting = self.accept and self.kind in DROPPING
        return DECIDED - {Status.REJECTED} if rejecting else frozenset()

    def carry_out(self, recorder: Recorder, outlook: Outlook, progress: Progress) -> int:
        """Answer the suggestions, and do what the accepted ones ask for."""
        drafting = self.accept and self.kind is SuggestionKind.BACKGROUND
        for some in in_parts(outlook.changing, progress):
            if drafting:
                drafts = answering.open_drafts(recorder.connection, some, self.least)
                write_drafts(recorder, drafts)
            bulk.answer_suggestions(recorder, some, self.kind, self.least, accept=self.accept)
            if self.accept and self.kind in DROPPING:
                actions.set_status(recorder, some, Status.REJECTED)
        if self._splits:
            self._split(recorder, cast("Mapping[int, Sequence[int]]", outlook.prepared), progress)
        return finish(recorder, self.name, progress, count=len(outlook.changing))

    def _split(
        self, recorder: Recorder, jumps: Mapping[int, Sequence[int]], progress: Progress
    ) -> None:
        """Split conversations, each at its last jump first."""
        for done, (number, messages) in enumerate(jumps.items()):
            if done % _SPLITS_AT_ONCE == 0:
                progress(CHANGE_STAGE, done, len(jumps))
            for message in reversed(messages):
                structure.split(recorder, number, message)
