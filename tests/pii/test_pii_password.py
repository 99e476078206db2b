from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.pii import mask

if TYPE_CHECKING:
    from curation.pii import Detector
    from tests.pii.conftest import Found

CASES = [
    pytest.param("密码是abc123", ["abc123"], id="is"),
    pytest.param("密码：Abc@12345", ["Abc@12345"], id="full-width colon"),
    pytest.param("密码:\nAbc12345", ["Abc12345"], id="on the next line"),
    pytest.param("密码改成qwer1234了", ["qwer1234"], id="changed to"),
    pytest.param("密码改成了qwer1234", ["qwer1234"], id="was changed to"),
    pytest.param("wifi密码 88888888", ["88888888"], id="blank"),
    pytest.param("WiFi密码88888888呀", ["88888888"], id="glued"),
    pytest.param("密码好像是lihua1990", ["lihua1990"], id="adverb between"),
    pytest.param("pwd=hello123", ["hello123"], id="pwd"),
    pytest.param("password: Tr0ub4dor&3", ["Tr0ub4dor&3"], id="password"),
    pytest.param("解锁码是2580", ["2580"], id="unlock code"),
    pytest.param("门禁密码1357#", ["1357#"], id="door"),
    pytest.param("密码是“abc123”", ["abc123"], id="quoted"),
    pytest.param("密码是abc123，别告诉别人", ["abc123"], id="comma after"),
    pytest.param("密码是iloveyou", ["iloveyou"], id="letters only"),
    pytest.param("密码是六个八", ["六个八"], id="spelled"),
    pytest.param("密码是一二三四五六", ["一二三四五六"], id="numerals"),
    pytest.param("abc123就是wifi密码", ["abc123"], id="before the word"),
    pytest.param("密码１２３４５６", ["１２３４５６"], id="full width"),
    pytest.param("密码是13812345678", ["13812345678"], id="a phone as password"),
    pytest.param("密码:Xm@2021!", ["Xm@2021!"], id="exclamation mark of a mixed one"),
    pytest.param("密码是abc123!", ["abc123"], id="exclamation mark of the sentence"),
    pytest.param("密码没变，还是abc123", ["abc123"], id="still"),
    pytest.param("密码就是我生日950714", ["950714"], id="what it is made of"),
    pytest.param('密码是"芝麻开门"', ["芝麻开门"], id="Chinese words in quotes"),
    pytest.param("密码“我爱北京”", ["我爱北京"], id="quotes without a verb"),
    pytest.param("密码【kk3344】", ["kk3344"], id="brackets"),
    pytest.param("密码👉abc123", ["abc123"], id="arrow"),
    pytest.param("家里wifi：mimi2020是密码", ["mimi2020"], id="before the word, after a colon"),
    pytest.param("密碼是abc123", ["abc123"], id="traditional"),
    pytest.param("pass: qwe!@#456", ["qwe!@#456"], id="pass with a colon"),
    pytest.param("密钥：sk-abc123", ["sk-abc123"], id="key"),
    pytest.param("密码\n66666", [], id="laughter on the next line"),
    pytest.param("密码是什么 12306", [], id="question, then a number"),
    pytest.param("密码是“忘了”", [], id="talk in quotes"),
    pytest.param("密码(8-16位数字)", [], id="rule of a form"),
    pytest.param("pass 20个人", [], id="pass as a verb"),
    pytest.param("密码六个八", ["六个八"], id="spelled, glued"),
    pytest.param("密码一二三456", ["一二三456"], id="mixed numerals"),
    pytest.param("密码是1 2 3 4 5 6", ["1 2 3 4 5 6"], id="digit by digit"),
    pytest.param("新密码，lili0909", ["lili0909"], id="comma"),
    pytest.param("密码改了 lili0909", ["lili0909"], id="changed, then the value"),
    pytest.param("密码六位778899", ["778899"], id="its length before it"),
    pytest.param("密码是我生日，031299", ["031299"], id="what it is made of, comma"),
    pytest.param("密码忘了，试试lili0909", ["lili0909"], id="a guess"),
    pytest.param("密码首字母大写，Lili0909", ["Lili0909"], id="words between"),
    pytest.param("lili0909 密码", ["lili0909"], id="alone before the word"),
    pytest.param("lili0909那个密码", ["lili0909"], id="that one"),
    pytest.param("office2016那个密码", [], id="that one of a program"),
    pytest.param("行李箱密码318", ["318"], id="three digits of a suitcase"),
    pytest.param("门禁2583#", ["2583#"], id="keys of a door"),
    pytest.param("我家密码锁903177", ["903177"], id="lock"),
    pytest.param("保险柜左三右五，12-34-56", ["12-34-56"], id="safe"),
    pytest.param("我的锁屏0815", ["0815"], id="screen lock"),
    pytest.param("账号13812345678/lili0909", ["lili0909"], id="account and password"),
    pytest.param("wifi：66668888", ["66668888"], id="network without the word"),
    pytest.param("密碼係lili0909", ["lili0909"], id="Cantonese"),
    pytest.param("wifi密码 woaichifan", ["woaichifan"], id="small letters at the end"),
    pytest.param("密码woaichifan", ["woaichifan"], id="small letters, glued"),
    pytest.param("密码多少\nlili0909", ["lili0909"], id="answer to a question"),
    pytest.param("口令是芝麻开门123", ["芝麻开门123"], id="words and digits to say"),
    pytest.param("密码ab cd 12，中间有空格", ["ab cd 12"], id="with blanks"),
    pytest.param('{"password": "lili0909"}', ["lili0909"], id="JSON"),
    pytest.param("redis://root:lili0909@cache/0", ["lili0909"], id="in an address"),
    pytest.param("API_KEY=sk-a1b2c3d4e5f6g7", ["sk-a1b2c3d4e5f6g7"], id="key of a program"),
    pytest.param("财富密码666888", [], id="the secret of wealth"),
    pytest.param("流量密码2024", [], id="the secret of clicks"),
    pytest.param("达芬奇密码2006", [], id="novel"),
    pytest.param("密码：https://example.com/a1", [], id="link"),
    pytest.param("密码锁499一把", [], id="price of a lock"),
    pytest.param("密码登录iPhone15", [], id="device"),
    pytest.param("Password is required", [], id="English talk"),
    pytest.param("password = getpass.getpass()", [], id="program"),
    pytest.param("密码四位数就行", [], id="number of digits"),
    pytest.param("密码是不是改了12306才登不上", [], id="question"),
    pytest.param("12306是不是改密码了", [], id="question after a number"),
    pytest.param("连热点 lili0909 就行，密码", ["lili0909"], id="near the word"),
    pytest.param("账号lili0909，密码忘了", [], id="account near the word"),
    pytest.param("door code: 1204#", ["1204#"], id="door in English"),
    pytest.param("提取码：abcd", ["abcd"], id="letters of a shared folder"),
    pytest.param("密码忘了", [], id="forgotten"),
    pytest.param("密码是忘了的", [], id="is forgotten"),
    pytest.param("密码是多少", [], id="how much"),
    pytest.param("密码是什么", [], id="what"),
    pytest.param("密码我记不住", [], id="cannot remember"),
    pytest.param("密码是啥来着？？？", [], id="question marks"),
    pytest.param("密码是4位数", [], id="length"),
    pytest.param("密码错了3次", [], id="attempts"),
    pytest.param("密码2024年改的", [], id="year"),
    pytest.param("密码：[微笑]", [], id="sticker code"),
    pytest.param("密码～～～", [], id="tildes"),
    pytest.param("pin你一下 hello123", [], id="pin as a verb"),
    pytest.param("哪个是密码啊", [], id="which"),
    pytest.param("密码是〔密码〕", [], id="already masked"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_password_is_found_and_talk_about_one_is_not(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PASSWORD") == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("小周家门禁我改成8823了", {"门禁", "改成"}, id="lock"),
        pytest.param("热点的密码换了，喏 kafei6688", {"热点", "密码"}, id="network"),
        pytest.param("验证码刚到手机上 339120", {"验证码"}, id="code"),
    ],
)
def test_a_finding_names_words_beside_the_value_that_spoke_for_it(
    detector: Detector, text: str, words: set[str]
) -> None:
    finding = detector.detect(text)[-1]
    reason, _, said = finding.why.partition(": ")
    assert reason == "what stands beside it"
    assert set(said.split()) & words
    assert "小周" not in said


def test_a_password_that_is_masked_in_an_address_is_not_found_again(detector: Detector) -> None:
    text = "postgres://app:n0tS3cret@localhost:5432/shop"
    assert detector.detect(mask(text, detector.detect(text))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("483920", ["483920"], id="six varied digits"),
        pytest.param("274816。", ["274816"], id="with the sentence's end"),
        pytest.param("739 105", ["739 105"], id="in two groups"),
        pytest.param("来咯\n905172", ["905172"], id="in a line alone"),
        pytest.param("666888", [], id="laughter and luck"),
        pytest.param("201314", [], id="love"),
        pytest.param("123321", [], id="few digits"),
        pytest.param("135791", [], id="row"),
        pytest.param("147258", [], id="columns of a keypad"),
        pytest.param("050817", [], id="birthday"),
        pytest.param("202411", [], id="month"),
        pytest.param("600519", [], id="share"),
        pytest.param("385100", [], id="round sum"),
        pytest.param("￥385127", [], id="sum"),
        pytest.param("4839", [], id="four digits"),
        pytest.param("48392", [], id="five digits"),
        pytest.param("4839207", [], id="seven digits"),
        pytest.param("48392071", [], id="eight digits"),
        pytest.param("483920\n905172", [], id="two of them"),
    ],
)
def test_six_varied_digits_alone_are_taken_for_a_code(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "OTP_CODE") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("kT7!pq92Zx", ["kT7!pq92Zx"], id="strong"),
        pytest.param("Aa654321!", ["Aa654321!"], id="strong with its sign at the end"),
        pytest.param("Happy2025!", [], id="greeting"),
        pytest.param("@Lily2023", [], id="mention"),
        pytest.param("#Friday13", [], id="topic"),
        pytest.param("zhangli88/Zl20080808", ["Zl20080808"], id="behind the account"),
        pytest.param("TCP/IPv6", [], id="protocols"),
        pytest.param("C01-C08", [], id="counters"),
    ],
)
def test_what_only_a_password_looks_like_needs_no_word(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PASSWORD") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("密码nihao88!!，两个感叹号", ["nihao88!!"], id="exclamation marks"),
        pytest.param("wifi密码 kkmm2020. 最后有个点", ["kkmm2020."], id="full stop"),
        pytest.param("wifi密码 kkmm2020.", ["kkmm2020"], id="the sentence's full stop"),
        pytest.param("密码summer88++ 两个加号别漏", ["summer88++"], id="plus signs"),
        pytest.param("密码abc123! 快点", ["abc123"], id="a word that ends like the sign's"),
        pytest.param("密码Sun+Moon=99", ["Sun+Moon=99"], id="equals sign"),
        pytest.param("密码 0·7·2·1", ["0·7·2·1"], id="digits with dots between"),
    ],
)
def test_signs_at_the_end_belong_to_a_password_where_they_are_spoken_of(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PASSWORD") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("接娃口令今天是红气球，说错不给接", ["红气球"], id="of today"),
        pytest.param("密码云朵拖拉机五个字", ["云朵拖拉机"], id="counted"),
        pytest.param("密码不能超过八个字", [], id="how long it may be"),
        pytest.param("直播课口令春江花月四个字", [], id="counted, yet everybody's"),
        pytest.param("暗号：天王盖地虎", [], id="quotation"),
        pytest.param("打卡口令：今天也要多喝水", [], id="call"),
        pytest.param("弹幕口令 开播大吉", [], id="what everybody writes"),
        pytest.param('口令"芝麻开门"', [], id="fairy tale in quotes"),
    ],
)
def test_a_watchword_is_a_password_unless_everybody_knows_it(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PASSWORD") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("密码有俩：①7719②lulu0303", ["7719", "lulu0303"], id="in circles"),
        pytest.param("门禁❶2580#❷车库1357", ["2580#", "1357"], id="in black circles"),
        pytest.param("1️⃣大门1212#2️⃣房间556677", ["1212#", "556677"], id="on keys"),
        pytest.param("密码①③⑤⑦", ["①③⑤⑦"], id="a value in circles"),
    ],
)
def test_digits_in_circles_that_count_are_no_part_of_what_they_count(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "PASSWORD") == expected


def test_a_disk_is_opened_by_eight_groups_of_digits(found: Found) -> None:
    key = "238491-507716-118305-662827-440913-095271-310486-571934"
    assert found(f"恢复那长串：{key}", "PASSWORD") == [key]
