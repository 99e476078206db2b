"""Letting a backup, or what can still be read, take the place of a workspace that is damaged.

Nothing plain is written out of what is encrypted: the new workspace opens with the passphrase of
the old one, or else with that of the file it is made of.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from curation.errors import N_, PassphraseNeededError, WorkspaceError
from curation.store import derived
from curation.store.files import asides, ciphers, connecting, damage, restoring, salvaging
from curation.store.tables import conversation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curation.errors import WorkspaceDamagedError
    from curation.store.files.ciphers import Key
    from curation.store.files.restoring import Told

_swapping: Final = threading.Lock()


class Asked(StrEnum):
    """Whose passphrase is needed before a file can take the place of a damaged workspace."""

    NOBODY = "nobody"
    FILE = "file"
    WORKSPACE = "workspace"


def asked(live: Path, source: Path | None) -> Asked:
    """Return whose passphrase `replace_damaged` needs for a source."""
    path = asides.left_of(live) if source is None else source
    if ciphers.looks_encrypted(path):
        return Asked.FILE if ciphers.key_for(path) is None else Asked.NOBODY
    return Asked.WORKSPACE if lost_its_key(live) else Asked.NOBODY


def lost_its_key(live: Path) -> bool:
    """Whether a workspace had a passphrase that nobody gave since the start."""
    return ciphers.held(live) is None and ciphers.looks_encrypted(_telling(live))


def replace_damaged(
    error: WorkspaceDamagedError,
    source: Path | None,
    told: Told,
    passphrase: str | None = None,
    *,
    plain: bool = False,
) -> Path | None:
    """Let the backup or copy `source` be the workspace; return the damaged one's file, set aside.

    None is returned where nothing was left. Without a source, the new one is what can be read
    of the damaged one itself. That stays. Nobody may have it open. The new one is open afterwards,
    and opens with the passphrase of the old one where that is known, otherwise with that of the
    source. Of a source without one, `passphrase` is that of the old workspace, unless the new one
    shall be `plain`: of an encrypted source, or where the passphrase of the old one is known,
    WorkspaceError refuses that.

    Raises PassphraseNeededError and WrongPassphraseError, WorkspaceReplacedError where the file is
    no more what was told of it, and what `restoring.restore` raises; then nothing changed.
    """
    damage.look_again(error)
    live = error.path
    path = asides.left_of(live) if source is None else source
    if plain:
        _refuse_plain(live, path)
    key = ciphers.find_key(path, passphrase)
    own = ciphers.held(live) or key
    if own is None and not plain:
        own = _key_of_before(live, passphrase)
    with restoring.building(live) as built, _holding(built, own):
        if source is None:
            _save(path, built, told)
        else:
            restoring.build_any(path, key, live, built, told)
        aside = _swap(error, built, own)
    asides.clean_up(live)
    return aside


def begin_anew(error: WorkspaceDamagedError) -> Path | None:
    """Let an empty workspace be there; return the file that was, set aside, if any.

    It has the passphrase of the old one where that is known. Nobody may have it open. Raises
    WorkspaceReplacedError as above, and WorkspaceError where the system refuses.
    """
    damage.look_again(error)
    own = ciphers.held(error.path)
    with restoring.building(error.path) as built, _holding(built, own):
        with restoring.built_by(restoring.hasty_engine(built)) as connection:
            restoring.bring_to_today(connection)
        return _swap(error, built, own)


def _telling(live: Path) -> Path:
    """Return the file that tells whether a workspace was encrypted."""
    # Whoever encrypts one has its plain copies deleted, and all later ones are encrypted.
    copy = damage.telling_copy(live)
    left = asides.left_of(live)
    if copy is None and not damage.tells(left):
        copy = damage.telling_copy(live, replaced=True)  # a restore leaves it encrypted, or plain
    return copy or left


def _refuse_plain(live: Path, source: Path) -> None:
    """Raise WorkspaceError where something plain would be written out of what is encrypted."""
    if ciphers.looks_encrypted(source):
        raise WorkspaceError(
            N_(
                "{name} is encrypted, and so is a workspace that is made of it: go on with its"
                " passphrase, and remove that in the settings afterwards."
            ),
            name=source.name,
        )
    if ciphers.held(live) is not None:
        raise WorkspaceError(
            N_(
                "The passphrase of the workspace {name} is known, so it keeps that. The settings"
                " remove a passphrase."
            ),
            name=live.name,
        )


def _key_of_before(live: Path, passphrase: str | None) -> Key | None:
    """Return the key that the old workspace had, None where it was plain."""
    path = _telling(live)
    if not ciphers.looks_encrypted(path):
        return None
    if not passphrase:
        raise PassphraseNeededError(
            N_(
                "The workspace {name} had a passphrase, and this file has none: give that"
                " passphrase, so that the workspace keeps it, or go on without one."
            ),
            name=live.name,
        )
    return ciphers.find_key(path, passphrase)


@contextmanager
def _holding(built: Path, key: Key | None) -> Iterator[None]:
    """Let what is written to a new file be encrypted with this key."""
    ciphers.hold(built, key)
    try:
        yield
    finally:
        ciphers.hold(built, None)


def _save(damaged: Path, built: Path, told: Told) -> None:
    with restoring.built_by(restoring.hasty_engine(built)) as connection:
        salvaging.save(connection, damaged, partial(told, restoring.UNPACK_STAGE))
        restoring.bring_to_today(connection)
        # What was counted of a conversation may have been counted with what is lost.
        derived.refresh(connection, connection.scalars(select(conversation.c.id)).all())


def _swap(error: WorkspaceDamagedError, built: Path, own: Key | None) -> Path | None:
    """Put the new file in the place of the old one, unless somebody did so meanwhile.

    Returns what was set aside, as `asides.kept`.
    """
    live = error.path
    connecting.settle(built)
    with _swapping:
        damage.look_again(error)
        aside = asides.set_aside(live)
        try:
            with ciphers.replacing(live, own):
                built.rename(live)
        except OSError:
            asides.put_back(live, aside)
            raise
    connecting.settle_folder(live.parent)
    return asides.kept(aside)
