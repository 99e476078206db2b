"""Commands on an encrypted workspace: the passphrase comes from a file or is typed, never shown."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Final

import pytest

from curation import workflow
from curation.__main__ import FROM_FILE, main
from curation.store import ciphers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PHRASE: Final = "一二三四 five six"
OTHER: Final = "nine purple bicycles"


@pytest.fixture(autouse=True)
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An encrypted workspace whose key this process does not hold."""
    monkeypatch.setattr(ciphers, "_ROUNDS", 100)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    path = tmp_path / "workspace.db"
    monkeypatch.setenv("RUWO_WORKSPACE", str(path))
    workflow.encrypt_workspace(workflow.open_workspace(), PHRASE)
    ciphers.hold(path, None)
    yield path
    ciphers.hold(path, None)


def told(folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "passphrase.txt"
    file.write_text(f"{passphrase}\nnot this line\n", encoding="utf-8")
    monkeypatch.setenv(FROM_FILE, str(file))


def typed(passphrase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: passphrase)


def test_a_file_gives_the_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told(tmp_path, PHRASE, monkeypatch)
    assert main(["stats", "--json"]) == 0
    said = capsys.readouterr()
    assert '"conversations"' in said.out
    assert said.err == ""


def test_or_it_is_typed_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    typed(PHRASE, monkeypatch)
    assert main(["stats"]) == 0


def test_a_wrong_one_is_told_in_one_sentence_that_does_not_hold_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told(tmp_path, OTHER, monkeypatch)
    assert main(["stats"]) == 1
    assert capsys.readouterr().err == "ruwo: This is not the passphrase of workspace.db.\n"


def test_without_a_terminal_and_a_file_both_ways_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert main(["stats"]) == 1
    said = capsys.readouterr().err
    assert "in a terminal" in said
    assert FROM_FILE in said
    for content in (None, b"", b"\xff\xfe\xff"):
        file = tmp_path / "unreadable.txt"
        monkeypatch.setenv(FROM_FILE, str(file))
        if content is not None:
            file.write_bytes(content)
        assert main(["stats"]) == 1
        assert capsys.readouterr().err == (
            "ruwo: unreadable.txt: the passphrase cannot be read from it\n"
        )


def test_a_backup_is_encrypted_unless_a_plain_one_is_asked_for(
    tmp_path: Path,
    locked: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(tmp_path, PHRASE, monkeypatch)
    for options, hidden, warning in (
        ([], True, "opens with the passphrase"),
        (["--plain"], False, "unmasked"),
    ):
        backup = tmp_path / f"{hidden}.ruwo"
        assert main(["backup", str(backup), *options]) == 0
        assert warning in capsys.readouterr().err
        assert workflow.file_is_encrypted(backup) is hidden
        assert main(["restore", str(backup)]) == 0
        assert locked.read_bytes()[:6] != b"SQLite"


def test_a_backup_with_another_passphrase_asks_for_that(
    tmp_path: Path, locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(tmp_path, PHRASE, monkeypatch)
    workflow.unlock(PHRASE, locked)
    workspace = workflow.open_workspace()
    workflow.backup_workspace(workspace, tmp_path / "other.ruwo", passphrase=OTHER)
    workspace.close()
    ciphers.hold(locked, None)
    typed(PHRASE, monkeypatch)
    assert main(["restore", str(tmp_path / "other.ruwo")]) == 1
    typed(OTHER, monkeypatch)
    assert main(["restore", str(tmp_path / "other.ruwo")]) == 0
