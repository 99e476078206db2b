"""QQ's own text export, from the message manager of the clients for Windows before QQ NT.

Source: files of people who publish parsers for it (qq-chat-history, QQtoExcel, ChatLab). One file
holds one chat or all of them, each below `消息分组:` and `消息对象:` between lines of `=`. A
message is `2017-02-25 9:40:20 name` with its words below; in groups the name has the QQ number or
the mail behind it, and a title such as `【管理员】` before it. Old clients write GBK, newer ones
UTF-8 with a mark. Who is me is not said: a private chat has names only.

A message taken back may keep its words here: the file does not tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from curation.errors import N_, NoMessagesError
from curation.importers.builder import MessageList
from curation.importers.chat_names import name_of_two, path_name
from curation.importers.qq import qq_text
from curation.importers.text_blocks import blocks, first_line, plain_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.importers.document import Document
    from curation.importers.text_blocks import Block
    from curation.model import SourceFile

_HEAD = re.compile(
    r"^\ufeff?(?P<day>\d{4}-\d{1,2}-\d{1,2}) {1,2}(?P<time>\d{1,2}:\d{2}:\d{2})"
    r"(?: (?P<name>[^\n]*?))?[ \t]*$",
    re.MULTILINE,
)
_NUMBERED_HEAD = re.compile(
    r"^\ufeff?\d{4}-\d{1,2}-\d{1,2} {1,2}\d{1,2}:\d{2}:\d{2} [^\n]*"
    r"(?:\(\d{5,11}\)|<[^<>@\s]+@[^<>\s]+>)[ \t]*$",
    re.MULTILINE,
)
_ANY_HEAD = re.compile(r"^\d{4}-\d{1,2}-\d{1,2} {1,2}\d{1,2}:\d{2}:\d{2}(?: |$)", re.MULTILINE)

_SECTION = re.compile(
    r"^={8,}[ \t]*\n消息分组[:：](?P<folder>[^\n]*)\n={8,}[ \t]*\n"
    r"消息对象[:：](?P<name>[^\n]*)\n={8,}[ \t]*$",
    re.MULTILINE,
)
_OBJECT = re.compile(r"^消息对象[:：](?P<name>[^\n]*)$", re.MULTILINE)
_TITLE = re.compile(r"消息记录\s*[(（]此消息记录为文本格式")

_WHO = re.compile(
    r"(?P<name>.*?)(?:\((?P<number>\d{5,11})\)|<(?P<mail>[^<>@\s]+@[^<>\s]+)>)", re.DOTALL
)
_RANK = re.compile(r"【[^】]{1,12}】(?=.)", re.DOTALL)
"""A member's title before the name. Misses a name that itself begins so: it loses that part."""

_SYSTEM_NUMBERS: Final = frozenset({"10000", "1000000", "80000000"})
_SYSTEM_NAMES: Final = frozenset({"系统消息", "系统提示"})
_ANONYMOUS: Final = "80000000"

_GROUP_SHARE: Final = 0.5  # of the messages name their sender's number


class _Section(NamedTuple):
    """One chat: its name, empty where the file has none, its text, and the line it starts at."""

    name: str
    text: str
    line: int


class QQTxt:
    """The importer of QQ's own text export."""

    format = "QQ TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the file has QQ's title, names a chat, or its heads bear QQ numbers."""
        head = plain_lines(document.head)
        if _TITLE.search(head[:400]) is not None:
            return True
        if _OBJECT.search(head) is not None and _ANY_HEAD.search(head) is not None:
            return True
        if _NUMBERED_HEAD.fullmatch(first_line(head)) is None:
            return False
        numbered = sum(1 for _ in _NUMBERED_HEAD.finditer(head))
        return 2 * numbered > sum(1 for _ in _ANY_HEAD.finditer(head))

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        text = plain_lines(document.text).removeprefix("\ufeff")
        messages = MessageList(document, self.format, total=text.count("\n") + 1)
        groups: set[str] = set()
        last = ""
        for section in _sections(text if text.endswith("\n") else f"{text}\n"):
            name, group = _read(messages, section, document)
            last = name or last
            if group:
                groups.add(name)
        if not len(messages):
            raise NoMessagesError(document.path, N_("the file holds no messages"))
        return messages.source_file(last, groups=frozenset(groups))


def _sections(text: str) -> Iterator[_Section]:
    """Yield the chats of a file."""
    found = list(_SECTION.finditer(text)) or list(_OBJECT.finditer(text))[:1]
    line, counted = 1, 0
    if not found:
        yield _Section("", text, 1)
        return
    for match, following in zip(found, [*found[1:], None], strict=True):
        line += text.count("\n", counted, match.end())
        counted = match.end()
        end = len(text) if following is None else following.start()
        yield _Section(match["name"].strip(), text[match.end() : end], line)


def _read(messages: MessageList, section: _Section, document: Document) -> tuple[str, bool]:
    """Add the messages of one chat; return its name and whether it is a group."""
    found = blocks(section.text, _HEAD, _sortable, spaced=True)
    who = [_WHO.fullmatch(block.head["name"] or "") for block in found]
    people = [match for match in who if match is None or match["number"] not in _SYSTEM_NUMBERS]
    numbered = sum(match is not None for match in people)
    group = bool(people) and numbered > _GROUP_SHARE * len(people)
    name = section.name
    if not name:
        names = {block.head["name"] or "" for block in found} - _SYSTEM_NAMES
        name = path_name(document.path) if group else name_of_two(document.path, names)
    for block, match in zip(found, who, strict=True):
        _add(messages, section, block, match if group or _is_system(match) else None, name)
    return name, group


def _is_system(match: re.Match[str] | None) -> bool:
    return match is not None and match["number"] in _SYSTEM_NUMBERS


def _sortable(head: re.Match[str]) -> str:
    """Return a head's time in a form that sorts like the time itself."""
    return " ".join(
        ":".join(part.zfill(4) for part in re.split("[-:]", head[name])) for name in ("day", "time")
    )


def _add(
    messages: MessageList,
    section: _Section,
    block: Block,
    who: re.Match[str] | None,
    chat: str,
) -> None:
    shown = (block.head["name"] or "").strip()
    sender = shown
    if who is not None:
        shown = _RANK.sub("", who["name"].strip(), count=1)
        sender = who["number"] or who["mail"]
        if sender == _ANONYMOUS:  # everybody who writes without a name
            sender = f"{sender} {shown}"
    written = f"{block.head['day']} {block.head['time']}"
    words = block.below.removeprefix("\n")
    told = sender in _SYSTEM_NUMBERS or shown in _SYSTEM_NAMES
    if told or qq_text.is_notice(words):
        content, sender, shown = (
            qq_text.system(words),
            "" if told else sender,
            "" if told else shown,
        )
    else:
        content = qq_text.content_of(words.strip("\n"))
    line = section.line + block.line - 1
    messages.add(line, content, sender=sender, sender_name=shown, written=written, chat=chat)
    if sender and shown:
        messages.known_as(sender, shown)
