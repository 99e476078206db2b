"""The persona of a workspace and the system text it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation import persona as room
from curation import store
from curation.errors import N_, BadFileError, PersonaError
from curation.store.relations import PERSONA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.model import Persona
    from curation.store import Workspace


def load_persona(workspace: Workspace) -> Persona:
    """Return the persona kept in the workspace, an empty one where none was set."""
    return room.persona_from_dict(store.get_setting(workspace, PERSONA) or {})


def save_persona(workspace: Workspace, persona: Persona) -> None:
    """Keep a persona in the workspace; PersonaError when its template cannot be used."""
    content = room.persona_to_dict(persona)
    room.persona_from_dict(content)
    store.put_setting(workspace, PERSONA, content)


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
