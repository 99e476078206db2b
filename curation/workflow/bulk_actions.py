"""What can be done to many conversations at once, but for splitting them again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, cast

from curation import cleaning
from curation.errors import N_, ActionRefusedError, NotAllowedError
from curation.model import Decision, Status
from curation.store import actions, bulk, journal, relations
from curation.store.members import held_access
from curation.store.rising import Rising
from curation.workflow.bulk import Facts, Left, Outlook, do_bulk, finish, in_parts, plan_bulk
from curation.workflow.deciding import DECIDE
from curation.workflow.progress import Progress, ignore
from curation.workflow.roles import HIDDEN, for_reviewers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from curation.store import Workspace
    from curation.store.bulk import Head, Selection
    from curation.workflow.bulk import BulkAction

DECIDED: Final = frozenset({Status.APPROVED, Status.REJECTED})
"""Statuses that are a person's judgement; a skipped conversation was only put off."""

_NOTHING_WRITTEN: Final = N_("There is nothing written yet.")


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Give conversations a status. Back to review reaches those that were decided, too."""

    status: Status
    name: ClassVar[str] = "set_status"

    def examine(
        self, _connection: Connection, rows: Sequence[Head], _progress: Progress, *, again: bool
    ) -> Outlook:
        """Return which have another status."""
        outlook = Outlook()
        kept = frozenset() if self.status is Status.PENDING else DECIDED - {self.status}
        statuses: Counter[Status] = Counter()
        for row in rows:
            if row.status is self.status:
                outlook.left[Left.SAME] += 1
            elif row.status in kept and not again:
                outlook.left[Left.DECIDED] += 1
            else:
                outlook.changing.append(row.id)
                statuses[row.status] += 1
        decided = outlook.left[Left.DECIDED] + sum(statuses[status] for status in kept)
        outlook.left = +outlook.left
        outlook.facts = Facts(statuses=+statuses, decided=decided)
        return outlook

    def carry_out(self, recorder: journal.Recorder, outlook: Outlook, progress: Progress) -> int:
        """Set the status."""
        recorder.rising = Rising(recorder.connection)
        for some in in_parts(outlook.changing, progress):
            actions.set_status(recorder, some, self.status)
        return finish(recorder, self.name, progress)


@dataclass(frozen=True, slots=True)
class TagEmotions:
    """Put emotions on conversations, or take them off; tags of their messages stay."""

    emotions: tuple[str, ...]
    on: bool
    name: ClassVar[str] = "tag"

    def examine(
        self, connection: Connection, rows: Sequence[Head], _progress: Progress, *, again: bool
    ) -> Outlook:
        """Return which lack one of the emotions, or have one; nothing here is to be done again."""
        del again
        outlook = Outlook()
        tagged = bulk.tagged(connection, self.emotions, [row.id for row in rows])
        for row in rows:
            has = [row.id in tagged[emotion] for emotion in self.emotions]
            if all(has) if self.on else not any(has):
                outlook.left[Left.SAME] += 1
            else:
                outlook.changing.append(row.id)
        return outlook

    def carry_out(self, recorder: journal.Recorder, outlook: Outlook, progress: Progress) -> int:
        """Put the emotions on, or take them off."""
        for emotion in self.emotions:
            for some in in_parts(outlook.changing, progress):
                actions.tag_emotion(recorder, some, emotion, on=self.on)
        return finish(recorder, self.name, progress)


class Way(StrEnum):
    """What a text does to the background that is there."""

    REPLACE = "replace"
    APPEND = "append"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class SetBackground:
    """Give conversations a background, add a line to it, or take it away."""

    way: Way
    text: str = ""
    name: ClassVar[str] = "set_background"

    def examine(
        self, connection: Connection, rows: Sequence[Head], _progress: Progress, *, again: bool
    ) -> Outlook:
        """Return which would have another one; raises ActionRefusedError without a text."""
        text = cleaning.clean_text(self.text).strip()
        if self.way is not Way.CLEAR and not text:
            raise ActionRefusedError(_NOTHING_WRITTEN)
        hides = held_access(connection).hides
        if self.way is not Way.APPEND and hides:
            raise NotAllowedError(HIDDEN)
        held = bulk.backgrounds(connection, [row.id for row in rows])
        outlook = Outlook()
        texts: dict[int, tuple[str, str]] = {}
        decided = 0
        for row in rows:
            old = held.get(row.id, "")
            # Whether a hidden background says it already must not be told.
            new = f"{old}\n{text}" if hides and old else self._joined(old, text)
            other = old not in ("", new) and self.way is Way.REPLACE
            decided += other
            if new == old:
                outlook.left[Left.SAME] += 1
            elif other and not again:
                outlook.left[Left.DECIDED] += 1
            else:
                texts[row.id] = (old, new)
        outlook.facts = Facts(decided=decided)
        outlook.changing, outlook.prepared = list(texts), texts
        return outlook

    def _joined(self, old: str, text: str) -> str:
        if self.way is Way.CLEAR:
            return ""
        if self.way is Way.REPLACE or not old:
            return text
        return old if f"\n{text}\n" in f"\n{old}\n" else f"{old}\n{text}"

    def carry_out(self, recorder: journal.Recorder, outlook: Outlook, progress: Progress) -> int:
        """Set the backgrounds."""
        texts = cast("Mapping[int, tuple[str, str]]", outlook.prepared)
        for some in in_parts(outlook.changing, progress):
            bulk.set_backgrounds(recorder, {number: texts[number] for number in some})
        return finish(recorder, self.name, progress)


@dataclass(frozen=True, slots=True)
class SetRelation:
    """Say what the partners of these conversations' chats are to me; empty takes it away."""

    relation: str
    name: ClassVar[str] = "set_relation"

    def examine(
        self, connection: Connection, rows: Sequence[Head], _progress: Progress, *, again: bool
    ) -> Outlook:
        """Return which conversations lie in a chat whose relation would be another one."""
        wanted = cleaning.clean_text(self.relation).strip()
        names = bulk.chat_names_of(connection, {row.chat_id for row in rows})
        held = relations.relations(connection)
        outlook = Outlook()
        changing: dict[int, str] = {}
        decided = 0
        for row in rows:
            old = held.get(names[row.chat_id], "")
            other = bool(wanted) and old not in ("", wanted)
            decided += other
            if old == wanted:
                outlook.left[Left.SAME] += 1
            elif other and not again:
                outlook.left[Left.DECIDED] += 1
            else:
                changing[row.chat_id] = wanted
                outlook.changing.append(row.id)
        outlook.facts = Facts(
            decided=decided,
            chats=len(changing),
            beyond=bulk.count_in_chats(connection, changing) - len(outlook.changing),
        )
        outlook.prepared = {names[number]: relation for number, relation in changing.items()}
        return outlook

    def carry_out(self, recorder: journal.Recorder, outlook: Outlook, progress: Progress) -> int:
        """Set the relations of the chats."""
        for _some in in_parts(outlook.changing, progress):
            pass  # one change, whatever their number
        relations.set_relations(recorder, cast("Mapping[str, str]", outlook.prepared))
        return finish(
            recorder, self.name, progress, count=len(outlook.changing) + outlook.facts.beyond
        )


