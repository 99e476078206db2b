"""The guides of docs/: both languages have the same pages, name what is on screen, and lead on."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import pytest
from babel.messages.pofile import read_po

from curation.ui.components.review_words import KEYS, review_labels
from curation.ui.keyboard import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
CATALOGUE: Final = ROOT / "curation" / "ui" / "locale" / "zh" / "LC_MESSAGES" / "ruwo.po"
LANGUAGES: Final = ("zh", "en")
STARTERS: Final = ("start.py", "start.sh", "start.bat")
LEAST_QUOTED: Final = 8
GUIDES: Final = {
    language: {path.name: path for path in sorted((DOCS / language).glob("*.md"))}
    for language in LANGUAGES
}
EVERY_GUIDE: Final = [path for guides in GUIDES.values() for path in guides.values()]
LEADING: Final = [*EVERY_GUIDE, *sorted(DOCS.glob("*.md")), ROOT / "README.md"]

_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)
_VALUE = re.compile(r"\\\{\w+(?::\w+)?\\\}")
_LEAST_SIGNS = 2
"""A text of the screen that has hardly a sign of its own would stand for anything."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """Return a page without what stands in code."""
    return _CODE.sub(" ", path.read_text(encoding="utf-8"))


def links(path: Path) -> Iterator[str]:
    """Yield what a page leads to within the project."""
    for match in _LINK.finditer(prose(path)):
        target = match.group(1) or match.group(2)
        if not re.match(r"[a-z]+:", target):
            yield unquote(target)


def targets(path: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield each link with the file it means and the place within it."""
    for link in links(path):
        file, _hash, place = link.partition("#")
        yield link, (path.parent / file).resolve() if file else path, place


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


@cache
def shown(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return what the screen says in a language: fixed texts, and those with values in them."""
    texts: set[str] = set()
    for message in catalogue():
        said = message.id if language == "en" else message.string
        texts |= {said} if isinstance(said, str) else set(said or ())
    fixed = frozenset(text for text in texts if "{" not in text)
    patterns = tuple(
        re.compile(_VALUE.sub(".+?", re.escape(text)), re.DOTALL)
        for text in texts - fixed
        if len(re.sub(r"\{[^}]*\}|\W", "", text)) >= _LEAST_SIGNS
    )
    return fixed, patterns


def on_screen(label: str, language: str) -> bool:
    fixed, patterns = shown(language)
    return label in fixed or any(pattern.fullmatch(label) for pattern in patterns)


def test_both_languages_have_the_same_pages_with_the_same_headings() -> None:
    assert GUIDES["zh"].keys() == GUIDES["en"].keys()
    for page, chinese in GUIDES["zh"].items():
        levels = [_HEADING.findall(prose(path)) for path in (chinese, GUIDES["en"][page])]
        assert levels[0] == levels[1], page


@pytest.mark.parametrize("path", LEADING, ids=name)
def test_every_link_and_picture_is_there(path: Path) -> None:
    for link, file, place in targets(path):
        assert file.exists(), link
        if place:
            assert f'<a id="{place}"></a>' in file.read_text(encoding="utf-8"), link


@pytest.mark.parametrize("path", EVERY_GUIDE, ids=name)
def test_what_is_bold_stands_on_the_screen_word_by_word(path: Path) -> None:
    labels = [re.sub(r"\s*\n\s*", " ", label) for label in _BOLD.findall(prose(path))]
    assert [each for each in labels if not on_screen(each, path.parent.name)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_leads_to_all_others(language: str) -> None:
    first = DOCS / language / "README.md"
    led = {file for _link, file, _place in targets(first)}
    assert {path.resolve() for path in GUIDES[language].values()} - {first.resolve()} <= led


def test_every_picture_is_whole_and_shown_somewhere() -> None:
    used = {file for path in LEADING for _link, file, _place in targets(path)}
    taken = {path.resolve() for path in (DOCS / "screenshots").rglob("*.*")}
    assert sorted(map(name, taken - used)) == []
    broken = [name(path) for path in taken if path.read_bytes()[8:12] != b"WEBP"]
    assert broken == []


def test_a_made_up_label_would_be_noticed() -> None:
    assert on_screen("导入 356 条消息", "zh")
    assert not on_screen("导入 356 个消息", "zh")
    assert not on_screen("Import", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_starters_are_quoted_with_is_what_they_say(language: str) -> None:
    starters = "".join((ROOT / each).read_text(encoding="utf-8") for each in STARTERS)
    page = GUIDES[language]["installing.md"].read_text(encoding="utf-8")
    quoted = re.findall(r"`(?!pipx)([^`]*[。.]|[^`]*needed|[^`]*3\.13|[^`]*……)`", page)
    assert len(quoted) >= LEAST_QUOTED
    said = [each.replace(".venv", "{name}") for each in quoted]
    assert [each for each in said if each not in starters] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_on_reviewing_tells_every_key(language: str) -> None:
    def translated(text: str) -> str:
        message = catalogue().get(text)
        return text if language == "en" or message is None else str(message.string)

    page = GUIDES[language]["review.md"].read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \*\*(.+?)\*\* \| ((?:`\S+` ?)+) \|$", page, re.MULTILINE))
    commands = review_labels(translated)
    names = {**commands["commands"], "emotions": commands["keys_tags"]}
    assert rows == {
        names[command]: " ".join(f"`{printed(key)}`" for key in keys)
        for command, keys in KEYS.items()
    }
