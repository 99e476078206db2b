"""Texts counted by a trainer's own tokenizer, or by an estimate."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from curation.conversations import estimate_tokens, token_counter
from curation.errors import BadFileError, OptionsError

if TYPE_CHECKING:
    from pathlib import Path


UNKNOWN = "[UNK]"


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A tokenizer to which every letter is a token, and which would cut and fill texts."""
    tokenizer = Tokenizer(models.WordLevel({UNKNOWN: 0}, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=8)
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    return path


def test_a_tokenizer_counts_whole_texts_whatever_lengths_it_was_saved_with(letters: Path) -> None:
    assert token_counter(str(letters))(["在吗", "", "吃了没有呀朋友"]) == [2, 0, 7]


def test_a_file_with_a_mark_of_its_encoding_is_read(letters: Path) -> None:
    letters.write_bytes(b"\xef\xbb\xbf" + letters.read_bytes())
    assert token_counter(str(letters))(["在吗"]) == [2]


@given(st.lists(st.text(max_size=20), max_size=8))
def test_without_one_every_text_is_estimated_by_itself(texts: list[str]) -> None:
    assert token_counter()(texts) == [estimate_tokens(text) for text in texts]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="half"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="says nothing"),
        pytest.param(json.dumps({"model": {"type": "BPE"}}).encode(), id="half a model"),
        pytest.param(json.dumps({"model_type": "qwen2"}).encode(), id="another file of a model"),
        pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
        pytest.param(None, id="not there"),
    ],
)
def test_a_file_that_is_no_tokenizer_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadFileError, match=r"^tokenizer\.json: "):
        token_counter(str(path))


def test_a_folder_is_no_tokenizer(tmp_path: Path) -> None:
    with pytest.raises(BadFileError):
        token_counter(str(tmp_path))


def test_without_the_package_one_sentence_says_so(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(OptionsError, match="tokenizers is not installed"):
        token_counter(str(letters))
