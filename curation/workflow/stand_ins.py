"""What stands for the values of one workspace, the same for a value wherever it is met."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from curation import pii
from curation.model import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curation.workflow.masking_rules import Masking


class StandIns:
    """Chooses what stands for values, and knows whose it is."""

    def __init__(self, masking: Masking) -> None:
        self._replacer = pii.Replacer(
            masking.secret,
            masking.ways,
            values=masking.real_values(),
            names=masking.rules.names,
            spared=masking.rules.exceptions,
        )
        self._noted: dict[tuple[str, str], pii.StandIn] | None = None
        self._chosen: dict[tuple[str, str], pii.StandIn] = {}
        self._sources: dict[tuple[str, str], set[str]] = {}

    @contextmanager
    def noting(self, stand_ins: dict[tuple[str, str], pii.StandIn]) -> Iterator[None]:
        """Note what stands for (entity, value as it is written) in the block, in order."""
        self._noted = stand_ins
        try:
            yield
        finally:
            self._noted = None

    def gives(self, stand_ins: Mapping[tuple[str, str], pii.StandIn]) -> bool:
        """Whether these same things stand for these values here, too, met in this order.

        From here on they do in this process as well, as if it had met them itself.
        """
        mine = [self.of(*key) for key in stand_ins]
        return mine == list(stand_ins.values())

    def of(self, entity: str, surface: str) -> pii.StandIn:
        """Return what stands for a value as it is written in a text."""
        key = (entity, surface)
        if key not in self._chosen:
            made = self._chosen[key] = self._replacer.stand_in(entity, surface)
            value = pii.canonical_value(entity, surface)
            self._sources.setdefault((entity, made.text), set()).add(value)
        if self._noted is not None:
            self._noted[key] = self._chosen[key]
        return self._chosen[key]

    def is_value(self, entity: str, text: str) -> bool:
        """Return whether a text is a value of the workspace."""
        return self._replacer.is_real(entity, text)

    def is_real(self, entity: str, issued: str) -> bool:
        """Return whether what was issued is a value of the workspace, or the one it stands for."""
        value = pii.canonical_value(entity, issued)
        return self.is_value(entity, issued) or value in self._sources.get((entity, issued), ())

    def removes(self, entity: str) -> bool:
        """Return whether a message is left out for such a value."""
        return self._replacer.way(entity) is Replacement.REMOVE
