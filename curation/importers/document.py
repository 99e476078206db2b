"""A file on disk as text, JSON or table head: everything an importer needs to recognise it."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from contextlib import suppress
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from curation.errors import N_, BadFileError, NoMessagesError
from curation.importers.foreign import foreign_kind, is_workbook
from curation.importers.legacy_encodings import encoding_of_text
from curation.importers.workbook import Sheet, read_sheets
from curation.message_schema import MAGIC
from curation.model import ReadOptions

if TYPE_CHECKING:
    from pathlib import Path

HEAD_BYTES: Final = 65_536
"""How much of a file is looked at to recognise its format."""

CHAT_SHEET: Final = "聊天记录"
"""How exporters of WeChat call the sheet with the messages."""

_MEGABYTE: Final = 1024 * 1024

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_JSON_START = re.compile(r"\s*(?:\{|\[\s*(?:[\[{\"\]]|\Z))")
"""Starts like a JSON object or a list of them; a line such as `[2024-05-01 ...` does not."""

_HTML_START = re.compile(
    r"\s*(?:<!--.*?-->\s*|<\?xml\b.*?\?>\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)

_TEXT_SHARE: Final = 0.6
"""At least so much of a text in an encoding nobody expects is ASCII: digits, commas, dates."""

_UNREADABLE: Final = bytes({*range(256)} - {*range(0x20, 0x7F), *b"\t\r\n"})

_DELIMITERS: Final = (",", "\t", ";")


DAMAGE: Final = re.compile("[\udc80-\udcff]")
"""Stands in `Document.text` for bytes that are no text; a message that holds one is damaged."""

_NULS = re.compile("\0+")
_NUL_MARK: Final = "\udc80"
_MOST_NULS: Final = 16
"""Runs of NULs, as a crash of a computer or a failing disk leaves them in a text; more are data."""


class Document:
    """One file, read once, decoded and parsed on demand.

    `text` and `json` raise `BadFileError` when the file as a whole is not that. `damaged` says
    whether places in the text match `DAMAGE`; it is known as soon as `text` was asked for.
    """

    def __init__(self, path: Path, raw: bytes, options: ReadOptions | None = None) -> None:
        self.path = path
        self.raw = raw
        self.options = options or ReadOptions()
        self.damaged = False

    def tick(self, done: int, total: int) -> None:
        """Tell that `done` of `total` parts of the file are read; may raise to stop the reading."""
        self.options.tick(len(self.raw) * done // max(total, 1), len(self.raw))

    @cached_property
    def text(self) -> str:
        """The whole file as text, without a byte order mark, line ends untouched.

        Empty for a workbook, and for Parquet.
        """
        if self.is_workbook or self.is_parquet:
            return ""
        text, damaged = _decode(self.path, self.raw)
        self.damaged = self.damaged or damaged
        return text

    @cached_property
    def damaged_lines(self) -> list[int]:
        """The numbers (from 1) of the lines that hold damage."""
        text = self.text
        if not self.damaged:
            return []
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        lines: dict[int, None] = {}
        line, counted = 1, 0
        for match in DAMAGE.finditer(text):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            lines[line] = None
        return list(lines)

    def damage(self, line: int) -> BadFileError:
        """Return the error that the text is damaged in a line that matters to the whole file."""
        reason = N_("the text is damaged here: it is not valid UTF-8")
        return BadFileError(self.path, reason, line=line)

    @cached_property
    def head(self) -> str:
        """The beginning of the file as text, good enough to recognise the format."""
        if self.is_workbook or self.is_parquet or self.raw.startswith(_UTF16_MARKS):
            return self.text[:HEAD_BYTES]
        start = self.raw[:HEAD_BYTES]
        if len(self.raw) > HEAD_BYTES:
            decoder = codecs.getincrementaldecoder("utf-8")()
            with suppress(UnicodeDecodeError):
                return decoder.decode(start).removeprefix("\ufeff")
        return self.text[:HEAD_BYTES]

    @cached_property
    def utf8(self) -> bytes:
        """The whole file as UTF-8, which nobody checked as a whole: letters may be damaged."""
        start = self.raw[:HEAD_BYTES]
        try:
            codecs.getincrementaldecoder("utf-8")().decode(start)
        except UnicodeDecodeError:
            if not self.raw.startswith(_UTF16_MARKS) and _mostly_utf8(start):
                return self.raw
            return self.text.encode("utf-8", "surrogateescape")
        return self.raw

    @property
    def is_workbook(self) -> bool:
        """Whether the file is a spreadsheet: its rows are in `sheet`, and it has no text."""
        return is_workbook(self.raw)

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet, which has neither text nor rows of text."""
        return self.raw.startswith(MAGIC) and b"\0" in self.raw

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets of a workbook that are not empty."""
        sheets = read_sheets(self.path, self.raw, self.options.limits)
        if not sheets:
            raise NoMessagesError(self.path, N_("the file is empty"))
        return sheets

    @property
    def sheet(self) -> Sheet:
        """The sheet of a workbook that holds a chat, else the first that is not empty."""
        return next((sheet for sheet in self.sheets if sheet.name == CHAT_SHEET), self.sheets[0])

    @property
    def looks_like_json(self) -> bool:
        """Whether the file starts the way a JSON export does."""
        return _JSON_START.match(self.head) is not None

    @property
    def looks_like_html(self) -> bool:
        """Whether the file is a web page."""
        return _HTML_START.match(self.head) is not None

    @cached_property
    def json(self) -> Any:
        """The parsed JSON document."""
        check_depth(self.path, self.raw, self.options.limits.nesting)
        if lines := self.damaged_lines:
            raise self.damage(lines[0])
        return _parse_json(self.path, self.text)

    @cached_property
    def delimiter(self) -> str:
        """The character between the cells of the first row: a comma, a tab or a semicolon."""
        return max(_DELIMITERS, key=lambda delimiter: len(_first_row(self.head, delimiter)))

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The cells of the first row that is not blank; empty when there is none.

        Outer blanks, quotation marks and byte order marks are off, because people re-save
        exports with spreadsheet programs.
        """
        if self.looks_like_json:
            return ()
        if self.is_workbook:
            return tuple(cell.strip() for cell in self.sheet.rows[0])
        cells = _first_row(self.head, self.delimiter)
        return tuple(cell.strip(" \t\"'\ufeff\u3000") for cell in cells)

    @property
    def header_is_first_line(self) -> bool:
        """Whether the header row is exactly the first line of the file."""
        first = self.head.partition("\n")[0]
        return first.count('"') % 2 == 0 and "\r" not in first.rstrip("\r") and bool(first.strip())


