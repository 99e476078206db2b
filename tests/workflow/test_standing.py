"""What a page says will stand for a value is what the export writes."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import Decision, Persona, Replacement
from curation.workflow.stand_ins import StandIns

if TYPE_CHECKING:
    from curation.workflow import Workspace
    from curation.workflow.masking_rules import Masking
    from tests.workflow.conftest import WriteChat

PHONE = "13812345678"


@pytest.fixture
def filled(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    path = write_chat([(0, "阿橙", f"电话{PHONE}"), (1, "小满", "好")])
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.scan_findings(workspace)
    return workspace


@pytest.mark.parametrize("way", Replacement)
@pytest.mark.parametrize("decision", Decision)
def test_what_is_shown_is_what_the_record_holds(
    filled: Workspace, way: Replacement, decision: Decision
) -> None:
    usual = workflow.load_settings(filled)
    workflow.save_settings(filled, replace(usual, replacements={"PHONE_NUMBER": way}))
    workflow.decide_value(filled, "PHONE_NUMBER", PHONE, decision)
    (group,) = workflow.finding_groups(filled).groups
    (stands,) = workflow.standing(filled, [group])
    said = [text for _role, text in workflow.preview_record(filled, 1).turns if "电话" in text]
    assert said == ([] if stands.removed else [f"电话{stands.text}"])
    assert stands.kept == (decision is Decision.KEEP)


def test_values_are_invented_anew_only_where_the_real_ones_change(
    workspace: Workspace, write_chat: WriteChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Masking] = []
    real = "lihua_1990"

    def counted(masking: Masking) -> StandIns:
        built.append(masking)
        return StandIns(masking)

    def told(account: str, minute: int) -> None:
        lines = [(minute, "阿橙", f"我微信号是{account}"), (minute + 1, "小满", "好")]
        path = write_chat(lines, first_id=minute)
        workflow.import_files(workspace, [path], me={path: "小满"})
        workflow.scan_findings(workspace)

    def shown() -> str:
        groups = workflow.finding_groups(workspace).groups
        (group,) = (each for each in groups if each.value == real)
        return workflow.standing(workspace, [group])[0].text

    # The package has a function of the module's name.
    monkeypatch.setattr(import_module("curation.workflow.standing"), "StandIns", counted)
    ways = {"WECHAT_ID": Replacement.SURROGATE}
    workflow.save_settings(workspace, replace(workflow.load_settings(workspace), replacements=ways))
    told(real, 1)
    first = shown()
    for decision in (Decision.MASK, Decision.PENDING):
        workflow.decide_value(workspace, "WECHAT_ID", real, decision)
        assert shown() == first
    assert len(built) == 1
    told(first, 5)
    assert shown() not in (first, real)
    assert len(built) == 2
    record = workflow.preview_record(workspace, 1)
    assert f"我微信号是{shown()}" in [text for _role, text in record.turns]


@pytest.mark.parametrize(
    ("name", "listed"),
    [("雨涵", ["周雨涵"]), ("周雨涵", [])],  # the surname is masked; nothing is
)
def test_a_name_of_which_only_a_part_is_masked_is_listed(
    filled: Workspace, name: str, listed: list[str]
) -> None:
    workflow.save_persona(filled, Persona(name=name, personality="周雨涵从小爱笑"))
    found = workflow.beside_findings(filled)
    assert [each.group.value for each in found] == listed
    if listed:
        # What is shown is what the record will not hold.
        assert found[0].group.shown == "周"
        (stands,) = workflow.standing(filled, [found[0].group])
        assert f"{stands.text}雨涵从小爱笑" in workflow.preview_record(filled, 1).system
        workflow.decide_value(filled, "PERSON", "周雨涵", Decision.KEEP)
        (kept,) = workflow.beside_findings(filled)
        assert kept.group.decision is Decision.KEEP
        assert "周雨涵从小爱笑" in workflow.preview_record(filled, 1).system


def test_what_stands_in_the_persona_is_not_for_reviewers(filled: Workspace) -> None:
    workflow.save_persona(filled, Persona(name="小满", personality="打13900001234找她"))
    owner = filled.acting_as("小满")
    workflow.set_member(owner, "阿橙", workflow.Role.REVIEWER)
    assert len(workflow.beside_findings(owner)) == 1
    assert workflow.beside_findings(filled.acting_as("阿橙")) == ()


def test_what_is_found_in_backgrounds_and_the_persona_is_listed_where_it_stands(
    filled: Workspace,
) -> None:
    workflow.save_persona(
        filled,
        Persona(
            name="小满", personality="小满爱笑", occupation=f"打{PHONE}", relations={"阿橙": "同事"}
        ),
    )
    workflow.decide_value(filled, "PHONE_NUMBER", PHONE, Decision.KEEP)
    (only,) = workflow.beside_findings(filled)
    assert (only.group.value, only.group.decision) == (PHONE, Decision.KEEP)
    assert [place.field for place in only.places] == ["occupation"]
