"""How many processes run the tests, which of the slow ones, and what waits for the disk.

And on which database: where a folder's conftest says `on_both`, tests run once with a file of
SQLite and once on PostgreSQL.
"""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from curation.store import workspace
from curation.store.files import safety
from tests.examples import (
    EVERY,
    EVERYTHING,
    IN_TURN,
    PART,
    PARTS,
    examples,
    out_of_turn,
    part_of_this_hour,
)
from tests.postgres import Server, programs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

# On a busy machine an example of some milliseconds may take a second: no measure of the code.
settings.register_profile("unhurried", deadline=None, max_examples=examples(100))
settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return two processes for all tests, none beside this one for a part of them.

    A second process has everything to import and to load once more, which one room's tests do not
    win back; and more than two would each start a server and a browser.
    """
    return 2 if _everything(config) and config.option.markexpr != "train" else 0


def _everything(config: pytest.Config) -> bool:
    """Whether no file or folder was named."""
    named: list[str] = config.getini("testpaths")
    return config.args == named


def _takes_turns(config: pytest.Config) -> bool:
    """Whether slow tests that are not asked for by name may wait for their turn.

    What failed is tried again whatever turn it is.
    """
    failed_ones = config.getoption("lf", default=False)
    worker = hasattr(config, "workerinput")
    return _everything(config) and not (EVERYTHING or failed_ones or worker)


def pytest_report_header() -> str:
    part = os.environ.get(PART)
    if part is None:
        return "slow tests: all"
    return f"slow tests: part {part} of {PARTS} ({PART}={part}); all of them with {EVERY}=1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    part = os.environ.get(PART)
    if part is not None:
        others = out_of_turn(items, part)
        config.hook.pytest_deselected(items=list(others))
        items[:] = [item for item in items if item not in others]


def pytest_collection_finish() -> None:
    """Let what is imported by now, and stays, not be looked through for garbage again and again."""
    gc.freeze()


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


REQUIRED = "RUWO_REQUIRE_POSTGRES"


def pytest_configure(config: pytest.Config) -> None:
    if _takes_turns(config):
        os.environ.setdefault(PART, part_of_this_hour())  # the processes beside this one read it
    part = os.environ.get(PART)
    if part is not None and part not in map(str, range(1, PARTS + 1)):
        message = f"{PART} is 1 to {PARTS}, not {part}"
        raise pytest.UsageError(message)
    config.addinivalue_line(
        "markers", f"{IN_TURN}: slow: a run of all tests takes one of {PARTS} of these"
    )
    config.addinivalue_line("markers", "every_run: in a browser, and taken by every run")
    config.addinivalue_line(
        "markers", "sqlite_only(why): not run on PostgreSQL, where what it is about is not"
    )
    config.addinivalue_line(
        "markers", "on_both: asks PostgreSQL what no other test does, unless all of them are tried"
    )


def on_both(metafunc: pytest.Metafunc) -> None:
    """Run a test on both databases, unless it is of one: marked so, or about the server.

    All tests of the store room run so. Of the workflow's those about several people at once do, and
    those marked `on_both`; with `RUWO_EXAMPLES` all that ask much of the database. On PostgreSQL
    they take turns, but for those marked so and those about the server.
    """
    postgresql = pytest.param("postgresql", marks=getattr(pytest.mark, IN_TURN))
    if metafunc.definition.get_closest_marker("on_both") is not None:
        postgresql = pytest.param("postgresql")
    if "server" in metafunc.fixturenames:
        metafunc.parametrize("database", ["postgresql"], indirect=True)
    elif metafunc.definition.get_closest_marker("sqlite_only") is None:
        metafunc.parametrize("database", ["sqlite", postgresql], indirect=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server with a template of a workspace; without one the test is skipped."""
    folder = programs()
    if folder is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set, and PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    server = Server(folder)
    try:
        server.make_template(lambda address: workspace.open_workspace(address).close())
        yield server
    finally:
        server.stop()


class Databases:
    """The databases of one test: on PostgreSQL each file that it names stands for one.

    A file that is not there yet is a copy of `template`, which takes a tenth of making its tables.
    """

    def __init__(self, server: Server | None, template: Path) -> None:
        self.server = server
        self._template = template
        self._lent: dict[str, str] = {}

    def address(self, path: str | Path, *, empty: bool = False) -> str:
        """Return the address of the workspace at a path; `empty`: without tables, if it is new."""
        named = str(path)
        if "://" in named:
            return named
        if self.server is None:
            file = Path(named).absolute()
            if not empty and not file.exists() and file.parent.exists():
                shutil.copyfile(self._template, file)
            return f"sqlite:///{file}"
        if named not in self._lent:
            self._lent[named] = self.server.create(empty=True) if empty else self.server.lend()
        return self.server.address(self._lent[named])

    def copy(self, name: str, path: Path) -> None:
        """Let a path stand for a copy of a database on the server."""
        assert self.server is not None
        self._lent[str(path)] = self.server.create(like=name)

    def give_back(self, path: str | Path | None = None) -> None:
        """Take everything out of the database of a path, or of all."""
        names = list(self._lent) if path is None else [str(path)]
        for name in names:
            if self.server is not None:
                self.server.give_back(self._lent.pop(name))


@pytest.fixture
def databases(
    request: pytest.FixtureRequest,
    database: str,
    template: Path,
    tmp_path: Path,
) -> Iterator[Databases]:
    """Where the workspaces of a test are; on PostgreSQL each file that it names is one there."""
    served = database == "postgresql"
    held = Databases(request.getfixturevalue("postgres_server") if served else None, template)
    # Not the test's own patches, which it may take back.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workspace, "_address", held.address)
        patched.setattr(safety, "ELSEWHERE", tmp_path)
        yield held
    held.give_back()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace on SQLite with nothing in it."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    workspace.open_workspace(path).close()
    return path


@pytest.fixture
def server(databases: Databases) -> Server:
    """The PostgreSQL server itself."""
    assert databases.server is not None
    return databases.server


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The database that this test runs with: `sqlite` or `postgresql`."""
    return str(getattr(request, "param", "sqlite"))
