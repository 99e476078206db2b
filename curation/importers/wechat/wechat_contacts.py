"""Lists of contacts: no messages, but names that the search for private data wants to know.

Source: MemoTrace's contacts.csv (`UserName`, `Alias`, `Type`, `Remark`, `NickName`, pictures,
signature, region) and PyWxDump's users.json. Public accounts, services and groups are no people.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from curation.errors import N_, NoMessagesError
from curation.importers.csv_table import Layout, read_table
from curation.importers.message_tables import message_table
from curation.importers.wechat.contact_names import contacts_of
from curation.model import SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curation.importers.document import Document

_TELLTALE: Final = frozenset({"UserName", "Remark", "NickName"})
_LAYOUT: Final = Layout(required=("UserName", "NickName"), optional=("Alias", "Remark"))

_USERS = re.compile(
    r"\s*(?:\[\s*|\{\s*(?:\"relation\"\s*:\s*\"[^\"]*\"\s*,\s*)?\"(?!session\")[^\"\s]{1,64}\"\s*:\s*)"
    r"\{\s*\"wxid\"\s*:[^{}]{0,400}?\"(?:nickname|remark)\"\s*:"
)
"""A person by id, or a list of people; WeClone's users add what they are to each other."""

_NO_PERSON = re.compile(
    r"gh_.*|.*@(?:chatroom|stranger|app|qqim)|(?:weixin|filehelper|fmessage|medianote|floatbottle"
    r"|newsapp|qmessage|tmessage|mphelper|qqmail|notifymessage|notification_messages)"
)
"""Accounts behind which nobody is: public ones, groups, and WeChat's own."""


class WeChatContacts:
    """The importer of lists of contacts."""

    format = "WeChat contacts"
    suffixes = (".csv", ".json")

    def recognises(self, document: Document) -> bool:
        """Return whether it is a table with both kinds of names, or PyWxDump's users."""
        if document.looks_like_json:
            return _USERS.match(document.head) is not None
        return set(document.header) >= _TELLTALE

    def read(self, document: Document) -> SourceFile:
        """Return no messages, and the names of the people."""
        people = contacts_of(document.json) if document.looks_like_json else _table(document)
        named = [found for account, found in people.items() if not _NO_PERSON.fullmatch(account)]
        names = tuple(dict.fromkeys(name for found in named for name in found))
        if not names:
            raise NoMessagesError(document.path, N_("the file holds no messages"))
        warning = N_("a list of contacts without messages; people in it: {count}")
        return SourceFile(
            document.path,
            self.format,
            message_table({}),
            warnings=(warning.format(count=len(named)),),
            known_names=names,
        )


def _table(document: Document) -> Mapping[str, tuple[str, ...]]:
    table = read_table(document, _LAYOUT)
    columns = [table[name].to_pylist() for name in ("UserName", "Remark", "NickName", "Alias")]
    return {
        account.strip(): tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
        for account, *names in zip(*columns, strict=True)
    }
