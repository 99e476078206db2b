"""A persona on disk: a JSON object, checked key by key."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from curation.errors import N_, BadFileError, PersonaError, why_of
from curation.model import PERSONA_TEXTS, Persona
from curation.persona.template import MAX_SYSTEM, check_template
from curation.storable import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_MAX_BYTES: Final = 1_000_000
_SHORT: Final = 40
_TRAITS: Final = ("personality", "occupation", "interests")
_TRAIT_HOLDERS: Final = ("traits", "character_traits")
_ALSO: Final = {"age": "age_band", "catchphrases": "catch_phrases"}
"""Keys that say the same, and the field that they fill."""

_TYPE: Final = re.compile(r"[EI][NS][FT][JP](?=-[AT]$|$)")


def _refuse(key: str) -> None:
    raise PersonaError(N_("The persona has a key that is not known: {key}."), key=key)


def read_persona(path: Path, unknown: Callable[[str], None] = _refuse) -> Persona:
    """Return the persona in the JSON file at `path`.

    `unknown` is called with every key that is not known, which by default is refused. Raises
    `BadFileError` when it is not a JSON object in UTF-8, and `PersonaError` naming the key that is
    given twice or of the wrong type, or the line of a template that cannot be used.
    """
    try:
        # Opening a named pipe would wait for somebody to write into it.
        if path.exists() and not path.is_file() and not path.is_dir():
            raise BadFileError(path, N_("this is not a regular file"))
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as exc:
        raise BadFileError(path, N_("cannot be read ({why})"), why=why_of(exc)) from exc
    if len(raw) > _MAX_BYTES:
        raise BadFileError(path, N_("too large for a persona"))
    try:
        content = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError as exc:
        raise BadFileError(path, N_("not UTF-8 text")) from exc
    except json.JSONDecodeError as exc:
        raise BadFileError(path, N_("not JSON"), line=exc.lineno) from exc
    except (RecursionError, ValueError) as exc:
        raise BadFileError(path, N_("not JSON that can be read")) from exc
    if not isinstance(content, dict):
        raise BadFileError(path, N_("not a JSON object"))
    return persona_from_dict(content, unknown)


def persona_from_dict(
    content: Mapping[str, Any], unknown: Callable[[str], None] = _refuse
) -> Persona:
    """Return the persona that `content` describes.

    Keys are the fields of `Persona`; a missing one is empty. A list of texts stands for one text,
    joined with 、. The three traits may stand in an object `traits` or `character_traits`; words or
    a list there are the personality. An age may be a number. Raises `PersonaError` as
    `read_persona` does.
    """
    fields: dict[str, Any] = {}
    for key, value in _flattened(content, unknown):
        name = _ALSO.get(key, key)
        if name in fields:
            raise PersonaError(N_("The persona gives {key} twice."), key=key)
        if name == "relations":
            fields[name] = _relations(value)
        elif name in PERSONA_TEXTS:
            fields[name] = _text(key, _in_words(value) if name == "age_band" else value)
        else:
            unknown(key)
    if "mbti" in fields:
        fields["mbti"] = read_type(fields["mbti"]) or fields["mbti"]
    persona = Persona(**fields)
    check_template(persona.system_prompt)
    return persona


def persona_to_dict(persona: Persona) -> dict[str, Any]:
    """Return `persona` as JSON values; `persona_from_dict` reads it back."""
    return {
        **{key: getattr(persona, key) for key in PERSONA_TEXTS},
        "relations": dict(persona.relations),
    }


def read_type(text: str) -> str:
    """Return the MBTI type that a text is, such as INFP for `infp-t`; empty where it is none."""
    found = _TYPE.match(text.strip().upper())
    return found[0] if found else ""


def _in_words(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; a key given twice would silently lose what stood there first."""
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise PersonaError(N_("The persona gives {key} twice."), key=_short(twice))
    return result


def _flattened(
    content: Mapping[str, Any], unknown: Callable[[str], None]
) -> Iterator[tuple[str, Any]]:
    """Yield keys and values with the traits taken out of their holders."""
    for key, value in content.items():
        if key not in _TRAIT_HOLDERS:
            yield _short(key), value
            continue
        if not isinstance(value, dict):  # traits in words describe the personality
            yield "personality", value
            continue
        for trait, words in value.items():
            if trait in _TRAITS:
                yield trait, words
            else:
                unknown(f"{key}.{_short(trait)}")


def _relations(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise PersonaError(N_("In the persona, {key} is not an object."), key="relations")
    return {
        storable(chat): _text(f"relations.{_short(chat)}", words) for chat, words in value.items()
    }


def _text(key: str, value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "、".join(part.strip() for part in value if part.strip())
    if not isinstance(value, str):
        raise PersonaError(N_("In the persona, {key} is not a text."), key=key)
    if len(value) > MAX_SYSTEM:
        raise PersonaError(N_("In the persona, {key} is too long."), key=key)
    return storable(value).strip()


def _short(key: str) -> str:
    """Return `key` as it may stand in a sentence."""
    return key if len(key) <= _SHORT and key.isprintable() else f"{key[:_SHORT]!a}"
