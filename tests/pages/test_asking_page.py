"""Asking a model: connected in the settings, shown before it is sent, sent by a button alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from curation import workflow
from curation.endpoints import load_profiles, save_profile
from curation.model import ConversationFilter
from curation.ui.markdown import plain
from tests.model_service import KEY, Turn, running_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace
    from tests.model_service import Service

    OpenPage = Callable[[str], AppTest]


@pytest.fixture
def service() -> Iterator[Service]:
    with running_service() as running:
        running.answer = happy
        yield running


@pytest.fixture
def secrets(tmp_path: Path, database: Path) -> Path:
    """Return the file that keys of this test are kept in."""
    assert database.parent == tmp_path
    return tmp_path / "secrets.toml"


def happy(body: dict[str, Any]) -> Turn:
    told = [{"n": None, "emotion": "开心", "score": 0.75, "reason": "笑了"}]
    return Turn(json.dumps({"emotions": told} if "emotions" in str(body) else {"ok": True}))


def words(at: AppTest) -> str:
    """Return everything that the page says."""
    kinds = (at.markdown, at.caption, at.error, at.success, at.info, at.warning, at.toast, at.code)
    return "\n".join(str(each.value) for kind in kinds for each in kind)


def fill(at: AppTest, service: Service, **more: str) -> AppTest:
    """Fill the form of a new connection and save it."""
    at.button("add-connection-other").click().run()
    given = {"name": "here", "address": service.address, "model": "small", "key": KEY, **more}
    for field, value in given.items():
        at.text_input(f"connection-{field}").set_value(value)
    save = next(each for each in at.button if each.label == "保存并测试")
    return save.click().run()


def test_a_connection_is_saved_with_its_key_and_tried(
    sample: Workspace, open_page: OpenPage, service: Service, secrets: Path, tmp_path: Path
) -> None:
    at = fill(open_page("settings").run(), service)
    assert not at.exception
    (kept,) = load_profiles(secrets)
    assert (kept.name, kept.base_url, kept.model) == ("here", service.address, "small")
    assert kept.key == KEY
    assert "连接正常" in words(at)
    assert len(service.bodies) == 1
    assert KEY not in words(at)
    assert "connection-key" not in at.session_state or not at.session_state["connection-key"]
    workflow.backup_workspace(sample, tmp_path / "all.ruwo")
    with ZipFile(tmp_path / "all.ruwo") as everything:
        assert not [each for each in everything.namelist() if KEY.encode() in everything.read(each)]


def test_a_changed_connection_keeps_its_key_and_never_shows_it(
    sample: Workspace, open_page: OpenPage, service: Service, secrets: Path
) -> None:
    save_profile(secrets, service.profile())
    at = open_page("settings").run()
    at.button("edit-connection-0").click().run()
    assert at.text_input("connection-key").value == ""
    at.text_input("connection-model").set_value("large")
    next(each for each in at.button if each.label == "保存并测试").click().run()
    (kept,) = load_profiles(secrets)
    assert (kept.model, kept.key) == ("large", KEY)


def test_a_connection_that_fails_says_why(
    sample: Workspace, open_page: OpenPage, service: Service, secrets: Path
) -> None:
    service.answer = lambda _body: Turn(status=401)
    at = fill(open_page("settings").run(), service)
    assert "不接受这个密钥" in words(at)
    assert KEY not in words(at)
    at.button("forget-connection-0").click().run()
    assert load_profiles(secrets) == []
    assert KEY not in secrets.read_text("utf-8")


def test_what_cannot_be_an_address_is_refused_and_the_form_stays(
    sample: Workspace, open_page: OpenPage, service: Service, secrets: Path
) -> None:
    at = fill(open_page("settings").run(), service, address="here")
    assert "并写明主机" in words(at)
    assert at.text_input("connection-name").value == "here"
    assert load_profiles(secrets) == []


def test_without_a_connection_the_page_leads_to_the_settings(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("asking").run()
    assert not at.exception
    assert [each.key for each in at.button if each.key and each.key.startswith("ask")] == [
        "ask-connect"
    ]


@pytest.fixture
def page(sample: Workspace, open_page: OpenPage, service: Service, secrets: Path) -> AppTest:
    save_profile(secrets, service.profile(price_in=2.0, price_out=8.0))
    at = open_page("asking").run()
    assert not at.exception
    return at


def test_every_request_is_shown_and_none_is_sent_before_the_button(
    page: AppTest, sample: Workspace, service: Service
) -> None:
    page.number_input("ask-most").set_value(3).run()
    shown = []
    for place in (1, 2, 3):
        page.number_input("ask-place").set_value(place).run()
        chat, body = (each.value for each in page.code)
        assert json.loads(body)["messages"][1]["content"] == chat
        shown.append(json.loads(body))
    assert service.bodies == []
    assert "token" in words(page)
    page.button("ask-send").click().run()
    assert not page.exception
    assert service.bodies == shown
    assert "3 段对话有了回答" in words(page)
    told = [each for each in workflow.agreements(sample) if each.model == "small"]
    assert [each.open for each in told] == [3]


def test_what_is_shown_holds_no_private_detail_of_the_sample(
    page: AppTest, sample: Workspace
) -> None:
    with sample.read() as connection:
        query = "SELECT DISTINCT value FROM finding WHERE entity IN "
        kinds = "('PHONE_NUMBER', 'EMAIL_ADDRESS', 'PASSWORD', 'CN_ID_CARD', 'BANK_CARD')"
        private = list(connection.exec_driver_sql(query + kinds).scalars())
    assert private
    page.number_input("ask-most").set_value(100).run()
    count = page.number_input("ask-place").max
    assert count is not None
    shown = ""
    for place in range(1, int(count) + 1, 6):
        page.number_input("ask-place").set_value(place).run()
        shown += "".join(each.value for each in page.code)
    assert [each for each in private if each in shown] == []


def test_an_error_is_one_sentence_and_what_was_answered_stays(
    page: AppTest, sample: Workspace, service: Service
) -> None:
    page.number_input("ask-most").set_value(4).run()
    turns = iter([None, None, Turn(status=401)])
    service.answer = lambda body: next(turns, None) or happy(body)
    page.button("ask-send").click().run()
    assert not page.exception
    told = f"127.0.0.1:{service.port} 不接受这个密钥，或密钥不能用于这个模型（HTTP 401）。"
    assert [each.value for each in page.error] == [plain(told)]
    assert KEY not in words(page)
    assert sum(each.open for each in workflow.agreements(sample) if each.model == "small") == 2


def test_chosen_rows_of_the_table_can_be_asked_about(
    page: AppTest, sample: Workspace, service: Service
) -> None:
    state = page.session_state["ruwo"]
    state.ask_filter, state.ask_chosen = ConversationFilter(), (2, 5)
    state.ask_round += 1
    page.run()
    assert page.number_input("ask-place").max == 2
    page.button("ask-send").click().run()
    assert len(service.bodies) == 2
