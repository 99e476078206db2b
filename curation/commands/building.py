"""`build`: the whole job, chats in and dataset out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from curation.commands.arguments import add_me, add_zone, path_of, read_options
from curation.commands.export_arguments import add_export_arguments, export_options
from curation.commands.saying import warn
from curation.commands.scheduler_arguments import add_scheduler_arguments, chosen_scheduler
from curation.errors import N_

if TYPE_CHECKING:
    from curation.commands.arguments import Commands
    from curation.model import Replacement
    from curation.workflow.export_report import ExportReport


def add(commands: Commands) -> None:
    """Add the command."""
    build = commands.add_parser("build", help="the whole job: chats in, dataset out")
    build.add_argument("files", type=path_of, nargs="+", metavar="FILE")
    add_me(build)
    add_zone(build)
    build.add_argument("--persona", type=path_of, metavar="JSON", help="who the digital self is")
    build.add_argument(
        "--replace",
        type=_replacement,
        action="append",
        default=[],
        metavar="ENTITY=WAY",
        help="what stands for private details of a kind: placeholder (as long as nothing is said),"
        " partial, surrogate, or remove for the whole message; may be given several times",
    )
    build.add_argument("--out", type=path_of, required=True, metavar="DIR", help="where to write")
    add_export_arguments(build)
    add_scheduler_arguments(build)
    build.set_defaults(run=_build)


def _replacement(argument: str) -> tuple[str, Replacement]:
    """Return an entity and what stands for its values."""
    from curation.model import Replacement  # noqa: PLC0415  (late, see the package)
    from curation.workflow.replacements import REPLACED, replacement_ways  # noqa: PLC0415  (late, see the package)

    entity, _sign, way = argument.partition("=")
    if entity not in REPLACED:
        msg = f"there is no kind {entity!r}; the kinds are {', '.join(REPLACED)}"
        raise argparse.ArgumentTypeError(msg)
    ways = replacement_ways(entity)
    if way not in ways:
        msg = f"for {entity} it can be {', '.join(ways)}"
        raise argparse.ArgumentTypeError(msg)
    return entity, Replacement(way)


def _build(chosen: argparse.Namespace) -> None:
    from curation.workflow.building import build_dataset  # noqa: PLC0415  (late, see the package)
    from curation.workflow.personas import read_persona  # noqa: PLC0415  (late, see the package)

    # Said only after a success: an error is one sentence and stands alone.
    warnings: list[str] = []

    def ignored(key: str) -> None:
        reason = N_("the key {key} is not known and was ignored").format(key=key)
        warnings.append(f"{chosen.persona.name}: {reason}")

    persona = None if chosen.persona is None else read_persona(chosen.persona, ignored)
    scheduler = chosen_scheduler(chosen, warn)
    report = build_dataset(
        chosen.files,
        chosen.out,
        me=chosen.me,
        persona=persona,
        zone=read_options(chosen).zone,
        replacements=dict(chosen.replace),
        options=export_options(chosen),
        warn=warnings.append,
        scheduler=scheduler,
    )
    for warning in warnings:
        warn(warning)
    print("\n".join(_summary(report)))


def _summary(report: ExportReport) -> list[str]:
    """Return the lines that say what a build did."""
    lines = [f"{'conversations':<22}{sum(report.counts.values())}"]
    lines.append(f"{'records':<22}{report.records}")
    lines.append(f"{'turns':<22}{report.turns}")
    if len(report.parts) > 1:
        lines.extend(f"{name:<22}{part.records} records" for name, part in report.parts.items())
    for name, count in _shaped(report).items():
        if count:
            lines.append(f"{name:<22}{count}")
    lines.extend(
        f"{'without a record':<22}{count} {reason}"
        for reason, count in sorted(report.not_approved.items())
    )
    lines.extend(
        f"{'left out':<22}{len(ids)} {reason}" for reason, ids in sorted(report.left_out.items())
    )
    if report.removed:
        lines.append(f"{'messages removed':<22}{report.removed}")
    lines.extend(
        f"{'masked':<22}{count} {entity}" for entity, count in sorted(report.masked.items())
    )
    return lines


def _shaped(report: ExportReport) -> dict[str, int]:
    """Return what was done to conversations on their way to records, counted."""
    parts = report.parts.values()
    return {
        "joined to another": sum(part.joined for part in parts),
        "more by cutting": sum(part.cut for part in parts),
        "more by sliding": sum(part.windows for part in parts),
        "turns too long": sum(part.too_long for part in parts),
        "late, yet trained on": len(report.moved),
    }
