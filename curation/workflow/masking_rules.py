"""What masking goes by in one workspace, read once and handed to whoever masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from curation import pii, store
from curation.model import PERSONA_TEXTS
from curation.workflow.detecting import detect_texts, detection_rules, valued
from curation.workflow.own_name import as_names, own_names
from curation.workflow.personas import load_persona
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.model import Decision, DetectionRules, Persona, Replacement
    from curation.store import Workspace


@dataclass(frozen=True, slots=True)
class Masking:
    """What masking goes by in one workspace: decisions, rules, names, and what stands for values.

    `written` are texts of the persona and beside conversations, whose values are real ones too.
    """

    kept: frozenset[tuple[str, str]]
    decided: Mapping[tuple[str, str], Decision]
    rules: DetectionRules
    public: frozenset[str]
    relations: frozenset[str]
    secret: bytes
    ways: Mapping[str, Replacement]
    values: frozenset[tuple[str, str]]
    written: tuple[str, ...]

    @classmethod
    def of(cls, workspace: Workspace, *, inventing: bool = True) -> Masking:
        """Return what masking goes by in a workspace.

        Whoever only searches need not read every value, which nothing invented may be: not
        `inventing`.
        """
        rules = detection_rules(workspace)
        persona = load_persona(workspace)
        return cls(
            kept=frozenset(store.kept_values(workspace)),
            decided=store.value_decisions(workspace),
            rules=rules,
            public=frozenset(own_names(persona, rules.names)),
            relations=_relations(persona, rules.names),
            secret=store.workspace_secret(workspace),
            ways=dict(load_settings(workspace).replacements),
            values=frozenset(store.found_values(workspace) if inventing else ()),
            written=(*store.written_backgrounds(workspace), *_fields(persona)) if inventing else (),
        )

    def real_values(self) -> frozenset[tuple[str, str]]:
        """Return the values that nothing invented may be, those of `written` too."""
        found = detect_texts(self.written, self.rules)
        return self.values | {
            (each.finding.entity, each.value)
            for text, some in zip(self.written, found, strict=True)
            for each in valued(text, some)
        }


def _relations(persona: Persona, known: Sequence[str]) -> frozenset[str]:
    """Return the words for relations that name nobody of those who are known."""
    words = as_names(persona.relations.values())
    if not words:
        return words
    names_somebody = pii.mentions(known)
    return frozenset(each for each in words if not names_somebody(each))


def _fields(persona: Persona) -> list[str]:
    """Return the texts of a persona that go into system texts."""
    texts = (getattr(persona, name) for name in PERSONA_TEXTS if name != "name")
    return [text for text in texts if text]
