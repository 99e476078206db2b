"""What the export would write in place of values, for who looks at them one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from curation import pii
from curation.model import Decision, Replacement
from curation.workflow.fates import KEPT, MASKED, REMOVED
from curation.workflow.masking_rules import Masking
from curation.workflow.own_name import PERSON, as_name, own_names_of
from curation.workflow.roles import for_who_sees_all
from curation.workflow.settings import load_settings
from curation.workflow.stand_ins import StandIns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from curation.store import FindingGroup, Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of a value: kept, masked, or removed with its message, and what is written."""

    outcome: str
    text: str = ""

    @property
    def kept(self) -> bool:
        """Whether it stays."""
        return self.outcome == KEPT

    @property
    def removed(self) -> bool:
        """Whether its whole message is left out."""
        return self.outcome == REMOVED


_BUILT: Final[WeakKeyDictionary[Engine, tuple[Masking, StandIns]]] = WeakKeyDictionary()
"""What invents values for each open workspace, and what it went by. It goes with the workspace."""
_BUILDING: Final = Lock()


@for_who_sees_all
def standing(workspace: Workspace, groups: Sequence[FindingGroup]) -> tuple[Standing, ...]:
    """Return what a file would hold of each value as it is written first.

    Where its places were decided differently, it is what stands in those that are masked.
    """
    ways = load_settings(workspace).replacements
    own = own_names_of(workspace)
    result: list[Standing | None] = []
    for each in groups:
        way = ways.get(each.entity, Replacement.PLACEHOLDER)
        is_own = each.entity == PERSON and as_name(each.shown) in own
        if each.decision is Decision.KEEP or (each.decision is Decision.PENDING and is_own):
            result.append(Standing(KEPT, each.shown))
        elif way is Replacement.REMOVE:
            result.append(Standing(REMOVED))
        elif way is Replacement.PLACEHOLDER:
            result.append(Standing(MASKED, pii.placeholder(each.entity)))
        else:
            result.append(None)
    rest = [each for each, known in zip(groups, result, strict=True) if known is None]
    made = iter(_made_for(workspace, rest) if rest else ())
    return tuple(next(made) if known is None else known for known in result)


def _made_for(workspace: Workspace, groups: Sequence[FindingGroup]) -> list[Standing]:
    """Return what is made of values: a part of each, or one that is invented.

    Nothing invented may be a real value, and what one gets depends on all others. So all are read
    each time, but drawn only where they, or what they are drawn by, are not what they were.
    """
    masking = Masking.of(workspace)
    # Nothing is made anew because of a decision.
    nobody: frozenset[str] = frozenset()
    goes_by = replace(masking, kept=frozenset(), decided={}, public=nobody, relations=nobody)
    with _BUILDING:
        built = _BUILT.get(workspace.engine)
        if built is None or built[0] != goes_by:
            built = _BUILT[workspace.engine] = (goes_by, StandIns(goes_by))
        return [Standing(MASKED, built[1].of(each.entity, each.shown).text) for each in groups]
