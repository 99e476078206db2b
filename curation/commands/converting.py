"""`convert`: chats for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.commands.arguments import add_me, add_zone, path_of, read_options
from curation.commands.saying import shown, warn, warn_of_texts

if TYPE_CHECKING:
    import argparse

    from curation.commands.arguments import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    convert = commands.add_parser(
        "convert",
        help="chats to ChatLab 0.0.2 JSON lines, or to Parquet, for other tools; nothing is masked",
    )
    convert.add_argument("files", type=path_of, nargs="+", metavar="FILE")
    convert.add_argument(
        "out",
        type=path_of,
        metavar="OUT.jsonl",
        help="of several chats, each gets a file beside it",
    )
    add_me(convert)
    add_zone(convert)
    convert.add_argument("--force", action="store_true", help="replace a file that is there")
    convert.add_argument(
        "--parquet",
        action="store_true",
        help="into the folder OUT, as Parquet with this program's own columns, which lose nothing",
    )
    convert.set_defaults(run=_convert)


def _convert(chosen: argparse.Namespace) -> None:
    # Said only after a success: an error is one sentence and stands alone.
    warnings: list[str] = []
    lines = (_to_parquet if chosen.parquet else _to_chatlab)(chosen, warnings)
    warn_of_texts()
    for warning in warnings:
        warn(warning)
    print("\n".join(lines))


def _to_chatlab(chosen: argparse.Namespace, warnings: list[str]) -> list[str]:
    from curation.workflow.converting import convert_to_chatlab  # noqa: PLC0415  (late, see the package)

    report = convert_to_chatlab(
        chosen.files,
        chosen.out,
        me=chosen.me,
        force=chosen.force,
        options=read_options(chosen),
        warn=warnings.append,
    )
    for sentence, count in sorted(report.lost.items()):
        warnings.append(f"ChatLab cannot hold {sentence.format(count=count)}")
    return [f"{each.messages} messages of {shown(each.chat)}: {each.path}" for each in report.chats]


def _to_parquet(chosen: argparse.Namespace, warnings: list[str]) -> list[str]:
    from curation.workflow.parquet_folders import convert_to_parquet  # noqa: PLC0415  (late, see the package)

    written = convert_to_parquet(
        chosen.files,
        chosen.out,
        me=chosen.me,
        force=chosen.force,
        options=read_options(chosen),
        warn=warnings.append,
    )
    return [f"{count} messages: {chosen.out / name}" for name, count in written.items()]
