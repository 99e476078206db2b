"""Findings and decisions in, masked text out."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from curation.model import Decision, Finding
from curation.pii.entities import placeholder
from curation.pii.settling import START, clusters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from presidio_anonymizer import AnonymizerEngine

_MOST_AT_A_TIME: Final = 100


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
    masked: list[str] = []
    reached = 0
    # The anonymizer copies the text it is given for each piece, so it is given little at a time.
    for piece in clusters(sorted(hidden, key=START), _MOST_AT_A_TIME):
        end = max(finding.end for finding in piece)
        result = _anonymizer().anonymize(
            text[reached:end],
            [
                RecognizerResult(f.entity, f.start - reached, f.end - reached, f.score)
                for f in piece
            ],
            operators,
            conflict_resolution=ConflictResolutionStrategy.REMOVE_INTERSECTIONS,
            # Two phones in a row stay two, so that counts agree.
            merge_entities_with_spaces=False,
        )
        masked.append(str(result.text))
        reached = end
    return "".join([*masked, text[reached:]])
