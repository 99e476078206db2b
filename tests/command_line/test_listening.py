"""What counts as this machine alone, and which starts are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from curation import listening

ROOT = Path(__file__).parents[2]
AUTH = '[auth]\ncookie_secret = "x"\n'


@pytest.mark.parametrize(
    ("address", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.4.2", True),
        ("localhost", True),
        ("LocalHost ", True),
        ("::1", True),
        ("[::1]", True),
        (None, False),
        ("", False),
        ("0.0.0.0", False),  # noqa: S104  (which is what is refused)
        ("::", False),
        ("192.168.1.5", False),
        ("127.0.0.1.example.org", False),
        ("my-machine", False),
        ("unix:///tmp/socket", False),
        ("::ffff:192.168.1.5", False),
    ],
)
def test_only_the_loopback_device_is_this_machine_alone(
    address: str | None, *, alone: bool
) -> None:
    assert listening.is_loopback(address) is alone


@pytest.mark.parametrize(
    ("address", "hosts", "others"),
    [
        ("127.0.0.1", ["localhost", "127.0.0.1"], False),
        ("127.0.0.1", [], True),  # where none is named, Streamlit asks for none
        ("127.0.0.1", ["localhost", "ruwo.example.org"], True),
        ("127.0.0.1", ["*"], True),
        ("192.168.1.5", ["localhost"], True),
    ],
)
def test_a_name_for_others_means_others_are_let_in(
    address: str, hosts: list[str], *, others: bool
) -> None:
    assert listening.is_for_others(address, hosts) is others


@pytest.mark.parametrize(
    ("arguments", "variable", "asked"),
    [
        ((), None, None),
        (("--server.address=0.0.0.0",), None, "0.0.0.0"),  # noqa: S104  (as above)
        (("--server.address", "::"), None, "::"),
        (("--server.address=",), "127.0.0.1", ""),
        (("--server.port=80",), "10.0.0.1", "10.0.0.1"),
        (("--server.address=10.0.0.1", "--server.address=127.0.0.1"), None, "127.0.0.1"),
    ],
)
def test_the_last_address_that_was_asked_for_counts(
    arguments: tuple[str, ...], variable: str | None, asked: str | None
) -> None:
    environment = {} if variable is None else {"STREAMLIT_SERVER_ADDRESS": variable}
    assert listening.asked_address(arguments, environment) == asked


@pytest.mark.parametrize(("secrets", "refused"), [(None, True), (AUTH, False), ("[auth", True)])
def test_listening_to_others_needs_signing_in(
    tmp_path: Path, secrets: str | None, *, refused: bool
) -> None:
    folder = tmp_path / ".streamlit"
    folder.mkdir()
    if secrets is not None:
        (folder / "secrets.toml").write_text(secrets, "utf-8")
    asked = ("--server.address=192.168.1.5",)
    assert listening.refused(asked, {}, [tmp_path]) is refused
    assert not listening.refused((), {}, [tmp_path]), "the settings say 127.0.0.1"


def test_the_starter_says_why_it_does_not_listen_to_others(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "start.py", "--server.address=0.0.0.0"],
        cwd=ROOT,
        env={"HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert "[auth]" in told.stderr
    assert "127.0.0.1" in told.stderr
