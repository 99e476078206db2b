from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, Side

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.model import ReadOptions
    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

HEADER = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n"
NASTY = "<script>1</script> ![x](http://a.b/c) $E=mc^2$ :smile:"


def csv_chat(me: str, other: str, *lines: str) -> bytes:
    rows = [
        f"{number},文本,{me if number % 2 else other},2024-03-14 12:20:{number:02d},"
        f'"{line}",{other},{other},more\n'
        for number, line in enumerate(lines)
    ]
    return (HEADER + "".join(rows)).encode("utf-8-sig")


def everything(workspace: Workspace) -> int:
    return workflow.count_matching(workspace, ConversationFilter())


def shown_html(at: AppTest) -> str:
    return "\n".join(each.value for each in at.html)


def test_one_click_brings_in_the_sample_searches_it_and_makes_suggestions(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("importing").run()
    assert at.button(key="try-sample").proto.type == "primary", "the first thing to click"

    at.button(key="try-sample").click().run()

    assert not at.exception
    assert everything(empty) > 50
    assert workflow.unscanned_count(empty) == 0
    assert workflow.suggestion_counts(empty)
    assert not workflow.suggestions_wanted(empty)
    assert [metric.label for metric in at.metric] == ["新消息", "已有的消息", "新对话"]
    assert at.button(key="to-review").label == "开始复审"


def test_the_sample_twice_adds_nothing_and_says_so(sample: Workspace, open_page: OpenPage) -> None:
    before = everything(sample)
    at = open_page("importing").run()

    at.button(key="try-sample").click().run()

    assert everything(sample) == before
    assert at.metric[0].value == "0"
    assert at.info[0].value == "没有新内容：这些消息之前都导入过了。"


def test_import_waits_until_me_is_answered_and_one_answer_serves_all_files(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("importing").run()
    at.file_uploader[0].upload("阿橙.csv", csv_chat("小满", "阿橙", "在吗", "在", "走"))
    at.file_uploader[0].upload("妈妈.csv", csv_chat("小满", "妈妈", "吃了吗", "吃了", "好"))
    at.run()

    assert len(at.radio) == 2
    assert at.button(key="import").disabled
    assert at.info[0].value == "有 2 个文件还没选哪一个是你；选好，或取消勾选。"

    at.radio[0].set_value("小满").run()

    assert [radio.value for radio in at.radio] == ["小满", "小满"]
    at.button(key="import").click().run()
    assert not at.exception
    assert sorted(workflow.chats(empty)) == ["妈妈", "阿橙"]
    window = workflow.review_window(empty, ConversationFilter(text="吃了吗"))
    sides = [message.side for message in window.records[-1].conversation.messages]
    assert sides == [Side.OTHER, Side.ME, Side.OTHER]


def test_a_deselected_file_needs_no_answer_and_is_not_imported(
    empty: Workspace, open_page: OpenPage
) -> None:
    record = {
        "conversations": [{"role": "user", "content": "在"}, {"role": "assistant", "content": "嗯"}]
    }
    at = open_page("importing").run()
    at.file_uploader[0].upload("阿橙.csv", csv_chat("小满", "阿橙", "在吗", "在"))
    at.file_uploader[0].upload("唐姐.json", json.dumps([record]).encode())
    at.run()
    assert len(at.radio) == 1, "the JSON says who is me"

    at.checkbox[0].uncheck().run()
    at.button(key="import").click().run()

    assert workflow.chats(empty) == ["唐姐"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        pytest.param("zh", "空的.csv：文件是空的", id="Chinese"),
        pytest.param("en", "空的.csv: the file is empty", id="English"),
    ],
)
def test_a_bad_file_is_one_sentence_and_the_good_one_can_be_imported(
    language: str, sentence: str, empty: Workspace, open_page: OpenPage
) -> None:
    workflow.save_settings(empty, workflow.Settings(language=language))
    at = open_page("importing").run()
    at.file_uploader[0].upload("空的.csv", b"")
    at.file_uploader[0].upload("阿橙.csv", csv_chat("小满", "阿橙", "在吗", "在"))
    at.run()

    assert not at.exception
    assert [unmarked(error.value) for error in at.error] == [sentence]

    at.radio[0].set_value("小满").run()
    at.button(key="import").click().run()
    assert everything(empty) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        pytest.param(
            "cut.json",
            b'[{"conversations":[{"role":"us',
            "cut.json 第 1 行，第 28 个字符：JSON 没写完就结束了，文件可能不完整",
            id="truncated JSON",
        ),
        pytest.param(
            "photo.csv",
            bytes(range(256)),
            "photo.csv：这是二进制文件，不是文本形式的聊天导出",
            id="binary",
        ),
        pytest.param(
            "roles.json",
            b'[{"conversations":7}]',
            "roles.json，第 1 条记录：conversations 不是列表",
            id="wrong record",
        ),
    ],
)
def test_a_bad_file_names_file_place_and_reason_in_chinese(
    name: str, content: bytes, sentence: str, empty: Workspace, open_page: OpenPage
) -> None:
    at = open_page("importing").run()
    at.file_uploader[0].upload(name, content)
    at.run()

    assert not at.exception
    assert [unmarked(error.value) for error in at.error] == [sentence]
    keys = {each.key for each in at.button} - {"tour-end"}
    assert keys == {"try-sample"}, "there is nothing to import"


