"""What the JSON exports of WeChat tools tell beside the messages, and what damaged ones give."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import BadFileError, NoMessagesError
from curation.importers import participants, read_file
from curation.model import ReadOptions
from tests.importers.test_golden import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

PARTNER, ME = "wxid_demo01", "wxid_me0001"
WEFLOW = GOLDEN / "weflow_json" / "林小满_20240501-20240502.json"
OLD_WEFLOW = GOLDEN / "weflow_json_old" / "林小满.json"
ARKME = GOLDEN / "weflow_arkme" / "爬山小队.json"
ECHOTRACE = GOLDEN / "echotrace" / "林小满_1714700000000.json"
CIPHERTALK = GOLDEN / "ciphertalk" / "林小满.json"
PYWXDUMP = GOLDEN / "pywxdump_json" / "wxid_demo01" / "wxid_demo01_0_20.json"
GROUP_CSV = GOLDEN / "pywxdump_users" / "10000001@chatroom" / "10000001@chatroom_0_5000.csv"
CHATLOG = GOLDEN / "chatlog_json" / "chatlog.json"

EVERY = [WEFLOW, OLD_WEFLOW, ARKME, ECHOTRACE, CIPHERTALK, PYWXDUMP, CHATLOG]


def weflow(rows: Any, **session: Any) -> dict[str, Any]:
    return {
        "weflow": {"version": "1"},
        "session": {"wxid": PARTNER, "displayName": "林小满", "type": "私聊", **session},
        "messages": rows,
    }


def row(**told: Any) -> dict[str, Any]:
    return {
        "localId": 1,
        "createTime": 1714564800,
        "type": "文本消息",
        "localType": 1,
        "content": "好",
        "isSend": 0,
        "senderUsername": PARTNER,
        "senderDisplayName": "林小满",
        **told,
    }


def put(folder: Path, data: Any, name: str = "x.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "file_format"),
    [
        (WEFLOW, "WeFlow JSON"),
        (OLD_WEFLOW, "WeFlow JSON"),
        (ARKME, "WeFlow arkme-json"),
        (ECHOTRACE, "EchoTrace JSON"),
        (CIPHERTALK, "CipherTalk JSON"),
        (PYWXDUMP, "PyWxDump JSON"),
        (CHATLOG, "chatlog JSON"),
    ],
)
def test_a_format_is_known_by_content_under_any_name(
    path: Path, file_format: str, tmp_path: Path
) -> None:
    copy = tmp_path / "upload.txt"
    copy.write_bytes(path.read_bytes())
    assert read_file(copy).format == file_format


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.parent.name)
def test_no_account_id_and_no_raw_body_reaches_a_text(path: Path) -> None:
    messages = read_file(path).messages
    for column in ("text", "reply_to"):
        texts = messages[column].dropna()
        assert not texts.str.contains(r"wxid_|@chatroom|</?msg|<\?xml|CDATA").any()
    recalled = messages.loc[messages["kind"] == "recall", "text"]
    assert set(recalled) <= {"[已撤回]"}


def test_people_and_chats_are_told_beside_the_messages() -> None:
    source = read_file(WEFLOW)
    assert source.chat_ids == {"林小满": PARTNER}
    assert source.groups == frozenset()
    assert source.aliases[PARTNER] == ("林小满", "满满")

    source = read_file(ARKME)
    assert source.chat_ids == {"爬山小队": "10000001@chatroom"}
    assert source.groups == {"爬山小队"}
    assert source.aliases["zhou_2001"] == ("小周", "周队长", "Zhou", "zhouzhou")
    assert set(source.known_names) == {"小郑", "郑郑"}  # a member who never spoke

    source = read_file(CIPHERTALK)
    assert source.known_names == ("小周",)  # stands in a forwarded record
    assert source.chat_ids == {"林小满": PARTNER}

    source = read_file(CHATLOG)
    assert source.chat_ids == {"林小满": PARTNER, "爬山小队": "10000001@chatroom"}
    assert source.groups == {"爬山小队"}
    assert source.known_names == ("周末",)


def test_users_beside_a_chat_of_pywxdump_give_names() -> None:
    source = read_file(PYWXDUMP)
    assert source.chat_ids == {"林小满": PARTNER}
    assert source.aliases[PARTNER] == ("林小满", "满满", "xiaoman_lin")
    assert source.known_names == ("路人",)

    source = read_file(GROUP_CSV)
    assert source.chat_ids == {"爬山小队": "10000001@chatroom"}
    assert source.groups == {"爬山小队"}
    assert {person.name for person in participants(source)} == {"小周", "我", "吴"}


def test_users_that_cannot_be_read_are_a_warning(tmp_path: Path) -> None:
    copy = tmp_path / PYWXDUMP.name
    copy.write_bytes(PYWXDUMP.read_bytes())
    (tmp_path / "users.json").write_text('{"wxid_demo01": {"remark": "林', encoding="utf-8")
    source = read_file(copy)
    assert source.warnings == ("users.json beside the file cannot be read; names are missing",)
    assert set(source.messages["chat"]) == {PARTNER}


def test_two_chats_whose_people_are_called_the_same_stay_two(tmp_path: Path) -> None:
    base = {"type_name": "文本", "is_sender": 0, "msg": "好", "CreateTime": "2024-05-01 20:00:00"}
    rows = [
        {**base, "MsgSvrID": str(number), "talker": who, "room_name": who}
        for number, who in enumerate(("wxid_a00001", "wxid_b00002", "wxid_c00003"), start=1)
    ]
    put(
        tmp_path,
        {
            "wxid_a00001": {"wxid": "wxid_a00001", "remark": "妈妈"},
            "wxid_b00002": {"wxid": "wxid_b00002", "remark": "妈妈"},
            "wxid_c00003": {"wxid": "wxid_c00003", "remark": "爸爸"},
        },
        "users.json",
    )
    source = read_file(put(tmp_path, rows))
    assert set(source.messages["chat"]) == {"妈妈 (wxid_a00001)", "妈妈 (wxid_b00002)", "爸爸"}
    assert source.chat_ids["爸爸"] == "wxid_c00003"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({"isSend": True}, True, id="true"),
        pytest.param({"isSend": "1"}, True, id="text"),
        pytest.param({"isSend": 0.0}, False, id="a spreadsheet's number"),
        pytest.param({"isSend": None}, False, id="nothing said, the partner's own id"),
        pytest.param({"isSend": None, "senderUsername": ME}, True, id="nothing said, my id"),
    ],
)
def test_who_is_me_is_understood_however_it_is_written(
    told: dict[str, Any], *, expected: bool, tmp_path: Path
) -> None:
    mine = row(isSend=1, senderUsername=ME, createTime=1714564700, content="早")
    source = read_file(put(tmp_path, weflow([mine, row(**told)])))
    assert source.messages["is_me"].tolist() == [True, expected]


def test_a_group_where_nobody_is_known_to_be_me_asks(tmp_path: Path) -> None:
    data = weflow([row(isSend=None)], wxid="1@chatroom", type="群聊")
    assert not read_file(put(tmp_path, data)).me_known


@pytest.mark.parametrize(
    ("told", "kind", "text", "reply"),
    [
        pytest.param({"content": None}, "text", "", None, id="no content"),
        pytest.param({"content": 666}, "text", "666", None, id="a number"),
        pytest.param({"content": "[语音消息] 好"}, "text", "[语音消息] 好", None, id="typed"),
        pytest.param(
            {"type": "引用消息", "content": "好[引用 「A：B」：在吗]", "quotedContent": "在吗"},
            *("quote", "好", "在吗"),
            id="a colon in the name",
        ),
        pytest.param(
            {"type": "引用消息", "content": "[引用 林小满：[图片]]"},
            "quote",
            "",
            "[图片]",
            id="bare quote",
        ),
        pytest.param(
            {"type": "引用消息", "content": "[引用消息]"},
            "quote",
            "",
            None,
            id="nothing of the quote",
        ),
        pytest.param(
            {"type": "其他消息", "localType": 49, "content": "<msg><appmsg/></msg>"},
            *("other", "[其他]", None),
            id="raw body",
        ),
        pytest.param({"type": "某种消息", "localType": 3}, "image", "[图片]", None, id="new name"),
        pytest.param({"type": "某种消息", "localType": 99}, "other", "[其他]", None, id="new type"),
        pytest.param({"type": None, "localType": None}, "text", "好", None, id="no type"),
        pytest.param(
            {"type": "语音消息", "content": "voices\\a 1.wav"}, "voice", "[语音]", None, id="path"
        ),
        pytest.param(
            {"type": "语音消息", "content": "[语音消息] 我在 1/2 的地方"},
            *("voice", "我在 1/2 的地方", None),
            id="a slash in a transcript",
        ),
        pytest.param(
            {"type": "链接消息", "content": "[链接]"},
            "link",
            "[链接]",
            None,
            id="link without title",
        ),
        pytest.param(
            {"type": "链接消息", "content": "[链接] https://example.com/a"},
            *("link", "[链接]", None),
            id="link with an address only",
        ),
        pytest.param(
            {"type": "链接消息", "localType": 8594229559345, "content": "[链接] 恭喜发财"},
            *("red_packet", "[红包]", None),
            id="red packet called a link",
        ),
        pytest.param(
            {"type": "系统消息", "content": '<sysmsg type="revokemsg">x</sysmsg>'},
            *("recall", "[已撤回]", None),
            id="raw recall",
        ),
    ],
)
def test_odd_messages_of_weflow(
    told: dict[str, Any], kind: str, text: str, reply: str | None, tmp_path: Path
) -> None:
    messages = read_file(put(tmp_path, weflow([row(**told)]))).messages
    said = messages["reply_to"].iloc[0]
    found = (messages["kind"].iloc[0], messages["text"].iloc[0])
    assert found == (kind, text)
    assert (said if isinstance(said, str) else None) == reply


def test_a_number_that_every_export_counts_anew_is_no_id(tmp_path: Path) -> None:
    data = weflow([row(localId=7), row(localId=8, platformMessageId="8", content="嗯")])
    assert read_file(put(tmp_path, data)).messages["source_id"].isna().all()


def test_a_time_is_that_of_the_chosen_zone(tmp_path: Path) -> None:
    path = put(tmp_path, weflow([row(formattedTime="2024-05-01 20:00:00")]))
    (time,) = read_file(path, ReadOptions(zone="Europe/Berlin")).messages["time"]
    assert str(time) == "2024-05-01 14:00:00"


def test_the_written_time_counts_where_there_is_no_number(tmp_path: Path) -> None:
    path = put(tmp_path, weflow([row(createTime=0, formattedTime="2024-05-01 20:00:00")]))
    (time,) = read_file(path).messages["time"]
    assert str(time) == "2024-05-01 20:00:00"


def test_bad_messages_are_listed_beside_the_good_ones(tmp_path: Path) -> None:
    rows = [
        row(),
        "text",
        row(content={"a": 1}),
        row(createTime=None),
        row(createTime=10**30, formattedTime=""),
        row(content="x" * 200_000),
        {"localId": 4},
    ]
    source = read_file(put(tmp_path, weflow(rows)))
    assert source.messages["text"].tolist() == ["好"]
    assert [str(error) for error in source.bad_rows] == [
        "x.json, message 2: the message is not an object",
        "x.json, message 3: content is not a text",
        "x.json, message 6: the message is longer than 131072 characters",
        "x.json, message 7: the message has no content",
        "x.json, message 4: the time is missing",
        "x.json, message 5: the time is missing",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            {"weflow": {}, "session": {}}, "x.json: the file has no list of messages", id="no list"
        ),
        pytest.param(
            {"weflow": {}, "messages": {"a": 1}},
            "x.json: the file has no list of messages",
            id="an object for a list",
        ),
        pytest.param(
            {"session": {"wxid": "a"}, "messages": None},
            "x.json: the file has no list of messages",
            id="EchoTrace without messages",
        ),
        pytest.param(weflow([]), "x.json: the file holds no messages", id="empty"),
        pytest.param(
            weflow([1, 2]), "x.json, message 1: the message is not an object", id="numbers"
        ),
        pytest.param(
            [{"MsgSvrID": "1", "type_name": "文本", "is_sender": 2, "msg": "好"}],
            "x.json, message 1: the column is_sender holds neither 0 nor 1",
            id="PyWxDump, neither",
        ),
        pytest.param(
            [{"seq": 1, "talker": "a", "talkerName": "b", "isChatRoom": False, "isSelf": True}],
            "x.json, message 1: the message has no type",
            id="chatlog without types",
        ),
    ],
)
def test_what_is_broken_as_a_whole_is_one_sentence(
    data: Any, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(BadFileError) as caught:
        read_file(put(tmp_path, data))
    assert str(caught.value) == sentence


def test_an_export_without_messages_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoMessagesError):
        read_file(put(tmp_path, weflow([])))


def test_chatlog_believes_the_partner_is_not_me_and_one_sender_is(tmp_path: Path) -> None:
    base = {"talker": "1@chatroom", "talkerName": "群", "isChatRoom": True, "type": 1, "subType": 0}
    rows = [
        {**base, "seq": 1, "time": 1714564800, "sender": ME, "isSelf": False, "content": "手机上"},
        {**base, "seq": 2, "time": 1714564801, "sender": ME, "isSelf": True, "content": "电脑上"},
        {**base, "seq": 3, "time": 1714564802, "sender": PARTNER, "isSelf": False, "content": "好"},
    ]
    assert read_file(put(tmp_path, rows)).messages["is_me"].tolist() == [True, True, False]
    rows[2]["isSelf"] = True  # two senders: nobody can tell which of them it is
    assert read_file(put(tmp_path, rows)).messages["is_me"].tolist() == [False, True, True]


def test_chatlog_inside_an_object_is_read_too(tmp_path: Path) -> None:
    rows = json.loads(CHATLOG.read_text(encoding="utf-8"))
    source = read_file(put(tmp_path, {"total": len(rows), "items": rows}))
    assert len(source.messages) == len(rows)


@pytest.mark.parametrize(
    "type_name",
    [
        "文本消息",
        "语音消息",
        "链接消息",
        "位置消息",
        "引用消息",
        "动画表情",
        "文件消息",
        "系统消息",
        "其他消息",
    ],
)
def test_a_hostile_message_of_weflow_is_read_in_no_time(type_name: str, tmp_path: Path) -> None:
    pieces = (
        " ",
        "[",
        "[a] ",
        "[引用 a：",
        "a/",
        "a ",
        "http://",
        "(1,",
        "<msg>",
        "位置：",
        ".wav",
        "[a]",
    )
    rows = [
        row(type=type_name, content=(piece * 120_000)[:120_000], rawContent="<refermsg>" * 9_000)
        for piece in pieces
    ]
    started = time.process_time()
    assert len(read_file(put(tmp_path, weflow(rows))).messages) == len(rows)
    assert time.process_time() - started < 5


def test_a_hostile_place_of_pywxdump_is_read_in_no_time(tmp_path: Path) -> None:
    base = {"MsgSvrID": "", "type_name": "位置", "is_sender": 0, "talker": "a", "room_name": "a"}
    rows = [
        {**base, "msg": (piece * 120_000)[:120_000], "CreateTime": "2024-05-01 20:00:00"}
        for piece in ("位置：", "位置： ", "位置：a ", "\n位置：", " ")
    ]
    started = time.process_time()
    assert len(read_file(put(tmp_path, rows)).messages) == len(rows)
    assert time.process_time() - started < 5
