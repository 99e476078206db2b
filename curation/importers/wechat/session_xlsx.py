"""Spreadsheets of WeFlow and of EchoTrace, whose form WeFlow took over.

Source: the Excel exporters of both. EchoTrace's first versions begin with the column names, the
others with rows about the chat. Short tables have `发送者身份` (`我` for me in private chats, else
a name), long ones nickname, account id, remark and, in groups, the group card. There are no ids;
times are local.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from curation.errors import N_, BadFileError
from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.wechat.wechat_types import Told, content_of, known
from curation.model import UNSPOKEN_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.importers.document import Document
    from curation.model import SourceFile

_NEEDED: Final = frozenset({"时间", "消息类型", "内容"})
_WHO: Final = ("发送者身份", "发送者")
_SEARCHED: Final = 12  # rows in which the column names must stand

_ME: Final = "我"
_GROUP: Final = "@chatroom"

_STAMP = re.compile(r"(?:_聊天记录)?_\d{13}$")
"""What EchoTrace puts behind the chat's name: the moment of the export."""


@dataclass(frozen=True)
class _Table:
    """The chat's messages as rows by column name, with their numbers, and what stands above."""

    rows: Sequence[tuple[int, Mapping[str, str]]]
    account: str
    title: str

    @property
    def group(self) -> bool:
        return self.account.endswith(_GROUP)


class SessionXlsx:
    """The importer of WeFlow and EchoTrace spreadsheets."""

    format = "WeFlow/EchoTrace Excel"
    suffixes = (".xlsx",)

    def recognises(self, document: Document) -> bool:
        """Return whether one of the first rows holds the column names."""
        return document.is_workbook and _header(document) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is known where anybody is called 我."""
        table = _table(document)
        messages = MessageList(document, self.format, unit="row", total=len(table.rows))
        me_named = any(_role(row) == _ME for _number, row in table.rows)
        partners: dict[str, None] = {}
        for number, row in table.rows:
            partner = _add(messages, number, row, table, me_named=me_named)
            if partner:
                partners[partner] = None
        named = not table.group and len(partners) == 1
        chat = next(iter(partners)) if named else table.title or _from_path(document)
        return messages.source_file(
            chat,
            chat_ids={chat: table.account} if table.account else {},
            groups=frozenset({chat} if table.group else ()),
        )


def _header(document: Document) -> int | None:
    """Return which row holds the column names, None where none does."""
    for position, cells in enumerate(document.sheet.rows[:_SEARCHED]):
        names = {cell.strip() for cell in cells}
        if names >= _NEEDED and not names.isdisjoint(_WHO):
            return position
    return None


def _table(document: Document) -> _Table:
    sheet, start = document.sheet, _header(document)
    if start is None:
        raise BadFileError(document.path, N_("the column {column} is missing"), column="时间")
    header = [cell.strip() for cell in sheet.rows[start]]
    told: dict[str, str] = {}
    for cells in sheet.rows[:start]:
        for label, value in pairwise(cells):
            told.setdefault(label.strip(), value.strip())
    rows = [
        (number, dict(zip(header, cells, strict=False)))
        for number, cells in zip(sheet.numbers[start + 1 :], sheet.rows[start + 1 :], strict=True)
    ]
    return _Table(rows, told.get("微信ID", ""), told.get("备注") or told.get("昵称") or "")


def _role(row: Mapping[str, str]) -> str:
    return next((name for key in _WHO if (name := row.get(key, "").strip())), "")


def _from_path(document: Document) -> str:
    return _STAMP.sub("", path_name(document.path))


def _add(
    messages: MessageList, number: int, row: Mapping[str, str], table: _Table, *, me_named: bool
) -> str:
    """Add one row; return the name of the partner where the row tells it."""
    type_name = row.get("消息类型", "").strip()
    if not type_name:
        messages.leave_out(number, N_("the message has no {key}"), key="消息类型")
        return ""
    content = content_of(type_name, None, Told(row.get("内容", "")))
    if not known(type_name, None):
        messages.unknown += 1
    role, account = _role(row), row.get("发送者微信ID", "").strip()
    names = [row.get(key, "").strip() for key in ("发送者备注", "群昵称", "发送者昵称")]
    is_me: bool | None = role == _ME if me_named else None
    if is_me is None and account and table.account and not table.group:
        is_me = account != table.account
    name = next((each for each in names if each), "") if role in ("", _ME) else role
    messages.add(
        number,
        content,
        sender=account or role,
        sender_name=name or role,
        is_me=is_me,
        written=row.get("时间", ""),
    )
    messages.known_as(account or role, *names, role if role != _ME else "")
    return role if is_me is False and content.kind not in UNSPOKEN_KINDS else ""
