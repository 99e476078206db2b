"""Findings and decisions in, masked text out."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from curation.model import Decision, Finding
from curation.pii.entities import placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
    for piece in _pieces(sorted(hidden, key=lambda finding: finding.start)):
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


def _pieces(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Yield findings, sorted by start, in pieces between which none overlaps another.

    The anonymizer copies the text it is given for each of them, so it is given little at a time.
    """
    piece: list[Finding] = []
    reach = 0
    for finding in findings:
        if len(piece) >= _MOST_AT_A_TIME and finding.start >= reach:
            yield piece
            piece = []
        piece.append(finding)
        reach = max(reach, finding.end)
    if piece:
        yield piece
