"""What an open tab still does once who sits there signed out, or lost their role."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_auth_routes as routes
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from curation import workflow
from curation.endpoints import Profile
from curation.ui import signing_in
from curation.ui.components.download import Wanted
from curation.ui.signing_in import Identity
from curation.ui.state import Keys, UiState
from curation.workflow import Role
from tests.pages.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

CLAIMS = {"is_logged_in": True, "sub": "1", "iss": "https://id.example.org", "email_verified": True}


@pytest.fixture
def app(sample: Workspace, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app, open in a tab of an owner who signed in."""
    del sample
    monkeypatch.setattr(signing_in, "_section", lambda: {"cookie_secret": "x" * 32})
    monkeypatch.setattr(signing_in, "is_authlib_installed", lambda: True)
    monkeypatch.setenv(signing_in.OWNER, "owner@example.org")
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.user = {**CLAIMS, "email": "owner@example.org", "iat": time.time()}
    at.run()
    assert not at.exception
    assert [each.key for each in at.button if each.key == "sign-out"]
    return at


def test_what_a_tab_keeps_is_the_same_persons_also_when_signing_in_is_set_up_anew(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mark(name: str, secret: str) -> str:
        monkeypatch.setattr(signing_in, "_section", lambda: {"cookie_secret": secret})
        monkeypatch.setattr(
            signing_in, "identity", lambda: Identity(name, appointed=False, session="")
        )
        return signing_in.own_mark(sample.acting_as(name, verified=True))

    workflow.set_member(sample.acting_as("a@example.org"), "b@example.org", Role.REVIEWER)
    mine = mark("b@example.org", "x" * 32)
    assert mine == mark("b@example.org", "y" * 32)
    assert mine != mark("a@example.org", "x" * 32)
    assert "b@" not in mine
    monkeypatch.setattr(signing_in, "_section", lambda: None)
    assert signing_in.own_mark(sample) == "", "nobody signs in"


def test_the_first_click_after_twelve_hours_shows_the_entrance(
    app: AppTest, sample: Workspace
) -> None:
    before = workflow.load_settings(sample).language
    app.user = {**app.user, "iat": time.time() - signing_in.HOURS * 3600 - 1}
    app.segmented_control(key=Keys.LANGUAGE).set_value("en").run()
    assert not app.exception
    assert not app.error
    assert [each.key for each in app.button] == ["sign-in-"]
    assert workflow.load_settings(sample).language == before


def test_who_opens_the_address_for_signing_out_is_signed_out_in_every_tab(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "y" * 32
    monkeypatch.setattr(routes, "get_cookie_secret", lambda: secret)
    cookie = create_signed_value(secret, USER_COOKIE_NAME, json.dumps(app.user)).decode()
    for held in ("nobody's", cookie):
        app.run()
        assert "sign-out" in [each.key for each in app.button]
        headers = [(b"cookie", f"{USER_COOKIE_NAME}={held}".encode())]
        asked = Request({"type": "http", "path": "/auth/logout", "headers": headers})
        with ThreadPoolExecutor(1) as apart:  # a browser test before left its loop in this thread
            answer = apart.submit(asyncio.run, routes._auth_logout(asked, "")).result()
        assert answer.status_code == HTTPStatus.FOUND
    app.run()
    assert [each.key for each in app.button] == ["sign-in-"]


@pytest.fixture
def demoted(sample: Workspace) -> Callable[[], None]:
    """What makes a reviewer of 阿橙, who was an owner until then."""
    owner = sample.acting_as("小满")
    workflow.set_member(owner, "阿橙", Role.OWNER)
    return lambda: workflow.set_member(owner, "阿橙", Role.REVIEWER)


def test_who_is_no_owner_any_more_removes_no_connection(
    demoted: Callable[[], None], open_page: OpenPage
) -> None:
    workflow.save_connection(Profile("mine", "https://example.org/v1", "m", key="made up"))
    at = open_page("settings")
    at.session_state["ruwo"] = UiState(reviewer="阿橙")
    at.run()
    remove = at.button(key="forget-connection-0")
    demoted()
    remove.click().run()
    assert not at.exception
    assert [each.value for each in at.toast] == ["只有这个工作区的所有者可以这样做。"]
    assert [each.name for each in workflow.load_connections()] == ["mine"]


def test_who_is_no_owner_any_more_is_told_that_nothing_was_changed(
    demoted: Callable[[], None], sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings")
    at.session_state["ruwo"] = UiState(reviewer="阿橙")
    at.run()
    before = workflow.load_settings(sample)
    demoted()
    at.selectbox(key=Keys.SETTINGS_ZONE).set_value("Asia/Tokyo").run()
    assert not at.exception
    assert [each.value for each in at.toast] == ["只有这个工作区的所有者可以这样做。"]
    assert workflow.load_settings(sample) == before


def test_who_is_no_member_any_more_is_asked_who_they_are(sample: Workspace) -> None:
    owner = sample.acting_as("小满")
    workflow.set_member(owner, "阿橙", Role.OWNER)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.session_state["ruwo"] = UiState(reviewer="阿橙")
    at.run()
    workflow.remove_member(owner, "阿橙")
    at.segmented_control(key=Keys.LANGUAGE).set_value("en").run()
    assert not at.exception
    assert not at.error
    assert [each.key for each in at.selectbox] == [Keys.ENTRANCE_NAME]


def piece(imported: str, path: Path, more: str = "") -> AppTest:
    """Return a part of a page that is drawn alone, as it is when it asks for it."""
    lines = ("from pathlib import Path", imported, f"draw(Path({str(path)!r}){more})")
    return AppTest.from_string("\n".join(lines), default_timeout=60)


def test_a_download_that_is_open_gives_its_file_to_owners_alone(
    demoted: Callable[[], None], tmp_path: Path
) -> None:
    path = tmp_path / "backup.ruwo"
    path.write_bytes(b"private")
    at = piece("from curation.ui.downloads import draw_download as draw", path, ", key='file'")
    at.session_state["ruwo"] = UiState(reviewer="阿橙", download_wanted=("file", Wanted("x", 0)))
    at.run()
    assert len(at.get("bidi_component")) == 1
    demoted()
    at.run()
    assert len(at.get("bidi_component")) == 0
    assert [each.value for each in at.error] == ["只有这个工作区的所有者可以这样做。"]


def test_a_training_that_is_watched_is_shown_to_owners_alone(
    demoted: Callable[[], None], tmp_path: Path
) -> None:
    demoted()
    at = piece("from curation.ui.training_run import _watched as draw", tmp_path)
    at.session_state["ruwo"] = UiState(reviewer="阿橙")
    at.run()
    assert [each.value for each in at.error] == ["只有这个工作区的所有者可以这样做。"]
