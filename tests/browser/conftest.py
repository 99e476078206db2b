"""A real Chromium and a real server for the browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect, sync_playwright

from curation import workflow
from tests.browser import warm
from tests.browser.desk import LONG_MS, SLOW, Desk
from tests.browser.review_seed import seed
from tests.examples import IN_TURN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from curation.workflow import Workspace
    from tests.browser.review_seed import Line

ROOT: Final = Path(__file__).parents[2]
_NAMES: Final = (
    # A name of somebody else's that leads to this machine, as after a rebinding of names.
    "MAP rebound.example 127.0.0.1",
    # The browser's own wishes: its updates, where they lie, and what the fields of a form are.
    "MAP update.googleapis.com ~NOTFOUND",
    "MAP redirector.gvt1.com ~NOTFOUND",
    "MAP content-autofill.googleapis.com ~NOTFOUND",
    "MAP * 192.0.2.1",  # an address that belongs to nobody: whoever wants out is counted
    "EXCLUDE 127.0.0.1",
    "EXCLUDE localhost",
)
ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules={', '.join(_NAMES)}",
)
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
START_SECONDS: Final = 60
_WARM: Final = warm.Warm()

# Nobody waits that long for a page that is as it should be; but a busy machine may.
expect.set_options(timeout=LONG_MS)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Take turns in the browser: a page needs seconds to be there."""
    if item.get_closest_marker("every_run") is None:
        item.add_marker(IN_TURN)


def find_chromium() -> str | None:
    """Return the path of a Chromium-like browser, None when this machine has none."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *PLACES) if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; skips without one, unless RUWO_REQUIRE_BROWSER=1."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium found: install one, or name it in CHROMIUM"
        if os.environ.get("RUWO_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for a module: its process has compiled Streamlit's scripts, half a page's work.

    `as_new` makes it a tab that was never there.
    """
    context = browser.new_context()
    context.set_default_timeout(LONG_MS)  # a busy machine, again
    yield context.new_page()
    context.close()


def as_new(tab: Page, server: Server, *, width: int, height: int) -> None:
    """Take from the tab what it kept of the server's pages, and give it a size."""
    tab.goto(f"{server.url}/_stcore/health")  # no page of ours, but of their origin
    tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    tab.context.clear_cookies()
    tab.set_viewport_size({"width": width, "height": height})


@pytest.fixture(scope="session", autouse=True)
def _warm_servers() -> Iterator[None]:
    _WARM.used = warm.POSSIBLE
    yield
    _WARM.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Server:
    """`streamlit run app.py` on a workspace of its own; can be killed and started again."""

    workspace: Path
    log: Path
    streamlit: tuple[str, ...] = ("-m", "streamlit")
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | warm.Fork | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it is healthy."""
        options = {"server.port": self.port, "server.headless": "true"}
        arguments = [f"--{name}={value}" for name, value in options.items()]
        command = [*self.streamlit, "run", "app.py", *arguments]
        surroundings = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "RUWO_WORKSPACE": str(self.workspace),
            **self.environment,
        }
        if _WARM.used:
            self.process = _WARM.fork(command, surroundings, self.log)
        else:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, *command], cwd=ROOT, env=surroundings, stdout=log, stderr=log
                )
        deadline = time.monotonic() + START_SECONDS
        while not self._healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"the server did not start:\n{self.log.read_text(encoding='utf-8')}")
            time.sleep(0.1)

    def slow(self, told: float | str) -> None:
        """Let a `SLOW` server wait so many seconds where it would answer, or hold its work."""
        whole = self.workspace.with_name("delay.new")
        whole.write_text(str(told), encoding="utf-8")
        delay = whole.replace(whole.with_name("delay"))  # a reader never sees half of it
        self.environment["RUWO_TEST_DELAY"] = str(delay)

    def _healthy(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/_stcore/health")
            return connection.getresponse().status == HTTPStatus.OK
        except (HTTPException, OSError):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def served(
    folder: Path, fill: Callable[[Workspace], object], language: str = "en"
) -> Iterator[Server]:
    """Run the app on a workspace of its own, in which `fill` put what is needed."""
    running = Server(folder / "workspace.db", folder / "log.txt")
    workspace = workflow.open_workspace(running.workspace)
    workflow.save_settings(workspace, workflow.Settings(language=language))
    fill(workspace)
    workspace.close()
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def review_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a module's desks, whose answers can be made slow."""
    folder = tmp_path_factory.mktemp("review")
    running = Server(folder / "workspace.db", folder / "log.txt", SLOW)
    running.slow(0)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def make_desk(review_server: Server, tab: Page) -> Iterator[Callable[..., Desk]]:
    """Return a function that puts a chat of its own before the person."""

    def accept(dialog: Dialog) -> None:
        dialog.accept()

    tab.on("dialog", accept)

    def make(
        *, plain_ones: int = 8, first: tuple[tuple[Line, ...], ...] = (), width: int = 1280
    ) -> Desk:
        chat = f"阿橙 {uuid.uuid4().hex[:6]}"
        seed(review_server.workspace, chat, plain_ones=plain_ones, first=first)
        as_new(tab, review_server, width=width, height=844)
        desk = Desk(review_server, tab, chat)
        desk.slow(0)
        desk.open()
        return desk

    yield make
    tab.remove_listener("dialog", accept)
