"""The address of a service that a person set up: whether it is one, and who hears what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from curation.errors import N_, EndpointError
from curation.listening import is_loopback

if TYPE_CHECKING:
    from collections.abc import Collection


def host_of(address: str) -> str:
    """Return the host that texts would go to, with its port where one is named."""
    return urlsplit(address).netloc.rpartition("@")[2]


def on_this_machine(address: str) -> bool:
    """Return whether the service runs here, so that nothing leaves the machine."""
    return is_loopback(urlsplit(address).hostname)


def in_the_open(address: str) -> bool:
    """Return whether what is sent goes over a network unencrypted."""
    return urlsplit(address).scheme in ("http", "ws") and not on_this_machine(address)


def check_address(given: str, schemes: Collection[str], wrong: str) -> None:
    """Raise EndpointError, saying `wrong`, for what is no address of one of the schemes.

    One that holds a key or a password is refused as well.
    """
    try:
        address = urlsplit(given)
        usable = address.scheme in schemes and bool(address.hostname)
        _port = address.port
    except ValueError:
        usable = False
    if not usable:
        raise EndpointError(wrong)
    if address.username or address.password or address.query or address.fragment:
        raise EndpointError(
            N_("The address must hold no key or password; the key has its own box.")
        )
