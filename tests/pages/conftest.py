"""A workspace of its own for every test of a page, and pages that run against it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from curation import workflow
from curation.ui import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from curation.workflow import Workspace

ROOT = Path(__file__).parents[2]


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
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Name an empty workspace that the pages of this test open."""
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
def sample(database: Path, filled_database: Path) -> Workspace:
    """Return the workspace of this test with the sample in it."""
    shutil.copy(filled_database, database)
    return resources.workspace()


@pytest.fixture
def open_page() -> Callable[[str], AppTest]:
    """Return a function that gives a page, not yet run."""

    def open_one(name: str) -> AppTest:
        return AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)

    return open_one
