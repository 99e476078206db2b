"""The import page with archives, folders, partly broken files, and tables nobody knows."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.model import ConversationFilter, GroupMode
from curation.ui.state import Keys
from tests.pages.test_importing_page import csv_chat, everything, unmarked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from curation.model import Limits, ReadOptions
    from curation.workflow import Workspace

    OpenPage = Callable[[str], AppTest]

pytestmark = pytest.mark.in_turn

OLD_HEADER = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,"
    "Sender\n"
)


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def old_chat(*rows: str) -> bytes:
    return (OLD_HEADER + "".join(f"{row}\n" for row in rows)).encode("utf-8-sig")


def partly_broken() -> bytes:
    return old_chat(
        "1,7,1,0,0,1714564801,2,在干嘛,2024-05-01 20:00:01,林小满,满满,wxid_a",
        "2,7,1,0,1,1714564830,2,下班,2024-05-01 20:00:30,,阿哲,wxid_me",
        "3,7,1,0,1,never,2,坏的,never,,阿哲,wxid_me",
    )


def group_chat() -> bytes:
    return old_chat(
        "1,9,1,0,0,1714564804,2,收到,2024-05-01 20:00:04,,周组长,wxid_zhou",
        "2,9,1,0,0,1714564805,2,加一,2024-05-01 20:00:05,,小吴,wxid_wu",
        "3,9,1,0,1,1714564806,2,来了,2024-05-01 20:00:06,,阿哲,wxid_me",
    )


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    at.file_uploader[0].upload(name, content)
    return at.run()


def test_an_archive_is_one_group_with_one_answer_for_all_its_files(
    empty: Workspace, open_page: OpenPage
) -> None:
    partners = ("阿橙", "妈妈", "唐姐")
    files = {f"导出/{name}.csv": csv_chat("小满", name, "在吗", "在", "走") for name in partners}
    at = upload(open_page("importing").run(), "全部.zip", zipped(files))

    assert not at.exception
    (question,) = at.radio
    assert question.options[0] == "小满 · 3 个文件里有 · 3 条消息", "in most of the files, so first"
    assert at.button(key="import").disabled
    assert list(at.dataframe[0].value["file"]) == ["唐姐.csv", "妈妈.csv", "阿橙.csv"]

    at.radio[0].set_value("小满").run()
    assert list(at.dataframe[0].value["me"]) == ["小满"] * 3
    at.button(key="import").click().run()

    assert not at.exception
    assert sorted(workflow.chats(empty)) == ["唐姐", "妈妈", "阿橙"]


def test_files_in_which_the_one_chosen_does_not_speak_can_be_left_out(
    empty: Workspace, open_page: OpenPage
) -> None:
    files = {
        "阿橙.csv": csv_chat("小满", "阿橙", "在吗", "在"),
        "妈妈.csv": csv_chat("小满", "妈妈", "在吗", "在"),
        "别人.csv": csv_chat("老王", "小李", "在吗", "在"),
    }
    at = upload(open_page("importing").run(), "全部.zip", zipped(files))
    at.radio[0].set_value("小满").run()
    assert at.button(key="import").disabled

    leave = next(each for each in at.button if each.label == "不导入这些")
    leave.click().run()
    at.button(key="import").click().run()

    assert not at.exception
    assert sorted(workflow.chats(empty)) == ["妈妈", "阿橙"]


def test_a_file_unticked_by_hand_stays_out_whatever_else_is_left_out(
    empty: Workspace, open_page: OpenPage
) -> None:
    files = {
        "阿橙.csv": csv_chat("小满", "阿橙", "在吗", "在"),
        "妈妈.csv": csv_chat("小满", "妈妈", "在吗", "在"),
        "别人.csv": csv_chat("老王", "小李", "在吗", "在"),
    }
    at = upload(open_page("importing").run(), "全部.zip", zipped(files))
    at.radio[0].set_value("小满").run()
    names = list(at.dataframe[0].value["file"])
    rows = [number for number, name in enumerate(names) if name != "妈妈.csv"]
    table = at.dataframe[0].key or ""
    at.session_state[table] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    at.run()
    next(each for each in at.button if each.label == "不导入这些").click().run()
    at.button(key="import").click().run()

    assert not at.exception
    assert workflow.chats(empty) == ["阿橙"]


def test_an_archive_is_unpacked_once_for_all_its_previews(
    empty: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    unpacked = workflow.unpacked

    def counting(paths: list[Path], limits: Limits) -> object:
        opened.append(len(paths))
        return unpacked(paths, limits)

    monkeypatch.setattr(workflow, "unpacked", counting)
    files = {f"{name}.csv": csv_chat("小满", name, "在吗", "在") for name in ("阿橙", "妈妈")}
    at = upload(open_page("importing").run(), "全部.zip", zipped(files))
    at.run()
    at.radio[0].set_value("小满").run()

    assert opened == [1]


def test_a_broken_archive_is_one_sentence(empty: Workspace, open_page: OpenPage) -> None:
    at = upload(open_page("importing").run(), "全部.zip", zipped({"a.csv": b"x"})[:40])
    assert not at.exception
    assert len(at.error) == 1
    assert unmarked(at.error[0].value).startswith("全部.zip：")


def test_rows_that_cannot_be_read_are_listed_and_the_rest_comes_in(
    empty: Workspace, open_page: OpenPage
) -> None:
    at = upload(open_page("importing").run(), "林小满.csv", partly_broken())
    label = "有 1 处读不出来，其余照常导入"
    (folded,) = [each for each in at.expander if each.label == label]
    assert unmarked(folded.markdown[0].value).startswith("- 第 4 行：")

    at.button(key="import").click().run()
    assert not at.exception
    assert everything(empty) == 1
    assert label in [each.label for each in at.expander], "the report lists them too"


def test_a_group_asks_what_becomes_of_the_others(empty: Workspace, open_page: OpenPage) -> None:
    at = upload(open_page("importing").run(), "项目小分队.csv", group_chat())
    choice = at.radio(key=Keys.GROUPS)
    assert choice.value == GroupMode.MERGE

    choice.set_value(GroupMode.EXCHANGES).run()
    at.button(key="import").click().run()

    assert not at.exception
    (chat,) = workflow.chat_overview(empty)
    assert (chat.group, chat.group_mode) == (True, GroupMode.EXCHANGES)


def test_another_time_zone_is_kept_and_reads_the_files_anew(
    empty: Workspace, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones: list[str] = []
    preview = workflow.preview_files

    def noting(paths: list[Path], *, options: ReadOptions) -> object:
        zones.append(options.zone)
        return preview(paths, options=options)

    monkeypatch.setattr(workflow, "preview_files", noting)
    at = upload(open_page("importing").run(), "阿橙.csv", csv_chat("小满", "阿橙", "在吗", "在"))
    at.selectbox(key=Keys.ZONE).set_value("Asia/Tokyo").run()

    assert zones == ["Asia/Shanghai", "Asia/Tokyo"]
    assert workflow.load_settings(empty).time_zone == "Asia/Tokyo"


def test_many_files_are_one_group_too(empty: Workspace, open_page: OpenPage) -> None:
    at = open_page("importing").run()
    for number in range(8):
        at.file_uploader[0].upload(f"{number}.csv", csv_chat("小满", f"友{number}", "在吗", "在"))
    at.run()

    assert len(at.radio) == 0, "more than five people: a list"
    name = next(each for each in at.selectbox if each.key == Keys.ME + "loose")
    name.set_value("小满").run()
    at.button(key="import").click().run()
    assert workflow.count_matching(empty, ConversationFilter()) == 8
