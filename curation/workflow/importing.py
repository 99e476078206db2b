"""From files on disk to conversations in the workspace."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import pandas as pd

from curation import cleaning, importers, private_files, store
from curation.errors import N_, BadFileError, MeUnknownError, RuwoError, UnknownFormatError
from curation.importers import message_table
from curation.model import Limits, ReadOptions
from curation.store import duplicates, imports, journal
from curation.workflow import names
from curation.workflow.detecting import expect_rules
from curation.workflow.duplicates import mark
from curation.workflow.importing_plans import Plan, group_chats, prepared
from curation.workflow.matching import match_chats
from curation.workflow.progress import Progress, ignore
from curation.workflow.roles import owners_only
from curation.workflow.settings import load_settings, read_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from curation.importers import TableHead
    from curation.model import GroupMode, Participant, SourceFile
    from curation.store import Workspace
    from curation.workflow.settings import Settings

READ_STAGE: Final = "read"
SPLIT_STAGE: Final = "split"
STORE_STAGE: Final = "store"
SAMPLE_FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "sample"
SAMPLE_ME: Final = "小满"

_BAD_ROWS_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What the import page shows of one file before anything is stored."""

    path: Path
    format: str = ""
    participants: tuple[Participant, ...] = ()
    message_count: int = 0
    first_time: datetime | None = None
    last_time: datetime | None = None
    me_known: bool = False
    system_texts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    bad_rows: tuple[BadFileError, ...] = ()
    groups: tuple[str, ...] = ()  # names of group chats in the file
    table: TableHead | None = None  # of a table that no importer knows: asks for a mapping
    error: RuwoError | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What an import took from one file. `messages` = `added` + `already_there`.

    `warnings` and `bad_rows` are those of `SourceFile`.
    """

    path: Path
    format: str
    messages: int
    added: int
    already_there: int
    warnings: tuple[str, ...] = ()
    bad_rows: tuple[BadFileError, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did to the workspace.

    `duplicates` counts the conversations of the whole workspace that say nearly the same as an
    earlier one.
    """

    files: tuple[FileReport, ...]
    conversations_added: int
    conversations_extended: int
    duplicates: int = 0

    @property
    def added(self) -> int:
        """How many messages were new, over all files."""
        return sum(file.added for file in self.files)


def sentences_about(
    path: Path, warnings: Sequence[str], bad_rows: Sequence[BadFileError]
) -> Iterator[str]:
    """Yield what a person should know of a file: its warnings, its first bad rows, how many more.

    A damaged file may have a bad row for each of a million lines.
    """
    for warning in warnings:
        yield f"{path.name}: {warning}"
    for row in bad_rows[:_BAD_ROWS_TOLD]:
        yield N_("left out: {reason}").format(reason=row)
    more = len(bad_rows) - _BAD_ROWS_TOLD
    if more > 0:
        sentence = N_("further rows that cannot be read, which are left out: {count}")
        yield f"{path.name}: {sentence.format(count=more)}"


def refuse_all(folder: Path, left: Sequence[BadFileError]) -> NoReturn:
    """Raise BadFileError for files of a folder none of which gives messages; `left` says why."""
    first, *others = left
    if not others:
        raise first
    reason = N_("none of the {count} files in this folder gives messages: {first}")
    raise BadFileError(folder, reason, count=len(left), first=first) from first


def known_formats() -> tuple[str, ...]:
    """Return the names of the formats that are read, each once, in the order they are tried."""
    return tuple(dict.fromkeys(each.format for each in importers.IMPORTERS))


def collect_files(path: Path) -> list[Path]:
    """Return the file itself, or every chat file below a folder; BadFileError for none."""
    return importers.collect_files(path)


def read_source(path: Path, options: ReadOptions | None = None) -> SourceFile:
    """Return what a file holds, its texts cleaned; BadFileError when it cannot be read."""
    source = importers.read_file(path, options)
    source.messages["text"] = cleaning.clean_texts(source.messages["text"])
    return source


def preview_files(
    paths: Sequence[Path], *, options: ReadOptions | None = None
) -> list[FilePreview]:
    """Return what each file holds, an error in place of the content of one that is bad.

    A table that no importer knows comes with its beginning, so that a person can explain it.
    """
    return [_preview(path, options or ReadOptions()) for path in paths]


def _preview(path: Path, options: ReadOptions) -> FilePreview:
    try:
        source = read_source(path, options)
    except UnknownFormatError as error:
        table = importers.table_head(path, options)
        return FilePreview(path=path, error=error if table is None else None, table=table)
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
        bad_rows=source.bad_rows,
        groups=group_chats(source),
    )


@contextmanager
def unpacked(paths: Sequence[Path], limits: Limits | None = None) -> Iterator[list[Path]]:
    """Yield the files that paths stand for: folders expanded, archives unpacked.

    What was unpacked lies in a temporary folder until the block is left. Raises BadFileError for
    an archive that is damaged or beyond the limits, and for a path with no chat file.
    """
    with tempfile.TemporaryDirectory(prefix="ruwo-", ignore_cleanup_errors=True) as folder:
        found: dict[Path, None] = {}
        files = [file for path in paths for file in importers.collect_files(path)]
        for number, path in enumerate(files):
            if importers.is_archive(path):
                into = Path(folder) / str(number)
                into.mkdir(mode=private_files.FOLDER)
                found.update(dict.fromkeys(importers.unpack(path, into, limits or Limits())))
            else:
                found[path] = None
        yield list(found)


