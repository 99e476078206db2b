"""iMessage, as imessage-exporter writes it as text: time, name, words, a blank line.

Source: `exporters/txt.rs` of imessage-exporter. My own messages are by `Me`. A message that answers
another stands twice: indented below that one, and in its own place with a note, where it is read.
Attachments are paths, edits follow each other with the moment of each, reactions are listed below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.importers.builder import MessageList
from curation.importers.chat_names import path_name
from curation.importers.contents import Content, named, system, voice
from curation.importers.date_order import numbers_of
from curation.importers.text_blocks import Block, blocks, plain_lines
from curation.importers.times import twenty_four_hours
from curation.model import PLACEHOLDERS, UNSPOKEN_KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curation.importers.document import Document
    from curation.model import SourceFile

_TIME: Final = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}, \d{4}"
    r" {1,2}\d{1,2}:\d{2}:\d{2} [AP]M"
)
_HEAD = re.compile(
    rf"^(?P<time>{_TIME})(?: \((?P<read>(?:Read|Delivered)[^()\n]*)\)| (?P<notice>[^\n]+))?[ \t]*$",
    re.MULTILINE,
)
_ANSWER = re.compile(rf"^(?P<indent> {{4,}})(?P<time>{_TIME})(?: \([^()\n]*\))?[ \t]*$")
_EDIT = re.compile(rf"(?:{_TIME}|Edited [^\n]{{1,60}} later:) (?P<words>.*)")

_ANSWERS: Final = "This message responded to an earlier message."
_REACTIONS: Final = frozenset({"Reactions:", "Tapbacks:"})
_REACTION = re.compile(r"\s*(?:\S[^\n]{0,60} by \S[^\n]*|Sticker from \S[^\n]*)")
_EFFECT = re.compile(
    r"Sent with (?:Confetti|Echo|Fireworks|Balloons|Heart|Lasers|Shooting Start?|Sparkles|Spotlight"
    r"|Slam|Loud|Gentle|Invisible Ink)"
)
_TAKEN_BACK = re.compile(
    r"(?P<who>[^\n]{1,64}) (?:deleted|unsent) (?:a|this) message(?: part)?\b[^\n]{0,80}[.!]"
)

_PATH = re.compile(
    r"(?:[~./]|[A-Za-z]:\\|attachments/)(?:[^\n]*[/\\])?(?P<name>[^\n/\\]+\.(?P<end>\w{1,8}))"
)
"""A line that is the path of an attachment."""

_LOST: Final = frozenset({"Attachment missing!", "Handwritten messages are not yet supported!"})
_ADDRESS = re.compile(r"https?://\S+")
_PAID = re.compile(r"(?:[A-Z]\S* ){1,3}transaction: (?:[^\n]{0,20}\d[^\n]{0,20}|unknown amount)")
_PROGRAM = re.compile(r"(?:[A-Z0-9]\S*(?: [A-Z0-9]\S*){0,3}|[\w-]+(?:\.[\w-]+){2,}) message:")
"""The first line of what a program sent; names of programs are written large."""

_TRANSCRIPT: Final = "Transcription: "

_KINDS: Final[Mapping[Kind, str]] = {
    Kind.IMAGE: "jpg jpeg png heic heif gif webp tiff bmp",
    Kind.VIDEO: "mov mp4 m4v 3gp avi",
    Kind.VOICE: "caf amr m4a mp3 aac opus wav",
    Kind.OTHER: "vcf pluginpayloadattachment",
    Kind.LOCATION: "loc",
}
_KIND_OF: Final = {end: kind for kind, ends in _KINDS.items() for end in ends.split()}

_ME: Final = "Me"


class _Said(NamedTuple):
    """The lines of one message, those of the answers below it, and whether it is one itself."""

    lines: Sequence[str]
    answers: Sequence[tuple[str, str]]  # time and name
    is_answer: bool


class IMessageTxt:
    """The importer of imessage-exporter's text files."""

    format = "iMessage TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the file begins with a time as imessage-exporter writes it, and a name."""
        head = plain_lines(document.head).lstrip("\ufeff\n ")
        first = _HEAD.match(head)
        if first is None:
            return False
        return first["notice"] is not None or bool(head[first.end() + 1 :].split("\n")[0].strip())

    def read(self, document: Document) -> SourceFile:
        """Return the messages; mine are those by `Me`, where anybody is called so."""
        text = plain_lines(document.text)
        found = blocks(text, _HEAD, lambda head: _written(head["time"]), spaced=True)
        messages = MessageList(document, self.format, total=text.count("\n"))
        me_known = any(_name(block) == _ME for block in found)
        others: dict[str, None] = {}
        answered: dict[tuple[str, str], str] = {}
        for block in found:
            written = _written(block.head["time"])
            if block.head["notice"] is not None:
                messages.add(block.line, system(block.head["notice"]), sender="", written=written)
                continue
            name, said = _name(block), _said(block)
            content = _content(said.lines, name)
            answered.update(dict.fromkeys(said.answers, content.text))
            if said.is_answer:
                kind = Kind.QUOTE if content.kind is Kind.TEXT else content.kind
                quoted = answered.get((written, name)) or None
                content = Content(kind, content.text, quoted)
            if name != _ME and content.kind not in UNSPOKEN_KINDS:
                others[name] = None
            messages.add(
                block.line,
                content,
                sender=name,
                is_me=name == _ME if me_known else None,
                written=written,
            )
        alone = me_known and len(others) == 1
        chat = next(iter(others)) if alone else path_name(document.path)
        group = len(others) > 1 if me_known else len(others) > 2  # noqa: PLR2004  (a chat of two)
        return messages.source_file(chat, groups=frozenset({chat} if group else ()))


