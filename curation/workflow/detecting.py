"""Finding PII in the workspace."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter
from threading import Lock
from typing import TYPE_CHECKING, Final

from curation import labels, pii, store
from curation.model import Decision, DetectionRules, Kind, Side
from curation.pii.entities import WHY_OWN_TERM
from curation.pii.partitions import search_work
from curation.spans import Spans
from curation.store import ValuedFinding, terms
from curation.workflow.engines import given_or_own
from curation.workflow.names import known_names
from curation.workflow.progress import Progress, ignore
from curation.workflow.roles import for_reviewers
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from curation.bulk import Engine
    from curation.model import Finding
    from curation.store import Unscanned, UnscannedMessage, Workspace

BATCH: Final = 200  # conversations
SECONDS: Final = 0.00006
"""Of one process for a message, about: whether others join in goes by it."""
ANSWERS: Final = 2
"""How many messages after a question may be its answer."""
SPOKEN_KINDS: Final = frozenset({Kind.TEXT, Kind.QUOTE, Kind.VOICE})
"""Kinds of messages that are read together with those around them."""
SCAN_STAGE: Final = "scan"


def detection_rules(workspace: Workspace) -> DetectionRules:
    """Return what this workspace adds to the search: its people's names, own terms, settings."""
    settings = load_settings(workspace)
    with workspace.read() as connection:
        masked = terms.entities(connection)
        ignored = terms.entities(connection, terms.IGNORE)
    return DetectionRules(
        names=known_names(workspace),
        terms=tuple(masked),
        exceptions=tuple(ignored),
        thresholds=settings.thresholds,
        pipeline=settings.pipeline,
        tagger=settings.tagger,
        term_entities=special_terms(masked),
        exception_entities=special_terms(ignored),
    )


def special_terms(entities: Mapping[str, str]) -> dict[str, str]:
    """Return the terms that are found, or never flagged, as something else than CUSTOM_TERM."""
    return {term: entity for term, entity in entities.items() if entity != terms.CUSTOM}


def detector(rules: DetectionRules | None = None) -> pii.Detector:
    """Return the detector for these rules; it is kept for the next call with equal ones."""
    with _MAKING:
        return pii.kept_detector((rules or DetectionRules()).to_json())


# Two who ask at once wait for one detector, instead of each making one.
_MAKING: Final = Lock()


def detect_texts(texts: Sequence[str], rules: DetectionRules | None = None) -> list[list[Finding]]:
    """Return the findings of each text, in order; without `rules` those of no workspace."""
    return detector(rules).detect_many(texts)


@for_reviewers
def prepare_search(workspace: Workspace) -> None:
    """Load what a search needs, which takes seconds, so that the next one does not wait for it.

    What is searched after an edit is also looked at for what to suggest.
    """
    labels.prepare()
    detect_texts(["13800138000"], detection_rules(workspace))


def common_rules(rules: DetectionRules) -> DetectionRules:
    """Return rules without what only an owner knows: own terms, their exceptions, names."""
    return replace(
        rules, names=(), terms=(), exceptions=(), term_entities={}, exception_entities={}
    )


def valued(text: str, found: Sequence[Finding]) -> list[ValuedFinding]:
    """Return findings of a text with their canonical values; own terms are decided `mask`."""
    return [
        ValuedFinding(
            replace(each, decision=Decision.MASK)
            if each.why == WHY_OWN_TERM and each.decision is Decision.PENDING
            else each,
            pii.canonical_value(each.entity, text[each.start : each.end]),
        )
        for each in found
    ]


def lasting(decided: Iterable[Finding]) -> list[Finding]:
    """Return what of decided findings stays where a search does not find it.

    Not what only an own term made of its words: that goes with the term.
    """
    return [each for each in decided if each.why != WHY_OWN_TERM]


@for_reviewers
def unscanned_count(workspace: Workspace) -> int:
    """Return how many messages were not searched yet, or were by other rules than today's."""
    return store.unscanned_count(workspace, fingerprint(detection_rules(workspace)))


def expect_rules(workspace: Workspace) -> DetectionRules:
    """Let what was searched by other rules than today's wait for a search; return today's.

    Where only names were added, that is what holds one of them.
    """
    rules = detection_rules(workspace)
    rest = fingerprint(replace(rules, names=()))
    expected = store.SearchRules(fingerprint(rules), rest, rules.names)
    store.expect_search(workspace, expected, pii.mentions)
    return rules


