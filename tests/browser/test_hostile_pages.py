"""Other sites in the same browser get nothing of the app: no line, no name for it, no frame."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from curation import workflow
from curation.store import tables
from tests.browser.conftest import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Server

# What a page of another site would try; each gives what came of it.
WEBSOCKET = """async (host) => new Promise((done) => {
  const socket = new WebSocket(`ws://${host}/_stcore/stream`);
  socket.onopen = () => done("open");
  socket.onerror = () => done("refused");
})"""
UPLOAD = """async (host) => {
  const form = new FormData();
  form.append("file", new Blob(["x"]), "x.csv");
  try {
    const url = `http://${host}/_stcore/upload_file/a/b`;
    const answer = await fetch(url, { method: "PUT", body: form, credentials: "include" });
    return answer.ok ? "taken" : "refused";
  } catch { return "refused"; }
}"""
AGENT = """async (host) => {
  try {
    const url = `http://${host}/_stcore/agent/interact`;
    const headers = { "content-type": "text/plain" };
    const answer = await fetch(url, { method: "POST", body: "{}", headers });
    return answer.ok ? "taken" : "refused";
  } catch { return "refused"; }
}"""


READ = """async (host) => {
  const paths = [
    "_stcore/health", "_stcore/host-config", "_stcore/metrics", "overview", "media/0.png",
    "_stcore/bidi-components/a/b.js",
  ];
  const asked = paths.map(path => fetch(`http://${host}/${path}`, { credentials: "include" }));
  const got = (await Promise.allSettled(asked)).filter(each => each.status === "fulfilled");
  return got.length ? `read ${got.map(each => each.value.url)}` : "refused";
}"""
DELETE = """async (host) => {
  try {
    const url = `http://${host}/_stcore/upload_file/a/b`;
    const answer = await fetch(url, { method: "DELETE", credentials: "include" });
    return answer.ok ? "taken" : "refused";
  } catch { return "refused"; }
}"""
# Under a name that was bound to this machine the browser takes all for one site, token and all.
UPLOAD_UNDER_THAT_NAME = """async () => {
  await fetch("/_stcore/health");
  const token = document.cookie.match(/_streamlit_xsrf=([^;]*)/)?.[1] ?? "none";
  const form = new FormData();
  form.append("file", new Blob(["x"]), "x.csv");
  const headers = { "X-Xsrftoken": token };
  const url = "/_stcore/upload_file/a/b";
  const answers = [
    await fetch(url, { method: "PUT", body: form, headers }),
    await fetch(url, { method: "PUT", body: form }),
  ];
  return answers.map(each => each.ok);
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
        """Say nothing."""


@contextmanager
def _site(folder: Path) -> Iterator[int]:
    """Serve a folder as another site; gives its port."""
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    try:
        yield serving.server_address[1]
    finally:
        serving.shutdown()
        serving.server_close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("hostile"), workflow.import_sample) as running:
        yield running


@pytest.fixture(autouse=True)
def opened(tab: Page, app: Server) -> None:
    """The person has the app open in another tab."""
    tab.goto(f"{app.url}/overview")
    expect(tab.get_by_role("heading", name="Overview")).to_be_visible()


@pytest.fixture
def hostile(tab: Page, tmp_path: Path) -> Iterator[Page]:
    """A tab on a page of another site."""
    (tmp_path / "index.html").write_text("<title>elsewhere</title>", encoding="utf-8")
    with _site(tmp_path) as port:
        tab.goto(f"http://rebound.example:{port}/")
        yield tab


@pytest.mark.parametrize(
    "attempt",
    [WEBSOCKET, UPLOAD, DELETE, AGENT, READ],
    ids=["line", "upload", "delete", "agent", "read"],
)
def test_a_page_of_another_site_reaches_nothing(hostile: Page, app: Server, attempt: str) -> None:
    assert hostile.evaluate(attempt, f"127.0.0.1:{app.port}") == "refused"


def test_a_name_that_was_bound_to_this_machine_opens_no_line(tab: Page, app: Server) -> None:
    # The page itself is Streamlit's empty shell; everything of the workspace comes over the line.
    tab.goto(f"http://rebound.example:{app.port}/overview")
    assert tab.evaluate(WEBSOCKET, f"rebound.example:{app.port}") == "refused"
    tab.wait_for_timeout(1500)
    assert "如我" not in tab.inner_text("body")


def test_a_name_that_was_bound_to_this_machine_sends_no_file(tab: Page, app: Server) -> None:
    tab.goto(f"http://rebound.example:{app.port}/overview")
    assert tab.evaluate(UPLOAD_UNDER_THAT_NAME) == [False, False]


def test_a_page_around_this_one_cannot_tell_it_what_to_do(tab: Page, app: Server) -> None:
    # Else a page on a host of Streamlit's makers could say where files are to be sent.
    assert tab.request.get(f"{app.url}/_stcore/host-config").json()["allowedOrigins"] == []


def test_a_closed_tab_leaves_no_chat_in_the_browser(tab: Page, app: Server) -> None:
    kept: list[str] = []
    for page in ("review", "table", "privacy", "persona", "journal"):
        tab.goto(f"{app.url}/{page}")
        expect(tab.locator('[data-test-script-state="running"]')).to_have_count(0)
        kept += [tab.title(), tab.url]
    kept += [f"{each['name']}={each['value']}" for each in tab.context.cookies()]
    kept.append(tab.evaluate("JSON.stringify({ ...localStorage })"))
    kept += tab.evaluate("indexedDB.databases().then(all => all.map(each => each.name))")
    kept += tab.evaluate("caches.keys()")
    with closing(workflow.open_workspace(app.workspace)) as workspace, workspace.read() as held:
        said = {*held.scalars(select(tables.message.c.original_text))}
        said |= {*held.scalars(select(tables.chat.c.name))}
    words = {text for text in said if len(text) > 1 and not text.isascii()}
    assert len(words) > 50
    assert [one for one in kept if any(word in one for word in words)] == []


def test_a_foreign_frame_stays_empty(tab: Page, app: Server, tmp_path: Path) -> None:
    page = f'<iframe src="{app.url}/overview" width="1200" height="700"></iframe>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    with _site(tmp_path) as port:
        tab.goto(f"http://rebound.example:{port}/")
        tab.wait_for_function("window.frames.length === 1")
        inner = tab.frames[1]
        inner.wait_for_function("document.documentElement.childElementCount === 0")
        assert inner.evaluate("document.documentElement.textContent") == ""
