"""Reviewing: the window of the queue that a screen holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from curation import exporters
from curation.errors import WorkspaceError
from curation.model import Decision
from curation.store import answering, conversations, drafts, leases, queue, undoing
from curation.workflow.own_name import PERSON, is_own_name, own_names_of
from curation.workflow.roles import for_reviewers
from curation.workflow.settings import load_settings
from curation.workflow.veil import veil_of, veiled_suggestions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.model import Conversation, ConversationFilter, EntryRules, QueueOrder, Status
    from curation.store import Workspace
    from curation.store.answering import Suggestion
    from curation.store.drafts import Draft
    from curation.store.leases import Holder
    from curation.workflow.veil import Veil


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A conversation with what the export would do to its messages, as sets of message ids.

    `entering` enter the record; `leading` and `trailing` would, but are left out of it because a
    record starts with the other side and ends with me, `bystanders` because nobody answered what
    they said in a group. `drafts` are texts that somebody is typing, `suggestions` what machines
    point out and nobody answered, `staying` the findings that stay for being the persona's name.
    """

    conversation: Conversation
    entering: frozenset[int]
    leading: frozenset[int]
    trailing: frozenset[int]
    bystanders: frozenset[int] = frozenset()
    drafts: tuple[Draft, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    staying: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the queue that a screen holds.

    `records` are in the order of the queue, `at` is the one to show. `position` counts from 1
    within all conversations of the filter whatever their status (`matching`); `counts` are by
    status within the same. `places` says where each record stands in the queue's order, that of
    `at` as it was asked for. `undo` and `redo` name the actions they would concern. `holders` are
    others who have records of it at hand, `elsewhere` is how many of the queue others have where
    nothing else follows, and `leasing` says that it is told to others what is at hand here.
    """

    records: tuple[ReviewRecord, ...]
    at: int | None
    position: int
    matching: int
    counts: Mapping[Status, int]
    undo: str | None
    redo: str | None
    places: Mapping[int, queue.Place] = field(default_factory=dict)
    holders: Mapping[int, Holder] = field(default_factory=dict)
    elsewhere: int = 0
    leasing: bool = False


@for_reviewers
def review_window(
    workspace: Workspace,
    flt: ConversationFilter,
    *,
    at: int | None = None,
    place: Sequence[float] = (),
    order: QueueOrder = queue.BY_CHAT,
    ahead: int = 6,
    behind: int = 2,
    screen: str = "",
) -> Window:
    """Return the conversation `at` with its neighbours in the queue of `flt`.

    Without `at`, or when it is gone, the first of the queue is shown. After the end the queue
    starts again, so that what was passed over comes back. `place` is where `at` stood in the order
    when it came up: its neighbours are those of that place, also when what was done to it since
    would put it elsewhere. What others have at hand is not in the queue; what is shown and what
    follows is leased to whoever acts in the workspace, if `screen` names their tab and there is
    anybody to be told apart from.
    """
    rules = load_settings(workspace).rules
    veil = veil_of(workspace)
    everything = replace(flt, statuses=())
    asked = _Asked(flt, at, tuple(place), order)
    leased = _leased(workspace, asked, screen, ahead)
    with workspace.read() as connection:
        held = leases.of_others(connection)
        around = asked.around(connection, held, leased, ahead, behind)
        seen = _seen(connection, around.ids, veil)
        places = queue.places_of(connection, around.ids, order)
        position = 0
        if around.shown is not None and around.here is not None:
            places[around.shown] = around.here
            position = queue.count_up_to(connection, everything, around.here, order)
        undo = undoing.undo_candidate(connection)
        redo = undoing.redo_candidate(connection)
        counts = conversations.counts(connection, everything)
        elsewhere = 0 if around.goes_on else len(queue.within(connection, flt, held))
    own = _own_names(workspace, seen.records)
    return Window(
        records=tuple(
            replace(
                review_record(each, rules, own),
                drafts=tuple(seen.typed.get(each.id, ())),
                suggestions=seen.suggested.get(each.id, ()),
            )
            for each in seen.records
        ),
        at=around.shown,
        position=position,
        matching=sum(counts.values()),
        counts=counts,
        undo=None if undo is None else undo[1],
        redo=None if redo is None else redo[1],
        places=places,
        holders={number: held[number] for number in around.ids if number in held},
        elsewhere=elsewhere,
        leasing=leased is not None,
    )


class _Seen(NamedTuple):
    """Conversations as who asks may see them, with what is typed and suggested, by their ids."""

    records: Sequence[Conversation]
    typed: Mapping[int, Sequence[Draft]]
    suggested: Mapping[int, tuple[Suggestion, ...]]


def _seen(connection: Connection, ids: Sequence[int], veil: Veil | None) -> _Seen:
    records = conversations.read_conversations(connection, ids)
    suggested = answering.open_of(connection, ids)
    if veil is None:
        return _Seen(records, drafts.of_conversations(connection, ids), suggested)
    records = veil.conversations(connection, records)
    said = {each.id: [told.text for told in each.messages] for each in records}
    veiled = {
        number: veiled_suggestions(some, said.get(number, ())) for number, some in suggested.items()
    }
    return _Seen(records, {}, veiled)


class _Around(NamedTuple):
    """What is shown and its place, the ids of the window in order, and whether any follow."""

    shown: int | None
    here: queue.Place | None
    ids: list[int]
    goes_on: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where in which queue a screen is."""

    flt: ConversationFilter
    at: int | None
    place: queue.Place
    order: QueueOrder

    def where(self, connection: Connection) -> tuple[int | None, queue.Place | None]:
        """Return the conversation to show and its place; None where it is not known or gone."""
        here = None if self.at is None else queue.place_of(connection, self.at, self.order)
        if here is None:
            return None, None
        return self.at, self.place if queue.is_place(self.place, self.order) else here

    def around(
        self,
        connection: Connection,
        held: Collection[int],
        leased: Sequence[int] | None,
        ahead: int,
        behind: int,
    ) -> _Around:
        """Return the window; what follows is what was leased, where anything was."""
        shown, here = self.where(connection)
        if leased is None:
            following = self.following(connection, held, ahead + 1)
        else:
            following = [number for number in leased if number != shown]
        if shown is None and following:
            shown = following.pop(0)
            here = queue.place_of(connection, shown, self.order)
        before = []
        if here is not None:
            everything = replace(self.flt, statuses=())
            before = queue.ids_before(connection, everything, here, behind + 1, self.order)
        before = [number for number in before if number != shown]
        before = before[max(len(before) - behind, 0) :]
        ids = list(dict.fromkeys([*before, *([] if shown is None else [shown]), *following]))
        return _Around(shown, here, ids, bool(following))

    def following(self, connection: Connection, held: Collection[int], count: int) -> list[int]:
        """Return what comes after it without what others hold; at the end, what is at the begin."""
        shown, here = self.where(connection)
        found = queue.ids_after(connection, self.flt, here, count, self.order, without=held)
        if len(found) < count:
            missing = count - len(found)
            again = queue.ids_after(
                connection, self.flt, None, missing, self.order, without={*held, *found}
            )
            found += [number for number in again if number != shown]
        return found

    def first(self, connection: Connection, held: Collection[int], count: int) -> list[int]:
        """Return what is shown, unless another holds it, and what follows."""
        shown, _here = self.where(connection)
        first = [] if shown is None or shown in held else [shown]
        return [*first, *self.following(connection, held, count - len(first))]

    def still(self, connection: Connection, ids: Collection[int]) -> set[int]:
        """Return which of these are still in the queue, or the one that is shown."""
        return {
            *queue.within(connection, self.flt, ids),
            *(each for each in ids if each == self.at),
        }


def _leased(workspace: Workspace, asked: _Asked, screen: str, ahead: int) -> list[int] | None:
    """Lease what is shown and what follows; None where there is nobody to be told apart from."""
    if not screen:
        return None
    if not workspace.reviewer:
        with workspace.read() as connection:
            if not leases.of_others(connection):
                return None

    try:
        return leases.lease_some(workspace, screen, asked, ahead + 1)
    except WorkspaceError:
        # Somebody writes very much just now: what is shown can at least be read.
        return None


@for_reviewers
def give_back_leases(workspace: Workspace, screen: str) -> None:
    """Let others have what a tab had at hand; WorkspaceError where it has to wait too long."""
    leases.give_back(workspace, screen)


@for_reviewers
def extend_leases(workspace: Workspace, screen: str) -> None:
    """Keep what a tab has at hand for whoever works there; errors as `give_back_leases`."""
    with workspace.beside() as connection:
        leases.extend(connection, screen)


def _own_names(workspace: Workspace, records: Iterable[Conversation]) -> frozenset[str]:
    """Return what stays as the persona's name; nothing where no name waits for a decision."""
    waiting = any(
        each.decision is Decision.PENDING and each.entity == PERSON
        for record in records
        for message in record.messages
        for each in message.findings
    )
    return own_names_of(workspace) if waiting else frozenset()


def review_record(
    conversation: Conversation, rules: EntryRules, own: frozenset[str] = frozenset()
) -> ReviewRecord:
    """Return a conversation with what the export would leave out of it, and what would stay."""
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
        staying=frozenset(
            each.id
            for message in conversation.messages
            for each in message.findings
            if is_own_name(each, message.text[each.start : each.end], own)
        ),
    )
