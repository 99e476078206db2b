"""How much a spreadsheet becomes in memory, told from its XML before it is read.

A sheet is read as a rectangle: two cells, one in A1 and one in XFD1048576, are 17 thousand million.
One long text may stand in a million cells, one cell of LibreOffice for a million. None of that
shows in the size of the file, and what reads it ends the process where memory does not suffice.

Whatever is looked for here is looked for in every place of the XML, whether it is a tag there or
not: the answer may be too large, and only for files as no program writes them, never too small.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

_COLUMN = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)""")
_NUMBER = re.compile(rb"""\sr\s*=\s*["']\s*[A-Za-z]*0*(\d*)""")
_USUAL_COLUMN = re.compile(rb' r="([A-Z]*)')
_USUAL_NUMBER = re.compile(rb' r="[A-Z]*0*(\d*)"')
_UNUSUAL_REF = re.compile(rb"""r(?:\s+=|=\s|=')""")
_UNUSUAL_PLACE = re.compile(rb"""<(?:[\w.-]+:(?:c|row)[\s/>]|(?:c|row)(?:[\t\r\n/>]| (?!r=")))""")
"""Tell of sheets that are not written as nearly all are, which can be looked at much faster."""
_PLACED = re.compile(rb"<(?:[\w.-]+:)?(?:c|row)(?=[\s/>])")
_STRICTLY_PLACED = re.compile(
    rb"""<(?:[\w.-]+:)?(?:c|row)(?:\s+[\w:.-]+="[^"<>]*")*?\s+r=["'][A-Za-z]*\d+["']"""
)
"""A cell or a row that says where it stands; all others stand behind the one before."""
_NO_VALUE = re.compile(rb"""<c(?:\s+[\w:.-]+="[^"<>]*")*\s*/>""")
_VALUE = re.compile(rb"""(<c(?:\s+[\w:.-]+="[^"<>]*")*>)?<(?:[\w.-]+:)?v(?=[\s/>])[^<>]*>([^<]*)""")
_INDEX: Final = b't="s"'
_DIGITS: Final = 9
_PLAIN = re.compile(rb"[\w.+-]+")
_SHARED = re.compile(rb"<(?:[\w.-]+:)?sst(?=[\s/>])")
_ITEM = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")

_ROW = re.compile(rb"<table:table-row(?=[\s/>])")
_EMPTY_END = re.compile(
    rb"""(?:<table:(?:covered-)?table-cell(?:\s+table:(?:number-columns-repeated|style-name)="""
    rb""""[\w.-]*")*\s*/>\s*)+(?=</table:table-row>)"""
)
"""The empty cells with which LibreOffice fills a row up to the last column there is."""
_CELL = re.compile(rb"table-cell(?=[\s/>])")
_WIDE = re.compile(rb"""number-columns-repeated\s*=\s*["']\s*[+0]*(\d{0,9})""")
_HIGH = re.compile(rb"""number-rows-repeated\s*=\s*["']\s*[+0]*(\d{0,9})""")
_LETTERS: Final = 26
_SPARSE: Final = 4
_LITTLE: Final = 64 * 1024**2


@dataclass(slots=True)
class WorkbookSize:
    """What the parts that were looked at become: cells of all sheets, bytes of repeated text."""

    cells: int = 0
    text: int = 0
    _shared: list[int] = field(default_factory=list)
    _longest: int = 0
    _sheets: list[bytes] = field(default_factory=list)

    def add(self, part: bytes) -> None:
        """Look at one part of the file, whatever it is."""
        if _SHARED.search(part) is not None:
            self._add_shared(part)
        if _ROW.search(part) is not None:
            self._add_open_document(part)
        if _PLACED.search(part) is not None:
            self._sheets.append(part)

    def settle(self) -> None:
        """Count what only shows when all parts are known."""
        for part in self._sheets:
            self.cells += _area(part)
            self.text += self._text(part)
        self._sheets.clear()

    def _add_shared(self, part: bytes) -> None:
        places = [found.start() for found in _ITEM.finditer(part)]
        lengths = [end - start for start, end in pairwise([*places, len(part)])]
        self._longest = max([self._longest, *lengths])
        # A comment may hold what only looks like an item: then no number says which one is meant.
        hidden = b"<!" in part or bool(self._shared)
        self._shared = [self._longest] * len(lengths) if hidden else lengths

    def _text(self, part: bytes) -> int:
        total = 0
        if self._longest * part.count(b"<") <= _LITTLE:
            return total
        for found in _VALUE.finditer(part):
            cell, value = found.groups()
            if cell is not None and _INDEX not in cell:
                continue
            value = value.strip().lstrip(b"+0") or b"0"
            if value.isdigit():
                number = int(value[:_DIGITS])
                total += self._shared[number] if number < len(self._shared) else 0
            elif _PLAIN.fullmatch(value) is None:
                total += self._longest
        return total

    def _add_open_document(self, part: bytes) -> None:
        wide = high = waiting = 0
        for row in _ROW.split(_EMPTY_END.sub(b"", part))[1:]:
            times = max([1, *(int(each or 1) for each in _HIGH.findall(row))])
            repeated = [int(each or 1) for each in _WIDE.findall(row)]
            cells = len(_CELL.findall(row)) + sum(repeated)
            if not cells:  # counts only where another row follows that is not empty
                waiting += times
                continue
            wide, high, waiting = max(wide, cells), high + waiting + times, 0
            if times > 1 or repeated:
                self.text += len(row) * times * max([1, *repeated])
        self.cells += wide * high


def _area(part: bytes) -> int:
    """Return how many cells the rectangle around all cells of a sheet has."""
    area = _rectangle(part)
    if area <= _SPARSE * part.count(b"<c "):
        return area
    return _rectangle(_NO_VALUE.sub(b"", part))


def _rectangle(part: bytes) -> int:
    numbers = _USUAL_NUMBER.findall(part)
    usual = part.count(b'r="') == part.count(b' r="') == len(numbers) and not any(
        unusual.search(part) for unusual in (_UNUSUAL_REF, _UNUSUAL_PLACE)
    )
    columns = (_USUAL_COLUMN if usual else _COLUMN).findall(part)
    widest = max(map(_column, set(columns)), default=0)
    lines = set(numbers if usual else _NUMBER.findall(part))
    highest = max((int(each[:_DIGITS] or b"0") for each in lines), default=0)
    elsewhere = 0 if usual else len(_PLACED.findall(part)) - len(_STRICTLY_PLACED.findall(part))
    return (widest + elsewhere) * (highest + elsewhere)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:_DIGITS]:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
