"""What a Spark service is sent and what it answers, frame by frame, read strictly.

The vendor's page: https://xfyun.cn/doc/spark/精调服务API-websocket.html (November 2026).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation.chatting.talker import Thinking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.chatting.profiles import SparkProfile
    from curation.chatting.talker import Options, Said

_LAST: Final = 2
_HOTTEST: Final = 1.0
_MOST_TOP_K: Final = 6
_THINKS: Final = {Thinking.ON: True, Thinking.OFF: False}


class BrokenFrameError(Exception):
    """A frame that is none of this protocol; it holds nothing of the frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame says; a `code` other than 0 is an error, and `last` the end of the answer."""

    code: int
    text: str = ""
    thought: str = ""
    last: bool = False


def question(
    profile: SparkProfile, options: Options, user: str, system: str, turns: Sequence[Said]
) -> str:
    """Return the frame that asks for the answer to a talk."""
    header: dict[str, Any] = {"app_id": profile.app_id, "uid": user}
    if profile.resource:
        header["patch_id"] = [profile.resource]
    chat: dict[str, Any] = {
        "domain": profile.service,
        "temperature": min(options.temperature, _HOTTEST),
        "top_k": min(max(options.top_k, 1), _MOST_TOP_K),
        "max_tokens": options.most_tokens,
    }
    if options.thinking in _THINKS:
        chat["enable_thinking"] = _THINKS[options.thinking]
    told = [{"role": "system", "content": system}] if system else []
    told += [{"role": each.role.value, "content": each.text} for each in turns]
    body = {
        "header": header,
        "parameter": {"chat": chat},
        "payload": {"message": {"text": told}},
    }
    return json.dumps(body, ensure_ascii=False)


def read_frame(data: str | bytes) -> Frame:
    """Return what a frame says; BrokenFrameError for anything that is none."""
    try:
        told = json.loads(data)
        code = told["header"]["code"]
        if not isinstance(code, int) or isinstance(code, bool):
            raise BrokenFrameError
        payload = told.get("payload")
        if code:
            return Frame(code, *_as_far_as_it_goes(payload), last=True)
        choices = payload["choices"]
        items = choices.get("text") or []
        status = choices["status"]
        text = "".join(_text(each, "content") for each in items)
        thought = "".join(_text(each, "reasoning_content") for each in items)
        if status not in (0, 1, _LAST):
            raise BrokenFrameError
        return Frame(code, text, thought, status == _LAST)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise BrokenFrameError from None


def _as_far_as_it_goes(payload: Any) -> tuple[str, str]:
    """Return what is said and thought beside an error, whose frame need not be whole."""
    choices = payload.get("choices") if isinstance(payload, dict) else None
    items = choices.get("text") if isinstance(choices, dict) else None
    told = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    said, thought = (
        "".join(each[name] for each in told if isinstance(each.get(name), str))
        for name in ("content", "reasoning_content")
    )
    return said, thought


def _text(item: Any, name: str) -> str:
    text = item.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise BrokenFrameError
    return text
