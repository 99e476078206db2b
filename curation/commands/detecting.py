"""`detect`: private data in lines from standard input."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from curation.commands.saying import json_line
from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    detect = commands.add_parser("detect", help='find private data in JSON lines {"id", "text"}')
    detect.set_defaults(run=_detect)


def _detect(_chosen: argparse.Namespace) -> None:
    from curation.workflow.detecting import detect_texts  # noqa: PLC0415  (late, see the package)

    for number, raw in enumerate(sys.stdin.buffer, start=1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if not line.strip():
            continue
        mark, text = _question(line, number)
        found = [
            {
                "entity": each.entity,
                "start": each.start,
                "end": each.end,
                "score": round(each.score, 3),
            }
            for each in detect_texts([text])[0]
        ]
        # Whoever asks line by line waits for each answer.
        print(json_line({"id": mark, "findings": found}), flush=True)


def _question(line: bytes, number: int) -> tuple[Any, str]:
    """Return id and text of one line of standard input; BadFileError naming the line."""
    try:
        asked = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
        json_line(asked)
    except UnicodeDecodeError as exc:
        raise BadFileError("stdin", N_("not UTF-8 text"), line=number) from exc
    except (ValueError, RecursionError) as exc:
        raise BadFileError("stdin", N_("not JSON"), line=number) from exc
    if not isinstance(asked, dict) or "id" not in asked or not isinstance(asked.get("text"), str):
        raise BadFileError(
            "stdin", N_('not an object with an "id" and a "text" that is a string'), line=number
        )
    return asked["id"], asked["text"]


def _no_constant(name: str) -> None:
    raise ValueError(name)
