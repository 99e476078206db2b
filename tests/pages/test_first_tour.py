"""The tour of the first start: when it shows, where it stands, and that it goes for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn

END = "tour-end"
NUMBERS = [f":material/counter_{number}:" for number in (1, 2, 3)]


def shown(at: AppTest) -> bool:
    assert not at.exception
    return any(button.key == END for button in at.button)


def steps(at: AppTest) -> list[str]:
    signs = (":material/check_circle:", *NUMBERS)
    return [each.value for each in at.markdown if each.value.startswith(signs)]


def same_tab(at: AppTest, page: AppTest) -> AppTest:
    """Another page with what the tab remembers."""
    page.session_state["ruwo"] = at.session_state["ruwo"]
    return page.run()


def approve_one(ws: Workspace) -> None:
    page = workflow.conversation_page(ws, ConversationFilter(), page=1, page_size=1)
    row = page.rows.iloc[0]
    workflow.set_status(ws, {int(row["id"]): int(row["version"])}, Status.APPROVED)


def test_an_empty_workspace_shows_the_three_steps_where_the_first_is_done(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("importing").run()
    assert shown(at)
    assert [each.split(" ")[0] for each in steps(at)] == NUMBERS


@pytest.mark.parametrize("page", ["overview", "review", "table", "export", "persona"])
def test_every_other_page_shows_in_one_line_the_way_to_the_next_step(
    empty: Workspace, open_page: OpenPage, page: str
) -> None:
    at = open_page(page).run()
    assert shown(at)
    assert not steps(at)
    assert any(each.value.startswith("第 1 步，共 3 步") for each in at.markdown)
    assert at.button(key="tour-go").proto.type == "secondary", "the page has a button of its own"


def test_the_tour_goes_on_with_what_the_person_does(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("importing").run()
    at.button(key="try-sample").click().run(timeout=60)
    assert any(each.value.startswith("第 2 步，共 3 步") for each in at.markdown)
    assert any(button.key == "tour-go" for button in at.button)
    at = same_tab(at, open_page("review"))
    assert [each.split(" ")[0] for each in steps(at)] == [":material/check_circle:", *NUMBERS[1:]]

    approve_one(empty)
    at = same_tab(at, open_page("export"))
    done = [each.startswith(":material/check_circle:") for each in steps(at)]
    assert done == [True, True, False]


def test_once_ended_it_never_comes_again_by_itself(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("overview").run()
    at.button(key=END).click().run()
    assert not shown(at)
    assert not shown(open_page("importing").run()), "nor in another tab"
    assert workflow.load_settings(empty).toured


def test_where_chats_are_nobody_is_shown_around(sample: Workspace, open_page: OpenPage) -> None:
    assert not shown(open_page("overview").run())


def test_the_settings_begin_it_again(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("settings").run()
    assert not shown(at)
    at.button(key="tour-begin").click().run()
    assert shown(at)
    at.button(key=END).click().run()
    assert not shown(at)
