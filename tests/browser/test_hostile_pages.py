"""Other sites in the same browser get nothing of the app: no line, no name for it, no frame."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
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


@pytest.mark.parametrize("attempt", [WEBSOCKET, UPLOAD, AGENT], ids=["line", "upload", "agent"])
def test_a_page_of_another_site_reaches_nothing(hostile: Page, app: Server, attempt: str) -> None:
    assert hostile.evaluate(attempt, f"127.0.0.1:{app.port}") == "refused"


def test_a_name_that_was_bound_to_this_machine_opens_no_line(tab: Page, app: Server) -> None:
    # The page itself is Streamlit's empty shell; everything of the workspace comes over the line.
    tab.goto(f"http://rebound.example:{app.port}/overview")
    assert tab.evaluate(WEBSOCKET, f"rebound.example:{app.port}") == "refused"
    tab.wait_for_timeout(1500)
    assert "如我" not in tab.inner_text("body")


def test_a_foreign_frame_stays_empty(tab: Page, app: Server, tmp_path: Path) -> None:
    page = f'<iframe src="{app.url}/overview" width="1200" height="700"></iframe>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    with _site(tmp_path) as port:
        tab.goto(f"http://rebound.example:{port}/")
        tab.wait_for_function("window.frames.length === 1")
        inner = tab.frames[1]
        inner.wait_for_function("document.documentElement.childElementCount === 0")
        assert inner.evaluate("document.documentElement.textContent") == ""
