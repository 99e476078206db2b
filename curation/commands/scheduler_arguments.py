"""The options of commands whose work may go to the workers of a Dask scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from curation.bulk import Scheduler
from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_FILES = {"ca": "who signed the proofs", "cert": "your proof", "key": "the key of your proof"}


def add_scheduler_arguments(command: argparse.ArgumentParser) -> None:
    """Add `--scheduler` and what proves to it who asks."""
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="let the workers of a Dask scheduler do the work: tcp://host:8786, or tls:// where"
        " nobody on the way shall read along. The texts of your chats go there unmasked. Without"
        " it, large jobs start workers on this machine",
    )
    for name, what in _FILES.items():
        command.add_argument(
            f"--tls-{name}", type=Path, metavar="PEM", help=f"for tls://: file with {what}"
        )


def chosen_scheduler(chosen: argparse.Namespace, warn: Callable[[str], None]) -> Scheduler | None:
    """Return the scheduler that was named, None for none; say before what it means.

    Raises EngineError for what is no address, BadFileError for a file that is not there.
    """
    if chosen.scheduler is None:
        return None
    files: dict[str, Path | None] = {name: getattr(chosen, f"tls_{name}") for name in _FILES}
    for path in filter(None, files.values()):
        if not path.is_file():
            raise BadFileError(path, N_("there is no such file or folder"))
    ca, cert, key = (str(path or "") for path in files.values())
    scheduler = Scheduler(chosen.scheduler, ca, cert, key)
    warn(
        f"the texts of your chats go unmasked to {scheduler.address} and its workers, which may"
        " lay them on their disks"
    )
    if not scheduler.encrypted:
        warn("they go there as they are: whoever is on the way can read them; tls:// prevents it")
    return scheduler
