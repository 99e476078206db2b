"""A Spark service that a person set up, and how it is kept with its secrets."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from curation import secret_file
from curation.errors import N_, EndpointError
from curation.service_address import check_address, host_of, in_the_open, on_this_machine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ADDRESS: Final = "wss://maas-api.cn-huabei-1.xf-yun.com/v1.1/chat"
"""Where most tuned models answer; the card of a service says if it is elsewhere."""

_GROUP: Final = "spark"
_LONGEST_APP_ID: Final = 8
_TEXTS: Final = ("address", "app_id", "key", "secret", "service", "resource")


@dataclass(frozen=True, slots=True)
class SparkProfile:
    """A Spark service; `name` is what a person calls it.

    `key` and `secret` are never shown, not even by `repr`. `service` is the service ID (or, on
    newer cards, the model ID) that goes as the domain, `resource` the resource ID of a tuned model,
    empty for a model as the vendor has it.
    """

    name: str
    app_id: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    service: str = ""
    resource: str = ""
    address: str = ADDRESS
    timeout: float = 60

    @property
    def host(self) -> str:
        """The host that texts would go to, with its port where one is named."""
        return host_of(self.address)

    @property
    def on_this_machine(self) -> bool:
        """Whether the service runs here, so that nothing leaves the machine."""
        return on_this_machine(self.address)

    @property
    def in_the_open(self) -> bool:
        """Whether what is sent goes over a network unencrypted."""
        return in_the_open(self.address)


def checked_spark(profile: SparkProfile) -> SparkProfile:
    """Return the profile without stray blanks; EndpointError where it cannot be used."""
    given = replace(
        profile,
        name=profile.name.strip(),
        **{each: getattr(profile, each).strip() for each in _TEXTS},
    )
    if not given.name or not given.service:
        raise EndpointError(N_("A Spark connection needs a name and a service ID."))
    if not given.app_id or len(given.app_id) > _LONGEST_APP_ID or not given.app_id.isascii():
        raise EndpointError(N_("The APPID has at most 8 letters and digits; copy it again."))
    secrets = given.key + given.secret
    if not given.key or not given.secret or not secrets.isascii() or '"' in secrets:
        raise EndpointError(N_("APIKey and APISecret are both needed; copy them again."))
    if any(not sign.isprintable() or sign == " " for sign in secrets):
        raise EndpointError(N_("The key holds signs that no key has; copy it again."))
    wrong = N_("The address must begin with wss:// and name a host.")
    check_address(given.address, ("ws", "wss"), wrong)
    if not given.address.isascii():
        raise EndpointError(wrong)
    return given


def load_spark(path: Path) -> list[SparkProfile]:
    """Return the Spark services in the file, in its order; none where there is no file.

    EndpointError where the file cannot be read.
    """
    found: list[SparkProfile] = []
    for name, table in secret_file.read_tables(path, _GROUP).items():
        given = {each: table[each] for each in _TEXTS if isinstance(table.get(each), str)}
        with suppress(EndpointError):  # half written by hand
            found.append(checked_spark(SparkProfile(name, **given)))
    return found


def save_spark(path: Path, profile: SparkProfile, *, before: str | None = None) -> SparkProfile:
    """Keep a Spark service in place of one of the same name; return it as it was kept.

    `before` is the name it had. EndpointError where it cannot be used or the file not be written.
    """
    profile = checked_spark(profile)
    secret_file.put_table(path, _GROUP, profile.name, _as_table(profile), before=before)
    return profile


def forget_spark(path: Path, name: str) -> None:
    """Remove a Spark service with its keys; EndpointError where the file cannot be written."""
    secret_file.drop_table(path, _GROUP, name)


def _as_table(profile: SparkProfile) -> Mapping[str, Any]:
    usual = SparkProfile("")
    return {
        each: getattr(profile, each)
        for each in _TEXTS
        if getattr(profile, each) != getattr(usual, each)
    }
