"""Members in the settings, and what pages show to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from curation import workflow
from curation.ui import cookies, frame
from curation.ui.components import review
from curation.ui.state import Keys
from curation.workflow import Role
from tests.pages.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]


def acting(at: AppTest, name: str) -> AppTest:
    """Let somebody of this name sit at a page that ran once."""
    at.session_state["ruwo"].reviewer = name
    return at.run()


def test_an_owner_lists_members_and_changes_them(empty: Workspace, open_page: OpenPage) -> None:
    at = acting(open_page("settings").run(), "小满")
    at.text_input(key=Keys.MEMBER_NAME).set_value("Anna@Example.org")
    at.button(key="FormSubmitter:add-member-添加").click().run()
    assert {each.name: each.role for each in workflow.all_members(empty)} == {
        "小满": Role.OWNER,
        "anna@example.org": Role.REVIEWER,
    }
    at.toggle(key=Keys.HIDING).set_value(True).run()
    assert workflow.hidden_from_reviewers(empty)
    at.selectbox(key=f"{Keys.MEMBER_ROLE}小满").set_value(Role.REVIEWER).run()
    assert "没有所有者" in at.toast[0].value
    assert at.selectbox(key=f"{Keys.MEMBER_ROLE}小满").value is Role.OWNER
    at.button(key="remove-member-1").click().run()
    assert [each.name for each in workflow.all_members(empty)] == ["小满"]


def test_a_long_name_that_was_chosen_is_the_one_that_is_listed(
    empty: Workspace, open_page: OpenPage
) -> None:
    name = "名" * workflow.LONGEST_MEMBER
    workflow.set_member(empty.acting_as("小满"), name, Role.OWNER)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.selectbox(key=Keys.ENTRANCE_NAME).set_value(name).run()
    assert not app.exception
    assert not [each for each in app.selectbox if each.key == Keys.ENTRANCE_NAME]
    at = acting(open_page("settings").run(), name)
    assert not at.exception
    assert at.text_input(key=Keys.REVIEWER).value == name


def test_a_reviewer_finds_the_pages_of_reviewing_and_no_others(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.set_member(sample.acting_as("小满"), "阿橙", Role.REVIEWER)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert [each.label for each in app.selectbox] == ["你的名字"], "nobody knows yet who it is"
    assert not app.exception
    app.session_state["ruwo"].reviewer = "阿橙"
    app.switch_page("pages/export.py").run()
    assert [each.key for each in app.button if each.key == "closed-review"], "by its address"

    workflow.hide_from_reviewers(sample, hidden=True)
    for page in ("overview", "review", "table", "trash", "journal", "settings"):
        at = open_page(page)
        at.session_state["ruwo"] = state_of("阿橙")
        at.run()
        assert not at.exception, page
        assert not at.error, page
    for page in ("export", "privacy"):
        at = open_page(page)
        at.session_state["ruwo"] = state_of("阿橙")
        at.run()
        assert "所有者" in at.subheader[0].value, page
        assert [each.key for each in at.button] == ["closed-review"], page
    workflow.hide_from_reviewers(sample, hidden=False)
    group = workflow.finding_groups(sample).groups[0]
    at = open_page("privacy")
    at.session_state["ruwo"] = state_of("阿橙")
    at.run().button(key=f"places:{group.entity}-{group.value}").click().run()
    assert {each.key for each in at.button} & {"never", "always", "bar-mask"} == {"bar-mask"}
    assert not at.exception
    assert not at.error


def test_a_reviewer_s_language_is_kept_in_their_browser(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.set_member(sample.acting_as("小满"), "阿橙", Role.REVIEWER)
    told: dict[str, str] = {}
    monkeypatch.setattr(frame, "keep", told.__setitem__)
    monkeypatch.setattr(frame, "kept", lambda name: told.get(name, ""))
    for name, first, kept in (("阿橙", "zh", "en"), ("阿橙", "en", "en"), ("小满", "zh", "en")):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["ruwo"] = state_of(name)
        app.run()
        switch = app.segmented_control(key=Keys.LANGUAGE)
        assert switch.value == first, name
        if first != kept and name == "阿橙":
            switch.set_value(kept).run()
        assert told == {cookies.LANGUAGE: kept}
    assert workflow.load_settings(sample).language == "zh"


@pytest.mark.parametrize(
    ("name", "hidden", "may"),
    [
        ("小满", True, {"owner": True, "sees": True}),
        ("阿橙", False, {"owner": False, "sees": True}),
        ("阿橙", True, {"owner": False, "sees": False}),
    ],
)
def test_the_review_piece_is_told_what_it_need_not_offer(
    sample: Workspace,
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    hidden: bool,
    may: dict[str, bool],
) -> None:
    workflow.set_member(sample.acting_as("小满"), "阿橙", Role.REVIEWER)
    workflow.hide_from_reviewers(sample, hidden=hidden)
    mounted: list[dict[str, Any]] = []
    monkeypatch.setattr(review, "mount_review", lambda data, **_given: mounted.append(data))
    at = open_page("review")
    at.session_state["ruwo"] = state_of(name)
    at.run()
    assert mounted[-1]["may"] == may


def state_of(name: str) -> object:
    from curation.ui.state import UiState  # noqa: PLC0415  (as a tab makes its own)

    return UiState(reviewer=name)
