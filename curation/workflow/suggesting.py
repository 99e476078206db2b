"""What rules suggest of the conversations of a workspace; a person answers each suggestion."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from curation import labels, store
from curation.model import OWN_RULES, Suggester, SuggestionKind
from curation.store import suggestions, texts
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from curation.labels import Feeling
    from curation.store import Workspace

SUGGEST_STAGE: Final = "suggest"

_KINDS: Final = frozenset(
    {
        SuggestionKind.EMOTION,
        SuggestionKind.TOPIC_JUMP,
        SuggestionKind.INCOMPLETE,
        SuggestionKind.TOO_THIN,
    }
)
_BATCH: Final = 500  # conversations
_LAST: Final = "suggested_by"
"""The setting that holds which version of the rules looked at everything."""


def suggest(workspace: Workspace, progress: Progress = ignore) -> int:
    """Let the rules look at every conversation that is new or was changed; return at how many.

    Rejected ones are left alone. Committed batch by batch: stopped in between, it goes on where it
    was. What the rules say depends on the list of emotions, too: with another one they look again.
    """
    names, suggester = _rules(workspace)
    with workspace.read() as connection:
        waiting = list(suggestions.unlooked(connection, suggester).items())
    progress(SUGGEST_STAGE, 0, len(waiting))
    for start in range(0, len(waiting), _BATCH):
        some = dict(waiting[start : start + _BATCH])
        _look(workspace, names, suggester, some)
        progress(SUGGEST_STAGE, start + len(some), len(waiting))
    store.put_setting(workspace, _LAST, suggester.version)
    return len(waiting)


def suggest_again(workspace: Workspace, numbers: Iterable[int]) -> None:
    """Let the rules look at conversations, of which the texts were changed just now."""
    names, suggester = _rules(workspace)
    with workspace.read() as connection:
        waiting = suggestions.versions(connection, set(numbers))
    if waiting:
        _look(workspace, names, suggester, waiting)


def suggestions_wanted(workspace: Workspace) -> bool:
    """Return whether there are conversations and today's rules never looked at all of them."""
    if store.get_setting(workspace, _LAST) == _rules(workspace)[1].version:
        return False
    return not store.is_empty(workspace)


def _rules(workspace: Workspace) -> tuple[Mapping[Feeling, str], Suggester]:
    """Return what the person calls feelings, and who suggests, as the version that goes by them."""
    names = labels.names_among(load_settings(workspace).emotions)
    told = repr((labels.VERSION, sorted(names.items()))).encode()
    version = int.from_bytes(blake2b(told, digest_size=4).digest()) >> 1
    return names, Suggester(OWN_RULES, version, _KINDS)


def _look(
    workspace: Workspace,
    names: Mapping[Feeling, str],
    suggester: Suggester,
    waiting: Mapping[int, int],
) -> None:
    with workspace.read() as connection:
        talks = texts.talks(connection, list(waiting))
        groups = texts.in_groups(connection, list(waiting))
    told = [
        each
        for number, talk in talks.items()
        for each in labels.suggestions(number, talk, names, group=number in groups)
    ]
    with workspace.write() as connection:
        suggestions.replace_open(connection, suggester, waiting, told)
