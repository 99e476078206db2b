"""ms-swift's own preprocessor: the messages it finds in a file."""

from __future__ import annotations

from typing import Any

from swift.dataset import load_dataset

from tests.trainers.rig.job import answer


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Return the messages of each record of each file, as ms-swift hands them to its template."""
    parts = {}
    for name, path in job["files"].items():
        rows, _rest = load_dataset([path], strict=True)
        parts[name] = [row["messages"] for row in rows]
    return parts


answer(main)
