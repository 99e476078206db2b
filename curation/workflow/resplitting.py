"""Splitting chats again, by other rules, where nobody reviewed anything yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from curation import conversations
from curation.store import chats, imports, journal, resplitting
from curation.workflow.chats import pause_minutes, valley_minutes
from curation.workflow.duplicates import mark
from curation.workflow.progress import CHANGE_STAGE, Progress, ignore
from curation.workflow.settings import Settings, load_settings, split_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from curation.store import Workspace
    from curation.store.imports import KnownChat

SPLIT_STAGE: Final = "split"


@dataclass(frozen=True, slots=True)
class ResplitReport:
    """How many conversations there are before and after, of those that nobody touched.

    `left_alone` counts those that a person acted on, which stay exactly as they are.
    """

    conversations_before: int
    conversations_after: int
    left_alone: int


def resplit_preview(
    workspace: Workspace,
    chat_id: int | None = None,
    *,
    settings: Settings | None = None,
    gaps: Mapping[int, int | None] | None = None,
) -> ResplitReport:
    """Return what `resplit` would do to one chat, or to all of them.

    `settings` are tried instead of those kept, `gaps` (chat id -> minutes, None: as the settings
    say) instead of the pauses that chats have of their own.
    """
    with workspace.read() as connection:
        rules = settings or load_settings(workspace)
        wanted = _chats(connection, None if chat_id is None else [chat_id])
        parts = [_split(connection, each, rules, gaps or {}) for each in wanted]
    return _summed(parts)


def resplit(
    workspace: Workspace, chat_ids: Sequence[int] | None = None, progress: Progress = ignore
) -> ResplitReport:
    """Split chats again by the settings and by the chats' own pauses; None: all chats.

    What a person acted on stays exactly as it is, findings stay with their messages. All of it is
    one transaction: stopped in between, nothing has changed. It cannot be undone, but what was
    done before still can.
    """
    settings = load_settings(workspace)
    with workspace.write() as connection:
        wanted = _chats(connection, chat_ids)
        parts = []
        for number, each in enumerate(wanted):
            progress(SPLIT_STAGE, number, len(wanted))
            part = _split(connection, each, settings, {})
            resplitting.regroup(connection, each.id, part.rows, partial(progress, CHANGE_STAGE))
            parts.append(part)
        progress(SPLIT_STAGE, len(wanted), len(wanted))
        report = _summed(parts)
        mark(connection, progress)
        journal.note(connection, "resplit", report.conversations_after)
    return report


@dataclass(frozen=True, slots=True)
class _Part:
    """How one chat would be split: its free messages with their groups, and what that comes to."""

    rows: pd.DataFrame
    before: int
    after: int
    left_alone: int


def _chats(connection: Connection, chat_ids: Sequence[int] | None) -> list[KnownChat]:
    known = imports.known_chats(connection)
    if chat_ids is None:
        return known
    for number in chat_ids:
        chats.check_there(connection, number)
    return [each for each in known if each.id in chat_ids]


def _summed(parts: Sequence[_Part]) -> ResplitReport:
    return ResplitReport(
        conversations_before=sum(each.before for each in parts),
        conversations_after=sum(each.after for each in parts),
        left_alone=sum(each.left_alone for each in parts),
    )


def _split(
    connection: Connection,
    chat: KnownChat,
    settings: Settings,
    gaps: Mapping[int, int | None],
) -> _Part:
    free, touched = resplitting.counts(connection, chat.id)
    messages = resplitting.chat_messages(connection, chat.id)
    without_time = messages.loc[messages["seconds"].isna(), "conversation_id"].unique()
    whole = ~messages["conversation_id"].isin(without_time)
    rows = messages[whole & ~messages["touched"]]
    fixed = messages.loc[messages["touched"] & messages["seconds"].notna(), "seconds"]
    rows = _grouped(rows, np.sort(fixed.to_numpy(dtype="int64")), chat, settings, gaps)
    before = rows["conversation_id"].nunique()
    return _Part(rows, free, free - before + rows["group"].nunique(), touched)


def _grouped(
    rows: pd.DataFrame,
    fixed: NDArray[np.int64],
    chat: KnownChat,
    settings: Settings,
    gaps: Mapping[int, int | None],
) -> pd.DataFrame:
    own = gaps.get(chat.id, chat.gap_minutes)
    seconds = rows["seconds"].to_numpy(dtype="int64")
    minutes = pause_minutes(own, settings, lambda: valley_minutes(np.concatenate([fixed, seconds])))
    return grouped(rows, fixed, settings, minutes)


def grouped(
    rows: pd.DataFrame,
    fixed: NDArray[np.int64],
    settings: Settings,
    minutes: float,
    *,
    apart: bool = False,
) -> pd.DataFrame:
    """Return messages of a chat in order of time with the column `group`.

    No group reaches over a message of a conversation that stays; `fixed` are the times of those.
    `apart` keeps the messages of different conversations apart.
    """
    rows = rows.assign(seconds=rows["seconds"].astype("int64"))
    rows = rows.sort_values("seconds", kind="stable", ignore_index=True)
    names = rows["conversation_id"].astype("str") if apart else pd.Series("", index=rows.index)
    table = rows.assign(
        chat=names,
        time=pd.to_datetime(rows["seconds"], unit="s").astype("datetime64[s]"),
        record=pd.array([None], dtype="Int64").repeat(len(rows)),
    )
    number = conversations.split_conversations(
        table, split_rules(settings), dict.fromkeys(names, timedelta(minutes=minutes))
    )
    stretch = np.searchsorted(fixed, rows["seconds"].to_numpy(), side="right")
    group = pd.factorize(number.to_numpy() * (len(fixed) + 1) + stretch)[0]
    columns = ["id", "conversation_id", "touched", "position", "seconds"]
    return rows[columns].assign(group=group)