@dataclass(frozen=True, slots=True)
class DecideFindings:
    """Mask or keep the private details in conversations, all or those of some kinds.

    Equal values elsewhere stay as they are, and so do those in deleted messages.
    """

    decision: Decision
    entities: tuple[str, ...] = ()
    name: ClassVar[str] = DECIDE

    def examine(
        self, connection: Connection, rows: Sequence[Head], _progress: Progress, *, again: bool
    ) -> Outlook:
        """Return which hold findings that would be decided."""
        counts = bulk.finding_counts(connection, self.entities, [row.id for row in rows])
        others = frozenset(Decision) - {Decision.PENDING, self.decision}
        former = others | {Decision.PENDING} if again else {Decision.PENDING}
        outlook = Outlook(prepared=frozenset(former))
        findings = decided = 0
        for row in rows:
            held = counts.get(row.id, {})
            wanted = sum(held.get(each, 0) for each in former)
            findings += wanted
            decided += sum(held.get(each, 0) for each in others)
            if wanted:
                outlook.changing.append(row.id)
            elif not held:
                outlook.left[Left.NOTHING] += 1
            elif set(held) == {self.decision}:
                outlook.left[Left.SAME] += 1
            else:
                outlook.left[Left.DECIDED] += 1
        outlook.facts = Facts(findings=findings, decided=decided)
        return outlook

    def carry_out(self, recorder: journal.Recorder, outlook: Outlook, progress: Progress) -> int:
        """Decide the findings."""
        former = cast("frozenset[Decision]", outlook.prepared)
        for some in in_parts(outlook.changing, progress):
            bulk.decide(recorder, some, self.entities, former, self.decision)
        return finish(recorder, self.name, progress, raise_versions=False)


@for_reviewers
def set_status(
    workspace: Workspace, selection: Selection, status: Status, progress: Progress = ignore
) -> int:
    """Give the selected conversations a status, whatever they had; return how many changed."""
    return _do(workspace, selection, SetStatus(status), progress)


@for_reviewers
def tag_emotion(
    workspace: Workspace,
    selection: Selection,
    emotion: str,
    *,
    on: bool,
    progress: Progress = ignore,
) -> int:
    """Put an emotion on the selected conversations or take it off; return how many changed."""
    return _do(workspace, selection, TagEmotions((emotion,), on), progress)


def _do(workspace: Workspace, selection: Selection, action: BulkAction, progress: Progress) -> int:
    plan = plan_bulk(workspace, selection, action, again=True)
    return do_bulk(workspace, plan, progress).changed
