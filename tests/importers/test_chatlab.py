"""ChatLab files as other writers and other versions make them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError
from curation.importers import read_file, with_me
from curation.importers.others.chatlab_contents import KINDS, content_of
from curation.model import PLACEHOLDERS, Kind, Limits, ReadOptions, SourceFile
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

HEADER: dict[str, Any] = {
    "_type": "header",
    "chatlab": {"version": "0.0.2", "exportedAt": 1_714_660_000},
    "meta": {"name": "林小满", "platform": "wechat", "type": "private", "ownerId": "wxid_me"},
}


def message(**more: Any) -> dict[str, Any]:
    return {
        "_type": "message",
        "sender": "wxid_a",
        "accountName": "林小满",
        "timestamp": 1_714_564_800,
        "type": 0,
        "content": "在吗",
        **more,
    }


MINE = message(sender="wxid_me", accountName="阿哲", content="在")


def written(path: Path, *lines: Any) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def read_lines(folder: Path, *lines: Any, options: ReadOptions | None = None) -> SourceFile:
    return read_file(written(folder / "x.jsonl", *lines), options)


def one(folder: Path, **more: Any) -> Any:
    """Return the row of one message, read from lines and from one object alike."""
    source = read_lines(folder, HEADER, message(**more), MINE)
    entry = {**HEADER, "members": [], "messages": [message(**more), MINE]}
    del entry["_type"]
    whole = read_file(written(folder / "x.json", entry))
    assert source.messages.equals(whole.messages)
    return source.messages.iloc[0]


@pytest.mark.parametrize(
    ("code", "content", "kind", "text"),
    [
        (0, "[转账] ￥1.00", "transfer", "[转账]"),
        (0, "[红包] 恭喜发财", "red_packet", "[红包]"),
        (0, "[红包]", "text", "[红包]"),  # an emoji of WeChat
        (0, "[红包]发我", "text", "[红包]发我"),
        (0, "[链接] 新闻", "link", "[链接] 新闻"),
        (0, "[小程序] 排队", "mini_program", "[小程序] 排队"),
        (0, "[语音通话] 01:23", "call", "[通话]"),
        (0, "[聊天记录] 群聊的聊天记录", "forward", "[聊天记录]"),
        (0, "[微笑][微笑]", "text", "[微笑][微笑]"),
        (0, '"林小满" 撤回了一条消息', "recall", "[已撤回]"),
        (0, '"林小满" 拍了拍我', "poke", "[拍一拍]"),
        (0, "wxid_abc:\n在吗", "text", "在吗"),
        (0, None, "text", ""),
        (0, 123, "text", "123"),
        ("0", "在", "text", "在"),
        (0.0, "在", "text", "在"),
        (None, "在", "text", "在"),
        (1, "[图片: a.jpg]", "image", "[图片]"),
        (1, "https://example.invalid/a.jpg", "image", "[图片]"),
        (1, r"media\a.jpg", "image", "[图片]"),
        (1, "看这只猫", "image", "[图片] 看这只猫"),
        (2, "[语音消息]", "voice", "[语音]"),
        (2, "[语音消息] 我到了", "voice", "我到了"),
        (2, "voices/1.wav", "voice", "[语音]"),
        (3, None, "video", "[视频]"),
        (4, "[文件] a/b/报告.docx", "file", "[文件] 报告.docx"),
        (4, "[文件：报告.docx]", "file", "[文件] 报告.docx"),
        (4, "报告.docx", "file", "[文件] 报告.docx"),
        (4, None, "file", "[文件]"),
        (5, "[表情包：摸摸头]", "sticker", "[摸摸头]"),
        (5, "[表情包]", "sticker", "[表情包]"),
        (5, "[捂脸]", "sticker", "[捂脸]"),
        (5, "emojis/1.gif", "sticker", "[表情包]"),
        (5, None, "sticker", "[表情包]"),
        (7, "[聊天记录] 群聊的聊天记录", "forward", "[聊天记录]"),
        (7, "[小程序] 排队", "mini_program", "[小程序] 排队"),
        (7, "[转账] ￥1.00", "transfer", "[转账]"),
        (7, "[音乐] 晴天", "link", "[链接] 晴天"),
        (7, "周末去哪儿\nhttps://example.invalid", "link", "[链接] 周末去哪儿"),
        (7, '{"app":"com.tencent"}', "link", "[链接]"),
        (8, "[位置] 人民公园", "location", "[位置] 人民公园"),
        (8, "", "location", "[位置]"),
        (20, "恭喜发财", "red_packet", "[红包]"),
        (21, "￥5.00", "transfer", "[转账]"),
        (22, "拍了拍", "poke", "[拍一拍]"),
        (23, "[视频通话]", "call", "[通话]"),
        (24, "排队取号", "mini_program", "[小程序] 排队取号"),
        (25, "好[引用 阿哲：在吗]", "quote", "好"),
        (25, "[引用消息]", "quote", ""),
        (25, "[捂脸]", "quote", "[捂脸]"),
        (26, "里面的话", "forward", "[聊天记录]"),
        (27, "[名片] 老王", "other", "[其他]"),
        (80, "[系统消息] 你已添加了林小满", "system", "你已添加了林小满"),
        (80, "你撤回了一条消息", "recall", "[已撤回]"),
        (81, "发错的话", "recall", "[已撤回]"),
        (99, "[转账] (林小满 转账给 阿哲) ￥1.00", "transfer", "[转账]"),
        (99, "不知道什么", "other", "[其他]"),
        (12345, "以后的类型", "other", "[其他]"),
        ([], "奇怪的类型", "other", "[其他]"),
    ],
)
def test_type_and_label_together_tell_what_a_message_is(
    code: Any, content: Any, kind: str, text: str, tmp_path: Path
) -> None:
    row = one(tmp_path, type=code, content=content)
    assert (row["kind"], row["text"]) == (kind, text)


@pytest.mark.parametrize(
    "timestamp",
    [1_714_564_800, 1_714_564_800_000, 1_714_564_800.7, "1714564800", "2024-05-01T12:00:00Z"],
)
def test_times_in_all_writings(timestamp: Any, tmp_path: Path) -> None:
    assert str(one(tmp_path, timestamp=timestamp)["time"]) == "2024-05-01 20:00:00"


def test_times_are_of_the_chosen_zone(tmp_path: Path) -> None:
    source = read_lines(tmp_path, HEADER, message(), options=ReadOptions(zone="Europe/Berlin"))
    assert str(source.messages["time"].iloc[0]) == "2024-05-01 14:00:00"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "this is not valid JSON"),
        ("[1]", "the line is not an object"),
        ("null", "the line is not an object"),
        ({"_type": "other"}, "the line is no header, member or message"),
        ({"a": 1}, "the line is no header, member or message"),
        (message(timestamp=None), "the time is missing"),
        (message(timestamp=-5), "the time is no possible date"),
        (message(timestamp=10**30), "the time is no possible date"),
        (message(timestamp=1e300), "the time is no possible date"),
        (message(timestamp="gestern"), "the time is no possible date"),
        (message(timestamp=True), "the time is missing"),
        (message(content={"a": 1}), "content is not a text"),
        (message(content=["a"]), "content is not a text"),
        (message(sender=None, accountName=None), "the sender is missing"),
        (message(content="长" * 200_000), "the message is longer than 131072 characters"),
        ("[" * 100 + "]" * 100, "the line is not an object"),
        (message(x=json.loads("[" * 100 + "]" * 100)), "nested deeper than 64 levels"),
        ("{" * 5000, "this is not valid JSON"),
    ],
)
def test_a_bad_line_is_noted_with_its_number(bad: Any, reason: str, tmp_path: Path) -> None:
    source = read_lines(tmp_path, HEADER, "# note", message(), bad, "", MINE)
    assert len(source.messages) == 2
    assert [(error.line, reason in str(error)) for error in source.bad_rows] == [(4, True)]


def test_damaged_letters_spoil_one_line_only(tmp_path: Path) -> None:
    lines = [json.dumps(each, ensure_ascii=False) for each in (HEADER, *[message()] * 3)]
    path = written(tmp_path / "x.jsonl", *lines)
    raw = path.read_bytes().split(b"\n")
    raw[2] = raw[2].replace(b"0,", b'0,"a":"\xff\xfe",', 1)
    path.write_bytes(b"\n".join(raw))
    source = read_file(path)
    assert len(source.messages) == 2
    assert str(source.bad_rows[0]) == (
        "x.jsonl, line 3: the text is damaged here: it is not valid UTF-8"
    )


def test_only_bad_lines_are_the_first_ones_error(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="line 2: the time is missing"):
        read_lines(tmp_path, HEADER, message(timestamp=None), "{")


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "# 注释\n\n" + text,
        lambda text: text.replace('"_type": ', '"_type" : '),
        lambda text: text + "\n\n",
    ],
)
def test_lines_saved_anew_are_read_all_the_same(damage: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "x.jsonl", HEADER, message(), MINE)
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    source = read_file(path)
    assert source.format == "ChatLab JSONL"
    assert source.messages["text"].tolist() == ["在吗", "在"]
    assert source.messages["is_me"].tolist() == [False, True]


def test_other_encodings(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in (HEADER, message(), MINE))
    for encoding in ("gb18030", "utf-16"):
        path = tmp_path / f"{encoding}.jsonl"
        path.write_bytes(lines.encode(encoding))
        assert read_file(path).messages["text"].tolist() == ["在吗", "在"]


def test_half_a_character_is_dropped_and_ids_stay_texts(tmp_path: Path) -> None:
    row = one(tmp_path, content="a\ud800b", sender=123, platformMessageId=7437200000000000001)
    assert (row["text"], row["sender"], row["source_id"]) == ("ab", "123", "7437200000000000001")
    assert one(tmp_path, platformMessageId=7.4372e18)["source_id"] != one(tmp_path)["source_id"]


@pytest.mark.parametrize("number", [0, "0", "", None, 1.5, [], {}])
def test_what_is_no_id_is_missing(number: Any, tmp_path: Path) -> None:
    row = one(tmp_path, platformMessageId=number, replyToMessageId=number)
    assert row[["source_id", "reply_id"]].isna().all()
    assert row["kind"] == "text"


def test_an_answer_has_the_text_it_answers(tmp_path: Path) -> None:
    source = read_lines(
        tmp_path,
        HEADER,
        message(platformMessageId="5"),
        message(content="在", sender="wxid_me", replyToMessageId="5"),
        message(type=81, content="不该说的", platformMessageId="6"),
        message(content="啥", replyToMessageId="6"),
        message(content="嗯", replyToMessageId="404"),
        message(type=1, content=None, replyToMessageId=5),
    )
    rows = source.messages
    assert rows["kind"].tolist() == ["text", "quote", "recall", "quote", "quote", "image"]
    assert rows["reply_to"].fillna("").tolist() == ["", "在吗", "", "[已撤回]", "", "在吗"]
    assert rows["reply_id"].fillna("").tolist() == ["", "5", "", "6", "404", "5"]


def test_members_and_header_may_stand_anywhere(tmp_path: Path) -> None:
    member = {"_type": "member", "platformId": "wxid_a", "accountName": "林小满", "aliases": ["满"]}
    silent = {"_type": "member", "platformId": "wxid_q", "accountName": "潜水员", "aliases": None}
    source = read_lines(
        tmp_path, message(accountName=None), member, MINE, silent, {"_type": "member"}, HEADER
    )
    assert source.messages["sender_name"].tolist() == ["林小满", "阿哲"]
    assert source.messages["chat"].unique().tolist() == ["林小满"]
    assert source.messages["is_me"].tolist() == [False, True]
    assert source.aliases["wxid_a"] == ("林小满", "满")
    assert source.known_names == ("潜水员",)
    assert source.chat_ids == {"林小满": "wxid_a"}


def test_exports_laid_end_to_end_are_several_chats(tmp_path: Path) -> None:
    group = {
        **HEADER,
        "meta": {"name": "小队", "type": "group", "groupId": 99, "ownerId": "wxid_me"},
    }
    source = read_lines(
        tmp_path, HEADER, message(), MINE, group, message(groupNickname="设计"), MINE
    )
    assert source.messages["chat"].tolist() == ["林小满", "林小满", "小队", "小队"]
    assert source.groups == {"小队"}
    assert source.chat_ids == {"林小满": "wxid_a", "小队": "99"}
    assert source.aliases["wxid_a"] == ("林小满", "设计")


def test_a_file_without_owner_asks_who_is_me(tmp_path: Path) -> None:
    old = {**HEADER, "meta": {"name": "林小满", "platform": "qq", "type": "private"}}
    source = read_lines(tmp_path, old, message(), MINE)
    assert source.messages["is_me"].isna().all()
    assert with_me(source, "阿哲").messages["is_me"].tolist() == [False, True]


def test_an_owner_that_nobody_is_says_nothing_in_a_private_chat(tmp_path: Path) -> None:
    cut = {**HEADER, "meta": {**HEADER["meta"], "ownerId": "wxid_m"}}
    assert read_lines(tmp_path, cut, message(), MINE).messages["is_me"].isna().all()
    assert read_lines(tmp_path, cut, message()).messages["is_me"].tolist() == [False]
    group = {**cut, "meta": {"name": "小队", "type": "group", "ownerId": "wxid_m"}}
    assert read_lines(tmp_path, group, message(), MINE).messages["is_me"].tolist() == [False] * 2


def test_a_chat_without_a_name_is_called_after_its_partner_or_its_file(tmp_path: Path) -> None:
    nameless = {**HEADER, "meta": {"type": "private", "ownerId": "wxid_me"}}
    assert read_lines(tmp_path, nameless, message(), MINE).messages["chat"].iloc[0] == "林小满"
    path = written(tmp_path / "小队.chatlab.json", {"chatlab": {}, "messages": [message(), MINE]})
    assert read_file(path).messages["chat"].iloc[0] == "小队"


def test_forwarded_chats_stay_closed_but_their_names_are_known(tmp_path: Path) -> None:
    records = [
        {"sender": "x", "accountName": "路人甲", "content": "里面的话"},
        None,
        {"accountName": 5},
    ]
    source = read_lines(tmp_path, HEADER, message(type=0, chatRecords=records), MINE)
    assert source.messages["text"].tolist() == ["[聊天记录]", "在"]
    assert source.known_names == ("路人甲", "5")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"chatlab": {"version": "0.0.1"}, "meta": {}}', "the file has no list of messages"),
        ('{"chatlab": {}, "messages": {}}', "the file has no list of messages"),
        ('{"chatlab": {}, "messages": []}', "the file holds no messages"),
        ('{"chatlab": {}, "messages": [1]}', "message 1: the message is not an object"),
        ('{"chatlab": {}, "messages": [{"sender": "a", "type": 0', "the JSON ends in the middle"),
        ('{"_type": "header", "chatlab": {}}', "the file holds no messages"),
    ],
)
def test_a_file_without_messages_is_one_clear_error(
    content: str, reason: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "x.json", content)
    with pytest.raises(BadFileError, match=reason):
        read_file(path)


@pytest.mark.parametrize(
    "content",
    [
        '{"conversations": [{"role": "user", "content": "{\\"chatlab\\": {}}"}]}',
        '[{"conversations": [{"role": "user", "content": "\\"_type\\": \\"message\\""}]}]',
    ],
)
def test_words_about_chatlab_are_no_chatlab_file(content: str, tmp_path: Path) -> None:
    assert read_file(written(tmp_path / "x.json", content)).format == "MemoTrace fine-tune JSON"


def test_a_stop_stops_the_reading(tmp_path: Path) -> None:
    def tick(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_lines(tmp_path, HEADER, *[message()] * 20_001, options=ReadOptions(tick=tick))


def test_nesting_has_a_limit_that_is_a_setting(tmp_path: Path) -> None:
    deep = message(x=[[[[1]]]])
    assert not read_lines(tmp_path, HEADER, deep).bad_rows
    tight = ReadOptions(limits=Limits(nesting=3))
    source = read_lines(tmp_path, HEADER, MINE, deep, options=tight)
    assert "nested deeper than 3 levels" in str(source.bad_rows[0])


@settings(max_examples=examples(300), deadline=None)
@given(code=st.sampled_from([*KINDS, 55]), text=st.text(max_size=60))
def test_any_content_of_any_type_is_a_message(code: int, text: str) -> None:
    kind, shown, _reply_to = content_of(code, text)
    assert kind in Kind
    if kind in {Kind.RECALL, Kind.TRANSFER, Kind.RED_PACKET, Kind.CALL, Kind.POKE, Kind.FORWARD}:
        assert shown == PLACEHOLDERS[kind]


@settings(max_examples=examples(200), deadline=None)
@given(
    text=st.one_of(
        st.text(alphabet="哈好 \n，~！abc。", max_size=40),
        st.sampled_from(["(｡•́︿•̀｡)", "QAQ", "…"]),
    )
)
def test_plain_words_stay_byte_for_byte(text: str) -> None:
    assert content_of(0, text) == (Kind.TEXT, text, None)
