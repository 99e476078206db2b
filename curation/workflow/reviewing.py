"""Reviewing: the window of the queue that a screen holds, and the actions that come back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from curation import cleaning, exporters, pii
from curation.errors import N_, ActionRefusedError, StaleVersionError
from curation.model import ConversationFilter, Decision, Side, Status
from curation.store import actions, conversations, drafts, journal, outbox, queue, several, undoing
from curation.store.workspace import REPLACED
from curation.workflow import arranging, flagging
from curation.workflow.deciding import follow_terms
from curation.workflow.detecting import detect_texts, detection_rules, valued
from curation.workflow.drafts import drop_draft
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.model import Conversation, DetectionRules, EntryRules, Finding, QueueOrder
    from curation.store import Workspace
    from curation.store.drafts import Draft

_MALFORMED: Final = N_("This action was not understood.")
_EMPTY_TEXT: Final = N_("A message cannot be empty; delete it instead.")


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A conversation with what the export would do to its messages, as sets of message ids.

    `entering` enter the record; `leading` and `trailing` would, but are left out of it because a
    record starts with the other side and ends with me, `bystanders` because nobody answered what
    they said in a group. `drafts` are texts that somebody is typing.
    """

    conversation: Conversation
    entering: frozenset[int]
    leading: frozenset[int]
    trailing: frozenset[int]
    bystanders: frozenset[int] = frozenset()
    drafts: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the queue that a screen holds.

    `records` are in the order of the queue, `at` is the one to show. `position` counts from 1
    within all conversations of the filter whatever their status (`matching`); `counts` are by
    status within the same. `places` says where each record stands in the queue's order, that of
    `at` as it was asked for. `undo` and `redo` name the actions they would concern.
    """

    records: tuple[ReviewRecord, ...]
    at: int | None
    position: int
    matching: int
    counts: Mapping[Status, int]
    undo: str | None
    redo: str | None
    places: Mapping[int, queue.Place] = field(default_factory=dict)


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


def review_window(
    workspace: Workspace,
    flt: ConversationFilter,
    *,
    at: int | None = None,
    place: Sequence[float] = (),
    order: QueueOrder = queue.BY_CHAT,
    ahead: int = 6,
    behind: int = 2,
) -> Window:
    """Return the conversation `at` with its neighbours in the queue of `flt`.

    Without `at`, or when it is gone, the first of the queue is shown. After the end the queue
    starts again, so that what was passed over comes back. `place` is where `at` stood in the order
    when it came up: its neighbours are those of that place, also when what was done to it since
    would put it elsewhere.
    """
    rules = load_settings(workspace).rules
    everything = replace(flt, statuses=())
    with workspace.read() as connection:
        here = None if at is None else queue.place_of(connection, at, order)
        shown = at if here is not None else None
        if here is not None and queue.is_place(place, order):
            here = tuple(place)
        following = queue.ids_after(connection, flt, here, ahead + 1, order)
        if len(following) <= ahead:
            again = queue.ids_after(connection, flt, None, ahead + 1 - len(following), order)
            following += [number for number in again if number not in {*following, shown}]
        if shown is None and following:
            shown = following.pop(0)
            here = queue.place_of(connection, shown, order)
        before = []
        if here is not None:
            before = queue.ids_before(connection, everything, here, behind + 1, order)
        before = [number for number in before if number != shown]
        before = before[max(len(before) - behind, 0) :]
        ids = list(dict.fromkeys([*before, *([] if shown is None else [shown]), *following]))
        records = conversations.read_conversations(connection, ids)
        typed = drafts.of_conversations(connection, ids)
        places = queue.places_of(connection, ids, order)
        position = 0
        if shown is not None and here is not None:
            places[shown] = here
            position = queue.count_up_to(connection, everything, here, order)
        undo = undoing.undo_candidate(connection)
        redo = undoing.redo_candidate(connection)
        counts = conversations.counts(connection, everything)
    return Window(
        records=tuple(
            review_record(each, rules, tuple(typed.get(each.id, ()))) for each in records
        ),
        at=shown,
        position=position,
        matching=sum(counts.values()),
        counts=counts,
        undo=None if undo is None else undo[1],
        redo=None if redo is None else redo[1],
        places=places,
    )


def review_record(
    conversation: Conversation, rules: EntryRules, typed: tuple[Draft, ...] = ()
) -> ReviewRecord:
    """Return a conversation with what the export would leave out of it, and its drafts."""
    texts = {message.id: message.text for message in conversation.messages}
    draft = exporters.draft_record(conversation, texts, rules)
    return ReviewRecord(
        conversation=conversation,
        entering=frozenset(
            message.id for message in conversation.messages if exporters.enters(message, rules)
        ),
        leading=frozenset(draft.leading),
        trailing=frozenset(draft.trailing),
        bystanders=frozenset(draft.bystanders),
        drafts=typed,
    )


def commit_actions(
    workspace: Workspace, client: str, sent: Sequence[Mapping[str, object]], *, seen: int = 0
) -> Ack:
    """Do the numbered actions that a screen sent, each in one transaction with its number.

    Numbers up to the last answered one were done before and are passed over. A refused action
    changes nothing and counts as answered; with nothing sent, the answer says where things stand.
    `seen` is the number up to which the screen has shown
    refusals; those are forgotten. An action that was done on a workspace which a backup replaced
    since is refused.
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
    """What an action leaves behind: the conversation that it wants shown, those that are gone."""

    at: int | None = None
    gone: tuple[int, ...] = ()


