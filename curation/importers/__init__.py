"""A file on disk -> message table.

To add a format: one module with an importer (see `base.Importer`), one line in
`registry.IMPORTERS`, and one golden file in tests/importers/golden.
"""

from __future__ import annotations

from curation.importers.archives import is_archive, unpack, writable_name
from curation.importers.base import Importer
from curation.importers.mapped_table import TableHead
from curation.importers.message_tables import message_table
from curation.importers.people import participants, with_me
from curation.importers.registry import IMPORTERS, collect_files, read_file, table_head

__all__ = [
    "IMPORTERS",
    "Importer",
    "TableHead",
    "collect_files",
    "is_archive",
    "message_table",
    "participants",
    "read_file",
    "table_head",
    "unpack",
    "with_me",
    "writable_name",
]
