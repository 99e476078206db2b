"""WhatsApp's own text export: `time - name: words` (Android) or `[time] name: words` (iOS).

Source: exports quoted in the documentation and tests of parsers for it. The date is written in the
order of the phone's region, so the order is decided on the whole file. iOS puts a left-to-right
mark before what WhatsApp itself says. Who is me is not said.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from curation.errors import N_
from curation.importers.builder import MessageList
from curation.importers.chat_names import name_of_two, pair_name
from curation.importers.companions import is_whatsapp
from curation.importers.contents import Content, named, sticker, system
from curation.importers.date_order import (
    DAY_FIRST,
    MONTH_FIRST,
    NAMED_DATE,
    YEAR_FIRST,
    iso_day,
    numbers_of,
    order_of,
)
from curation.importers.text_blocks import plain_lines
from curation.importers.times import twenty_four_hours
from curation.model import PLACEHOLDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from curation.importers.date_order import Order, Triple
    from curation.importers.document import Document
    from curation.model import SourceFile

_BLANK: Final = "[ \u00a0\u202f]"
_MARK: Final = "\u200e\u200f\u202a\u202c"
_DATE: Final = (
    rf"\d{{1,4}}\u200f?[./-]\d{{1,2}}\u200f?[./-]\d{{1,4}}\.?(?:{_BLANK}?г\.)?|\d{{4}}年\d{{1,2}}月\d{{1,2}}日"
    rf"|\d{{1,4}}\.{_BLANK}?\d{{1,2}}\.{_BLANK}?\d{{1,4}}\.?|{NAMED_DATE}"
)
_HALVES: Final = {
    **dict.fromkeys(("午前", "오전", "π.μ.", "SA", "ص"), "上午"),
    **dict.fromkeys(("午後", "오후", "μ.μ.", "CH", "م"), "下午"),
}
"""How other languages write the half of the day."""

_HALF: Final = "|".join(("凌晨|清晨|早上|上午|中午|下午|傍晚|晚上", *map(re.escape, _HALVES)))
_TIME: Final = (
    rf"(?:(?:{_HALF}){_BLANK}?)?\d{{1,2}}(?:[:.]|{_BLANK}?h{_BLANK}?)\d{{2}}(?:[:.]\d{{2}})?"
    rf"(?:{_BLANK}?(?:[AaPp]\.?{_BLANK}?[Mm]\.?|{_HALF}))?"
)
_AT: Final = rf"[,،]?(?:{_BLANK}(?:at|um|à|às|a las|alle|om|pukul))?{_BLANK}+"
"""What stands between a date and a time."""

_HEAD = re.compile(
    rf"^[{_MARK}\ufeff]*(?:"
    rf"\[(?P<ios_date>{_DATE})(?P<at>{_AT})(?P<ios_time>{_TIME})\]{_BLANK}"
    rf"|(?P<date>{_DATE}){_AT}(?P<time>{_TIME}){_BLANK}[-–]{_BLANK})"
    r"(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
"""The first line of a message. Misses months in languages that `MONTHS` does not know."""

_ANY_QUOTE = re.compile('["“「‘]')

_NAMED = re.compile(r"(?P<name>[^\n]{1,100}?):(?: (?P<text>.*)|)", re.DOTALL)
"""`name: words`. Misses names with a colon and a blank in them."""

_HALF_DAY = re.compile(r"[AaPp]\.?\s?[Mm]\.?$")
_EASTERN_HALF = re.compile(r"\s*(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|午前|午後|오전|오후)")
_DIGITS: Final = {ord(zero) + n: str(n) for zero in "٠۰" for n in range(10)}
"""The digits of Arabic and of Persian."""

_PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
"""A date as log files write it too."""

_ISOLATES = re.compile("[\u2066-\u2069]")
"""Marks around a mentioned name, which show nothing."""

_GROUP = re.compile(
    r".{0,100}? created (?:this )?group\b.*|.{0,100}? changed the (?:subject|group name)\b.*"
    r"|.{0,100}?(?:创建|建立)了?(?:此|该|这个)?(?:群组|群組|群).*"
    r"|.{0,100}?(?:将|將)?(?:群组|群組)(?:名称|名稱|主题|主旨).{0,20}(?:由|从|從|更改|改为|改為|变更|變更).*",
    re.DOTALL,
)
"""What WhatsApp says of a group alone; the group's name in it may hold a colon."""

