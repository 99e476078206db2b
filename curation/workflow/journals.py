"""What was done, by whom; undoing any of it, or doing it again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from curation.errors import NotAllowedError
from curation.model import JournalQuery
from curation.store import journal_lines as kept_lines
from curation.store import undoing
from curation.store.members import held_access
from curation.workflow.deciding import follow_terms
from curation.workflow.detecting import detection_rules
from curation.workflow.progress import CHANGE_STAGE, ignore
from curation.workflow.roles import HIDDEN, for_reviewers
from curation.workflow.veil import veiled_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from curation.store import Workspace
    from curation.store.journal_lines import JournalLine
    from curation.workflow.progress import Progress

LOOK_STAGE: Final = "look"

EVERYTHING: Final = JournalQuery()


@dataclass(frozen=True, slots=True)
class JournalPage:
    """One page of the journal, newest first, and how many rows the choice has in all."""

    lines: tuple[JournalLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LastSteps:
    """The names of the actions that undo and redo would concern, None where there is none."""

    undo: str | None
    redo: str | None


@for_reviewers
def journal_page(
    workspace: Workspace,
    query: JournalQuery = EVERYTHING,
    *,
    page: int = 1,
    page_size: int = 20,
) -> JournalPage:
    """Return one page of what was done; the last one where there are not so many.

    From whom private details are hidden, nobody searches the texts: a hit would confirm a guess.
    Raises NotAllowedError then.
    """
    with workspace.read() as connection:
        if query.text and held_access(connection).hides:
            raise NotAllowedError(HIDDEN)
        found, total = kept_lines.page(connection, query, page=page, page_size=page_size)
        hides = held_access(connection).hides
    return JournalPage(tuple(veiled_line(each) if hides else each for each in found), total)


@for_reviewers
def journal_lines(workspace: Workspace, ids: Sequence[int]) -> list[JournalLine]:
    """Return these rows of the journal, in this order."""
    with workspace.read() as connection:
        found = kept_lines.lines(connection, ids)
        hides = held_access(connection).hides
    return [veiled_line(each) if hides else each for each in found]


@for_reviewers
def journal_reviewers(workspace: Workspace) -> list[str]:
    """Return everybody who acted, by name; empty stands for those who gave none."""
    with workspace.read() as connection:
        return kept_lines.reviewers(connection)


@for_reviewers
def journal_actions(workspace: Workspace) -> list[str]:
    """Return the names of all actions that were ever done."""
    with workspace.read() as connection:
        return kept_lines.actions(connection)


@for_reviewers
def last_steps(workspace: Workspace) -> LastSteps:
    """Return what undo and redo would concern now, for who acts in this workspace."""
    with workspace.read() as connection:
        names = [
            None if found is None else found[1]
            for found in (undoing.undo_candidate(connection), undoing.redo_candidate(connection))
        ]
    return LastSteps(*names)


@for_reviewers
def undo(workspace: Workspace, progress: Progress = ignore) -> str | None:
    """Take back the newest action; return its name, None when there is nothing to undo."""
    rules = detection_rules(workspace)
    with workspace.write() as connection:
        done = undoing.undo(connection, partial(progress, CHANGE_STAGE))
        follow_terms(connection, rules)
    return None if done is None else done[0]


@for_reviewers
def redo(workspace: Workspace, progress: Progress = ignore) -> str | None:
    """Do the action undone last again; return its name, None when there is nothing to redo."""
    rules = detection_rules(workspace)
    with workspace.write() as connection:
        done = undoing.redo(connection, partial(progress, CHANGE_STAGE))
        follow_terms(connection, rules)
    return None if done is None else done[0]


@for_reviewers
def undo_action(
    workspace: Workspace, action: int, *, too: Collection[int] = (), progress: Progress = ignore
) -> str:
    """Undo any action, and with it those of `too` that stand on it; return its name. One step.

    Raises DependentActionsError with what stands on it where that is more than `too`, and
    ActionRefusedError where rows changed since without any action.
    """
    return _turn(workspace, action, too, progress, undone=True)


@for_reviewers
def redo_action(
    workspace: Workspace, action: int, *, too: Collection[int] = (), progress: Progress = ignore
) -> str:
    """Do any undone action again; as `undo_action`."""
    return _turn(workspace, action, too, progress, undone=False)


def _turn(
    workspace: Workspace,
    action: int,
    too: Collection[int],
    progress: Progress,
    *,
    undone: bool,
) -> str:
    rules = detection_rules(workspace)
    with workspace.write() as connection:
        name = undoing.turn(
            connection,
            action,
            undone=undone,
            agreed=too,
            told=partial(progress, CHANGE_STAGE),
        )
        follow_terms(connection, rules)
    return name
