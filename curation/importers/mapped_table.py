"""Any table (CSV, TSV, spreadsheet) of which a person said which column holds what.

A table that no importer knows is shown with a guess; what the person says is remembered for all
tables with the same column names. Words of an unknown tool are taken as they stand, except for
WeChat's notices and for placeholders such as `[图片]` that are a whole message.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.errors import N_, BadFileError
from curation.importers.chat_names import name_of_two
from curation.importers.contents import Content, named, typed
from curation.importers.csv_table import Layout, read_table
from curation.importers.document import HEAD_BYTES
from curation.importers.rows import first_filled, render, source_file, text_scalar
from curation.importers.table_times import looks_dated, table_times
from curation.importers.times import parse_time
from curation.model import PLACEHOLDERS, ColumnMapping, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.importers.csv_table import CsvTable
    from curation.importers.document import Document
    from curation.importers.rows import Contents
    from curation.model import SourceFile

_SHOWN: Final = 20
_SHOWN_CHARACTERS: Final = 300
_SAMPLE: Final = 300
"""Rows that are looked at to guess what a column holds."""

_TABLE_SUFFIXES: Final = (".csv", ".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".ods")

_STEADY: Final = 0.8
"""A text file with another ending is a table if so many of its rows are as wide as the first."""
_LEAST_ROWS: Final = 3

_FEW: Final = 0.5  # people say more than one thing each
_LONG: Final = 20  # characters; names are shorter

_WORDS: Final[Mapping[str, str]] = {
    "sender": (
        r"发送[人者方]|发信人|发言人|说话人|发件人|用户名?|昵称|姓名|名字|名称|成员|作者|谁|發送[人者方]"
        r"|發言人|寄件人|寄件者|暱稱|使用者|作者|sender( ?name)?|from|author|speaker|who|user ?name"
        r"|user|nick ?name|name|talker|contact|member"
    ),
    "text": (
        r"(聊天|消息|信息|文本|发言|留言)?内容|(聊天|訊息|文字)?內容|消息|信息|文本|正文|訊息|留言"
        r"|说了什么|话|content|(message|msg)?( ?text)?|body|words|message( ?(content|body))?|msg"
        r"|str ?content"
    ),
    "time": (
        r"(发送|消息|聊天|创建|發送|訊息)?(时间戳?|日期时间|時間戳?|日期時間)|日期|何时|什么时候|time"
        r"|date( ?/? ?time)?|time ?stamp|sent( ?at| ?time| ?on)?|created?( ?at| ?time| ?on)?|when"
        r"|msg ?time|str ?time|send ?time"
    ),
    "chat": (
        r"会话(名称?)?|聊天(对象|名称?)?|对话|群|群[名聊组]称?|房间|聊天室|會話|對話|群組"
        r"|chat( ?name)?|conversation|room( ?name)?|group( ?name)?|channel|thread|dialog(ue)?"
    ),
}
"""Column names that tell what a column holds, as `_plain` writes them."""

_NAMES: Final = {field: re.compile(words, re.IGNORECASE) for field, words in _WORDS.items()}

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\[([^\[\]\n]{1,12})\]\s*")

_KINDS: Final[Mapping[str, Kind]] = {
    **{text.strip("[]"): kind for kind, text in PLACEHOLDERS.items()},
    **dict.fromkeys(("动画表情", "表情"), Kind.STICKER),
    **dict.fromkeys(("语音消息", "语音"), Kind.VOICE),
    **dict.fromkeys(("语音通话", "视频通话", "音视频通话"), Kind.CALL),
    **dict.fromkeys(("Photo", "Image", "照片"), Kind.IMAGE),
    **dict.fromkeys(("Sticker",), Kind.STICKER),
    **dict.fromkeys(("Video",), Kind.VIDEO),
    **dict.fromkeys(("Voice", "Voice message"), Kind.VOICE),
    **dict.fromkeys(("File",), Kind.FILE),
}
"""Placeholders that are a whole message."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """The beginning of a table: its column names and first rows, and a guess what they hold."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    guess: ColumnMapping | None = None


class _Look(NamedTuple):
    """What the sampled cells of one column look like: shares from 0 to 1, and lengths."""

    times: float
    numbers: float
    distinct: float
    kinds: int
    length: float


class MappedTable:
    """The importer of tables that a person explained."""

    format = "table"
    suffixes = (".csv", ".tsv", ".xlsx", ".xls", ".ods")

    def recognises(self, document: Document) -> bool:
        """Return whether the table has the columns of one that a person explained."""
        return bool(document.options.mappings) and _mapping(document) is not None

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        mapping = _mapping(document)
        if mapping is None:
            raise BadFileError(document.path, N_("nobody said what the columns of this table hold"))
        optional = tuple(name for name in (mapping.time, mapping.chat) if name)
        layout = Layout(required=(mapping.sender, mapping.text), optional=optional, ragged=True)
        table = read_table(document, layout)
        _leave_out_blank(table, mapping)
        contents = _contents(table, mapping)
        senders = pc.utf8_trim_whitespace(table[mapping.sender])
        people = [name for name in pc.unique(senders).to_pylist() if name]
        chat = text_scalar(name_of_two(document.path, people))
        chats = pc.utf8_trim_whitespace(table[mapping.chat]) if mapping.chat else None
        columns = {
            "chat": pa.repeat(chat, table.size) if chats is None else first_filled(chats, chat),
            "sender": senders,
            "sender_name": senders,
        }
        if mapping.time:
            columns["time"] = table_times(table, mapping.time)
        return source_file(table, self.format, contents, columns, None)