def sample_files() -> list[Path]:
    """Return the files of the sample that comes with the program."""
    return importers.collect_files(SAMPLE_FOLDER)


@owners_only
def import_sample(workspace: Workspace, progress: Progress = ignore) -> ImportReport:
    """Import the sample; as `import_files`."""
    files = sample_files()
    return import_files(workspace, files, me=dict.fromkeys(files, SAMPLE_ME), progress=progress)


@owners_only
def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    me: Mapping[Path, str] | None = None,
    groups: Mapping[str, GroupMode] | None = None,
    progress: Progress = ignore,
) -> ImportReport:
    """Put what is new in the files into the workspace, in one transaction for all of them.

    `me` names the sender that is "me" for files that do not say, `groups` says by the chat's name
    what becomes of the other speakers of a group. Progress is told in the stages `read` (bytes of
    all files), `split` and `store` (messages) and `duplicates` (conversations). Raises
    BadFileError for the first bad file and MeUnknownError where nobody said who "me" is; then
    nothing is imported.
    """
    settings = load_settings(workspace)
    sources, incoming = _read_all(paths, settings, me or {}, progress)
    counts = [int((incoming["file"] == number).sum()) for number in range(len(sources))]
    with workspace.write(bulk=True) as connection:
        plans = _plans(connection, sources, incoming, settings, progress)
        del incoming
        added = Counter[int]()
        for plan in plans:
            added.update(plan.added_by_file())
        file_ids = {
            number: imports.add_source_file(
                connection,
                name=cleaning.clean_text(source.path.name),
                file_format=source.format,
                messages=counts[number],
                added=added[number],
            )
            for number, source in enumerate(sources)
        }
        new = extended = stored = 0
        while plans:
            plan = plans.pop(0)
            for written, more, longer in plan.carry_out(connection, file_ids, groups or {}):
                stored, new, extended = stored + written, new + more, extended + longer
                progress(STORE_STAGE, stored, added.total())
        names.keep(connection, sources)
        marked = mark(connection, progress) if new + extended else duplicates.count(connection)
        journal.note(connection, "import", new + extended)
    if store.was_searched(workspace):
        expect_rules(workspace)
    return ImportReport(
        files=tuple(
            FileReport(
                path=source.path,
                format=source.format,
                messages=counts[number],
                added=added[number],
                already_there=counts[number] - added[number],
                warnings=source.warnings,
                bad_rows=source.bad_rows,
            )
            for number, source in enumerate(sources)
        ),
        conversations_added=new,
        conversations_extended=extended,
        duplicates=marked,
    )


def _read_all(
    paths: Sequence[Path], settings: Settings, me: Mapping[Path, str], progress: Progress
) -> tuple[list[SourceFile], pd.DataFrame]:
    """Return what the files say, without their messages, and the messages of all of them."""
    sizes = [_size(path) for path in paths]
    sources: list[SourceFile] = []
    tables: list[pd.DataFrame] = []
    for number, path in enumerate(paths):
        before = sum(sizes[:number])
        progress(READ_STAGE, before, sum(sizes))
        tick = _telling_bytes(progress, before, sizes[number], sum(sizes))
        source = _with_me(read_source(path, read_options(settings, tick)), me.get(path))
        source = replace(source, groups=frozenset(group_chats(source)))
        tables.append(prepared(source, number))
        # A table of a million messages is not kept twice.
        sources.append(replace(source, messages=message_table({})))
    progress(READ_STAGE, sum(sizes), sum(sizes))
    return sources, tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # reading it will say in words what is wrong
        return 0


def _telling_bytes(
    progress: Progress, before: int, size: int, all_bytes: int
) -> Callable[[int, int], None]:
    """Return what tells how many bytes of all files are read, from what part of one file is."""

    def tick(done: int, total: int) -> None:
        progress(READ_STAGE, before + (size * done // total if total else 0), all_bytes)

    return tick


def _with_me(source: SourceFile, me: str | None) -> SourceFile:
    if me is None:
        if source.me_known:
            return source
        raise MeUnknownError(
            source.path, N_("the file does not say which of its senders is you; name one")
        )
    return importers.with_me(source, me)


def _plans(
    connection: Connection,
    sources: Sequence[SourceFile],
    incoming: pd.DataFrame,
    settings: Settings,
    progress: Progress,
) -> list[Plan]:
    """Return what is to be done to each chat."""
    progress(SPLIT_STAGE, 0, len(incoming))
    matched = match_chats(connection, incoming, sources)
    groups = {
        matched[file, chat].id for file, source in enumerate(sources) for chat in source.groups
    }
    chats = {each.id: each for each in matched.values()}
    if len(chats) == 1:
        parts = [(next(iter(chats)), incoming)]
    else:
        keys = zip(incoming["file"].tolist(), incoming["chat"].tolist(), strict=True)
        owners = pd.Series([matched[key].id for key in keys], index=incoming.index)
        parts = [(int(str(owner)), rows) for owner, rows in incoming.groupby(owners, sort=False)]
    plans = []
    done = 0
    for owner, rows in parts:
        chat = replace(chats[owner], is_group=chats[owner].is_group or owner in groups)
        plans.append(Plan.of(connection, chat, rows, settings))
        done += len(rows)
        progress(SPLIT_STAGE, done, len(incoming))
    return plans
