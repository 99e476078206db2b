"""A workspace of its own for every test of a page, and pages that run against it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from curation import workflow
from curation.store import workspace as opening
from curation.store.files import safety
from curation.ui import resources
from tests.conftest import Databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from curation.workflow import Workspace
    from tests.postgres import Server

ROOT = Path(__file__).parents[2]

ON_BOTH: Final[Mapping[str, frozenset[str]]] = {
    "test_review_page": frozenset(
        {
            "test_what_the_piece_sends_is_stored_and_answered",
            "test_who_leaves_the_page_lets_others_have_what_they_had_at_hand",
        }
    ),
    "test_table_page": frozenset({"test_a_filter_shows_only_what_fits_and_stands_in_the_address"}),
    "test_bulk_page": frozenset({"test_several_emotions_are_put_on_and_taken_off"}),
    "test_privacy_page": frozenset({"test_a_whole_kind_is_masked_once_its_count_was_agreed_to"}),
    "test_export_page": frozenset({"test_the_files_offered_are_those_that_were_written"}),
    "test_backup_settings": frozenset(
        {"test_a_backup_is_made_listed_and_restored_after_a_question"}
    ),
}
"""The ways through the main pages, which run on both databases."""

EVERYWHERE: Final = "RUWO_TEST_PAGES_ON_POSTGRES"
"""The variable that lets all of these tests run on PostgreSQL."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("sqlite_only") is not None:
        return
    both = ON_BOTH.get(metafunc.module.__name__.rpartition(".")[2], frozenset())
    if os.environ.get(EVERYWHERE):
        metafunc.parametrize("served", ["postgresql"], indirect=True)
    elif metafunc.definition.name in both:
        metafunc.parametrize("served", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Look through the installed packages once, which else each run of a page does anew."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the sample in it, searched for private details; made once."""
    path = tmp_path_factory.mktemp("sample") / "workspace.db"
    workspace = workflow.open_workspace(path)
    workflow.import_sample(workspace)
    workflow.scan_findings(workspace)
    workspace.close()
    return path


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> Iterator[Databases]:
    """Where the workspace of a test is: a file, or on PostgreSQL a database that stands for it."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield Databases(None, template)
        return
    held = Databases(request.getfixturevalue("postgres_server"), template)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(opening, "_address", held.address)
        patched.setattr(safety, "ELSEWHERE", tmp_path)
        yield held
    held.give_back()


@pytest.fixture(scope="session")
def filled_on_server(postgres_server: Server, filled_database: Path) -> str:
    """Return the name of a database on the server that holds what `filled_database` does."""
    name = postgres_server.create()
    backup = filled_database.with_suffix(".ruwo")
    source = workflow.open_workspace(f"sqlite:///{filled_database}")
    workflow.backup_workspace(source, backup)
    source.close()
    workspace = workflow.open_workspace(postgres_server.address(name))
    workflow.restore_workspace(workspace, backup)
    workspace.close()
    return name


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: Databases) -> Iterator[Path]:
    """Name an empty workspace that the pages of this test open."""
    del served
    path = tmp_path / "workspace.db"
    monkeypatch.setenv("RUWO_WORKSPACE", str(path))
    monkeypatch.setenv("RUWO_SECRETS", str(tmp_path / "secrets.toml"))
    yield path
    resources.reopen()


@pytest.fixture
def empty(database: Path) -> Workspace:
    """Return the workspace of this test, empty."""
    assert not database.exists()
    return resources.workspace()


@pytest.fixture
def sample(
    request: pytest.FixtureRequest, database: Path, filled_database: Path, served: Databases
) -> Workspace:
    """Return the workspace of this test with the sample in it."""
    if served.server is None:
        shutil.copy(filled_database, database)
    else:
        served.copy(request.getfixturevalue("filled_on_server"), database)
    return resources.workspace()


@pytest.fixture
def open_page() -> Callable[[str], AppTest]:
    """Return a function that gives a page, not yet run."""

    def open_one(name: str) -> AppTest:
        return AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)

    return open_one
