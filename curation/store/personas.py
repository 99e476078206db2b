"""The personas of a workspace and what was saved of each; one of them is exported.

Texts are columns, so that the journal tells what was changed and undo stands on what it changed
alone. Every save leaves a version: the texts as they were then.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from curation.errors import N_, ActionRefusedError, StaleVersionError
from curation.model import PERSONA_TEXTS
from curation.store.journal import reviewer_of
from curation.store.tables import persona, persona_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from curation.store.journal import Recorder

GONE: Final = N_("This persona is no longer there.")
_CHANGED: Final = N_("The persona was changed elsewhere since it was shown; look at it again.")


@dataclass(frozen=True, slots=True)
class KeptPersona:
    """A persona by its number: its texts, and whether it is the one that is exported."""

    id: int
    active: bool
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PersonaVersion:
    """The texts of a persona as they were saved `at` a time by a reviewer."""

    id: int
    at: datetime
    reviewer: str
    texts: Mapping[str, str]


def all_personas(connection: Connection) -> list[KeptPersona]:
    """Return the personas in the order in which they were made."""
    return [_kept(row) for row in connection.execute(select(persona).order_by(persona.c.id))]


def active_persona(connection: Connection) -> KeptPersona | None:
    """Return the persona that is exported, None where there is none yet."""
    row = connection.execute(select(persona).where(persona.c.active)).first()
    return None if row is None else _kept(row)


def versions(connection: Connection, number: int) -> list[PersonaVersion]:
    """Return what was saved of a persona, the last first."""
    query = (
        select(persona_version)
        .where(persona_version.c.persona_id == number)
        .order_by(persona_version.c.id.desc())
    )
    return [
        PersonaVersion(
            row.id, datetime.fromtimestamp(row.at, UTC), row.reviewer, _texts(row.content)
        )
        for row in connection.execute(query)
    ]


def add(recorder: Recorder, texts: Mapping[str, str]) -> int:
    """Add a persona; the first one of a workspace is the one that is exported. Return its id."""
    first = active_persona(recorder.connection) is None
    number = recorder.insert(persona, active=first, **_whole(texts))
    _keep_version(recorder, number)
    return number


def change(
    recorder: Recorder,
    number: int,
    wanted: Mapping[str, str],
    shown: Mapping[str, str] | None = None,
) -> bool:
    """Give a persona other texts; return whether any differs.

    With what was `shown`, only texts that differ from it are set. Raises StaleVersionError where
    one of those was changed since, ActionRefusedError where the persona is gone.
    """
    held = get(recorder.connection, number).texts
    changed = {name: text for name, text in wanted.items() if text != (shown or held).get(name, "")}
    if shown is not None and any(
        held[name] not in (shown.get(name, ""), text) for name, text in changed.items()
    ):
        raise StaleVersionError(_CHANGED)
    changed = {name: text for name, text in changed.items() if text != held[name]}
    if changed:
        recorder.update(persona, persona.c.id == number, **changed)
        _keep_version(recorder, number)
    return bool(changed)


def go_back(recorder: Recorder, number: int, version: int) -> None:
    """Give a persona the texts it had in a version; ActionRefusedError where either is gone."""
    content = recorder.connection.scalar(
        select(persona_version.c.content).where(
            persona_version.c.id == version, persona_version.c.persona_id == number
        )
    )
    if content is None:
        raise ActionRefusedError(GONE)
    change(recorder, number, _texts(content))


def use(recorder: Recorder, number: int) -> None:
    """Let a persona be the one that is exported."""
    get(recorder.connection, number)
    recorder.update(persona, persona.c.id != number, active=False)
    recorder.update(persona, persona.c.id == number, active=True)


def remove(recorder: Recorder, number: int) -> None:
    """Remove a persona that is not exported, and what was saved of it."""
    if get(recorder.connection, number).active:
        raise ActionRefusedError(
            N_("This persona is the one that is exported. Choose another one for that first.")
        )
    recorder.delete(persona_version, persona_version.c.persona_id == number)
    recorder.delete(persona, persona.c.id == number)


def get(connection: Connection, number: int) -> KeptPersona:
    """Return a persona; ActionRefusedError where it is gone."""
    row = connection.execute(select(persona).where(persona.c.id == number)).first()
    if row is None:
        raise ActionRefusedError(GONE)
    return _kept(row)


def _keep_version(recorder: Recorder, number: int) -> None:
    texts = dict(get(recorder.connection, number).texts)
    recorder.insert(
        persona_version,
        persona_id=number,
        at=int(time.time()),
        reviewer=reviewer_of(recorder.connection),
        content=json.dumps(texts, ensure_ascii=False),
    )


def _kept(row: Row[Any]) -> KeptPersona:
    return KeptPersona(row.id, row.active, {name: row._mapping[name] for name in PERSONA_TEXTS})  # noqa: SLF001  (a row's own way to its columns)


def _texts(content: str) -> dict[str, str]:
    return _whole(json.loads(content))


def _whole(texts: Mapping[str, str]) -> dict[str, str]:
    """Return all texts of a persona: a version may be older than a field."""
    return {name: texts.get(name, "") for name in PERSONA_TEXTS}
