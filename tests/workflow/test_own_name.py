"""The persona's name stands in the system text by choice, and so do its forms in the chats."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Persona, Replacement, Status
from curation.pii import own_forms
from curation.store import iter_conversations

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
