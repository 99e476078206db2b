"""The journal in a real browser: an older step, what stands on it, names, and backups."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import Status
from tests.browser.conftest import Server, as_new, served
from tests.browser.desk import LONG_MS
from tests.browser.review_seed import plain, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from curation.workflow import Workspace


def fill(workspace: Workspace) -> None:
    put(workspace, "阿橙", [plain(number) for number in range(6)])
    workflow.set_status(workspace, [1, 2, 3], Status.APPROVED)
    workflow.set_status(workspace, [5], Status.SKIPPED)
    workflow.set_status(workspace.acting_as("王芳"), [2], Status.REJECTED)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("journal"), fill) as running:
        yield running


@pytest.fixture
def page(server: Server, tab: Page) -> Page:
    as_new(tab, server, width=1280, height=900)
    return tab


def statuses(server: Server) -> dict[Status, int]:
    workspace = workflow.open_workspace(server.workspace)
    try:
        return {
            status: count
            for status, count in workflow.count_by_status(workspace).items()
            if count and status is not Status.PENDING
        }
    finally:
        workspace.close()


def test_an_older_step_is_refused_with_what_stands_on_it_and_undone_with_that(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/journal")
    steps = page.get_by_role("button", name="Undo this")
    expect(steps).to_have_count(3)

    steps.last.click()
    expect(page.get_by_text("1 later action stands on this one")).to_be_visible()
    refusal = page.get_by_text("王芳")
    expect(refusal).to_have_count(2)
    assert statuses(server) == {Status.APPROVED: 2, Status.SKIPPED: 1, Status.REJECTED: 1}

    page.get_by_role("button", name="Undo 1 too").click()
    expect(page.get_by_text("Undone: Status")).to_be_visible()
    expect(page.get_by_role("button", name="Do again")).to_have_count(2)
    assert statuses(server) == {Status.SKIPPED: 1}

    # What was one step is done again in one, by the key.
    page.locator("h1").click()
    page.keyboard.press("Shift+Z")
    expect(page.get_by_role("button", name="Do again")).to_have_count(0)
    assert statuses(server) == {Status.APPROVED: 2, Status.SKIPPED: 1, Status.REJECTED: 1}

    page.get_by_role("button", name="Look").first.click()
    expect(page).to_have_url(re.compile(r"/review\?.*at=\d+"))


def test_a_name_stays_in_the_browser_and_undo_keeps_to_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/settings")
    page.get_by_role("tab", name="Language, name and keys").click(timeout=LONG_MS)
    field = page.get_by_label("Your name in the journal")
    field.fill("李 雷")
    field.press("Enter")
    page.wait_for_function("document.cookie.includes('%E6%9D%8E%20%E9%9B%B7')", timeout=LONG_MS)

    page.goto(f"{server.url}/journal")
    expect(page.get_by_role("button", name="Undo this").first).to_be_visible()
    undo = page.get_by_role("button", name=re.compile(r"^Undo\b(?! this)"))
    expect(undo).to_be_disabled()

    page.goto(f"{server.url}/settings")
    expect(field).to_have_value("李 雷")


def test_a_backup_is_made_and_downloaded_as_it_lies_on_the_disk(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/settings")
    page.get_by_role("tab", name="Files and backups").click(timeout=LONG_MS)
    page.get_by_role("button", name="Make a backup").click(timeout=LONG_MS)
    download = page.get_by_role("button", name=re.compile("^Download ruwo-"))
    expect(download).to_be_visible()
    with page.expect_download(timeout=LONG_MS) as begun:
        download.click()
    folder = server.workspace.parent / "workspace-backups"
    (made,) = folder.glob("*.ruwo")
    assert begun.value.suggested_filename == made.name
    got = hashlib.sha256(begun.value.path().read_bytes()).hexdigest()
    assert got == hashlib.sha256(made.read_bytes()).hexdigest()
    expect(download).to_be_enabled()


def test_a_tab_that_shows_a_replaced_workspace_starts_over(server: Server, page: Page) -> None:
    backup = server.workspace.parent / "before.ruwo"
    workspace = workflow.open_workspace(server.workspace)
    workflow.backup_workspace(workspace, backup)
    before = statuses(server)
    page.goto(f"{server.url}/review?status=pending")
    expect(page.locator(".row").first).to_be_visible()

    workflow.restore_workspace(workspace, backup)
    workspace.close()
    page.keyboard.press("a")

    expect(page.get_by_text("The workspace was replaced by a backup.")).to_be_visible(
        timeout=LONG_MS
    )
    # It was done on what the screen showed; in the new one the same number may be another talk.
    expect(page.get_by_text("Not done: The workspace was replaced")).to_be_visible()
    assert statuses(server) == before
    for _time in range(20):
        page.keyboard.press("a")  # for a moment after a refusal keys are kept from doing harm
        page.wait_for_timeout(1000)
        if statuses(server).get(Status.APPROVED, 0) > before.get(Status.APPROVED, 0):
            break
    assert statuses(server).get(Status.APPROVED, 0) > before.get(Status.APPROVED, 0)
