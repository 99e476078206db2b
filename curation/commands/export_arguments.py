"""The options of an export as arguments of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.export_options import OPENING_LINE, ExportOptions, Opening, Variant

if TYPE_CHECKING:
    import argparse


def add_export_arguments(command: argparse.ArgumentParser) -> None:
    """Let a command take the options of an export."""
    usual = ExportOptions()
    group = command.add_argument_group("what goes into the dataset")
    group.add_argument(
        "--format",
        action="append",
        metavar="NAME",
        help="a format to write, such as sharegpt (the usual one), openai or llamafactory;"
        " may be given several times",
    )
    group.add_argument(
        "--variant",
        type=Variant,
        choices=list(Variant),
        default=usual.variant,
        metavar="WHERE",
        help="where emotions and traits go: plain (nowhere), woven (into the system text), extended"
        " (into fields of their own)",
    )
    group.add_argument(
        "--validation",
        type=float,
        default=usual.validation,
        metavar="SHARE",
        help="the latest conversations are for validation, such as 0.1 of all; none of them is"
        " nearly like one that is trained on",
    )
    group.add_argument(
        "--cutoff",
        type=int,
        default=usual.max_tokens,
        metavar="TOKENS",
        help="how long a record may be, such as 2048; longer ones are cut between turns",
    )
    group.add_argument(
        "--tokenizer",
        default=usual.tokenizer,
        metavar="FILE",
        help="the model's tokenizer.json, to count with; without it lengths are estimated",
    )
    group.add_argument(
        "--window",
        type=int,
        default=usual.window,
        metavar="TURNS",
        help="how many turns a record may have; longer ones are cut",
    )
    group.add_argument(
        "--sliding",
        action="store_true",
        help="instead of being cut, a conversation gives a record for each of your turns, with what"
        " was said before it; only the last turn of a record is then to be trained",
    )
    group.add_argument(
        "--join",
        type=int,
        default=usual.join_minutes,
        metavar="MINUTES",
        help="conversations of one chat with so short a pause between them become one record",
    )
    group.add_argument(
        "--join-turns",
        type=int,
        default=usual.join_turns,
        metavar="TURNS",
        help=f"as long as that has at most so many turns ({usual.join_turns})",
    )
    group.add_argument(
        "--opening",
        nargs="?",
        const=OPENING_LINE,
        metavar="LINE",
        help="what you say first is not left out: this line of the other side stands before it"
        f" ({OPENING_LINE})",
    )


def export_options(chosen: argparse.Namespace) -> ExportOptions:
    """Return the options that were given; raises OptionsError for values that make no sense."""
    usual = ExportOptions()
    opened = chosen.opening is not None
    return ExportOptions(
        formats=tuple(chosen.format or usual.formats),
        variant=chosen.variant,
        validation=chosen.validation,
        max_tokens=chosen.cutoff,
        tokenizer=chosen.tokenizer,
        window=chosen.window,
        sliding=chosen.sliding,
        join_minutes=chosen.join,
        join_turns=chosen.join_turns,
        opening=Opening.LINE if opened else Opening.DROP,
        opening_line=chosen.opening if opened else usual.opening_line,
    )
