"""What owners, reviewers and everybody else may do in a workspace."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from curation import workflow
from curation.errors import ActionRefusedError, NotAllowedError, NotAMemberError, RuwoError
from curation.model import ConversationFilter, JournalQuery, Status
from curation.store import journal, members, terms
from curation.store.settings import put_setting
from curation.store.tables import chat, persona
from curation.workflow import Role, roles

if TYPE_CHECKING:
    from pathlib import Path

    from curation.workflow import Workspace
    from tests.workflow.conftest import WriteChat

EVERYTHING = ConversationFilter()


def demote(workspace: Workspace, name: str) -> None:
    workflow.set_member(workspace, name, Role.REVIEWER)


@pytest.fixture
def team(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    """A workspace with an owner, a reviewer and some conversations."""
    first, second = (
        [(0, "阿橙", "在吗"), (1, "小满", "在")],
        [(600, "阿橙", "早"), (601, "小满", "早")],
    )
    chat = write_chat([*first, *second])
    workflow.import_files(workspace, [chat], me={chat: "小满"})
    workflow.set_member(workspace.acting_as("小满"), "阿橙", Role.REVIEWER)
    return workspace


def names(workspace: Workspace) -> dict[str, Role]:
    return {each.name: each.role for each in workflow.all_members(workspace)}


def test_a_single_person_notices_nothing_of_roles(workspace: Workspace) -> None:
    for name in ("", "小满", "谁都行"):
        acting = workspace.acting_as(name)
        assert workflow.access_of(acting).role is Role.OWNER
        workflow.save_settings(acting, workflow.Settings(gap_minutes=45))
    assert names(workspace) == {}


def test_who_makes_the_first_list_stands_on_it_as_an_owner(team: Workspace) -> None:
    assert names(team) == {"小满": Role.OWNER, "阿橙": Role.REVIEWER}
    assert {each.added_by for each in workflow.all_members(team)} == {"小满"}


def test_an_address_is_the_same_member_however_it_is_written(workspace: Workspace) -> None:
    owner = workspace.acting_as("Boss@Example.org")
    workflow.set_member(owner, "R@Example.org", Role.OWNER)
    assert names(workspace) == {"boss@example.org": Role.OWNER, "r@example.org": Role.OWNER}
    for name, signed_in in (("Boss@Example.org", False), ("boss@example.org", True)):
        acting = workspace.acting_as(name, verified=signed_in)
        assert workflow.access_of(acting).role is Role.OWNER
    workflow.set_member(owner, "BOSS@example.org", Role.REVIEWER)
    assert names(workspace)["boss@example.org"] is Role.REVIEWER
    workflow.remove_member(workspace.acting_as("r@example.org"), "Boss@Example.org")
    assert names(workspace) == {"r@example.org": Role.OWNER}


def test_a_letter_that_only_looks_alike_makes_another_member(workspace: Workspace) -> None:
    workflow.set_member(workspace.acting_as("小满"), "kim@example.org", Role.REVIEWER)
    kelvin = "\N{KELVIN SIGN}im@example.org"
    assert workflow.member_name(kelvin) == kelvin
    for signed_in in (True, False):
        acting = workspace.acting_as(kelvin, verified=signed_in)
        assert workflow.access_of(acting).role is None


@pytest.mark.parametrize("name", ["", "陌生人", "小满 ", "阿橙\n"])
def test_who_is_not_listed_gets_nothing_once_anybody_is(team: Workspace, name: str) -> None:
    acting = team.acting_as(name)
    for function in (workflow.chats, workflow.load_settings, workflow.is_empty):
        with pytest.raises(NotAMemberError):
            function(acting)
    with pytest.raises(NotAMemberError):
        workflow.set_status(acting, EVERYTHING, Status.APPROVED)


def test_who_signed_in_is_nobody_until_listed_also_where_nobody_is(workspace: Workspace) -> None:
    stranger = workspace.acting_as("first@example.org", verified=True)
    assert workflow.access_of(stranger).role is None
    with pytest.raises(NotAMemberError):
        workflow.is_empty(stranger)
    appointed = workspace.acting_as("boss@example.org", verified=True, appointed=True)
    workflow.set_member(appointed, "First@Example.org", Role.REVIEWER)
    assert workflow.access_of(stranger).role is Role.REVIEWER


@pytest.mark.parametrize("way", ["remove", "demote", "undo"])
def test_the_last_owner_stays_one(team: Workspace, way: str) -> None:
    owner = team.acting_as("小满")
    if way == "undo":
        workflow.set_member(owner, "阿橙", Role.OWNER)
        workflow.set_member(team.acting_as("阿橙"), "小满", Role.REVIEWER)
        entry = workflow.journal_page(team, JournalQuery()).lines[1].id
        with pytest.raises(ActionRefusedError):
            workflow.undo_action(team, entry)
        assert names(team) == {"阿橙": Role.OWNER, "小满": Role.REVIEWER}
        return
    change = workflow.remove_member if way == "remove" else demote
    with pytest.raises(ActionRefusedError):
        change(owner, "小满")
    assert names(team) == {"小满": Role.OWNER, "阿橙": Role.REVIEWER}


def test_changes_of_members_stand_in_the_journal_and_can_be_undone(team: Workspace) -> None:
    owner = team.acting_as("小满")
    workflow.set_member(owner, "老陈", Role.REVIEWER)
    workflow.set_member(owner, "老陈", Role.OWNER)
    changed = workflow.journal_page(team, JournalQuery()).lines[0].details[0]
    assert (changed.about, changed.before, changed.after) == ("老陈", "reviewer", "owner")
    workflow.remove_member(owner, "老陈")
    lines = workflow.journal_page(team, JournalQuery()).lines
    assert [each.action for each in lines[:3]] == ["remove_member", "set_member", "set_member"]
    assert lines[0].details[0].before == "老陈"
    assert workflow.undo(owner) == "remove_member"
    assert names(team)["老陈"] is Role.OWNER
    workflow.undo(owner)
    assert names(team)["老陈"] is Role.REVIEWER
    workflow.redo(owner)
    assert names(team)["老陈"] is Role.OWNER


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_member_has_a_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(ActionRefusedError):
        workflow.set_member(workspace.acting_as("小满"), name, Role.OWNER)
    assert names(workspace) == {}


def test_nobody_lists_others_without_a_name_of_their_own(workspace: Workspace) -> None:
    with pytest.raises(ActionRefusedError):
        workflow.set_member(workspace.acting_as(""), "阿橙", Role.REVIEWER)
    assert names(workspace) == {}


def test_a_reviewer_reviews(team: Workspace) -> None:
    reviewer = team.acting_as("阿橙")
    window = workflow.review_window(reviewer, EVERYTHING)
    assert len(window.records) == 2
    assert workflow.set_status(reviewer, EVERYTHING, Status.APPROVED) == 2
    assert workflow.undo(reviewer) == "set_status"
    assert workflow.redo(reviewer) == "set_status"
    assert workflow.count_by_status(team)[Status.APPROVED] == 2


def test_a_reviewer_takes_back_only_what_they_did(team: Workspace) -> None:
    workflow.set_status(team.acting_as("小满"), EVERYTHING, Status.APPROVED)
    entry = workflow.journal_page(team, JournalQuery()).lines[0].id
    reviewer = team.acting_as("阿橙")
    with pytest.raises(NotAllowedError):
        workflow.undo_action(reviewer, entry)
    workflow.undo_action(team.acting_as("小满"), entry)
    with pytest.raises(NotAllowedError):
        workflow.redo_action(reviewer, entry)


OF_EVERYBODY = {
    *("access_of", "bulk_engine", "can_encrypt", "is_encrypted", "member_names"),
}
"""Nothing of what a workspace holds is in these but names of members, to choose one's own of."""
OF_NO_WORKSPACE = {
    *("chat_models", "forget_connection", "forget_spark", "load_connections", "save_connection"),
    *("save_spark", "stop_training", "try_connection", "try_spark"),
}
"""Owners' functions that are about no workspace."""
OF_REVIEWERS = {
    *("agreements", "chats", "commit_actions", "conversation_page", "count_by_status"),
    *(
        "count_matching",
        "do_bulk",
        "extend_leases",
        "give_back_leases",
        "index_words",
        "is_empty",
    ),
    *("journal_actions", "journal_lines", "journal_page", "journal_reviewers", "last_steps"),
    *(
        "load_settings",
        "overview_of",
        "persona_name",
        "plan_bulk",
        "prepare_search",
        "redo",
        "redo_action",
    ),
    *("restore", "review_window", "save_drafts"),
    *("set_status", "sources", "suggestion_counts", "tab_mark", "tag_emotion"),
    *("trash_ids", "trash_page"),
    *("undo", "undo_action", "unscanned_count", "words_waiting", "workspace_stats"),
}
OF_WHO_SEES_ALL = {
    *("beside_findings", "count_findings", "decide_matching", "decide_place", "decide_value"),
    *("decide_values", "standing"),
    *("finding_counts", "finding_groups", "finding_places", "finding_summary", "known_names"),
    *("forget_filter", "preview_record", "rename_filter", "save_filter", "saved_filters"),
}


