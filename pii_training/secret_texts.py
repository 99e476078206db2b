"""The texts that the model of passwords and one-time codes is trained on, all of this project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.evaluation_set import AUTHORS as PARTS_AUTHORS
from benchmarks.evaluation_set import TRAINED_ON, Mark, parse_message, read_lines, read_part
from pii_training.secret_frames import filled
from pii_training.unit_test_lists import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent / "secrets"
FRAMES: Final = "frames"
KNOWING: Final = "who knew the detector"
UNIT_TESTS: Final = "unit tests"
AUTHORS: Final = {
    **{part: f"author {number}" for part, number in PARTS_AUTHORS.items()},
    "first_author": "author 6",
    "second_author": "author 7",
    **dict.fromkeys(
        ("clerk", "student", "elder", "landlord", "south", "many", "numbers"), "author 9"
    ),
    **dict.fromkeys(
        (
            *("abroad", "admin", "agent", "bookkeeper", "campus", "cantonese", "dictated"),
            *("gamer", "grandfather", "longwinded", "nurse", "rider", "schoolgirl", "seller"),
            *("shop", "taiwan"),
        ),
        "author 10",
    ),
    **dict.fromkeys(
        (
            *("couple", "dorm", "driver", "father", "granny", "guard", "gym", "helpdesk"),
            *("hongkonger", "hotel", "kindergarten", "lab", "livestream", "malaysian"),
            *("pharmacist", "property", "renter", "streamer", "trade", "wedding"),
        ),
        "author 12",
    ),
    **dict.fromkeys(("accounts", "lists", "sources", "unnamed"), KNOWING),
}
"""Who wrote each file: what one author wrote is left out as a whole to see what the rest is worth.

The frames, `accounts.txt`, `lists.txt`, `sources.txt`, `unnamed.txt` and the lines of the unit
tests were written by people who knew the detector. Author 8 wrote what only the tagger is trained
on; author 9, who had read the features, wrote six voices, author 10 sixteen, author 12, who had
seen neither features nor detector, twenty.
"""

_SEED: Final = 1
_TIMES: Final = 6


class Text(NamedTuple):
    """A message, who wrote it, and what in it is private."""

    author: str
    text: str
    marks: tuple[Mark, ...]


def texts() -> Iterator[Text]:
    """Yield all training texts in their order."""
    for part in TRAINED_ON:
        for line in read_part(part):
            yield Text(AUTHORS[part], line.text, line.marks)
    for name in [name for name in AUTHORS if name not in TRAINED_ON]:
        for line in read_lines(FOLDER / f"{name}.txt"):
            yield Text(AUTHORS[name], line.text, line.marks)
    for line in listed():
        yield Text(UNIT_TESTS, line.text, line.marks)
    frames = (FOLDER / "frames.txt").read_text(encoding="utf-8")
    for markup in filled(frames, _SEED, _TIMES):
        yield Text(FRAMES, *parse_message(markup))
