"""Takes off what no person typed, and nothing else."""

from __future__ import annotations

from curation.cleaning.clean import clean_text, clean_texts

__all__ = ["clean_text", "clean_texts"]