def unmarked(markdown: str) -> str:
    """Return what Markdown made by `plain` shows."""
    return markdown.replace("\\", "").replace("\u200b", "")


def test_many_bad_files_are_folded_away(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("importing").run()
    for number in range(5):
        at.file_uploader[0].upload(f"{number}.csv", b"")
    at.run()

    folded = at.expander[-1]
    assert folded.label == "有 5 个文件不能用"
    assert unmarked(folded.markdown[0].value).count("：文件是空的") == 5


def test_chat_text_and_system_text_are_shown_as_text(empty: Workspace, open_page: OpenPage) -> None:
    record = {
        "conversations": [
            {"role": "system", "content": NASTY},
            {"role": "user", "content": NASTY},
            {"role": "assistant", "content": "嗯"},
        ]
    }
    at = open_page("importing").run()
    at.file_uploader[0].upload("__唐姐__ [x](y).json", json.dumps([record]).encode())
    at.run()

    assert not at.exception
    assert "<script" not in shown_html(at)
    assert unescape(shown_html(at)).count(NASTY) == 2
    assert all(NASTY not in each.value for each in at.markdown), "never as Markdown"
    assert "\\_\\_唐姐\\_\\_ \\[x\\]" in at.checkbox[0].label


def test_a_folder_on_this_computer_is_read_by_its_path(
    empty: Workspace, open_page: OpenPage, tmp_path: Path
) -> None:
    folder = tmp_path / "导出"
    folder.mkdir()
    (folder / "阿橙.csv").write_bytes(csv_chat("小满", "阿橙", "在吗", "在"))

    at = open_page("importing").run()
    at.text_input[0].set_value(f'"{folder}"').run()

    assert len(at.radio) == 1
    at.text_input[0].set_value(str(tmp_path / "nowhere")).run()
    assert [unmarked(error.value) for error in at.error] == ["nowhere：找不到这个文件或文件夹"]


def test_a_file_is_read_once_however_often_the_page_runs(
    empty: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    preview = workflow.preview_files

    def counting(paths: list[Path], *, options: ReadOptions) -> object:
        read.extend(path.name for path in paths)
        return preview(paths, options=options)

    monkeypatch.setattr(workflow, "preview_files", counting)
    at = open_page("importing").run()
    at.file_uploader[0].upload("阿橙.csv", csv_chat("小满", "阿橙", "在吗", "在"))
    at.run().run()
    at.radio[0].set_value("小满").run()

    assert read == ["阿橙.csv"]


def test_uploads_leave_nothing_behind_on_disk(
    empty: Workspace, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    at = open_page("importing").run()
    at.file_uploader[0].upload("阿橙.csv", csv_chat("小满", "阿橙", "在吗", "在"))
    at.run()
    at.radio[0].set_value("小满").run()
    at.button(key="import").click().run()

    assert everything(empty) == 1
    assert list(temporary.iterdir()) == []
