"""OpenAI's messages: a line a conversation, with system, user and assistant.

TRL, MLX, and the fine-tuning services of OpenAI, Volcengine, Together and Tencent take it.
"""

from __future__ import annotations

from typing import Final

from curation.exporters.format import Format
from curation.exporters.layouts import JsonLines
from curation.exporters.messages import Messages

_MESSAGES: Final = Messages()

OPENAI: Final = Format(
    name="openai",
    train="openai.jsonl",
    validation="openai_validation.jsonl",
    layout=JsonLines(),
    encode=_MESSAGES.encode,
    decode=_MESSAGES.decode,
)
