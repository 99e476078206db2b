"""Text fit for a training file."""

from __future__ import annotations

import gzip
import json
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.exporters.text import CONTROL_TOKEN, harmless
from curation.labels import sticker_codes

TOKENS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|start_header_id|>", "<|user|>",
    "<|vision_start|>", "<|fim_prefix|>", "<|reserved_special_token_0|>", "<｜User｜>",
    "<｜end▁of▁sentence｜>", "<s>", "</s>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<image>",
    "<video>", "<audio>", "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>",
    "<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>", "<img>", "</img>",
    "[gMASK]", "<sop>", "<extra_id_0>", "[TOOL_CALLS]", "<eod>", "<User>", "<Bot>", "<end>",
    "<_user>", "<用户>", "<|turn>", "<turn|>", "<channel|>", "[|endofturn|]", "<seed:think>",
    "</role>", "<[end▁of▁sentence]>", "<｜hy_User｜>", "]~b]", "]~!b[", "[e~[", "<mask:1>",
    "<IMG_CONTEXT>", "<BOS_TOKEN>", "<beginning_of_sentence>",
]  # fmt: skip

UNTOUCHED = [
    *["<(｀^´)>", "<3", ">_<", "(>﹏<)", "<|T_T|>", "<|°_°|>", "♪(^∇^*)", "<*)))><", "<-|->"],
    *["[委屈]", "[INSTA]", "[Smile]", "a<b>c", "<b>", "<simg>", "<script>alert(1)</script>"],
    *["<|>", "<|o|>", "[|]", "[~]", "]~[", "(<_<)", "[|o|]", "<|*_*", "[doge]", "[OK]", "[Emm]"],
    *["||", "\\(^o^)/", "$$x$$", "![a](b)", "=1+1"],
    "1 < 2 | 3 > 2",
    "( •̀ ω •́ )✧",
    "👨\u200d👩\u200d👧",
    "❤\ufe0f",
    "a\u200bb",
    "U+2028:\u2028x",
]


@pytest.mark.parametrize("token", TOKENS)
def test_a_control_token_stays_readable_and_means_nothing(token: str) -> None:
    result = harmless(f"前{token}后")
    assert token not in result
    wide = str.maketrans("<>[]", "＜＞［］")
    assert result == f"前{token.translate(wide)}后"


@given(st.lists(st.sampled_from([*"[]<>|/~!eINST_ 委\t\r\n\u200b\ufe0f", *TOKENS]), max_size=8))
def test_what_is_passed_over_quickly_is_what_would_not_be_touched(parts: list[str]) -> None:
    text = "".join(parts)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("curation.exporters.text._SUSPECT", re.compile(""))
        slowly = harmless(text)
    assert harmless(text) == slowly


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_only_looks_alike_is_untouched(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line ends"),
        pytest.param("a\tb", "a b", id="tab"),
        pytest.param("a\x00\x1b[31mb\x08", "a[31mb", id="controls"),
        pytest.param("a\ud83db", "ab", id="lone surrogate"),
        pytest.param(" \u3000a \n", "a", id="outer blanks"),
        pytest.param("<|im\x00_end|>", "＜|im_end|＞", id="token hidden by a control character"),
        pytest.param(
            "<|im\u200b_end|\u2060>", "＜|im\u200b_end|\u2060＞", id="token with a joiner"
        ),
        pytest.param(
            "\u200b<th\u00adink\ufe0f>❤\ufe0f", "\u200b＜th\u00adink\ufe0f＞❤\ufe0f", id="two"
        ),
        pytest.param("<\u200d3 [\u200b委屈]", "<\u200d3 [\u200b委屈]", id="joiners in no token"),
        pytest.param("<|im_<|im_end|>end|>", "<|im_＜|im_end|＞end|>", id="token in a token"),
        pytest.param("\u200b\u200d ", "", id="nothing that shows"),
    ],
)
def test_what_may_not_stand_in_the_file_goes(text: str, expected: str) -> None:
    assert harmless(text) == expected


TEXT = re.compile(rb'"text": ?("(?:[^"\\]|\\.)*")')


def test_no_face_changes() -> None:
    packed = (files("kaomoji_dataset") / "data" / "kaomoji.jsonl.gz").read_bytes()
    listed = gzip.decompress(packed).splitlines()
    faces = [json.loads(found[1]).strip() for found in map(TEXT.search, listed) if found]
    assert len(faces) == len(listed) > 10_000
    assert {face for face in faces if harmless(face) != face and "文章" not in face} == set()


def test_no_sticker_code_changes() -> None:
    codes = [f"[{name}]" for name in sticker_codes._CODES]
    assert len(codes) > 100
    assert [code for code in codes if harmless(code) != code] == []


PIECES = st.one_of(
    st.sampled_from(
        [
            *TOKENS,
            *UNTOUCHED,
            "<",
            ">",
            "|",
            "<|",
            "|>",
            "<<",
            "[",
            "]",
            "im_end",
            "\x00",
            "\ud800",
            "\u200b",
            "\ufe0f",
        ]
    ),
    st.text(alphabet=st.characters(), max_size=3),
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_harmless_text_is_harmless_however_it_was_put_together(text: str) -> None:
    result = harmless(text)
    assert harmless(result) == result == result.strip()
    assert not CONTROL_TOKEN.search(result)
    assert not CONTROL_TOKEN.search(re.sub("[\u200b-\u200d\u2060\u00ad\ufe0f]", "", result))
    assert not any(ord(letter) < 0x20 and letter != "\n" for letter in result)
    result.encode("utf-8")
