"""Finding PII in the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from curation import pii, store
from curation.store import ValuedFinding, journal
from curation.store.findings import decide_equal
from curation.workflow.progress import Progress, ignore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import Decision, Finding
    from curation.store import FindingGroup, Workspace

BATCH: Final = 200  # conversations
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
        texts = [text for each in waiting for text in each.texts]
        found = detect_texts([text for _number, text in texts])
        store.save_findings(
            workspace,
            waiting,
            {
                number: valued(text, each)
                for (number, text), each in zip(texts, found, strict=True)
                if each
            },
        )
        done += len(texts)
        progress(SCAN_STAGE, min(done, total), total)
    return done


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
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        count = decide_equal(recorder, entity, value, decision)
        if recorder.changes:
            journal.finish(recorder, "decide_finding", raise_versions=False)
    return count
