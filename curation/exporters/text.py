"""Text that may stand in a training file: no control token, no stray control character."""

from __future__ import annotations

import re
from typing import Final

CONTROL_TOKEN: Final = re.compile(
    r"""
      <[|｜] (?=[^<>\n]{0,80}?[A-Za-z]{2}) [\w .:/▁-]{1,80} [|｜]>
    | <\|[A-Za-z_]{3,40}> | <[A-Za-z_]{3,40}\|> | \[\|[A-Za-z_]{2,40}\|\]
    | <\[[A-Za-z_▁]{3,40}\]> | \]~!?b[\[\]] | \[e~\[
    | <<(?=/?SYS>>) | (?<=<<SYS)>> | (?<=<</SYS)>>
    | </?(?:s|unk|pad|bos|eos|eod|eop|sop|eot|eoh|eoa|eom|mask(?:[:_]\d{1,4})?|sep|cls|end|ret
        |image|video|audio|sound|img|imgpad|ref|box|quad|point|think|thinking|answer|reasoning
        |tool_call|tool_calls|tool_response|tools|function_call|tool_sep
        |User|Bot|AI|用户|user|model|assistant|system|role|_user|_bot|_system|_start|_end
        |start_of_turn|end_of_turn|start_of_image|end_of_image|image_soft_token|audio_soft_token
        |beginning_of_sentence|end_of_sentence|end_of_utterance|seed:[a-z_]{1,40}
        |extra_id_\d{1,4}|unused\d{1,4}|reserved_\d{1,4}|reserved\d{1,4}|special\d{1,4}
        |fim_prefix|fim_middle|fim_suffix|PRE|SUF|MID|EOT|FILL_ME
        |BOS_TOKEN|EOS_TOKEN|EOP_TOKEN|MASK_TOKEN|PAD|UNK|CLS|SEP|SYS|IMG_[A-Z_]{1,40})>
    | \[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|ARGS|THINK
        |IMG|IMG_BREAK|IMG_END|gMASK|sMASK|MASK|CLS|SEP|PAD|UNK|BOS|EOS)\]
    """,
    re.VERBOSE,
)
"""What a tokenizer of a common chat model reads as a control token instead of as text.

Trainers tokenise a literal `<|im_end|>` as the real token (LLaMA-Factory 0.9.5, measured), and
count `<image>` against the images of a record. All tokens of LLaMA-Factory's templates are here.
Names in bars need two letters side by side, so that a face such as `<|T_T|>` stays. Missed: tokens
that a model invented under a plain word.
"""

_WIDE: Final = str.maketrans("<>[]", "＜＞［］")
_LINE_END: Final = re.compile(r"\r\n?")
_STRAY: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_HIDING: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""The letters without a shape: Unicode says that they may be passed over."""
# Whatever begins a control token, also with a sign without a shape behind its first one, and every
# letter that goes: most texts hold none of it.
_SUSPECT: Final = re.compile(
    rf"[\x00-\x09\x0b-\x1f\ud800-\udfff<]|\[[|/A-Za-z]|\]~|[\[\]]{_HIDING.pattern}"
)
_SHOWN: Final = re.compile(rf"[^\s{_HIDING.pattern[1:-1]}]")


def harmless(text: str) -> str:
    """Return `text` fit for a training file; idempotent.

    Control tokens get full-width brackets, so that they stay readable and mean nothing, also where
    signs without a shape stand in them, which some tokenizers take away before they look; C0
    controls but the newline and lone surrogates go (a tab becomes a blank); outer blanks go. Text
    that shows nothing at all comes back empty. Nothing else changes: faces, codes, joiners stay.
    """
    if _SUSPECT.search(text) is None:
        bare = text.strip()
        return bare if shows(bare) else ""
    plain = _STRAY.sub("", _LINE_END.sub("\n", text).replace("\t", " "))
    plain = _without_tokens(plain).strip()
    return plain if shows(plain) else ""


def _without_tokens(text: str) -> str:
    if _HIDING.search(text) is None:
        return CONTROL_TOKEN.sub(lambda token: token[0].translate(_WIDE), text)
    places = [at for at, letter in enumerate(text) if _HIDING.match(letter) is None]
    letters = list(text)
    for token in CONTROL_TOKEN.finditer("".join(text[at] for at in places)):
        for at in places[token.start() : token.end()]:
            letters[at] = letters[at].translate(_WIDE)
    return "".join(letters)


def shows(text: str) -> bool:
    """Return whether `text` holds anything but blanks, joiners and other marks without a shape."""
    return _SHOWN.search(text) is not None
