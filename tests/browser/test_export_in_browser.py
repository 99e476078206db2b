"""The export in a real browser: options, a download of all files, and what a change brings."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from curation import exporters, workflow
from curation.model import Status
from curation.ui.state import Keys
from tests.browser.conftest import Server, as_new, served
from tests.browser.desk import LONG_MS
from tests.browser.review_seed import plain, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from curation.workflow import Workspace

APPROVED: Final = 10
SAVED: Final = '[data-part="tick"][data-state="saved"]'


def fill(workspace: Workspace) -> None:
    put(workspace, "阿橙", [plain(number) for number in range(APPROVED + 2)])
    workflow.scan_findings(workspace)
    workflow.set_status(workspace, list(range(1, APPROVED + 1)), Status.APPROVED)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("export"), fill) as running:
        yield running


@pytest.fixture
def page(server: Server, tab: Page) -> Page:
    as_new(tab, server, width=1280, height=900)
    return tab


def test_two_formats_with_a_validation_part_come_as_one_file(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/export")
    page.locator(f".st-key-{Keys.EXPORT_OPTIONS} summary").click(timeout=LONG_MS)
    formats = page.locator(f".st-key-{Keys.EXPORT_FORMATS} input")
    formats.fill("OpenAI")
    page.get_by_role("option", name="OpenAI messages").click(timeout=LONG_MS)
    formats.press("Escape")
    expect(page.get_by_role("button", name="Remove OpenAI messages")).to_be_visible()
    share = page.locator(f".st-key-{Keys.EXPORT_VALIDATION} input")
    share.fill("20")
    share.press("Enter")
    expect(
        page.get_by_text("Options: ShareGPT, OpenAI messages · 20% for validation")
    ).to_be_visible(timeout=LONG_MS)
    page.get_by_role("button", name="Build the dataset").click()
    everything = page.get_by_role("button", name=re.compile("ruwo-dataset.zip"))
    expect(everything).to_be_visible()
    with page.expect_download(timeout=LONG_MS) as begun:
        everything.click()

    (folder,) = (server.workspace.parent / "workspace-exports").iterdir()
    with zipfile.ZipFile(begun.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert all(archive.read(name) == (folder / name).read_bytes() for name in names)
    parts = {
        form.name: [
            sum(1 for _each in form.read(folder / name)) for name in (form.train, form.validation)
        ]
        for form in (exporters.formats()[name] for name in ("sharegpt", "openai"))
    }
    assert parts == {"sharegpt": [8, 2], "openai": [8, 2]}
    assert {"sharegpt.json", "openai.jsonl", "labels.jsonl", "report.json"} <= set(names)


def test_a_change_in_the_review_is_what_the_next_version_differs_in(
    server: Server, page: Page
) -> None:
    workspace = workflow.open_workspace(server.workspace)
    before = workflow.build_version(workspace, workflow.ExportOptions()).version
    page.goto(f"{server.url}/review?status=approved&at=3")
    expect(page.locator(".row").first).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator(SAVED)).to_be_visible()

    page.goto(f"{server.url}/export")
    row = page.locator(f".st-key-version-{before.id}")
    row.get_by_role("button", name="Build again").click(timeout=LONG_MS)
    comparison = page.locator(".st-key-comparison")
    expect(comparison.get_by_text("1 no longer in it")).to_be_visible()
    expect(comparison.get_by_text(f"{APPROVED - 1} conversations are the same.")).to_be_visible()
    comparison.get_by_role("button", name="Review").click()
    expect(page).to_have_url(
        re.compile(rf"/review\?.*list=removed\.{before.id}\."), timeout=LONG_MS
    )
    expect(page.locator(".row").first).to_contain_text("第2个问题")
    workspace.close()
