"""Who speaks in a file, and which of them is me."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from curation.errors import N_, MeUnknownError
from curation.importers.chat_names import pair_name
from curation.importers.rows import UNSPOKEN
from curation.model import Kind, Participant, SourceFile

if TYPE_CHECKING:
    import pandas as pd

SAMPLES: Final = 3
SAMPLE_LENGTH: Final = 60
"""Longest sample line in characters."""

_WORDS: Final = [Kind.TEXT.value, Kind.QUOTE.value]


def spoken(messages: pd.DataFrame) -> pd.Series[bool]:
    """Return which messages somebody said: not system notices, recalls or pokes."""
    return ~messages["kind"].isin([kind.value for kind in UNSPOKEN])


def participants(source: SourceFile) -> tuple[Participant, ...]:
    """Return everybody who speaks in the file, most frequent first, with three sample lines each.

    The samples lie far apart and are words where there are any, so that a person recognises who
    is who.
    """
    said = source.messages[spoken(source.messages)]
    people = [
        Participant(
            sender=str(sender),
            name=str(rows["sender_name"].iloc[-1]),
            count=len(rows),
            samples=_samples(rows),
            is_me=None if rows["is_me"].isna().any() else bool(rows["is_me"].iloc[0]),
        )
        for sender, rows in said.groupby("sender", sort=False, dropna=False)
    ]
    return tuple(sorted(people, key=lambda person: -person.count))


def _samples(rows: pd.DataFrame) -> tuple[str, ...]:
    texts = rows.loc[rows["kind"].isin(_WORDS) & (rows["text"].str.strip() != ""), "text"]
    if texts.empty:
        texts = rows["text"]
    distinct = texts.drop_duplicates()
    last = len(distinct) - 1
    picked = sorted({last * step // (SAMPLES - 1) for step in range(SAMPLES)})
    lines = (" ".join(text.split()) for text in distinct.iloc[picked])
    return tuple(
        line if len(line) <= SAMPLE_LENGTH else line[: SAMPLE_LENGTH - 1] + "…" for line in lines
    )


def with_me(source: SourceFile, me: str) -> SourceFile:
    """Return the file with `is_me` filled in: me is whoever has `me` as sender or sender's name.

    A file that itself says who is me comes back unchanged: it knows better.

    Raises:
        MeUnknownError: nobody in the file has that name.

    """
    if source.me_known:
        return source
    messages = source.messages
    me = me.strip()
    said = spoken(messages)
    mine = said & (
        (messages["sender"].str.strip() == me) | (messages["sender_name"].str.strip() == me)
    )
    if not me or not mine.any():
        raise MeUnknownError(source.path, N_("nobody in this file is called {name}"), name=me)
    others = messages.loc[said & ~mine, "sender_name"].unique()
    chat = messages["chat"]
    if len(others) == 1:
        partner = str(others[0])
        names = messages.loc[mine, "sender_name"].unique()
        # The file's name said nothing, so the chat was called after both.
        pairs = [pair_name(str(name), partner) for name in names]
        chat = chat.mask(chat.isin(pairs), partner)
    return replace(
        source, messages=messages.assign(is_me=mine.astype("boolean"), chat=chat.astype("str"))
    )
