"""The sample is what its README says: exact shapes, planted values, invented people."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
CSV_CHATS = ("妈妈", "阿橙", "周屿")
JSON_FILE = SAMPLE / "唐姐_train.json"
HEADER = ["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"]
ME = "小满"
GAP = timedelta(minutes=30)

EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9.-]+)", re.ASCII)
URL_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)", re.ASCII)

PLANTED = [
    pytest.param("林小满 19900008826", id="mobile beside a name"),
    pytest.param("199 0000 3142", id="mobile with spaces"),
    pytest.param("写199-0000-8826就行", id="mobile with dashes, glued"),
    pytest.param("170-0000-6688", id="mobile of a virtual operator"),
    pytest.param("电话+86 199 0000 5521", id="mobile with +86 and spaces"),
    pytest.param("+8617000002468", id="mobile with +86, closed up"),
    pytest.param("１９９００００８８２６", id="mobile in full-width digits"),
    pytest.param("一九九零零零零七七四一", id="mobile in Chinese numerals"),
    pytest.param("199🐱0000🐱7741", id="mobile broken by emoji"),
    pytest.param("0571-20000012", id="landline"),
    pytest.param("400-000-1234", id="400 number"),
    pytest.param("330000199805200008", id="ID card"),
    pytest.param("330000 19980520 0008", id="ID card with spaces"),
    pytest.param("37000019980714000X", id="ID card ending in X"),
    pytest.param("330000700815000", id="ID card of 15 digits"),
    pytest.param("6217000000000000079", id="bank card"),
    pytest.param("招行 6214830000000000007", id="another bank card"),
    pytest.param("6225 0000 0000 0006", id="bank card with spaces"),
    pytest.param("DE36 0000 0000 0000 0000 00", id="IBAN"),
    pytest.param("1BSCkb3NJ3eFVnT2bRyc7nNemEJQpHHHRA", id="Bitcoin address"),
    pytest.param("护照号E00001234", id="passport"),
    pytest.param("护照EA0001234", id="newer passport"),
    pytest.param("邮箱xiaoman.draws@example.com谢谢", id="e-mail glued on both sides"),
    pytest.param("邮箱su.editor@example.cn", id="e-mail of another person"),
    pytest.param("密码是huaban2024#maomi", id="password"),
    pytest.param("密码：Osaka!mianbao25", id="password after a colon"),
    pytest.param("密码是dumpling&ling88", id="wifi password"),
    pytest.param("验证码是482913", id="verification code"),
    pytest.param("微信号linxiaoman_draw", id="WeChat id"),
    pytest.param("vx：muzi_mama_0712", id="WeChat id called vx"),
    pytest.param("QQ号9990001234", id="QQ number"),
    pytest.param("浙A88X00", id="licence plate"),
    pytest.param("浙A·D00519", id="new-energy plate with a dot"),
    pytest.param("浙AD00088", id="new-energy plate"),
    pytest.param("浙江省杭州市西湖区团子路18号猫尾花园6幢2单元802室", id="full address"),
    pytest.param("杭州市拱墅区半山暖阳里22弄5号401", id="address without a province"),
    pytest.param("半山暖阳里3号楼1001", id="short address"),
    pytest.param("石榴村4组", id="village address"),
    pytest.param("北区5舍312", id="dormitory address"),
    pytest.param("192.168.31.1", id="IP address"),
    pytest.param("00-00-5E-00-53-AF", id="MAC address"),
]

NEAR_MISSES = [
    pytest.param("订单号17000006688", id="order number shaped like a phone"),
    pytest.param("SF1700001234567", id="express number"),
    pytest.param("YT0000017000123", id="another express number"),
    pytest.param("交易号2024111122001417000001", id="payment number"),
    pytest.param("保单号 PICC2024112000017", id="policy number"),
    pytest.param("ISBN 9787000000018", id="ISBN"),
    pytest.param("10086", id="operator hotline"),
    pytest.param("12306", id="railway hotline"),
    pytest.param("打 120", id="emergency number"),
    pytest.param("3号线", id="metro line"),
    pytest.param("1号桌", id="table number"),
    pytest.param("￥3000.00", id="price"),
    pytest.param("9点12分", id="clock time"),
    pytest.param("XP-1603", id="model number"),
    pytest.param("2.11.0", id="version"),
    pytest.param("密码是忘了", id="password that is none"),
    pytest.param("走一步路", id="a step"),
    pytest.param("这条路", id="this road"),
    pytest.param("村上春树", id="a writer named like a village"),
]

VOICE = [
    "(｡•́︿•̀｡)",
    "(*^▽^*)",
    "QAQ",
    "T_T",
    "orz",
    "[委屈]",
    "[捂脸]",
    "[旺柴]",
    "[破涕为笑]",
    "[抱抱]",
    "哈哈哈哈",
    "！！！",
    "~",
    "👩‍👧‍👦",
    "❤️",
]

SHOWN_AS_TEXT = ["<script>alert('饿')</script>", " =1+1 ", "=SUM(A1:A9)", "![图](x)", "$E=mc^2$"]

KINDS = [
    ("文本", "啊啊啊妈妈万岁"),
    ("图片", "【图片】"),
    ("语音", "【语音】睡前把窗户关小一点"),
    ("语音", "【语音】"),
    ("表情包", "【表情包】 狗头"),
    ("表情包", "【表情包】 "),
    ("引用消息", "犟\n引用：周屿: 不回。"),
    ("转账", "【发起转账】:￥3000.00\n备注: 给爸爸住院用\n"),
    ("转账", "【已收款】:￥3000.00\n备注: 给爸爸住院用\n"),
    ("红包", "【红包】: 妈妈节日快乐"),
    ("音视频通话", "【音视频通话】\n通话时长 18:42"),
    ("分享链接", "【分享链接】\n标题："),
    ("文件", "【文件】泉州三天两夜不睡觉攻略.docx 0.31 MB "),
    ("位置分享", "【位置分享】\n坐标: (120.0,30.0)\n名称: "),
    ("合并转发的聊天记录", "【合并转发的聊天记录】\n\n- 2025-02-13 20:11:05 妈妈: "),
    ("拍一拍", '我拍了拍"阿橙"'),
    ("系统消息", "你撤回了一条消息"),
    ("系统消息", '"阿橙" 撤回了一条消息'),
]


def rows_of(chat: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{chat}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def all_rows() -> list[dict[str, str]]:
    return [row for chat in CSV_CHATS for row in rows_of(chat)]


def records() -> list[dict[str, Any]]:
    loaded = json.loads(JSON_FILE.read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


def conversation_count(chat: str) -> int:
    times = [datetime.fromisoformat(row["时间"]) for row in rows_of(chat)]
    return 1 + sum(later - earlier > GAP for earlier, later in pairwise(times))


def all_text() -> str:
    from_json = [m["content"] for record in records() for m in record["conversations"]]
    return "\n".join([row["内容"] for row in all_rows()] + from_json)


def my_text() -> str:
    from_json = [
        m["content"]
        for record in records()
        for m in record["conversations"]
        if m["role"] == "assistant"
    ]
    return "\n".join([row["内容"] for row in all_rows() if row["发送人"] == ME] + from_json)


@pytest.mark.parametrize("chat", CSV_CHATS)
def test_csv_files_have_memotrace_v3_bytes(chat: str) -> None:
    data = (SAMPLE / f"{chat}.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    with (SAMPLE / f"{chat}.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, strict=True))
    assert lines[0] == HEADER
    assert {len(line) for line in lines} == {8}


@pytest.mark.parametrize("chat", CSV_CHATS)
def test_csv_rows_name_two_people_and_end_in_more(chat: str) -> None:
    rows = rows_of(chat)
    assert {row["发送人"] for row in rows} == {ME, chat}
    assert {row["更多信息"] for row in rows} == {"more"}
    assert all(row["备注"] == row["发送人"] for row in rows)
    assert {row["昵称"] for row in rows if row["发送人"] == ME} == {ME}


@pytest.mark.parametrize("chat", CSV_CHATS)
def test_csv_times_ascend_within_the_year(chat: str) -> None:
    stamps = [row["时间"] for row in rows_of(chat)]
    assert stamps == sorted(stamps)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", stamp) for stamp in stamps)
    assert stamps[0] >= "2024-03-01"
    assert stamps[-1] < "2025-03-01"


def test_message_ids_are_unique_strings_of_19_digits() -> None:
    ids = [row["消息ID"] for row in all_rows()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[1-9]\d{18}", message_id) for message_id in ids)


def test_there_are_about_sixty_conversations_and_a_thousand_messages() -> None:
    conversations = sum(map(conversation_count, CSV_CHATS)) + len(records())
    assert 55 <= conversations <= 70
    assert 900 <= len(all_rows()) + 97 <= 1200


def test_the_readme_counts_what_the_files_hold() -> None:
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    counts = {
        f"{chat}.csv": (conversation_count(chat), len(rows_of(chat))) for chat in CSV_CHATS
    } | {
        JSON_FILE.name: (
            len(records()),
            sum(len(m["content"].split("\n")) for r in records() for m in r["conversations"][1:]),
        )
    }
    told = {
        name: (int(conversations), int(messages))
        for name, conversations, messages in re.findall(
            r"^\| `([^`]+)` \|.*\| (\d+) \| (\d+) \|$", readme, re.MULTILINE
        )
    }
    assert told == counts


def test_fine_tune_json_is_written_as_the_exporter_writes_it() -> None:
    text = JSON_FILE.read_text(encoding="utf-8")
    assert text == json.dumps(records(), ensure_ascii=False, indent=4)


def test_fine_tune_records_have_a_system_text_and_alternate_from_user_to_assistant() -> None:
    system = "你是林小满，一个聪明、热情、善良的人，后面的对话来自你的朋友，你要认真地回答他"
    for record in records():
        assert list(record) == ["conversations"]
        first, *rest = record["conversations"]
        assert first == {"role": "system", "content": system}
        assert [m["role"] for m in rest] == ["user", "assistant"] * (len(rest) // 2)
        assert rest
        assert all(set(m) == {"role", "content"} and m["content"] for m in rest)


@pytest.mark.parametrize(
    ("kind", "start"), KINDS, ids=[f"{k}-{i}" for i, (k, _) in enumerate(KINDS)]
)
def test_every_kind_of_message_is_rendered_as_memotrace_does(kind: str, start: str) -> None:
    whole = start in {"【图片】", "【语音】", "【表情包】 "} or kind in {"转账", "系统消息"}
    texts = [row["内容"] for row in all_rows() if row["类型"] == kind]
    assert any(text == start if whole else text.startswith(start) for text in texts)


@pytest.mark.parametrize("value", PLANTED)
def test_private_value_is_planted(value: str) -> None:
    assert value in all_text()


@pytest.mark.parametrize("value", NEAR_MISSES)
def test_near_miss_is_planted(value: str) -> None:
    assert value in all_text()


@pytest.mark.parametrize("value", VOICE)
def test_the_voice_of_me_is_there(value: str) -> None:
    assert value in (all_text() if value == "👩‍👧‍👦" else my_text())


@pytest.mark.parametrize("value", SHOWN_AS_TEXT)
def test_text_that_looks_like_markup_is_there(value: str) -> None:
    assert value in all_text()


def id_card_is_valid(number: str) -> bool:
    """Return whether the check character of an 18-character ID card is right (GB 11643)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


