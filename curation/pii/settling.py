"""Findings of one text, settled: none overlaps another, and nothing is uncovered by that."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from curation.model import Finding
from curation.pii.entities import TAGGED, WHY_TAGGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

START: Final = attrgetter("start")
"""The order in which findings are told."""


def without_overlaps(
    text: str, findings: Iterable[Finding], precedence: Mapping[str, int]
) -> list[Finding]:
    """Return findings of which none overlaps another, sorted by start.

    An e-mail address wins over everything; then the longer span, then the recognizer registered
    earlier. What sticks out of a winner is kept as a shorter finding of its own, so that settling
    an overlap never uncovers anything.
    """
    settled: list[Finding] = []
    for cluster in clusters(sorted(findings, key=START)):
        if len(cluster) > 1:
            settled += _winners(text, _as_read_together(cluster), precedence)
        elif says_anything(text, cluster[0].start, cluster[0].end):
            settled += cluster
    return settled


def _as_read_together(cluster: Sequence[Finding]) -> Sequence[Finding]:
    """Return the cluster with what the tagger saw of a value, and rules of it, as one finding.

    A rule tells where an address begins and the tagger how far it goes, or the other way round;
    two findings would be two values. What is joined keeps the reason of its longest part.
    """
    if not any(finding.why == WHY_TAGGER for finding in cluster):
        return cluster
    joined: dict[str, Finding] = {}
    rest: list[Finding] = []
    for finding in cluster:
        held = joined.get(finding.entity)
        if finding.entity not in TAGGED:
            rest.append(finding)
        elif held is None or finding.start >= held.end:
            if held is not None:
                rest.append(held)
            joined[finding.entity] = finding
        else:
            longest = max(finding, held, key=_length_of_rules_first)
            end = max(finding.end, held.end)
            score = max(finding.score, held.score)
            joined[finding.entity] = replace(longest, start=held.start, end=end, score=score)
    return [*rest, *joined.values()]


def _length_of_rules_first(finding: Finding) -> tuple[int, bool]:
    return finding.end - finding.start, finding.why != WHY_TAGGER


def _winners(text: str, cluster: Sequence[Finding], precedence: Mapping[str, int]) -> list[Finding]:
    """Return what is left of findings that overlap, sorted by start."""
    taken: list[Finding] = []
    low = cluster[0].start
    free = bytearray(b"\1") * (max(finding.end for finding in cluster) - low)
    mails = {(each.start, each.end) for each in cluster if each.entity == "EMAIL_ADDRESS"}
    for finding in sorted(
        cluster,
        key=lambda finding: (
            (finding.start, finding.end) not in mails,
            finding.start - finding.end,
            precedence.get(finding.recognizer, len(precedence)),
            -finding.score,
        ),
    ):
        reach = finding.end - low
        end = finding.start - low
        while (start := free.find(1, end, reach)) >= 0:
            end = free.find(0, start, reach)
            end = reach if end < 0 else end
            if says_anything(text, start + low, end + low):
                free[start:end] = bytes(end - start)
                taken.append(moved(finding, start + low, end + low))
    return sorted(taken, key=START)


def clusters(findings: Iterable[Finding], least: int = 1) -> Iterator[list[Finding]]:
    """Yield findings, sorted by start, in groups between which none overlaps another.

    The groups are as small as that allows with so many in each but the last.
    """
    cluster: list[Finding] = []
    reach = 0
    for finding in findings:
        if len(cluster) >= least and finding.start >= reach:
            yield cluster
            cluster = []
        cluster.append(finding)
        reach = max(reach, finding.end)
    if cluster:
        yield cluster


def says_anything(text: str, start: int, end: int) -> bool:
    """Whether a half-open range of a text holds a letter or a digit."""
    return any(map(str.isalnum, text[start:end]))


def moved(finding: Finding, start: int, end: int, why: str = "") -> Finding:
    """Return `finding` at another place, which `dataclasses.replace` does more slowly."""
    return Finding(
        finding.entity, start, end, finding.score, finding.recognizer, why or finding.why
    )
