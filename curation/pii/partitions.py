"""Searching texts as a step over partitions: what a worker is given and gives back."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from curation.bulk import JSON, Codec, Work
from curation.bulk.tables import from_parquet, parquet, text_column, texts_of
from curation.pii.detector import kept_detector
from curation.pii.parallel import packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import DetectionRules
    from curation.pii.detector import Detector

    Runs = Sequence[Sequence[str]]


def search_work(rules: DetectionRules) -> Work[Runs, list[list[Any]]]:
    """Return the step that searches runs of messages; `unpacked` makes findings of what it gives.

    No run may be empty.
    """
    return Work(detector, search, rules.to_json().encode("ascii"), Codec(pack_runs, runs), JSON)


def detector(told: bytes) -> Detector:
    """Return the detector for rules as JSON."""
    return kept_detector(told.decode("ascii"))


def search(searcher: Detector, batch: Runs) -> list[list[Any]]:
    """Return what is found in runs, packed."""
    return packed(searcher.detect_runs(batch))


def pack_runs(batch: Runs) -> bytes:
    """Return runs as Parquet, a row a message."""
    owners = [number for number, run in enumerate(batch) for _text in run]
    texts = text_column(text for run in batch for text in run)
    return parquet(pa.table({"run": pa.array(owners, pa.int32()), "text": texts}))


def runs(content: bytes) -> list[list[str]]:
    """Return the runs that `pack_runs` was given."""
    table = from_parquet(content)
    rows = zip(table["run"].to_pylist(), texts_of(table["text"]), strict=True)
    return [[text or "" for _run, text in some] for _run, some in groupby(rows, itemgetter(0))]
