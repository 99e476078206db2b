"""Choosing what stands for private details, and what the export page shows when it is stopped."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from curation import pii, workflow
from curation.model import ConversationFilter, Replacement, Status
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def examples(at: AppTest) -> str:
    return "\n".join(re.sub("<[^>]*>", "", each.proto.body) for each in at.get("html"))


def test_a_way_is_chosen_for_each_kind_and_shown_at_once(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings").run()
    assert "138-0013-8000 → 〔电话〕" in examples(at)
    at.selectbox(key=Keys.REPLACEMENT + "PHONE_NUMBER").set_value(Replacement.PARTIAL).run()
    at.selectbox(key=Keys.REPLACEMENT + "PASSWORD").set_value(Replacement.REMOVE).run()

    assert not at.exception
    assert workflow.load_settings(empty).replacements == {
        "PHONE_NUMBER": Replacement.PARTIAL,
        "PASSWORD": Replacement.REMOVE,
    }
    assert "138-0013-8000 → 138-****-8000" in examples(at)
    assert "Qw3rty!9 → （没有这条消息）" in examples(at)


def test_one_click_chooses_for_all_kinds_that_have_the_way(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings").run()
    at.button(key="replace-all-partial").click().run()
    chosen = workflow.load_settings(empty).replacements
    assert chosen["PHONE_NUMBER"] is Replacement.PARTIAL
    assert chosen["PASSWORD"] is Replacement.PLACEHOLDER, "no part of a password is shown"

    at.button(key="replace-all-surrogate").click().run()
    chosen = workflow.load_settings(empty).replacements
    assert chosen["PERSON"] is chosen["PASSWORD"] is Replacement.SURROGATE
    assert chosen["CUSTOM_TERM"] is Replacement.PLACEHOLDER, "nobody knows what it is"
    name = re.search(
        "周雨涵 · 小周 · 涵涵 · 周老师 → (.)(.)(.) · 小(.) · (.)(.) · (.)老师", examples(at)
    )
    assert name is not None
    surname, _first, second, small, *twice, teacher = name.groups()
    assert (small, teacher, twice) == (surname, surname, [second, second])


@pytest.mark.parametrize("entity", pii.ENTITIES)
def test_every_kind_has_an_example_of_every_way(entity: str) -> None:
    shown = [workflow.replacement_example(entity, way) for way in workflow.replacement_ways(entity)]
    before = {each for each, _after in shown}
    assert len(before) == 1
    assert len({after for _before, after in shown}) == len(shown), "each way shows something else"


def test_what_is_chosen_is_what_the_files_hold(sample: Workspace, open_page: OpenPage) -> None:
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    open_page("settings").run().button(key="replace-all-surrogate").click().run()
    at = open_page("export").run()
    at.button(key="build").click().run()
    assert not at.exception
    (version,) = workflow.kept_versions(sample).versions
    path = workflow.version_file(sample, version, "report.json")
    assert path is not None
    report = json.loads(path.read_text(encoding="utf-8"))
    ways = report["findings"]["by_entity"]["PHONE_NUMBER"]["replaced_with"]
    assert set(ways) == {"surrogate"}
    assert any("替换方式：虚构值" in each.value for each in at.markdown)


def test_a_stopped_export_shows_each_place_and_the_way_there(
    sample: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.scan_findings(sample)
    values = [value for entity, value in all_values(sample) if entity == "PHONE_NUMBER"]
    broken = pii.StandIn(values[0], Replacement.SURROGATE)
    monkeypatch.setattr(pii.Replacer, "stand_in", lambda *_: broken)
    workflow.set_status(sample, ConversationFilter(), Status.APPROVED)
    at = open_page("export").run()
    at.button(key="build").click().run()

    assert not at.exception
    leaks = at.session_state["ruwo"].export_leaks
    assert leaks
    assert "没有导出" in at.error[0].value
    shown = "\n".join(each.value for each in (*at.markdown, *at.error))
    assert values[0] not in shown
    assert "〔电话〕" in shown
    at.button(key="leak-0").click().run()
    assert at.session_state["ruwo"].review_at == leaks[0].conversation


def all_values(workspace: Workspace) -> list[tuple[str, str]]:
    groups = workflow.finding_groups(workspace, page_size=500).groups
    return [(group.entity, group.value) for group in groups]
