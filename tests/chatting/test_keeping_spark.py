"""Spark services as they are kept: usable, in a file that only its owner reads, never shown."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation.chatting import (
    ADDRESS,
    SparkProfile,
    checked_spark,
    forget_spark,
    load_spark,
    save_spark,
)
from curation.endpoints import Profile, load_profiles, save_profile
from curation.errors import EndpointError

if TYPE_CHECKING:
    from pathlib import Path

GOOD: Final = SparkProfile("我的模型", "a1b2c3d4", "key-one", "secretTwo", "xqwen3")


def changed(**given: Any) -> SparkProfile:
    fields = ("name", "app_id", "key", "secret", "service", "resource", "address")
    return SparkProfile(**{**{each: getattr(GOOD, each) for each in fields}, **given})


def test_what_is_kept_comes_back_beside_other_connections(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    save_profile(path, Profile("here", "http://127.0.0.1:11434/v1", "small"))
    kept = save_spark(path, changed(name=" 我的模型 ", resource="77001\n"))
    assert load_spark(path) == [kept] == [changed(resource="77001")]
    assert [each.name for each in load_profiles(path)] == ["here"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_changed_one_takes_the_place_of_the_old_name(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    save_spark(path, GOOD)
    save_spark(path, changed(name="另一个"), before="我的模型")
    assert [each.name for each in load_spark(path)] == ["另一个"]
    forget_spark(path, "另一个")
    assert load_spark(path) == []
    assert "secretTwo" not in path.read_text("utf-8")


def test_secrets_are_never_shown() -> None:
    assert "key-one" not in repr(GOOD)
    assert "secretTwo" not in repr(GOOD)


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "},
        {"service": ""},
        {"app_id": ""},
        {"app_id": "123456789"},
        {"key": ""},
        {"secret": ""},
        {"key": "密钥"},
        {"key": 'a"b'},
        {"secret": "a b"},
        {"secret": "a\u200bb"},
        {"address": "https://maas-api.cn-huabei-1.xf-yun.com/v1.1/chat"},
        {"address": "wss://"},
        {"address": "wss://[::1"},
        {"address": "wss://host:port/"},
        {"address": "wss://key:secret@host/v1.1/chat"},
        {"address": "wss://host/v1.1/chat?authorization=x"},
        {"address": "wss://主机/v1.1/chat"},
    ],
)
def test_what_cannot_be_used_is_refused_without_its_secrets(given: dict[str, str]) -> None:
    with pytest.raises(EndpointError) as caught:
        checked_spark(changed(**given))
    assert "secretTwo" not in f"{caught.value!r}{caught.value.values}"


def test_half_written_entries_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text('[spark.half]\napp_id = "a1b2c3d4"\n[spark.odd]\napp_id = 5\n', "utf-8")
    assert load_spark(path) == []


@pytest.mark.parametrize(
    ("address", "here", "open_to_all"),
    [
        (ADDRESS, False, False),
        ("ws://127.0.0.1:8000/v1.1/chat", True, False),
        ("ws://localhost/v1.1/chat", True, False),
        ("ws://192.0.2.7/v1.1/chat", False, True),
    ],
)
def test_a_profile_knows_whether_others_can_read_along(
    address: str, *, here: bool, open_to_all: bool
) -> None:
    profile = changed(address=address)
    assert (profile.on_this_machine, profile.in_the_open) == (here, open_to_all)
