"""The services that a person set up, and the file that holds them with their keys."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation import endpoints
from curation.workflow.roles import owners_alone

if TYPE_CHECKING:
    from curation.endpoints import Profile

_FILE: Final = "RUWO_SECRETS"
_ROOT: Final = Path(__file__).parents[2]


def secrets_path() -> Path:
    """Return the file that keys are kept in; only its owner can read it."""
    told = os.environ.get(_FILE, "")
    return Path(told) if told else _ROOT / ".streamlit" / "secrets.toml"


@owners_alone
def load_connections() -> list[Profile]:
    """Return what was set up, in order; EndpointError where the file cannot be read."""
    return endpoints.load_profiles(secrets_path())


@owners_alone
def save_connection(profile: Profile, *, before: str | None = None) -> Profile:
    """Keep a connection, in place of that of the name `before`; return it as it was kept.

    EndpointError where it cannot be used or kept.
    """
    return endpoints.save_profile(secrets_path(), profile, before=before)


@owners_alone
def forget_connection(name: str) -> None:
    """Remove a connection and its key; EndpointError where the file cannot be written."""
    endpoints.forget_profile(secrets_path(), name)


@owners_alone
def try_connection(profile: Profile) -> Profile:
    """Ask a service for a sign of life, and keep what it understands; return that.

    What is sent holds nothing of the workspace. EndpointError says why it cannot be used.
    """
    found = endpoints.probe(profile)
    return found if found == profile else save_connection(found)
