"""A small spreadsheet that would fill the memory is refused before it is read."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest

from curation.errors import BadFileError
from curation.importers import workbook
from curation.importers.workbook import read_sheets
from curation.model import Limits

if TYPE_CHECKING:
    from pathlib import Path

_SPACES: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns"
_RELATION: Final = (
    b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org'
    b'/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
)
SPARSE: Final = "too many empty cells"
REPEATED: Final = "repeats its texts"


def excel(rows: str, shared: str = "", *, head: str = "") -> bytes:
    """Return an XLSX file whose only sheet has these rows."""
    usual, made = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(usual)
    with zipfile.ZipFile(usual) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = (
                    f"{head}<worksheet {_SPACES}><sheetData>{rows}</sheetData></worksheet>".encode()
                )
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"</Relationships>", _RELATION)
            new.writestr(name, content)
        new.writestr("xl/sharedStrings.xml", f"<sst {_SPACES}>{shared}</sst>")
    return made.getvalue()


def cell(place: str, value: str = "<v>1</v>", kind: str = "") -> str:
    return f'<c r="{place}"{kind}>{value}</c>'


def row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def column(count: int, value: str = "<v>0</v>") -> str:
    return "".join(row(n, cell(f"A{n}", value, ' t="s"')) for n in range(1, count + 1))


def libre(rows: str) -> bytes:
    """Return an ODS file whose only sheet has these rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        new.writestr("mimetype", kind, zipfile.ZIP_STORED)
        new.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{_OPEN}:manifest:1.0"/>')
        names = " ".join(
            f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "table", "text")
        )
        new.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="a">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


def said(text: str, wide: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{wide}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def lines(cells: str, high: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{high}">{cells}</table:table-row>'


REST: Final = '<table:table-cell table:number-columns-repeated="16383"/>'
LONG: Final = f"<si><t>{'好' * 30_000}</t></si>"
FAR: Final = row(1, cell("A1"))
BOMBS: Final = {
    "two cells far apart": (excel(FAR + row(1048576, cell("XFD1048576"))), SPARSE),
    "in other quotes": (
        excel(FAR + "<row r='1048576'><c r = 'XFD1048576'><v>1</v></c></row>"),
        SPARSE,
    ),
    "behind a sign": (excel(FAR + "<c s='>' r='XFD1048576'><v>1</v></c>"), SPARSE),
    "with noughts": (excel(FAR + "<c r='XFD00000001048576'><v>1</v></c>"), SPARSE),
    "with a prefix": (excel(FAR + "<x:c r='XFD1048576'><x:v>1</x:v></x:c>"), SPARSE),
    "a row alone says it": (excel(FAR + '<row r="900000000"><c><v>1</v></c></row>'), SPARSE),
    "cells without a place": (
        excel("<row/>" * 9000 + f"<row>{'<c><v>1</v></c>' * 9000}</row>"),
        SPARSE,
    ),
    "beyond all columns": (excel(FAR + row(9, cell("ZZZZZ9"))), SPARSE),
    "one text for all": (excel(column(20_000), LONG), REPEATED),
    "one text, numbered oddly": (excel(column(20_000, "<v> +00 </v>"), LONG), REPEATED),
    "one text, numbered in code": (excel(column(20_000, "<v>&#48;</v>"), LONG), REPEATED),
    "one text behind a comment": (
        excel(column(20_000, "<v>1</v>"), f"<!--<si/><si/>--><si/>{LONG}"),
        REPEATED,
    ),
    "a cell for all columns and rows": (libre(lines(said("x", 16384), 1048576)), SPARSE),
    "a gap": (libre(lines(said("x")) + lines(REST, 1048570) + lines(REST + said("x"))), SPARSE),
    "a long text for a hundred thousand rows": (libre(lines(said("好" * 9000), 100_000)), REPEATED),
}


@pytest.mark.parametrize(("raw", "why"), BOMBS.values(), ids=BOMBS.keys())
def test_a_spreadsheet_that_would_fill_the_memory_is_refused(
    raw: bytes, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process would be gone: nothing of such a file may reach what reads it.
    monkeypatch.setattr(workbook, "CalamineWorkbook", None)
    assert len(raw) < 1_000_000
    with pytest.raises(BadFileError, match=why):
        read_sheets(tmp_path / "x.xlsx", raw, Limits())


def test_the_same_sheet_named_many_times_is_counted_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_FEW_CELLS", 2000)
    raw, made = excel(row(1, cell("A1")) + row(1000, cell("A1000"))), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                before, sheet, after = content.partition(b"<sheet ")
                one = sheet + after.partition(b"/>")[0] + b"/>"
                many = b"".join(one.replace(b'"Sheet"', b'"S%d"' % n) for n in range(9))
                content = before + many + after.partition(b"/>")[2]
            new.writestr(name, content)
    with pytest.raises(BadFileError, match=SPARSE):
        read_sheets(tmp_path / "x.xlsx", made.getvalue(), Limits())


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        pytest.param(excel(FAR + row(9, '<c r="XFD9" s="1"/>')), [["1"]], id="a formatted row"),
        pytest.param(excel(FAR + row(90_000, cell("B2"))), [["1", ""], ["", "1"]], id="a gap"),
        pytest.param(excel(column(3), "<si><t>好</t></si>"), [["好"]] * 3, id="a text often"),
        pytest.param(
            libre(lines(said("好") + REST) + lines(REST, 1048575)), [["好"]], id="of LibreOffice"
        ),
        pytest.param(libre(lines(said("好", 2), 2)), [["好", "好"]] * 2, id="equal cells"),
    ],
)
def test_what_programs_write_to_fill_a_sheet_is_no_bomb(
    raw: bytes, rows: list[list[str]], tmp_path: Path
) -> None:
    (sheet,) = read_sheets(tmp_path / "x.xlsx", raw, Limits())
    assert sheet.rows == rows


def test_an_entity_that_doubles_itself_is_damage(tmp_path: Path) -> None:
    names = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    raw = excel(
        row(1, cell("A1", "<is><t>&a9;</t></is>", ' t="inlineStr"')),
        head=f'<!DOCTYPE worksheet [<!ENTITY a0 "x">{names}]>',
    )
    with pytest.raises(BadFileError, match="damaged"):
        read_sheets(tmp_path / "x.xlsx", raw, Limits())


def test_a_binary_workbook_is_not_read(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name in ("[Content_Types].xml", "xl/workbook.bin"):
            new.writestr(name, b"x")
    with pytest.raises(BadFileError, match="save it as XLSX or CSV"):
        read_sheets(tmp_path / "x.xlsb", made.getvalue(), Limits())
