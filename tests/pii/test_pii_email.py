from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pii.conftest import Found

CASES = [
    pytest.param("邮箱lihua@163.com谢谢", ["lihua@163.com"], id="glued on both sides"),
    pytest.param("lihua＠163．com", ["lihua＠163．com"], id="full width"),
    pytest.param("a.b+c_d-e@mail.example.com.cn。", ["a.b+c_d-e@mail.example.com.cn"], id="long"),
    pytest.param("13812345678@qq.com", ["13812345678@qq.com"], id="phone as local part"),
    pytest.param("发到LIHUA@Gmail.COM吧", ["LIHUA@Gmail.COM"], id="capitals"),
    pytest.param("x@a.cn,y@b.cn", ["x@a.cn", "y@b.cn"], id="two"),
    pytest.param("lihua@163点com", ["lihua@163点com"], id="dot in Chinese"),
    pytest.param("lihua 163点com", ["lihua 163点com"], id="without at sign"),
    pytest.param("lihua艾特qq点com", ["lihua艾特qq点com"], id="both signs in Chinese"),
    pytest.param("lihua at gmail dot com", ["lihua at gmail dot com"], id="both signs in English"),
    pytest.param("lihua[at]gmail[dot]com", ["lihua[at]gmail[dot]com"], id="both in brackets"),
    pytest.param("lihua#qq.com", ["lihua#qq.com"], id="another sign"),
    pytest.param("lihua艾特uni点edu点cn", ["lihua艾特uni点edu点cn"], id="all signs in Chinese"),
    pytest.param("邮箱lihua@163.comQQ12345678", ["lihua@163.com"], id="the next word sticks to it"),
    pytest.param("lihua@pku.edu.cnE12345678", ["lihua@pku.edu.cn"], id="a passport sticks to it"),
    pytest.param("a@B.tR 复制打开", [], id="code to copy"),
    pytest.param("icon@2x.png", [], id="picture"),
    pytest.param("pkg@2.0.rc", [], id="version of a package"),
    pytest.param("git@host.example:a/b", [], id="git"),
    pytest.param("艾特我一下，163点开会", [], id="talk"),
    pytest.param("@李华 在吗", [], id="mention"),
    pytest.param("@user.name", [], id="handle"),
    pytest.param("npm i vue@3.4.21", [], id="version"),
    pytest.param("(@_@)", [], id="kaomoji"),
    pytest.param("root@localhost", [], id="no domain"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_email_is_found_whatever_it_is_glued_to(
    found: Found, text: str, expected: list[str]
) -> None:
    assert found(text, "EMAIL_ADDRESS") == expected
