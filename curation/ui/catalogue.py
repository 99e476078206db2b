"""Every visible string in the person's language.

Message ids are the English texts in the code; the Chinese ones are in `locale/`, kept as text and
compiled in memory. Update them with `python -m curation.ui.extract`.
"""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from curation.errors import N_, BadFileError, RuwoError
from curation.ui.entity_names import ENTITY_NAMES
from curation.ui.state import current_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from babel.messages.catalog import Catalog

DOMAIN: Final = "ruwo"
LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final[Mapping[str, str]] = {"zh": "中文", "en": "English"}
"""Languages of the screen, by code, each named in itself; English needs no catalogue."""

_PLACES: Final[Mapping[str, str]] = {
    "record": N_("record {number}"),
    "message": N_("message {number}"),
    "column": N_("column {number}"),
}
"""What importers name as a place in a file, by its English word."""

_FIELD: Final = re.compile(r"\{(\w+)(?:![rs])?(?::[^}]*)?\}")
"""A `{name}` field of a template; misses nested fields, which no template has."""

_ENTITIES: Final = "entities"
"""The field of a template that holds ids of entities."""

_ID: Final = re.compile(r"[A-Z][A-Z_]+")


def catalogue_path(language: str) -> Path:
    """Return where the texts of `language` are kept."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(language: str) -> Catalog:
    """Return the texts of `language` as they stand in its file."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


@cache
def _translations(language: str) -> NullTranslations:
    if not catalogue_path(language).exists():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _templates(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the core's templates with fields, each with a pattern that reads the values back."""
    if not catalogue_path(language).exists():
        return ()
    templates = (
        message.id
        for message in read_catalogue(language)
        if isinstance(message.id, str)
        and any(_is_core(place) for place, _line in message.locations)
    )
    return tuple(
        (re.compile(_pattern(template), re.DOTALL), template)
        for template in templates
        if _FIELD.search(template)
    )


def _is_core(place: str) -> bool:
    return place.startswith("curation/") and not place.startswith("curation/ui/")


def _pattern(template: str) -> str:
    """Return a regular expression for the sentences that `template` can become."""
    out, at, seen = "", 0, set[str]()
    for field in _FIELD.finditer(template):
        name = field[1]
        out += re.escape(template[at : field.start()])
        out += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
        seen.add(name)
        at = field.end()
    return out + re.escape(template[at:])


def _(message: str) -> str:
    """Return `message` in this tab's language."""
    return _translations(current_language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form for `number` in this tab's language, its fields still to be filled."""
    return _translations(current_language()).ngettext(singular, plural, number)


def sentences(parts: Iterable[str]) -> str:
    """Return finished sentences one after the other, with a blank between where that is usual."""
    return ("" if current_language() == "zh" else " ").join(parts)


def say(sentence: str) -> str:
    """Return a sentence of the core in this tab's language, also when it was filled already.

    The rooms below hand over warnings and reasons as finished English sentences: the template is
    found again by its fixed words, and its values are set into the translation.
    """
    language = current_language()
    translated = _translations(language).gettext(sentence)
    if translated != sentence:
        return translated
    for pattern, template in _templates(language):
        if found := pattern.fullmatch(sentence):
            filled = _FIELD.sub(r"{\1}", _translations(language).gettext(template))
            return filled.format(**found.groupdict())
    return sentence


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a template of the core in this tab's language with its fields filled.

    A field without a value stays as it is; so does a template that the catalogue does not know.
    """
    told = _(template) if template else ""  # the empty text stands for the catalogue's own head
    return _FIELD.sub(lambda field: str(values.get(field[1], field[0])), told)


def error_text(error: RuwoError) -> str:
    """Return the error as one sentence in this tab's language: file, place and reason."""
    reason = _reason(error)
    if not isinstance(error, BadFileError):
        return reason
    name = error.path.name or str(error.path)
    if error.line is not None and error.place:
        where = _("{file}, line {line}, {place}: {reason}")
    elif error.line is not None:
        where = _("{file}, line {line}: {reason}")
    elif error.place:
        where = _("{file}, {place}: {reason}")
    else:
        where = _("{file}: {reason}")
    return where.format(file=name, line=error.line, place=_place(error.place), reason=reason)


def place_text(error: BadFileError) -> str:
    """Return place and reason in this tab's language, for where the file is named already."""
    reason = _reason(error)
    if error.line is not None and error.place:
        where = _("line {line}, {place}: {reason}")
    elif error.line is not None:
        where = _("line {line}: {reason}")
    elif error.place:
        where = _("{place}: {reason}")
    else:
        return reason
    return where.format(line=error.line, place=_place(error.place), reason=reason)


def _reason(error: RuwoError) -> str:
    """Return the sentence of an error, with the names of entities in the place of their ids."""
    values = {
        name: _ID.sub(lambda found: _(ENTITY_NAMES.get(found[0], found[0])), str(value))
        if name == _ENTITIES
        else value
        for name, value in error.values.items()
    }
    return _(error.template).format(**values)


def _place(place: str) -> str:
    """Return a place such as `record 12, message 3` in this tab's language."""
    parts = []
    for part in place.split(", "):
        word, _blank, number = part.rpartition(" ")
        parts.append(_(_PLACES[word]).format(number=number) if word in _PLACES else part)
    return _(", ").join(parts)
