"""Findings and decisions in, masked text out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from curation.model import Decision, Finding
from curation.pii.entities import placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presidio_anonymizer import AnonymizerEngine


@lru_cache(maxsize=1)
def _anonymizer() -> AnonymizerEngine:
    from presidio_anonymizer import AnonymizerEngine  # noqa: PLC0415  (slow import)

    # Presidio's constructor has no annotations.
    return AnonymizerEngine()  # type: ignore[no-untyped-call]


def mask(text: str, findings: Iterable[Finding]) -> str:
    """Return `text` with every finding that is not decided `keep` replaced by its placeholder.

    `findings` are spans of this very text. Findings that overlap, which `Detector` never gives, are
    resolved by the anonymizer: the better score keeps its span and the other one is cut.
    """
    hidden = [finding for finding in findings if finding.decision is not Decision.KEEP]
    if not hidden:
        return text
    from presidio_anonymizer import (  # noqa: PLC0415  (slow import)
        ConflictResolutionStrategy,
        OperatorConfig,
        RecognizerResult,
    )

    operators = {
        finding.entity: OperatorConfig("replace", {"new_value": placeholder(finding.entity)})
        for finding in hidden
    }
    result = _anonymizer().anonymize(
        text,
        [RecognizerResult(f.entity, f.start, f.end, f.score) for f in hidden],
        operators,
        conflict_resolution=ConflictResolutionStrategy.REMOVE_INTERSECTIONS,
        # Two phones in a row stay two, so that counts agree.
        merge_entities_with_spaces=False,
    )
    return str(result.text)
