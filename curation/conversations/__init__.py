"""Message table -> conversations."""

from __future__ import annotations

from curation.conversations.across import alike_across
from curation.conversations.duplicates import (
    RECIPE,
    Fingerprints,
    changed_marks,
    fingerprints,
    near_duplicates,
)
from curation.conversations.gaps import GapHistogram, adaptive_gap, gap_histogram
from curation.conversations.partitions import fingerprint_work
from curation.conversations.rules import DEFAULT_GAP, SplitRules
from curation.conversations.split import in_time_order, split_conversations
from curation.conversations.tokenizer import TURN_TOKENS, Counter, token_counter
from curation.conversations.tokens import estimate_tokens, message_lengths

__all__ = [
    "DEFAULT_GAP",
    "RECIPE",
    "TURN_TOKENS",
    "Counter",
    "Fingerprints",
    "GapHistogram",
    "SplitRules",
    "adaptive_gap",
    "alike_across",
    "changed_marks",
    "estimate_tokens",
    "fingerprint_work",
    "fingerprints",
    "gap_histogram",
    "in_time_order",
    "message_lengths",
    "near_duplicates",
    "split_conversations",
    "token_counter",
]
