"""Deciding what was found: value by value, many at once, and by a person's own terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from curation import pii, store
from curation.errors import N_, ActionRefusedError
from curation.model import Decision, DetectionRules, FindingOrder, FindingQuery
from curation.store import deciding, findings, journal, terms
from curation.workflow.detecting import detection_rules, fingerprint, search, special_terms
from curation.workflow.roles import for_who_sees_all, owners_only

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.store import FindingGroup, FindingPlace, FindingSummary, Workspace
    from curation.store.terms import TermRule

ENTITIES: Final = pii.ENTITIES
"""Every kind a finding can have, in the order a screen lists them."""

DECIDE: Final = "decide_finding"
TERM: Final = "own_term"
"""Names of the actions in the journal."""

_EMPTY_TERM: Final = N_("A term needs at least one letter or digit besides * and ?.")
_CONVERSATIONS: Final = 500


@dataclass(frozen=True, slots=True)
class FindingGroups:
    """One page of findings grouped by value, and how many groups there are in all."""

    groups: tuple[FindingGroup, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FindingPlaces:
    """One page of the places where a value stands, and how many there are in all."""

    places: tuple[FindingPlace, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """A person's own terms: always masked, and never flagged; each oldest first.

    `kinds` are the entities of those that stand for less than anything.
    """

    masked: tuple[str, ...]
    ignored: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TermHits:
    """How often a term stands in the messages, in how many of them, and some of what it finds."""

    hits: int
    messages: int
    samples: tuple[str, ...]


@for_who_sees_all
def finding_groups(
    workspace: Workspace,
    query: FindingQuery | None = None,
    *,
    order: FindingOrder = FindingOrder.RISK,
    page: int = 1,
    page_size: int = 50,
) -> FindingGroups:
    """Return one page of the findings of a choice, grouped by value."""
    groups, total = store.finding_groups(
        workspace,
        query or FindingQuery(),
        order=order,
        page=page,
        page_size=page_size,
    )
    return FindingGroups(tuple(groups), total)


@for_who_sees_all
def finding_places(
    workspace: Workspace, entity: str, value: str, *, page: int = 1, page_size: int = 10
) -> FindingPlaces:
    """Return one page of the places where a value stands, newest first."""
    places, total = store.finding_places(workspace, entity, value, page=page, page_size=page_size)
    return FindingPlaces(tuple(places), total)


@for_who_sees_all
def finding_summary(workspace: Workspace) -> FindingSummary:
    """Return how many findings there are by entity, decision and score."""
    return store.finding_summary(workspace)


@for_who_sees_all
def finding_counts(workspace: Workspace) -> Mapping[tuple[str, Decision], int]:
    """Return how many findings each entity has with each decision."""
    return store.finding_summary(workspace).counts


@for_who_sees_all
def count_findings(workspace: Workspace, query: FindingQuery) -> int:
    """Return how many findings `decide_matching` would decide."""
    return store.count_findings(workspace, query)


@for_who_sees_all
def decide_value(workspace: Workspace, entity: str, value: str, decision: Decision) -> int:
    """Decide all findings of one canonical value, now and later; return how many changed."""
    return decide_values(workspace, [(entity, value)], decision)


@for_who_sees_all
def decide_values(
    workspace: Workspace, values: Sequence[tuple[str, str]], decision: Decision
) -> int:
    """As `decide_value` for several (entity, canonical value); one undo takes all back."""

    def act(recorder: journal.Recorder) -> int:
        return sum(
            deciding.decide_equal(recorder, entity, value, decision) for entity, value in values
        )

    return _decide(workspace, act)


@for_who_sees_all
def decide_matching(workspace: Workspace, query: FindingQuery, decision: Decision) -> int:
    """Decide every finding of a choice; return how many changed. One transaction, one undo.

    Equal values are decided so later, too, where the choice is of values and not of the words
    around them, and no other place of the value is decided otherwise. What is not kept is decided
    in deleted messages too, and none of its values stays kept when it is found later.
    """
    return _decide(workspace, lambda recorder: deciding.decide_matching(recorder, query, decision))


@for_who_sees_all
def decide_place(workspace: Workspace, finding_id: int, decision: Decision) -> int:
    """Decide one finding and no other; return how many changed."""
    return _decide(workspace, lambda recorder: deciding.decide_one(recorder, finding_id, decision))


def _decide(workspace: Workspace, act: Callable[[journal.Recorder], int]) -> int:
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        count = act(recorder)
        if recorder.changes:
            journal.finish(recorder, DECIDE, raise_versions=False)
    return count


def installed_pipelines() -> tuple[str, ...]:
    """Return the names of the trained spaCy pipelines for Chinese that are installed."""
    return pii.installed_pipelines()


def own_terms(workspace: Workspace) -> OwnTerms:
    """Return a person's own terms."""
    with workspace.read() as connection:
        masked = terms.entities(connection)
        ignored = terms.entities(connection, terms.IGNORE)
    kinds = special_terms({**masked, **ignored})
    return OwnTerms(
        masked=tuple(masked),
        ignored=tuple(ignored),
        kinds={term: tuple(entities.split()) for term, entities in kinds.items()},
    )


@owners_only
def term_hits(workspace: Workspace, pattern: str, *, samples: int = 5) -> TermHits:
    """Return what a term would find in the messages as they are now."""
    wanted = pii.TermFinder([pattern])
    hits = holding = 0
    shown: dict[str, None] = {}
    with workspace.read() as connection:
        for _owner, text in findings.texts(connection):
            found = [text[slice(*span)] for span in wanted.spans(pii.fold(text))]
            hits += len(found)
            holding += bool(found)
            if len(shown) < samples:
                shown.update(dict.fromkeys(found))
    return TermHits(hits, holding, tuple(shown)[:samples])


