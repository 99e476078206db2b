"""Keys, tokens and logins of programs; every value is made up of an order that nobody draws."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.pii.conftest import Found

SIGNS: Final = string.ascii_letters + string.digits
"""More than any key is long; a key here is its beginning and the first or last of them."""
CAPITALS: Final = "Q7" * 40


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("AKIA" + CAPITALS[:16], id="Amazon"),
        pytest.param("LTAI5" + SIGNS[-20:], id="Alibaba"),
        pytest.param("AKID" + SIGNS[-32:], id="Tencent"),
        pytest.param("AIza" + SIGNS[-35:], id="Google"),
        pytest.param("ghp_" + SIGNS[-36:], id="GitHub"),
        pytest.param("github_pat_" + SIGNS[-22:] + "_" + SIGNS[:59], id="GitHub, fine-grained"),
        pytest.param("glpat-" + SIGNS[-20:], id="GitLab"),
        pytest.param("sk-" + SIGNS[-32:], id="a model's service"),
        pytest.param("sk-ant-api03-" + SIGNS[-40:], id="a model's service, longer"),
        pytest.param("hf_" + SIGNS[:34], id="Hugging Face"),
        pytest.param("xoxb-1234567890-" + SIGNS[-24:], id="Slack"),
        pytest.param("123456789:AA" + SIGNS[-33:], id="a bot of Telegram"),
        pytest.param("sk_live_" + SIGNS[-24:], id="Stripe"),
        pytest.param(f"eyJ{SIGNS[:20]}.eyJ{SIGNS[:30]}.{SIGNS[-43:]}", id="JSON Web Token"),
        pytest.param(
            f"-----BEGIN RSA PRIVATE KEY-----\n{SIGNS}\n{SIGNS}==\n-----END RSA PRIVATE KEY-----",
            id="private key",
        ),
    ],
)
def test_a_key_is_told_by_its_shape_alone(found: Found, key: str) -> None:
    assert found(key) == [key]
    assert found(f"给你{key}，别外传", "PASSWORD") == [key]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("OSSAccessKeyId=abc123def456ghi7", ["abc123def456ghi7"], id="id of a key"),
        pytest.param("appsecret：0c79e1fa963cd80c", ["0c79e1fa963cd80c"], id="of an app"),
        pytest.param(
            "AK: abcd1234efgh5678 SK: ijkl9012mnop3456",
            ["abcd1234efgh5678", "ijkl9012mnop3456"],
            id="two letters",
        ),
        pytest.param("Authorization: Bearer q7w8e9r0t1y2u3i4", ["q7w8e9r0t1y2u3i4"], id="header"),
        pytest.param(
            "mysql://root:p@ss@127.0.0.1:3306/db", ["p@ss"], id="a sign of addresses in it"
        ),
        pytest.param("postgres://me:s3cr3t@db.host.com/prod", ["s3cr3t"], id="no e-mail address"),
        pytest.param("redis://:foobared1@10.0.0.1:6379/0", ["foobared1"], id="nobody's name"),
        pytest.param("redis-cli -h db -a foobared2", ["foobared2"], id="command"),
        pytest.param("他说sk-2型比sk-3型好用", [], id="models"),
        pytest.param("bearer of bad news", [], id="a word"),
        pytest.param("task: abcd1234efgh5678没跑完", [], id="end of a word"),
        pytest.param("-----BEGIN CERTIFICATE-----\nMIIB1234567890abcdef\n", [], id="certificate"),
        pytest.param("asking: for something else", [], id="the letters in a word"),
    ],
)
def test_a_key_is_told_by_the_word_before_it(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, "PASSWORD") == expected


def test_what_stands_behind_a_login_is_no_address_of_a_person(found: Found) -> None:
    assert found("https://me:secret77@github.com/x", "EMAIL_ADDRESS") == []
    assert found("https://host/?to=me@github.com", "EMAIL_ADDRESS") == ["me@github.com"]
