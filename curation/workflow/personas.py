"""The personas of a workspace and the system text each gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from curation import conversations, style
from curation import persona as room
from curation.errors import N_, BadFileError, PersonaError
from curation.model import PERSONA_TEXTS, Persona
from curation.store import journal, personas, relations
from curation.store.settings import get_value, put_value
from curation.workflow.roles import for_reviewers, owners_only

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from curation.store import Workspace
    from curation.style import Fingerprint

BUILT_IN_TEMPLATE: Final = room.DEFAULT_TEMPLATE
TEMPLATE_FIELDS: Final = room.FIELDS
_DRAFTS: Final = "persona.drafts"


@dataclass(frozen=True, slots=True)
class KeptPersona:
    """A persona by its number; `active` is the one whose system text is exported."""

    id: int
    active: bool
    persona: Persona


@dataclass(frozen=True, slots=True)
class PersonaVersion:
    """A persona as it was saved `at` a time; `changed` are the fields that differ from before."""

    id: int
    at: datetime
    reviewer: str
    persona: Persona
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SystemLengths:
    """How many tokens the system text has, about, over all partners; the template is in order."""

    least: int
    most: int


def load_persona(workspace: Workspace) -> Persona:
    """Return the persona that is exported, an empty one where none was made."""
    with workspace.read() as connection:
        kept = personas.active_persona(connection)
        held = relations.relations(connection)
    return _persona({} if kept is None else kept.texts, held)


def kept_personas(workspace: Workspace) -> list[KeptPersona]:
    """Return all personas in the order in which they were made; they share their relations."""
    with workspace.read() as connection:
        held = relations.relations(connection)
        return [
            KeptPersona(each.id, each.active, _persona(each.texts, held))
            for each in personas.all_personas(connection)
        ]


@for_reviewers
def persona_name(workspace: Workspace) -> str:
    """Return what the person is called in the export, empty for nothing, or where it is hidden."""
    return "" if workspace.access().hides else load_persona(workspace).name.strip()


@owners_only
def save_persona(
    workspace: Workspace,
    persona: Persona,
    *,
    number: int | None = None,
    shown: Persona | None = None,
) -> int | None:
    """Keep a persona, by default the one that is exported, and what partners are; return its id.

    `shown` is what the screen had: only texts that differ from it are changed, and no relation.
    Where no persona was made yet and this one is empty, none is made. Raises PersonaError when the
    template cannot be used, StaleVersionError where the same was changed elsewhere since, and
    ActionRefusedError where the persona is gone.
    """
    room.persona_from_dict(room.persona_to_dict(persona))
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        kept = personas.active_persona(connection) if number is None else None
        number = kept.id if kept is not None else number
        texts = _texts(persona)
        if number is not None:
            personas.change(recorder, number, texts, None if shown is None else _texts(shown))
        elif any(texts.values()):
            number = personas.add(recorder, texts)
        if shown is None:
            _set_relations(recorder, persona.relations, whole=True)
        _finish(recorder, "save_persona")
    return number


@owners_only
def add_persona(workspace: Workspace, persona: Persona) -> int:
    """Add another persona, which is not the one that is exported yet; return its id."""
    room.persona_from_dict(room.persona_to_dict(persona))
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        number = personas.add(recorder, _texts(persona))
        _finish(recorder, "add_persona")
    return number


def use_persona(workspace: Workspace, number: int) -> None:
    """Let a persona be the one that is exported."""
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        personas.use(recorder, number)
        _finish(recorder, "use_persona")


def delete_persona(workspace: Workspace, number: int) -> None:
    """Remove a persona; ActionRefusedError for the one that is exported."""
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        personas.remove(recorder, number)
        _finish(recorder, "delete_persona")


def persona_versions(workspace: Workspace, number: int) -> list[PersonaVersion]:
    """Return what was saved of a persona, the last first."""
    with workspace.read() as connection:
        found = personas.versions(connection, number)
        held = relations.relations(connection)
    before = [*(each.texts for each in found[1:]), dict.fromkeys(PERSONA_TEXTS, "")]
    return [
        PersonaVersion(
            each.id,
            each.at,
            each.reviewer,
            _persona(each.texts, held),
            tuple(name for name in PERSONA_TEXTS if each.texts[name] != old[name]),
        )
        for each, old in zip(found, before if found else [], strict=True)
    ]


def restore_persona(workspace: Workspace, number: int, version: int) -> None:
    """Go back to what was saved of a persona; that is a save of its own, and can be undone."""
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        personas.go_back(recorder, number, version)
        _finish(recorder, "restore_persona")


def load_persona_draft(workspace: Workspace, number: int | None) -> Persona | None:
    """Return what could not be saved of a persona, None where all of it is saved.

    It is kept for each reviewer; `number` None is the persona that was not saved yet.
    """
    with workspace.read() as connection:
        mine = (get_value(connection, _DRAFTS) or {}).get(workspace.reviewer, {})
        held = relations.relations(connection)
    texts = mine.get(str(number))
    return None if texts is None else _persona(texts, held)


def keep_persona_draft(workspace: Workspace, number: int | None, persona: Persona | None) -> None:
    """Keep what cannot be saved of a persona, or forget it; no part of the journal."""
    with workspace.write() as connection:
        drafts: dict[str, dict[str, Any]] = get_value(connection, _DRAFTS) or {}
        mine = drafts.setdefault(workspace.reviewer, {})
        mine.pop(str(number), None)
        if persona is not None:
            mine[str(number)] = _texts(persona)
        put_value(connection, _DRAFTS, drafts)


def set_relation(workspace: Workspace, chat: str, relation: str) -> None:
    """Say what the partner of a chat is to me; nothing takes it away."""
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        _set_relations(recorder, {chat: relation.strip()}, whole=False)
        _finish(recorder, "set_relation")


def read_persona(path: Path, unknown: Callable[[str], None]) -> Persona:
    """Return the persona in a JSON file; BadFileError when it cannot be used.

    `unknown` is called with every key that means nothing to this program.
    """
    try:
        return room.read_persona(path, unknown)
    except PersonaError as exc:
        raise BadFileError(path, N_("the persona cannot be used: {problem}"), problem=exc) from exc


def preview_system(persona: Persona, chat: str, background: str = "") -> str:
    """Return the system text of a conversation in `chat`, before PII in it is masked.

    Raises PersonaError naming the line of the template that cannot be filled.
    """
    return room.render_system(persona, chat=chat, background=background)


def system_lengths(persona: Persona) -> SystemLengths:
    """Return how long the system text is over all partners; PersonaError as `preview_system`."""
    # Partners with the same relation get the same text.
    one_of_each = {relation: chat for chat, relation in persona.relations.items()}
    lengths = [
        conversations.estimate_tokens(room.render_system(persona, chat=chat))
        for chat in ("", *one_of_each.values())
    ]
    return SystemLengths(min(lengths), max(lengths))


def count_tokens(text: str) -> int:
    """Return about how many tokens a text is to a trainer."""
    return conversations.estimate_tokens(text)


def style_in_words(fingerprint: Fingerprint) -> tuple[str, str]:
    """Return how a person writes in a few Chinese phrases, and what they say all the time.

    Both are empty where too few messages were read to tell.
    """
    return style.describe(fingerprint), "、".join(style.catch_phrases(fingerprint))


def _persona(texts: Mapping[str, str], held: Mapping[str, str]) -> Persona:
    fields: dict[str, Any] = {**texts, "relations": held}
    return Persona(**fields)


def _texts(persona: Persona) -> dict[str, str]:
    return {name: getattr(persona, name) for name in PERSONA_TEXTS}


def _set_relations(recorder: journal.Recorder, wanted: Mapping[str, str], *, whole: bool) -> None:
    """Set relations that differ; those that are not `wanted` go where that is the `whole` map."""
    held = relations.relations(recorder.connection)
    gone = dict.fromkeys(held.keys() - wanted.keys(), "") if whole else {}
    changed = {
        chat: relation
        for chat, relation in {**wanted, **gone}.items()
        if relation != held.get(chat, "")
    }
    if changed:
        relations.set_relations(recorder, changed)


def _finish(recorder: journal.Recorder, action: str) -> None:
    if recorder.changes:
        journal.finish(recorder, action, count=0)
