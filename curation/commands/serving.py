"""`open` and `demo`: the app in the browser."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curation.commands.arguments import Commands


def add(commands: Commands) -> None:
    """Add the commands."""
    opening = commands.add_parser("open", help="open the app in the browser, on your workspace")
    _add_server(opening)
    opening.set_defaults(run=_open)

    demo = commands.add_parser("demo", help="open the app on a sample, which is gone afterwards")
    _add_server(demo)
    demo.set_defaults(run=_demo)


def _add_server(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_port, help="otherwise the first free one from 8501 on")
    command.add_argument("--no-browser", action="store_true", help="say the address only")


def _port(argument: str) -> int:
    """Return the number of a port that may be listened on."""
    if not (argument.isascii() and argument.isdigit() and 0 < int(argument) < 1 << 16):
        msg = f"{argument} is no port: 1 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return int(argument)


def _open(chosen: argparse.Namespace) -> int:
    from curation.workflow import opening  # noqa: PLC0415  (late, see the package)

    return opening.serve(port=chosen.port, browser=not chosen.no_browser)


def _demo(chosen: argparse.Namespace) -> int:
    from curation.workflow import opening  # noqa: PLC0415  (late, see the package)

    with opening.sample_workspace() as workspace:
        return opening.serve(workspace, port=chosen.port, browser=not chosen.no_browser)
