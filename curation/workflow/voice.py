"""How the person writes, as imported and as it will be exported, and how long their records are.

Both need the texts of messages, which takes a while: they are measured on request and kept in the
workspace, with what they were measured of.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from curation import cleaning, conversations, exporters, store, style
from curation.model import UNSPOKEN_KINDS, ConversationFilter, Kind, Side, Status
from curation.store import pace, queue, texts
from curation.workflow.masking import Masker
from curation.workflow.masking_rules import Masking
from curation.workflow.names import known_names
from curation.workflow.outgoing import APPROVED
from curation.workflow.personas import load_persona
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import DEFAULT_LENGTH_LIMIT, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curation.model import Conversation, EntryRules
    from curation.store import Workspace
    from curation.style import Change, Fingerprint

SAMPLE: Final = 30_000
"""Messages of the person that are read on each side; what is more is picked from evenly."""

HEARD: Final = 10_000
"""Messages of others that are read, to know which words everybody writes."""

LONGEST: Final = 8
"""So many of the longest conversations over the limit are named."""

VOICE_STAGE: Final = "voice"
TOKEN_STAGE: Final = "tokens"  # noqa: S105  (no password)

_KEY: Final = "voice"
_AT_ONCE: Final = 200
_MEASURED_AT_ONCE: Final = 10_000
_STEPS: Final = (0, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4)
"""Where the steps of a record's length begin, as parts of the limit; one more lies over it."""

_MUCH: Final = 0.2
"""From this share of conversations on that wait for review, much still does."""

_WRITTEN: Final = frozenset({Kind.TEXT, Kind.QUOTE, Kind.STICKER})
"""Kinds of messages that show how somebody writes."""

_MARKS: Final = re.compile("[\U00100000-\U0010fffd]")
_NOT_REJECTED: Final = ConversationFilter(
    statuses=(Status.PENDING, Status.APPROVED, Status.SKIPPED)
)


@dataclass(frozen=True, slots=True)
class RecordLengths:
    """How long conversations are to a trainer, in tokens, estimated, without the system text.

    `steps` are the least tokens of each step, `counts` how many conversations fall into it; the
    last step lies over the `limit`. `longest` are ids and tokens of the longest ones over it.
    """

    limit: int
    steps: tuple[int, ...]
    counts: tuple[int, ...]
    longest: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """The person's style before and after curation.

    `before` is of the messages as imported, `after` as they will be exported. While much still
    waits for review `approved_only` is false, and `after` is what the export would hold if all that
    is not rejected were approved: else it would tell with whom the review began. `all_before` is
    how many messages there are that `before` was picked from. `since` is how many actions happened
    after it was measured.
    """

    before: Fingerprint
    after: Fingerprint
    approved_only: bool
    all_before: int
    lengths: RecordLengths
    measured_at: int
    since: int

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is compared, and whether a reader would notice the difference."""
        return style.compare(self.before, self.after)


def kept_voice(workspace: Workspace) -> Voice | None:
    """Return what was measured last, None before the first time."""
    kept = store.get_setting(workspace, _KEY)
    if kept is None:
        return None
    lengths = kept["lengths"]
    return Voice(
        before=style.Fingerprint.from_json(kept["before"]),
        after=style.Fingerprint.from_json(kept["after"]),
        approved_only=kept["approved_only"],
        all_before=kept["all_before"],
        lengths=RecordLengths(
            lengths["limit"],
            tuple(lengths["steps"]),
            tuple(lengths["counts"]),
            tuple((number, tokens) for number, tokens in lengths["longest"]),
        ),
        measured_at=kept["measured_at"],
        since=pace.count_since(workspace, kept["newest"]),
    )


def measure_voice(workspace: Workspace, progress: Progress = ignore) -> Voice:
    """Measure style and record lengths and keep them; nothing is kept when `progress` raises.

    What was not searched for private details yet is masked as far as it was: search first.
    """
    newest = pace.newest(workspace)
    lengths = _record_lengths(workspace, progress)
    reader = _Reader(workspace, progress)
    before = reader.before()
    approved_only = _mostly_reviewed(workspace)
    after = reader.after(APPROVED if approved_only else _NOT_REJECTED)
    kept: dict[str, Any] = {
        "before": before.to_json(),
        "after": after.to_json(),
        "approved_only": approved_only,
        "all_before": texts.count_mine(workspace, _WRITTEN),
        "lengths": {
            "limit": lengths.limit,
            "steps": lengths.steps,
            "counts": lengths.counts,
            "longest": lengths.longest,
        },
        "measured_at": int(time.time()),
        "newest": newest,
    }
    store.put_setting(workspace, _KEY, kept)
    voice = kept_voice(workspace)
    assert voice is not None  # it was kept a moment ago
    return voice


class _Reader:
    """Reads a person's messages, before and after curation, up to `SAMPLE` of them."""

    def __init__(self, workspace: Workspace, progress: Progress) -> None:
        self._workspace = workspace
        self._progress = progress
        self._rules = load_settings(workspace).rules
        self._masker = Masker(Masking.of(workspace))
        self._hidden = _hidden(workspace)
        progress(VOICE_STAGE, 0, SAMPLE)
        self._others = style.background(islice(self._heard(), HEARD))

    def before(self) -> Fingerprint:
        """Return the style of the messages as they were imported."""
        return self._read(
            burst for each in self._picked(ConversationFilter()) for burst in _imported(each)
        )

    def after(self, flt: ConversationFilter) -> Fingerprint:
        """Return the style of what would be exported of the conversations of a filter."""
        return self._read(
            burst
            for each in self._picked(flt)
            for burst in _exported(each, self._masker, self._rules)
        )

    def _read(self, bursts: Iterator[Sequence[str]]) -> Fingerprint:
        return style.fingerprint(
            _enough(bursts), hidden=self._hidden, others=self._others, tick=self._tick
        )

    def _heard(self) -> Iterator[str]:
        for conversation in self._picked(ConversationFilter()):
            for message in conversation.messages:
                if message.side is Side.OTHER and message.kind in _WRITTEN and not message.added:
                    yield message.original_text

    def _tick(self, done: int) -> None:
        self._progress(VOICE_STAGE, done, SAMPLE)

    def _picked(self, flt: ConversationFilter) -> Iterator[Conversation]:
        """Yield the conversations of a filter in an order of no meaning that is always the same."""
        with self._workspace.read() as connection:
            ids = sorted(queue.matching_ids(connection, flt))
        Random(0).shuffle(ids)  # noqa: S311  (no secret)
        for start in range(0, len(ids), _AT_ONCE):
            yield from store.load_conversations(self._workspace, ids[start : start + _AT_ONCE])


