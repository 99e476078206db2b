"""Fingerprints of texts as a step over partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from curation.bulk import PICKLE, Codec, Work
from curation.bulk.tables import from_parquet, parquet, text_column, texts_of
from curation.conversations.duplicates import fingerprints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.conversations.duplicates import Fingerprints


def fingerprint_work() -> Work[Mapping[int, str], Fingerprints]:
    """Return the step that makes fingerprints of texts by their ids."""
    return Work(nothing, make, b"", Codec(pack_texts, texts), PICKLE)


def nothing(_told: bytes) -> None:
    """Return what this step needs beside the texts."""


def make(_none: None, some: Mapping[int, str]) -> Fingerprints:
    """Return the fingerprints of texts."""
    return fingerprints(some)


def pack_texts(some: Mapping[int, str]) -> bytes:
    """Return texts as Parquet, a row each."""
    return parquet(pa.table({"id": pa.array(some, pa.int64()), "text": text_column(some.values())}))


def texts(content: bytes) -> dict[int, str]:
    """Return the texts that `pack_texts` was given."""
    table = from_parquet(content)
    pairs = zip(table["id"].to_pylist(), texts_of(table["text"]), strict=True)
    return {number: text or "" for number, text in pairs}
