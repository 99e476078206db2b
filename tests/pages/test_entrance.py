"""Who is let in before anything of the workspace is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from curation.ui.state import Keys
from tests.pages.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "0123456789abcdef" * 2


@pytest.fixture
def app(database: Path) -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


@pytest.fixture(params=["address", "host", "any host"])
def _open_to_others(request: pytest.FixtureRequest) -> Iterator[None]:
    name, value = {
        "address": ("server.address", "0.0.0.0"),  # noqa: S104  (which is what is refused)
        "host": ("server.allowedHosts", ["ruwo.example.org"]),
        "any host": ("server.allowedHosts", []),
    }[request.param]
    before = config.get_option(name)
    config.set_option(name, value)
    yield
    config.set_option(name, before)


@pytest.mark.usefixtures("_open_to_others")
def test_who_is_open_to_others_without_signing_in_serves_only_why_not(
    app: AppTest, database: Path
) -> None:
    app.run()
    assert "没有设置登录" in app.error[0].value
    assert "RUWO" in app.markdown[1].value
    assert not database.exists(), "no workspace was opened, nor made"
    app.segmented_control(key=Keys.ENTRANCE_LANGUAGE).set_value("en").run()
    assert "nobody would have to sign in" in app.error[0].value


@pytest.mark.parametrize(
    ("auth", "told"),
    [
        ({"cookie_secret": SECRET, "client_id": "a"}, []),
        ({"cookie_secret": "guess", "client_id": "a"}, ["cookie_secret"]),
        ({}, ["cookie_secret"]),
    ],
)
def test_where_people_sign_in_nothing_is_read_before(
    app: AppTest, database: Path, auth: dict[str, str], told: list[str]
) -> None:
    app.secrets["auth"] = auth
    app.run()
    assert not app.exception
    assert ["cookie_secret" for each in app.error if "cookie" in each.value] == told
    assert [each.label for each in app.button] == ([] if told else ["登录"])
    assert not database.exists()


def test_every_provider_has_its_button(app: AppTest) -> None:
    one = {"client_id": "a", "client_secret": "b"}
    app.secrets["auth"] = {"cookie_secret": SECRET, "google": one, "school": one}
    app.run()
    assert [each.label for each in app.button] == ["用 google 登录", "用 school 登录"]