_EDITED = re.compile(r"<[^<>\n]{0,40}(?:edited|编辑|編輯)[^<>\n]{0,40}>\s*\Z")
_EDITED_LENGTH: Final = 120  # characters at the end that are looked at
_DELETED = re.compile(
    r"(?:This message was deleted(?: by admin .{1,64})?|You deleted this message(?: as admin)?"
    r"|(?:此|[这這该該][条條则則]?)(?:消息|訊息)(?:已)?(?:被)?.{0,40}?(?:删除|刪除)"
    r"|(?:你|您)(?:已)?(?:删除|刪除)了?(?:此|[这這该該][条條则則]?)(?:消息|訊息)"
    r"|Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht"
    r"|Se eliminó este mensaje|Eliminaste este mensaje"
    r"|Ce message a été supprimé|Vous avez supprimé ce message"
    r"|(?:Esta )?[Mm]ensagem (?:foi )?apagada|Você apagou esta mensagem"
    r"|Questo messaggio è stato eliminato|Hai eliminato questo messaggio)[.。]?"
)
_OMITTED = re.compile(
    r"<(?=[^<>\n]{1,60}>)[^<>\n]*(?:omitted|omitid[oa]s?|omis|weggelassen|ausgeschlossen|omessi?"
    r"|省略|略去|忽略|未包含)[^<>\n]*>",
    re.IGNORECASE,
)
"""`<Media omitted>`: something without words, nobody knows what."""

_LEFT_OUT = re.compile(
    r"(?:(?P<file>.{1,200}?) • .{0,60}?)?(?P<what>image|video(?: note)?|audio|sticker|GIF|document"
    r"|contact card|图像|图片|圖片|相片|视频|視頻|影片|視訊|(?:語音|语音)(?:訊息|消息)?|音频|音訊"
    r"|贴图|貼圖|动图|文档|文件|檔案|联系人名片|聯絡人資訊)\s?(?:omitted|已(?:省略|略去|忽略))",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"<(?:attached|附件|已附加|附加檔案|附件檔案)[:：]\s?(?P<ios>[^<>\n]{1,200})>(?:\n(?P<below>.*))?"
    r"|(?P<android>[^\n]{1,200}\.\w{1,5}) "
    r"[(（](?:file attached|文件附件|附件文件|附件檔案|檔案附件|已附加檔案)[)）]"
    r"(?:\n(?P<caption>.*))?",
    re.DOTALL,
)
_CALL = re.compile(
    r"(?:Missed |Declined )?(?:group )?(?:voice|video) call(?:[,.]? .{0,80})?"
    r"|(?:未接(?:听|聽)?的?|已拒接的?)?(?:语音|视频|語音|視訊|視像)(?:通(?:话|話)|來電|来电)"
    r"(?:[,，。.] ?.{0,40})?",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:location|位置)[:：] (?:https?://\S+)"
    r"|(?:live location shared|已分享实时位置|已分享即時位置)(?: .*)?",
    re.IGNORECASE,
)
_POLL = re.compile(r"(?:POLL|投票)[:：]\n.*", re.DOTALL)

_WAITING = re.compile(
    r"Waiting for this message\. This may take a while\."
    r"|正在(?:等待|等候)(?:此|这条|此則)?(?:消息|訊息).{0,20}"
)
"""What stands for a message that never came to the phone."""

_EMPTY = re.compile("|null")

_WHOLE: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    *((pattern, Kind.OTHER) for pattern in (_EMPTY, _OMITTED, _POLL, _WAITING)),
    (_DELETED, Kind.RECALL),
    (_CALL, Kind.CALL),
    (_PLACE, Kind.LOCATION),
)
"""What a message without words is as a whole."""

_KIND_OF: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("image", "图像", "图片", "圖片", "相片"), Kind.IMAGE),
    **dict.fromkeys(("video", "video note", "视频", "視頻", "影片", "視訊"), Kind.VIDEO),
    **dict.fromkeys(("audio", "語音", "语音", "音频", "音訊"), Kind.VOICE),
    **dict.fromkeys(("語音訊息", "语音消息", "語音消息", "语音訊息"), Kind.VOICE),
    **dict.fromkeys(("sticker", "gif", "贴图", "貼圖", "动图"), Kind.STICKER),
    **dict.fromkeys(("document", "文档", "文件", "檔案"), Kind.FILE),
    **dict.fromkeys(("contact card", "联系人名片", "聯絡人資訊"), Kind.OTHER),
}

