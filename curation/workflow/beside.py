"""What is private beside the messages: in backgrounds and in the persona, value by value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation import store
from curation.model import PERSONA_TEXTS, Decision, Persona
from curation.store import FindingGroup
from curation.store.members import Role
from curation.workflow.detecting import detect_texts, detection_rules, valued
from curation.workflow.masking import Masker
from curation.workflow.masking_rules import Masking
from curation.workflow.personas import load_persona
from curation.workflow.roles import for_who_sees_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curation.model import Finding
    from curation.store import Workspace

_AROUND: Final = 24


@dataclass(frozen=True, slots=True)
class BesidePlace:
    """A text beside the messages that holds a value, with the words around it.

    `field` is the persona's; else it is a background: of the message, or of the conversation.
    """

    before: str
    shown: str
    after: str
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
    words = list(dict.fromkeys(each.text for each in texts))
    found = dict(zip(words, detect_texts(words, detection_rules(workspace)), strict=True))
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
        _group(value, places, decided.get((entity, value), Decision.PENDING))
        for (entity, value), places in held.items()
    ]
    return tuple(sorted(groups, key=lambda each: each.group.decision is not Decision.PENDING))


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
            conversation_id=each.conversation_id,
            message_id=each.message_id,
        )


def _hidden(
    workspace: Workspace, texts: Sequence[_Text], found: dict[str, list[Finding]]
) -> list[set[tuple[int, int]]]:
    """Return the spans in each text that would not stand in a file."""
    masker = Masker(Masking.of(workspace, inventing=False))
    spans: dict[tuple[str, bool], set[tuple[int, int]]] = {}
    for system in (True, False):
        some = list(
            dict.fromkeys(each.text for each in texts if each.system is system and found[each.text])
        )
        for text, hidden in zip(some, masker.search.find(some, system=system), strict=True):
            spans[text, system] = {_span(each) for each in hidden}
    return [spans.get((each.text, each.system), set()) for each in texts]


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
