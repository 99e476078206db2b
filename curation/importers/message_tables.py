"""Making the table that every format is read into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from curation.model import MESSAGE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def message_table(columns: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    """Return a message table with exactly the columns and dtypes of `MESSAGE_COLUMNS`.

    `columns` maps column names to equally long sequences; a column left out is all missing.
    """
    # An array is taken as it is: making Python objects of every cell would be the slowest step.
    given = {
        name: values if hasattr(values, "dtype") else list(values)
        for name, values in columns.items()
    }
    rows = max((len(cast("Any", values)) for values in given.values()), default=0)
    return pd.DataFrame(
        {
            name: pd.array(cast("Any", given[name]), dtype=cast("Any", dtype))
            if name in given
            else pd.array([None], dtype=cast("Any", dtype)).repeat(rows)
            for name, dtype in MESSAGE_COLUMNS.items()
        }
    )