def _written(time: str) -> str:
    """Return a time as ISO."""
    day, clock = re.split(r" (?= ?\d{1,2}:)", time, maxsplit=1)
    year, month, date = numbers_of(day)
    hours = twenty_four_hours(clock.strip())
    return f"{year:04}-{month:02}-{date:02} {hours.zfill(8)}"


def _name(block: Block) -> str:
    return block.below.partition("\n")[0].strip()


def _said(block: Block) -> _Said:
    """Return what stands below the name, parted."""
    lines: list[str] = []
    answers: list[tuple[str, str]] = []
    is_answer = reacting = False
    indent = ""
    rest = block.below.split("\n")[1:]
    for number, line in enumerate(rest):
        if (answer := _ANSWER.match(line)) is not None:
            indent = answer["indent"]
            name = rest[number + 1].strip() if number + 1 < len(rest) else ""
            answers.append((_written(answer["time"]), name))
        elif indent and (line.startswith(indent) or not line.strip()):
            continue  # inside an answer
        elif line.strip() == _ANSWERS:
            is_answer, indent = True, ""
        elif line.strip() in _REACTIONS:
            reacting, indent = True, ""
        elif reacting and (_REACTION.fullmatch(line) is not None or not line.strip()):
            continue
        else:
            indent, reacting = "", False
            lines.append(line)
    return _Said(lines, answers, is_answer)


def _content(lines: Sequence[str], name: str) -> Content:
    words: list[str] = []
    files: list[tuple[Kind, str]] = []
    for line in lines:
        bare = line.strip()
        if bare in _LOST:
            files.append((Kind.OTHER, ""))
        elif (path := _PATH.fullmatch(bare)) is not None:
            files.append((_KIND_OF.get(path["end"].lower(), Kind.FILE), path["name"]))
        elif not (_EFFECT.fullmatch(bare) is not None and (words or files)):
            words.append(line)
    text = "\n".join(_unedited(words)).strip("\n")
    if files:
        return _attached(*files[0], text.strip())
    return _typed(text, name)


def _attached(kind: Kind, name: str, words: str) -> Content:
    if kind is Kind.VOICE:
        return voice(words.removeprefix(_TRANSCRIPT))
    if words:
        return Content(kind, words)
    return named(kind, name) if kind is Kind.FILE else Content(kind, PLACEHOLDERS[kind])


def _unedited(lines: list[str]) -> list[str]:
    """Return the lines of the last edit, all of them where nothing was edited."""
    if not lines or re.match(_TIME, lines[0]) is None:
        return lines
    places = [place for place, line in enumerate(lines) if _EDIT.fullmatch(line) is not None]
    if not places:
        return lines
    last = _EDIT.fullmatch(lines[places[-1]])
    return [last["words"] if last is not None else "", *lines[places[-1] + 1 :]]


def _typed(text: str, name: str) -> Content:
    bare = text.strip()
    first, _, rest = bare.partition("\n")
    content = Content(Kind.TEXT, text)
    taken_back = _TAKEN_BACK.fullmatch(bare)
    if taken_back is not None and taken_back["who"] in ("You", "They", name):
        content = Content(Kind.RECALL, PLACEHOLDERS[Kind.RECALL])
    elif _ADDRESS.fullmatch(first) is not None and rest.strip():
        content = named(Kind.LINK, rest.strip().partition("\n")[0])
    elif bare.startswith("SharePlay Message"):
        content = Content(Kind.CALL, PLACEHOLDERS[Kind.CALL])
    elif not rest and _PAID.fullmatch(bare) is not None:
        content = Content(Kind.TRANSFER, PLACEHOLDERS[Kind.TRANSFER])
    elif not bare or (_PROGRAM.fullmatch(first) is not None and rest):
        content = Content(Kind.OTHER, PLACEHOLDERS[Kind.OTHER])
    return content
