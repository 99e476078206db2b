"""Messages as Parquet: this program's own columns, nothing masked, nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from curation.exporters.files import atomic_bytes_writer
from curation.message_schema import MESSAGE_SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def write_parquet(path: Path, messages: pd.DataFrame) -> None:
    """Write a message table to `path`, whole or not at all. Raises OSError."""
    table = pa.Table.from_pandas(
        messages[MESSAGE_SCHEMA.names], schema=MESSAGE_SCHEMA, preserve_index=False
    )
    with atomic_bytes_writer(path) as file:
        # Without what pandas adds about itself: a file says the same whoever wrote it.
        pq.write_table(table.replace_schema_metadata(None), file, compression="zstd")
