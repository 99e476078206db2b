"""The starters' common part: from a fresh folder to an environment in which the app runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import start

pytestmark = pytest.mark.in_turn

ROOT = Path(start.__file__).parent


def _wheel(folder: Path, name: str) -> Path:
    """A package of one empty module, as pip installs it without any network."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def _imports(root: Path, name: str) -> bool:
    python = start.python_of(root / ".venv")
    return subprocess.run([python, "-c", f"import {name}"], check=False).returncode == 0


def test_an_environment_is_made_kept_brought_up_to_date_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needed = tmp_path / "requirements.txt"
    needed.write_text(f"{_wheel(tmp_path, 'first_thing')}\n", "utf-8")
    stamp = tmp_path / ".venv" / "ready"

    assert start.prepare(tmp_path)
    assert _imports(tmp_path, "first_thing")
    assert "第一次需要几分钟" in capsys.readouterr().out

    assert not start.prepare(tmp_path)
    assert capsys.readouterr().out == ""

    # The program was updated and needs another package.
    needed.write_text(needed.read_text("utf-8") + f"{_wheel(tmp_path, 'second_thing')}\n", "utf-8")
    assert start.prepare(tmp_path)
    assert _imports(tmp_path, "second_thing")

    # The first start was broken off before its end.
    stamp.unlink()
    assert start.prepare(tmp_path)
    assert stamp.is_file()

    # The Python that the environment was made with is gone.
    python = start.python_of(tmp_path / ".venv")
    python.unlink()
    python.symlink_to(tmp_path / "no-python-here")
    assert start.prepare(tmp_path)
    assert _imports(tmp_path, "first_thing")

    # A package cannot be had: pip's own words, and what to do. The next start tries again.
    needed.write_text(str(tmp_path / "missing-1.0-py3-none-any.whl"), "utf-8")
    with pytest.raises(start.StartError, match=r"(?s)missing-1\.0.*安装没有完成.*did not finish"):
        start.prepare(tmp_path)
    assert not stamp.exists()


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    (tmp_path / ".venv").mkdir()
    kept = tmp_path / ".venv" / "diary.txt"
    kept.write_text("mine", "utf-8")
    with pytest.raises(start.StartError, match=r"先把它改名"):
        start.prepare(tmp_path)
    assert kept.read_text("utf-8") == "mine"


def test_two_windows_do_not_set_up_at_once(tmp_path: Path) -> None:
    lock = tmp_path / ".venv.lock"
    program = f"""
import pathlib, start, sys
with start.only_one(pathlib.Path({str(lock)!r})):
    print("locked", flush=True)
    sys.stdin.read()
"""
    other = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "locked\n"
    with pytest.raises(start.StartError, match=r"另一个窗口"), start.only_one(lock):
        pass
    other.communicate("")
    with start.only_one(lock):  # nothing is left of a window that was closed
        pass


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_pythons_that_fit(version: tuple[int, int]) -> None:
    start.check_version(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 8), (3, 10), (3, 14), (4, 0)])
def test_pythons_that_do_not_fit_are_told_of(version: tuple[int, int]) -> None:
    with pytest.raises(start.StartError, match=r"需要 3\.11、3\.12 或 3\.13"):
        start.check_version(version)


def test_the_starter_says_when_no_python_fits(tmp_path: Path) -> None:
    shutil.copy(ROOT / "start.sh", tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or "")
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(tmp_path / "start.sh")],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "需要 3.11、3.12 或 3.13" in done.stderr
