"""QQ's people are shown as whoever exported the chat knows them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curation.importers import read_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"remark": "老王", "groupCard": "队长", "name": "wang", "nickname": "W"}, "老王"),
        ({"groupCard": "队长", "name": "wang", "nickname": "W"}, "队长"),
        ({"name": "王叔", "nickname": "W"}, "王叔"),
        ({"nickname": "W"}, "W"),
        ({"name": "10002", "nickname": "W"}, "W"),
        ({"name": "10002"}, "10002"),
        ({"remark": " ", "groupCard": "", "name": "wang"}, "wang"),
    ],
)
def test_the_name_shown(names: dict[str, str], shown: str, tmp_path: Path) -> None:
    path = tmp_path / "group_800800_20240502_090000.json"
    message = {
        "id": "74372000001",
        "timestamp": 1714564800000,
        "sender": {"uid": "u_2", "uin": "10002", **names},
        "type": "type_1",
        "content": {"text": "在吗", "elements": [{"type": "text", "data": {"text": "在吗"}}]},
        "recalled": False,
    }
    chat = {"name": "爬山", "type": "group", "selfUid": "u_1", "selfUin": "10001"}
    content = {"metadata": {"name": "QQChatExporter V5"}, "chatInfo": chat, "messages": [message]}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    source = read_file(path)
    assert source.messages["sender_name"].tolist() == [shown]
    assert source.messages["sender"].tolist() == ["10002"]