def luhn_is_valid(number: str) -> bool:
    """Return whether the digits of a bank card fulfil the Luhn formula (ISO/IEC 7812-1)."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(number))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


@pytest.mark.parametrize("number", ["330000199805200008", "37000019980714000X"])
def test_id_cards_check_but_belong_to_nobody(number: str) -> None:
    assert id_card_is_valid(number)
    assert number[2:6] == "0000"
    assert number[14:17] == "000"


@pytest.mark.parametrize(
    "number", ["6217000000000000079", "6214830000000000007", "6225000000000006"]
)
def test_bank_cards_check_but_are_nearly_all_zeros(number: str) -> None:
    assert luhn_is_valid(number)
    assert number.count("0") >= 11


def test_every_mail_and_link_stands_at_an_example_domain() -> None:
    hosts = EMAIL.findall(all_text()) + URL_HOST.findall(all_text())
    assert hosts
    assert {host.rstrip(".") for host in hosts} <= {"example.com", "example.cn"}


def test_some_conversations_start_with_me_and_some_end_with_the_other() -> None:
    starts, ends = 0, 0
    for chat in CSV_CHATS:
        rows = rows_of(chat)
        times = [datetime.fromisoformat(row["时间"]) for row in rows]
        first = [i for i in range(len(rows)) if i == 0 or times[i] - times[i - 1] > GAP]
        last = [i - 1 for i in first[1:]] + [len(rows) - 1]
        starts += sum(rows[i]["发送人"] == ME for i in first)
        ends += sum(rows[i]["发送人"] != ME for i in last)
    assert starts >= 5
    assert ends >= 5
