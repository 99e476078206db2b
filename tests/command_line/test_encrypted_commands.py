"""Commands on an encrypted workspace: the passphrase comes from a file or is typed, never shown."""

from __future__ import annotations

import getpass
import random
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from curation import workflow
from curation.__main__ import main
from curation.commands.passphrases import FROM_FILE, OF_BACKUP
from curation.store.files import asides, ciphers, rotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.in_turn

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
    tmp_path: Path,
    backups: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(tmp_path, OTHER, monkeypatch)
    assert main(["stats"]) == 1
    assert capsys.readouterr().err == "ruwo: This is not the passphrase of workspace.db.\n"


@pytest.mark.parametrize("phrase", [OTHER, None])
def test_where_no_copy_tells_that_it_is_encrypted_it_is_said_that_it_may_be_damaged(
    tmp_path: Path,
    locked: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    phrase: str | None,
) -> None:
    locked.write_bytes(random.Random(5).randbytes(40_960))  # noqa: S311  (repeatable, and no secret)
    if phrase:
        told(tmp_path, phrase, monkeypatch)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert main(["stats"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert ("not the passphrase" if phrase else "A passphrase is needed") in first
    assert "or something else was written over it" in second


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
    other = tmp_path / "other.txt"
    other.write_text(OTHER, encoding="utf-8")
    monkeypatch.setenv(OF_BACKUP, str(other))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert main(["restore", str(tmp_path / "other.ruwo")]) == 0


@pytest.fixture
def backups(tmp_path: Path, locked: Path) -> Iterator[dict[str, Path]]:
    """Backups with the workspace's passphrase, with another one, and with none."""
    workflow.unlock(PHRASE, locked)
    workspace = workflow.open_workspace()
    kinds = {PHRASE: tmp_path / "own.ruwo", OTHER: tmp_path / "other.ruwo", "": tmp_path / "p.ruwo"}
    workflow.backup_workspace(workspace, kinds[PHRASE])
    workflow.backup_workspace(workspace, kinds[OTHER], passphrase=OTHER)
    workflow.backup_workspace(workspace, kinds[""], plain=True)
    rotation.make(workspace.engine)
    workspace.close()
    ciphers.hold(locked, None)
    yield kinds
    ciphers.hold(locked, None)


@pytest.mark.parametrize("made_with", [PHRASE, OTHER, ""])
def test_what_takes_the_place_of_a_lost_one_asks_for_a_passphrase_and_is_encrypted(
    locked: Path,
    backups: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    made_with: str,
) -> None:
    locked.unlink()
    restore = ["restore", str(backups[made_with])]
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert main(restore) == 1
    assert "A passphrase is needed" in capsys.readouterr().err
    typed("a wrong passphrase", monkeypatch)
    assert main(restore) == 1
    assert "This is not the passphrase" in capsys.readouterr().err
    typed(made_with or PHRASE, monkeypatch)
    assert main(restore) == 0
    assert not capsys.readouterr().out  # of what is gone nothing is kept
    assert workflow.file_is_encrypted(locked)
    ciphers.hold(locked, None)
    workflow.unlock(made_with or PHRASE, locked)


def test_who_has_no_passphrase_any_more_says_so_and_goes_on_without(
    locked: Path,
    backups: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = locked.read_bytes()
    typed("a guess", monkeypatch)
    assert main(["restore", str(backups[""]), "--plain"]) == 1
    typed("", monkeypatch)
    assert main(["stats"]) == 1
    for options in ([str(backups[""])], [str(backups[OTHER]), "--plain"]):
        assert main(["restore", *options]) == 1
        assert "passphrase" in capsys.readouterr().err
        assert locked.read_bytes() == held
    assert main(["restore", str(backups[""]), "--plain"]) == 0
    assert locked.read_bytes()[:6] == b"SQLite"
    assert locked.with_name("workspace.db.damaged-1").read_bytes() == held


@pytest.fixture
def moved_in(locked: Path, backups: dict[str, Path]) -> bytes:
    """A healthy encrypted workspace where a plain one was, whose copy is plain."""
    (encrypted,) = locked.parent.glob("workspace-backups/*.db")
    with closing(workflow.open_workspace(locked.with_name("before.db"))) as before:
        copy = rotation.make(before.engine)
    assert copy is not None
    copy.rename(encrypted)
    return locked.read_bytes()


def restored(
    backup: Path, phrase: str | None, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> int:
    """Restore a backup with what is typed, None without a terminal; return the exit code."""
    typed(phrase or "", monkeypatch)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: phrase is not None)
    return main(["restore", str(backup), *options])


def test_one_that_may_be_healthy_is_not_replaced_by_a_plain_one_that_nobody_asked_for(
    locked: Path,
    backups: dict[str, Path],
    moved_in: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for phrase, options, said in (
        (OTHER, [], "This is not the passphrase"),
        (OTHER, ["--plain"], "This is not the passphrase"),
        ("", [], "add --plain"),
        (None, [], "add --plain"),
        (PHRASE, ["--plain"], "keeps it"),
    ):
        assert restored(backups[""], phrase, options, monkeypatch) == 1
        assert said in capsys.readouterr().err
        assert locked.read_bytes() == moved_in


@pytest.mark.parametrize("phrase", ["", None])
def test_it_is_replaced_when_that_is_said(
    locked: Path,
    backups: dict[str, Path],
    moved_in: bytes,
    monkeypatch: pytest.MonkeyPatch,
    phrase: str | None,
) -> None:
    assert restored(backups[""], phrase, ["--plain"], monkeypatch) == 0
    assert not workflow.file_is_encrypted(locked)
    assert locked.with_name("workspace.db.damaged-1").read_bytes() == moved_in


@pytest.mark.parametrize("made_with", [PHRASE, OTHER])
def test_nothing_plain_is_made_of_an_encrypted_backup(
    locked: Path,
    backups: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    made_with: str,
) -> None:
    locked.unlink()
    assert restored(backups[made_with], made_with, ["--plain"], monkeypatch) == 1
    assert "is encrypted, and so is" in capsys.readouterr().err
    assert not locked.stat().st_size


def test_a_plain_workspace_says_that_it_stays_plain(
    locked: Path,
    backups: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUWO_WORKSPACE", str(locked.with_name("new.db")))
    typed(OTHER, monkeypatch)
    assert main(["restore", str(backups[OTHER])]) == 0
    assert "stays so" in capsys.readouterr().err


@pytest.mark.parametrize("set_aside", [False, True], ids=["in its place", "set aside"])
def test_what_can_be_read_of_an_encrypted_one_asks_for_its_passphrase_and_is_encrypted(
    locked: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    set_aside: bool,
) -> None:
    workflow.unlock(PHRASE, locked)
    with closing(workflow.open_workspace()) as workspace:
        workflow.import_sample(workspace)
    ciphers.hold(locked, None)
    with locked.open("r+b") as file:
        file.seek(locked.stat().st_size - 20 * 4096)
        file.write(bytes(4096))
    if set_aside:
        asides.set_aside(locked)
    typed("a wrong passphrase", monkeypatch)
    assert main(["salvage"]) == 1
    assert "This is not the passphrase" in capsys.readouterr().err
    typed(PHRASE, monkeypatch)
    assert main(["salvage"]) == 0
    assert workflow.file_is_encrypted(locked)
    ciphers.hold(locked, None)
    workflow.unlock(PHRASE, locked)
    with closing(workflow.open_workspace()) as workspace:
        assert not workflow.is_empty(workspace)


def test_what_can_be_read_of_a_plain_file_where_an_encrypted_one_was_is_plain_if_that_is_said(
    locked: Path,
    backups: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with closing(workflow.open_workspace(locked.with_name("readable.db"))) as readable:
        workflow.import_sample(readable)
    broken = bytearray(locked.with_name("readable.db").read_bytes())
    broken[-20 * 4096 : -10 * 4096] = b"\x07" * 10 * 4096
    locked.write_bytes(broken)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert main(["salvage"]) == 1
    assert "A passphrase is needed" in capsys.readouterr().err
    assert locked.read_bytes() == broken
    assert main(["salvage", "--plain"]) == 0
    assert not workflow.file_is_encrypted(locked)
    assert locked.with_name("workspace.db.damaged-1").read_bytes() == broken
