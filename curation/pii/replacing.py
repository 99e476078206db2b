"""What stands for a masked value: its placeholder, a part of it, or an invented value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from curation.model import Replacement
from curation.pii.canonical import canonical_value
from curation.pii.drawing import Draw, in_keyed_order
from curation.pii.entities import placeholder
from curation.pii.folding import fold
from curation.pii.invented_names import Names
from curation.pii.invented_numbers import MAKERS
from curation.pii.invented_places import Places
from curation.pii.partial import partial
from curation.pii.substrings import Substrings
from curation.pii.wildcards import exact_text, term_pattern
from curation.pii.writing import write_like

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PERSON: Final = "PERSON"
ADDRESS: Final = "CN_ADDRESS"
_PHONE: Final = "PHONE_NUMBER"
_SHORTEST_PHONE: Final = 7
_ATTEMPTS: Final = 50
_STRAY: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

SURROGATE_ENTITIES: Final = frozenset({*MAKERS, PERSON, ADDRESS})
"""Entities for which values are invented; the others get their placeholder."""
PARTIAL_ENTITIES: Final = SURROGATE_ENTITIES - {"PASSWORD", "OTP_CODE"}
"""Entities of which a part can be shown: half a password is still half a password."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """What stands for a value, and which way it came about: a placeholder where no other went."""

    text: str
    way: Replacement


def ways_for(entity: str) -> tuple[Replacement, ...]:
    """Return what a person can choose for values of `entity`, the usual one first."""
    return (
        Replacement.PLACEHOLDER,
        *((Replacement.PARTIAL,) if entity in PARTIAL_ENTITIES else ()),
        *((Replacement.SURROGATE,) if entity in SURROGATE_ENTITIES else ()),
        Replacement.REMOVE,
    )


class Replacer:
    """Gives every masked value what stands for it, the same one everywhere in a workspace.

    `ways` says what a person chose for an entity. Invented values are drawn by a hash keyed with
    `secret`; there is no table that leads back. They are never one of `values` (entity, canonical
    value) or of `names`, which are what the workspace really holds, nor what one of the terms
    `spared` stands for, which is never flagged and so stands readable beside them; two values get
    two invented ones as long as their shape has room.
    """

    def __init__(
        self,
        secret: bytes,
        ways: Mapping[str, Replacement],
        *,
        values: Iterable[tuple[str, str]] = (),
        names: Iterable[str] = (),
        spared: Iterable[str] = (),
    ) -> None:
        self._secret = secret
        self._ways = dict(ways)
        self._real: dict[str, set[str]] = {}
        for entity, value in values:
            self._real.setdefault(entity, set()).add(value)
        terms = tuple(spared)
        self._spared = term_pattern(terms)
        readable = {text for term in terms if (text := exact_text(term)) is not None}
        self._names = Names(secret, {*names, *readable, *self._real.get(PERSON, ())})
        self._places = Places(secret, {*readable, *self._real.get(ADDRESS, ())})
        self._phones = Substrings(self._real.get(_PHONE, ()), _SHORTEST_PHONE)
        self._invented: dict[str, dict[str, str | None]] = {}
        self._issued: dict[str, set[str]] = {}

    def way(self, entity: str) -> Replacement:
        """Return what a person chose for values of `entity`."""
        return self._ways.get(entity, Replacement.PLACEHOLDER)

    def stand_in(self, entity: str, surface: str) -> StandIn:
        """Return what stands for a value as it is written in a text.

        Where the chosen way has nothing for it (half a password, an invented value of a shape that
        has no more room), and where the whole message would go, it is the placeholder.
        """
        way = self.way(entity)
        text: str | None = None
        if way is Replacement.PARTIAL and entity in PARTIAL_ENTITIES:
            text = partial(entity, surface)
        elif way is Replacement.SURROGATE:
            text = self._surrogate(entity, surface)
        if text is not None:
            text = _STRAY.sub("", text)
            if text and text != surface and not self.is_real(entity, text):
                return StandIn(text, way)
        return StandIn(placeholder(entity), Replacement.PLACEHOLDER)

    def is_real(self, entity: str, text: str) -> bool:
        """Whether `text` is a value of `entity` that the workspace really holds."""
        if entity == PERSON and self._names.is_real(text):
            return True
        if self._is_spared(text):
            return True
        return canonical_value(entity, text) in self._real.get(entity, ())

    def _is_spared(self, text: str) -> bool:
        return self._spared is not None and self._spared.fullmatch(fold(text)) is not None

    def _surrogate(self, entity: str, surface: str) -> str | None:
        if entity == PERSON:
            return self._names.invent(surface)
        if entity == ADDRESS:
            return self._places.invent(surface)
        if entity not in MAKERS:
            return None
        if entity not in self._invented:
            self._invented[entity] = {}
            # All at once and in an order of their own: what a value gets does not depend on where
            # in the workspace it stands.
            known = self._real.get(entity, ())
            for value in in_keyed_order(self._secret, f"order {entity}", known):
                self._invent(entity, value)
        value = canonical_value(entity, surface)
        held = self._invented[entity]
        invented = held[value] if value in held else self._invent(entity, value)
        return None if invented is None else write_like(entity, surface, value, invented)

    def _invent(self, entity: str, value: str) -> str | None:
        issued = self._issued.setdefault(entity, set())
        result = None
        for attempt in range(_ATTEMPTS):
            made = MAKERS[entity](value, Draw(self._secret, entity, value, str(attempt)))
            if made is None:
                break
            if made != value and made not in issued and not self._near_real(entity, made):
                issued.add(made)
                result = made
                break
        self._invented[entity][value] = result
        return result

    def _near_real(self, entity: str, made: str) -> bool:
        """Whether an invented value is a real one; of phones also a part of one, or around one."""
        real = self._real.get(entity, ())
        if made in real or self._is_spared(made):
            return True
        if entity != _PHONE:
            return False
        pieces = (
            made[start:end]
            for start in range(len(made))
            for end in range(start + _SHORTEST_PHONE, len(made) + 1)
        )
        return made in self._phones or any(piece in real for piece in pieces)
