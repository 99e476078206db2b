from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.ui.overview_parts import forecast_words
from curation.workflow import Forecast

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn

EVERYTHING = ConversationFilter()


def words(at: AppTest) -> str:
    """Everything that stands on the page as text."""
    shown = [
        *(each.value for each in (*at.markdown, *at.caption, *at.subheader, *at.success)),
        *(each.value for each in (*at.info, *at.warning)),
        *(each.label for each in at.button),
        *(re.sub("<[^>]*>", "", str(getattr(each, "body", ""))) for each in at.get("html")),
    ]
    return "\n".join(shown).replace("\\", "")


def measured(workspace: Workspace) -> Workspace:
    workflow.measure_voice(workspace)
    return workspace


def test_nothing_yet_leads_to_the_import(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("overview").run()
    assert not at.exception
    assert at.button(key="empty-import").label
    assert "待复审" not in words(at)


def test_before_anything_was_decided_it_asks_to_start(
    sample: Workspace, open_page: OpenPage
) -> None:
    total = workflow.count_matching(sample, EVERYTHING)
    at = open_page("overview").run()
    assert not at.exception
    button = at.button(key="next-review")
    assert (button.label, button.proto.type) == (f"开始复审：共 {total} 段对话", "primary")
    assert f"待复审 {total}" in words(at)
    assert "每天的进度" not in words(at)
    assert "每小时" not in words(at)


def test_the_first_visit_measures_the_voice_and_keeps_it(
    sample: Workspace, open_page: OpenPage
) -> None:
    assert workflow.kept_voice(sample) is None
    at = open_page("overview").run()
    assert not at.exception
    kept = workflow.kept_voice(sample)
    assert kept is not None
    assert "你的语气保住了" in words(at)
    assert "还有很多对话没有复审" in words(at)

    workflow.set_status(sample, EVERYTHING, Status.APPROVED)
    at.run()
    assert "此后又有 1 步操作" in words(at)
    at.button(key="measure").click().run()
    again = workflow.kept_voice(sample)
    assert again is not None
    assert again.approved_only
    assert "步操作" not in words(at)


def test_half_way_it_goes_on_and_says_what_was_done_today(
    sample: Workspace, open_page: OpenPage
) -> None:
    count = workflow.set_status(
        measured(sample), ConversationFilter(chats=("妈妈",)), Status.APPROVED
    )
    left = workflow.count_matching(sample, EVERYTHING) - count
    at = open_page("overview").run()
    assert at.button(key="next-review").label == f"继续复审：还剩 {left} 段"
    assert at.button(key="next-privacy").proto.type == "secondary"
    assert f"今天 {count} 段" in words(at)


def test_when_all_is_decided_private_details_come_next_and_then_the_export(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.set_status(measured(sample), EVERYTHING, Status.APPROVED)
    at = open_page("overview").run()
    assert not [each for each in at.button if each.key == "next-review"]
    assert at.button(key="next-privacy").proto.type == "primary"
    assert at.button(key="next-export").proto.type == "secondary"


def test_before_the_search_no_word_of_anybody_is_told(
    empty: Workspace, open_page: OpenPage
) -> None:
    workflow.import_sample(empty)
    at = open_page("overview").run()
    assert not at.exception
    assert workflow.kept_voice(empty) is None
    assert "先在聊天里查找隐私信息" in words(at)
    assert at.button(key="scan").label


def test_suggestions_that_were_never_made_are_offered(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("overview").run()
    assert at.button(key="scan").label == "给出建议"
    at.button(key="scan").click().run()
    assert not at.exception
    assert workflow.suggestion_counts(sample)
    assert not [each for each in at.button if each.key == "scan"]


def test_every_picture_can_be_read_and_chosen_without_a_mouse(
    sample: Workspace, open_page: OpenPage
) -> None:
    workflow.tag_emotion(measured(sample), ConversationFilter(chats=("妈妈",)), "开心", on=True)
    at = open_page("overview").run()
    pills = {each.label.split(" · ")[0]: each for each in at.pills}
    assert set(pills) >= {
        *("按聊天对象", "隐私信息的种类", "按月份", "按一天中的时刻", "按消息条数", "按情绪"),
        "按 token 数统计的对话",
    }
    total = workflow.count_matching(sample, EVERYTHING)
    spoken = [option.content for option in pills["按聊天对象"].proto.options]
    assert sum(int(each.rsplit(" ", 1)[-1]) for each in spoken) == total


@pytest.mark.parametrize(
    ("forecast", "text"),
    [
        (Forecast(240, 4 * 3600, 6 * 3600), "按你每小时 240 段的速度，大约还要 4 到 6 小时。"),
        (Forecast(240, 5 * 3600, 5 * 3600), "按你每小时 240 段的速度，大约还要 5 小时。"),
        (Forecast(60, 1200, 1800), "按你每小时 60 段的速度，大约还要 20 到 30 分钟。"),
        (Forecast(600, 10, 20), "按你每小时 600 段的速度，大约还要 1 分钟。"),
        (Forecast(1234, 0, 7300), "按你每小时 1,234 段的速度，大约还要 1 到 2 小时。"),
    ],
)
def test_the_forecast_in_words(forecast: Forecast, text: str) -> None:
    assert forecast_words(forecast) == text
