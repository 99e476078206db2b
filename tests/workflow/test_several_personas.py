"""Several personas in a workspace, what was saved of each, and undo of all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from curation import workflow
from curation.errors import ActionRefusedError, PersonaError, StaleVersionError
from curation.model import Persona
from curation.store.workspace import migrate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.workflow import Workspace
    from tests.conftest import Databases

HOME = Persona(name="小满", personality="慢热", relations={"妈妈": "妈妈"})


def last_action(workspace: Workspace) -> str:
    return workflow.journal_page(workspace, page_size=1).lines[0].action


def test_what_is_saved_first_is_the_persona_that_is_exported(workspace: Workspace) -> None:
    assert workflow.load_persona(workspace) == Persona()
    number = workflow.save_persona(workspace, HOME)
    assert workflow.load_persona(workspace) == HOME
    assert workflow.kept_personas(workspace) == [
        workflow.KeptPersona(number or 0, active=True, persona=HOME)
    ]


@pytest.mark.on_both
def test_an_empty_persona_makes_none(workspace: Workspace) -> None:
    assert workflow.save_persona(workspace, Persona()) is None
    assert workflow.kept_personas(workspace) == []
    assert workflow.journal_page(workspace).total == 0


def test_another_persona_is_exported_once_it_is_chosen_and_relations_are_shared(
    workspace: Workspace,
) -> None:
    workflow.save_persona(workspace, HOME)
    work = workflow.add_persona(workspace, Persona(name="满工"))
    assert workflow.load_persona(workspace).name == "小满"
    workflow.use_persona(workspace, work)
    assert workflow.load_persona(workspace) == Persona(name="满工", relations=HOME.relations)
    workflow.undo(workspace)
    assert workflow.load_persona(workspace).name == "小满"
    workflow.redo(workspace)
    assert [each.active for each in workflow.kept_personas(workspace)] == [False, True]


def test_the_exported_persona_cannot_be_deleted_and_another_comes_back_whole(
    workspace: Workspace,
) -> None:
    first = workflow.save_persona(workspace, HOME) or 0
    with pytest.raises(ActionRefusedError, match="exported"):
        workflow.delete_persona(workspace, first)
    other = workflow.add_persona(workspace, Persona(name="满工"))
    workflow.save_persona(workspace, Persona(name="老满"), number=other, shown=Persona(name="满工"))
    before = workflow.persona_versions(workspace, other)
    workflow.delete_persona(workspace, other)
    assert [each.id for each in workflow.kept_personas(workspace)] == [first]
    workflow.undo(workspace)
    assert workflow.kept_personas(workspace)[1].persona.name == "老满"
    assert workflow.persona_versions(workspace, other) == before


def test_every_save_is_kept_and_says_what_it_changed(workspace: Workspace) -> None:
    number = workflow.save_persona(workspace, HOME) or 0
    workflow.save_persona(workspace, replace(HOME, occupation="画画", personality="爱笑"))
    workflow.save_persona(workspace, replace(HOME, occupation="画画", personality="爱笑"))
    versions = workflow.persona_versions(workspace, number)
    assert [each.changed for each in versions] == [
        ("personality", "occupation"),
        ("name", "personality"),
    ]
    assert versions[1].persona.personality == "慢热"


def test_going_back_is_an_action_that_can_be_undone(workspace: Workspace) -> None:
    number = workflow.save_persona(workspace, HOME) or 0
    workflow.save_persona(workspace, replace(HOME, personality="爱笑"))
    first = workflow.persona_versions(workspace, number)[-1]
    workflow.restore_persona(workspace, number, first.id)
    assert workflow.load_persona(workspace) == HOME
    assert last_action(workspace) == "restore_persona"
    assert len(workflow.persona_versions(workspace, number)) == 3
    workflow.undo(workspace)
    assert workflow.load_persona(workspace).personality == "爱笑"


@pytest.mark.on_both
def test_a_version_of_another_persona_is_refused(workspace: Workspace) -> None:
    number = workflow.save_persona(workspace, HOME) or 0
    other = workflow.add_persona(workspace, Persona(name="满工"))
    theirs = workflow.persona_versions(workspace, other)[0]
    with pytest.raises(ActionRefusedError):
        workflow.restore_persona(workspace, number, theirs.id)


def test_two_screens_change_different_fields_but_never_the_same_one_unseen(
    workspace: Workspace,
) -> None:
    number = workflow.save_persona(workspace, HOME)
    job, mood = replace(HOME, occupation="画画"), replace(HOME, personality="爱笑")
    workflow.save_persona(workspace, job, number=number, shown=HOME)
    workflow.save_persona(workspace, mood, number=number, shown=HOME)
    now = workflow.load_persona(workspace)
    assert (now.occupation, now.personality) == ("画画", "爱笑")
    with pytest.raises(StaleVersionError):
        workflow.save_persona(
            workspace, replace(HOME, personality="冷淡"), number=number, shown=HOME
        )
    assert workflow.load_persona(workspace) == now


def test_a_template_that_cannot_be_used_changes_nothing(workspace: Workspace) -> None:
    workflow.save_persona(workspace, HOME)
    with pytest.raises(PersonaError, match="line 1"):
        workflow.save_persona(workspace, replace(HOME, name="别", system_prompt="{{ nmae }}"))
    assert workflow.load_persona(workspace) == HOME


def test_a_relation_is_said_taken_away_and_undone(workspace: Workspace) -> None:
    workflow.set_relation(workspace, "阿橙", " 室友 ")
    assert workflow.load_persona(workspace).relations == {"阿橙": "室友"}
    workflow.set_relation(workspace, "阿橙", "")
    assert workflow.load_persona(workspace).relations == {}
    workflow.undo(workspace)
    assert workflow.load_persona(workspace).relations == {"阿橙": "室友"}


def test_the_journal_tells_the_fields_that_a_save_changed(workspace: Workspace) -> None:
    workflow.save_persona(workspace, HOME)
    workflow.save_persona(workspace, replace(HOME, personality="爱笑"))
    line = workflow.journal_page(workspace, page_size=1).lines[0]
    assert [(each.what, each.before, each.after) for each in line.details] == [
        ("persona.personality", "慢热", "爱笑")
    ]


def test_the_length_is_told_over_all_partners(workspace: Workspace) -> None:
    workflow.save_persona(workspace, HOME)
    lengths = workflow.system_lengths(workflow.load_persona(workspace))
    longest = workflow.preview_system(HOME, "妈妈")
    assert lengths.most == workflow.count_tokens(longest) > lengths.least > 0


@pytest.fixture
def older(tmp_path: Path, databases: Databases) -> Callable[[object], Path]:
    """Make a workspace as it was before there were several personas, with a persona in it."""

    def make(setting: object) -> Path:
        path = tmp_path / "older.db"
        engine = create_engine(databases.address(path, empty=True))
        with engine.begin() as connection:
            migrate(connection, "0014")
            if setting is not None:
                connection.execute(
                    text("INSERT INTO setting (key, value) VALUES ('persona', :value)"),
                    {"value": json.dumps(setting, ensure_ascii=False)},
                )
        engine.dispose()
        return path

    return make


def test_the_persona_of_an_older_workspace_is_the_first_one(
    older: Callable[[object], Path],
) -> None:
    told = {"name": "小满", "interests": "猫", "relations": {"妈": "妈妈"}, "system_prompt": ""}
    opened = workflow.open_workspace(older(told))
    assert workflow.load_persona(opened) == Persona(
        name="小满", interests="猫", relations={"妈": "妈妈"}
    )
    kept = workflow.kept_personas(opened)
    assert [each.active for each in kept] == [True]
    assert workflow.persona_versions(opened, kept[0].id)[0].changed == ("name", "interests")
    workflow.set_relation(opened, "妈", "")
    assert workflow.load_persona(opened).relations == {}
    opened.close()


@pytest.mark.parametrize("setting", [None, {"relations": {"妈": "妈妈"}}, {"name": ""}, []])
def test_an_older_workspace_without_a_persona_has_none(
    older: Callable[[object], Path], setting: object
) -> None:
    opened = workflow.open_workspace(older(setting))
    assert workflow.kept_personas(opened) == []
    held = setting.get("relations", {}) if isinstance(setting, dict) else {}
    assert workflow.load_persona(opened) == Persona(relations=held)
    opened.close()
