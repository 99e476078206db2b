"""What rules suggest of the conversations of a workspace; a person answers each suggestion."""

from __future__ import annotations

from contextlib import closing
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from curation import labels, store
from curation.bulk import Here
from curation.labels.partitions import Talks, look, suggest_work
from curation.model import OWN_RULES, Suggester, SuggestionKind
from curation.store import suggestions, texts
from curation.workflow.engines import given_or_own
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from curation.bulk import Engine
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
_SECONDS: Final = 0.0002
"""Of one process for a conversation, about: whether others join in goes by it."""
_LAST: Final = "suggested_by"
"""The setting that holds which version of the rules looked at everything."""


def suggest(
    workspace: Workspace, progress: Progress = ignore, *, engine: Engine | None = None
) -> int:
    """Let the rules look at every conversation that is new or was changed; return at how many.

    Rejected ones are left alone. Committed batch by batch: stopped in between, it goes on where it
    was. What the rules say depends on the list of emotions, too: with another one they look again.
    `engine` does the work where there is much of it, else this process. Raises EngineError.
    """
    names, suggester = _rules(workspace)
    with workspace.read() as connection:
        waiting = list(suggestions.unlooked(connection, suggester).items())
    done, total = 0, len(waiting)
    progress(SUGGEST_STAGE, done, total)
    with given_or_own(workspace, engine) as given:
        chosen = given if given.helps(total * _SECONDS) else Here()
        looked = chosen.map(
            suggest_work(names),
            _talks(workspace, waiting),
            lambda: progress(SUGGEST_STAGE, done, total),
        )
        with closing(looked):
            for some, told in looked:
                with workspace.write() as connection:
                    suggestions.replace_open(connection, suggester, some, told)
                done += len(some)
                progress(SUGGEST_STAGE, done, total)
    store.put_setting(workspace, _LAST, suggester.version)
    return total


def _talks(
    workspace: Workspace, waiting: Sequence[tuple[int, int]]
) -> Iterator[tuple[dict[int, int], Talks]]:
    """Yield conversations in batches, with what is said in them."""
    for start in range(0, len(waiting), _BATCH):
        some = dict(waiting[start : start + _BATCH])
        yield some, _read(workspace, some)


def _read(workspace: Workspace, some: Mapping[int, int]) -> Talks:
    with workspace.read() as connection:
        said = texts.talks(connection, list(some))
        return Talks(said, texts.in_groups(connection, list(some)))


def suggest_again(workspace: Workspace, numbers: Iterable[int]) -> None:
    """Let the rules look at conversations, of which the texts were changed just now."""
    names, suggester = _rules(workspace)
    with workspace.read() as connection:
        waiting = suggestions.versions(connection, set(numbers))
    if waiting:
        told = look(names, _read(workspace, waiting))
        with workspace.write() as connection:
            suggestions.replace_open(connection, suggester, waiting, told)


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