def scan_findings(
    workspace: Workspace,
    progress: Progress = ignore,
    *,
    processes: int | None = None,
    engine: Engine | None = None,
) -> int:
    """Search every message that was not searched yet by today's rules; return how many were.

    Committed batch by batch: stopped in between, it goes on where it was. `engine` does the work
    where there is much of it, else this process, with `processes` that search at once; by itself
    it is one, and more where much is left to do. What a person decided to mask, or to keep at its
    place, stays where today's rules would not find it any more. Raises EngineError.
    """
    rules = expect_rules(workspace)
    total = store.unscanned_count(workspace)
    done = 0

    def told() -> None:
        progress(SCAN_STAGE, min(done, total), total)

    told()
    before = -1
    with given_or_own(workspace, engine) as given:
        while done != before:
            # What changed while it was searched waits again, for another round, as all does after
            # the rules changed.
            if done:
                rules = expect_rules(workspace)
            before, by = done, fingerprint(rules)
            if processes is None and given.helps((total - done) * SECONDS):
                searched = _mapped(workspace, rules, given, told)
            else:
                batches = _batches(workspace)
                searched = pii.search_batches(detector(rules), batches, total - done, processes)
            with closing(searched):
                for batch, found in searched:
                    told_apart = _told_apart(batch.runs, found, rules)
                    gathered = _gathered(batch.runs, told_apart)
                    _read_around(batch.conversations, gathered, rules)
                    by_message = _by_message(batch.conversations, gathered, keep_decided=True)
                    store.save_findings(workspace, batch.conversations, by_message, by)
                    done += sum(len(each.messages) for each in batch.conversations)
                    told()
    return done


def _mapped(
    workspace: Workspace, rules: DetectionRules, engine: Engine, sign: Callable[[], None]
) -> Generator[tuple[_Batch, list[list[list[Finding]]]]]:
    """Yield what waits for a search, in batches, with what an engine found in it."""
    parts = (((batch, runs), runs) for batch, runs in _batches(workspace))
    with closing(engine.map(search_work(rules), parts, sign)) as answers:
        for (batch, runs), packed in answers:
            yield batch, pii.unpacked(runs, packed)


def scan_one(workspace: Workspace, conversation_id: int) -> None:
    """Search one conversation, where it waits for it, as `scan_findings` would."""
    rules = expect_rules(workspace)
    first = store.unscanned(workspace, 1, after=conversation_id - 1)
    waiting = [each for each in first if each.conversation_id == conversation_id]
    if waiting:
        by_message = _by_message(waiting, _searched(waiting, rules), keep_decided=True)
        store.save_findings(workspace, waiting, by_message, fingerprint(rules))


def search(waiting: Sequence[Unscanned], rules: DetectionRules) -> dict[int, list[ValuedFinding]]:
    """Return what is found in conversations by message id, only where there is anything.

    What a person flagged in them is found again.
    """
    return _by_message(waiting, _searched(waiting, rules))


def _searched(
    waiting: Sequence[Unscanned], rules: DetectionRules
) -> defaultdict[int, Spans[Finding]]:
    """Return what is found in conversations by message id."""
    runs = [run for each in waiting for run in _runs(each.messages)]
    searcher = detector(rules)
    found = [searcher.detect_run([each.text for each in run]) for run in runs]
    gathered = _gathered(runs, _told_apart(runs, found, rules))
    _read_around(waiting, gathered, rules)
    return gathered


def _told_apart(
    runs: Sequence[Sequence[UnscannedMessage]],
    found: Sequence[Sequence[Sequence[Finding]]],
    rules: DetectionRules,
) -> Iterator[Sequence[Sequence[Finding]]]:
    """Yield what was found in each group by these rules, but in what is veiled by common ones."""
    for run, some in zip(runs, found, strict=True):
        if not any(each.veiled for each in run):
            yield some
            continue
        common = detector(common_rules(rules)).detect_run([each.text for each in run])
        yield [
            alone if each.veiled else held
            for each, held, alone in zip(run, some, common, strict=True)
        ]


