"""Opening the app from the command line: a server of its own process, on one's own workspace."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation import store
from curation.errors import N_, BadFileError, OptionsError
from curation.listening import refused
from curation.workflow.detecting import scan_findings
from curation.workflow.importing import import_sample

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
APP: Final = ROOT / "app.py"


def serve(workspace: str | Path | None = None, *, port: int | None, browser: bool) -> int:
    """Run the app until it is ended, and return its exit code.

    `workspace` is a path or an address; None leaves it to the environment. `port` None takes the
    first free one. Where it may listen stands in `.streamlit/config.toml` beside the app. Raises
    BadFileError where the app itself is missing, OptionsError where it would listen to others
    without anybody signing in.
    """
    if not APP.is_file():
        raise BadFileError(APP, N_("is missing: the installation is not whole"))
    command = [sys.executable, "-m", "streamlit", "run", str(APP)]
    command += [f"--server.headless={str(not browser).lower()}"]
    if port is not None:
        command += [f"--server.port={port}"]
    if refused((), os.environ, [Path.cwd(), Path.home(), ROOT]):
        raise OptionsError(
            N_(
                "Other machines cannot be let in while nobody has to sign in: remove {variable}, or"
                " set up [auth] in .streamlit/secrets.toml; see “A team” in the README."
            ),
            variable="STREAMLIT_SERVER_ADDRESS",
        )
    environment = dict(os.environ)
    if workspace is not None:
        environment["RUWO_WORKSPACE"] = str(workspace)
    with subprocess.Popen(command, env=environment) as server:
        try:
            return server.wait()
        finally:  # of this process: the server must not outlive who started it
            server.terminate()


@contextmanager
def sample_workspace() -> Iterator[Path]:
    """Give a workspace with the sample, searched for private data, that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ruwo-demo-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "workspace.db"
        workspace = store.open_workspace(path)
        try:
            import_sample(workspace)
            scan_findings(workspace)
        finally:
            workspace.close()
        yield path
