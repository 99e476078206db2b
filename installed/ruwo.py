"""The `ruwo` command of an installed program: `ruwo` opens the app, `ruwo demo` the sample.

A wheel holds the project as it stands in a checkout, below this package, so that both run alike.
What a person keeps lies outside it: an update must not touch it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from platformdirs import user_config_path, user_data_path

ROOT: Final = Path(__file__).parent


def main() -> int:
    """Run the command line; without a command, open the app. Returns the exit code."""
    os.environ.setdefault("RUWO_WORKSPACE", str(user_data_path("ruwo") / "workspace.db"))
    os.environ.setdefault("RUWO_SECRETS", str(user_config_path("ruwo") / "secrets.toml"))
    sys.path.insert(0, str(ROOT))
    from curation.__main__ import program  # noqa: PLC0415  (it lies in ROOT)

    return program(sys.argv[1:] or ["open"])