def functions() -> set[str]:
    """The names of all functions about a workspace."""
    there = {name: getattr(workflow, name) for name in workflow.__all__}
    return {
        name
        for name, value in there.items()
        if inspect.isfunction(value) and "workspace" in inspect.signature(value).parameters
    }


def called(name: str, workspace: Workspace, tmp_path: Path) -> Any:
    """Call a function with what its first parameter is, and nothing sensible for the others."""
    function = getattr(workflow, name)
    parameters = list(inspect.signature(function).parameters.values())
    needed = [each for each in parameters if each.default is inspect.Parameter.empty]
    given = {
        each.name: workspace if each.name == "workspace" else tmp_path / "nothing"
        for each in needed
        if each.kind is not inspect.Parameter.VAR_KEYWORD
    }
    first = [given.pop("workspace")] if "workspace" in given else []
    return function(*first, **given)


def allowed(names: set[str], acting: Workspace, tmp_path: Path) -> list[str]:
    """Return which of the functions did anything but refuse."""
    found = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(roles, "_asked", lambda: acting)
        for name in sorted(names):
            try:
                called(name, acting, tmp_path)
            except NotAllowedError:
                continue
            except (AttributeError, TypeError, RuwoError):
                pass  # it went on with what makes no sense
            found.append(name)
    return found


