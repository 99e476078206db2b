"""Files that were made to do harm: messages or one sentence come soon, in little memory."""

from __future__ import annotations

import json
import time
import tracemalloc
from typing import TYPE_CHECKING, Any, Final

import pytest

from curation.errors import BadFileError
from curation.importers import read_file
from tests.importers.test_golden import FILES, GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

SECONDS: Final = 4
TIMES_ITS_SIZE: Final = 60
MEGABYTE: Final = 1 << 20


def golden(folder: str) -> str:
    (path, *_others) = [path for path in FILES if folder in path.relative_to(GOLDEN).parts]
    return path.read_text(encoding="utf-8-sig")


def weflow(**message: Any) -> str:
    """Return an export of WeFlow whose first message has these values."""
    export = json.loads(golden("weflow_json"))
    export["messages"][0].update(message)
    return json.dumps(export, ensure_ascii=False)


def in_place(value: str) -> str:
    """Return such an export in which a value stands as it is, whatever JSON makes of it."""
    return weflow(content="@@").replace('"@@"', value)


def table(cell: str) -> str:
    head, first, *rest = golden("memotrace3").split("\n")
    return "\n".join([head, first.replace(first.split(",")[4], cell, 1), *rest])


JSON: Final = {
    "as deep as it gets": in_place("[" * 100_000 + "]" * 100_000),
    "deep and never closed": in_place('{"a":' * 200_000),
    "deep in a string": in_place(json.dumps("[" * 100_000)),
    "a number of many digits": in_place("9" * 200_000),
    "a number beyond all": in_place("1e999999999"),
    "not a number": in_place("NaN"),
    "minus without an end": in_place("-Infinity"),
    "a time that is not a number": weflow(createTime="@@").replace('"@@"', "NaN"),
    "a time of many digits": weflow(createTime="@@").replace('"@@"', "9" * 4000),
    "a string of megabytes": in_place(json.dumps("好" * 600_000)),
    "a string of escapes": in_place('"' + "\\u0000\\ud800" * 100_000 + '"'),
    "the same key again and again": in_place("{" + '"a":1,' * 30_000 + '"a":1}'),
    "a key of megabytes": in_place("{" + json.dumps("k" * 600_000) + ":1}"),
    "very many keys": in_place("{" + ",".join(f'"k{n}":0' for n in range(30_000)) + "}"),
    "very many empty lists": in_place("[" + "[]," * 60_000 + "[]]"),
}
TABLES: Final = {
    "a field of megabytes": table('"' + "好" * 600_000 + '"'),
    "a quotation without an end": table('"' + "好\n" * 40_000),
    "very many columns": table("," * 200_000),
    "very many empty rows": table("x") + "\n,,,,,,," * 20_000,
    "quotation marks alone": table('"' * 200_001),
    "one line end after the other": table("\r" * 200_000),
}
PAGES: Final = {
    "tags in tags": "<!DOCTYPE html><html>" + "<div>" * 200_000,
    "a tag that never ends": "<!DOCTYPE html><html><script>" + "const a = [" * 30_000,
    "an attribute of megabytes": "<!DOCTYPE html><html><p a='" + "x" * 600_000,
    "comments in comments": "<!--" * 60_000 + "<html>",
    "entities": "<!DOCTYPE html [" + '<!ENTITY a "&a;&a;">' * 10_000 + "]><html>&a;",
}
ALL: Final = {**JSON, **TABLES, **PAGES}


def outcome(path: Path) -> str:
    try:
        source = read_file(path)
    except BadFileError as error:
        return str(error)
    assert len(source.messages) > 0
    return ""


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_swells_in_the_mind_is_read_or_refused_soon(name: str, tmp_path: Path) -> None:
    path = tmp_path / "chat"
    path.write_text(ALL[name], encoding="utf-8")
    began = time.process_time()
    tracemalloc.start()
    said = outcome(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - began < SECONDS
    assert most < TIMES_ITS_SIZE * len(ALL[name]) + 20 * MEGABYTE
    assert "好好" not in said
    assert len(said) < 400
