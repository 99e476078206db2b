"""The README lists every command with every option that it takes."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from curation.__main__ import _parser

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
OPTION = re.compile(r"--[a-z-]+")


def taken() -> dict[str, set[str]]:
    (commands,) = (
        each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction)
    )
    return {
        name: {
            option
            for action in command._actions
            for option in action.option_strings
            if option.startswith("--") and option != "--help"
        }
        for name, command in commands.choices.items()
    }


def listed() -> dict[str, set[str]]:
    section = README[README.index("## Command line") :]
    _before, block, after = section.split("```", 2)
    kinds = {
        "EXPORT OPTIONS": set(
            OPTION.findall("".join(re.findall(r"^\| (`--.*?) \|", after, re.MULTILINE)))
        ),
        "SCHEDULER": set(
            OPTION.findall(
                re.findall(r"^`SCHEDULER` is (.*?)\.", after, re.MULTILINE | re.DOTALL)[0]
            )
        ),
    }
    found: dict[str, set[str]] = {}
    for line in block.strip().splitlines():
        name = line.removeprefix("python -m curation ").split()[0]
        options = found.setdefault(name, set())
        options.update(OPTION.findall(line))
        for kind, some in kinds.items():
            if f"[{kind}]" in line:
                options |= some
    return found


def test_every_command_stands_there_with_all_its_options() -> None:
    assert listed() == taken()