@owners_only
def always_mask(workspace: Workspace, patterns: Sequence[str], entity: str = terms.CUSTOM) -> int:
    """Let these terms be found everywhere, at once and later; return how many findings changed."""
    return change_terms(workspace, patterns, terms.MASK, entity=entity)


def always_mask_value(workspace: Workspace, entity: str, value: str, kind: str = "") -> int:
    """Let a value be masked wherever it is written, now and later; return how many changed.

    It is found as `kind` from then on, where that says another one. One undo takes all back: the
    terms, the findings they brought, and the decision.
    """
    before = detection_rules(workspace)
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        forms = [pii.escaped(form) for form in deciding.written_forms(connection, entity, value)]
        wanted = [form for form in forms if pii.term_pattern([form])]
        count = put_terms(recorder, wanted, terms.MASK, before, entity=kind or entity)
        count += deciding.decide_equal(recorder, entity, value, Decision.MASK)
        if recorder.changes:
            journal.finish(recorder, TERM, raise_versions=False)
    return count


def never_flag(workspace: Workspace, entity: str, value: str) -> int:
    """Let nothing that is written like this value be found as `entity`; return how many went."""
    with workspace.read() as connection:
        forms = deciding.written_forms(connection, entity, value)
    return ignore_terms(workspace, [pii.escaped(form) for form in forms], entity)


@owners_only
def ignore_terms(workspace: Workspace, patterns: Sequence[str], entity: str = terms.CUSTOM) -> int:
    """Never flag what one of these terms is whole as `entity`; return how many findings changed.

    CUSTOM_TERM stands for all of them.
    """
    return change_terms(workspace, patterns, terms.IGNORE, entity=entity)


@owners_only
def forget_term(workspace: Workspace, pattern: str) -> int:
    """Take a term out of the own ones; return how many findings changed."""
    return change_terms(workspace, [pattern], None)


def change_terms(
    workspace: Workspace,
    patterns: Sequence[str],
    rule: TermRule | None,
    *,
    entity: str = terms.CUSTOM,
) -> int:
    """Give terms a rule (None: forget them), and search what they stand in; one undo.

    Return how many findings came or went. Raises ActionRefusedError for a term of wildcards alone.
    """
    wanted = [pattern.strip() for pattern in patterns]
    if rule is not None and not all(pii.term_pattern([pattern]) for pattern in wanted):
        raise ActionRefusedError(_EMPTY_TERM)
    before = detection_rules(workspace)
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        count = put_terms(recorder, wanted, rule, before, entity=entity)
        if recorder.changes:
            journal.finish(recorder, TERM, raise_versions=False)
    return count


def put_terms(
    recorder: journal.Recorder,
    patterns: Sequence[str],
    rule: TermRule | None,
    before: DetectionRules,
    *,
    entity: str = terms.CUSTOM,
) -> int:
    """Give terms a rule inside an action; return how many findings came or went."""
    for pattern in patterns:
        if rule is None:
            terms.remove(recorder, pattern)
        else:
            terms.put(recorder, pattern, rule, entity)
    after = _with_terms(recorder.connection, before)
    changed = 0
    for some in _holding(recorder.connection, patterns):
        held = findings.searched(recorder.connection, some)
        changed += findings.record_findings(recorder, held, search(held, after))
    findings.renew_search(recorder.connection, fingerprint(before), fingerprint(after))
    return changed


def follow_terms(connection: Connection, before: DetectionRules) -> None:
    """After an undo or redo: search again where a term came or went since `before`.

    What was searched between the action and its undo went by the term; now it goes without.
    """
    after = _with_terms(connection, before)
    if after == before:
        return
    moved = _all_terms(before) ^ _all_terms(after)
    for some in _holding(connection, sorted({pattern for pattern, _rule, _entity in moved})):
        held = findings.searched(connection, some)
        findings.replace_findings(connection, held, search(held, after))
    findings.renew_search(connection, fingerprint(before), fingerprint(after))


def _all_terms(rules: DetectionRules) -> set[tuple[str, str, str]]:
    entities = {term: rules.term_entities.get(term, terms.CUSTOM) for term in rules.terms}
    released = {term: rules.exception_entities.get(term, terms.CUSTOM) for term in rules.exceptions}
    return {
        *((term, terms.MASK, entity) for term, entity in entities.items()),
        *((term, terms.IGNORE, entity) for term, entity in released.items()),
    }


def _with_terms(connection: Connection, rules: DetectionRules) -> DetectionRules:
    entities = terms.entities(connection)
    ignored = terms.entities(connection, terms.IGNORE)
    return replace(
        rules,
        terms=tuple(entities),
        exceptions=tuple(ignored),
        term_entities=special_terms(entities),
        exception_entities=special_terms(ignored),
    )


def _holding(connection: Connection, patterns: Sequence[str]) -> list[list[int]]:
    """Return the conversations in whose messages one of these terms stands, some at a time."""
    wanted = pii.term_pattern(patterns)
    if wanted is None:
        return []
    owners = sorted(
        {owner for owner, text in findings.texts(connection) if wanted.search(pii.fold(text))}
    )
    return [owners[at : at + _CONVERSATIONS] for at in range(0, len(owners), _CONVERSATIONS)]
