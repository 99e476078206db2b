"""The guide as it is shown in the program: the pages of `docs/`, which need no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCS: Final = Path(__file__).parents[2] / "docs"
FIRST: Final = "README"
"""The page that leads to all others."""

_PICTURE: Final = re.compile(r"^!\[(?P<told>[^\]]*)\]\((?P<path>[^)]+)\)$", re.MULTILINE)
_LINK: Final = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)#:]+)(?:#[^)]*)?\)")
_OTHER_LANGUAGE: Final = re.compile(r"^\[[^\]]+\]\(\.\./\w+/README\.md\)$\n?", re.MULTILINE)
_HEADING: Final = re.compile(r"^##+ ", re.MULTILINE)
_OF_PAGES: Final[Mapping[str, str]] = {
    "importing": "importing",
    "overview": FIRST,
    "chats": "chats",
    "review": "review",
    "table": "suggestions",
    "privacy": "privacy",
    "asking": "suggestions",
    "trash": "review",
    "persona": "persona",
    "writing": "writing",
    "mbti": "writing",
    "export": "export",
    "training": "training",
    "chat": "talking",
    "journal": "review",
    "settings": "safety",
}
"""The page of the program, and that of the guide which explains it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page: Markdown, or a picture with what it shows in words."""

    text: str
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page of the guide; `pieces` follow its title."""

    name: str
    title: str
    pieces: tuple[Piece, ...]


def guide_of(page: str) -> str:
    """Return the page of the guide that explains a page of the program."""
    return _OF_PAGES.get(page, FIRST)


@cache
def guide(language: str) -> Mapping[str, GuidePage]:
    """Return the pages in their order, by name; empty where the folder was not installed."""
    folder = DOCS / language
    if not (folder / f"{FIRST}.md").is_file():
        return {}
    first = (folder / f"{FIRST}.md").read_text(encoding="utf-8")
    led = (Path(link["target"]).stem for link in _LINK.finditer(first) if _within(link["target"]))
    return {name: _page(folder, name) for name in dict.fromkeys((FIRST, *led))}


def _within(target: str) -> bool:
    return "/" not in target and target.endswith(".md")


def _page(folder: Path, name: str) -> GuidePage:
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    head, _line, body = text.partition("\n")
    return GuidePage(name, head.removeprefix("# "), tuple(_pieces(folder, body)))


def _pieces(folder: Path, body: str) -> list[Piece]:
    body = _LINK.sub(_led, _OTHER_LANGUAGE.sub("", body))
    # Below the title of the page, which is below that of the program's.
    body = _HEADING.sub(r"#\g<0>", body)
    pieces, at = [], 0
    for picture in _PICTURE.finditer(body):
        pieces.append(Piece(body[at : picture.start()].strip()))
        pieces.append(Piece(picture["told"], (folder / picture["path"]).resolve()))
        at = picture.end()
    pieces.append(Piece(body[at:].strip()))
    return [piece for piece in pieces if piece.text]


def _led(link: re.Match[str]) -> str:
    """Return a link to a page within the program; elsewhere nothing leads, so its words alone."""
    if not _within(link["target"]):
        return link["text"]
    return f"[{link['text']}](?page={Path(link['target']).stem})"
