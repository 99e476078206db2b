"""SECURITY.md names a proof for each of its promises: a test that is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
POLICY: Final = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROOFS: Final = sorted(set(re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", POLICY)))


@pytest.mark.parametrize(("path", "name"), PROOFS)
def test_a_proof_that_is_named_is_there(path: str, name: str) -> None:
    assert (ROOT / path).exists()
    if name:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_each_of_the_six_attackers_is_met_with_proofs() -> None:
    held = POLICY.partition("## What is not protected")[0]
    parts = re.split(r"^### (\d)\. ", held, flags=re.MULTILINE)
    assert parts[1::2] == list("123456")
    rows = [row for part in parts[2::2] for row in part.splitlines() if row.startswith("| ")]
    promised = [row for row in rows if "proof" not in row]
    assert len(promised) > 25
    assert [row for row in promised if "`tests/" not in row and "the same |" not in row] == []


def test_the_readme_leads_to_it() -> None:
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
