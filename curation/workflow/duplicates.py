"""Conversations that say nearly the same as an earlier one."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from curation import conversations
from curation.conversations import RECIPE, Fingerprints
from curation.store import duplicates
from curation.workflow.engines import given_or_own
from curation.workflow.progress import Progress, ignore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Connection

    from curation.bulk import Engine
    from curation.store import Workspace
    from curation.store.places import Place

DUPLICATES_STAGE: Final = "duplicates"
UNCOMPARED: Final = -RECIPE
"""The recipe of a fingerprint that was made by today's, before its text was compared with others.
"""

_BATCH: Final = 2_000  # conversations
_SECONDS: Final = 0.00003
"""Of one process for a conversation, about: whether others join in goes by it."""


def mark_duplicates(
    workspace: Workspace, progress: Progress = ignore, *, engine: Engine | None = None
) -> int:
    """Mark the conversations that say nearly the same as an earlier one; return how many there are.

    Marks that hold no longer are taken away. `engine` reads what is new where that is much, batch
    by batch: stopped in between, it goes on where it was. Raises EngineError.
    """
    with given_or_own(workspace, engine) as given:
        _read_ahead(workspace, given, progress)
    with workspace.write() as connection:
        return mark(connection, progress)


def _read_ahead(workspace: Workspace, engine: Engine, progress: Progress) -> None:
    """Make the fingerprints of new conversations and keep them as not compared yet.

    Each batch is a transaction of its own.
    """
    with workspace.read() as connection:
        new = duplicates.without_fingerprint(connection)
    if not engine.helps(len(new) * _SECONDS):
        return
    done, total = 0, len(new)

    def parts() -> Iterator[tuple[dict[int, int], dict[int, str]]]:
        for start in range(0, total, _BATCH):
            some = dict(new[start : start + _BATCH])
            with workspace.read() as connection:
                texts = duplicates.texts(connection, list(some))
            yield some, texts

    def told() -> None:
        progress(DUPLICATES_STAGE, done // 2, total)

    with closing(engine.map(conversations.fingerprint_work(), parts(), told)) as made:
        for some, prints in made:
            with workspace.write() as connection:
                rows = _rows(prints, some, UNCOMPARED)
                duplicates.keep_fingerprints_of_same(connection, some, rows)
            done += len(some)
            told()


def _rows(
    prints: Fingerprints, versions: Mapping[int, int | None], recipe: int
) -> list[tuple[object, ...]]:
    """Return fingerprints as they are kept."""
    return [
        (number, versions[number], recipe, runs, digest, keys.tobytes())
        for number, runs, digest, keys in zip(
            prints.ids.tolist(),
            prints.runs.tolist(),
            prints.digests.tolist(),
            prints.keys.astype("<u8"),
            strict=True,
        )
    ]


def mark(connection: Connection, progress: Progress) -> int:
    """As `mark_duplicates`, within a transaction at hand.

    Only conversations that are new or other than at the last search are read, and those that may
    be like them.
    """
    progress(DUPLICATES_STAGE, 0, 0)
    kept = duplicates.kept_fingerprints(connection)
    stale = [row for row in kept if (row.version, row.recipe) != (row.now, RECIPE)]
    if not stale:
        return duplicates.count(connection)
    new = [row.number for row in stale if row.now is not None]
    ahead = [row for row in stale if (row.version, row.recipe) == (row.now, UNCOMPARED)]
    made = {row.number for row in ahead}
    texts = duplicates.texts(connection, [number for number in new if number not in made])
    told = partial(progress, DUPLICATES_STAGE)
    fresh = conversations.fingerprints(texts, lambda done, total: told(done // 2, total))
    prints = _merged(fresh, ahead)
    versions = {row.number: row.now for row in stale}
    duplicates.keep_fingerprints(
        connection,
        [row.number for row in stale if row.version is not None],
        _rows(prints, versions, RECIPE),
    )

    def read(numbers: Sequence[int]) -> dict[int, str]:
        missing = [number for number in numbers if number not in texts]
        return {
            **{number: texts[number] for number in numbers if number in texts},
            **duplicates.texts(connection, missing),
        }

    held = duplicates.marks(connection)
    unmade = {row.number for row in stale}
    found = conversations.changed_marks(
        _merged(prints, [row for row in kept if row.number not in unmade]),
        held,
        new,
        read,
        former=_of([row for row in stale if row.recipe == RECIPE]),
        tick=lambda done, total: told(len(new) // 2 + len(new) * done // (2 * total), len(new)),
    )
    changes = {number: mark for number, mark in found.items() if held.get(number) != mark}
    duplicates.change_marks(connection, changes)
    told(len(new), len(new))
    return duplicates.count(connection)


def like_others(
    connection: Connection, apart: AbstractSet[int], places: Sequence[Place]
) -> set[int]:
    """Return those of the approved conversations `apart` that say nearly what one outside says.

    `places` are all that are approved. They must have been marked since they were changed.
    """
    approved = {each.id for each in places}
    rows = [
        row
        for row in duplicates.kept_fingerprints(connection)
        if row.number in approved and row.recipe == RECIPE
    ]
    known = [(each.id, each.like) for each in places if each.like in approved]
    return conversations.alike_across(
        _of(rows),
        apart,
        lambda numbers: duplicates.texts(connection, numbers),
        [(one, other) for one, other in known if other is not None],
    )


def _of(rows: Sequence[duplicates.Kept]) -> Fingerprints:
    if not rows:
        return Fingerprints.none()
    return Fingerprints(
        ids=np.array([row.number for row in rows], dtype="int64"),
        runs=np.array([row.runs for row in rows], dtype="int64"),
        digests=np.array([row.digest for row in rows], dtype="int64"),
        keys=np.frombuffer(b"".join(row.keys for row in rows), dtype="<u8").reshape(len(rows), -1),
    )


def _merged(new: Fingerprints, rows: Sequence[duplicates.Kept]) -> Fingerprints:
    """Return all fingerprints in the order of the conversations' ids."""
    kept = _of(rows)
    ids = np.concatenate((new.ids, kept.ids))
    order = np.argsort(ids)
    return Fingerprints(
        ids=ids[order],
        runs=np.concatenate((new.runs, kept.runs))[order],
        digests=np.concatenate((new.digests, kept.digests))[order],
        keys=np.concatenate((new.keys, kept.keys))[order],
    )
