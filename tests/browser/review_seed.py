"""A workspace for the review page: one rich conversation, then plain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from curation import workflow
from curation.store import imports

if TYPE_CHECKING:
    from pathlib import Path

    from curation.store import Workspace

START: Final = 1_700_000_000
HOUR: Final = 3600
NASTY: Final = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> $x^2$ ![](http://x/y.png) **b**"
)

Line = tuple[str, str, str, int]  # side, kind, text, seconds since the message before

RICH: Final[tuple[Line, ...]] = (
    ("me", "text", "在吗在吗", 0),
    ("me", "sticker", "[委屈]", 4),
    ("other", "text", "刚下班！今天累坏了(｡•́︿•̀｡)", 30),
    ("other", "text", "新号码 13812345678，旧的那个不用了", 12),
    ("me", "text", "哈哈哈哈哈抱抱你~~ 我记一下", 9),
    ("me", "image", "[图片]", 5),
    ("other", "voice", "[语音]", 14),
    ("other", "quote", "就是这家！上次那个豆花", 20),
    ("me", "text", "那周末去？\n我来订位，你把地址发我", 700),
    ("other", "text", "杭州市西湖区文三路100号2单元301", 40),
    ("other", "text", "门锁密码是abc123456，别告诉别人", 3),
    ("other", "recall", "[已撤回]", 2),
    ("me", "text", "放心，我嘴严得很 [奸笑]", 30),
    ("other", "file", "[文件] 周末行程.pdf", 60),
    ("other", "text", "那就这么定啦！！！", 4),
)

MARKUP: Final[tuple[Line, ...]] = (("other", "text", NASTY, 0), ("me", "quote", NASTY, 9))


def plain(number: int) -> tuple[Line, ...]:
    return (
        ("other", "text", f"第{number}个问题：今天吃什么", 0),
        ("me", "text", f"第{number}个回答：火锅吧哈哈哈", 20),
    )


def put(workspace: Workspace, chat: str, conversations: list[tuple[Line, ...]]) -> None:
    rows = []
    for number, lines in enumerate(conversations):
        seconds = START + number * 4 * HOUR
        for side, kind, text, pause in lines:
            seconds += pause
            quoted = "我们去吃那家豆花吧" if kind == "quote" else None
            rows.append((number, side, kind, text, seconds, quoted))
    names = ["conversation", "side", "kind", "text", "seconds", "reply_to"]
    table = pd.DataFrame(rows, columns=pd.Index(names))
    with workspace.write() as connection:
        source = imports.add_source_file(
            connection, name="chat.csv", file_format="test", messages=len(rows), added=len(rows)
        )
        ready = table.assign(
            source_id=None,
            reply_id=None,
            sender=table["side"],
            sender_name=table["side"].map({"me": "小满", "other": chat}),
            source_file_id=source,
        ).astype({"seconds": "Int64"})
        imports.add_conversations(connection, imports.chat_id(connection, chat), ready)


def seed(
    where: Path,
    chat: str = "阿橙",
    *,
    plain_ones: int = 40,
    first: tuple[tuple[Line, ...], ...] = (),
) -> None:
    """Add a chat to a workspace: the conversations of `first`, then plain ones."""
    workspace = workflow.open_workspace(where)
    put(workspace, chat, [*first, *(plain(number) for number in range(1, plain_ones + 1))])
    if first:
        workflow.scan_findings(workspace)
    workspace.close()
