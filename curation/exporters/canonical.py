"""The one shape of a record, that of ShareGPT, from which every format is written.

It is the intersection of what LLaMA-Factory, the HF datasets loader, unsloth, axolotl and
ms-swift accept (tried or read in their sources, November 2026): every record has the same keys in
the same order and of the same types, nothing is null, and nothing else stands in it.

The extended variant adds emotions and character traits, always as texts: what is not there is an
empty one, so that the types are equal in every record. LLaMA-Factory, axolotl and ms-swift pass
over them; unsloth refuses a third key in a turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, ExportBlockedError
from curation.exporters.text import harmless
from curation.model import Side, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROLES: Final = {Side.OTHER: "human", Side.ME: "gpt"}
TRAITS: Final = ("personality", "occupation", "interests")
_KEYS: Final = ["conversations", "system", "tools"]
_ITEM_KEYS: Final = ["from", "value"]
_MORE_KEYS: Final = ["emotion", "character_traits"]
_MORE_ITEM_KEYS: Final = ["emotion"]


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
        raise refuse(problem)
    return record


def plain_record(record: dict[str, Any]) -> dict[str, Any]:
    """Return an extended record without emotions and traits; a plain one as it is."""
    turns = [{key: item[key] for key in _ITEM_KEYS} for item in record["conversations"]]
    return {**{key: record[key] for key in _KEYS}, "conversations": turns}


def record_keys(*, extended: bool) -> list[str]:
    """Return the keys of every record, in their order."""
    return [*_KEYS, *_MORE_KEYS] if extended else list(_KEYS)


def refuse(problem: str) -> ExportBlockedError:
    """Return the error for a record that breaks a rule, which `record_problem` named."""
    return ExportBlockedError(
        N_("A record breaks a rule of the format and cannot be exported: {problem}."),
        problem=problem,
    )


def record_problem(record: dict[str, Any], *, extended: bool = False) -> str:
    """Return the first rule that `record` breaks, as a phrase without its text, else nothing."""
    keys = record_keys(extended=extended)
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
