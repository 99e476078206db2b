"""Finding PII in the workspace."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from curation import pii, store
from curation.model import DetectionRules, Kind
from curation.store import ValuedFinding, journal, terms
from curation.store.findings import decide_equal
from curation.workflow.names import known_names
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.model import Decision, Finding
    from curation.store import FindingGroup, Unscanned, UnscannedMessage, Workspace

BATCH: Final = 200  # conversations
SPOKEN_KINDS: Final = frozenset({Kind.TEXT, Kind.QUOTE, Kind.VOICE})
"""Kinds of messages that are read together with those around them."""
SCAN_STAGE: Final = "scan"


@dataclass(frozen=True, slots=True)
class FindingGroups:
    """One page of findings grouped by value, and how many groups there are in all."""

    groups: tuple[FindingGroup, ...]
    total: int


def detection_rules(workspace: Workspace) -> DetectionRules:
    """Return what this workspace adds to the search: its people's names, own terms, settings."""
    settings = load_settings(workspace)
    with workspace.read() as connection:
        masked = terms.patterns(connection, terms.MASK)
        ignored = terms.patterns(connection, terms.IGNORE)
    return DetectionRules(
        names=known_names(workspace),
        terms=masked,
        exceptions=ignored,
        thresholds=settings.thresholds,
        pipeline=settings.pipeline,
    )


def detector(rules: DetectionRules | None = None) -> pii.Detector:
    """Return the detector for these rules; it is kept for the next call with equal ones."""
    held = rules or DetectionRules()
    return _detector(
        held.names,
        held.terms,
        held.exceptions,
        tuple(sorted(held.thresholds.items())),
        held.pipeline,
    )


@lru_cache(maxsize=2)
def _detector(
    names: tuple[str, ...],
    masked: tuple[str, ...],
    ignored: tuple[str, ...],
    thresholds: tuple[tuple[str, float], ...],
    pipeline: str,
) -> pii.Detector:
    return pii.Detector(DetectionRules(names, masked, ignored, dict(thresholds), pipeline))


def detect_texts(texts: Sequence[str], rules: DetectionRules | None = None) -> list[list[Finding]]:
    """Return the findings of each text, in order; without `rules` those of no workspace."""
    return detector(rules).detect_many(texts)


def valued(text: str, found: Sequence[Finding]) -> list[ValuedFinding]:
    """Return findings of a text with their canonical values."""
    return [
        ValuedFinding(each, pii.canonical_value(each.entity, text[each.start : each.end]))
        for each in found
    ]


def unscanned_count(workspace: Workspace) -> int:
    """Return how many messages were not searched yet, or were by other rules than today's."""
    return store.unscanned_count(workspace, _fingerprint(detection_rules(workspace)))


def scan_findings(
    workspace: Workspace, progress: Progress = ignore, *, processes: int | None = None
) -> int:
    """Search every message that was not searched yet by today's rules; return how many were.

    Committed batch by batch: stopped in between, it goes on where it was. `processes` says how
    many search at once; by itself it is one, and more where much is left to do.
    """
    rules = detection_rules(workspace)
    store.expect_search(workspace, _fingerprint(rules))
    total = store.unscanned_count(workspace)
    done = 0
    progress(SCAN_STAGE, 0, total)
    before = -1
    while done != before:
        # What changed while it was searched waits again, for another round.
        before = done
        batches = _batches(workspace)
        searched = pii.search_batches(detector(rules), batches, total - done, processes)
        with closing(searched):
            for batch, found in searched:
                store.save_findings(workspace, batch.conversations, _by_message(batch.runs, found))
                done += sum(len(each.messages) for each in batch.conversations)
                progress(SCAN_STAGE, min(done, total), total)
    return done


def _fingerprint(rules: DetectionRules) -> str:
    """Return what tells these rules, and this program's way to search, from others."""
    told = json.dumps([pii.VERSION, asdict(rules)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


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
    behind the message that announces it.
    """
    words = [each for each in messages if each.kind in SPOKEN_KINDS and not each.deleted]
    for _side, run in groupby(words, key=attrgetter("side")):
        yield list(run)
    for each in messages:
        if each.kind not in SPOKEN_KINDS or each.deleted:
            yield [each]


def _by_message(
    runs: Sequence[Sequence[UnscannedMessage]], found: Sequence[Sequence[Sequence[Finding]]]
) -> dict[int, list[ValuedFinding]]:
    """Return the findings by message id, only where there are any."""
    return {
        each.id: valued(each.text, findings)
        for run, in_run in zip(runs, found, strict=True)
        for each, findings in zip(run, in_run, strict=True)
        if findings
    }


def finding_groups(
    workspace: Workspace,
    *,
    entity: str = "",
    decision: Decision | None = None,
    page: int = 1,
    page_size: int = 50,
) -> FindingGroups:
    """Return one page of findings grouped by value, most frequent first."""
    groups, total = store.finding_groups(
        workspace, entity=entity, decision=decision, page=page, page_size=page_size
    )
    return FindingGroups(tuple(groups), total)


def finding_counts(workspace: Workspace) -> dict[tuple[str, Decision], int]:
    """Return how many findings each entity has with each decision."""
    return store.finding_counts(workspace)


def decide_value(workspace: Workspace, entity: str, value: str, decision: Decision) -> int:
    """Decide all findings of one canonical value, now and later; return how many changed."""
    return decide_values(workspace, [(entity, value)], decision)


def decide_values(
    workspace: Workspace, values: Sequence[tuple[str, str]], decision: Decision
) -> int:
    """As `decide_value` for several (entity, canonical value); one undo takes all back."""
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        count = sum(decide_equal(recorder, entity, value, decision) for entity, value in values)
        if recorder.changes:
            journal.finish(recorder, "decide_finding", raise_versions=False)
    return count
