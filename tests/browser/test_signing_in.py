"""Signing in, as a browser sees it: refused before, then each person as what they are."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.model import Status
from curation.workflow import Role
from tests.browser.conftest import Server
from tests.browser.desk import LONG_MS
from tests.oidc_provider import CLIENT, provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where people sign in, on a workspace with a reviewer."""
    tmp_path = tmp_path_factory.mktemp("team")
    running = Server(tmp_path / "workspace.db", tmp_path / "log.txt")
    workspace = workflow.open_workspace(running.workspace)
    workflow.import_sample(workspace)
    workflow.save_settings(workspace, workflow.Settings(language="zh", toured=True))
    boss = workspace.acting_as("owner@example.org")
    workflow.set_member(boss, "reviewer@example.org", Role.REVIEWER)
    workflow.hide_from_reviewers(boss, hidden=True)
    workspace.close()
    with provider() as issuer:
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            f"""
[auth]
redirect_uri = "{running.url}/oauth2callback"
cookie_secret = "{"0123456789abcdef" * 4}"
client_id = "{CLIENT}"
client_secret = "nobody needs to know"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_kwargs = {{ prompt = "login" }}
""",
            "utf-8",
        )
        running.environment |= {
            "STREAMLIT_SECRETS_FILES": str(secrets),
            "RUWO_SECRETS": str(secrets),
            "RUWO_OWNER": "owner@example.org",
        }
        running.start()
        yield running
        running.kill()


@contextmanager
def someone(browser: Browser, team: Server, person: str) -> Iterator[Page]:
    """Sign somebody in, in a browser of their own."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(team.url)
    page.get_by_role("button", name="登录").click(timeout=LONG_MS)
    page.get_by_role("link", name=person, exact=True).click(timeout=LONG_MS)
    yield page
    page.context.close()


def test_who_signs_in_is_an_owner_a_reviewer_or_nobody(browser: Browser, team: Server) -> None:
    page = browser.new_page()
    for address in ("", "/review", "/export", "/settings"):
        page.goto(team.url + address)
        expect(page.get_by_role("button", name="登录")).to_be_visible()
        assert page.get_by_test_id("stSidebarNav").count() == 0
        assert "阿" not in page.inner_text("body"), "nothing of any chat"
    page.context.close()

    with someone(browser, team, "owner") as page:
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("导出")
        page.goto(f"{team.url}/settings")
        page.get_by_role("tab", name="成员").click(timeout=LONG_MS)
        expect(page.get_by_text("reviewer@example.org")).to_be_visible()
        expect(page.get_by_text("owner@example.org").first).to_be_visible()
        page.get_by_role("button", name="退出登录").click()
        expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()

    with someone(browser, team, "reviewer") as page:
        nav = page.get_by_test_id("stSidebarNav")
        expect(nav).to_contain_text("复审")
        expect(nav).not_to_contain_text("导出")
        page.goto(f"{team.url}/export")
        expect(page.get_by_text("“导出”这一页归所有者")).to_be_visible()
        page.get_by_role("button", name="去复审").click()
        expect(page.locator(".bubble").first).to_be_visible()
        record = page.locator('[data-command="record"]')
        expect(record).to_have_attribute("aria-disabled", "true")
        page.goto(f"{team.url}/settings")
        expect(page.get_by_text("你在这里是审阅者")).to_be_visible()
        assert page.get_by_label("你在操作记录里的名字").count() == 0, "no name can be typed"

    for person in ("stranger", "liar"):
        with someone(browser, team, person) as page:
            expect(page.get_by_text("还不是这个工作区的成员")).to_be_visible()
            expect(page.get_by_role("button", name="退出登录")).to_be_visible()
            assert page.get_by_test_id("stSidebarNav").count() == 0

    with someone(browser, team, "yesterday") as page:
        expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()


def test_who_signed_out_in_one_tab_reviews_in_none(browser: Browser, team: Server) -> None:
    def approved() -> int:
        workspace = workflow.open_workspace(team.workspace)
        count = workflow.count_by_status(workspace)[Status.APPROVED]
        workspace.close()
        return count

    with someone(browser, team, "reviewer") as page:
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("复审")
        page.goto(f"{team.url}/review")
        expect(page.locator(".row").first).to_be_visible()
        page.keyboard.press("a")
        deadline = time.monotonic() + LONG_MS / 1000
        while not approved():
            assert time.monotonic() < deadline
            page.wait_for_timeout(200)
        other = page.context.new_page()
        other.goto(f"{team.url}/settings")
        other.get_by_role("button", name="退出登录").click(timeout=LONG_MS)
        expect(other.get_by_role("button", name="登录", exact=True)).to_be_visible()
        page.bring_to_front()
        page.keyboard.press("a")
        expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
        assert approved() == 1


def test_what_one_person_typed_does_not_wait_for_the_next_one(
    browser: Browser, team: Server
) -> None:
    kept = "JSON.stringify(Object.entries(sessionStorage))"
    with someone(browser, team, "owner") as page:
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("复审")
        page.on("dialog", lambda dialog: dialog.accept())
        open_review(page, team)
        page.keyboard.press("t")
        page.keyboard.type("words of the owner")
        page.wait_for_function(f"{kept}.includes('of the owner')", timeout=LONG_MS)
        open_review(page, team)
        assert "of the owner" in page.evaluate(kept), "the same person finds it again"

        page.get_by_role("button", name="退出登录").click(timeout=LONG_MS)
        page.get_by_role("button", name="登录", exact=True).click(timeout=LONG_MS)
        page.get_by_role("link", name="reviewer", exact=True).click(timeout=LONG_MS)
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("复审")
        open_review(page, team)
        assert "ruwo.review.@" in page.evaluate(kept)
        assert "of the owner" not in page.evaluate(kept)
        assert "example.org" not in page.evaluate(kept), "whose it is stays unsaid"


UNSENT = """mark => sessionStorage.setItem(`ruwo.review.${mark}boxes`, JSON.stringify([{
  client: "c", next: 3, seen: 0,
  actions: [1, 2].map((n) => ({ n, type: "set_note", id: 1, version: 1, text: "their words" })),
}]))"""


def test_clicks_that_may_be_of_another_are_told_of_and_not_sent(
    browser: Browser, team: Server
) -> None:
    with someone(browser, team, "reviewer") as page:
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("复审")
        for mark in ("", "@0123456789abcdef/"):  # as older versions left them, and of somebody else
            page.evaluate(UNSENT, mark)
        open_review(page, team)
        expect(page.locator(".banner")).to_have_count(1)
        expect(page.locator(".banner")).to_contain_text("4 步")
        assert "their words" not in page.evaluate("JSON.stringify(sessionStorage)")
        open_review(page, team)
        expect(page.locator(".banner")).to_have_count(1)
        page.locator(".banner button").click()
        expect(page.locator(".banner")).to_have_count(0)


def open_review(page: Page, team: Server) -> None:
    page.goto(f"{team.url}/review")
    expect(page.locator(".bubble").first).to_be_visible()
