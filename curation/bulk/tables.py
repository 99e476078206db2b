"""Partitions as Parquet: columns of chat text, whatever letters are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TEXT: Final = pa.binary()
"""Parquet's strings are UTF-8, and a text may hold half of a pair of surrogates."""


def parquet(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=1, use_dictionary=False)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_parquet(content: bytes) -> pa.Table:
    """Return the table that `parquet` was given."""
    return pq.read_table(pa.BufferReader(content), use_threads=False)


def text_column(texts: Iterable[str | None]) -> pa.Array:
    """Return texts as a column."""
    encoded = [None if each is None else each.encode("utf-8", "surrogatepass") for each in texts]
    return pa.array(encoded, TEXT)


def texts_of(column: pa.ChunkedArray) -> Iterator[str | None]:
    """Yield the texts of a column."""
    for each in column.to_pylist():
        yield None if each is None else each.decode("utf-8", "surrogatepass")
