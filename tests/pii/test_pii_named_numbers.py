from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pii.conftest import Found

CASES = [
    pytest.param("OTP_CODE", "验证码 123456", ["123456"], id="code after the word"),
    pytest.param("OTP_CODE", "【商城】验证码：4821，请勿泄露", ["4821"], id="short message"),
    pytest.param("OTP_CODE", "您的验证码为 902341", ["902341"], id="code with 为"),
    pytest.param("OTP_CODE", "123456（登录验证码）", ["123456"], id="code before the word"),
    pytest.param("OTP_CODE", "验证码收到了吗", [], id="talk about a code"),
    pytest.param("OTP_CODE", "验证码是6位", [], id="length of a code"),
    pytest.param("OTP_CODE", "code review 明天", [], id="code review"),
    pytest.param("WECHAT_ID", "微信号：lihua_1990", ["lihua_1990"], id="WeChat id"),
    pytest.param("WECHAT_ID", "加我vx abc12345", ["abc12345"], id="vx"),
    pytest.param("WECHAT_ID", "我的微信是lihuahua", ["lihuahua"], id="letters only, named"),
    pytest.param("WECHAT_ID", "wxid_abcdef123456", ["wxid_abcdef123456"], id="wxid"),
    pytest.param("WECHAT_ID", "微信wechat", [], id="WeChat itself"),
    pytest.param("WECHAT_ID", "微信支付了", [], id="payment"),
    pytest.param("QQ_NUMBER", "QQ 123456789", ["123456789"], id="QQ"),
    pytest.param("QQ_NUMBER", "qq号是12345678", ["12345678"], id="small qq"),
    pytest.param("QQ_NUMBER", "QQ群：87654321", ["87654321"], id="group"),
    pytest.param("QQ_NUMBER", "QQ飞车12345人在线", [], id="game"),
    pytest.param("QQ_NUMBER", "QQ糖 10000元", [], id="amount"),
    pytest.param("LICENSE_PLATE", "车牌京A12345", ["京A12345"], id="plate"),
    pytest.param("LICENSE_PLATE", "粤B·1234学", ["粤B·1234学"], id="learner"),
    pytest.param("LICENSE_PLATE", "沪AD12345", ["沪AD12345"], id="new energy"),
    pytest.param("LICENSE_PLATE", "苏e8k9p2停哪了", ["苏e8k9p2"], id="small letters"),
    pytest.param("LICENSE_PLATE", "云Android系统", [], id="word"),
    pytest.param("LICENSE_PLATE", "新A股12345", [], id="shares"),
    pytest.param("IP_ADDRESS", "IP是120.53.12.34", ["120.53.12.34"], id="IPv4"),
    pytest.param(
        "IP_ADDRESS",
        "2001:db8:85a3:0:0:8a2e:370:7334",
        ["2001:db8:85a3:0:0:8a2e:370:7334"],
        id="IPv6",
    ),
    pytest.param("IP_ADDRESS", "v1.2.3.4", [], id="version"),
    pytest.param("IP_ADDRESS", "版本号 10.2.3.4", [], id="version by word"),
    pytest.param("IP_ADDRESS", "12:30:45", [], id="clock"),
    pytest.param("IP_ADDRESS", "127.0.0.1", [], id="loopback"),
    pytest.param("IP_ADDRESS", "300.1.2.3", [], id="no octet"),
    pytest.param("PASSPORT", "护照E12345678", ["E12345678"], id="passport"),
    pytest.param("PASSPORT", "通行证号 C12345678", ["C12345678"], id="travel permit"),
    pytest.param("PASSPORT", "护照办好了", [], id="talk about a passport"),
]


@pytest.mark.parametrize(("entity", "text", "expected"), CASES)
def test_a_named_number_is_found_beside_its_word(
    found: Found, entity: str, text: str, expected: list[str]
) -> None:
    assert found(text, entity) == expected
