"""Who the digital self is: reading it, and the system text it gives each record."""

from __future__ import annotations

from curation.persona.interview import GROUPS as QUESTION_GROUPS
from curation.persona.interview import QUESTIONS, Question
from curation.persona.reading import persona_from_dict, persona_to_dict, read_persona, read_type
from curation.persona.template import DEFAULT_TEMPLATE, FIELDS, render_system, woven

__all__ = [
    "DEFAULT_TEMPLATE",
    "FIELDS",
    "QUESTIONS",
    "QUESTION_GROUPS",
    "Question",
    "persona_from_dict",
    "persona_to_dict",
    "read_persona",
    "read_type",
    "render_system",
    "woven",
]