def fingerprint(rules: DetectionRules) -> str:
    """Return what tells these rules, and this program's way to search, from others."""
    return hashlib.sha256(f"{pii.VERSION}{rules.to_json()}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Batch:
    conversations: list[Unscanned]
    runs: list[list[UnscannedMessage]]


def _batches(workspace: Workspace) -> Iterator[tuple[_Batch, list[list[str]]]]:
    """Yield what waits for a search, in batches, with the texts of their runs."""
    after = 0
    while waiting := store.unscanned(workspace, BATCH, after):
        after = waiting[-1].conversation_id
        runs = [run for each in waiting for run in _runs(each.messages)]
        yield _Batch(waiting, runs), [[each.text for each in run] for run in runs]


def _runs(messages: Sequence[UnscannedMessage]) -> Iterator[list[UnscannedMessage]]:
    """Yield the messages of a conversation in groups that are read together.

    These are messages that the export joins into one turn: a password often comes by itself, right
    behind the message that announces it. And a question of one side with the answer of the other.
    """
    spoken = [each for each in messages if each.kind in SPOKEN_KINDS]
    standing = [each for each in spoken if not each.deleted]
    yield from _read_together(standing)
    if len(standing) < len(spoken):
        # What was deleted may come back, and a deleted question still tells what its answer is.
        yield from _read_together(spoken)
    for each in messages:
        if each.kind not in SPOKEN_KINDS:
            yield [each]


def _read_together(said: Sequence[UnscannedMessage]) -> Iterator[list[UnscannedMessage]]:
    runs = [list(run) for _side, run in groupby(said, attrgetter("side"))]
    yield from runs
    for run, following in pairwise(runs):
        if pii.asks_for_value(run[-1].text):
            yield [run[-1], *following[:ANSWERS]]


def _gathered(
    runs: Sequence[Sequence[UnscannedMessage]], found: Iterable[Sequence[Sequence[Finding]]]
) -> defaultdict[int, Spans[Finding]]:
    """Return what was found in groups by message id.

    A message that was read in two groups has the findings of both; where they overlap, those of
    the first.
    """
    gathered: defaultdict[int, Spans[Finding]] = defaultdict(Spans)
    for run, in_run in zip(runs, found, strict=True):
        for each, findings in zip(run, in_run, strict=True):
            held = gathered[each.id]
            for fresh in findings:
                if not held.touching(fresh.start, fresh.end):
                    held.add(fresh)
    return gathered


def _read_around(
    conversations: Sequence[Unscanned],
    gathered: defaultdict[int, Spans[Finding]],
    rules: DetectionRules,
) -> None:
    """Let what was found by message id be what is found with the messages around as well."""
    searchers = {False: detector(rules)}
    for conversation in conversations:
        spoken = [each for each in conversation.messages if each.kind in SPOKEN_KINDS]
        standing = [each for each in spoken if not each.deleted]
        talks = [standing] if len(standing) == len(spoken) else [standing, spoken]
        for talk in talks:
            said = [(each.side is Side.ME, each.text) for each in talk]
            found = [list(gathered[each.id]) for each in talk]
            for veiled in {each.veiled for each in talk}:
                if veiled not in searchers:
                    searchers[veiled] = detector(common_rules(rules))
                # Whoever may not see the values would learn by trying which one stands elsewhere.
                read = searchers[veiled].detect_around(said, found, repeats=not veiled)
                for each, before, findings in zip(talk, found, read, strict=True):
                    if each.veiled == veiled and findings != before:
                        gathered[each.id] = Spans(findings)


def _by_message(
    conversations: Sequence[Unscanned],
    gathered: Mapping[int, Spans[Finding]],
    *,
    keep_decided: bool = False,
) -> dict[int, list[ValuedFinding]]:
    """Return the findings by message id, only where there are any."""
    found: dict[int, list[ValuedFinding]] = {}
    for conversation in conversations:
        for each in conversation.messages:
            findings = list(gathered.get(each.id, ()))
            decided = each.masked or each.kept
            if findings or each.by_hand or (keep_decided and decided):
                merged = _merged(each, findings, keep_decided=keep_decided)
                found[each.id] = valued(each.text, merged)
    return found


def _merged(
    message: UnscannedMessage, found: Sequence[Finding], *, keep_decided: bool
) -> list[Finding]:
    """Return what the search found, what was flagged by hand, and what neither hides of the rest.

    The rest is what was decided before. What is found now stays whole: it may reach further.
    """
    merged = list(found)
    if message.by_hand:
        merged = pii.with_flagged(message.text, merged, message.by_hand)
    if keep_decided:
        if masked := lasting(message.masked):
            merged = pii.with_flagged(message.text, masked, merged)
        if kept := lasting(message.kept):
            taken = Spans(merged)
            merged += [each for each in kept if not taken.touching(each.start, each.end)]
    return merged