_KIND_OF_SUFFIX: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic"), Kind.IMAGE),
    **dict.fromkeys(("webp", "gif"), Kind.STICKER),
    **dict.fromkeys(("mp4", "mov", "3gp"), Kind.VIDEO),
    **dict.fromkeys(("opus", "m4a", "mp3", "aac", "ogg", "amr"), Kind.VOICE),
    "vcf": Kind.OTHER,
}

_CHAT_NAME = re.compile(
    r"WhatsApp Chat (?:with|-) (?P<en>.+)|[与與和](?P<zh>.+?)的\s?WhatsApp\s?.+"
    r"|WhatsApp\s?(?:聊天|对话|對話)(?:记录|記錄|紀錄)?\s?[-与與和]\s?(?P<other>.+)",
    re.IGNORECASE,
)

_PAIR: Final = 2


class WhatsAppTxt:
    """The importer of WhatsApp's text export."""

    format = "WhatsApp TXT"
    suffixes = (".txt",)

    def recognises(self, document: Document) -> bool:
        """Return whether the file begins with a message as WhatsApp writes one.

        A log file may write `[2024-05-01 10:00:00]` too, so WhatsApp's comma or mark must be there.
        """
        head = plain_lines(document.head).lstrip("\ufeff\n ")
        first = _HEAD.match(head)
        if first is None:
            return False
        date = first["ios_date"]
        if is_whatsapp(document.path.name) or "\u200e" in head:
            return True
        if not any(_NAMED.match(match["rest"]) for match in _HEAD.finditer(head)):
            return False
        if date is None:
            return True
        return first["at"].strip() != "" or not _PLAIN_DATE.fullmatch(date)

    def read(self, document: Document) -> SourceFile:
        """Return the messages; `is_me` is missing for every spoken one."""
        text = plain_lines(document.text)
        order, sure = order_of(*_dates(text))
        messages = MessageList(document, self.format, total=text.count("\n"))
        if not sure:
            warning = N_("the dates do not tell whether day or month comes first; day is assumed")
            if order == MONTH_FIRST:
                warning = N_(
                    "the dates do not tell whether day or month comes first; month is assumed"
                )
            messages.warnings.append(warning)
        names: dict[str, None] = {}
        group = False
        line, counted = 1, 0
        for match, end in _heads(text):
            line += text.count("\n", counted, match.start())
            counted = match.start()
            name, content = _message(match["rest"] + text[match.end() : end].rstrip("\n"))
            if name and content.kind is not Kind.SYSTEM:
                names[name] = None
            elif content.kind is Kind.SYSTEM:
                group = group or _GROUP.fullmatch(content.text) is not None
            date, time = _moment(match)
            written = _written(date, time, order)
            messages.add(line, content, sender=name, written=written)
        chat = _chat(document.path, names.keys())
        groups = frozenset({chat} if group or len(names) > _PAIR else ())
        return messages.source_file(chat, groups=groups)


