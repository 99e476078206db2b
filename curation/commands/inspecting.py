"""`inspect`: what a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.commands.arguments import add_zone, name_of, path_of, read_options
from curation.commands.saying import json_line, shown, warn

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands
    from curation.workflow.inspecting import Inspection


def add(commands: Commands) -> None:
    """Add the command."""
    inspect = commands.add_parser("inspect", help="show what a file holds; nothing is stored")
    inspect.add_argument("file", type=path_of, metavar="FILE")
    inspect.add_argument("--me", type=name_of, metavar="NAME", help="which sender is you")
    add_zone(inspect)
    inspect.add_argument("--jsonl", action="store_true", help="one JSON object per message")
    inspect.set_defaults(run=_inspect)


def _inspect(chosen: argparse.Namespace) -> None:
    from curation.workflow import inspecting  # noqa: PLC0415  (late, see the package)
    from curation.workflow.importing import sentences_about  # noqa: PLC0415  (late, see the package)

    inspections, left_out = inspecting.inspect_files(chosen.file, chosen.me, read_options(chosen))
    for error in left_out:
        warn(f"left out: {error}")
    for number, found in enumerate(inspections):
        if not chosen.jsonl:
            if len(inspections) > 1:
                print("\n" * (number > 0) + shown(found.source.path.name))
            print("\n".join(_table(found)))
            continue
        source = found.source
        for sentence in sentences_about(source.path, source.warnings, source.bad_rows):
            warn(sentence)
        for row in inspecting.message_rows(found.source):
            print(json_line(row))


def _table(found: Inspection) -> list[str]:
    """Return the lines of the table about one file."""
    source = found.source
    lines = [f"{'format':<14}{source.format}", f"{'messages':<14}{len(source.messages)}"]
    if found.first_time is not None and found.last_time is not None:
        first, last = (each.isoformat(" ") for each in (found.first_time, found.last_time))
        lines.append(f"{'time':<14}{first} to {last}")
    else:
        lines.append(f"{'time':<14}none in this format")
    who = "known" if source.me_known else "not said in the file; name yourself with --me"
    lines.append(f"{'who is me':<14}{who}")
    lines.append("participants")
    for each in found.participants:
        mark = " (me)" if each.is_me else ""
        name = each.name if each.name == each.sender else f"{each.name} [{each.sender}]"
        lines.append(f"  {shown(name)}{mark}: {each.count}")
        lines.extend(f"    > {shown(sample)}" for sample in each.samples)
    lines.extend(
        f"{'system text':<14}{shown(text, width=200)} (shown, never exported)"
        for text in source.system_texts
    )
    lines.extend(f"{'warning':<14}{shown(text, width=500)}" for text in source.warnings)
    lines.extend(f"{'left out':<14}{shown(str(row), width=500)}" for row in source.bad_rows)
    return lines
