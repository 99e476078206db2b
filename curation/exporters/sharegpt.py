"""ShareGPT: one JSON array of records, one record a line, and the checks on its bytes.

The shape is the intersection of what LLaMA-Factory, the HF datasets loader, unsloth, axolotl and
ms-swift accept (tried or read in their sources, November 2026): every record has the same keys in
the same order and of the same types, nothing is null, and nothing else stands in the file.

The extended variant adds emotions and character traits, always as texts: what is not there is an
empty one, so that the types are equal in every record. LLaMA-Factory, axolotl and ms-swift pass
over them; unsloth refuses a third key in a turn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError, ExportBlockedError
from curation.exporters.files import atomic_writer
from curation.exporters.text import harmless
from curation.model import Side, Turn

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FILE_NAME: Final = "sharegpt.json"
ROLES: Final = {Side.OTHER: "human", Side.ME: "gpt"}
TRAITS: Final = ("personality", "occupation", "interests")
_KEYS: Final = ["conversations", "system", "tools"]
_ITEM_KEYS: Final = ["from", "value"]
_MORE_KEYS: Final = ["emotion", "character_traits"]
_MORE_ITEM_KEYS: Final = ["emotion"]
_STARTS: Final = ("[\n", ",\n")


@dataclass(frozen=True, slots=True)
class Extras:
    """What an extended record holds more: emotions of each turn and of the whole, and traits."""

    turns: tuple[str, ...]
    emotion: str
    traits: Mapping[str, str]


def sharegpt_record(
    turns: Sequence[Turn], system: str, extras: Extras | None = None
) -> dict[str, Any]:
    """Return one record: `{"conversations": [{"from", "value"}...], "system", "tools"}`.

    `tools` is the string `"[]"`. With `extras`, each turn has an `emotion` as well and the record
    `emotion` and `character_traits`, an object of three texts. Texts are made harmless. Raises
    `ExportBlockedError` when the record breaks a rule: a trainer would drop it without a word, or
    refuse the whole file.
    """
    record: dict[str, Any] = {
        "conversations": [
            {"from": ROLES[turn.side], "value": harmless(turn.text)} for turn in turns
        ],
        "system": harmless(system),
        "tools": "[]",
    }
    if extras is not None:
        for item, emotion in zip(record["conversations"], extras.turns, strict=True):
            item["emotion"] = harmless(emotion)
        record["emotion"] = harmless(extras.emotion)
        record["character_traits"] = {
            name: harmless(extras.traits.get(name, "")) for name in TRAITS
        }
    problem = record_problem(record, extended=extras is not None)
    if problem:
        raise ExportBlockedError(
            N_("A record breaks a rule of the format and cannot be exported: {problem}."),
            problem=problem,
        )
    return record


def record_line(record: dict[str, Any]) -> str:
    """Return the JSON text of `record` as it stands in the file: one line, no ASCII escapes."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def write_sharegpt(path: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write `records` to `path` as they come and return how many they were.

    The file appears whole or not at all. Raises `ExportBlockedError` when there is no record: a
    trainer refuses an empty file.
    """
    count = 0
    with atomic_writer(path) as file:
        for record in records:
            file.write(_STARTS[count > 0])
            file.write(record_line(record))
            count += 1
        if not count:
            raise ExportBlockedError(
                N_("No approved conversation gives a record, so there is nothing to export.")
            )
        file.write("\n]\n")
    return count


def read_sharegpt(path: Path) -> Generator[dict[str, Any]]:
    """Yield the records of a file that `write_sharegpt` wrote, one at a time.

    Raises `BadFileError` naming the line where the file is not what was written.
    """
    for number, line in enumerate(_lines(path), start=1):
        body = line.removesuffix("\n")
        if number == 1 or body == "]":
            continue
        try:
            record = json.loads(body.removesuffix(","))
        except (ValueError, RecursionError) as exc:
            raise BadFileError(path, N_("not a JSON record"), line=number) from exc
        if not isinstance(record, dict):
            raise BadFileError(path, N_("not a JSON record"), line=number)
        yield record


def check_sharegpt(path: Path, *, extended: bool = False) -> list[str]:
    """Return what is wrong with the bytes at `path`, one sentence each; empty when all is well.

    Checked are the encoding, the line ends, the layout, and every record by `record_problem`.
    Sentences hold places and rules, never text of the records.
    """
    raw_problem = _raw_problem(path)
    if raw_problem:
        return [raw_problem]
    found: list[str] = []
    try:
        found.extend(record_problem(each, extended=extended) for each in read_sharegpt(path))
    except BadFileError as exc:
        return [f"line {exc.line}: {exc.reason}"]
    if not found:
        return ["the file holds no record"]
    return [f"record {at}: {problem}" for at, problem in enumerate(found, start=1) if problem]


def record_problem(record: dict[str, Any], *, extended: bool = False) -> str:
    """Return the first rule that `record` breaks, as a phrase without its text, else nothing."""
    keys = [*_KEYS, *_MORE_KEYS] if extended else _KEYS
    if list(record) != keys:
        return f"its keys are not {', '.join(keys)}"
    if record["tools"] != "[]":
        return "tools is not the text []"
    if wrong := _bad_text(record["system"]):
        return f"system {wrong}"
    items = record["conversations"]
    if not isinstance(items, list) or not items or len(items) % 2:
        return "the number of turns is not even and at least two"
    problems = [_item_problem(at, item, extended=extended) for at, item in enumerate(items)]
    if extended:
        problems.append(_traits_problem(record))
    return next(filter(None, problems), "")


def _traits_problem(record: Mapping[str, Any]) -> str:
    traits = record["character_traits"]
    if not isinstance(traits, dict) or tuple(traits) != TRAITS:
        return f"character_traits has other keys than {', '.join(TRAITS)}"
    texts = {"emotion": record["emotion"], **traits}
    wrong = ((name, _bad_text(text, empty=True)) for name, text in texts.items())
    return next((f"{name} {problem}" for name, problem in wrong if problem), "")


def _item_problem(at: int, item: object, *, extended: bool) -> str:
    keys = [*_ITEM_KEYS, *_MORE_ITEM_KEYS] if extended else _ITEM_KEYS
    if not isinstance(item, dict) or list(item) != keys:
        return f"turn {at + 1} has other keys than {' and '.join(keys)}"
    if item["from"] != ("gpt" if at % 2 else "human"):
        return f"turn {at + 1} is out of turn"
    wrong = _bad_text(item["value"]) or _bad_text(item.get("emotion", ""), empty=True)
    return f"turn {at + 1} {wrong}" if wrong else ""


def _bad_text(value: object, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        return "is not a text"
    if not value and not empty:
        return "is empty"
    if value != harmless(value):
        return "holds a control token or character, or outer blanks"
    return ""


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of `path`, split at line feeds alone: texts may hold U+2028."""
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file


def _raw_problem(path: Path) -> str:
    """Return what is wrong with encoding, line ends or layout of the file."""
    try:
        with path.open("rb") as file:
            return _layout_problem(file)
    except UnicodeDecodeError:
        return "the file is not UTF-8"


def _layout_problem(lines: Iterable[bytes]) -> str:
    """Return what is wrong with `lines`: `[`, a record a line with commas between, `]`."""
    before = b""
    number = 0
    for number, line in enumerate(lines, start=1):
        line.decode("utf-8")
        if number == 1 and line != b"[\n":
            return "line 1: the file does not start with a JSON array"
        if b"\r" in line or not line.endswith(b"\n"):
            return f"line {number}: the line does not end with a line feed alone"
        if before == b"]\n":
            return f"line {number}: there is text after the end of the array"
        if number > 1 and before != b"[\n" and before.endswith(b",\n") != line.startswith(b"{"):
            return f"line {number}: the records are not separated by one comma"
        before = line
    if before != b"]\n":
        return f"line {number}: the array is not closed"
    return ""
