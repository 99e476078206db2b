"""An upgrade in a process of its own, which a test kills at one of its steps."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from curation.store import open_workspace
from curation.store import workspace as module
from curation.store.files import ciphers, safety


def run(address: str, folder: str, step: int, passphrase: str = "") -> None:
    """Open a workspace; die before statement number `step` of what changes it.

    Prints how many there were, where it comes to an end.
    """
    steps = 0
    copied = False
    copy_before = module._copy_before_upgrade

    def copy(engine: Engine) -> object:
        nonlocal copied
        made = copy_before(engine)
        copied = True
        return made

    def count(*_told: object) -> None:
        nonlocal steps
        if copied:
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)
            steps += 1

    safety.ELSEWHERE = Path(folder)  # type: ignore[misc]  # as the tests' own fixture does
    if passphrase:
        path = Path(address.removeprefix("sqlite:///"))
        ciphers.hold(path, ciphers.key_of_file(path, passphrase))
    module._copy_before_upgrade = copy  # type: ignore[assignment]  # the same, noted
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    open_workspace(address).close()
    sys.stdout.write(f"{steps}\n")


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
