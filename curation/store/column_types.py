"""Types of columns that hold the same on every database.

SQLite's whole numbers have 64 bits and its texts any length, whatever their column is called. So
they do elsewhere: `postgres.settle` sees to it that the columns of the migrations are these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

Integer: Final = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def String(length: int) -> TypeEngine[str]:  # noqa: N802  (it stands where SQLAlchemy's would)
    """Return the type of a short text of this program, about so long."""
    return sa.String(length).with_variant(sa.Text(), "postgresql")


def only_where(condition: Any) -> dict[str, Any]:
    """Return the options of an index that holds only the rows for which `condition` is true."""
    return {"sqlite_where": condition, "postgresql_where": condition}
