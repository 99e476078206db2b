"""The TOML file that holds keys: read whole, written at once, and only its owner may read it.

It may hold other things, which stay as they are, comments and all. On Windows it is as private as
the folder it lies in.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from curation import private_files
from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tomlkit import TOMLDocument


def read_tables(path: Path, group: str) -> dict[str, dict[str, Any]]:
    """Return the tables of a group by their names, in order; none where there is no file.

    EndpointError where the file cannot be read.
    """
    kept = _read(path).unwrap().get(group)
    tables = kept if isinstance(kept, dict) else {}
    return {str(name): table for name, table in tables.items() if isinstance(table, dict)}


def put_table(
    path: Path, group: str, name: str, values: Mapping[str, Any], *, before: str | None = None
) -> None:
    """Keep a table in place of one of the same name, or of the name `before`.

    EndpointError where the file cannot be read or written.
    """
    document = _read(path)
    tables = _tables(document, group)
    for held in {before, name} & set(tables):
        if held != name:
            tables.remove(held)
    table = tomlkit.table()
    for key, value in values.items():
        table[key] = value
    tables[name] = table
    _write(path, document)


def drop_table(path: Path, group: str, name: str) -> None:
    """Remove a table, if it is there; EndpointError where the file cannot be read or written."""
    document = _read(path)
    tables = _tables(document, group)
    if name in tables:
        tables.remove(name)
        if not tables:
            document.remove(group)
        _write(path, document)


def _tables(document: TOMLDocument, group: str) -> Any:
    if not isinstance(document.get(group), dict):
        document[group] = tomlkit.table(is_super_table=True)
    return document[group]


def _read(path: Path) -> TOMLDocument:
    try:
        return tomlkit.parse(path.read_bytes())
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, TOMLKitError, UnicodeDecodeError):
        # The parser's own words would show a line of the file, and with it perhaps a key.
        text = N_("The file with the keys, {file}, cannot be read; mend it or remove it.")
        raise EndpointError(text, file=path.name) from None


def _write(path: Path, document: TOMLDocument) -> None:
    """Put the document in the file's place at once; no other user can read it at any moment."""
    place = path.resolve()  # a link stays a link
    try:
        private_files.make_folder(place.parent)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".secrets-", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                temporary.chmod(private_files.FILE)
                file.write(tomlkit.dumps(document).encode())
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError:
        text = N_("The file with the keys, {file}, cannot be written.")
        raise EndpointError(text, file=path.name) from None