def _commit(workspace: Workspace, client: str, action: Mapping[str, object], seen: int) -> _Done:
    """Do one action, unless it was done before."""
    number = _number(action)
    prepared = _prepare(workspace, action)
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


def _prepare(workspace: Workspace, action: Mapping[str, object]) -> Callable[[Connection], _Done]:
    """Return what an action does to the workspace; slow work is done here, before the lock."""
    name = action.get("type")
    if name in ("undo", "redo"):
        rules = detection_rules(workspace)
        return partial(_undo if name == "undo" else _redo, rules=rules)
    conversation_id, version = _integer(action, "id"), _integer(action, "version")
    act = _act(workspace, action, conversation_id)

    def run(connection: Connection) -> _Done:
        journal.claim(connection, conversation_id, version)
        recorder = journal.Recorder(connection)
        act(recorder)
        drop_draft(connection, action, conversation_id)
        if recorder.changes:
            decides = name == "decide_finding"
            journal.finish(
                recorder,
                str(name),
                conversation_id=conversation_id,
                claimed=(conversation_id,),
                raise_versions=not decides,
            )
        return _Done(gone=recorder.removed("conversation"))

    return run


def _act(
    workspace: Workspace, action: Mapping[str, object], conversation_id: int
) -> Callable[[journal.Recorder], object]:
    here = conversation_id
    match action.get("type"):
        case "set_status":
            status = Status(_choice(action, "status", list(Status)))
            return lambda r: actions.set_status(r, [here], status)
        case "tag":
            emotion, on = _text(action, "emotion"), _flag(action, "on")
            on_message = _optional_integer(action, "message")
            return lambda r: actions.tag_emotion(r, [here], emotion, on=on, message_id=on_message)
        case "edit_message":
            edited = _integer(action, "message")
            rules = detection_rules(workspace)
            new_text = _new_text(action, rules)
            return lambda r: flagging.edit(r, here, {edited: new_text}, rules)
        case "delete_message":
            target, deleted = _integer(action, "message"), _flag(action, "deleted")
            return lambda r: actions.delete_message(r, here, target, deleted=deleted)
        case "add_message":
            side = Side(_choice(action, "side", list(Side)))
            before = _optional_integer(action, "before")
            words, found = _new_text(action, detection_rules(workspace))
            new = valued(words, found)
            return lambda r: actions.add_message(r, here, side, words, new, before=before)
        case _:
            return _act_on_structure(workspace, action, here)


def _act_on_findings(
    workspace: Workspace, action: Mapping[str, object], here: int
) -> Callable[[journal.Recorder], object]:
    match action.get("type"):
        case "flag":
            rules = detection_rules(workspace)
            target = _integer(action, "message")
            span = (_integer(action, "start"), _integer(action, "end"))
            shown = _text(action, "text")
            entity = _choice(action, "entity", pii.ENTITIES)
            everywhere = _flag(action, "all_equal")

            def act(recorder: journal.Recorder) -> None:
                flagging.flag(recorder, here, target, span=span, shown=shown, entity=entity)
                if everywhere:
                    flagging.flag_everywhere(recorder, shown, entity, rules)

            return act
        case "relabel":
            wrong, kind = _integer(action, "finding"), _choice(action, "entity", pii.ENTITIES)
            return lambda r: flagging.relabel(r, here, wrong, kind)
        case "release":
            released, now = _integer(action, "finding"), detection_rules(workspace)
            return lambda r: flagging.release(r, here, released, now)
        case "decide_finding":
            finding, all_equal = _integer(action, "finding"), _flag(action, "all_equal")
            decision = Decision(_choice(action, "decision", list(Decision)))
            return lambda r: actions.decide_finding(r, here, finding, decision, all_equal=all_equal)
        case _:
            raise ActionRefusedError(_MALFORMED)


