"""The files of every format, byte for byte as they were agreed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.exporters import FORMATS, Format
from tests.exporters.invented import talks
from tests.exporters.write_golden import GOLDEN, write_golden

if TYPE_CHECKING:
    from pathlib import Path

EVERY = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_every_format_writes_its_golden_files(tmp_path: Path) -> None:
    write_golden(tmp_path)
    written, golden = files(tmp_path), files(GOLDEN)
    assert sorted(written) == sorted(golden)
    # Parquet names the version of its library, and the card beside it a digest of that.
    changed = [name for name in golden if written[name] != golden[name]]
    assert [name for name in changed if not name.startswith("huggingface/")] == []


@EVERY
def test_golden_files_hold_the_records(form: Format) -> None:
    read = [record for name in (form.train, form.validation) for record in form.read(GOLDEN / name)]
    assert read == talks(form)
    assert form.check(GOLDEN / form.train) == form.check(GOLDEN / form.validation) == []
