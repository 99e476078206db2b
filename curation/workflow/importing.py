"""From files on disk to conversations in the workspace."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from curation import cleaning, conversations, importers
from curation.errors import N_, MeUnknownError, RuwoError
from curation.model import FilePreview, Side
from curation.store import imports, journal
from curation.workflow.overlap import new_messages, new_records, owners_of_new, record_digests
from curation.workflow.progress import Progress, ignore
from curation.workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from curation.model import SourceFile
    from curation.store import Workspace

READ_STAGE: Final = "read"
STORE_STAGE: Final = "store"
SAMPLE_FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "sample"
SAMPLE_ME: Final = "小满"

_STORED_AT_ONCE: Final = 50_000  # messages; so long a person waits for the bar to move


@dataclass(frozen=True, slots=True)
class FileReport:
    """What an import took from one file. `messages` = `added` + `already_there`.

    `warnings` are those of `SourceFile`.
    """

    path: Path
    format: str
    messages: int
    added: int
    already_there: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did to the workspace."""

    files: tuple[FileReport, ...]
    conversations_added: int
    conversations_extended: int

    @property
    def added(self) -> int:
        """How many messages were new, over all files."""
        return sum(file.added for file in self.files)


def collect_files(path: Path) -> list[Path]:
    """Return the file itself, or every chat file below a folder; BadFileError for none."""
    return importers.collect_files(path)


def read_source(path: Path) -> SourceFile:
    """Return what a file holds, its texts cleaned; BadFileError when it cannot be read."""
    source = importers.read_file(path)
    source.messages["text"] = cleaning.clean_texts(source.messages["text"])
    return source


def preview_files(paths: Sequence[Path]) -> list[FilePreview]:
    """Return what each file holds, an error in place of the content of one that is bad."""
    return [_preview(path) for path in paths]


def _preview(path: Path) -> FilePreview:
    try:
        source = read_source(path)
    except RuwoError as error:
        return FilePreview(path=path, error=error)
    times = source.messages["time"].dropna()
    return FilePreview(
        path=path,
        format=source.format,
        participants=importers.participants(source),
        message_count=len(source.messages),
        first_time=None if times.empty else times.min().to_pydatetime(),
        last_time=None if times.empty else times.max().to_pydatetime(),
        me_known=source.me_known,
        system_texts=source.system_texts,
        warnings=source.warnings,
    )


def sample_files() -> list[Path]:
    """Return the files of the sample that comes with the program."""
    return importers.collect_files(SAMPLE_FOLDER)


def import_sample(workspace: Workspace, progress: Progress = ignore) -> ImportReport:
    """Import the sample; as `import_files`."""
    files = sample_files()
    return import_files(workspace, files, me=dict.fromkeys(files, SAMPLE_ME), progress=progress)


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    me: Mapping[Path, str] | None = None,
    progress: Progress = ignore,
) -> ImportReport:
    """Put what is new in the files into the workspace, in one transaction for all of them.

    `me` names the sender that is "me" for files that do not say. Raises BadFileError for the
    first bad file and MeUnknownError where nobody said who "me" is; then nothing is imported.
    """
    sources = []
    for index, path in enumerate(paths):
        progress(READ_STAGE, index, len(paths))
        sources.append(_with_me(read_source(path), (me or {}).get(path)))
    gap = timedelta(minutes=load_settings(workspace).gap_minutes)
    incoming = pd.concat(
        [_prepared(source, number) for number, source in enumerate(sources)], ignore_index=True
    )
    with workspace.write(bulk=True) as connection:
        chats = list(incoming.groupby("chat", sort=False))
        plans = []
        for name, messages in chats:
            progress(STORE_STAGE, 0, len(incoming))
            plans.append(_Plan.of(connection, str(name), messages, gap))
        added = Counter[int]()
        for plan in plans:
            added.update(plan.added_by_file())
        file_ids = {
            number: imports.add_source_file(
                connection,
                name=cleaning.clean_text(source.path.name),
                file_format=source.format,
                messages=len(source.messages),
                added=added[number],
            )
            for number, source in enumerate(sources)
        }
        new = extended = stored = 0
        for plan in plans:
            for written, more, longer in plan.carry_out(connection, file_ids):
                stored, new, extended = stored + written, new + more, extended + longer
                progress(STORE_STAGE, stored, added.total())
        journal.note(connection, "import", new + extended)
    return ImportReport(
        files=tuple(
            FileReport(
                path=source.path,
                format=source.format,
                messages=len(source.messages),
                added=added[number],
                already_there=len(source.messages) - added[number],
                warnings=source.warnings,
            )
            for number, source in enumerate(sources)
        ),
        conversations_added=new,
        conversations_extended=extended,
    )


