"""What a person set up to be asked: an address, a model, a key, and how much may be asked."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from curation.errors import N_, EndpointError
from curation.service_address import check_address, host_of, in_the_open, on_this_machine

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PARALLEL: Final = 8
LONGEST_TIMEOUT: Final = 900


class Form(StrEnum):
    """How much of the protocol a service understands; which, the test of the connection finds."""

    JSON = "json"  # it can be told to answer in JSON
    TEXT = "text"  # it cannot, but takes temperature and length
    BARE = "bare"  # it takes the model and the messages alone


@dataclass(frozen=True, slots=True)
class Profile:
    """A service and what may be asked of it; `name` is what a person calls it.

    `key` is never shown, not even by `repr`; where it is empty, the environment variable `variable`
    holds it. `headers` go with every request, as some services want. Prices are for a million
    tokens, in whatever currency. At most `most_requests` and `most_tokens` are asked in one job;
    0 is no limit. `tokens_at_once` is about how many tokens of a conversation go into one request.
    """

    name: str
    base_url: str
    model: str
    key: str = field(default="", repr=False)
    variable: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Form = Form.JSON
    timeout: int = 120
    parallel: int = 1
    tokens_at_once: int = 3000
    price_in: float = 0.0
    price_out: float = 0.0
    most_requests: int = 0
    most_tokens: int = 0

    @property
    def secret(self) -> str:
        """The key; empty where none is kept and the environment has none."""
        return self.key or (os.environ.get(self.variable, "") if self.variable else "")

    @property
    def host(self) -> str:
        """The host that texts would go to, with its port where one is named."""
        return host_of(self.base_url)

    @property
    def on_this_machine(self) -> bool:
        """Whether the service runs here, so that nothing leaves the machine."""
        return on_this_machine(self.base_url)

    @property
    def in_the_open(self) -> bool:
        """Whether what is sent goes over a network unencrypted."""
        return in_the_open(self.base_url)


def checked(profile: Profile) -> Profile:
    """Return the profile without stray blanks; EndpointError where it cannot be used."""
    given = replace(
        profile,
        name=profile.name.strip(),
        base_url=_without_call(profile.base_url.strip()),
        model=profile.model.strip(),
        key=profile.key.strip(),
        variable=profile.variable.strip(),
        timeout=min(max(profile.timeout, 1), LONGEST_TIMEOUT),
        parallel=min(max(profile.parallel, 1), MOST_PARALLEL),
    )
    if not given.name or not given.model:
        raise EndpointError(N_("A connection needs a name and the name of a model."))
    wrong = N_("The address must begin with http:// or https:// and name a host.")
    check_address(given.base_url, ("http", "https"), wrong)
    # A header is sent as Latin letters; a key with others is one that was copied wrongly.
    if not given.key.isascii() or any(not sign.isprintable() for sign in given.key):
        raise EndpointError(N_("The key holds signs that no key has; copy it again."))
    return given


def _without_call(address: str) -> str:
    """Return the base of an address that names the call as well, as manuals often do."""
    return address.rstrip("/").removesuffix("/chat/completions").rstrip("/")
