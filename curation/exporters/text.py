"""Text that may stand in a training file: no control token, no stray control character."""

from __future__ import annotations

import re
from typing import Final

CONTROL_TOKEN: Final = re.compile(
    r"""
      <[|｜] (?=[^<>\n]{0,80}?[A-Za-z]{2}) [\w .:/▁-]{1,80} [|｜]>
    | <<(?=/?SYS>>) | (?<=<<SYS)>> | (?<=<</SYS)>>
    | </?(?:s|unk|pad|bos|eos|eod|eop|sop|eot|mask|sep|cls
        |image|video|audio|img|ref|box|quad|point|think|thinking|answer|reasoning
        |tool_call|tool_calls|tool_response|tools|function_call|tool_sep
        |start_of_turn|end_of_turn|start_of_image|end_of_image|image_soft_token
        |extra_id_\d{1,4}|unused\d{1,4}|reserved_\d{1,4}|reserved\d{1,4}
        |fim_prefix|fim_middle|fim_suffix)>
    | \[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|ARGS|THINK
        |IMG|IMG_BREAK|IMG_END|gMASK|sMASK|MASK|CLS|SEP|PAD|UNK|BOS|EOS)\]
    """,
    re.VERBOSE,
)
"""What a tokenizer of a common chat model reads as a control token instead of as text.

Trainers tokenise a literal `<|im_end|>` as the real token (LLaMA-Factory 0.9.5, measured), and
count `<image>` against the images of a record. Names in bars need two letters side by side, so
that a face such as `<|T_T|>` stays. Missed: tokens that a model invented under a plain word.
"""

_WIDE: Final = str.maketrans("<>[]", "＜＞［］")
_LINE_END: Final = re.compile(r"\r\n?")
_STRAY: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"


def harmless(text: str) -> str:
    """Return `text` fit for a training file; idempotent.

    Control tokens get full-width brackets, so that they stay readable and mean nothing; C0
    controls but the newline and lone surrogates go (a tab becomes a blank); outer blanks go. Text
    that shows nothing at all comes back empty. Nothing else changes: faces, codes, joiners stay.
    """
    plain = _STRAY.sub("", _LINE_END.sub("\n", text).replace("\t", " "))
    plain = CONTROL_TOKEN.sub(lambda token: token[0].translate(_WIDE), plain).strip()
    return plain if shows(plain) else ""


def shows(text: str) -> bool:
    """Return whether `text` holds anything but blanks, joiners and other marks without a shape."""
    return any(not letter.isspace() and letter not in _UNSEEN for letter in text)
