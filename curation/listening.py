"""Who can reach the app: this machine alone, or others too. Nothing but the standard library.

The starters ask before anything is installed, the app asks what really holds: an address may come
from an argument, the environment or a file of settings.
"""

from __future__ import annotations

import ipaddress
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_OPTION: Final = "--server.address"
_VARIABLE: Final = "STREAMLIT_SERVER_ADDRESS"
_SECRETS: Final = Path(".streamlit") / "secrets.toml"


def is_loopback(address: str | None) -> bool:
    """Return whether an address is reached from this machine alone; none at all is every one."""
    named = (address or "").strip().lower().strip("[]")
    if named == "localhost":
        return True
    try:
        return ipaddress.ip_address(named).is_loopback
    except ValueError:
        return False  # a name may mean anything


def is_for_others(address: str | None, hosts: Iterable[str]) -> bool:
    """Return whether others are meant to reach the app: by its address, or by a name of a host.

    A name that is allowed besides this machine's own is that of a proxy, which listens for others.
    Where none is named at all, Streamlit lets every one in.
    """
    named = [_host(each) for each in hosts]
    return not is_loopback(address) or not named or not all(map(is_loopback, named))


def _host(named: str) -> str:
    return named.strip().rstrip(".")


def asked_address(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the address that a start asks for last, None where it asks for none."""
    asked = environment.get(_VARIABLE)
    for at, each in enumerate(arguments):
        name, equals, value = each.partition("=")
        if name == _OPTION:
            asked = value if equals else "".join(arguments[at + 1 : at + 2])
    return asked


def signs_in(folders: Iterable[Path]) -> bool:
    """Return whether the secrets in one of these folders have an `[auth]` that could be read."""
    for folder in folders:
        try:
            held = tomllib.loads((folder / _SECRETS).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(held.get("auth"), dict):
            return True
    return False


def refused(
    arguments: Sequence[str], environment: Mapping[str, str], folders: Iterable[Path]
) -> bool:
    """Return whether a start asks to listen to others although nobody would have to sign in."""
    asked = asked_address(arguments, environment)
    return asked is not None and not is_loopback(asked) and not signs_in(folders)
