"""The name of a chat, from what the file and its path say.

A newer export of a chat must give the same name, or its messages would be taken for new ones.
Upload folders and numbered copies therefore never count, and a path counts only where the
exporter itself put the chat's name into it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_COPY = re.compile(r"(?:\s*\(\d{1,3}\)|\s+-\s+(?:副本|Copy)(?:\s*\(\d+\))?)$", re.IGNORECASE)
"""What browsers and file managers append to a second copy of a file."""

_EXPORT_SUFFIX = re.compile(
    r"_(?:utf8|train|dev|chat|\d+_\d+|\d{8}-\d{8}|\d{4}-\d{2}-\d{2})$", re.IGNORECASE
)
"""What exporters append to the chat's name: purpose, page, range of days."""

_REMARK_AND_ID = re.compile(
    r"(?P<remark>.+)\((?:wxid_[\w-]+|[\w-]+@(?:chatroom|openim)|gh_\w+|[A-Za-z][\w-]{5,19})\)",
    re.ASCII,
)
"""MemoTrace's folder of a chat, `<remark>(<account id>)`."""

_ACCOUNT_ID = re.compile(r"wxid_\w+|\w+@(?:chatroom|openim)|gh_\w+")

_GENERIC: Final = frozenset(
    (
        *("messages", "message", "chat", "chats", "export", "exported", "train", "dev", "test"),
        *("data", "dataset", "merged", "merge", "all", "output", "result", "results", "csv"),
        *("json", "upload", "file", "untitled", "memo"),
        *("聊天记录", "消息", "消息记录", "导出", "全部", "数据", "微信", "微信聊天记录", "未命名"),
    )
)
"""File names that say nothing about the chat."""

_LAYOUT_FOLDERS: Final = frozenset({"聊天记录", "csv"})
"""Folders in which exporters and WeClone keep one folder a chat."""


def file_name(path: Path) -> str:
    """Return the chat's name in a file name: without copy numbers and exporters' suffixes."""
    name = _printable(path.stem)
    while True:
        shorter = _EXPORT_SUFFIX.sub("", _COPY.sub("", name)).strip()
        if shorter in ("", name):
            return name
        name = shorter


def is_generic(name: str) -> bool:
    """Return whether a file name says nothing about the chat."""
    return name.lower() in _GENERIC or name.isdecimal()


def is_account_id(name: str) -> bool:
    """Return whether `name` is an id that WeChat gave, not a name that people read."""
    return _ACCOUNT_ID.fullmatch(name) is not None


def folder_name(path: Path) -> str:
    """Return the chat's name in the file's folder, empty where the folder is not the chat's own."""
    folder = _printable(path.parent.name)
    match = _REMARK_AND_ID.fullmatch(folder)
    if match is not None:
        remark = match["remark"].strip()
        if is_account_id(folder[len(match["remark"]) + 1 : -1]) or file_name(path) == remark:
            return remark
    if path.parent.parent.name in _LAYOUT_FOLDERS and not is_generic(folder):
        return folder if match is None else match["remark"].strip()
    return ""


def path_name(path: Path) -> str:
    """Return the best name the path alone gives; a generic file name only as the last resort."""
    name = file_name(path)
    return (folder_name(path) or name) if is_generic(name) else name


def pair_name(one: str, other: str) -> str:
    """Return the name of a chat of two people while nobody knows which of them is me."""
    return "、".join(sorted((one, other)))


def name_of_two(path: Path, senders: Collection[str]) -> str:
    """Return the name of a chat whose file tells senders apart only by name.

    The folder of MemoTrace first, then the sender whom the file name contains. A generic file name
    gives the pair of both, which `with_me` turns into the partner.
    """
    folder, name = folder_name(path), file_name(path)
    if folder:
        return folder
    if name in senders:
        return name
    if len(senders) == 2:  # noqa: PLR2004  (a private chat)
        named = [sender for sender in senders if len(sender) > 1 and sender in name]
        if len(named) == 1:
            return named[0]
        if is_generic(name):
            return pair_name(*senders)
    return name


def _printable(name: str) -> str:
    """Return `name` without the lone surrogates that stand for undecodable bytes of a path."""
    return name.encode("utf-8", "replace").decode("utf-8").strip()
