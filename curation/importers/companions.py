"""Files that stand beside a chat export without being one.

A folder or an archive is imported as a whole, and what an exporter puts beside the chat (lists of
members, parts of a manifest, attachments that happen to be tables) must not be asked for messages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SIDE_FILES: Final = frozenset(
    (
        "users.json",  # PyWxDump and WeClone: the members of the chats
        "avatars.json",  # QQChatExporter
        *("dataset_info.json", "labels.jsonl", "report.json"),  # beside our own sharegpt.json
    )
)

_MANIFEST: Final = "manifest.json"
_CHUNKS: Final = "chunks"  # QQChatExporter: the parts that the manifest lists

_TELEGRAM: Final = "result.json"
_TELEGRAM_FILES: Final = "files"  # attachments, of any kind

_OURS: Final = ("sharegpt.json", "dataset_info.json")
"""Our own export, which is not read again with the folder that it was written into."""

_WHATSAPP = re.compile(
    r"_chat\.txt|WhatsApp Chat (?:with|-) .+\.txt|与.+的\s?WhatsApp\s?(?:对话|對話|聊天).*\.txt"
    r"|.*WhatsApp.*(?:对话|對話|聊天).*\.txt",
    re.IGNORECASE,
)
"""The one file of a WhatsApp export that holds the chat; the others are its attachments."""


def without_companions(paths: Sequence[Path]) -> list[Path]:
    """Return `paths` in their order without those that only stand beside an export.

    Where nothing would be left, all come back, so that the first one's error is shown.
    """
    folders = {name: {path.parent for path in paths if path.name == name} for name in _MAIN_FILES}
    chats = {path.parent for path in paths if is_whatsapp(path.name)}
    ours = {path.parent for path in paths if path.name == _OURS[1]}
    kept = [
        path
        for path in paths
        if path.name.lower() not in _SIDE_FILES
        and not (path.name == _OURS[0] and path.parent in ours)
        and not (path.parent.name == _CHUNKS and path.parent.parent in folders[_MANIFEST])
        and not (path.parent.name == _TELEGRAM_FILES and path.parent.parent in folders[_TELEGRAM])
        and (path.parent not in chats or is_whatsapp(path.name))
    ]
    return kept or list(paths)


_MAIN_FILES: Final = (_MANIFEST, _TELEGRAM)


def is_whatsapp(name: str) -> bool:
    """Return whether a file called `name` is the text of a WhatsApp export, by its name."""
    return _WHATSAPP.fullmatch(name.strip("\u200e\u200f ")) is not None
