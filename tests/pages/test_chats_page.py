from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, GroupMode, Side, Status
from curation.ui.state import Keys
from tests.pages.test_importing_many import group_chat
from tests.pages.test_importing_page import csv_chat

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.model import Conversation
    from curation.workflow import ChatInfo, Workspace

    OpenPage = Callable[[str], AppTest]


def info(workspace: Workspace, name: str) -> ChatInfo:
    return next(each for each in workflow.chat_overview(workspace) if each.name == name)


def shown_first(workspace: Workspace, flt: ConversationFilter) -> Conversation:
    window = workflow.review_window(workspace, flt)
    found = {each.conversation.id: each.conversation for each in window.records}
    assert window.at is not None
    return found[window.at]


def sides(workspace: Workspace, name: str) -> list[Side]:
    conversation = shown_first(workspace, ConversationFilter(chats=(name,)))
    return [message.side for message in conversation.messages]


def shown(at: AppTest, name: str) -> AppTest:
    at.query_params["chat"] = name
    return at.run()


@pytest.fixture
def group(empty: Workspace, tmp_path: Path) -> Workspace:
    """Return the workspace of this test with one group chat in it."""
    path = tmp_path / "项目小分队.csv"
    path.write_bytes(group_chat())
    workflow.import_files(empty, [path])
    return empty


def test_all_chats_are_listed_and_the_largest_is_shown_first(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = open_page("chats").run()

    assert not at.exception
    table = at.dataframe[0].value
    assert sorted(table["name"]) == sorted(workflow.chats(sample))
    assert list(table["messages"]) == sorted(table["messages"], reverse=True)
    assert at.subheader[0].value == table["name"][0]


def test_one_click_swaps_who_is_me_and_undo_takes_it_back(
    sample: Workspace, open_page: OpenPage
) -> None:
    before = sides(sample, "妈妈")
    at = shown(open_page("chats"), "妈妈")
    at.button(key="swap-me").click().run()

    assert not at.exception
    assert sides(sample, "妈妈") == [
        Side.ME if side is Side.OTHER else Side.OTHER for side in before
    ]
    assert info(sample, "妈妈").swapped
    assert at.success[0].value == "整个聊天里，现在 妈妈 是你。"

    at.button(key="undo").click().run()
    assert sides(sample, "妈妈") == before
    assert not at.success, "what was taken back is no longer claimed"


def test_in_a_group_another_one_can_be_me(group: Workspace, open_page: OpenPage) -> None:
    at = open_page("chats").run()
    assert at.button(key="set-me").disabled, "it is so already"
    zhou = next(each for each in info(group, "项目小分队").speakers if each.name == "周组长")

    at.selectbox[0].set_value(zhou.key).run()
    at.button(key="set-me").click().run()

    assert not at.exception
    assert sides(group, "项目小分队") == [Side.ME, Side.OTHER, Side.OTHER]


def test_the_others_of_a_group_get_pseudonyms_or_are_left_out(
    group: Workspace, open_page: OpenPage
) -> None:
    at = open_page("chats").run()
    chat = info(group, "项目小分队")
    wu = next(each for each in chat.speakers if each.name == "小吴")
    field = f"{Keys.PSEUDONYM}{chat.id}:{wu.key}"
    assert at.text_input(key=field).value == wu.pseudonym != ""

    at.text_input(key=field).set_value("老同学").run()
    kept = {each.name: each.pseudonym for each in info(group, "项目小分队").speakers}
    assert kept["小吴"] == "老同学"

    at.text_input(key=field).set_value("周组长").run()
    assert at.toast[-1].value.startswith("化名不能是"), "a real name is refused in words"
    assert at.text_input(key=field).value == "老同学"

    at.radio(key=f"{Keys.GROUP_MODE}{chat.id}").set_value(GroupMode.EXCHANGES).run()
    assert info(group, "项目小分队").group_mode is GroupMode.EXCHANGES
    assert not at.text_input, "nobody needs a pseudonym then"
    window = workflow.review_window(group, ConversationFilter())
    (record,) = window.records
    left_out = [m.text for m in record.conversation.messages if m.id in record.bystanders]
    assert left_out == ["收到"], "the one who spoke last is answered"


def test_splitting_again_leaves_what_was_reviewed_and_says_both_counts(
    sample: Workspace, open_page: OpenPage
) -> None:
    first = shown_first(sample, ConversationFilter(chats=("妈妈",)))
    workflow.set_status(sample, [first.id], Status.APPROVED)
    chat = info(sample, "妈妈")
    workflow.set_gap(sample, chat.id, 24 * 60)
    wanted = workflow.resplit_preview(sample, chat.id)
    assert wanted.conversations_after < wanted.conversations_before

    at = shown(open_page("chats"), "妈妈")
    at.button(key="split-again").click().run()

    assert not at.exception
    before, after = wanted.conversations_before, wanted.conversations_after
    assert at.success[0].value == (
        f"已重新切分：原来 {before} 段，现在 {after} 段。 有人处理过的 1 段原样保留。"
    )
    assert info(sample, "妈妈").conversations == after + 1
    again = shown_first(sample, ConversationFilter(statuses=(Status.APPROVED,)))
    assert (again.id, again.messages) == (first.id, first.messages)


def test_a_chat_is_kept_in_the_address_and_leads_to_its_review(
    sample: Workspace, open_page: OpenPage
) -> None:
    at = shown(open_page("chats"), "唐姐")
    assert at.subheader[0].value == "唐姐"
    assert shown(open_page("chats"), "没有这个").subheader[0].value != "没有这个"


def test_names_are_shown_as_text(empty: Workspace, open_page: OpenPage, tmp_path: Path) -> None:
    name = "**x** :red[y] $z$"
    path = tmp_path / "chat.csv"
    path.write_bytes(csv_chat("小满", name, "在吗", "在"))
    workflow.import_files(empty, [path], me={path: "小满"})

    at = open_page("chats").run()

    assert not at.exception
    assert all(name not in each.value for each in (*at.markdown, *at.subheader))


def test_a_chat_of_records_says_why_nothing_can_be_split(
    sample: Workspace, open_page: OpenPage
) -> None:
    timeless = [
        each.name
        for each in workflow.chat_overview(sample)
        if not sum(workflow.gap_profile(sample, each.id).counts)
    ]
    for name in timeless:
        at = shown(open_page("chats"), name)
        assert not at.exception
        assert any("无从切分" in each.value for each in at.caption)
    assert timeless, "the sample has such a chat"
