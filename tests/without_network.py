"""Run tests where no way leads out of the machine, and count who tried to go out all the same.

    python -m tests.without_network [PYTEST ARGUMENTS]

The tests run in a network namespace of their own (Linux; root, or a user who may make one), in
which there is the loopback device alone. The kernel counts every packet for which it finds no way:
asking a name server is one too. Exit code 1 when there was any, otherwise that of pytest. The tests
during which somebody tried are named.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

_INSIDE: Final = "RUWO_TEST_NAMESPACE"


_seen: Final[list[int]] = [0]
_by_test: Final[dict[str, int]] = {}


def attempts() -> int:
    """Return how many packets of this namespace found no way out."""
    names, values = (
        line.split()[1:]
        for line in Path("/proc/net/snmp").read_text("ascii").splitlines()
        if line.startswith("Ip:")
    )
    return int(dict(zip(names, values, strict=True))["OutNoRoutes"])


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Note how many packets went nowhere during a test; pytest calls it, see `main`."""
    if os.environ.get(_INSIDE) is not None:
        counted = attempts()
        if counted > _seen[-1]:
            _by_test[nodeid] = counted - _seen[-1]
        _seen.append(counted)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests during which somebody tried to go out."""
    for name, count in _by_test.items():
        terminalreporter.write_line(f"{count} attempts during {name}")


def main(arguments: list[str]) -> int:
    """Enter a namespace and run pytest in it; return the exit code."""
    if os.environ.get(_INSIDE) is None:
        again = [sys.executable, "-m", "tests.without_network", *arguments]
        entering = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "-r"]
        return subprocess.call([*entering, *again], env={**os.environ, _INSIDE: "1"})
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # A browser looks again and again whether there is a way by version 6: not at our bidding.
    Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("1", "ascii")
    before = attempts()
    naming = ["-p", "tests.without_network"]
    code = subprocess.call([sys.executable, "-m", "pytest", *naming, *arguments])
    counted = attempts() - before
    print(f"attempts to reach another machine: {counted}")
    return code or int(counted > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
