"""Who speaks in a file, and which of them is me."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from curation.errors import N_, MeUnknownError
from curation.importers.chat_names import pair_name
from curation.model import UNSPOKEN_KINDS, Kind, Participant, SourceFile

if TYPE_CHECKING:
    import pandas as pd

SAMPLES: Final = 3
SAMPLE_LENGTH: Final = 60
"""Longest sample line in characters."""

_WORDS: Final = [Kind.TEXT.value, Kind.QUOTE.value]


def spoken(messages: pd.DataFrame) -> pd.Series[bool]:
    """Return which messages somebody said: not system notices, recalls or pokes."""
    return ~messages["kind"].isin([kind.value for kind in UNSPOKEN_KINDS])


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
    """Return the file with `is_me` filled in: me is whoever is called `me` in it.

    Asked are the sender, the sender's name and the other names the file gives, in this order;
    first as they are written, then whatever their width, case and blanks. A file that itself says
    who is me knows better: it comes back as it was, with a warning if it calls another one `me`.

    Raises:
        MeUnknownError: nobody in the file has that name, or several senders have it.

    """
    senders = _called(source, me)
    messages = source.messages
    said = spoken(messages)
    mine = said & messages["sender"].isin(senders)
    if source.me_known:
        known = messages["is_me"].astype("bool")
        if not mine.any() or (mine & known).any():
            return source
        warning = N_("the file says itself who you are, and not by the name given; it is believed")
        return replace(source, warnings=(*source.warnings, warning))
    if not senders:
        raise MeUnknownError(source.path, N_("nobody in this file is called {name}"), name=me)
    if len({sender.strip() for sender in senders}) > 1:
        reason = N_("several senders in this file are called {name}")
        raise MeUnknownError(source.path, reason, name=me)
    # Some chats of the file may say it themselves, others not.
    is_me = messages["is_me"].fillna(mine.astype("boolean"))
    return replace(source, messages=messages.assign(is_me=is_me, chat=_chat(messages, mine)))


def _chat(messages: pd.DataFrame, mine: pd.Series[bool]) -> pd.Series[str]:
    """Return the chats' names, now that it is known whose partner gives the name."""
    chat = messages["chat"]
    others = messages.loc[spoken(messages) & ~mine, "sender_name"].unique()
    if len(others) == 1:
        partner = str(others[0])
        names = messages.loc[mine, "sender_name"].unique()
        # The file's name said nothing, so the chat was called after both.
        pairs = [pair_name(str(name), partner) for name in names]
        chat = chat.mask(chat.isin(pairs), partner)
    return chat.astype("str")


def _called(source: SourceFile, me: str) -> set[str]:
    """Return the senders of the file who are called `me`."""
    said = source.messages[spoken(source.messages)]
    people = said[["sender", "sender_name"]].dropna(subset=["sender"]).drop_duplicates()
    names = [
        [(sender, sender) for sender in people["sender"]],
        list(people.itertuples(index=False, name=None)),
        [
            (sender, alias)
            for sender in people["sender"].unique()
            for alias in source.aliases.get(sender, ())
        ],
    ]
    for plain in (str.strip, _folded):
        wanted = plain(me)
        for pairs in names:
            found = {
                str(sender)
                for sender, name in pairs
                if wanted and isinstance(name, str) and plain(name) == wanted
            }
            if found:
                return found
    return set()


def _folded(name: str) -> str:
    """Return `name` as it is compared when nobody writes it exactly so."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
