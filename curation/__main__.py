"""The command line: `python -m curation COMMAND`.

Results go to standard output, messages to standard error, both in UTF-8; the exit code is 0 only
on success, 1 after an error in one sentence, 2 for wrong usage, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
from contextlib import suppress
from io import UnsupportedOperation
from typing import TYPE_CHECKING, Final, TextIO

from curation.commands import (
    backing_up,
    building,
    converting,
    counting,
    detecting,
    importing,
    inspecting,
    restoring,
    salvaging,
    scanning,
    serving,
)
from curation.commands.saying import warn
from curation.errors import RuwoError, WorkspaceDamagedError, why_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

FAILED: Final = 1
INTERRUPTED: Final = 130
TERMINATED: Final = 143

_COMMANDS: Final = (
    serving,
    inspecting,
    detecting,
    building,
    importing,
    converting,
    scanning,
    backing_up,
    restoring,
    salvaging,
    counting,
)
"""In the order in which --help lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; `arguments` default to the program's own."""
    _speak_utf8()
    chosen = _parser().parse_args(arguments)
    try:
        code = chosen.run(chosen)
        sys.stdout.flush()
    except WorkspaceDamagedError as error:
        _tell_damaged(error)
        return FAILED
    except RuwoError as error:
        warn(str(error))
        return FAILED
    except KeyboardInterrupt:
        print("ruwo: stopped.", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        return _refused(error)
    return code or 0


def _tell_damaged(error: WorkspaceDamagedError) -> None:
    """Say that the workspace is damaged, and what can take its place."""
    from curation.workflow import mending  # noqa: PLC0415  (late, see the package)

    warn(str(error))
    for offer in mending.offers(error)[:1]:
        since = "" if offer.lost is None else f"; {offer.lost} actions came after it"
        # Of a file that looks encrypted it must be said that it is not.
        plain = "--plain " if mending.is_doubted(error) else ""
        warn(
            f"the newest copy is of {offer.backup.at.isoformat()}{since}. This lets it take the"
            f" workspace's place and keeps the damaged file: python -m curation restore"
            f" {plain}{offer.backup.path}"
        )
    if mending.can_be_saved(error) and not mending.can_be_kept(error):
        warn("this takes over what can still be read of it: python -m curation salvage")


def _refused(error: OSError) -> int:
    """Say what the operating system refused; a reader that has enough is no news."""
    # Windows reports a closed pipe as an invalid argument.
    if not isinstance(error, BrokenPipeError) and error.errno != errno.EINVAL:
        reason = why_of(error)
        print(f"ruwo: the system refused: {reason}", file=sys.stderr)
    # What is still buffered cannot be written either, and the interpreter would complain about it.
    with suppress(UnsupportedOperation):  # a caller's own stream, which is theirs to close
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m curation",
        description="From your own chats to a clean persona dataset, on your own machine.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in _COMMANDS:
        each.add(commands)
    return parser


def _speak_utf8() -> None:
    """Write UTF-8 and line feeds whatever the system's encoding is.

    A lone surrogate leaves as a backslash escape, which inside JSON is the right one.
    """
    for stream in (sys.stdout, sys.stderr):
        _reconfigure(stream)


def _reconfigure(stream: TextIO) -> None:
    # A test, or a program that calls main(), may have put something else in its place.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """Leave in order, so that the temporary workspace of a build does not stay behind."""
    sys.exit(TERMINATED)


def program(arguments: Sequence[str] | None = None) -> int:
    """Be the whole program: `main`, and leave in order when told to end. Returns the exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    return main(arguments)


if __name__ == "__main__":
    sys.exit(program())
