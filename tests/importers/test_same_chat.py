"""One invented chat as each WeChat tool writes it: all come out the same, so overlaps are found."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from curation.importers import read_file, with_me

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2024, 5, 1, 20, 0, 0)  # noqa: DTZ001  (the wall clock of the chat)
UNIX = 1714564800
PARTNER, ME = "wxid_demo01", "wxid_me0001"
REMARK, MINE = "林小满", "阿哲"

CHAT: list[tuple[int, bool, str, str, str | None]] = [
    (1, False, "text", "在干嘛呀~~ (｡•́︿•̀｡)", None),
    (30, True, "text", "刚下班\n地铁上，累😮‍💨", None),
    (41, False, "sticker", "[表情包]", None),
    (70, True, "image", "[图片]", None),
    (90, False, "text", "[红包]发我", None),
    (180, True, "quote", "好呀好呀！！", "在干嘛呀~~ (｡•́︿•̀｡)"),
    (240, True, "file", "[文件] 周末计划.xlsx", None),
    (300, False, "link", "[链接] 三十分钟学会做葱油面", None),
    (360, False, "location", "[位置] 老面馆", None),
    (420, True, "transfer", "[转账]", None),
    (480, False, "call", "[通话]", None),
    (540, True, "video", "[视频]", None),
    (600, False, "forward", "[聊天记录]", None),
    (660, True, "mini_program", "[小程序] 排队取号", None),
    (720, False, "poke", "[拍一拍]", None),
    (780, False, "recall", "[已撤回]", None),
    (840, True, "quote", "那明天见", "明天见吗"),
    (900, False, "text", "嗯嗯 <3", None),
]
"""Second, mine, kind, text, quoted text."""


def clock(second: int) -> str:
    return (START + timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S")


def name(text: str) -> str:
    return text.partition("] ")[2]


def number(position: int) -> str:
    return str(7437200000000000001 + position)


def memotrace_rows() -> list[list[str]]:
    types = {
        "text": ("文本", "{text}"),
        "sticker": ("表情包", "【表情包】 "),
        "image": ("图片", "【图片】"),
        "quote": ("引用消息", "{text}\n引用：{remark}: {quoted}"),
        "file": ("文件", "【文件】{name} 20481 FileStorage\\File\\{name} xlsx 0cc175b9"),
        "link": (
            "分享链接",
            "【分享链接】\n标题：{name}\n描述：一看就会\n链接: https://example.com/m",
        ),
        "location": ("位置分享", "【位置分享】\n坐标: (31.2,121.5)\n名称: {name}\n标签: 某路某号"),
        "transfer": ("转账", "【发起转账】:￥25.00\n备注: 面钱"),
        "call": ("音视频通话", "【音视频通话】\n通话时长 01:23"),
        "video": ("视频", "【视频】"),
        "forward": ("合并转发的聊天记录", "【合并转发的聊天记录】\n\n - 2024-05-01 小周: 到了吗"),
        "mini_program": ("小程序", "【小程序】\n标题：{name}"),
        "poke": ("拍一拍", '"林小满" 拍了拍我'),
        "recall": ("系统消息", '"林小满" 撤回了一条消息'),
    }
    rows = []
    for position, (second, mine, kind, text, quoted) in enumerate(CHAT):
        type_name, content = types[kind]
        body = content.format(text=text, remark=REMARK, quoted=quoted, name=name(text))
        who = MINE if mine else REMARK
        rows.append([number(position), type_name, who, clock(second), body, who, who, "more"])
    return rows


MEMOTRACE_HEADER = ["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"]


def memotrace_csv(folder: Path) -> Path:
    path = folder / f"{REMARK}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([MEMOTRACE_HEADER, *memotrace_rows()])
    return path


def memotrace_xlsx(folder: Path) -> Path:
    path = folder / f"{REMARK}.xlsx"
    book = openpyxl.Workbook()
    sheet = book.create_sheet("聊天记录", 0)
    for row in [MEMOTRACE_HEADER, *memotrace_rows()]:
        sheet.append(row)
    members = book.create_sheet("成员信息", 1)
    members.append(["wxid", "微信号", "类型", "群昵称", "昵称", "头像地址", "电话"])
    members.append([PARTNER, "xiaoman_lin", 3, REMARK, "满满", "", ""])
    book.save(path)
    return path


def weflow_json(folder: Path) -> Path:
    types = {
        "text": ("文本消息", 1, "{text}"),
        "sticker": ("动画表情", 47, "[表情包]"),
        "image": ("图片消息", 3, "media/images/a.jpg"),
        "quote": ("引用消息", 244813135921, "{text}[引用 {remark}：{quoted}]"),
        "file": ("文件消息", 25769803825, "[文件] {name}"),
        "link": ("链接消息", 21474836529, "[链接] {name}\nhttps://example.com/m"),
        "location": ("位置消息", 48, "[位置] {name} (31.2,121.5)"),
        "transfer": ("转账消息", 8589934592049, "[转账] (我 转账给 林小满) ￥25.00 面钱"),
        "call": ("通话消息", 50, "[语音通话] 01:23"),
        "video": ("视频消息", 43, "[视频]"),
        "forward": ("聊天记录", 81604378673, "[转发的聊天记录]群聊的聊天记录\n小周: 到了吗"),
        "mini_program": ("小程序消息", 154618822705, "[小程序] {name}"),
        "poke": ("其他消息", 266287972401, '"林小满" 拍了拍我'),
        "recall": ("系统消息", 10000, '"林小满" 撤回了一条消息'),
    }
    messages = []
    for position, (second, mine, kind, text, quoted) in enumerate(CHAT):
        type_name, local_type, content = types[kind]
        messages.append(
            {
                "localId": position + 1,
                "createTime": UNIX + second,
                "formattedTime": clock(second),
                "type": type_name,
                "localType": local_type,
                "content": content.format(text=text, remark=REMARK, quoted=quoted, name=name(text)),
                "isSend": int(mine),
                "senderUsername": ME if mine else PARTNER,
                "senderDisplayName": MINE if mine else REMARK,
                "source": "",
                "platformMessageId": number(position),
            }
        )
    session = {"accountId": PARTNER, "nickname": "满满", "remark": REMARK, "type": "私聊"}
    return written(folder, {"weflow": {"version": "1"}, "session": session, "messages": messages})


def ciphertalk_json(folder: Path) -> Path:
    types = {
        "text": ("文本消息", 1, "{text}"),
        "sticker": ("动画表情", 47, "[动画表情]"),
        "image": ("图片消息", 3, "[图片]"),
        "quote": ("引用消息", 49, "{text}"),
        "file": ("文件消息", 49, "[文件] {name}"),
        "link": ("链接消息", 49, "[链接] {name}"),
        "location": ("位置消息", 48, "[位置] {name}"),
        "transfer": ("转账消息", 49, "[转账] ￥25.00 面钱"),
        "call": ("通话消息", 50, "[通话]"),
        "video": ("视频消息", 43, "[视频]"),
        "forward": ("聊天记录", 49, "[聊天记录] 群聊的聊天记录"),
        "mini_program": ("小程序消息", 49, "[小程序] {name}"),
        "poke": ("其他消息", 266287972401, '"林小满" 拍了拍我'),
        "recall": ("系统消息", 10000, '"林小满" 撤回了一条消息'),
    }
    messages = []
    for position, (second, mine, kind, text, quoted) in enumerate(CHAT):
        type_name, local_type, content = types[kind]
        raw = (
            f"<msg><appmsg><title>{text}</title><type>57</type><refermsg><type>1</type>"
            f"<content>{quoted}</content></refermsg></appmsg></msg>"
        )
        messages.append(
            {
                "localId": position + 1,
                "platformMessageId": number(position),
                "createTime": UNIX + second,
                "type": type_name,
                "localType": local_type,
                "content": content.format(text=text, name=name(text)),
                "rawContent": raw if kind == "quote" else text,
                "isSend": int(mine),
                "senderUsername": ME if mine else PARTNER,
                "senderDisplayName": MINE if mine else REMARK,
            }
        )
    info = {"generator": "CipherTalk", "format": "detailed-json"}
    session = {"wxid": PARTNER, "displayName": REMARK, "type": "私聊", "ownerId": ME}
    return written(folder, {"exportInfo": info, "session": session, "messages": messages})


def pywxdump_json(folder: Path) -> Path:
    types = {
        "text": ("文本", "{text}"),
        "sticker": ("动画表情", "表情"),
        "image": ("图片", "图片"),
        "quote": ("引用回复", "{text}\n\n[引用](2024-05-01 20:00:01){remark}:{quoted}"),
        "file": ("文件", "{name}"),
        "link": (
            "(分享)卡片式链接",
            '{name}\n一看就会\n\n<a href="https://example.com/m">点击查看详情</a>',
        ),
        "location": ("位置", "纬度:【31.2】 经度:【121.5】\n位置：某路某号 {name}\n其他信息：x"),
        "transfer": ("转账", "转账：￥25.00\n转账说明：面钱\n"),
        "call": ("语音通话", "语音/视频通话[通话时长 01:23]"),
        "video": ("视频", "视频"),
        "forward": ("合并转发的聊天记录", "群聊的聊天记录\n小周: 到了吗"),
        "mini_program": ("(分享)小程序", "{name}"),
        "poke": ("拍一拍", '"林小满" 拍了拍我'),
        "recall": ("消息撤回5", "原来的话"),
    }
    rows = []
    for position, (second, mine, kind, text, quoted) in enumerate(CHAT):
        type_name, content = types[kind]
        rows.append(
            {
                "id": position + 1,
                "MsgSvrID": number(position),
                "type_name": type_name,
                "is_sender": int(mine),
                "talker": "我" if mine else PARTNER,
                "room_name": PARTNER,
                "msg": content.format(text=text, remark=REMARK, quoted=quoted, name=name(text)),
                "src": "",
                "extra": {},
                "CreateTime": clock(second),
            }
        )
    users = {PARTNER: {"wxid": PARTNER, "nickname": "满满", "remark": REMARK}}
    (folder / "users.json").write_text(json.dumps(users), encoding="utf-8")
    return written(folder, rows)


def chatlog_json(folder: Path) -> Path:
    types: dict[str, tuple[int, int]] = {
        "text": (1, 0),
        "sticker": (47, 0),
        "image": (3, 0),
        "quote": (49, 57),
        "file": (49, 6),
        "link": (49, 5),
        "location": (48, 0),
        "transfer": (49, 2000),
        "call": (50, 0),
        "video": (43, 0),
        "forward": (49, 19),
        "mini_program": (49, 33),
        "poke": (49, 62),
        "recall": (10000, 0),
    }
    rows = []
    for position, (second, mine, kind, text, quoted) in enumerate(CHAT):
        number_of_type, subtype = types[kind]
        said = {"recall": '"林小满" 撤回了一条消息', "poke": '"${wxid_demo01}" 拍了拍我'}
        refer = {"type": 1, "subType": 0, "content": quoted, "sender": PARTNER}
        rows.append(
            {
                "seq": (UNIX + second) * 1000 + position,
                "time": f"{clock(second).replace(' ', 'T')}+08:00",
                "talker": PARTNER,
                "talkerName": REMARK,
                "isChatRoom": False,
                "sender": "系统消息" if kind == "recall" else ME if mine else PARTNER,
                "senderName": "" if kind == "recall" else MINE if mine else REMARK,
                "isSelf": mine,
                "type": number_of_type,
                "subType": subtype,
                "content": said.get(kind, text if kind in {"text", "quote"} else ""),
                "contents": {"title": name(text), "poiname": name(text), "refer": refer},
            }
        )
    return written(folder, rows)


def written(folder: Path, data: Any) -> Path:
    path = folder / "wxid_demo01_0_99.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "write",
    [memotrace_csv, memotrace_xlsx, weflow_json, ciphertalk_json, pywxdump_json, chatlog_json],
)
def test_a_chat_reads_the_same_whichever_tool_wrote_it(
    write: Callable[[Path], Path], tmp_path: Path
) -> None:
    source = read_file(write(tmp_path))
    if not source.me_known:
        source = with_me(source, MINE)
    messages = source.messages
    assert set(messages["chat"]) == {REMARK}
    found = [
        (str(time), bool(mine), kind, text, None if reply != reply else reply)  # noqa: PLR0124  (NaN)
        for time, mine, kind, text, reply in zip(
            *(messages[column] for column in ("time", "is_me", "kind", "text", "reply_to")),
            strict=True,
        )
    ]
    assert found == [(clock(second), *rest) for second, *rest in CHAT]
    assert source.bad_rows == ()
    assert source.warnings == ()