def test_everything_else_is_refused_to_a_reviewer(team: Workspace, tmp_path: Path) -> None:
    others = functions() - OF_EVERYBODY - OF_REVIEWERS - OF_WHO_SEES_ALL
    found = allowed(others | OF_NO_WORKSPACE, team.acting_as("阿橙"), tmp_path)
    assert found == [], "mark these, see CONTRIBUTING: What a reviewer may use"


def test_everything_of_a_workspace_is_refused_to_who_is_no_member(
    team: Workspace, tmp_path: Path
) -> None:
    # These fail of what makes no sense before they ask the workspace for anything.
    others = (functions() | OF_NO_WORKSPACE) - OF_EVERYBODY
    others -= {"do_bulk", "journal_lines", "rename_filter", "save_filter"}
    assert allowed(others, team.acting_as("陌生人"), tmp_path) == []


def test_what_shows_private_details_is_refused_where_they_are_hidden(
    team: Workspace, tmp_path: Path
) -> None:
    workflow.hide_from_reviewers(team, hidden=True)
    assert allowed(OF_WHO_SEES_ALL, team.acting_as("阿橙"), tmp_path) == []


def test_what_is_said_here_of_functions_is_about_functions_that_there_are() -> None:
    assert set(functions()) >= OF_EVERYBODY | OF_REVIEWERS | OF_WHO_SEES_ALL


def test_a_reviewer_let_in_by_mistake_still_changes_nothing_of_the_owners(team: Workspace) -> None:
    let_in = team.acting_as("阿橙").admitting()
    with pytest.raises(NotAllowedError):
        put_setting(let_in, "settings", {})
    with let_in.write() as connection:
        recorder = journal.Recorder(connection)
        for act in (
            lambda: members.put(recorder, "阿橙", Role.OWNER, by="阿橙"),
            lambda: terms.put(recorder, "早", "ignore"),
            lambda: recorder.update(chat, chat.c.id > 0, gap_minutes=5),
            lambda: recorder.insert(persona, active=True, name="别人"),
        ):
            with pytest.raises(NotAllowedError):
                act()
    assert names(team) == {"小满": Role.OWNER, "阿橙": Role.REVIEWER}
