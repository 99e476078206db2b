"""The persona's own name: it stands in the system text by choice, so it stays in the chats too."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from curation import pii, store
from curation.model import Decision
from curation.workflow.names import known_names
from curation.workflow.personas import load_persona

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curation.model import ConversationFilter, Finding, Persona
    from curation.store import Workspace

PERSON: Final = "PERSON"


def as_name(text: str) -> str:
    """Return a name as it is compared with others."""
    return pii.canonical_value(PERSON, text).casefold()


def as_names(names: Iterable[str]) -> frozenset[str]:
    """Return names as they are compared with others, without those that are nothing."""
    return frozenset(filter(None, map(as_name, names)))


def own_names(persona: Persona, known: tuple[str, ...]) -> frozenset[str]:
    """Return the persona's name and its forms that mean nobody else of those `known`."""
    return _own_names(persona.name, known)


# A screen asks for them at every key press.
@lru_cache(maxsize=8)
def _own_names(name: str, known: tuple[str, ...]) -> frozenset[str]:
    return as_names(pii.own_forms(name, known))


def is_own_name(finding: Finding, surface: str, own: frozenset[str]) -> bool:
    """Return whether a finding stays for being the persona's name, as nobody decided it."""
    return (
        finding.decision is Decision.PENDING
        and finding.entity == PERSON
        and as_name(surface) in own
    )


def own_names_of(workspace: Workspace) -> frozenset[str]:
    """Return what stays in the chats of a workspace as the name of its persona."""
    persona = load_persona(workspace)
    return own_names(persona, known_names(workspace)) if persona.name else frozenset()


def undecided_own_names(workspace: Workspace, flt: ConversationFilter) -> int:
    """Return how many undecided findings in the conversations of a filter are that name."""
    own = own_names_of(workspace)
    if not own:
        return 0
    found = store.undecided_values(workspace, flt, PERSON)
    return sum(count for value, count in found.items() if as_name(value) in own)
