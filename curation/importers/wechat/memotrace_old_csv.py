"""MemoTrace CSV before version 3: 12 columns, raw WeChat 3 content.

Source: MemoTrace v0.2.9 to v2. Before March 2024 the rows of private chats had only 9 cells: the
sender's names and account id were written for groups alone. `localId` is renumbered by a newer
export, so it is no lasting id. Bodies of shared things (type 49) are not exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from curation.importers.chat_names import file_name, is_generic, path_name
from curation.importers.contents import (
    Content,
    Renderer,
    is_xml,
    placeholder,
    sticker,
    system,
    words,
    xml_quote,
)
from curation.importers.csv_table import Layout, read_table
from curation.importers.rows import (
    first_filled,
    is_me_of,
    names_of,
    render,
    source_file,
    text_scalar,
    times_of,
)
from curation.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from curation.importers.csv_table import CsvTable
    from curation.importers.document import Document
    from curation.model import SourceFile

_TELLTALE: Final = frozenset({"TalkerId", "IsSender", "StrContent", "StrTime"})
_ME: Final = "我"


def _pasted(content: str) -> Content:
    return Content(Kind.TEXT, xml_quote(content).text) if is_xml(content) else words(content)


_SHARED: Final[Mapping[str, Renderer]] = {
    "1": _pasted,
    "3": placeholder(Kind.LINK),
    "4": placeholder(Kind.LINK),
    "5": placeholder(Kind.LINK),
    "6": placeholder(Kind.FILE),
    "8": lambda _: sticker(""),
    "17": placeholder(Kind.LOCATION),
    "19": placeholder(Kind.FORWARD),
    "33": placeholder(Kind.MINI_PROGRAM),
    "36": placeholder(Kind.MINI_PROGRAM),
    "50": placeholder(Kind.LINK),
    "51": placeholder(Kind.LINK),
    "57": xml_quote,
    "62": placeholder(Kind.POKE),
    "63": placeholder(Kind.LINK),
    "74": placeholder(Kind.FILE),
    "87": system,
    "88": placeholder(Kind.LINK),
    "2000": placeholder(Kind.TRANSFER),
    "2001": placeholder(Kind.RED_PACKET),
    "2003": placeholder(Kind.RED_PACKET),
}
"""By SubType of Type 49. Notes, favourites and 接龙 stay what they are: other."""

_PLAIN: Final[Mapping[str, Renderer]] = {
    "1": words,
    "3": placeholder(Kind.IMAGE),
    "34": placeholder(Kind.VOICE),
    "37": system,
    "42": placeholder(Kind.OTHER),
    "43": placeholder(Kind.VIDEO),
    "47": lambda _: sticker(""),
    "48": placeholder(Kind.LOCATION),
    "50": placeholder(Kind.CALL),
    "62": placeholder(Kind.VIDEO),
    "10000": system,
    "10002": system,
}
"""By Type, whatever the SubType."""


def _renderer(type_and_subtype: str) -> Renderer | None:
    kind, _, subtype = type_and_subtype.replace(".0", "").partition("/")
    if kind == "49":
        return _SHARED.get(subtype.strip(), placeholder(Kind.OTHER))
    if (kind, subtype) == ("10000", "4"):
        return placeholder(Kind.POKE)
    return _PLAIN.get(kind.strip())


class MemoTraceOldCsv:
    """The importer of MemoTrace CSV before version 3."""

    format = "MemoTrace CSV"
    suffixes = (".csv",)
    layout = Layout(
        required=("Type", "IsSender", "StrContent", "StrTime"),
        optional=("TalkerId", "SubType", "CreateTime", "Remark", "NickName", "Sender"),
        ragged=True,  # messages.csv holds raw database tuples
    )

    def recognises(self, document: Document) -> bool:
        """Return whether at least two of the four telling columns are there."""
        return len(_TELLTALE & set(document.header)) > 1

    def read(self, document: Document) -> SourceFile:
        """Return the messages; everything is said by the file, `is_me` too."""
        table = read_table(document, self.layout)
        types = pc.binary_join_element_wise(table["Type"], table["SubType"], text_scalar("/"))
        contents = render(types, _without_members(table), _renderer)
        is_me = is_me_of(table, "IsSender", contents.unspoken)
        account = table["Sender"]
        name = first_filled(table["Remark"], table["NickName"])
        theirs = ~is_me & ~contents.unspoken
        chat = _chat(document.path, table["TalkerId"], account, name, theirs)
        fallback = pc.if_else(pa.array(is_me), text_scalar(_ME), chat)
        sender = first_filled(account, fallback)
        columns = {
            "chat": chat,
            "sender": sender,
            "sender_name": first_filled(name, sender),
            "time": times_of(table, "StrTime", "CreateTime"),
        }
        aliases = names_of(sender, table["Remark"], table["NickName"])
        return source_file(table, self.format, contents, columns, is_me, aliases=aliases)


_MEMBER_LINE: Final = r"^[A-Za-z][A-Za-z0-9_-]{5,31}:\r?\n"


def _without_members(table: CsvTable) -> pa.Array:
    """Return the contents without the sender's own account on a line before them."""
    contents = table["StrContent"]
    rows = np.flatnonzero(
        pc.match_substring_regex(contents, _MEMBER_LINE).to_numpy(zero_copy_only=False)
    )
    changed = {}
    for row in rows.tolist():
        account, _colon, words = contents[row].as_py().partition(":")
        if account == table["Sender"][row].as_py():
            changed[row] = words.removeprefix("\r").removeprefix("\n")
    if not changed:
        return contents
    mask = np.zeros(table.size, dtype=bool)
    mask[list(changed)] = True
    return pc.replace_with_mask(
        contents, pa.array(mask), pa.array(list(changed.values()), type=pa.large_string())
    )


def _chat(
    path: Path, talkers: pa.Array, accounts: pa.Array, names: pa.Array, theirs: NDArray[np.bool_]
) -> str | pa.Array:
    """Return the chat's name, or one name a row where the file holds a whole account.

    A private chat is named after its other sender, a group after the file. TalkerId tells the
    chats of one database apart, but one chat has several of them when it lies in several.
    """
    from_path = path_name(path)
    number = pd.Series(talkers.to_pandas(), dtype="str")
    mask = pa.array(theirs)
    others = pd.DataFrame(
        {
            "talker": number[theirs].array,
            "account": accounts.filter(mask).to_pandas().array,
            "name": names.filter(mask).to_pandas().array,
        }
    ).drop_duplicates()
    others = others[others["account"] != ""]
    if len(others["account"].unique()) == 1:
        return str(others["name"].iloc[0]) or from_path
    per_talker = others.groupby("talker")["account"].nunique()
    whole_account = len(number.unique()) > 1 and not path.stem.endswith("_utf8")
    if not whole_account or not (is_generic(file_name(path)) or (per_talker == 1).all()):
        return from_path
    private = others[others["talker"].map(per_talker) == 1].drop_duplicates("talker")
    partner = dict(zip(private["talker"], private["name"], strict=True))
    chat_of = {talker: partner.get(talker) or f"{from_path} {talker}" for talker in number.unique()}
    return pa.array(number.map(chat_of), type=pa.large_string())
