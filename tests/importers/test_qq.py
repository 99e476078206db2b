"""QQ: exports in parts, recalled messages, and text exports of every age."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import BadFileError
from curation.importers import collect_files, read_file
from curation.importers.contents import Content
from curation.importers.qq.qq_text import content_of, system
from curation.model import Kind
from tests.importers.test_golden import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import SourceFile

CHUNKED = GOLDEN / "qqexporter_chunks" / "林小满_chunked_jsonl"
BAR = "=" * 64


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Return a copy of the golden export in parts."""
    ignored = shutil.ignore_patterns("*.expected.jsonl")
    return shutil.copytree(CHUNKED, tmp_path / "导出", ignore=ignored)


def with_parts(folder: Path, *names: str) -> Path:
    """Return the manifest, which now lists `names`."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["chunked"]["chunks"] = [{"relativePath": name, "count": 2} for name in names]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return path


def exported(folder: Path, *messages: dict[str, Any], **chat: Any) -> SourceFile:
    info = {"name": "林小满", "type": "private", "selfUin": "10001", **chat}
    root = {"metadata": {"name": "QQChatExporter V5"}, "chatInfo": info, "messages": messages}
    path = folder / "chat.json"
    path.write_text(json.dumps(root, ensure_ascii=False), encoding="utf-8")
    return read_file(path)


def message(number: int, uin: str, text: str, *elements: Any, **more: Any) -> dict[str, Any]:
    content = {"text": text, "elements": list(elements), "resources": []}
    stamp = 1714564800000 + 1000 * number
    sender = {"uid": f"u_{uin}", "uin": uin, "name": f"n{uin}"}
    return {"id": str(number), "timestamp": stamp, "sender": sender, "content": content, **more}


def text_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "林小满.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_folder_in_parts_offers_its_manifest_alone(parts: Path) -> None:
    (parts / "avatars.json").write_text('{"10001": "data:image/png;base64,AA=="}')
    assert collect_files(parts) == [parts / "manifest.json"]


def test_a_missing_part_is_named_and_the_others_are_read(parts: Path) -> None:
    (parts / "chunks" / "c000002.jsonl").unlink()
    source = read_file(parts / "manifest.json")
    assert len(source.messages) == 2
    (error,) = source.bad_rows
    assert str(error) == (
        "manifest.json, part 2: the part c000002.jsonl is missing; the whole folder is needed"
    )


def test_a_manifest_alone_is_one_error(parts: Path) -> None:
    shutil.rmtree(parts / "chunks")
    with pytest.raises(BadFileError, match=r"c000001\.jsonl is missing"):
        read_file(parts / "manifest.json")


@pytest.mark.parametrize(
    "name",
    [
        *("../secret.jsonl", "chunks/../../secret.jsonl", "..\\secret.jsonl", "C:\\secret.jsonl"),
        *("/etc/passwd", "{outside}", "chunks/link.jsonl"),
    ],
)
def test_a_part_outside_of_the_folder_is_not_read(name: str, parts: Path) -> None:
    secret = parts.parent / "secret.jsonl"
    secret.write_text(json.dumps(message(9, "10002", "别人的话")), encoding="utf-8")
    (parts / "chunks" / "link.jsonl").symlink_to(secret)
    manifest = with_parts(parts, "chunks/c000001.jsonl", name.format(outside=secret))
    source = read_file(manifest)
    assert "别人的话" not in source.messages["text"].tolist()
    assert [error.place for error in source.bad_rows] == ["part 2"]


@pytest.mark.parametrize("name", ["", "chunks", "chunks/\0.jsonl", "c" * 5000, "."])
def test_a_part_whose_name_is_none_is_a_bad_row(name: str, parts: Path) -> None:
    source = read_file(with_parts(parts, "chunks/c000001.jsonl", name))
    assert len(source.messages) == 2
    assert [error.place for error in source.bad_rows] == ["part 2"]


def test_damaged_lines_of_a_part_are_named(parts: Path) -> None:
    part = parts / "chunks" / "c000002.jsonl"
    part.write_text("{\n\n[1]\n" + part.read_text(encoding="utf-8"), encoding="utf-8")
    source = read_file(parts / "manifest.json")
    assert len(source.messages) == 3
    places = [error.place for error in source.bad_rows]
    assert places == ["c000002.jsonl, line 1", "c000002.jsonl, line 3"]


def test_what_was_recalled_stays_nowhere(tmp_path: Path) -> None:
    reply = {"referencedMessageId": "1", "senderName": "n10002", "content": "我的密码是 hunter2"}
    source = exported(
        tmp_path,
        message(1, "10002", "我的密码是 hunter2", recalled=True),
        message(2, "10001", "[回复消息]啊", {"type": "reply", "data": reply}),
        message(
            3, "10001", "[回复 n10002: 我的密码是 hunter2]\n啊", {"type": "reply", "data": reply}
        ),
        message(4, "10002", "再发一次 hunter2", rawMessage={"recallTime": "1714564900"}),
    )
    assert "hunter2" not in source.messages.to_string()
    assert source.messages["kind"].tolist() == ["recall", "quote", "quote", "recall"]
    assert source.messages["reply_to"].dropna().tolist() == ["[已撤回]", "[已撤回]"]


def test_me_is_found_by_uid_where_messages_have_a_number(tmp_path: Path) -> None:
    rows = (message(1, "10001", "在"), message(2, "10002", "嗯"))
    source = exported(tmp_path, *rows, selfUin=None, selfUid="u_10001")
    assert source.messages["is_me"].tolist() == [True, False]


def test_names_are_offered_and_the_remark_is_shown(tmp_path: Path) -> None:
    row = message(1, "10002", "在")
    row["sender"] |= {"remark": "满满", "groupCard": "值日生", "nickname": "Lin"}
    source = exported(tmp_path, row)
    assert source.messages["sender_name"].tolist() == ["满满"]
    assert {"值日生", "Lin", "u_10002"} <= set(source.aliases["10002"])


def test_a_private_chat_that_is_named_by_a_number_gets_the_name_of_the_partner(
    tmp_path: Path,
) -> None:
    source = exported(tmp_path, message(1, "10002", "在"), name="u_10002")
    assert source.messages["chat"].tolist() == ["n10002"]


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("[红包]发我", Kind.TEXT, "[红包]发我"),
        ("[图片]好看", Kind.TEXT, "[图片]好看"),
        ("[图片:a.jpg][图片:b.jpg]", Kind.IMAGE, "[图片]"),
        ("[文件:简历.pdf]", Kind.FILE, "[文件] 简历.pdf"),
        ("[QQ红包]请使用新版手机QQ查收红包。", Kind.RED_PACKET, "[红包]"),
        ("[闪照]请使用新版手机QQ查看闪照。", Kind.IMAGE, "[图片]"),
        ("[表情]", Kind.STICKER, "[表情包]"),
        ("[表情14]", Kind.TEXT, "[微笑]"),
        ("[委屈]", Kind.TEXT, "[委屈]"),
        ("[JSON消息]", Kind.LINK, "[链接]"),
        ("通话时长 00:12", Kind.CALL, "[通话]"),
        ("通话时长太短了", Kind.TEXT, "通话时长太短了"),
        ("语音通话吗", Kind.TEXT, "语音通话吗"),
        ("位置: 3楼", Kind.TEXT, "位置: 3楼"),
        ("我撤回了一条消息哈哈", Kind.TEXT, "我撤回了一条消息哈哈"),
        ("~~~!!!", Kind.TEXT, "~~~!!!"),
    ],
)
def test_what_qq_writes_for_a_message(text: str, kind: Kind, shown: str) -> None:
    assert content_of(text) == Content(kind, shown)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("老王撤回了一条消息", Kind.RECALL),
        ("你撤回了一条消息", Kind.RECALL),
        ("管理员 撤回了 老王 的消息", Kind.RECALL),
        ("林小满 拍了拍 阿岳", Kind.POKE),
        ("你戳了戳林小满", Kind.POKE),
        ("小李加入本群。", Kind.SYSTEM),
    ],
)
def test_what_qq_writes_as_a_notice(text: str, kind: Kind) -> None:
    assert system(text).kind is kind


HEADED = (
    f"消息记录（此消息记录为文本格式，不支持重新导入）\n\n{BAR}\n"
    f"消息分组:朋友\n{BAR}\n消息对象:林小满\n{BAR}\n\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_export_of_any_encoding(encoding: str, end: str, tmp_path: Path) -> None:
    text = HEADED + "2012-03-04 9:05:01 林小满\n在吗\n\n2012-03-04 10:05:01 阿岳\n在\n\n"
    source = read_file(text_file(tmp_path, text.replace("\n", end), encoding))
    assert source.messages["text"].tolist() == ["在吗", "在"]
    assert source.messages["chat"].unique().tolist() == ["林小满"]
    assert str(source.messages["time"][0]) == "2012-03-04 09:05:01"
    assert not source.groups


def test_a_private_name_with_a_number_behind_it_stays_whole(tmp_path: Path) -> None:
    text = (
        HEADED
        + "2012-03-04 9:05:01 小满(10002345)\n在吗\n\n"
        + "".join(f"2012-03-04 10:05:0{second} 阿岳\n在\n\n" for second in range(5))
    )
    source = read_file(text_file(tmp_path, text))
    assert source.messages["sender"].unique().tolist() == ["小满(10002345)", "阿岳"]


def test_a_text_export_whose_preamble_is_gone_is_known_by_its_numbers(tmp_path: Path) -> None:
    text = "2017-02-25 10:40:20 老王(10003456)\n在吗\n\n2017-02-25 10:40:30 阿岳<a@b.com>\n在\n"
    source = read_file(text_file(tmp_path, text, name="爬山小队.txt"))
    assert source.messages["sender"].tolist() == ["10003456", "a@b.com"]
    assert source.groups == {"爬山小队"}


def test_a_chat_of_a_name_twice_in_one_file_is_one_chat(tmp_path: Path) -> None:
    text = HEADED + "2012-03-04 9:05:01 林小满\n在吗\n\n"
    source = read_file(text_file(tmp_path, text + text.replace("9:05", "8:05")))
    assert source.messages["chat"].tolist() == ["林小满", "林小满"]


def test_an_export_without_messages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no messages"):
        read_file(text_file(tmp_path, HEADED))


def test_an_impossible_time_is_a_bad_row_with_its_line(tmp_path: Path) -> None:
    text = HEADED + "2012-13-04 9:05:01 林小满\n在吗\n\n2012-03-04 10:05:01 阿岳\n在\n\n"
    source = read_file(text_file(tmp_path, text))
    assert len(source.messages) == 1
    assert [error.line for error in source.bad_rows] == [9]
