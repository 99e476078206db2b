"""MBTI answers said anew by a model: shown first, sent by a button, the rest stays by rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation import workflow
from curation.endpoints import save_profile
from curation.model import ConversationFilter
from curation.ui.state import Keys
from tests.model_service import Turn, running_service

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

pytestmark = pytest.mark.in_turn

THINGS: Final = ("画画", "爬山", "看海")


def picked(open_page: Callable[[str], AppTest], folder: Path) -> AppTest:
    """Return the page with three answers picked from a file."""
    pairs = [(f"你喜欢{each}吗？", f"我很喜欢{each}，一有空就去。") for each in THINGS]
    records = [{"instruction": ask, "input": "", "output": told} for ask, told in pairs]
    path = folder / "zh_energy_introversion.json"
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    at = open_page("mbti").run()
    at.text_input(key=Keys.MBTI_PATH).set_value(str(path)).run()
    at.selectbox(key=Keys.MBTI_TYPE).set_value("INFP").run()
    return at.button(key="mbti-pick").click().run()


def texts_in(body: dict[str, Any]) -> list[str]:
    told: list[str] = json.loads(body["messages"][1]["content"])["texts"]
    return told


def test_without_a_connection_no_model_is_offered(
    sample: Workspace, open_page: Callable[[str], AppTest], tmp_path: Path
) -> None:
    at = picked(open_page, tmp_path)
    assert not at.exception
    assert "mbti-send" not in [each.key for each in at.button]


def test_a_model_rewrites_what_was_picked_once_it_was_shown(
    sample: Workspace, open_page: Callable[[str], AppTest], tmp_path: Path
) -> None:
    def moody(body: dict[str, Any]) -> Turn:
        (text,) = texts_in(body)
        told = [] if "看海" in text else [[f"超爱{text[4:6]}~", "哈哈"]]
        return Turn(json.dumps({"texts": told}, ensure_ascii=False))

    with running_service() as service:
        service.answer = moody
        save_profile(tmp_path / "secrets.toml", service.profile())
        at = picked(open_page, tmp_path)
        shown = []
        for place in (1, 2, 3):
            at.number_input(Keys.REWRITE_PLACE).set_value(place).run()
            shown.append(json.loads(at.code[0].value))
        assert service.bodies == []
        at.button(key="mbti-send").click().run()
        assert not at.exception
        sent = [json.dumps(each, sort_keys=True) for each in service.bodies]
        assert set(sent) == {json.dumps(each, sort_keys=True) for each in shown}
    drawn = "".join(each.value for each in at.html)
    assert "超爱画画~" in drawn
    assert "超爱看海" not in drawn  # an answer of no use leaves what the rules said
    at.button(key="mbti-take").click().run()
    kept = ConversationFilter(sources=(workflow.MBTI,))
    records = workflow.review_window(sample, kept).records
    said = {message.text for each in records for message in each.conversation.messages}
    assert {"超爱画画~", "超爱爬山~", "哈哈"} <= said
    assert "你喜欢看海吗？" in said
