"""The journal page lists what was done and undoes any of it; a refusal explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation import workflow
from curation.model import ConversationFilter, JournalQuery, Status
from curation.ui.state import Keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

FIRST = ConversationFilter(statuses=(Status.PENDING,))


def html(at: AppTest) -> list[str]:
    """Return the HTML of the lines on the page."""
    return [each.proto.body for each in at.get("html") if "ruwo-journal" in each.proto.body]


def statuses(ws: Workspace) -> dict[Status, int]:
    return {status: count for status, count in workflow.count_by_status(ws).items() if count}


def newest(ws: Workspace) -> int:
    return workflow.journal_page(ws, JournalQuery(undone=False)).lines[0].id


def mark(ws: Workspace, status: Status, *ids: int) -> int:
    workflow.set_status(ws, ids, status)
    return newest(ws)


def test_an_empty_workspace_leads_to_the_import(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("journal").run()
    assert not at.exception
    assert any(each.key == "empty-import" for each in at.button)
    assert not any(each.key == "undo" for each in at.button)


def test_what_was_done_is_listed_newest_first_with_before_and_after(
    sample: Workspace, open_page: OpenPage
) -> None:
    mark(sample, Status.APPROVED, 1)
    mark(sample.acting_as("<i>李雷</i>"), Status.REJECTED, 2)
    at = open_page("journal").run()
    assert not at.exception
    first, second, *_rest = html(at)
    assert "&lt;i&gt;李雷&lt;/i&gt;" in first
    assert "<del>待复审</del> → <ins>已移除</ins>" in first
    assert "<ins>已通过</ins>" in second
    assert "我 ·" in second


def test_texts_are_shown_as_text(sample: Workspace, open_page: OpenPage) -> None:
    window = workflow.review_window(sample, FIRST)
    shown = window.records[0].conversation
    said = "<img src=x onerror=alert(1)> **粗** $x$"
    edit = {
        "n": 1,
        "type": "edit_message",
        "id": shown.id,
        "version": shown.version,
        "message": shown.messages[0].id,
        "text": said,
    }
    assert not workflow.commit_actions(sample, "test", [edit]).refused
    at = open_page("journal").run()
    assert "&lt;img src=x onerror=alert(1)&gt; **粗** $x$" in html(at)[0]
    assert not any(said in each for each in html(at))


def test_an_older_step_is_undone_and_done_again_alone(
    sample: Workspace, open_page: OpenPage
) -> None:
    older = mark(sample, Status.APPROVED, 1)
    mark(sample, Status.REJECTED, 2)
    at = open_page("journal").run()
    at.button(key=f"journal-turn-{older}").click().run()
    assert not at.exception
    assert Status.APPROVED not in statuses(sample)
    assert statuses(sample)[Status.REJECTED] == 1
    assert at.toast[0].value.startswith("已撤销")
    at.button(key=f"journal-turn-{older}").click().run()
    assert statuses(sample)[Status.APPROVED] == 1


def test_what_stands_on_a_step_is_shown_and_undone_with_it_on_request(
    sample: Workspace, open_page: OpenPage
) -> None:
    older = mark(sample, Status.APPROVED, 1, 2)
    mark(sample.acting_as("王芳"), Status.REJECTED, 1)
    mark(sample, Status.SKIPPED, 3)
    before = statuses(sample)
    at = open_page("journal").run()
    at.button(key=f"journal-turn-{older}").click().run()

    assert not at.exception
    assert statuses(sample) == before
    assert [each.value for each in at.warning] == ["后面有 1 步建立在这一步之上，不能单独撤销："]
    assert sum("王芳" in each for each in html(at)) == 2, "in the list and in the refusal"

    at.button(key="journal-too").click().run()
    assert not at.warning
    assert statuses(sample)[Status.SKIPPED] == 1
    assert not {Status.APPROVED, Status.REJECTED} & set(statuses(sample))


def test_a_refused_step_can_be_left_as_it_is(sample: Workspace, open_page: OpenPage) -> None:
    older = mark(sample, Status.APPROVED, 1)
    mark(sample, Status.REJECTED, 1)
    before = statuses(sample)
    at = open_page("journal").run()
    at.button(key=f"journal-turn-{older}").click().run()
    at.button(key="journal-leave").click().run()
    assert not at.warning
    assert statuses(sample) == before


def test_the_list_is_filtered(sample: Workspace, open_page: OpenPage) -> None:
    mark(sample, Status.APPROVED, 1)
    mark(sample.acting_as("王芳"), Status.REJECTED, 2)
    workflow.undo(sample)
    at = open_page("journal").run()
    at.segmented_control(key=Keys.JOURNAL_STATE).set_value("undone").run()
    assert [each.count("<ins>已通过</ins>") for each in html(at)] == [1]
    at.segmented_control(key=Keys.JOURNAL_STATE).set_value("all").run()
    at.selectbox(key=Keys.JOURNAL_REVIEWER).set_value("王芳").run()
    assert [each.count("<ins>已移除</ins>") for each in html(at)] == [1]
    at.text_input(key=Keys.JOURNAL_TEXT).set_value("没有这样的字").run()
    assert not html(at)
    assert at.subheader[0].value == "没有符合条件的内容"
    at.button(key="journal-clear").click().run()
    assert at.segmented_control(key=Keys.JOURNAL_STATE).value == "all"
    assert len(html(at)) > 1


def test_the_address_holds_the_filter(sample: Workspace, open_page: OpenPage) -> None:
    mark(sample, Status.APPROVED, 1)
    mark(sample, Status.REJECTED, 2)
    at = open_page("journal")
    at.query_params[Keys.JOURNAL_TEXT] = "没有这样的字"
    at.run()
    assert at.text_input(key=Keys.JOURNAL_TEXT).value == "没有这样的字"
    assert not html(at)

    at.text_input(key=Keys.JOURNAL_TEXT).set_value("").run()
    assert html(at)


def test_long_journals_are_turned_page_by_page(sample: Workspace, open_page: OpenPage) -> None:
    for number in range(25):
        mark(sample, (Status.APPROVED, Status.REJECTED)[number % 2], 1)
    at = open_page("journal").run()
    assert len(html(at)) == 20


def test_undo_by_key_is_for_ones_own_steps(sample: Workspace, open_page: OpenPage) -> None:
    mark(sample.acting_as("王芳"), Status.REJECTED, 2)
    at = open_page("journal").run()
    assert at.button(key="undo").disabled
    mark(sample, Status.APPROVED, 1)
    at.run()
    at.button(key="undo").click().run()
    assert statuses(sample)[Status.REJECTED] == 1
    assert Status.APPROVED not in statuses(sample)


def test_a_name_given_in_the_settings_stands_in_the_journal(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("settings").run()
    at.text_input(key=Keys.REVIEWER).set_value("  李\n雷 ").run()
    assert not at.exception
    assert at.text_input(key=Keys.REVIEWER).value == "李 雷"
    assert at.session_state["ruwo"].reviewer == "李 雷"
