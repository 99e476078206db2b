"""The message table as columns of Parquet: the same for what is written and what is read."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from curation.model import MESSAGE_COLUMNS

_TYPES: Final = {
    "str": pa.string(),
    "boolean": pa.bool_(),
    "datetime64[s]": pa.timestamp("ms"),  # Parquet knows no seconds
    "Int64": pa.int64(),
}

MESSAGE_SCHEMA: Final = pa.schema([(name, _TYPES[kind]) for name, kind in MESSAGE_COLUMNS.items()])
"""The columns of `MESSAGE_COLUMNS` with their types."""

SUFFIX: Final = ".parquet"
MAGIC: Final = b"PAR1"
"""How a Parquet file begins and ends."""
