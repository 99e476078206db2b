"""Arguments that several commands take."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from curation.model import ReadOptions

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  (it has no other name)


def path_of(argument: str) -> Path:
    """Return a path; nothing at all, as of an unset variable, is none and not this folder."""
    if not argument.strip():
        msg = "the name is empty"
        raise argparse.ArgumentTypeError(msg)
    return Path(argument)


def name_of(argument: str) -> str:
    """Return a name as it was typed, also where the system does not expect UTF-8."""
    return os.fsencode(argument).decode("utf-8", "replace") if _broken(argument) else argument


def _broken(argument: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in argument)


def add_me(command: argparse.ArgumentParser) -> None:
    """Let a command be told who its user is in the chats."""
    command.add_argument(
        "--me", type=name_of, metavar="NAME", help="which sender is you, where a file is silent"
    )


def add_zone(command: argparse.ArgumentParser) -> None:
    """Let a command take the time zone of chats."""
    command.add_argument(
        "--zone",
        type=_zone,
        metavar="NAME",
        help="time zone of the chats, such as Europe/Berlin; otherwise that of China",
    )


def _zone(argument: str) -> str:
    """Return the name of a time zone that there is."""
    try:
        return ZoneInfo(argument).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        msg = f"no time zone is called {argument}"
        raise argparse.ArgumentTypeError(msg) from exc


def read_options(chosen: argparse.Namespace) -> ReadOptions:
    """Return how files are read that a command names."""
    from curation.model import ReadOptions  # noqa: PLC0415  (late, see the package)

    return ReadOptions(zone=chosen.zone) if chosen.zone else ReadOptions()
