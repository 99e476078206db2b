"""What `pipx install .` gives: a `ruwo` command that works far from any checkout."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import zipfile
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.in_turn

ROOT = Path(__file__).parents[2]
COMMAND = "import sys, ruwo; sys.exit(ruwo.main())"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was unpacked, as an installer does."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "-w", str(folder), str(ROOT)], check=True, cwd=folder)
    (wheel,) = folder.glob("ruwo-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.fixture
def surroundings(installed: Path, tmp_path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "HOME": str(tmp_path), "PYTHONPATH": str(installed)}


def test_it_needs_what_the_requirements_name(installed: Path) -> None:
    (metadata,) = installed.glob("ruwo-*.dist-info/METADATA")
    needed = re.findall(r"^Requires-Dist: ([\w-]+)", metadata.read_text("utf-8"), re.MULTILINE)
    named = [
        re.split(r"[^\w-]", line)[0].lower()
        for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert sorted(needed) == sorted(named)


def test_it_holds_every_file_that_the_program_reads(installed: Path) -> None:
    read = [ROOT / "app.py", ROOT / ".streamlit" / "config.toml"]
    for folder in ("curation", "pages", "data/sample", "docs/zh", "docs/en", "docs/screenshots"):
        read += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    names = [path.relative_to(ROOT) for path in read if path.suffix != ".pyc"]
    assert [name for name in names if not (installed / "ruwo" / name).is_file()] == []


def test_a_workspace_lies_with_the_persons_files(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "stats"],
        env=surroundings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "conversations" in done.stdout
    assert [path.name for path in tmp_path.rglob("workspace.db")] == ["workspace.db"]


@pytest.fixture
def demo(surroundings: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "demo", "--no-browser"],
        env={**surroundings, "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        yield started
        started.kill()


def test_the_demo_opens_on_this_machine_alone_and_leaves_nothing(
    demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert demo.stdout is not None
    address = next(
        found[1] for line in demo.stdout if (found := re.search(r"URL: (http://\S+)", line))
    )
    assert address.startswith("http://127.0.0.1:")
    host = address.removeprefix("http://")
    assert _asked(host) == b"ok"
    assert list(tmp_path.glob("ruwo-demo-*"))

    demo.send_signal(signal.SIGTERM)
    demo.wait(timeout=30)
    assert not list(tmp_path.glob("ruwo-demo-*"))
    with pytest.raises(ConnectionRefusedError):
        _asked(host)


def _asked(host: str) -> bytes:
    connection = HTTPConnection(host, timeout=30)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "８５０１"])
def test_a_port_that_cannot_be_is_wrong_usage(
    port: str, surroundings: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "open", f"--port={port}"],
        env=surroundings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "1 to 65535" in done.stderr
