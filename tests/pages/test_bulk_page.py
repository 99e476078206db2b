"""The bar of bulk actions on the table page: what it asks, what it tells, what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Decision, Status
from curation.store import iter_conversations
from curation.store.tables import suggestion
from curation.ui.state import Keys, UiState

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest
    from streamlit.testing.v1.element_tree import Toggle

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn

MOTHER = ConversationFilter(chats=("妈妈",))


def all_of_filter(at: AppTest) -> Toggle:
    (found,) = (each for each in at.toggle if str(each.key).startswith(Keys.TABLE_ALL))
    return found


def choose_all(at: AppTest) -> AppTest:
    return all_of_filter(at).set_value(True).run()


def mother(open_page: OpenPage) -> AppTest:
    """The table of one chat, all of it chosen."""
    at = open_page("table")
    at.query_params["chat"] = "妈妈"
    return choose_all(at.run())


def keys(at: AppTest) -> set[str]:
    return {str(each.key) for each in (*at.button, *at.checkbox, *at.menu_button)}


def said(at: AppTest) -> str:
    """All words in bold, small or plain on the page, as a person reads them."""
    words = [each.value for each in (*at.markdown, *at.caption, *at.toast)]
    return "\n".join(words).replace("\\", "").replace("\u200b", "")


def more(at: AppTest, kind: str) -> AppTest:
    return at.menu_button(key=Keys.BULK_MORE).click(kind).run()


def press(at: AppTest, key: str) -> AppTest:
    done = at.button(key=key).click().run()
    assert not done.exception
    return done


def state_of(at: AppTest) -> UiState:
    state: UiState = at.session_state["ruwo"]
    return state


def statuses(workspace: Workspace) -> dict[Status, int]:
    found = workflow.count_by_status(workspace, MOTHER)
    return {status: count for status, count in found.items() if count}


@pytest.fixture
def some_decided(sample: Workspace) -> int:
    """Approve the first conversation with 妈妈 and reject the second; return how many there are."""
    rows = workflow.conversation_page(sample, MOTHER, page_size=2).rows
    for number, status in zip(rows["id"], (Status.APPROVED, Status.REJECTED), strict=True):
        workflow.set_status(sample, [int(number)], status)
    return workflow.count_matching(sample, MOTHER)


def test_without_a_choice_there_is_no_bar(sample: Workspace, open_page: OpenPage) -> None:
    at = open_page("table").run()
    assert not [key for key in keys(at) if key.startswith("bulk-")]
    assert "勾选行可批量操作" in said(at)


def test_the_bar_has_the_usual_actions_and_a_menu(sample: Workspace, open_page: OpenPage) -> None:
    at = mother(open_page)
    bar = {"bulk-approved", "bulk-rejected", "bulk-skipped", "bulk-emotions", "bulk-more"}
    assert {key for key in keys(at) if key.startswith("bulk-")} == bar
    assert f"已选 {workflow.count_matching(sample, MOTHER)} 段" in said(at)


def test_a_question_tells_what_changes_and_leaves_what_was_decided_unless_asked(
    sample: Workspace, some_decided: int, open_page: OpenPage
) -> None:
    at = press(mother(open_page), "bulk-approved")
    assert f"{some_decided} 段对话中会改动 {some_decided - 2} 段。" in said(at)
    assert "1 段已经是“已通过”" in said(at)
    assert "1 段你另有决定，保持不变" in said(at)
    assert statuses(sample)[Status.APPROVED] == 1, "only asked so far"

    at.checkbox(key=Keys.BULK_AGAIN).check().run()
    assert f"{some_decided} 段对话中会改动 {some_decided - 1} 段。" in said(at)
    assert f"待复审 {some_decided - 2}，已移除 1" in said(at).replace("、", "，")
    at.checkbox(key=Keys.BULK_AGAIN).uncheck().run()

    press(at, "bulk-yes")
    expected = {Status.APPROVED: some_decided - 1, Status.REJECTED: 1}
    assert statuses(sample) == expected
    assert f"已通过：{some_decided - 2} 段对话" in said(at)
    assert not all_of_filter(at).value, "the next action does not meet all of them again"


def test_a_question_can_be_left(sample: Workspace, open_page: OpenPage) -> None:
    at = press(press(mother(open_page), "bulk-rejected"), "bulk-no")
    assert "bulk-rejected" in keys(at)
    assert set(statuses(sample)) == {Status.PENDING}


def test_who_filters_for_approved_ones_means_them(
    sample: Workspace, some_decided: int, open_page: OpenPage
) -> None:
    at = open_page("table")
    at.query_params["status"] = "approved"
    press(choose_all(at.run()), "bulk-rejected")
    assert at.checkbox(key=Keys.BULK_AGAIN).value
    press(at, "bulk-yes")
    assert statuses(sample) == {Status.PENDING: some_decided - 2, Status.REJECTED: 2}


def test_what_was_done_is_undone_by_its_own_button_and_by_no_other(
    sample: Workspace, open_page: OpenPage
) -> None:
    total = workflow.count_matching(sample, MOTHER)
    at = press(press(mother(open_page), "bulk-skipped"), "bulk-yes")
    workflow.tag_emotion(sample, [1], "开心", on=True)  # in another tab
    press(at, "bulk-undo")
    assert statuses(sample) == {Status.PENDING: total}
    assert workflow.count_matching(sample, ConversationFilter(emotion="开心")) == 1
    assert "已撤销：状态" in said(at)
    assert "bulk-undo" not in keys(at)


def test_an_undo_on_which_later_work_stands_is_refused(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = press(press(mother(open_page), "bulk-skipped"), "bulk-yes")
    workflow.set_status(sample, MOTHER, Status.APPROVED)
    press(at, "bulk-undo")
    assert set(statuses(sample)) == {Status.APPROVED}
    assert at.toast


def test_the_usual_undo_takes_the_report_away(sample: Workspace, open_page: OpenPage) -> None:
    at = press(press(mother(open_page), "bulk-approved"), "bulk-yes")
    press(at, "undo")
    assert "bulk-undo" not in keys(at)
    assert set(statuses(sample)) == {Status.PENDING}


def test_a_report_can_be_put_away(sample: Workspace, open_page: OpenPage) -> None:
    at = press(press(mother(open_page), "bulk-approved"), "bulk-yes")
    assert "bulk-undo" in keys(at)
    assert "bulk-undo" not in keys(press(at, "bulk-dismiss"))


def test_several_emotions_are_put_on_and_taken_off(sample: Workspace, open_page: OpenPage) -> None:
    at = press(mother(open_page), "bulk-emotions")
    assert "bulk-yes" not in keys(at), "no emotion is chosen yet"
    at.pills(key=Keys.BULK_EMOTIONS).set_value(["温柔", "平静"]).run()
    press(at, "bulk-yes")
    tagged = ConversationFilter(chats=("妈妈",), emotion="温柔")
    assert workflow.count_matching(sample, tagged) == workflow.count_matching(sample, MOTHER)

    press(choose_all(at), "bulk-emotions")
    at.segmented_control(key=Keys.BULK_ON).set_value(False).run()
    at.pills(key=Keys.BULK_EMOTIONS).set_value(["温柔"]).run()
    press(at, "bulk-yes")
    assert workflow.count_matching(sample, tagged) == 0


def test_a_background_is_set_added_to_and_cleared(sample: Workspace, open_page: OpenPage) -> None:
    def backgrounds() -> set[str]:
        return {each.background for each in iter_conversations(sample, MOTHER)}

    at = more(mother(open_page), "background")
    assert "bulk-yes" not in keys(at), "nothing is written yet"
    at.text_area(key=Keys.BULK_BACKGROUND).input("我在外地上学").run()
    press(at, "bulk-yes")
    assert backgrounds() == {"我在外地上学"}

    more(choose_all(at), "background")
    at.segmented_control(key=Keys.BULK_WAY).set_value(workflow.Way.APPEND).run()
    at.text_area(key=Keys.BULK_BACKGROUND).input("妈妈在老家").run()
    press(at, "bulk-yes")
    assert backgrounds() == {"我在外地上学\n妈妈在老家"}

    more(choose_all(at), "background")
    at.segmented_control(key=Keys.BULK_WAY).set_value(workflow.Way.CLEAR).run()
    press(at, "bulk-yes")
    assert backgrounds() == {""}


def test_a_click_on_yes_that_comes_with_new_words_does_nothing_with_the_old_ones(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = more(mother(open_page), "background")
    at.text_area(key=Keys.BULK_BACKGROUND).input("旧的").run()
    at.text_area(key=Keys.BULK_BACKGROUND).input("新的")
    press(at, "bulk-yes")
    assert "内容刚刚有改动" in said(at)
    assert {each.background for each in iter_conversations(sample, MOTHER)} == {""}
    press(at, "bulk-yes")
    assert {each.background for each in iter_conversations(sample, MOTHER)} == {"新的"}


def test_a_relation_is_written_for_the_chats_concerned(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = more(mother(open_page), "relation")
    at.text_input(key=Keys.BULK_RELATION).input("我妈").run()
    assert "涉及 1 位对方" in said(at)
    press(at, "bulk-yes")
    assert workflow.load_persona(sample).relations == {"妈妈": "我妈"}


def test_private_details_of_one_kind_are_masked(sample: Workspace, open_page: OpenPage) -> None:
    counts = workflow.finding_counts(sample)
    phones = counts["PHONE_NUMBER", Decision.PENDING]
    at = more(choose_all(open_page("table").run()), "findings")
    at.multiselect(key=Keys.BULK_ENTITIES).set_value(["PHONE_NUMBER"]).run()
    assert f"会遮盖 {phones} 处隐私信息" in said(at)
    press(at, "bulk-yes")
    after = workflow.finding_counts(sample)
    assert after["PHONE_NUMBER", Decision.MASK] == phones
    assert sum(after.values()) - phones == sum(
        count for (entity, _decision), count in after.items() if entity != "PHONE_NUMBER"
    )


def test_conversations_are_split_again_by_another_pause(
    sample: Workspace, open_page: OpenPage
) -> None:
    before = workflow.count_matching(sample, MOTHER)
    at = more(mother(open_page), "split")
    assert "都不会改动" in said(at), "they were split by the same pause"
    at.segmented_control(key=Keys.BULK_OWN_PAUSE).set_value(False).run()
    at.number_input(key=Keys.BULK_MINUTES).set_value(1).run()
    press(at, "bulk-yes")
    assert workflow.count_matching(sample, MOTHER) > before
    press(at, "bulk-undo")
    assert workflow.count_matching(sample, MOTHER) == before


def test_back_to_review_reaches_everything(
    sample: Workspace, some_decided: int, open_page: OpenPage
) -> None:
    at = more(mother(open_page), "pending")
    assert f"{some_decided} 段对话中会改动 2 段。" in said(at)
    assert Keys.BULK_AGAIN not in keys(at)
    press(at, "bulk-yes")
    assert statuses(sample) == {Status.PENDING: some_decided}


def test_what_came_in_between_the_question_and_the_answer_is_told(
    sample: Workspace, open_page: OpenPage
) -> None:
    total = workflow.count_matching(sample, MOTHER)
    at = press(mother(open_page), "bulk-approved")
    rows = workflow.conversation_page(sample, MOTHER, page_size=1).rows
    workflow.set_status(sample, [int(rows["id"][0])], Status.REJECTED)  # in another tab
    press(at, "bulk-yes")
    assert statuses(sample) == {Status.APPROVED: total - 1, Status.REJECTED: 1}
    assert "1 段你另有决定，保持不变" in said(at)


def test_suggestions_are_in_the_menu_where_there_are_some(
    sample: Workspace, open_page: OpenPage
) -> None:
    menu = mother(open_page).menu_button(key=Keys.BULK_MORE)
    assert not [option for option in menu.options if "建议" in option]
    rows = workflow.conversation_page(sample, MOTHER, page_size=2).rows
    with sample.write() as connection:
        for number in rows["id"]:
            connection.execute(
                suggestion.insert().values(
                    conversation_id=int(number),
                    kind="emotion",
                    label="温柔",
                    score=0.8,
                    reason="",
                    model="test",
                    state="open",
                )
            )
    at = more(mother(open_page), "suggestions")
    assert "会回答 2 条建议" in said(at)
    press(at, "bulk-yes")
    tagged = ConversationFilter(chats=("妈妈",), emotion="温柔")
    assert workflow.count_matching(sample, tagged) == 2
