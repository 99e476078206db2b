"""Whatever was found by fuzzing, and what it began with, keeps every promise of `targets`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz.targets import CORPUS, targets

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = targets()
INPUTS = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_an_input_of_the_corpus_keeps_the_promises(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_takes_what_is_nothing(name: str) -> None:
    TARGETS[name].run(b"")
