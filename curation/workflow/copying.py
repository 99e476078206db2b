"""Daily copies of the workspace, made while nobody waits for them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from curation.errors import WorkspaceError
from curation.store import get_setting, put_setting
from curation.store.files import ciphers, rotation, safety
from curation.workflow.roles import owners_only

if TYPE_CHECKING:
    from pathlib import Path

    from curation.store import Workspace

FIRST_WAIT: Final = 60.0
"""Seconds after the start until the first look: what a person opens first has the disk alone."""

WAIT: Final = 3600.0
"""Seconds from one look to the next, as a server may run for weeks."""

_KEY: Final = "daily_copies"


class Copier:
    """Looks from time to time whether a daily copy is due, and makes it; ends with its workspace.

    `problem` is why the last one could not be made, None where nothing went wrong.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.problem: WorkspaceError | None = None
        self._workspace = workspace

    def start(self) -> None:
        """Begin to look, in a thread of its own that keeps no program from ending."""
        if makes_copies(self._workspace):
            threading.Thread(target=self._keep_looking, name="copies", daemon=True).start()

    def look(self) -> Path | None:
        """Make a copy if one is due and wanted; return it. What goes wrong is kept, not raised."""
        closed = self._workspace.closed
        try:
            wanted = daily_copies(self._workspace) and rotation.due(self._workspace.engine)
            made = rotation.make(self._workspace.engine, closed.is_set) if wanted else None
        except ciphers.errors(OSError, SQLAlchemyError) as error:
            # Whatever it is, it may be over at the next look.
            self.problem = safety.no_copy(error)
        except WorkspaceError as error:
            self.problem = error
        else:
            self.problem = None
            return made
        return None

    def _keep_looking(self) -> None:
        closed, wait = self._workspace.closed, FIRST_WAIT
        while not closed.wait(wait):
            self.look()
            wait = WAIT


@owners_only
def makes_copies(workspace: Workspace) -> bool:
    """Whether daily copies can be made of this workspace: not of a database on a server."""
    return safety.database_path(workspace.engine) is not None


def daily_copies(workspace: Workspace) -> bool:
    """Whether a person wants daily copies; so it is until they say otherwise."""
    return get_setting(workspace, _KEY) is not False


def want_daily_copies(workspace: Workspace, *, wanted: bool) -> None:
    """Switch the daily copies on or off; those that are there stay."""
    put_setting(workspace, _KEY, wanted)