def _act_on_structure(
    workspace: Workspace, action: Mapping[str, object], here: int
) -> Callable[[journal.Recorder], object]:
    match action.get("type"):
        case "set_background" | "set_note":
            written = cleaning.clean_text(_text(action, "text", empty=True))
            noted = action.get("type") == "set_note"
            write = actions.set_note if noted else actions.set_background
            return lambda r: write(r, here, written)
        case "set_message_background":
            below = _integer(action, "message")
            context = cleaning.clean_text(_text(action, "text", empty=True))
            return lambda r: actions.set_message_background(r, here, below, context)
        case "split":
            first, rules = _integer(action, "message"), detection_rules(workspace)
            return lambda r: arranging.split(r, here, first, rules)
        case "split_off":
            chosen, rules = _integers(action, "messages"), detection_rules(workspace)
            return lambda r: arranging.split_off(r, here, chosen, rules)
        case "merge_next" | "merge_previous":
            before, rules = action.get("type") == "merge_previous", detection_rules(workspace)
            return lambda r: arranging.merge(r, here, rules, before=before)
        case _:
            return _act_on_several(workspace, action, here)


def _act_on_several(
    workspace: Workspace, action: Mapping[str, object], here: int
) -> Callable[[journal.Recorder], object]:
    match action.get("type"):
        case "delete_messages":
            targets, deleted = _integers(action, "messages"), _flag(action, "deleted")
            return lambda r: several.delete_messages(r, here, targets, deleted=deleted)
        case "tag_messages":
            tagged, on = _integers(action, "messages"), _flag(action, "on")
            emotion = _text(action, "emotion")
            return lambda r: several.tag_messages(r, here, tagged, emotion, on=on)
        case "replace":
            rules = detection_rules(workspace)
            new_texts = _new_texts(action, rules)
            return lambda r: flagging.edit(r, here, new_texts, rules)
        case "swap_sides":
            moved, rules = _integers(action, "messages"), detection_rules(workspace)
            return lambda r: arranging.swap_sides(r, here, moved, rules)
        case _:
            return _act_on_findings(workspace, action, here)


def _undo(connection: Connection, *, rules: DetectionRules) -> _Done:
    done = undoing.undo(connection)
    if done is None:
        raise ActionRefusedError(N_("There is nothing to undo."))
    follow_terms(connection, rules)
    return _Done(at=done[1])


def _redo(connection: Connection, *, rules: DetectionRules) -> _Done:
    done = undoing.redo(connection)
    if done is None:
        raise ActionRefusedError(N_("There is nothing to redo."))
    follow_terms(connection, rules)
    return _Done(at=done[1])


def _new_text(action: Mapping[str, object], rules: DetectionRules) -> tuple[str, Sequence[Finding]]:
    text = cleaning.clean_text(_text(action, "text", empty=True))
    if not text:
        raise ActionRefusedError(_EMPTY_TEXT)
    return text, detect_texts([text], rules)[0]


def _new_texts(
    action: Mapping[str, object], rules: DetectionRules
) -> dict[int, tuple[str, Sequence[Finding]]]:
    """Return texts by message id, all searched at once."""
    pairs = action.get("texts")
    if not isinstance(pairs, list) or not pairs:
        raise ActionRefusedError(_MALFORMED)
    texts: dict[int, str] = {}
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != len(("message", "text")):
            raise ActionRefusedError(_MALFORMED)
        each = dict(zip(("message", "text"), pair, strict=True))
        text = cleaning.clean_text(_text(each, "text", empty=True))
        if not text:
            raise ActionRefusedError(_EMPTY_TEXT)
        texts[_integer(each, "message")] = text
    found = detect_texts(list(texts.values()), rules)
    return {number: (text, hits) for (number, text), hits in zip(texts.items(), found, strict=True)}


def _number(action: Mapping[str, object]) -> int:
    return _integer(action, "n")


def _integer(action: Mapping[str, object], key: str) -> int:
    value = action.get(key)
    # A number that went through JavaScript and JSON may come back as 3.0.
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ActionRefusedError(_MALFORMED)
    return int(value)


def _integers(action: Mapping[str, object], key: str) -> list[int]:
    values = action.get(key)
    if not isinstance(values, list) or not values:
        raise ActionRefusedError(_MALFORMED)
    return [_integer({key: value}, key) for value in values]


def _optional_integer(action: Mapping[str, object], key: str) -> int | None:
    return None if action.get(key) is None else _integer(action, key)


def _flag(action: Mapping[str, object], key: str) -> bool:
    value = action.get(key)
    if not isinstance(value, bool):
        raise ActionRefusedError(_MALFORMED)
    return value


def _text(action: Mapping[str, object], key: str, *, empty: bool = False) -> str:
    value = action.get(key)
    if not isinstance(value, str) or not (value.strip() or empty):
        raise ActionRefusedError(_MALFORMED)
    return value


def _choice(action: Mapping[str, object], key: str, choices: Sequence[str]) -> str:
    value = action.get(key)
    if not isinstance(value, str) or value not in choices:
        raise ActionRefusedError(_MALFORMED)
    return value
