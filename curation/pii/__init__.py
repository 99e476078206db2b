"""Text -> findings; findings and decisions -> masked text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from curation.pii.by_hand import flagged, moved, with_flagged
from curation.pii.canonical import canonical_value
from curation.pii.detector import DEFAULT_THRESHOLD, Detector, kept_detector
from curation.pii.entities import (
    ENTITIES,
    PLACEHOLDER_TEXT,
    REASONS,
    placeholder,
    reason_alone,
)
from curation.pii.folding import fold
from curation.pii.masking import mask
from curation.pii.parallel import search_batches, unpacked
from curation.pii.people import mentions, own_forms, surname_length
from curation.pii.pipelines import installed_pipelines
from curation.pii.questions import asks_for_value
from curation.pii.replacing import Replacer, StandIn, ways_for
from curation.pii.wildcards import TermFinder, escaped, term_pattern

if TYPE_CHECKING:
    from curation.pii.recognizers import RECOGNIZERS

VERSION: Final = 29
"""Raised when the search finds other things than before: workspaces are then searched again."""

__all__ = [
    "DEFAULT_THRESHOLD",
    "ENTITIES",
    "PLACEHOLDER_TEXT",
    "REASONS",
    "RECOGNIZERS",
    "VERSION",
    "Detector",
    "Replacer",
    "StandIn",
    "TermFinder",
    "asks_for_value",
    "canonical_value",
    "escaped",
    "flagged",
    "fold",
    "installed_pipelines",
    "kept_detector",
    "mask",
    "mentions",
    "moved",
    "own_forms",
    "placeholder",
    "reason_alone",
    "search_batches",
    "surname_length",
    "term_pattern",
    "unpacked",
    "ways_for",
    "with_flagged",
]


def __getattr__(name: str) -> Any:
    """Return the registry on first use: it imports Presidio, which takes more than a second."""
    if name == "RECOGNIZERS":
        from curation.pii.recognizers import RECOGNIZERS  # noqa: PLC0415

        return RECOGNIZERS
    raise AttributeError(name)
