"""What becomes of what was found: kept, masked or removed, and by whose decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation import pii
from curation.model import Decision
from curation.pii.entities import WHY_OWN_TERM
from curation.workflow.detecting import detect_texts, valued
from curation.workflow.own_name import PERSON, as_name, as_names, is_own_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curation.model import Finding, Message
    from curation.workflow.issuing import Values
    from curation.workflow.masking_rules import Masking
    from curation.workflow.stand_ins import StandIns

MASKED: Final = "masked"
KEPT: Final = "kept"
REMOVED: Final = "removed"

ONE_BY_ONE: Final = "one_by_one"
ALL_EQUAL: Final = "all_equal"
UNDECIDED: Final = "undecided"
OWN_TERM: Final = "own_term"
PERSONA_NAME: Final = "persona_name"

_CUSTOM_TERM: Final = "CUSTOM_TERM"
_SHORTEST_CERTAIN_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a finding, and why: `outcome` masked, kept or removed; by whom; which way."""

    entity: str
    outcome: str
    by: str
    way: str = ""


class Fates:
    """Tells what becomes of findings by what a person decided in one workspace.

    What is undecided is masked. `removing` says whether messages that hold certain findings are
    left out.
    """

    def __init__(self, masking: Masking, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        self._kept = masking.kept
        self._decided = masking.decided
        self._rules = masking.rules
        self._known = as_names(masking.rules.names)
        # A name that a person masks is masked wherever it stands.
        masked = frozenset(
            value.casefold()
            for (entity, value), decision in masking.decided.items()
            if entity == PERSON and decision is Decision.MASK
        )
        self._public = masking.public - masked
        self._relations = masking.relations - masked
        self.removing = any(stand_ins.removes(entity) for entity in pii.ENTITIES)

    def of(self, message: Message, finding: Finding) -> Fate:
        """Return what becomes of a finding of a message that is not left out."""
        surface = message.text[finding.start : finding.end]
        value = pii.canonical_value(finding.entity, surface)
        if finding.decision is Decision.PENDING:
            if is_own_name(finding, surface, self._public):
                return Fate(finding.entity, KEPT, PERSONA_NAME)
            return self._masked(finding.entity, surface, _by_itself(finding))
        same = self._decided.get((finding.entity, value)) is finding.decision
        by = ALL_EQUAL if same else ONE_BY_ONE
        if finding.decision is Decision.KEEP:
            return Fate(finding.entity, KEPT, by)
        if finding.why == WHY_OWN_TERM and not same:
            by = OWN_TERM
        return self._masked(finding.entity, surface, by)

    def keeps(self, message: Message, finding: Finding) -> bool:
        """Return whether a finding of a message stays in its text."""
        return self.of(message, finding).outcome == KEPT

    def removes(self, message: Message) -> bool:
        """Return whether a message is left out for what was found in it."""
        return self.removing and any(
            self._stand_ins.removes(each.entity) and not self.keeps(message, each)
            for each in message.findings
        )

    def kept_in(self, messages: Sequence[Message]) -> dict[int, Values]:
        """Return by message the values that a person keeps in it and not everywhere."""
        kept: dict[int, Values] = {}
        for message in messages:
            here = [each for each in message.findings if each.decision is Decision.KEEP]
            mine = frozenset(
                (each.finding.entity, each.value) for each in valued(message.text, here)
            )
            if mine - self._kept:
                kept[message.id] = mine - self._kept
        return kept

    def in_text(self, text: str, finding: Finding) -> Fate:
        """Return what becomes of a finding that is masked in a text, whosever it is."""
        surface = text[finding.start : finding.end]
        value = pii.canonical_value(finding.entity, surface)
        decided = self._decided.get((finding.entity, value)) is Decision.MASK
        return self._masked(finding.entity, surface, ALL_EQUAL if decided else _by_itself(finding))

    def kept_by_decision(self, texts: Sequence[str]) -> list[tuple[Fate, ...]]:
        """Return the fates of what is found in texts and kept because a person decided so."""
        if not self._kept:
            return [()] * len(texts)
        return [
            tuple(
                Fate(each.finding.entity, KEPT, ALL_EQUAL)
                for each in valued(text, found)
                if (each.finding.entity, each.value) in self._kept
            )
            for text, found in zip(texts, detect_texts(texts, self._rules), strict=True)
        ]

    def to_mask(
        self, text: str, found: Sequence[Finding], kept: Values, *, system: bool
    ) -> list[Finding]:
        """Return what of findings must not stand in their text; of a name it may be its begin."""
        left: list[Finding] = []
        for each in valued(text, found):
            key = (each.finding.entity, each.value)
            if key in self._kept or key in kept:
                continue
            start, end = each.start, each.end
            if each.finding.entity == PERSON and each.finding.why != WHY_OWN_TERM:
                end = start + self._private_part(text[start:end], system=system)
            if start < end:
                left.append(replace(each.finding, end=end, decision=Decision.MASK))
        return left

    def _private_part(self, surface: str, *, system: bool) -> int:
        """Return how much of a name, from its begin, must not stand in a text.

        The persona's may stand there, in a system text relations too.
        """
        name = as_name(surface)
        if name in self._public:
            return 0
        if not system or self._decided.get((PERSON, name)) is Decision.MASK:
            return len(surface)
        if name in self._relations:
            return 0
        # The search may take a word beside the name for a part of it; a surname is more than that.
        certain = [each for each in self._public if len(each) >= _SHORTEST_CERTAIN_NAME]
        if name not in self._known and any(each in name for each in certain):
            return pii.surname_length(surface, certain)
        return len(surface)

    def _masked(self, entity: str, surface: str, by: str) -> Fate:
        return Fate(entity, MASKED, by, self._stand_ins.of(entity, surface).way.value)


def _by_itself(finding: Finding) -> str:
    """Return why a finding that nobody decided is masked."""
    own = finding.entity == _CUSTOM_TERM or finding.why == WHY_OWN_TERM
    return OWN_TERM if own else UNDECIDED
