"""Time zones to choose from, named in the person's language."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location

from curation.model import DEFAULT_ZONE
from curation.ui.state import current_language

_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")
"""Zones by these names are other names of zones that are in the list, or are no places."""


@cache
def zones() -> tuple[str, ...]:
    """Return IANA names of time zones, the usual one first, then by name."""
    places = {
        name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES)
    }
    return (DEFAULT_ZONE, *sorted(places - {DEFAULT_ZONE}), "UTC")


def zone_labels(chosen: str) -> dict[str, str]:
    """Return the zones to choose from, `chosen` among them whatever it is, with what they show.

    That is the place in this tab's language, the IANA name, and the hours from UTC.
    """
    names = zones() if chosen in zones() else (chosen, *zones())
    return {name: _label(name, current_language()) for name in names}


@cache
def _label(name: str, language: str) -> str:
    if name == "UTC":
        return name
    place = get_timezone_location(name, locale=language)
    offset = datetime.now(UTC).astimezone(ZoneInfo(name)).strftime("%z")
    return f"{place} · {name} · UTC{offset[:3]}:{offset[3:5]}"
