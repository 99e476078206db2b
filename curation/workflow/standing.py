"""What the export would write in place of values, for who looks at them one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@for_who_sees_all
def standing(workspace: Workspace, groups: Sequence[FindingGroup]) -> tuple[Standing, ...]:
    """Return what a file would hold of each value as it is written first.

    Where its places were decided differently, it is what stands in those that are masked.
    """
    ways = load_settings(workspace).replacements
    own = own_names_of(workspace)
    stand_ins: StandIns | None = None
    result = []
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
            # It reads every value of the workspace, so that nothing invented is a real one.
            stand_ins = stand_ins or StandIns(Masking.of(workspace))
            result.append(Standing(MASKED, stand_ins.of(each.entity, each.shown).text))
    return tuple(result)
