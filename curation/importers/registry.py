"""All importers, and the one way from a path to messages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation.errors import N_, BadFileError, NoMessagesError, UnknownFormatError
from curation.importers.companions import without_companions
from curation.importers.document import Document, open_document
from curation.importers.mapped_table import MappedTable, table_of
from curation.importers.others.chatlab import ChatLabJson, ChatLabLines
from curation.importers.others.discord_exporter_json import DiscordExporterJson
from curation.importers.others.imessage_txt import IMessageTxt
from curation.importers.others.line_txt import LineTxt
from curation.importers.others.telegram_json import TelegramJson
from curation.importers.others.training_records import AlpacaJson, OpenAiMessages, ShareGptJson
from curation.importers.others.whatsapp_txt import WhatsAppTxt
from curation.importers.parquet_messages import ParquetMessages
from curation.importers.qq.qq_exporter_json import QQExporterJson
from curation.importers.qq.qq_exporter_txt import QQExporterTxt
from curation.importers.qq.qq_txt import QQTxt
from curation.importers.wechat.chatlog_csv import ChatlogCsv
from curation.importers.wechat.chatlog_json import ChatlogJson
from curation.importers.wechat.chatlog_txt import ChatlogTxt
from curation.importers.wechat.ciphertalk_json import CipherTalkJson
from curation.importers.wechat.echotrace_json import EchoTraceJson
from curation.importers.wechat.memotrace_ai_txt import MemoTraceAiTxt
from curation.importers.wechat.memotrace_csv import MemoTraceCsv
from curation.importers.wechat.memotrace_html import MemoTraceHtml, MemoTraceHtmlJson
from curation.importers.wechat.memotrace_json import MemoTraceJson
from curation.importers.wechat.memotrace_old_csv import MemoTraceOldCsv
from curation.importers.wechat.memotrace_txt import MemoTraceTxt
from curation.importers.wechat.memotrace_xlsx import MemoTraceXlsx
from curation.importers.wechat.pywxdump_csv import PyWxDumpCsv, WeCloneCsv
from curation.importers.wechat.pywxdump_json import PyWxDumpJson
from curation.importers.wechat.session_xlsx import SessionXlsx
from curation.importers.wechat.wechat_contacts import WeChatContacts
from curation.importers.wechat.wechat_dump_txt import WechatDumpTxt
from curation.importers.wechat.wechat_exporter_txt import WechatExporterTxt
from curation.importers.wechat.weflow_json import WeFlowArkmeJson, WeFlowJson
from curation.importers.wechat.weflow_txt import WeFlowTxt

if TYPE_CHECKING:
    from curation.importers.base import Importer
    from curation.importers.mapped_table import TableHead
    from curation.model import ReadOptions, SourceFile

IMPORTERS: Final[tuple[Importer, ...]] = (
    ParquetMessages(),
    MappedTable(),  # what a person said about a table goes before what is guessed
    MemoTraceOldCsv(),
    MemoTraceCsv(),
    PyWxDumpCsv(),
    WeCloneCsv(),
    WeFlowArkmeJson(),
    WeFlowJson(),
    CipherTalkJson(),
    EchoTraceJson(),
    ChatLabJson(),
    ChatLabLines(),
    QQExporterJson(),
    TelegramJson(),
    DiscordExporterJson(),
    ChatlogJson(),
    PyWxDumpJson(),
    SessionXlsx(),
    MemoTraceXlsx(),
    MemoTraceHtmlJson(),
    WeChatContacts(),
    ShareGptJson(),
    OpenAiMessages(),
    AlpacaJson(),
    MemoTraceJson(),
    MemoTraceHtml(),
    ChatlogCsv(),
    QQExporterTxt(),
    MemoTraceAiTxt(),
    WeFlowTxt(),
    ChatlogTxt(),
    WechatDumpTxt(),
    WechatExporterTxt(),
    QQTxt(),
    LineTxt(),
    IMessageTxt(),
    WhatsAppTxt(),
    MemoTraceTxt(),
)
"""Asked in this order; the first that recognises a file reads it."""

SUFFIXES: Final = tuple(sorted({suffix for each in IMPORTERS for suffix in each.suffixes}))

ARCHIVE_SUFFIX: Final = ".zip"


def read_file(path: Path, options: ReadOptions | None = None) -> SourceFile:
    """Return what the file at `path` holds; its format is recognised by content, not by name.

    `options` default to those of `ReadOptions`.

    Raises:
        UnknownFormatError: a readable text file that no importer recognises.
        BadFileError: anything else that keeps the file from being read.

    """
    path = Path(path)
    document = open_document(path, options)
    for importer in IMPORTERS:
        if importer.recognises(document):
            return importer.read(document)
    raise _unknown(document)


def table_head(path: Path, options: ReadOptions | None = None) -> TableHead | None:
    """Return the beginning of a table that no importer can read, with a guess what it holds.

    None for all other files: exports that are known, what is no table, what is damaged.
    """
    try:
        document = open_document(Path(path), options)
        for importer in IMPORTERS:
            if importer.recognises(document):
                importer.read(document)
                return None
    except UnknownFormatError:  # recognised by some of its columns, but others are missing
        pass
    except BadFileError:
        return None
    try:
        return table_of(document)
    except BadFileError:
        return None


def _unknown(document: Document) -> BadFileError:
    path = document.path
    # It decodes as a whole, so it is text indeed.
    if not document.is_workbook and not document.text.strip():
        return NoMessagesError(path, N_("the file is empty"))
    if document.looks_like_html:
        reason = N_("this is a web page; please export the chat as CSV or JSON")
        return UnknownFormatError(path, reason)
    if document.looks_like_json and document.json in ([], {}):
        return NoMessagesError(path, N_("the file holds no messages"))
    named = [name for name in document.header if name]
    if table_of(document) is not None or (len(named) > 1 and path.suffix.lower() == ".csv"):
        reason = N_("these columns are not those of a chat export that this program knows")
        return UnknownFormatError(path, reason, line=1)
    return UnknownFormatError(path, N_("this is no chat export that this program knows"))


def collect_files(path: Path) -> list[Path]:
    """Return `path` itself if it is a file, or every candidate below the folder, sorted.

    Archives are candidates. Hidden files and folders, lock files of office programs, linked
    folders and what only stands beside an export are left out.

    Raises:
        BadFileError: there is nothing at `path`, a folder may not be read, or no candidate is in
            it.

    """
    path = Path(path)
    try:
        if not path.exists():
            raise BadFileError(path, N_("there is no such file or folder"))
        if not path.is_dir():
            return [path]
    except (OSError, ValueError) as exc:  # a name no file can have, a folder nobody may look into
        raise BadFileError(path, N_("the file cannot be read")) from exc
    found: list[Path] = []
    for folder, subfolders, names in os.walk(path, onerror=_unreadable):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        candidates = (Path(folder, name) for name in names if is_candidate(name))
        found += [candidate for candidate in candidates if candidate.is_file()]
    found.sort()
    if not found:
        reason = N_("no file in this folder looks like a chat export ({suffixes})")
        raise BadFileError(path, reason, suffixes=", ".join(SUFFIXES))
    return without_companions(found)


def _unreadable(error: OSError) -> None:
    folder = Path(error.filename)
    raise BadFileError(folder, N_("this program may not read the folder")) from error


def is_candidate(name: str) -> bool:
    """Return whether a file called `name` is worth trying, or unpacking."""
    return not name.startswith((".", "~$")) and name.lower().endswith((*SUFFIXES, ARCHIVE_SUFFIX))
