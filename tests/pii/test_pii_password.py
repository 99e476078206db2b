from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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
