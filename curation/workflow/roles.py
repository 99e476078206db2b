"""Which functions a reviewer may use: those marked here, and no others.

The store refuses a reviewer wherever no function let them in. So what nobody thought of is an
owner's, and a test that goes through all functions finds what was marked by mistake.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from curation.errors import N_, NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store import Workspace

P = ParamSpec("P")
R = TypeVar("R")

HIDDEN: Final = N_("The owner hides private details from reviewers, so only an owner can do this.")

_asked: Callable[[], Workspace | None] | None = None


def for_reviewers(
    function: Callable[Concatenate[Workspace, P], R],
) -> Callable[Concatenate[Workspace, P], R]:
    """Let reviewers use a function; what it changes is still held against their role.

    Where the owner hides what is masked, it must give them nothing that is.
    """

    @wraps(function)
    def admitting(workspace: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return function(workspace.admitting(), *args, **kwargs)

    return admitting


def for_who_sees_all(
    function: Callable[Concatenate[Workspace, P], R],
) -> Callable[Concatenate[Workspace, P], R]:
    """Let reviewers use a function unless the owner hides from them what is masked."""

    @wraps(function)
    def admitting(workspace: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> R:
        # Within a function that admitted them, it is the program that looks.
        if not workspace.admitted and workspace.access().hides:
            raise NotAllowedError(HIDDEN)
        return function(workspace.admitting(), *args, **kwargs)

    return admitting


def owners_only(
    function: Callable[Concatenate[Workspace, P], R],
) -> Callable[Concatenate[Workspace, P], R]:
    """Keep a function for owners that would not ask the database first."""

    @wraps(function)
    def checked(workspace: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> R:
        workspace.require_owner()
        return function(workspace, *args, **kwargs)

    return checked


def owners_alone(function: Callable[P, R]) -> Callable[P, R]:
    """Keep a function for owners that is about no workspace, such as the keys of services.

    Who acts is asked each time (see `ask_who_acts`); where nobody does, it is the program itself.
    """

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        workspace = None if _asked is None else _asked()
        if workspace is not None:
            workspace.require_owner()
        return function(*args, **kwargs)

    return checked


def ask_who_acts(asked: Callable[[], Workspace | None]) -> None:
    """Let `asked` tell in which workspace, and as whom, the functions about none are called.

    It returns None where nobody calls them but the program.
    """
    global _asked  # noqa: PLW0603  (one screen there is, and it tells for all of its tabs)
    _asked = asked