def table_of(document: Document) -> TableHead | None:
    """Return the beginning of a table with a guess what its columns hold; None for no table."""
    if not document.is_workbook and (document.looks_like_json or document.looks_like_html):
        return None
    header = document.header
    rows = _first_rows(document)
    named_columns = [name for name in header if name]
    if len(named_columns) < 2 or not rows:  # noqa: PLR2004  (sender and text)
        return None
    if not document.is_workbook and document.path.suffix.lower() not in _TABLE_SUFFIXES:
        wide = sum(len(row) == len(header) for row in rows)
        if wide < _STEADY * len(rows) or len(rows) < _LEAST_ROWS:
            return None
    shown = tuple(tuple(cell[:_SHOWN_CHARACTERS] for cell in row) for row in rows[:_SHOWN])
    return TableHead(header=header, rows=shown, guess=guess(header, rows))


def guess(header: tuple[str, ...], rows: Sequence[Sequence[str]]) -> ColumnMapping | None:
    """Return what the columns probably hold, by their names and by what stands in them.

    None where no column can be the sender or none the text.
    """
    looks = {
        name: _look([row[place].strip() if place < len(row) else "" for row in rows])
        for place, name in reversed(list(enumerate(header)))  # of two alike the first is read
        if name
    }
    found: dict[str, str] = {}
    for field in ("time", "text", "sender", "chat"):
        scores = {
            name: _score(field, name, look)
            for name, look in reversed(list(looks.items()))
            if name not in found.values()
        }
        best = max(scores, key=lambda name: scores[name], default="")
        if best and scores[best] > 0:
            found[field] = best
    if not {"sender", "text"} <= found.keys():
        return None
    return ColumnMapping(header=header, **found)


def _score(field: str, name: str, look: _Look) -> float:
    """Return how likely a column holds `field`; not above 0 where it cannot."""
    named_so = _NAMES[field].fullmatch(_plain(name)) is not None
    score = 2.0 if named_so else 0.0
    if field == "time":
        return score + 2 * look.times if look.times >= _STEADY else 0
    if field == "chat":
        return score
    if not named_so and max(look.times, look.numbers) >= _STEADY:
        return 0
    if field == "text":
        return score + look.distinct + min(look.length, _LONG) / _LONG
    few = look.kinds > 1 and look.distinct <= _FEW
    return score + (1 if few else 0) - look.length / _LONG


def _look(cells: Sequence[str]) -> _Look:
    filled = [cell for cell in cells if cell]
    if not filled:
        return _Look(0, 0, 0, 0, 0)
    count = len(filled)
    return _Look(
        times=sum(parse_time(cell) is not None or looks_dated(cell) for cell in filled) / count,
        numbers=sum(_NUMBER.fullmatch(cell) is not None for cell in filled) / count,
        distinct=len(set(filled)) / count,
        kinds=len(set(filled)),
        length=sum(map(len, filled)) / count,
    )


def _plain(name: str) -> str:
    """Return a column name as `_WORDS` writes it: case, width and separators do not matter."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    name = re.sub(r"[(（\[【].*[)）\]】]", "", name)
    return " ".join(re.sub(r"[_\-.:：]+", " ", name).split())


def _first_rows(document: Document) -> list[list[str]]:
    """Return some rows below the header, those that are not blank."""
    if document.is_workbook:
        return document.sheet.rows[1 : _SAMPLE + 1]
    reader = csv.reader(io.StringIO(document.head, newline=""), delimiter=document.delimiter)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # what was read until then is enough to show
        filled = (row for row in reader if any(cell.strip() for cell in row))
        rows.extend(islice(filled, 1, _SAMPLE + 1))
    cut_off = len(document.raw) > HEAD_BYTES and 1 < len(rows) < _SAMPLE
    return rows[:-1] if cut_off else rows


def _mapping(document: Document) -> ColumnMapping | None:
    header = document.header
    return next(
        (
            mapping
            for mapping in document.options.mappings
            if mapping.header == header and mapping.sender in header and mapping.text in header
        ),
        None,
    )


def _leave_out_blank(table: CsvTable, mapping: ColumnMapping) -> None:
    for name in (mapping.sender, mapping.text):
        blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(table[name])), 0)
        rows = np.flatnonzero(blank.to_numpy(zero_copy_only=False)).tolist()
        table.leave_out(rows, N_("the column {column} is empty"), column=name)


def _contents(table: CsvTable, mapping: ColumnMapping) -> Contents:
    types = pa.repeat(text_scalar(""), table.size)
    return render(types, table[mapping.text], lambda _: _content)


def _content(text: str) -> Content:
    """Return what a cell holds: words, one of WeChat's sentences, or a placeholder."""
    bracket = _BRACKET.fullmatch(text)
    kind = None if bracket is None else _KINDS.get(bracket[1].strip())
    return typed(text) if kind is None else named(kind, "")
