"""Splitting chosen conversations again, by another pause, so that one undo takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
import pandas as pd

from curation.store import imports, journal, regrouping, resplitting
from curation.workflow.bulk import Facts, Left, Outlook, finish
from curation.workflow.chats import check_pause, pause_minutes, valley_minutes
from curation.workflow.progress import CHANGE_STAGE
from curation.workflow.resplitting import SPLIT_STAGE, grouped
from curation.workflow.settings import settings_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from curation.store.bulk import Head
    from curation.store.imports import KnownChat
    from curation.workflow.progress import Progress
    from curation.workflow.settings import Settings


@dataclass(frozen=True, slots=True)
class SplitAgain:
    """Put the messages of conversations together anew by pauses of `minutes`.

    None: by the pause of each chat. Neighbours that nobody touched may become one; who touched a
    conversation has it left alone unless `again` is asked for, and then it only falls apart: what
    was said of it (status, background, emotions) holds for each part.
    """

    minutes: int | None = None
    name: ClassVar[str] = journal.SPLIT_AGAIN

    def examine(
        self, connection: Connection, rows: Sequence[Head], progress: Progress, *, again: bool
    ) -> Outlook:
        """Return which would fall apart or become one with another."""
        check_pause(self.minutes)
        outlook = Outlook()
        chosen = [row for row in rows if again or not row.touched]
        outlook.left[Left.DECIDED] = len(rows) - len(chosen)
        settings = settings_from(connection)
        by_chat: dict[int, list[int]] = {}
        for row in chosen:
            by_chat.setdefault(row.chat_id, []).append(row.id)
        known = {chat.id: chat for chat in imports.known_chats(connection)}
        tables: list[pd.DataFrame] = []
        parts = done = 0
        for chat_id, numbers in by_chat.items():
            progress(SPLIT_STAGE, done, len(chosen))
            done += len(numbers)
            table, timeless = self._split(connection, known[chat_id], numbers, settings)
            outlook.left[Left.NOTHING] += timeless
            changing = resplitting.changed(table)
            moving = list(dict.fromkeys(changing["conversation_id"].tolist()))
            outlook.changing += moving
            outlook.left[Left.SAME] += len(numbers) - timeless - len(moving)
            parts += changing["group"].nunique()
            tables.append(changing)
        progress(SPLIT_STAGE, done, len(chosen))
        outlook.left = +outlook.left
        outlook.facts = Facts(decided=sum(row.touched for row in rows), parts=parts)
        outlook.prepared = tables
        return outlook

    def ground(self, connection: Connection) -> object:
        """Return what the parts go by besides the versions of the conversations that are split.

        Those are the times of what else was said, which only come and go with messages, the pause
        of each chat and what is set for all.
        """
        gaps = {chat.id: chat.gap_minutes for chat in imports.known_chats(connection)}
        return resplitting.extent(connection), gaps, settings_from(connection)

    def _split(
        self, connection: Connection, chat: KnownChat, numbers: Sequence[int], settings: Settings
    ) -> tuple[pd.DataFrame, int]:
        """Return the messages of one chat's conversations with groups, and how many have no times.

        Nor are those split whose messages a person put into another order than that of time.
        """
        rows = resplitting.messages_of(connection, numbers)
        seconds = rows["seconds"].astype("float64")
        backwards = seconds.groupby(rows["conversation_id"]).diff() < 0
        odd = rows.loc[seconds.isna() | (backwards & rows["touched"]), "conversation_id"].unique()
        rows = rows[~rows["conversation_id"].isin(odd)]
        used = rows["conversation_id"].unique()
        others = resplitting.other_times(connection, chat.id, used.tolist())
        free, own = rows[~rows["touched"]], rows[rows["touched"]]
        owned = own["seconds"].to_numpy(dtype="int64")
        fixed = np.sort(np.concatenate([others, owned]))
        minutes = pause_minutes(
            self.minutes if self.minutes is not None else chat.gap_minutes,
            settings,
            lambda: valley_minutes(
                np.concatenate([fixed, free["seconds"].to_numpy(dtype="int64")])
            ),
        )
        joined = grouped(free, fixed, settings, minutes)
        apart = grouped(own, np.array([], dtype="int64"), settings, minutes, apart=True)
        apart = apart.assign(group=apart["group"] + len(joined))
        return pd.concat([joined, apart], ignore_index=True), len(numbers) - len(used)

    def carry_out(self, recorder: journal.Recorder, outlook: Outlook, progress: Progress) -> int:
        """Move the messages, chat by chat. Near-duplicates are looked for at the next import."""
        for table in cast("list[pd.DataFrame]", outlook.prepared):
            if len(table):
                regrouping.regroup(recorder, table, partial(progress, CHANGE_STAGE))
        return finish(recorder, self.name, progress)
