"""Collecting the visible strings: `python -m curation.ui.extract` updates every catalogue.

New strings appear in `locale/*/LC_MESSAGES/ruwo.po` with an empty translation, strings that the
code no longer has disappear.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from curation.ui.catalogue import DOMAIN, LANGUAGES, catalogue_path, read_catalogue

ROOT: Final = Path(__file__).parents[2]
_KEYWORDS: Final = {"_": None, "N_": None, "ngettext": (1, 2)}
_WIDTH: Final = 100


def sources() -> list[Path]:
    """Return the files whose strings are collected, in a lasting order."""
    found = [*(ROOT / "curation").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]
    return sorted(found)


def extracted() -> Catalog:
    """Return every marked string of the code, without translations."""
    template = Catalog(domain=DOMAIN, fuzzy=False)
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for _line, message, _comments, _context in extract_from_file(
            "python", path, keywords=_KEYWORDS
        ):
            template.add(message, locations=[(place, 0)])
    return template


def translated(message: Message) -> bool:
    """Return whether every form of a text has words."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms)


def update(language: str) -> tuple[int, int]:
    """Merge the code's strings into a catalogue; return how many it has and how many lack words."""
    path = catalogue_path(language)
    if path.exists():
        catalogue = read_catalogue(language)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(
            locale=language,
            domain=DOMAIN,
            project="ruwo",
            header_comment="# The texts of 如我 Ruwo.",
            fuzzy=False,
        )
    made = catalogue.creation_date
    catalogue.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.creation_date = made  # so that only a changed text changes the file
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=_WIDTH, include_lineno=False, ignore_obsolete=True)
    empty = sum(not translated(message) for message in catalogue if message.id)
    return len(catalogue), empty


def main() -> None:
    """Update the catalogue of every language but English, which is in the code."""
    for language in LANGUAGES:
        if language != "en":
            count, empty = update(language)
            sys.stderr.write(f"{language}: {count} texts, {empty} without a translation\n")


if __name__ == "__main__":
    main()
