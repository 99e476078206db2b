"""The texts that the model of passwords and one-time codes is trained on, all of this project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.evaluation_set import DEVELOPMENT, HEADING, Mark, parse_message, read_part
from training.secret_frames import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = Path(__file__).parent / "secrets"
FRAMES: Final = "frames"
UNIT_TESTS: Final = "unit tests"
AUTHORS: Final = {
    **dict.fromkeys(("development", "development_2"), "author 1"),
    **{f"development_{part}": f"author {part - 1}" for part in range(3, 7)},
    "first_author": "author 6",
    "second_author": "author 7",
}
"""Who wrote each file: what one author wrote is left out as a whole to see what the rest is worth.

The frames and the lines of the unit tests were written by people who knew the detector.
"""

_LISTS: Final = ("must_catch", "must_not_flag")
_LISTED: Final = re.compile(r"⟦([A-Z]+):([^⟦⟧]+)⟧")
_SHORT: Final = {"PW": "PASSWORD", "OTP": "OTP_CODE"}
_SEED: Final = 1
_TIMES: Final = 6


class Text(NamedTuple):
    """A message, who wrote it, and what in it is private."""

    author: str
    text: str
    marks: tuple[Mark, ...]


def texts() -> Iterator[Text]:
    """Yield all training texts in their order."""
    for part in DEVELOPMENT:
        for line in read_part(part):
            yield Text(AUTHORS[part], line.text, line.marks)
    for name in ("first_author", "second_author"):
        for markup in _lines(FOLDER / f"{name}.txt"):
            if not markup.startswith(HEADING):
                yield Text(AUTHORS[name], *parse_message(markup))
    for name in _LISTS:
        for listed in _lines(ROOT / "tests" / "pii" / f"{name}.txt"):
            yield _listed(listed)
    frames = (FOLDER / "frames.txt").read_text(encoding="utf-8")
    for markup in filled(frames, _SEED, _TIMES):
        yield Text(FRAMES, *parse_message(markup))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line]


def _listed(line: str) -> Text:
    """Return a line of the unit tests' lists, in which `⏎` stands for a line end."""
    text, marks, end = "", [], 0
    for found in _LISTED.finditer(line):
        text += line[end : found.start()]
        entity = _SHORT.get(found[1], found[1])
        marks.append(Mark(entity, len(text), len(text) + len(found[2])))
        text += found[2]
        end = found.end()
    text += line[end:]
    return Text(UNIT_TESTS, text.replace("⏎", "\n"), tuple(marks))
