"""Connections are kept with their keys where only their owner can read them, and nowhere else."""

from __future__ import annotations

import logging
import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation.endpoints import (
    Form,
    Profile,
    checked,
    forget_profile,
    load_profiles,
    save_profile,
)
from curation.errors import EndpointError

if TYPE_CHECKING:
    from pathlib import Path

KEY: Final = "sk-invented-0987"
HERE: Final = Profile("家里的", "http://127.0.0.1:11434/v1", "qwen3:8b")
AWAY: Final = Profile(
    "Cloud, “big”",
    "https://api.example.com/v1",
    "big",
    key=KEY,
    headers={"lora_id": "0"},
    form=Form.TEXT,
    timeout=60,
    parallel=4,
    price_in=2.5,
    price_out=10,
    most_requests=500,
)
POSIX: Final = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".streamlit" / "secrets.toml"


def test_profiles_are_read_as_they_were_saved_in_their_order(path: Path) -> None:
    assert load_profiles(path) == []
    for each in (AWAY, HERE):
        assert save_profile(path, each) == each
    assert load_profiles(path) == [AWAY, HERE]
    changed = replace(AWAY, model="bigger", price_in=0.0)
    save_profile(path, changed)
    assert load_profiles(path) == [changed, HERE]


@POSIX
def test_only_the_owner_can_read_the_file(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('password = "mine"\n')
    path.chmod(0o644)
    save_profile(path, AWAY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secrets.toml"]


def test_what_else_the_file_holds_stays(path: Path) -> None:
    other = '# mine\npassword = "mine" # keep\n\n[connections.db]\nurl = "x"\n'
    path.parent.mkdir()
    path.write_text(other)
    save_profile(path, AWAY)
    assert other in path.read_text("utf-8")
    forget_profile(path, AWAY.name)
    assert path.read_text("utf-8").strip() == other.strip()
    assert load_profiles(path) == []


def test_a_new_name_replaces_the_old_one(path: Path) -> None:
    save_profile(path, HERE)
    save_profile(path, replace(HERE, name="another"), before=HERE.name)
    assert [each.name for each in load_profiles(path)] == ["another"]


def test_a_write_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_profile(path, HERE)
    before = path.read_bytes()

    def full(_file: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EndpointError, match=r"secrets\.toml, cannot be written"):
        save_profile(path, AWAY)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["secrets.toml"]


@pytest.mark.parametrize(
    "content", [f'key = "{KEY}', f"{KEY}", f"[endpoints]\na = {KEY}", "\ud800"]
)
def test_a_file_that_cannot_be_read_is_named_and_not_quoted(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content.encode(errors="surrogatepass"))
    before = path.read_bytes()
    with pytest.raises(EndpointError, match=r"secrets\.toml, cannot be read") as caught:
        load_profiles(path)
    assert KEY not in f"{caught.value!s}{caught.value!r}{caught.value.__cause__!r}"
    with pytest.raises(EndpointError):
        save_profile(path, AWAY)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        "endpoints = 3",
        "[endpoints]\nname = 'x'",
        "[endpoints.x]\nmodel = 'm'",
        "[endpoints.x]\nbase_url = 7\nmodel = 'm'",
        "[endpoints.x]\nbase_url = 'file:///etc'\nmodel = 'm'",
    ],
)
def test_what_was_half_written_by_hand_is_no_connection(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    assert load_profiles(path) == []
    save_profile(path, HERE)
    assert load_profiles(path) == [HERE]


def test_neither_key_nor_headers_show_in_a_repr_or_a_log(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    profile = replace(AWAY, headers={"x-token": "tk-invented"})
    with caplog.at_level(logging.DEBUG):
        save_profile(path, profile)
    shown = f"{profile!r}{profile!s}{caplog.text}"
    assert KEY not in shown
    assert "tk-invented" not in shown


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": " "}, "needs a name"),
        ({"model": ""}, "the name of a model"),
        ({"base_url": ""}, "must begin with http"),
        ({"base_url": "api.example.com/v1"}, "must begin with http"),
        ({"base_url": "ftp://api.example.com"}, "must begin with http"),
        ({"base_url": "https://"}, "must begin with http"),
        ({"base_url": "https://a:999999/v1"}, "must begin with http"),
        ({"base_url": f"https://me:{KEY}@api.example.com/v1"}, "must hold no key"),
        ({"base_url": f"https://api.example.com/v1?key={KEY}"}, "must hold no key"),
        ({"key": "sk-\u200b123"}, "signs that no key has"),
        ({"key": "sk-1\n23"}, "signs that no key has"),
        ({"key": "我的密钥"}, "signs that no key has"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(
    given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(EndpointError, match=sentence) as caught:
        checked(replace(AWAY, **given))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example.com/v1",
        " https://api.example.com/v1/ ",
        "https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1/chat/completions/",
    ],
)
def test_an_address_may_be_copied_as_manuals_write_it(address: str) -> None:
    assert checked(replace(AWAY, base_url=address)).base_url == "https://api.example.com/v1"


@pytest.mark.parametrize(
    ("address", "here", "in_the_open"),
    [
        ("http://127.0.0.1:11434/v1", True, False),
        ("http://localhost:8000/v1", True, False),
        ("http://[::1]:8000/v1", True, False),
        ("http://192.168.1.5:8000/v1", False, True),
        ("HTTP://192.168.1.5:8000/v1", False, True),
        ("http://localhost.example.com/v1", False, True),
        ("https://api.example.com/v1", False, False),
    ],
)
def test_where_texts_would_go_is_told(address: str, *, here: bool, in_the_open: bool) -> None:
    profile = checked(replace(AWAY, base_url=address))
    assert (profile.on_this_machine, profile.in_the_open) == (here, in_the_open)
