"""Write the golden files of every format anew: `python -m tests.exporters.write_golden`.

Read what changed line by line before it is committed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from curation.exporters import FORMATS
from tests.exporters.invented import talks, written_parts

GOLDEN: Final = Path(__file__).parent / "golden"


def write_golden(folder: Path) -> None:
    """Write both parts and the companions of every format below `folder`."""
    for form in FORMATS:
        records = talks(form)
        train, validation = records[:-1], records[-1:]
        form.write(folder / form.train, train)
        form.write(folder / form.validation, validation)
        form.write_companions(folder, written_parts(len(train), len(validation)))


if __name__ == "__main__":
    write_golden(GOLDEN)