def _with_me(source: SourceFile, me: str | None) -> SourceFile:
    if me is None:
        if source.me_known:
            return source
        raise MeUnknownError(
            source.path, N_("the file does not say which of its senders is you; name one")
        )
    return importers.with_me(source, me)


def _prepared(source: SourceFile, number: int) -> pd.DataFrame:
    """Return the messages of a file with side, seconds and the number of their file."""
    messages = source.messages.copy()
    is_me = messages["is_me"].fillna(value=False).astype("bool")
    messages["side"] = pd.Series(Side.OTHER.value, index=messages.index).mask(is_me, Side.ME.value)
    times = messages["time"]
    messages["seconds"] = times.astype("int64").astype("Int64").mask(times.isna())
    messages["file"] = number
    for column in ("sender", "sender_name", "text"):
        messages[column] = messages[column].fillna("")
    return messages


@dataclass(slots=True)
class _Plan:
    """What an import will do to one chat: new conversations, and longer ones."""

    chat_number: int
    fresh: pd.DataFrame  # forms new conversations; has the column `conversation`
    longer: pd.DataFrame  # continues conversations; has the column `owner`
    digests: list[str]

    @classmethod
    def of(cls, connection: Connection, name: str, messages: pd.DataFrame, gap: timedelta) -> _Plan:
        """Return the plan for the messages of one chat, out of all files that hold it."""
        chat_number = imports.chat_id(connection, name)
        known = imports.known_messages(connection, chat_number)
        records, digests = _new_records(
            messages[messages["record"].notna()],
            imports.known_records(connection, chat_number),
        )
        loose = _new_loose(messages[messages["record"].isna()], known)
        timed = conversations.in_time_order(loose[loose["seconds"].notna()])
        if known.empty or timed.empty:
            owners = pd.Series(pd.NA, index=timed.index, dtype="Int64")
        else:
            owners = owners_of_new(known, timed, gap)
        fresh = pd.concat([records, loose[loose["seconds"].isna()], timed[owners.isna()]])
        fresh = fresh.assign(conversation=conversations.split_conversations(fresh, gap))
        longer = timed[owners.notna()].assign(owner=owners.dropna())
        return cls(chat_number, fresh, longer, digests)

    def added_by_file(self) -> Counter[int]:
        """Return how many messages of each file are new."""
        return Counter([*self.fresh["file"].tolist(), *self.longer["file"].tolist()])

    def carry_out(
        self, connection: Connection, file_ids: Mapping[int, int]
    ) -> Iterator[tuple[int, int, int]]:
        """Write the plan part by part.

        Yields after each part how many messages it had, and how many conversations it made and
        how many it lengthened.
        """
        imports.add_records(connection, self.chat_number, self.digests)
        self.fresh["source_file_id"] = self.fresh["file"].map(file_ids)
        last = self.fresh.groupby("conversation").size().cumsum()
        part = self.fresh["conversation"].map((last - 1) // _STORED_AT_ONCE)
        for _number, messages in self.fresh.groupby(part, sort=True):
            made = imports.add_conversations(connection, self.chat_number, messages)
            yield len(messages), made, 0
        for owner, messages in self.longer.groupby("owner"):
            imports.extend_conversation(connection, self.chat_number, int(str(owner)), messages)
            yield len(messages), 0, 1


def _new_records(messages: pd.DataFrame, known: Counter[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return the messages of records that are new, and the digests of those records.

    Files are taken one after the other, so that a record that two of them hold comes in once.
    Records of different files get different numbers.
    """
    parts: list[pd.DataFrame] = []
    digests: list[str] = []
    start = 0
    seen = Counter(known)
    for _number, rows in messages.groupby("file", sort=True):
        found = record_digests(rows)
        fresh = new_records(found, seen)
        seen |= Counter(found.tolist())
        kept = rows[rows["record"].isin(fresh)]
        digests += found[found.index.isin(fresh)].tolist()
        parts.append(kept.assign(record=kept["record"] + start))
        start += int(rows["record"].max()) + 1
    return (pd.concat(parts) if parts else messages), digests


def _new_loose(messages: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the messages outside records that are new, over files taken one after the other."""
    parts: list[pd.DataFrame] = []
    for _number, rows in messages.groupby("file", sort=True):
        earlier = [part[["source_id", "side", "seconds", "text"]] for part in parts]
        held = known[["source_id", "side", "time", "text"]].rename(columns={"time": "seconds"})
        parts.append(rows[new_messages(pd.concat([held, *earlier]), rows)])
    return pd.concat(parts) if parts else messages
