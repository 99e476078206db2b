"""Committing: the numbered actions that a screen sent, each done once or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from curation.errors import N_, ActionRefusedError, StaleVersionError
from curation.store import journal, leases, outbox, undoing
from curation.store.members import held_access
from curation.store.workspace import REPLACED
from curation.workflow import acting
from curation.workflow.deciding import DECIDE, follow_terms
from curation.workflow.detecting import detection_rules
from curation.workflow.drafts import drop_draft
from curation.workflow.roles import for_reviewers
from curation.workflow.sent import Sent
from curation.workflow.suggesting import suggest_again
from curation.workflow.veil import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.model import DetectionRules
    from curation.store import Workspace


@dataclass(frozen=True, slots=True)
class Refusal:
    """An action that was refused; `error` says why, in one sentence."""

    n: int
    conversation_id: int
    error: ActionRefusedError


@dataclass(frozen=True, slots=True)
class Ack:
    """Up to which number the actions of a screen are answered, and which were refused.

    `at` is a conversation that an action wants shown next (the one an undo concerned); `gone` are
    those that these actions merged into others.
    """

    client: str
    number: int
    refused: tuple[Refusal, ...] = ()
    at: int | None = None
    gone: tuple[int, ...] = ()


@for_reviewers
def commit_actions(
    workspace: Workspace, client: str, sent: Sequence[Mapping[str, object]], *, seen: int = 0
) -> Ack:
    """Do the numbered actions that a screen sent, each in one transaction with its number.

    Numbers up to the last answered one were done before and are passed over. A refused action
    changes nothing and counts as answered; with nothing sent, the answer says where things stand.
    `seen` is the number up to which the screen has shown refusals; those are forgotten. An action
    that was done on a workspace which a backup replaced since is refused, and so is one on a
    conversation that another has at hand; undo and redo are not, since they are about what was done
    before.
    """
    at: int | None = None
    gone: list[int] = []
    with workspace.read() as connection:
        last = outbox.last_number(connection, client)
    for action in sorted(sent, key=_number):
        number = _number(action)
        if number <= last:
            continue
        try:
            _check_generation(workspace, action)
            done = _commit(workspace, client, action, seen)
            at = done.at or at
            gone += done.gone
            if done.texts:
                suggest_again(workspace, done.texts)
        except ActionRefusedError as error:
            _refuse(workspace, client, action, error, seen)
        last = number
    with workspace.read() as connection:
        return replace(_ack(connection, client), at=at, gone=tuple(gone))


def _check_generation(workspace: Workspace, action: Mapping[str, object]) -> None:
    """Refuse what was done on another workspace: the same ids and versions mean others there."""
    known = action.get("generation")
    if known is not None and workspace.generation not in (None, known):
        raise StaleVersionError(REPLACED)


@dataclass(frozen=True, slots=True)
class _Done:
    """What an action leaves behind: the conversation that it wants shown, those that are gone.

    `texts` are those in which something else is said now.
    """

    at: int | None = None
    gone: tuple[int, ...] = ()
    texts: frozenset[int] = frozenset()


def _commit(workspace: Workspace, client: str, action: Mapping[str, object], seen: int) -> _Done:
    """Do one action, unless it was done before."""
    number = _number(action)
    prepared = _prepare(workspace, client, action)
    with workspace.write() as connection:
        if outbox.last_number(connection, client) >= number:
            return _Done()
        done = prepared(connection)
        refused = [each for each in outbox.refusals(connection, client) if each.number > seen]
        outbox.answer(connection, client, number, refused)
    return done


def _refuse(
    workspace: Workspace,
    client: str,
    action: Mapping[str, object],
    error: ActionRefusedError,
    seen: int,
) -> None:
    conversation_id = action.get("id")
    with workspace.write() as connection:
        refused = [each for each in outbox.refusals(connection, client) if each.number > seen]
        refused.append(
            outbox.Refused(
                _number(action),
                conversation_id if isinstance(conversation_id, int) else 0,
                error.template,
                dict(error.values),
            )
        )
        outbox.answer(connection, client, _number(action), refused)


def _ack(connection: Connection, client: str) -> Ack:
    return Ack(
        client=client,
        number=outbox.last_number(connection, client),
        refused=tuple(
            Refusal(
                each.number, each.conversation_id, ActionRefusedError(each.template, **each.values)
            )
            for each in outbox.refusals(connection, client)
        ),
    )


def _prepare(
    workspace: Workspace, client: str, action: Mapping[str, object]
) -> Callable[[Connection], _Done]:
    """Return what an action does to the workspace; slow work is done here, before the lock."""
    name = action.get("type")
    if name in ("undo", "redo"):
        rules = detection_rules(workspace)
        return partial(_step_back if name == "undo" else _step_forward, rules=rules)
    sent = Sent(action)
    if name == leases.TAKE_OVER:
        return partial(_take_over, conversation_id=sent.integer("id"), screen=client)
    conversation_id, version = sent.integer("id"), sent.integer("version")
    act = acting.prepared(workspace, sent, conversation_id)

    def run(connection: Connection) -> _Done:
        journal.claim(connection, conversation_id, version)
        leases.check(connection, [conversation_id])
        recorder = journal.Recorder(connection)
        hides = held_access(connection).hides
        if hides:
            meant = checked(workspace, connection, sent, conversation_id)
            acting.prepared(workspace, meant, conversation_id)(recorder)
        else:
            act(recorder)
        leases.check(connection, recorder.removed("conversation"))
        if not hides:  # they see no drafts: what is kept there is not what they saved
            drop_draft(connection, action, conversation_id)
        if recorder.changes:
            journal.finish(
                recorder,
                str(name),
                conversation_id=conversation_id,
                claimed=(conversation_id,),
                raise_versions=name != DECIDE,
            )
        return _Done(gone=recorder.removed("conversation"), texts=_texts(recorder))

    return run


def _texts(recorder: journal.Recorder) -> frozenset[int]:
    """Return the conversations in which something else is said now, those that are new included."""
    if not any(table == "message" for table, _number, _old, _new in recorder.changes):
        return frozenset()
    new = (
        number
        for table, number, old, _new in recorder.changes
        if table == "conversation" and old is None
    )
    return frozenset({*recorder.affected, *new})


def _take_over(connection: Connection, *, conversation_id: int, screen: str) -> _Done:
    leases.take_over(connection, conversation_id, screen)
    return _Done(at=conversation_id)


def _step_back(connection: Connection, *, rules: DetectionRules) -> _Done:
    done = undoing.undo(connection)
    if done is None:
        raise ActionRefusedError(N_("There is nothing to undo."))
    follow_terms(connection, rules)
    return _Done(at=done[1], texts=frozenset(each for each in done[1:2] if each is not None))


def _step_forward(connection: Connection, *, rules: DetectionRules) -> _Done:
    done = undoing.redo(connection)
    if done is None:
        raise ActionRefusedError(N_("There is nothing to redo."))
    follow_terms(connection, rules)
    return _Done(at=done[1], texts=frozenset(each for each in done[1:2] if each is not None))


def _number(action: Mapping[str, object]) -> int:
    return Sent(action).integer("n")