def _heads(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each first line of a message, and where the message ends.

    Never all at once: a match takes more memory than the message.
    """
    before = None
    for match in _HEAD.finditer(text):
        if before is not None:
            yield before, match.start()
        before = match
    if before is not None:
        yield before, len(text)


def _moment(head: re.Match[str]) -> tuple[str, str]:
    """Return date and time as they are written."""
    return head["ios_date"] or head["date"], head["ios_time"] or head["time"]


def _dates(text: str) -> tuple[list[Triple], Order]:
    """Return the dates of a file, and the order of dates in the region that its times are from.

    Days come first in most regions; where a 12-hour clock is written beside numbers without
    leading zeros, as in the United States, months do, and years where the half of the day is
    written as in East Asia.
    """
    dates: list[str] = []
    bare, halves, eastern = True, False, False
    for match in _HEAD.finditer(text):
        date, time = _moment(match)
        if not dates or dates[-1] != date:
            dates.append(date)
        bare = bare and not date.startswith("0")
        halves = halves or _HALF_DAY.search(time) is not None
        eastern = eastern or _EASTERN_HALF.match(time) is not None
    hint = YEAR_FIRST if eastern else MONTH_FIRST if bare and halves else DAY_FIRST
    return [numbers_of(date) for date in dates], hint


def _written(date: str, time: str, order: Order) -> str:
    """Return date and time as ISO; as they stand where they are no possible date."""
    day = _day(date, order)
    return f"{day} {_clock(time)}" if day else f"{date} {time}"


# Many messages share a day, and all of them the minutes of a day.
@lru_cache(maxsize=1_000)
def _day(date: str, order: Order) -> str:
    return iso_day(numbers_of(date), order)


@lru_cache(maxsize=10_000)
def _clock(time: str) -> str:
    """Return a time of day as `15:05:00`."""
    time = time.translate(_DIGITS)
    clock = re.sub(r"(?<=\d)(?:\.| ?h ?)(?=\d)", ":", re.sub(_BLANK, " ", time))
    clock = re.sub(r"([AaPp])\.? ?[Mm]\.?$", r"\1m", clock)
    for half, usual in _HALVES.items():
        if half in clock:
            clock = f"{usual}{clock.replace(half, '').strip()}"
    hours = twenty_four_hours(clock)
    seconds = hours if hours.count(":") > 1 else f"{hours}:00"
    return seconds.zfill(8)


def _message(written: str) -> tuple[str, Content]:
    """Return who said it, empty for a notice, and what."""
    match = _NAMED.fullmatch(written)
    if match is None or _opens(match["name"]):
        return "", system(written.strip(_MARK))
    name, text = match["name"], match["text"] or ""
    if not name.isascii():
        name = re.sub(_BLANK, " ", name)
    name = name.strip(f" ~{_MARK}")
    if not text.isascii():
        text = _ISOLATES.sub("", text)
    marked = text.startswith(("\u200e", "\u200f"))
    text = _unedited(text.lstrip(_MARK))
    content = _content(text)
    if marked and content.kind is Kind.TEXT:
        return "", system(text)
    return name, content


def _unedited(text: str) -> str:
    """Return the text without the remark that it was edited."""
    match = _EDITED.search(text, max(0, len(text) - _EDITED_LENGTH))
    return text if match is None else text[: match.start()].rstrip(f" \n{_MARK}")


def _opens(name: str) -> bool:
    """Return whether the colon stands in the name of a group, in a sentence of WhatsApp."""
    if _ANY_QUOTE.search(name) is None:
        return False
    quotes = (name.count(first) > name.count(last) for first, last in ("“”", "「」", "‘’"))
    return (any(quotes) or name.count('"') % 2 == 1) and _GROUP.fullmatch(name) is not None


def _content(text: str) -> Content:
    bare = text.strip(f" \n{_MARK}")
    for pattern, kind in _WHOLE:
        if pattern.fullmatch(bare) is not None:
            return Content(kind, PLACEHOLDERS[kind])
    if (left_out := _LEFT_OUT.fullmatch(bare)) is not None:
        kind = _KIND_OF[left_out["what"].lower()]
        return _wordless(kind, left_out["file"] or "", "")
    if (found := _ATTACHED.fullmatch(bare)) is not None:
        file = (found["ios"] or found["android"]).strip(f" {_MARK}")
        return _wordless(_kind_of_file(file), file, found["below"] or found["caption"] or "")
    return Content(Kind.TEXT, text)


def _kind_of_file(file: str) -> Kind:
    if "STICKER" in file or file.startswith("STK-"):
        return Kind.STICKER
    return _KIND_OF_SUFFIX.get(file.rpartition(".")[2].lower(), Kind.FILE)


def _wordless(kind: Kind, file: str, caption: str) -> Content:
    if caption.strip():
        return Content(kind, caption.strip())
    if kind is Kind.FILE:
        return named(kind, file)
    return sticker("") if kind is Kind.STICKER else Content(kind, PLACEHOLDERS[kind])


def _chat(path: Path, names: Collection[str]) -> str:
    """Return the chat's name: WhatsApp writes it into the name of the file, or of its folder."""
    for written in (path.stem, path.parent.name):
        match = _CHAT_NAME.fullmatch(re.sub(r" \(\d+\)$", "", written.strip(f" {_MARK}")))
        if match is not None:
            return next(name for name in match.groups() if name).strip()
    if path.stem.strip(_MARK).startswith("_chat"):
        return pair_name(*names) if len(names) == _PAIR else "WhatsApp"
    return name_of_two(path, names)
