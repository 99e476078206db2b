"""Profiles, with their keys, in a TOML file that only its owner may read.

The file may hold other things, which stay as they are, comments and all. On Windows it is as
private as the folder it lies in.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from curation.endpoints.profiles import Form, Profile, checked
from curation.errors import N_, EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tomlkit import TOMLDocument

_TABLE: Final = "endpoints"
_OWNER_ONLY: Final = 0o600
_TEXTS: Final = ("base_url", "model", "key", "variable")
_NUMBERS: Final = ("timeout", "parallel", "tokens_at_once", "most_requests", "most_tokens")
_PRICES: Final = ("price_in", "price_out")


def load_profiles(path: Path) -> list[Profile]:
    """Return the profiles in the file, in its order; none where there is no file.

    EndpointError where the file cannot be read.
    """
    kept = _read(path).unwrap().get(_TABLE)
    tables = kept if isinstance(kept, dict) else {}
    found: list[Profile] = []
    for name, table in tables.items():
        if isinstance(table, dict):
            with suppress(EndpointError):  # something else of that name, or half written by hand
                found.append(_profile(name, table))
    return found


def save_profile(path: Path, profile: Profile, *, before: str | None = None) -> Profile:
    """Keep a profile in place of one of the same name; return it as it was kept.

    `before` is the name it had. EndpointError where it cannot be used or the file not be written.
    """
    profile = checked(profile)
    document = _read(path)
    tables = _tables(document)
    for name in {before, profile.name} & set(tables):
        if name != profile.name:
            tables.remove(name)
    tables[profile.name] = _as_table(profile)
    _write(path, document)
    return profile


def forget_profile(path: Path, name: str) -> None:
    """Remove a profile and its key; EndpointError where the file cannot be read or written."""
    document = _read(path)
    tables = _tables(document)
    if name in tables:
        tables.remove(name)
        if not tables:
            document.remove(_TABLE)
        _write(path, document)


def _tables(document: TOMLDocument) -> Any:
    if not isinstance(document.get(_TABLE), dict):
        document[_TABLE] = tomlkit.table(is_super_table=True)
    return document[_TABLE]


def _profile(name: str, table: Mapping[str, Any]) -> Profile:
    given: dict[str, Any] = {
        **{each: table[each] for each in _TEXTS if isinstance(table.get(each), str)},
        **{each: table[each] for each in _NUMBERS if _is_number(table.get(each), int)},
        **{each: float(table[each]) for each in _PRICES if _is_number(table.get(each), int, float)},
    }
    headers = table.get("headers")
    if isinstance(headers, dict):
        given["headers"] = {str(key): str(value) for key, value in headers.items()}
    if table.get("form") in set(Form):
        given["form"] = Form(table["form"])
    return checked(Profile(**{"base_url": "", "model": "", **given, "name": name}))


def _is_number(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _as_table(profile: Profile) -> Any:
    """Return the profile as a table without what is as usual."""
    usual = Profile("", "", "")
    table = tomlkit.table()
    for name in (*_TEXTS, *_NUMBERS, *_PRICES):
        if getattr(profile, name) != getattr(usual, name):
            table[name] = getattr(profile, name)
    if profile.form is not usual.form:
        table["form"] = profile.form.value
    if profile.headers:
        table["headers"] = dict(profile.headers)
    return table


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
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".secrets-", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                temporary.chmod(_OWNER_ONLY)
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
