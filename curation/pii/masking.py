"""Findings and decisions in, masked text out."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from curation.model import Decision, Finding
from curation.pii.entities import placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from presidio_anonymizer import AnonymizerEngine


@lru_cache(maxsize=1)
def _anonymizer() -> AnonymizerEngine:
    from presidio_anonymizer import AnonymizerEngine  # noqa: PLC0415  (slow import)

    # Presidio's constructor has no annotations.
    return AnonymizerEngine()  # type: ignore[no-untyped-call]


def _placeholder_for(entity: str, _value: str) -> str:
    return placeholder(entity)


def mask(
    text: str,
    findings: Iterable[Finding],
    stand_in: Callable[[str, str], str] = _placeholder_for,
) -> str:
    """Return `text` with every finding that is not decided `keep` replaced by what stands for it.

    `findings` are spans of this very text. `stand_in` is asked with the entity and the value as it
    is written; as a rule it gives the placeholder. Findings that overlap, which `Detector` never
    gives, are resolved by the anonymizer: the better score keeps its span and the other one is cut.
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
        entity: OperatorConfig("custom", {"lambda": partial(stand_in, entity)})
        for entity in {finding.entity for finding in hidden}
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
