"""Writes what new golden files read as today; a person then reads it line by line.

`python -m tests.importers.write_expected` writes each `.expected.jsonl` that is not there yet.
"""

from __future__ import annotations

import json

from curation.importers import read_file
from tests.importers.test_golden import FILES, GOLDEN, expected_of, lines_of


def main() -> None:
    """Write the missing files and print what is in them."""
    for path in FILES:
        expected = expected_of(path)
        if expected.exists():
            continue
        source = read_file(path)
        lines = [json.dumps(line, ensure_ascii=False) for line in lines_of(source)]
        expected.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        print(f"{expected.relative_to(GOLDEN)}: {source.format}")
        print(*source.warnings, *source.bad_rows, *lines, sep="\n")


if __name__ == "__main__":
    main()
