"""chatlog CSV: Time, SenderName, Sender, TalkerName, Talker, Content; no type, no "is me".

Source: the CSV answer of chatlog and of its forks, which write a Seq before the time. In a private
chat Talker is the other person's id, so whoever else speaks there is me. Databases of WeChat 3
leave my own Sender empty; in groups of WeChat 4 my id is known only if a private chat of the same
file tells it, and is asked otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from curation.importers.csv_table import Layout, read_table
from curation.importers.rows import (
    first_filled,
    names_of,
    render,
    source_file,
    text_scalar,
    times_of,
)
from curation.importers.wechat import chatlog_text

if TYPE_CHECKING:
    from curation.importers.contents import Renderer
    from curation.importers.csv_table import CsvTable
    from curation.importers.document import Document
    from curation.model import SourceFile

_TELLTALE: Final = frozenset({"SenderName", "Sender", "TalkerName", "Talker"})
_SYSTEM: Final = "系统消息"
_ME: Final = "我"


class ChatlogCsv:
    """The importer of chatlog CSV."""

    format = "chatlog CSV"
    suffixes = (".csv",)
    layout = Layout(
        required=("Time", "Sender", "Talker", "Content"),
        optional=("SenderName", "TalkerName"),
    )

    def recognises(self, document: Document) -> bool:
        """Return whether at least three of the four telling columns are there."""
        return len(_TELLTALE & set(document.header)) > len(_TELLTALE) - 2

    def read(self, document: Document) -> SourceFile:
        """Return the messages; see above for `is_me`."""
        table = read_table(document, self.layout)
        senders, talkers = table["Sender"], table["Talker"]
        contents = render(senders, table["Content"], _renderer)
        is_me = _is_me(senders, talkers)
        chats = first_filled(table["TalkerName"], talkers)
        pairs = dict.fromkeys(zip(chats.to_pylist(), talkers.to_pylist(), strict=True))
        columns = {
            "chat": chats,
            "sender": _who(senders),
            "sender_name": _names(table, senders),
            "time": times_of(table, "Time"),
        }
        source = source_file(
            table,
            self.format,
            contents,
            columns,
            None,
            aliases=names_of(_who(senders), table["SenderName"]),
            groups=frozenset(chat for chat, talker in pairs if talker.endswith("@chatroom")),
            chat_ids={chat: talker for chat, talker in pairs if talker and talker != chat},
        )
        kept = np.setdiff1d(np.arange(table.size), list(table.bad))
        mine = is_me.mask(contents.unspoken, other=False)[kept].reset_index(drop=True)
        return replace(source, messages=source.messages.assign(is_me=mine))


def _renderer(sender: str) -> Renderer:
    return chatlog_text.notice if sender == _SYSTEM else chatlog_text.text


def _who(senders: pa.Array) -> pa.Array:
    """Return the senders, 我 where it is empty and nobody where WeChat itself speaks."""
    system = pc.equal(senders, _SYSTEM)
    return pc.if_else(system, text_scalar(""), first_filled(senders, text_scalar(_ME)))


def _names(table: CsvTable, senders: pa.Array) -> pa.Array:
    return first_filled(table["SenderName"], _who(senders))


def _is_me(senders: pa.Array, talkers: pa.Array) -> pd.Series[bool]:
    """Return whether each row is mine, missing where the file does not tell."""
    who = senders.to_pandas().str.strip()
    room = talkers.to_pandas()
    in_group = room.str.endswith("@chatroom")
    is_me: pd.Series[bool] = (who != room).astype("boolean")
    mine = set(who[~in_group & (who != room) & (who != _SYSTEM)])
    if not mine and (in_group & (who == "")).any():
        mine = {""}
    in_groups = who.isin(mine).astype("boolean")
    return is_me.mask(in_group, in_groups if mine else pd.NA)
