"""How many processes run the tests, how long an example may take, what waits for the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from curation.store import workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

# On a busy machine an example of some milliseconds may take a second: no measure of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return two processes for all tests, none beside this one for a part of them.

    A second process has everything to import and to load once more, which one room's tests do not
    win back; and more than two would each start a server and a browser.
    """
    return 2 if config.args == config.getini("testpaths") else 0


@pytest.fixture(scope="session", autouse=True)
def as_the_product_does() -> Iterator[Callable[..., None]]:
    """Let the databases of this process not wait for the disk, and return what would.

    Half the time of a test with a workspace was that waiting, and only a power cut could show the
    difference. The servers and commands that tests start, and kill, do wait.
    """
    prepare = workspace._prepare_sqlite

    def prepare_hastily(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        prepare(connection, entry)
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workspace, "_prepare_sqlite", prepare_hastily)
        yield prepare
