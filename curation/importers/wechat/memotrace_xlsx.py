"""MemoTrace 3 XLSX: the columns of its CSV on the sheet 聊天记录, the people on 成员信息.

Source: exporter_xlsx.py of MemoTrace v3. The sheet of members has `wxid`, `微信号`, `群昵称` (in a
private chat: the remark) and `昵称`: a group lists everybody, a private chat the partner alone, so
that the other one of two senders is me. Ids that a spreadsheet program turned into numbers have
lost their last digits and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation.importers.people import spoken
from curation.importers.wechat.memotrace_csv import MemoTraceCsv, has_telling_columns

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile

_MEMBERS: Final = "成员信息"
_PHONE: Final = "电话"  # a column of private chats alone


@dataclass(frozen=True, slots=True)
class _Member:
    account: str
    names: tuple[str, ...]  # as the sheet of messages would call them, the likeliest first


class MemoTraceXlsx(MemoTraceCsv):
    """The importer of MemoTrace 3 XLSX."""

    format = "MemoTrace 3 XLSX"
    suffixes = (".xlsx",)

    def recognises(self, document: Document) -> bool:
        """Return whether a workbook has most of the four telling columns."""
        return document.is_workbook and has_telling_columns(document)

    def read(self, document: Document) -> SourceFile:
        """Return the messages; who is me is known where a private chat names its partner."""
        source = super().read(document)
        header, members = _members(document)
        if not members:
            return source
        if len(members) == 1 and _PHONE in header:
            return _private(source, members[0])
        return _with_names(source, members, is_group=True)


def _members(document: Document) -> tuple[list[str], list[_Member]]:
    """Return the column names of the sheet of members, and who stands on it."""
    sheet = next((sheet for sheet in document.sheets if sheet.name == _MEMBERS), None)
    if sheet is None:
        return [], []
    header = [cell.strip() for cell in sheet.rows[0]]
    people = []
    for cells in sheet.rows[1:]:
        row = dict(zip(header, cells, strict=False))
        names = (row.get(column, "").strip() for column in ("群昵称", "昵称", "微信号"))
        found = tuple(dict.fromkeys(name for name in names if name))
        account = row.get("wxid", "").strip()
        if account or found:
            people.append(_Member(account, found))
    return header, people


def _with_names(source: SourceFile, members: list[_Member], *, is_group: bool) -> SourceFile:
    """Return the file with the members' other names: of those who speak, and of the silent."""
    speakers = {str(sender) for sender in source.messages["sender"].unique()}
    aliases = dict(source.aliases)
    silent: dict[str, None] = {}
    for member in members:
        everything = tuple(name for name in (*member.names, member.account) if name)
        speaker = next((name for name in everything if name in speakers), None)
        if speaker is None:
            silent.update(dict.fromkeys(everything))
        else:
            known = dict.fromkeys((*aliases.get(speaker, ()), *everything))
            aliases[speaker] = tuple(name for name in known if name != speaker)
    chats = frozenset(source.messages["chat"].unique()) if is_group else frozenset()
    return replace(source, aliases=aliases, known_names=tuple(silent), groups=chats)


def _private(source: SourceFile, partner: _Member) -> SourceFile:
    """Return a chat of two whose partner is known: the other sender is me."""
    source = _with_names(source, [partner], is_group=False)
    messages = source.messages
    said = spoken(messages)
    senders = {str(sender) for sender in messages.loc[said, "sender"].unique()}
    found = [name for name in partner.names if name in senders]
    if not found or len(senders) > 2:  # noqa: PLR2004  (a private chat)
        return source
    is_me = said & (messages["sender"] != found[0])
    messages = messages.assign(is_me=is_me.astype("boolean"))
    messages["chat"] = found[0]
    messages["chat"] = messages["chat"].astype("str")
    chat_ids = {found[0]: partner.account} if partner.account else {}
    return replace(source, messages=messages, chat_ids=chat_ids)
