"""How many processes run the tests, and how long an example may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

# On a busy machine an example of some milliseconds may take a second: no measure of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return two processes for all tests, none beside this one for a part of them.

    A second process has everything to import and to load once more, which one room's tests do not
    win back; and more than two would each start a server and a browser.
    """
    return 2 if config.args == config.getini("testpaths") else 0