def _enough(bursts: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    left = SAMPLE
    for burst in bursts:
        yield burst
        left -= len(burst)
        if left <= 0:
            return


def _imported(conversation: Conversation) -> list[list[str]]:
    """Return what I said as it was imported, in runs that nobody interrupts."""
    bursts: list[list[str]] = []
    last = Side.OTHER
    for message in conversation.messages:
        if message.added or message.kind in UNSPOKEN_KINDS:
            continue
        if message.side is Side.ME and message.kind in _WRITTEN:
            if last is not Side.ME or not bursts:
                bursts.append([])
            bursts[-1].append(message.original_text)
        last = message.side
    return bursts


def _exported(conversation: Conversation, masker: Masker, rules: EntryRules) -> Iterator[list[str]]:
    """Yield what I say in a conversation's record by turns, with placeholders."""
    masked = masker.mask_messages(conversation.messages)
    plain = {number: cleaning.clean_text(_MARKS.sub("", text)) for number, text in masked.items()}
    remove = frozenset(each.id for each in conversation.messages if masker.fates.removes(each))
    draft = exporters.draft_record(conversation, plain, rules, remove)
    kinds = {each.id: each.kind for each in conversation.messages}
    for turn in draft.turns:
        if turn.side is Side.ME:
            yield [plain[number] for number in turn.message_ids if kinds[number] in _WRITTEN]


def _hidden(workspace: Workspace) -> set[str]:
    """Return names and private values, of which no word may be told."""
    persona = load_persona(workspace)
    return {
        *known_names(workspace),
        *(value for _entity, value in store.found_values(workspace)),
        *(name for name in (persona.name, *persona.relations.values()) if name),
    }


def _mostly_reviewed(workspace: Workspace) -> bool:
    counts = store.count_by_status(workspace)
    return counts[Status.APPROVED] > 0 and counts[Status.PENDING] <= _MUCH * sum(counts.values())


def _record_lengths(workspace: Workspace, progress: Progress) -> RecordLengths:
    settings = load_settings(workspace)
    limit = settings.length_limit if settings.length_unit == "tokens" else 0
    limit = limit or DEFAULT_LENGTH_LIMIT
    steps = (*(round(part * limit) for part in _STEPS), limit + 1)
    sums: Mapping[int, int] = measure_lengths(workspace, progress)
    sizes = np.fromiter(sums.values(), dtype="int64", count=len(sums))
    counts = np.histogram(sizes, bins=[*steps, np.iinfo("int64").max])[0]
    over = sorted(
        ((number, tokens) for number, tokens in sums.items() if tokens > limit),
        key=lambda each: (-each[1], each[0]),
    )
    return RecordLengths(limit, steps, tuple(int(count) for count in counts), tuple(over[:LONGEST]))


def measure_lengths(workspace: Workspace, progress: Progress = ignore) -> dict[int, int]:
    """Return the estimated tokens of every conversation that holds any text, by id.

    What was measured before and has not changed since is not read again.
    """
    total, done = texts.unmeasured_count(workspace), 0
    while True:
        progress(TOKEN_STAGE, done, total)
        versions, owners, said = texts.unmeasured(workspace, _MEASURED_AT_ONCE)
        if not versions or done >= total:  # who edits all the time does not keep it from ending
            return texts.token_counts(workspace)
        lengths = conversations.message_lengths(pd.Series(said, dtype="str"), "tokens")
        sums = pd.Series(lengths).groupby(np.asarray(owners, dtype="int64")).sum()
        texts.keep_tokens(workspace, versions, {int(key): int(sums[key]) for key in sums.index})
        done += len(versions)
