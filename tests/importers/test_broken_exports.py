"""Every format, broken as files really break: one sentence, or the rows that are still good."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from curation.errors import BadFileError, NoMessagesError
from curation.importers import read_file
from curation.model import Limits, ReadOptions
from tests.importers.test_golden import FILES, GOLDEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Breaking = Callable[[bytes], bytes]

ONE_EACH = {path.relative_to(GOLDEN).parts[0]: path for path in reversed(FILES)}
"""One golden file of each folder."""

WHOLE = [name for name, path in ONE_EACH.items() if path.suffix == ".json"]
"""Formats in which one lost bracket loses the whole file."""

LISTS = [
    *("chatlab", "chatlab_old", "ciphertalk", "discord", "echotrace", "qqexporter4", "qqexporter5"),
    *("telegram", "weflow_arkme", "weflow_json", "weflow_json_old"),
]
"""Formats of one object with a list `messages`."""

LINES = [name for name, path in ONE_EACH.items() if path.suffix == ".jsonl"]
TABLES = [name for name, path in ONE_EACH.items() if path.suffix == ".csv"]
TEXTS = [name for name, path in ONE_EACH.items() if path.suffix == ".txt"]
BOOKS = [name for name, path in ONE_EACH.items() if path.suffix == ".xlsx"]


def broken(name: str, tmp_path: Path, breaking: Breaking) -> Path:
    """Return a copy of the golden file with everything around it, broken."""
    shutil.copytree(GOLDEN / name, tmp_path / name)
    path = tmp_path / ONE_EACH[name].relative_to(GOLDEN)
    path.write_bytes(breaking(path.read_bytes()))
    return path


def encoding_of(raw: bytes) -> str:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def sentence(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(BadFileError) as caught:
        read_file(path, ReadOptions(limits=limits or Limits()))
    return str(caught.value)


@pytest.mark.parametrize("name", ONE_EACH)
def test_a_file_beyond_the_limit_is_not_read(name: str, tmp_path: Path) -> None:
    path = broken(name, tmp_path, lambda raw: raw)
    assert "the limit is 0 MB (see the settings)" in sentence(path, Limits(file_bytes=99))


@pytest.mark.parametrize("name", WHOLE)
def test_json_that_was_cut_off_names_its_end(name: str, tmp_path: Path) -> None:
    path = broken(name, tmp_path, lambda raw: raw.rstrip()[:-3])
    found = sentence(path)
    assert found.startswith(f"{path.name}, line ")
    assert "the JSON ends in the middle; the file was probably cut off" in found


@pytest.mark.parametrize("name", WHOLE)
def test_json_that_is_nested_too_deeply_is_refused(name: str, tmp_path: Path) -> None:
    def nested(raw: bytes) -> bytes:
        text = raw.decode().lstrip("\ufeff \n")
        deep = "[" * 100 + "]" * 100
        if text.startswith("{"):
            return f'{{"x": {deep}, {text[1:]}'.encode()
        return f"{text.rstrip()[:-1]}, {deep}]".encode()

    path = broken(name, tmp_path, nested)
    assert "nested deeper than 64 levels (see the settings)" in sentence(path)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], "the file holds no messages"),
        (None, "the file has no list of messages"),
        ("x", "the file has no list of messages"),
    ],
)
def test_a_list_of_messages_that_is_none_is_said(
    name: str, value: Any, expected: str, tmp_path: Path
) -> None:
    def without(raw: bytes) -> bytes:
        root = json.loads(raw.decode("utf-8-sig"))
        return json.dumps({**root, "messages": value}).encode()

    assert sentence(broken(name, tmp_path, without)).endswith(expected)


@pytest.mark.parametrize("name", LISTS)
def test_messages_of_another_kind_are_listed_and_the_good_ones_come_in(
    name: str, tmp_path: Path
) -> None:
    whole = read_file(ONE_EACH[name])

    def mixed(raw: bytes) -> bytes:
        root = json.loads(raw.decode("utf-8-sig"))
        root["messages"] = [None, *root["messages"], 7, "x", [], {}]
        return json.dumps(root).encode()

    source = read_file(broken(name, tmp_path, mixed))
    assert len(source.messages) == len(whole.messages)
    assert len(source.bad_rows) >= len(whole.bad_rows) + 4


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_was_cut_off_is_listed(name: str, tmp_path: Path) -> None:
    whole = read_file(ONE_EACH[name])
    source = read_file(broken(name, tmp_path, lambda raw: raw.rstrip()[:-4]))
    last = ONE_EACH[name].read_bytes().rstrip().count(b"\n") + 1
    assert [row.line for row in source.bad_rows][-1] == last
    assert 0 < len(source.messages) <= len(whole.messages)


def short_row(raw: bytes) -> bytes:
    newline = b"\r\n" if b"\r\n" in raw else b"\n"
    return raw.rstrip() + newline + b"1" + newline


@pytest.mark.parametrize("name", [name for name in TABLES if name != "wechat_contacts"])
@pytest.mark.parametrize(
    "breaking",
    [
        pytest.param(short_row, id="a short row"),
        pytest.param(lambda raw: raw.rstrip() + b'\n"an open quote', id="an open quote"),
        pytest.param(lambda raw: raw.rstrip() + b"\n" + b"\0" * 512, id="NULs at the end"),
        pytest.param(lambda raw: raw.rstrip() + b"\n1,2,\xe5\xa5\n", id="a damaged row"),
    ],
)
def test_a_bad_row_of_a_table_leaves_the_others_alone(
    name: str, breaking: Breaking, tmp_path: Path
) -> None:
    whole = read_file(ONE_EACH[name])
    path = broken(name, tmp_path, breaking)
    source = read_file(path)
    assert source.messages.equals(whole.messages)
    (new,) = source.bad_rows[len(whole.bad_rows) :]
    assert new.line is not None
    assert str(new).startswith(f"{path.name}, line {new.line}: ")


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_was_cut_off_inside_a_character_keeps_the_rest(
    name: str, tmp_path: Path
) -> None:
    whole = read_file(ONE_EACH[name])

    path = broken(name, tmp_path, lambda raw: raw.rstrip() + "好".encode(encoding_of(raw))[:-1])
    if len(whole.messages) == 1:
        assert "the text is damaged here" in sentence(path)
        return
    source = read_file(path)
    assert len(whole.messages) - 1 <= len(source.messages) <= len(whole.messages)
    assert str(source.bad_rows[-1]).endswith("the text is damaged here")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_a_text_export_in_another_encoding_is_read_alike(
    name: str, encoding: str, tmp_path: Path
) -> None:
    path = broken(name, tmp_path, lambda raw: raw.decode(encoding_of(raw)).encode(encoding))
    assert read_file(path).messages.equals(read_file(ONE_EACH[name]).messages)


@pytest.mark.parametrize("name", [*TEXTS, *TABLES])
def test_western_text_in_no_encoding_that_anybody_expects_is_refused(
    name: str, tmp_path: Path
) -> None:
    text = "caf\xe9 na\xefve se\xf1or \xfcber, \n" * 20
    path = broken(name, tmp_path, lambda _raw: text.encode("latin-1"))
    assert "the text is neither UTF-8 nor GB18030; please save it as UTF-8" in sentence(path)


def rezipped(raw: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return the archive with its parts changed; a part that becomes None is left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/")


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize(
    "breaking",
    [
        pytest.param(lambda raw: raw[: len(raw) // 2], id="cut in half"),
        pytest.param(lambda raw: raw[:-30], id="without its end"),
        pytest.param(lambda raw: raw[:300] + b"\0" * 400 + raw[700:], id="overwritten"),
        pytest.param(
            lambda raw: rezipped(raw, lambda part, held: None if is_sheet(part) else held),
            id="without its sheets",
        ),
        pytest.param(
            lambda raw: rezipped(raw, lambda part, held: held[:200] if is_sheet(part) else held),
            id="a sheet that was cut off",
        ),
        pytest.param(
            lambda raw: rezipped(raw, lambda part, held: b"" if "workbook" in part else held),
            id="an empty list of sheets",
        ),
        pytest.param(
            lambda raw: rezipped(raw, lambda part, held: b"\xff\xfe<" if "xl/" in part else held),
            id="no XML",
        ),
    ],
)
def test_a_damaged_spreadsheet_is_one_sentence(
    name: str, breaking: Breaking, tmp_path: Path
) -> None:
    found = sentence(broken(name, tmp_path, breaking))
    assert "damaged" in found or "empty" in found or "no chat export" in found


@pytest.mark.in_turn
@pytest.mark.parametrize("name", BOOKS)
def test_a_spreadsheet_that_swells_is_refused(name: str, tmp_path: Path) -> None:
    swollen = broken(
        name,
        tmp_path,
        lambda raw: rezipped(
            raw, lambda part, held: held + b" " * 90_000_000 if is_sheet(part) else held
        ),
    )
    assert "the spreadsheet unpacks to more than 64 MB" in sentence(swollen)
    small = Limits(unpacked_bytes=1000)
    assert "the spreadsheet unpacks to more than 0 MB" in sentence(ONE_EACH[name], small)


def test_a_spreadsheet_with_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    assert sentence(path) == "x.xlsx: this file needs a password; please save it without one"


def test_an_empty_spreadsheet_holds_no_messages(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(NoMessagesError):
        read_file(path)
