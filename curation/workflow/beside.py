"""What is private beside the messages: in backgrounds and in the persona, value by value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from curation import store
from curation.model import PERSONA_TEXTS, Decision, DetectionRules, Finding, Persona, Status
from curation.store import FindingGroup
from curation.store.members import Role
from curation.workflow.detecting import detect_texts, detection_rules, valued
from curation.workflow.issuing import NONE_KEPT, among_marks, without_numbers
from curation.workflow.masking import Masker
from curation.workflow.masking_rules import Masking
from curation.workflow.personas import load_persona
from curation.workflow.roles import for_who_sees_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Engine

    from curation.store import Workspace

_AROUND: Final = 24
_FOUND: Final[WeakKeyDictionary[Engine, tuple[DetectionRules, Mapping[str, Sequence[Finding]]]]] = (
    WeakKeyDictionary()
)
"""What the last search found in the texts of each open workspace: pages ask at every run."""


@dataclass(frozen=True, slots=True)
class BesidePlace:
    """A text beside the messages that holds a value, with the words around it.

    `field` is the persona's; else it is a background: of the message, or of the conversation.
    `goes_out` says whether it belongs to what is approved; the persona does.
    """

    before: str
    shown: str
    after: str
    goes_out: bool
    field: str = ""
    conversation_id: int = 0
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class BesideGroup:
    """A value that stands beside the messages, and where: as often as `group.count` says."""

    group: FindingGroup
    places: tuple[BesidePlace, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    system: bool
    goes_out: bool = True
    field: str = ""
    conversation_id: int = 0
    message_id: int = 0


@for_who_sees_all
def beside_findings(workspace: Workspace) -> tuple[BesideGroup, ...]:
    """Return the values found in backgrounds and in the persona, undecided ones first.

    A value is decided here as it is everywhere: `decide_value`. The persona's name is left out
    where it stays anyhow. The persona is an owner's: reviewers are shown nothing of it.
    """
    texts = list(_texts(workspace))
    if not texts:
        return ()
    found = _found(workspace, texts)
    if not any(found.values()):
        return ()
    decided = store.value_decisions(workspace)
    held: dict[tuple[str, str], list[tuple[_Text, Finding]]] = {}
    for each, hidden in zip(texts, _hidden(workspace, texts, found), strict=True):
        for one in valued(each.text, found[each.text]):
            key = (one.finding.entity, one.value)
            gone = _part_in(hidden, one.finding)
            if gone or decided.get(key) is Decision.KEEP:
                held.setdefault(key, []).append((each, gone or one.finding))
    groups = [
        # Nobody has to decide what an own term found.
        _group(value, places, decided.get((entity, value), places[0][1].decision))
        for (entity, value), places in held.items()
    ]
    return tuple(sorted(groups, key=lambda each: each.group.decision is not Decision.PENDING))


def undecided_beside(workspace: Workspace) -> int:
    """Return how many places of what is approved nobody decided: in backgrounds, in the persona.

    None is told to whom an owner hides them: a background of their own would tell of its words.
    """
    if workspace.access().hides:
        return 0
    return sum(
        place.goes_out
        for each in beside_findings(workspace)
        if each.group.decision is Decision.PENDING
        for place in each.places
    )


def _found(workspace: Workspace, texts: Sequence[_Text]) -> Mapping[str, Sequence[Finding]]:
    """Return what is found in each text; only those are searched that were not at hand before."""
    rules = detection_rules(workspace)
    before = _FOUND.get(workspace.engine)
    known = before[1] if before is not None and before[0] == rules else {}
    words = dict.fromkeys(each.text for each in texts)
    fresh = [text for text in words if text not in known]
    # As an export searches them.
    searched = detect_texts([without_numbers(text) for text in fresh], rules) if fresh else []
    new = {text: among_marks(text, some) for text, some in zip(fresh, searched, strict=True)}
    found = {text: new[text] if text in new else known[text] for text in words}
    _FOUND[workspace.engine] = (rules, found)
    return found


def _texts(workspace: Workspace) -> Iterator[_Text]:
    mine = workspace.access().role is Role.OWNER
    persona = load_persona(workspace) if mine else Persona()
    for name in PERSONA_TEXTS:
        if name != "name" and (text := getattr(persona, name)):
            yield _Text(text, system=True, field=name)
    for relation in filter(None, persona.relations.values()):
        yield _Text(relation, system=True, field="relations")
    for each in store.background_places(workspace):
        yield _Text(
            each.text,
            system=not each.message_id,
            goes_out=each.status is Status.APPROVED,
            conversation_id=each.conversation_id,
            message_id=each.message_id,
        )


def _hidden(
    workspace: Workspace, texts: Sequence[_Text], found: Mapping[str, Sequence[Finding]]
) -> list[set[tuple[int, int]]]:
    """Return the spans in each text that would not stand in a file."""
    fates = Masker(Masking.of(workspace, inventing=False)).fates
    return [
        {
            _span(hidden)
            for hidden in fates.to_mask(each.text, found[each.text], NONE_KEPT, system=each.system)
        }
        if found[each.text]
        else set()
        for each in texts
    ]


def _part_in(hidden: set[tuple[int, int]], found: Finding) -> Finding | None:
    """Return what does not stand in a file of what was found: of a name, perhaps the surname."""
    parts = ((max(start, found.start), min(end, found.end)) for start, end in sorted(hidden))
    return next((replace(found, start=low, end=high) for low, high in parts if low < high), None)


def _span(finding: Finding) -> tuple[int, int]:
    return finding.start, finding.end


def _group(value: str, found: Sequence[tuple[_Text, Finding]], decision: Decision) -> BesideGroup:
    places = tuple(
        BesidePlace(
            before=each.text[max(0, one.start - _AROUND) : one.start],
            shown=each.text[one.start : one.end],
            after=each.text[one.end : one.end + _AROUND],
            goes_out=each.goes_out,
            field=each.field,
            conversation_id=each.conversation_id,
            message_id=each.message_id,
        )
        for each, one in found
    )
    first = found[0][1]
    group = FindingGroup(
        entity=first.entity,
        value=value,
        count=len(places),
        undecided=len(places) if decision is Decision.PENDING else 0,
        decision=decision,
        shown=places[0].shown,
        before=places[0].before,
        after=places[0].after,
        recognizer=first.recognizer,
        why=first.why,
        score=min(one.score for _each, one in found),
    )
    return BesideGroup(group, places)
