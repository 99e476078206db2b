"""The persona of a workspace and the system text it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from curation import persona as room
from curation import store

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import Persona
    from curation.store import Workspace

_KEY: Final = "persona"


def load_persona(workspace: Workspace) -> Persona:
    """Return the persona kept in the workspace, an empty one where none was set."""
    return room.persona_from_dict(store.get_setting(workspace, _KEY) or {})


def save_persona(workspace: Workspace, persona: Persona) -> None:
    """Keep a persona in the workspace; PersonaError when its template cannot be used."""
    content = room.persona_to_dict(persona)
    room.persona_from_dict(content)
    store.put_setting(workspace, _KEY, content)


def read_persona(path: Path) -> Persona:
    """Return the persona in a JSON file; BadFileError or PersonaError when it cannot be used."""
    return room.read_persona(path)


def preview_system(persona: Persona, chat: str, background: str = "") -> str:
    """Return the system text of a conversation in `chat`, before PII in it is masked.

    Raises PersonaError naming the line of the template that cannot be filled.
    """
    return room.render_system(persona, chat=chat, background=background)
