"""What a person chooses for an export: the formats, and how conversations become records."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, OptionsError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_FORMATS: Final = ("sharegpt",)
OPENING_LINE: Final = "（对方没有说话）"
LARGEST_VALIDATION: Final = 0.5
LONGEST: Final = 10_000_000
"""No trainer takes a number beyond; it only keeps a slip of the keyboard out."""


class Variant(StrEnum):
    """Where emotions and traits of the person go.

    `plain`: nowhere. `woven`: into the system text. `extended`: into fields of their own.
    """

    PLAIN = "plain"
    WOVEN = "woven"
    EXTENDED = "extended"


class Opening(StrEnum):
    """What becomes of what I say before anybody else does: trainers want a human turn first.

    `drop`: it is left out. `line`: a human turn with the `opening_line` stands before it.
    """

    DROP = "drop"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How approved conversations become the records of a dataset.

    `formats` are names of the exporters' registry. `validation` is the share of the conversations,
    the latest ones, that goes into the validation part (0: none). A record is at most `max_tokens`
    long (0: no limit), counted by the tokenizer file `tokenizer` or, where that is empty, by an
    estimate. It has at most `window` turns (0: no limit); longer conversations are cut into
    records that share no turn, or, where they are `sliding`, give a record for each of my turns,
    with what was said before it: of such a record only the last turn is to be trained.
    Conversations of one chat with pauses of at most `join_minutes` (0: none are joined) between
    them become one record as long as it has at most `join_turns` turns. `opening` says what becomes
    of a conversation that I began. Raises `OptionsError` for values that make no sense.
    """

    formats: tuple[str, ...] = DEFAULT_FORMATS
    variant: Variant = Variant.PLAIN
    validation: float = 0.0
    max_tokens: int = 0
    tokenizer: str = ""
    window: int = 0
    sliding: bool = False
    join_minutes: int = 0
    join_turns: int = 20
    opening: Opening = Opening.DROP
    opening_line: str = OPENING_LINE

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if not self.formats or len(set(self.formats)) < len(self.formats):
            raise OptionsError(N_("An export needs at least one format, and each of them once."))
        if not 0 <= self.validation <= LARGEST_VALIDATION:
            raise OptionsError(
                N_("The share for validation goes from 0 to {most}."), most=LARGEST_VALIDATION
            )
        if self.window % 2 or not 0 <= self.window <= LONGEST:
            raise OptionsError(
                N_("A window is an even number of turns: those of the other side and mine.")
            )
        if self.sliding and not self.window:
            raise OptionsError(N_("A sliding window needs its number of turns."))
        if not 0 <= self.max_tokens <= LONGEST:
            raise OptionsError(N_("A length in tokens goes from 0 to {most}."), most=LONGEST)
        if not 0 <= self.join_minutes <= LONGEST or not 4 <= self.join_turns <= LONGEST:  # noqa: PLR2004  (two and two)
            raise OptionsError(
                N_("Joined conversations need a pause in minutes and at least four turns.")
            )
        if self.opening is Opening.LINE and not self.opening_line.strip():
            raise OptionsError(N_("The line that opens a conversation is empty."))

    @property
    def trains_last_turn_only(self) -> bool:
        """Whether the trainer must pass over all turns of mine but the last of each record."""
        return self.sliding

    def free_texts(self) -> dict[str, str]:
        """Return the options that a person may type anything into; of files the names alone."""
        texts = {name: value for name, value in asdict(self).items() if type(value) is str}
        return texts | {"tokenizer": PurePath(self.tokenizer).name}

    def to_json(self) -> dict[str, Any]:
        """Return the options as JSON values."""
        return asdict(self) | {"formats": list(self.formats)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> ExportOptions:
        """Return the options that `to_json` told; what is not told is as usual.

        Raises `OptionsError` for what it did not tell.
        """
        names = {each.name: each for each in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in told.items():
            if name not in names:
                raise OptionsError(N_("There is no option {name} of an export."), name=name)
            values[name] = _read(name, value, names[name].default)
        return cls(**values)


def _read(name: str, value: Any, usual: Any) -> Any:
    """Return a value of JSON as the type of the usual one."""
    wrong = OptionsError(
        N_("The option {name} of an export has a value it cannot have."), name=name
    )
    if isinstance(usual, tuple):
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            raise wrong
        return tuple(value)
    if isinstance(usual, StrEnum):
        try:
            return type(usual)(value)
        except ValueError as exc:
            raise wrong from exc
    if isinstance(usual, float) and type(value) is int:
        return float(value)
    if type(value) is not type(usual):
        raise wrong
    return value
