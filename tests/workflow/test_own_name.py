"""The persona's name stands in the system text by choice, and so do its forms in the chats."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Decision, Persona, Replacement, Status
from curation.pii import own_forms
from curation.store import iter_conversations
from curation.workflow.masking import Masker
from curation.workflow.masking_rules import Masking

if TYPE_CHECKING:
    from pathlib import Path

    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat


@pytest.mark.parametrize(
    ("others", "in_it", "not_in_it"),
    [
        ((), {"蒋思源", "思源", "源源"}, {"小蒋", "老蒋", "蒋哥"}),
        (("王思源",), {"蒋思源"}, {"思源", "源源"}),
        (("蒋思源",), {"蒋思源", "思源"}, {"老蒋"}),
    ],
)
def test_forms_that_mean_nobody_else(
    others: tuple[str, ...], in_it: set[str], not_in_it: set[str]
) -> None:
    forms = own_forms("蒋思源", others)
    assert in_it <= forms
    assert not not_in_it & forms
    assert own_forms(" ", others) == set()


def test_the_personas_forms_stay_and_others_names_do_not(
    workspace: Workspace, write_chat: WriteChat, tmp_path: Path
) -> None:
    path = write_chat([(0, "周雨涵", "蒋思源在吗，思源？雨涵等你"), (1, "蒋思源", "源源来啦~")])
    workflow.import_files(workspace, [path], me={path: "蒋思源"})
    workflow.save_persona(workspace, Persona(name="蒋思源"))
    usual = workflow.load_settings(workspace)
    ways = {"PERSON": Replacement.SURROGATE}
    workflow.save_settings(workspace, replace(usual, replacements=ways))
    workflow.scan_findings(workspace)
    ids = [each.id for each in iter_conversations(workspace, ConversationFilter())]
    workflow.set_status(workspace, ids, Status.APPROVED)
    workflow.export_dataset(workspace, tmp_path / "out")
    (record,) = json.loads((tmp_path / "out" / "sharegpt.json").read_text(encoding="utf-8"))
    asked, answered = (turn["value"] for turn in record["conversations"])
    assert asked.startswith("蒋思源在吗，思源？")
    assert "雨涵" not in asked
    assert answered == "源源来啦~"


def _masked(workspace: Workspace, *texts: str, system: bool = False) -> list[str]:
    masker = Masker(Masking.of(workspace))
    return [each.text for each in masker.mask_texts(texts, system=system)]


@pytest.mark.parametrize("way", ["decided", "own term"])
def test_the_personas_name_is_masked_everywhere_where_a_person_masks_it(
    workspace: Workspace, way: str
) -> None:
    workflow.save_persona(workspace, Persona(name="雨涵"))
    texts = ["你是雨涵，正在聊天。", "背景：雨涵在家"]
    assert _masked(workspace, *texts, system=True) == texts
    if way == "decided":
        workflow.decide_value(workspace, "PERSON", "雨涵", Decision.MASK)
    else:
        workflow.always_mask(workspace, ["雨涵"], "PERSON")
    hidden = [text.replace("雨涵", "〔姓名〕") for text in texts]
    assert _masked(workspace, *texts, system=True) == hidden
    assert _masked(workspace, *texts) == hidden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("周雨涵从小爱笑，周雨涵的妈妈王秀英", "〔姓名〕雨涵从小爱笑，〔姓名〕雨涵的妈妈〔姓名〕"),
        ("欧阳雨涵从小爱笑", "〔姓名〕雨涵从小爱笑"),
        ("雨涵从小爱笑", "雨涵从小爱笑"),
    ],
)
def test_a_surname_that_the_persona_does_not_tell_is_masked(
    workspace: Workspace, text: str, shown: str
) -> None:
    workflow.save_persona(workspace, Persona(name="雨涵"))
    assert _masked(workspace, text, system=True) == [shown]


@pytest.mark.parametrize(
    ("relation", "shown"),
    [
        ("周雨涵", "〔姓名〕"),
        ("雨涵", "〔姓名〕"),
        ("王秀英", "王秀英"),
        ("老婆", "老婆"),
    ],
)
def test_a_relation_that_names_a_contact_is_masked(
    workspace: Workspace, write_chat: WriteChat, relation: str, shown: str
) -> None:
    path = write_chat([(0, "周雨涵", "在吗"), (1, "小满", "在")], name="周雨涵")
    workflow.import_files(workspace, [path], me={path: "小满"})
    workflow.save_persona(workspace, Persona(name="小满", relations={"周雨涵": relation}))
    assert _masked(workspace, f"对方是你的{relation}。", system=True) == [f"对方是你的{shown}。"]
