"""A talk in a real browser: it streams, stops, survives a reload, and is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from curation import workflow
from curation.chatting import save_spark
from curation.model import ConversationFilter, Side, Status
from curation.workflow import USER
from tests.browser.conftest import Server, as_new
from tests.browser.desk import SLOW
from tests.spark_service import Play, answer, running_spark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Dialog, Locator, Page

    from tests.spark_service import Spark


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    with running_spark() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, spark: Spark) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("talk")
    secrets = folder / "secrets.toml"
    save_spark(secrets, spark.profile())
    running = Server(folder / "workspace.db", folder / "log.txt", SLOW)
    running.environment["RUWO_SECRETS"] = str(secrets)
    running.slow(0)
    workspace = workflow.open_workspace(running.workspace)
    workflow.save_settings(workspace, workflow.Settings(language="en"))
    workspace.close()
    running.start()
    yield running
    running.kill()


def box(page: Page) -> Locator:
    return page.locator(".talk .compose textarea")


def bubbles(page: Page) -> Locator:
    return page.locator(".talk .row.self .bubble")


def kept(server: Server) -> list[int]:
    """Return how many answers were put right, and how many were liked."""
    workspace = workflow.open_workspace(server.workspace)
    counts = [
        workflow.written_count(workspace, each) for each in (workflow.CORRECTION, workflow.LIKED)
    ]
    workspace.close()
    return counts


def go(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/chat")
    expect(box(page)).to_be_visible()


def test_a_talk_streams_stops_survives_a_reload_and_is_put_right(
    server: Server, spark: Spark, tab: Page
) -> None:
    as_new(tab, server, width=1280, height=1000)
    go(tab, server)
    spark.script.append(Play(answer(*"在呀[害羞]\n<b>刚</b>醒"), pause=0.02))
    box(tab).fill("在吗 <i>x</i>")
    box(tab).press("Enter")
    expect(tab.locator(".row.you .bubble")).to_have_text("在吗 <i>x</i>")
    expect(bubbles(tab)).to_have_text(["在呀☺️", "<b>刚</b>醒"])
    expect(box(tab)).to_have_value("")
    expect(box(tab)).to_be_focused()

    spark.script.append(Play(answer(*("嗯" * 400)), pause=0.05))
    box(tab).press_sequentially("说长一点")
    tab.get_by_role("button", name="Send").click()
    expect(bubbles(tab).nth(2)).to_contain_text("嗯嗯嗯")
    box(tab).press_sequentially("还没写完")
    tab.get_by_role("button", name="Stop", exact=True).click()
    expect(tab.locator(".note.bad")).to_have_text("Stopped here.")
    expect(box(tab)).to_have_value("还没写完")

    go(tab, server)
    expect(bubbles(tab)).to_have_count(3)
    tab.locator(".act.correct").first.click()
    tab.locator(".edit").fill("在的\n刚醒[害羞]")
    tab.get_by_role("button", name="Keep for the dataset").click()
    expect(tab.locator(".note.good")).to_have_text("Put right, kept for the dataset")
    expect(bubbles(tab).nth(1)).to_have_text("刚醒☺️")

    workspace = workflow.open_workspace(server.workspace)
    (record,) = workflow.review_window(
        workspace, ConversationFilter(sources=(workflow.CORRECTION,))
    ).records
    assert record.conversation.status is Status.PENDING
    assert [(each.side, each.text) for each in record.conversation.messages] == [
        (Side.OTHER, "在吗 <i>x</i>"),
        (Side.ME, "在的"),
        (Side.ME, "刚醒[害羞]"),
    ]
    workspace.close()
    expect(tab.get_by_text("1 answer was put right or liked")).to_be_visible()
    tab.locator(".act.look").click()
    expect(tab.get_by_role("heading", name="Review")).to_be_visible()
    expect(tab.locator(".piece")).to_contain_text("刚醒[害羞]")


def test_on_a_slow_server_nothing_typed_or_clicked_is_lost_or_doubled(
    server: Server, spark: Spark, tab: Page
) -> None:
    def accept(dialog: Dialog) -> None:
        dialog.accept()

    before = kept(server)
    as_new(tab, server, width=1280, height=1000)
    tab.on("dialog", accept)
    go(tab, server)
    new = tab.get_by_role("button", name="New talk")
    if new.is_enabled():  # another test had a talk
        new.click()
    expect(tab.locator(".talk .row")).to_have_count(0)
    server.slow(1)
    mine = tab.locator(".row.you .bubble")
    for said in ("第一句", "第二句"):
        box(tab).press_sequentially(said)
        box(tab).press("Enter")
    box(tab).press_sequentially("没写完的")
    expect(mine).to_have_text(["第一句", "第二句"])
    expect(bubbles(tab)).to_have_count(2)
    expect(tab.locator(".row.waits")).to_have_count(0)

    tab.locator(".act.correct").nth(1).click()
    tab.locator(".edit").fill("好嘞")
    tab.locator(".act.like").click()
    tab.locator(".edit").press("Control+Enter")
    box(tab).press_sequentially("呢")
    box(tab).press("Enter")
    box(tab).press_sequentially("还在写")
    tab.reload()
    expect(box(tab)).to_have_value("还在写")
    expect(tab.locator(".note.good")).to_have_text(
        ["Liked, kept for the dataset", "Put right, kept for the dataset"]
    )
    expect(mine).to_have_text(["第一句", "第二句", "没写完的呢"])
    expect(bubbles(tab)).to_have_count(3)
    expect(tab.locator(".row.waits")).to_have_count(0)

    spark.script.append(Play(answer("在")))
    server.kill()
    box(tab).press("Enter")
    expect(mine).to_have_text(["第一句", "第二句", "没写完的呢", "还在写"])
    server.slow(0)
    server.start()
    expect(bubbles(tab)).to_have_count(4, timeout=60_000)
    tab.remove_listener("dialog", accept)

    workspace = workflow.open_workspace(server.workspace)
    told = workflow.talk_lines(workspace, workflow.all_talks(workspace)[0].id)
    workspace.close()
    assert [each.text for each in told if each.role == USER] == [
        "第一句",
        "第二句",
        "没写完的呢",
        "还在写",
    ]
    assert kept(server) == [each + 1 for each in before]