def open_document(path: Path, options: ReadOptions | None = None) -> Document:
    """Return the file at `path`, read but not yet parsed.

    Raises:
        BadFileError: it cannot be read, is not a regular file, is empty, too large, or is binary.

    """
    options = options or ReadOptions()
    raw = _contents(path, options.limits.file_bytes)
    if raw.startswith(_UTF16_MARKS):
        return Document(path, raw, options)
    if _is_blank(raw):
        raise NoMessagesError(path, N_("the file is empty"))
    if is_workbook(raw):
        return Document(path, raw, options)
    if (kind := foreign_kind(raw)) is not None:
        raise BadFileError(path, kind)
    document = Document(path, raw, options)
    if document.is_parquet:
        return document
    if b"\0" in raw:
        if not _is_text_with_nuls(raw):
            raise _binary(path)
        document.damaged = True
    return document


def _contents(path: Path, limit: int) -> bytes:
    """Return the bytes of the file, at most `limit` of them."""
    try:
        if path.is_dir():
            raise BadFileError(path, N_("this is a folder, not a file"))
        if path.exists() and not path.is_file():
            raise BadFileError(path, N_("this is not a regular file"))
        size = path.stat().st_size
        if size > limit:
            reason = N_("the file has {size} MB, the limit is {limit} MB (see the settings)")
            raise BadFileError(path, reason, size=-(-size // _MEGABYTE), limit=limit // _MEGABYTE)
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise BadFileError(path, N_("there is no such file")) from exc
    except PermissionError as exc:
        raise BadFileError(path, N_("this program may not read the file")) from exc
    except (OSError, ValueError) as exc:  # a symlink loop, a name no file can have, a failing disk
        raise BadFileError(path, N_("the file cannot be read")) from exc


def _is_blank(raw: bytes) -> bool:
    start = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    # Looks at a few bytes first: a copy of a large file takes longer than parsing part of it.
    return not raw[start : start + 64].strip() and not raw[start:].strip()


def _binary(path: Path) -> BadFileError:
    return BadFileError(path, N_("this is a binary file, not a chat export in text form"))


def _is_text_with_nuls(raw: bytes) -> bool:
    """Return whether `raw` is text into which some runs of NULs came."""
    runs = islice(re.finditer(rb"\0+", raw), _MOST_NULS + 1)
    few = sum(1 for _ in runs) <= _MOST_NULS
    return few and not raw.startswith(b"\0") and _CONTROLS.search(raw[:HEAD_BYTES]) is None


_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def _decode(path: Path, raw: bytes) -> tuple[str, bool]:
    """Return the text, and whether some of it is damaged: then `DAMAGE` finds the places."""
    text, damaged = _decode_utf16(path, raw) if raw.startswith(_UTF16_MARKS) else _bytes(path, raw)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        return _NULS.sub(_NUL_MARK, text), True
    return text, damaged


def _bytes(path: Path, raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError as exc:
        cut_off = exc.end == len(raw) and exc.reason == "unexpected end of data"
        # Damaged UTF-8 often decodes as GB18030 too, into the wrong characters.
        if cut_off or raw.startswith(codecs.BOM_UTF8) or _mostly_utf8(raw):
            return raw.decode("utf-8", "surrogateescape"), True
    if (encoding := encoding_of_text(raw)) != "gb18030":
        return raw.decode(encoding), False
    try:
        return raw.decode("gb18030"), False
    except UnicodeDecodeError as exc:
        if _mostly_gb18030(raw):
            return raw.decode("gb18030", "surrogateescape"), True
        if not _mostly_ascii(raw):
            raise _binary(path) from exc
        line = raw.count(b"\n", 0, exc.start) + 1
        reason = N_("the text is neither UTF-8 nor GB18030; please save it as UTF-8")
        raise BadFileError(path, reason, line=line) from exc


def _mostly_gb18030(raw: bytes) -> bool:
    """Return whether hardly any of the characters are broken."""
    text = raw.decode("gb18030", "replace")
    wide = len(text) - len(text.encode("ascii", "ignore"))
    return 0 < text.count("\ufffd") * _GB_SHARE <= wide


_GB_SHARE: Final = 50


def _mostly_ascii(raw: bytes) -> bool:
    """Return whether most of the beginning is readable, so that it is text in some encoding."""
    start = raw[:HEAD_BYTES]
    readable = len(start.translate(None, delete=_UNREADABLE))
    return readable >= _TEXT_SHARE * len(start)


def _decode_utf16(path: Path, raw: bytes) -> tuple[str, bool]:
    cut_off = False
    try:
        text = raw.decode("utf-16")
    except UnicodeDecodeError as exc:
        if exc.end < len(raw):
            raise _binary(path) from exc
        text, cut_off = raw[: exc.start].decode("utf-16") + _NUL_MARK, True
    if "\0" in text:
        raise _binary(path)
    if not text.strip():
        raise NoMessagesError(path, N_("the file is empty"))
    return text, cut_off


def _mostly_utf8(raw: bytes) -> bool:
    """Return whether far more characters are valid UTF-8 than broken."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = len(text) - len(text.encode("ascii", "ignore"))
    return broken * 4 < wide - broken


def _first_row(head: str, delimiter: str) -> list[str]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        return next((row for row in reader if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return []


class _DuplicateKeyError(ValueError):
    """An object of the JSON file names one key twice, so one value would be lost."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _DuplicateKeyError
    return result


_DEPTH_CHUNK: Final = 1 << 24


def check_depth(path: Path, raw: bytes, limit: int) -> None:
    """Check that no bracket of the JSON in `raw` lies deeper than `limit`.

    Brackets inside strings do not count. Raises BadFileError.
    """
    depth, inside = 0, False
    steps = np.zeros(256, dtype="int8")
    steps[list(b"[{")], steps[list(b"]}")] = 1, -1
    rest = b""
    for start in range(0, len(raw), _DEPTH_CHUNK):
        part = rest + raw[start : start + _DEPTH_CHUNK]
        rest = b""
        if (len(part) - len(part.rstrip(b"\\"))) % 2:  # an escape across the border
            part, rest = part[:-1], part[-1:]
        # Quotation marks that do not end a string are taken out first.
        codes = np.frombuffer(part.replace(b"\\\\", b"").replace(b'\\"', b""), dtype="uint8")
        quotes = np.cumsum(codes == ord('"'), dtype="int32")
        here = steps[codes]
        here[(quotes % 2 == 1) != inside] = 0
        levels = np.cumsum(here, dtype="int32")
        if len(levels):
            if depth + int(levels.max()) > limit:
                reason = N_("the JSON is nested deeper than {limit} levels (see the settings)")
                raise BadFileError(path, reason, limit=limit)
            depth += int(levels[-1])
            inside ^= bool(quotes[-1] % 2)


def _parse_json(path: Path, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as exc:
        place = f"column {exc.colno}"
        if exc.pos >= len(text.rstrip()) or exc.msg.startswith("Unterminated"):
            reason = N_("the JSON ends in the middle; the file was probably cut off")
        else:
            reason = N_("this is not valid JSON")
        raise BadFileError(path, reason, line=exc.lineno, place=place) from exc
    except RecursionError as exc:
        raise BadFileError(path, N_("the JSON is nested too deeply for a chat export")) from exc
    except _DuplicateKeyError as exc:
        raise BadFileError(path, N_("an object of the JSON has the same key twice")) from exc
    except ValueError as exc:  # an integer of thousands of digits
        raise BadFileError(path, N_("the JSON holds a number that is too long")) from exc
