"""How a person writes: texts in, a fingerprint of their style out. Nothing is kept, nothing shown.

`fingerprint` measures, `compare` says whether a second fingerprint is still the same voice.
"""

from curation.marks import kaomoji_in
from curation.style.comparing import ENOUGH, SIZES, Change, Measure, compare, differences
from curation.style.fingerprint import background, fingerprint
from curation.style.rewriting import MOST_MESSAGES, rewrite
from curation.style.shapes import (
    BURST_STEPS,
    LENGTH_STEPS,
    MARKS,
    Background,
    Fingerprint,
    Habit,
    Often,
    Spread,
)
from curation.style.telling import catch_phrases, describe

__all__ = [
    "BURST_STEPS",
    "ENOUGH",
    "LENGTH_STEPS",
    "MARKS",
    "MOST_MESSAGES",
    "SIZES",
    "Background",
    "Change",
    "Fingerprint",
    "Habit",
    "Measure",
    "Often",
    "Spread",
    "background",
    "catch_phrases",
    "compare",
    "describe",
    "differences",
    "fingerprint",
    "kaomoji_in",
    "rewrite",
]
