"""chatlog text: `name(id) time`, the words below, a blank line.

Source: `PlainText` and `PerfectTimeFormat` of chatlog. `我` stands for my id, `系统消息` for
nobody. Only a range over several years has years in its times, and a range of one day has not
even the day. They are then taken from the file's name, else from the day the file was last
changed, of which a warning tells. Messages of several chats in one answer have `[name(id)]`
before the time, but only those of groups.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from curation.errors import N_
from curation.importers.builder import MessageList
from curation.importers.chat_names import is_account_id, path_name
from curation.importers.document import DAMAGE
from curation.importers.text_blocks import Block, blocks, plain_lines
from curation.importers.wechat import chatlog_text
from curation.model import UNSPOKEN_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curation.importers.document import Document
    from curation.model import SourceFile

_HEAD = re.compile(
    r"^(?P<name>[^\n]{0,200}?)(?:\((?P<id>[^()\n]{0,64})\))?"
    r" (?:\[(?P<room>[^\n]{0,200}?)(?:\((?P<roomid>[^()\n]{1,64})\))?\] )?"
    rf"(?P<time>{chatlog_text.TIME})[ \t]*$",
    re.MULTILINE,
)

_ME: Final = "我"
_SYSTEM: Final = "系统消息"

_BARE_ID = re.compile(r"wxid_\w+|[\w-]+@(?:chatroom|openim)|gh_\w+|[A-Za-z][\w-]{5,31}|")
"""An id that stands where chatlog knows no name; empty where it knows neither."""

_DATE = re.compile(r"(?<!\d)(20\d{2})-?(\d{2})-?(\d{2})(?!\d)")

_WITHOUT_DAY: Final = len("20:00:00")
_WITHOUT_YEAR: Final = len("05-01 20:00:00")


class ChatlogTxt:
    """The importer of chatlog text."""

    format = "chatlog text"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the first line is a head with an id, and words stand below a head."""
        found = _blocks(plain_lines(document.head))
        before = document.head.lstrip()
        return bool(
            found
            and before.startswith(found[0].head[0].strip())
            and any(block.head["id"] or block.head["name"] in (_ME, _SYSTEM) for block in found)
            and any(block.below.strip() for block in found)
        )

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is known where 我 speaks."""
        text = plain_lines(document.text)
        found = [block for block in _blocks(text) if block.below or block.head["id"]]
        messages = MessageList(document, self.format, total=text.count("\n"))
        dates = _Dates(document, [block.head["time"] for block in found])
        chats = _Chats(document, found)
        me_known = any(_sender(block) == _ME for block in found)
        for block in found:
            sender, name = _sender(block), block.head["name"].strip()
            nobody = sender == _SYSTEM
            content = (chatlog_text.notice if nobody else chatlog_text.text)(block.below)
            if content.kind not in UNSPOKEN_KINDS:
                messages.known_as(sender, name)
            messages.add(
                block.line,
                content,
                sender="" if nobody else sender,
                sender_name="" if nobody else name,
                is_me=sender == _ME if me_known else None,
                written=dates.whole(block.head["time"]),
                chat=chats.of(block),
            )
        messages.warnings += dates.warnings
        return messages.source_file(
            path_name(document.path), chat_ids=chats.ids, groups=frozenset(chats.groups)
        )


def _blocks(text: str) -> list[Block]:
    return [
        block
        for block in blocks(text, _HEAD, spaced=True)
        if block.head["id"] is not None
        or block.head["name"] in (_ME, _SYSTEM)
        or _BARE_ID.fullmatch(block.head["name"]) is not None
    ]


def _sender(block: Block) -> str:
    """Return the id of whoever said it; of me only 我 is known."""
    return (block.head["id"] or "").strip() or block.head["name"].strip() or _ME


class _Chat(NamedTuple):
    name: str
    id: str


class _Chats:
    """Which chat each message belongs to."""

    def __init__(self, document: Document, found: Iterable[Block]) -> None:
        self.ids: dict[str, str] = {}
        self.groups: set[str] = set()
        self._last = ""
        found = [block for block in found if DAMAGE.search(block.head[0]) is None]
        self._several = any(block.head["room"] for block in found)
        others = {
            _sender(block): block.head["name"].strip()
            for block in found
            if _sender(block) not in (_ME, _SYSTEM)
        }
        self._only = ""
        of_group = "@chatroom" in document.path.stem
        if len(others) == 1 and not self._several and not of_group:
            ((account, name),) = others.items()
            self._only = name or account
            self._note(self._only, account)

    def of(self, block: Block) -> str:
        """Return the chat's name, empty where only the file's name can tell it."""
        room, account = block.head["room"], block.head["roomid"]
        if room:
            self._note(room, account or room)
            self.groups.add(room)
            return str(room)
        if not self._several:
            return self._only
        sender = _sender(block)
        if sender not in (_ME, _SYSTEM):
            self._last = block.head["name"].strip() or sender
            self._note(self._last, sender)
        return self._last

    def _note(self, name: str, account: str) -> None:
        if is_account_id(account) or account != name:
            self.ids.setdefault(name, account)


class _Dates:
    """The years and days that the file leaves out of its times."""

    def __init__(self, document: Document, times: list[str]) -> None:
        self.warnings: list[str] = []
        shortest = min((len(time) for time in times), default=0)
        named = _DATE.search(document.path.stem)
        self._day = "-".join(named.groups()) if named is not None else ""
        if self._day or not 0 < shortest <= _WITHOUT_YEAR:
            return
        changed = datetime.fromtimestamp(
            document.path.stat().st_mtime, ZoneInfo(document.options.zone)
        ).replace(tzinfo=None)
        if shortest == _WITHOUT_DAY:
            late = max(time for time in times if len(time) == _WITHOUT_DAY)
            if late > changed.strftime("%H:%M:%S"):
                changed -= timedelta(days=1)
            self._day = changed.strftime("%Y-%m-%d")
            warning = N_("the file gives no days: {day} is assumed, when it was last changed")
            self.warnings.append(warning.format(day=self._day))
        else:
            year = _year_of([time for time in times if len(time) == _WITHOUT_YEAR], changed)
            self._day = f"{year:04}-01-01"
            warning = N_("the file gives no year: {year} is assumed, when it was last changed")
            self.warnings.append(warning.format(year=year))

    def whole(self, time: str) -> str:
        """Return `time` with its year and day."""
        if len(time) == _WITHOUT_DAY:
            return f"{self._day} {time}"
        if len(time) == _WITHOUT_YEAR:
            return f"{self._day[:5]}{time}"
        return time


def _year_of(times: list[str], changed: datetime) -> int:
    """Return the last year in which all `times` were before the file was `changed`."""
    year = changed.year
    if max(times) > changed.strftime("%m-%d %H:%M:%S"):
        year -= 1
    if any(time.startswith("02-29") for time in times):
        year -= year % 4
    return year
