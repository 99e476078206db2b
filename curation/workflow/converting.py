"""From exports of any kind to ChatLab files, for a person's own other tools. Nothing is masked."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson
import pandas as pd

from curation import exporters, importers
from curation.errors import (
    N_,
    BadFileError,
    MeUnknownError,
    NoMessagesError,
    UnknownFormatError,
)
from curation.exporters import ChatLabChat
from curation.model import ReadOptions
from curation.workflow.importing import read_source, refuse_all, sentences_about, unpacked
from curation.workflow.importing_plans import group_chats, prepared
from curation.workflow.overlap import new_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from curation.model import SourceFile

SUFFIX: Final = ".jsonl"

_PLATFORMS: Final = {
    "QQ": "qq",
    "Telegram": "telegram",
    "WhatsApp": "whatsapp",
    "Discord": "discord",
    "LINE": "line",
    "iMessage": "imessage",
    **dict.fromkeys(
        ("MemoTrace", "PyWxDump", "WeClone", "WeFlow", "EchoTrace", "CipherTalk", "wechat-dump"),
        "wechat",
    ),
    **dict.fromkeys(("WechatExporter", "chatlog"), "wechat"),
}
"""The platform whose chats the formats hold that begin so."""

_UNFIT: Final = {
    **dict.fromkeys(range(0x20), "_"),
    **dict.fromkeys(map(ord, '<>:"/\\|?*\x7f'), "_"),
}
"""What one system or another does not take in a file name."""

_NAME_BYTES: Final = 120


@dataclass(frozen=True, slots=True)
class ConvertedChat:
    """One file that was written, the name of its chat and how many messages it holds."""

    path: Path
    chat: str
    messages: int


@dataclass(frozen=True, slots=True)
class ConvertReport:
    """What a conversion wrote. `lost` counts by sentence with a `{count}` what ChatLab lacks."""

    chats: tuple[ConvertedChat, ...]
    lost: Mapping[str, int]


def convert_to_chatlab(
    paths: Sequence[Path],
    out: Path,
    *,
    me: str | None = None,
    force: bool = False,
    options: ReadOptions | None = None,
    warn: Callable[[str], None] = lambda _sentence: None,
) -> ConvertReport:
    """Write the chats of files, folders and archives as ChatLab 0.0.2 JSON lines.

    One chat becomes `out`; of several each becomes a file of its own beside it, called after `out`
    and the chat. All files appear together or none does. A file that is there already is replaced
    only if an earlier conversion wrote it, if it is empty, or with `force`; never one that is read
    here. `me` names the sender that is "me" in the files that do not say. `warn` is called with a
    sentence for whatever a person should know. Raises RuwoError.
    """
    options = options or ReadOptions()
    if out.is_dir():
        raise BadFileError(out, N_("this is a folder, not a file"))
    with unpacked(paths, options.limits) as files:
        if any(_same(file, out) for file in files):
            raise BadFileError(out, N_("this file is read here, so it cannot be written as well"))
        sources = list(sources_of(files, paths, me, options, warn))
    lost: Counter[str] = Counter()
    lost[N_("system texts, which are left out: {count}")] = sum(
        len(source.system_texts) for source in sources
    )
    written: list[tuple[ChatLabChat, pd.DataFrame]] = []
    for chat, messages in chats_of(sources, warn):
        held, missed = exporters.held_by_chatlab(messages, chat.owner)
        lost.update(missed)
        if not held.empty:
            written.append((chat, held))
    if not written:
        reason = N_("none of its messages has a time, and ChatLab needs one for each")
        raise NoMessagesError(sources[0].path, reason)
    names = _file_names(out, [chat.name for chat, _messages in written])
    for name in names:
        if not force:
            _check_replaceable(out.with_name(name))
    _write(out.parent, names, written, options.zone)
    return ConvertReport(
        chats=tuple(
            ConvertedChat(out.with_name(name), chat.name, len(messages))
            for name, (chat, messages) in zip(names, written, strict=True)
        ),
        lost=+lost,
    )


def sources_of(
    files: Sequence[Path],
    named: Sequence[Path],
    me: str | None,
    options: ReadOptions,
    warn: Callable[[str], None],
) -> Iterator[SourceFile]:
    """Yield what the files hold; one that nobody named may be no chat at all."""
    left: list[BadFileError] = []
    unknown: list[MeUnknownError] = []
    good = 0
    for path in files:
        try:
            source = read_source(path, options)
        except (UnknownFormatError, NoMessagesError) as error:
            if path in named:
                raise
            left.append(error)
            warn(N_("left out: {reason}").format(reason=error))
            continue
        good += 1
        for sentence in sentences_about(path, source.warnings, source.bad_rows):
            warn(sentence)
        if me is not None:
            try:
                source = importers.with_me(source, me)
            except MeUnknownError as error:
                unknown.append(error)
                warn(str(error))
        yield source
    if not good:
        refuse_all(named[0], left)
    if len(unknown) == good:
        raise unknown[0]


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and one.samefile(other)


def chats_of(
    sources: Sequence[SourceFile], warn: Callable[[str], None]
) -> Iterator[tuple[ChatLabChat, pd.DataFrame]]:
    """Yield every chat of the files with its messages, in the order they are met."""
    parts: dict[str, list[tuple[SourceFile, pd.DataFrame]]] = {}
    owners: Counter[str] = Counter()
    for number, source in enumerate(sources):
        mine = source.messages["is_me"].fillna(value=False).astype("bool")
        owners.update(source.messages.loc[mine, "sender"].tolist())
        for chat, rows in prepared(source, number).groupby("chat", sort=False):
            parts.setdefault(str(chat), []).append((source, rows))
    for name, found in parts.items():
        messages, repeated = _joined([rows for _source, rows in found])
        if repeated:
            sentence = N_("messages that another file holds too: {count}")
            warn(f"{name}: {sentence.format(count=repeated)}")
        aliases: dict[str, dict[str, None]] = {}
        for source, _rows in found:
            for sender, others in source.aliases.items():
                aliases.setdefault(sender, {}).update(dict.fromkeys(others))
        accounts = [each.chat_ids[name] for each, _rows in found if name in each.chat_ids]
        platforms = {_platform(source.format) for source, _rows in found}
        about = ChatLabChat(
            name=name,
            platform=platforms.pop() if len(platforms) == 1 else "unknown",
            group=any(name in group_chats(source) for source, _rows in found),
            account=accounts[0] if accounts else "",
            owner=_owner(messages, owners),
            aliases={sender: tuple(others) for sender, others in aliases.items()},
        )
        yield about, messages


def _joined(tables: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, int]:
    """Return the messages of one chat out of several files, and how many stood in two of them."""
    messages, repeated = tables[0], 0
    for rows in tables[1:]:
        new = new_messages(messages, rows)
        repeated += int((~new).sum())
        messages = pd.concat([messages, rows[new]], ignore_index=True)
    if len(tables) > 1:
        messages = messages.sort_values("time", kind="stable", ignore_index=True)
    return messages, repeated


def _owner(messages: pd.DataFrame, owners: Counter[str]) -> str | None:
    """Return the sender that is me, None where the chat does not say for every message.

    In a chat in which I say nothing it is whoever I am elsewhere.
    """
    if messages["is_me"].isna().any():
        return None
    mine = messages.loc[messages["is_me"].astype("bool"), "sender"]
    if len(mine):
        return str(mine.mode().iloc[0])
    others = set(messages["sender"])
    return next((owner for owner, _count in owners.most_common() if owner not in others), "me")


def _platform(file_format: str) -> str:
    for start, platform in _PLATFORMS.items():
        if file_format.startswith(start):
            return platform
    return "unknown"


def _file_names(out: Path, chats: Sequence[str]) -> list[str]:
    """Return a file name for each chat; no two are the same on a system that ignores case."""
    if len(chats) == 1:
        return [out.name]
    ending = out.suffix or SUFFIX
    names: list[str] = []
    taken: set[str] = set()
    for chat in chats:
        fitting = chat.translate(_UNFIT).encode("utf-8", "replace")[:_NAME_BYTES]
        stem = f"{out.stem}-{fitting.decode('utf-8', 'ignore').strip(' .')}"
        name, copy = f"{stem}{ending}", 1
        while name.casefold() in taken:
            copy += 1
            name = f"{stem} ({copy}){ending}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _check_replaceable(path: Path) -> None:
    """Check that nothing of worth is at `path`. Raises BadFileError."""
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            start = file.readline(1 << 16)
        if not start or _is_ours(start):
            return
    reason = N_("there is such a file already; name another, or replace it with --force")
    raise BadFileError(path, reason)


def _is_ours(line: bytes) -> bool:
    try:
        header = orjson.loads(line)
        return bool(header["chatlab"]["generator"] == exporters.CHATLAB_GENERATOR)
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return False


def _write(
    folder: Path,
    names: Sequence[str],
    chats: Sequence[tuple[ChatLabChat, pd.DataFrame]],
    zone: str,
) -> None:
    now = int(time.time())
    with exporters.staged_folder(folder) as staging:
        for name, (chat, messages) in zip(names, chats, strict=True):
            lines = exporters.chatlab_lines(messages, chat, exported_at=now, zone=zone)
            with exporters.atomic_writer(staging / name) as file:
                for line in lines:
                    file.write(line.decode() + "\n")
