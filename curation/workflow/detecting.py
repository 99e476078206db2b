"""Finding PII in the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

from curation import pii, store
from curation.model import Kind
from curation.store import ValuedFinding, journal
from curation.store.findings import decide_equal
from curation.workflow.progress import Progress, ignore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.model import Decision, Finding
    from curation.store import FindingGroup, UnscannedMessage, Workspace

BATCH: Final = 200  # conversations
_WORDS: Final = frozenset({Kind.TEXT, Kind.QUOTE, Kind.VOICE})
SCAN_STAGE: Final = "scan"


@dataclass(frozen=True, slots=True)
class FindingGroups:
    """One page of findings grouped by value, and how many groups there are in all."""

    groups: tuple[FindingGroup, ...]
    total: int


@cache
def detector() -> pii.Detector:
    """Return the one detector of this process; it holds no text."""
    return pii.Detector()


def detect_texts(texts: Sequence[str]) -> list[list[Finding]]:
    """Return the findings of each text, in order."""
    return detector().detect_many(texts)


def valued(text: str, found: Sequence[Finding]) -> list[ValuedFinding]:
    """Return findings of a text with their canonical values."""
    return [
        ValuedFinding(each, pii.canonical_value(each.entity, text[each.start : each.end]))
        for each in found
    ]


def unscanned_count(workspace: Workspace) -> int:
    """Return how many messages were not searched yet."""
    return store.unscanned_count(workspace)


def scan_findings(workspace: Workspace, progress: Progress = ignore) -> int:
    """Search every message that was not searched yet; return how many were.

    Committed batch by batch: stopped in between, it goes on where it was.
    """
    total = store.unscanned_count(workspace)
    done = 0
    progress(SCAN_STAGE, 0, total)
    while waiting := store.unscanned(workspace, BATCH):
        found = {
            number: hits for each in waiting for number, hits in _search(each.messages) if hits
        }
        store.save_findings(workspace, waiting, found)
        done += sum(len(each.messages) for each in waiting)
        progress(SCAN_STAGE, min(done, total), total)
    return done


def _search(
    messages: Sequence[UnscannedMessage],
) -> Iterator[tuple[int, list[ValuedFinding]]]:
    """Yield message id and findings for each message of a conversation.

    Messages that the export joins into one turn are read together: a password often comes by
    itself, right behind the message that announces it.
    """
    words = [each for each in messages if each.kind in _WORDS and not each.deleted]
    rest = [each for each in messages if each.kind not in _WORDS or each.deleted]
    runs = [list(run) for _side, run in groupby(words, key=lambda each: each.side)]
    for run in (*runs, *([each] for each in rest)):
        texts = [each.text for each in run]
        for each, found in zip(run, detector().detect_run(texts), strict=True):
            yield each.id, valued(each.text, found)


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
