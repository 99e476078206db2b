"""MemoTrace 3 CSV: 8 columns, or the 5 columns some versions write.

Source: wxManager/exporter of MemoTrace v3. The file names senders as a person reads them and does
not say who of them is me.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from curation.importers.chat_names import name_of_two
from curation.importers.csv_table import Layout, read_table
from curation.importers.rows import lasting_ids, names_of, render, source_file, times_of
from curation.importers.wechat.memotrace_text import RENDERERS

if TYPE_CHECKING:
    from curation.importers.document import Document
    from curation.model import SourceFile

_TELLTALE: Final = frozenset({"类型", "发送人", "时间", "内容"})
_ENOUGH: Final = 3


def has_telling_columns(document: Document) -> bool:
    """Return whether most of the four columns that tell MemoTrace 3 are there.

    Any table of a chat may have a time and a content.
    """
    return len(_TELLTALE & set(document.header)) >= _ENOUGH


class MemoTraceCsv:
    """The importer of MemoTrace 3 CSV."""

    format = "MemoTrace 3 CSV"
    suffixes = (".csv",)
    layout = Layout(
        required=("类型", "发送人", "时间", "内容"), optional=("消息ID", "备注", "昵称")
    )

    def recognises(self, document: Document) -> bool:
        """Return whether most of the four telling columns are there."""
        return not document.is_workbook and has_telling_columns(document)

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        table = read_table(document, self.layout)
        contents = render(table["类型"], table["内容"], RENDERERS.get)
        senders = table["发送人"]
        spoken = senders.filter(pa.array(~contents.unspoken))
        names = sorted(name for name in pc.unique(spoken).to_pylist() if name.strip())
        columns = {
            "chat": name_of_two(document.path, names),
            "source_id": lasting_ids(table["消息ID"]),
            "sender": senders,
            "sender_name": senders,
            "time": times_of(table, "时间"),
        }
        aliases = names_of(senders, table["备注"], table["昵称"])
        return source_file(table, self.format, contents, columns, None, aliases=aliases)
