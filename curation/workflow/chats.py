"""Chats as a person sets them up: who is me, who else speaks, and where conversations part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from curation import cleaning, conversations
from curation.errors import N_, ActionRefusedError
from curation.store import chats, journal
from curation.store.chats import Speaker
from curation.workflow.progress import CHANGE_STAGE, Progress, ignore
from curation.workflow.roles import owners_only
from curation.workflow.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from curation.model import GroupMode
    from curation.store import Workspace
    from curation.store.chats import ChatRow

__all__ = [
    "ChatInfo",
    "GapProfile",
    "Speaker",
    "chat_overview",
    "gap_profile",
    "set_gap",
    "set_group_mode",
    "set_me",
    "set_pseudonym",
    "touched_counts",
]

MOST_GAP_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """A chat with its counts and its own settings.

    `messages` are spoken and not deleted; `touched` counts conversations that a person acted on,
    which splitting again leaves alone. `group` says whether several others speak. `gap_minutes` is
    the pause a person gave this chat, None where the settings hold; `used_gap_minutes` the one that
    its next splitting goes by.
    """

    id: int
    name: str
    account: str
    conversations: int
    messages: int
    touched: int
    speakers: tuple[Speaker, ...]
    group: bool
    group_mode: GroupMode
    gap_minutes: int | None
    used_gap_minutes: int
    swapped: bool


@dataclass(frozen=True, slots=True)
class GapProfile:
    """How long the pauses of a chat are.

    `counts[i]` pauses last between `edges_minutes[i]` and `edges_minutes[i + 1]`. `valley_minutes`
    is the pause that parts conversations best, `used_minutes` the one that holds, `gap_minutes` the
    one a person gave this chat, None where the settings hold.
    """

    edges_minutes: tuple[float, ...]
    counts: tuple[int, ...]
    valley_minutes: float
    used_minutes: float
    gap_minutes: int | None


def chat_overview(workspace: Workspace) -> list[ChatInfo]:
    """Return all chats by name."""
    settings = load_settings(workspace)
    with workspace.read() as connection:
        rows = chats.chat_rows(connection)
    return [
        ChatInfo(
            id=row.id,
            name=row.name,
            account=row.account,
            conversations=row.conversations,
            messages=row.messages,
            touched=row.touched,
            speakers=row.speakers,
            group=row.is_group,
            group_mode=row.group_mode,
            gap_minutes=row.gap_minutes,
            used_gap_minutes=round(
                pause_minutes(row.gap_minutes, settings, partial(_kept_valley, workspace, row))
            ),
            swapped=row.swapped,
        )
        for row in rows
    ]


def touched_counts(workspace: Workspace) -> tuple[int, int]:
    """Return how many conversations nobody worked on, and how many somebody did."""
    with workspace.read() as connection:
        return chats.touched_counts(connection)


def pause_minutes(own: float | None, settings: Settings, valley: Callable[[], float]) -> float:
    """Return the pause that parts conversations: a chat's `own`, the fixed one, or the valley's.

    `valley` is asked only where it counts.
    """
    if own is not None:
        return own
    return settings.gap_minutes if settings.gap_mode == "fixed" else valley()


def check_pause(minutes: int | None) -> None:
    """Raise ActionRefusedError for a pause that nobody may ask for; None asks for none."""
    if minutes is not None and not 1 <= minutes <= MOST_GAP_MINUTES:
        raise ActionRefusedError(
            N_("A pause is between 1 and {limit} minutes."), limit=MOST_GAP_MINUTES
        )


def _kept_valley(workspace: Workspace, row: ChatRow) -> float:
    if row.valley_minutes is not None:
        return row.valley_minutes
    # A chat of an older version of this program: looked at once, then kept.
    with workspace.write() as connection:
        minutes = valley_minutes(chats.times_of(connection, row.id))
        chats.keep_valley(connection, row.id, minutes)
    return minutes


def valley_minutes(seconds: NDArray[np.integer[Any]]) -> float:
    """Return the pause in minutes that message times in seconds suggest."""
    return conversations.adaptive_gap(seconds).total_seconds() / 60


def gap_profile(workspace: Workspace, chat_id: int) -> GapProfile:
    """Return how long the pauses of a chat are; ActionRefusedError when the chat is gone."""
    settings = load_settings(workspace)
    with workspace.read() as connection:
        own = chats.gap_minutes(connection, chat_id)
        seconds = chats.times_of(connection, chat_id)
    found = conversations.gap_histogram(seconds)
    return GapProfile(
        edges_minutes=tuple(float(edge) for edge in found.edges_minutes),
        counts=tuple(int(count) for count in found.counts),
        valley_minutes=found.valley_minutes,
        used_minutes=pause_minutes(own, settings, lambda: found.valley_minutes),
        gap_minutes=own,
    )


def set_group_mode(workspace: Workspace, chat_id: int, mode: GroupMode) -> None:
    """Say what becomes of the other speakers of a group; can be undone."""
    _act(workspace, "set_group_mode", lambda r: chats.set_group_mode(r, chat_id, mode))


@owners_only
def set_pseudonym(workspace: Workspace, chat_id: int, sender_key: str, pseudonym: str) -> None:
    """Let something else stand for a speaker's name; empty: an automatic one. Can be undone.

    Raises ActionRefusedError for a name that somebody in the chat really has, and for one that
    stands for another speaker.
    """
    text = cleaning.clean_text(pseudonym).strip()
    _act(workspace, "set_pseudonym", lambda r: chats.set_pseudonym(r, chat_id, sender_key, text))


def set_me(
    workspace: Workspace, chat_id: int, sender_key: str, progress: Progress = ignore
) -> None:
    """Say who I am in a chat, for all its messages; can be undone.

    In a chat of two the sides change places. Nothing happens where it is so already.
    """
    told = partial(progress, CHANGE_STAGE)
    _act(workspace, "set_me", lambda r: chats.set_me(r, chat_id, sender_key, told))


@owners_only
def set_gap(workspace: Workspace, chat_id: int, minutes: int | None) -> None:
    """Give a chat a pause of its own for splitting; None: as the settings say. Can be undone.

    Nothing is split by this: see `resplit`.
    """
    check_pause(minutes)
    _act(workspace, "set_gap", lambda r: chats.set_gap(r, chat_id, minutes))


def _act(workspace: Workspace, action: str, act: Callable[[journal.Recorder], None]) -> None:
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        act(recorder)
        if recorder.changes:
            journal.finish(recorder, action)
