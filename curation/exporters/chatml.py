"""ChatML as finished text: a line `{"text": ...}` a conversation, with Qwen's control tokens.

One text under the name `text` is what trainers without a chat template take: TRL and unsloth
(`dataset_text_field`), MLX, axolotl (`type: completion`). Bare blocks of ChatML could be told apart
too, but every one of those would make one long text of the file. Texts of a record hold no control
token, so the tokens tell where each message ends, and the record comes back exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation.exporters import shapes
from curation.exporters.format import Format, ShapeError
from curation.exporters.layouts import JsonLines
from curation.exporters.messages import Messages

if TYPE_CHECKING:
    from curation.exporters.format import Record
    from curation.exporters.layouts import Row

_MESSAGES: Final = Messages()
_START: Final = "<|im_start|>"
_END: Final = "<|im_end|>"
_BETWEEN: Final = f"{_END}\n"


def _encode(record: Record) -> Row:
    messages = _MESSAGES.encode(record)["messages"]
    blocks = (f"{_START}{each['role']}\n{each['content']}" for each in messages)
    # TRL adds the end of a message to every text that does not end with it: no line end after it.
    return {"text": _BETWEEN.join(blocks) + _END}


def _decode(row: Row) -> Record:
    (text,) = shapes.values(row, ["text"])
    if not isinstance(text, str) or not text.endswith(_END):
        raise ShapeError("text", "does not end with the end of a message")
    blocks = text.removesuffix(_END).split(_BETWEEN)
    return _MESSAGES.decode({"messages": [_message(at, each) for at, each in enumerate(blocks)]})


def _message(at: int, block: str) -> dict[str, str]:
    role, line_end, content = block.removeprefix(_START).partition("\n")
    if not block.startswith(_START) or not line_end:
        where = f"message {at + 1}"
        raise ShapeError(where, "does not start with its role")
    return {"role": role, "content": content}


CHATML: Final = Format(
    name="chatml",
    train="chatml.jsonl",
    validation="chatml_validation.jsonl",
    layout=JsonLines(),
    encode=_encode,
    decode=_decode,
)
