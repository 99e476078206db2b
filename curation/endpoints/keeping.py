"""Profiles, with their keys, in the file of secrets."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from curation import secret_file
from curation.endpoints.profiles import Form, Profile, checked
from curation.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_GROUP: Final = "endpoints"
_TEXTS: Final = ("base_url", "model", "key", "variable")
_NUMBERS: Final = ("timeout", "parallel", "tokens_at_once", "most_requests", "most_tokens")
_PRICES: Final = ("price_in", "price_out")


def load_profiles(path: Path) -> list[Profile]:
    """Return the profiles in the file, in its order; none where there is no file.

    EndpointError where the file cannot be read.
    """
    found: list[Profile] = []
    for name, table in secret_file.read_tables(path, _GROUP).items():
        with suppress(EndpointError):  # something else of that name, or half written by hand
            found.append(_profile(name, table))
    return found


def save_profile(path: Path, profile: Profile, *, before: str | None = None) -> Profile:
    """Keep a profile in place of one of the same name; return it as it was kept.

    `before` is the name it had. EndpointError where it cannot be used or the file not be written.
    """
    profile = checked(profile)
    secret_file.put_table(path, _GROUP, profile.name, _as_table(profile), before=before)
    return profile


def forget_profile(path: Path, name: str) -> None:
    """Remove a profile and its key; EndpointError where the file cannot be read or written."""
    secret_file.drop_table(path, _GROUP, name)


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


def _as_table(profile: Profile) -> dict[str, Any]:
    """Return the profile as a table without what is as usual."""
    usual = Profile("", "", "")
    names = (*_TEXTS, *_NUMBERS, *_PRICES)
    table: dict[str, Any] = {
        name: getattr(profile, name)
        for name in names
        if getattr(profile, name) != getattr(usual, name)
    }
    if profile.form is not usual.form:
        table["form"] = profile.form.value
    if profile.headers:
        table["headers"] = dict(profile.headers)
    return table
