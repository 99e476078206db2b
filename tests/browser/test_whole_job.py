"""The whole job as a person does it: files in, clicks, a training file out; and a killed server."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.exporters import formats
from curation.model import Status
from tests.browser.conftest import Server
from tests.browser.desk import LONG_MS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SAVED: Final = '[data-part="tick"][data-state="saved"]'
HEADER: Final = ("消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息")
VOICE: Final = ("好委屈(｡•́︿•̀｡)[委屈]", "哈哈哈哈哈!!!~~", "<script>alert('我')</script> $E=mc^2$")
CHAT: Final = (
    ("05-01 20:00:00", "小满", "在吗在吗"),
    ("05-01 20:00:10", "阿橙", "在呀，我换号了13812345678哈"),
    ("05-01 20:00:20", "小满", VOICE[0]),
    ("05-01 20:00:30", "阿橙", "wifi密码是mimi2024，别告诉别人"),
    ("05-01 20:00:40", "小满", VOICE[1]),
    ("05-01 20:00:50", "阿橙", "那我先睡了"),
    ("05-02 09:00:00", "阿橙", "早"),
    ("05-02 09:00:05", "小满", VOICE[2]),
    ("05-03 09:00:00", "阿橙", "这段不要了"),
    ("05-03 09:00:05", "小满", "嗯这段不要"),
)
RECORDS: Final = (
    (
        "你是林小满，一个聪明、热情、善良的人",
        "稿子好了吗\n邮箱tang@example.com收",
        "好了好了\n马上发[旺柴]",
    ),
)


def write_files(folder: Path) -> list[Path]:
    chat = folder / "阿橙.csv"
    with chat.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, (moment, sender, text) in enumerate(CHAT):
            key = str(7_000_000_000_000_000_000 + number)
            writer.writerow((key, "文本", sender, f"2024-{moment}", text, sender, sender, "more"))
    train = folder / "唐姐_train.json"
    roles = ("system", "user", "assistant")
    records = [
        {
            "conversations": [
                {"role": role, "content": text} for role, text in zip(roles, record, strict=True)
            ]
        }
        for record in RECORDS
    ]
    train.write_text(json.dumps(records, ensure_ascii=False, indent=4), encoding="utf-8")
    return [chat, train]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "workspace.db", tmp_path / "log.txt")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.goto(server.url)
    yield opened
    context.close()


def go_to(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def bring_in(page: Page, files: list[Path]) -> None:
    page.locator('input[type="file"]').set_input_files(files)
    me = page.get_by_role("radiogroup").get_by_text("小满", exact=True)
    expect(page.get_by_role("button", name="导入 13 条消息")).to_be_disabled()
    me.click()
    page.get_by_role("button", name="导入 13 条消息").click()
    expect(page.get_by_text("导入完成")).to_be_visible()


def wait_for_text(page: Page, text: str) -> None:
    expect(page.locator('[data-part="list"]')).to_contain_text(text)


@pytest.mark.every_run
def test_from_exported_chats_to_a_file_a_trainer_accepts(
    page: Page, server: Server, tmp_path: Path
) -> None:
    bring_in(page, write_files(tmp_path))
    page.get_by_role("button", name="开始复审").click()

    wait_for_text(page, "我换号了")
    page.keyboard.press("a")
    wait_for_text(page, "alert")
    page.keyboard.press("a")
    wait_for_text(page, "这段不要了")
    page.keyboard.press("x")
    wait_for_text(page, "稿子好了吗")
    page.keyboard.press("a")
    expect(page.locator(SAVED)).to_be_visible()

    go_to(page, "人设")
    page.get_by_role("textbox", name="名字").fill("小满")
    page.get_by_label("职业").fill("插画师")
    page.get_by_label("职业").press("Tab")
    expect(page.locator("[data-testid=stHtml]").get_by_text("插画师").first).to_be_visible(
        timeout=LONG_MS
    )

    go_to(page, "导出")
    page.get_by_role("button", name="生成数据集").click()
    with page.expect_download(timeout=LONG_MS) as waiting:
        page.get_by_role("button", name="sharegpt.json").click()
    saved = tmp_path / "downloaded.json"
    waiting.value.save_as(saved)

    assert formats()["sharegpt"].check(saved) == []
    records = json.loads(saved.read_bytes().decode("utf-8"))
    assert len(records) == 3
    for record in records:
        assert list(record) == ["conversations", "system", "tools"]
        assert record["tools"] == "[]"
        assert "插画师" in record["system"]
        sides = [turn["from"] for turn in record["conversations"]]
        assert sides == ["human", "gpt"] * (len(sides) // 2)
        assert all(turn["value"].strip() for turn in record["conversations"])
    text = saved.read_text(encoding="utf-8")
    for private in ("13812345678", "mimi2024", "tang@example.com", "林小满", "这段不要"):
        assert private not in text
    answers = [turn["value"] for record in records for turn in record["conversations"]]
    assert [value for value in answers if value in VOICE] == list(VOICE)
    assert values(records, 0)[0] == "在呀，我换号了〔电话〕哈"  # my own opening is left out
    assert len(values(records, 0)) == 4  # and the other's last word, which nobody answered


def values(records: list[dict[str, Any]], index: int) -> list[str]:
    return [turn["value"] for turn in records[index]["conversations"]]


@pytest.mark.every_run
def test_twenty_approvals_outlive_a_killed_server(
    page: Page, server: Server, browser: Browser
) -> None:
    workspace = workflow.open_workspace(server.workspace)
    workflow.import_sample(workspace)
    page.goto(f"{server.url}/review")
    expect(page.locator(".row").first).to_be_visible()
    for _press in range(20):
        page.keyboard.press("a")
        page.wait_for_timeout(40)
    expect(page.locator(SAVED)).to_be_visible()
    server.kill()
    assert workflow.count_by_status(workspace)[Status.APPROVED] == 20
    workspace.close()

    server.start()
    page.goto(f"{server.url}/review?status=approved")
    expect(page.locator('[data-part="place"]')).to_be_visible()
    again = workflow.open_workspace(server.workspace)
    assert workflow.count_by_status(again)[Status.APPROVED] == 20
    again.close()
