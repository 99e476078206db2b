"""A workspace filled from a folder of Parquet, and chats of any format written as one."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Final

import pandas as pd

from curation import exporters
from curation.errors import N_, BadFileError
from curation.message_schema import SUFFIX
from curation.model import ReadOptions
from curation.workflow.converting import chats_of, sources_of
from curation.workflow.importing import import_files, sentences_about, unpacked
from curation.workflow.progress import Progress, ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from curation.store import Workspace

ROWS: Final = 200_000
"""Messages in one file; a chat is parted only where it has more by itself."""
_BYTES_AT_ONCE: Final = 16 * 1024**2
"""Of Parquet that comes in with one transaction: up to a million messages."""


def convert_to_parquet(
    paths: Sequence[Path],
    out: Path,
    *,
    me: str | None = None,
    force: bool = False,
    options: ReadOptions | None = None,
    warn: Callable[[str], None] = lambda _sentence: None,
    rows: int = ROWS,
) -> dict[str, int]:
    """Write the chats of files, folders and archives as Parquet into the folder `out`.

    Returns the messages of each file by its name. All files appear together or none does. Files of
    this kind that are there already are replaced with `force` only. `me` names the sender that is
    "me" in the files that do not say. `warn` is called with a sentence for whatever a person
    should know. Nothing is masked. Raises RuwoError.
    """
    earlier = [each.name for each in out.glob(f"*{SUFFIX}")] if out.is_dir() else []
    if earlier and not force:
        raise BadFileError(
            out,
            N_("there are Parquet files already; name another folder, or replace them by --force"),
        )
    options = options or ReadOptions()
    written: dict[str, int] = {}
    with unpacked(paths, options.limits) as files:
        sources = list(sources_of(files, paths, me, options, warn))
        with exporters.staged_folder(out, earlier) as staging:
            tables = (messages for _chat, messages in chats_of(sources, warn))
            for number, table in enumerate(_filled(tables, rows)):
                name = f"part-{number:05}{SUFFIX}"
                exporters.write_parquet(staging / name, table)
                written[name] = len(table)
    return written


def _filled(tables: Iterator[pd.DataFrame], rows: int) -> Iterator[pd.DataFrame]:
    """Yield tables of at most so many rows, each as full as whole chats make it."""
    held: list[pd.DataFrame] = []
    size = 0
    for table in tables:
        if held and size + len(table) > rows:
            yield pd.concat(held, ignore_index=True)
            held, size = [], 0
        for start in count(0, rows):
            part = table.iloc[start : start + rows]
            if start + rows >= len(table):
                held.append(part)
                size += len(part)
                break
            yield part.reset_index(drop=True)
    if held:
        yield pd.concat(held, ignore_index=True)


def fill_workspace(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    me: str | None = None,
    progress: Progress = ignore,
    warn: Callable[[str], None] = lambda _sentence: None,
) -> Counter[str]:
    """Import files, folders and archives; return counts: messages read, and what was added.

    Parquet comes in file by file, some at a time where they are small, each time in one
    transaction: whatever is stopped or killed goes on when it is done again, and nothing that is
    there already is doubled. All other files come in together. Raises RuwoError.
    """
    counts = Counter[str](messages=0, added=0, conversations=0)
    with unpacked(paths) as files:
        for some in _groups(files):
            said = {} if me is None else dict.fromkeys(some, me)
            report = import_files(workspace, some, me=said, progress=progress)
            for file in report.files:
                for sentence in sentences_about(file.path, file.warnings, file.bad_rows):
                    warn(sentence)
                counts["messages"] += file.messages
                counts["added"] += file.added
            counts["conversations"] += report.conversations_added
    return counts


def _groups(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield files that come in together."""
    others = [each for each in files if each.suffix.lower() != SUFFIX]
    if others:
        yield others
    held: list[Path] = []
    size = 0
    for path in files:
        if path.suffix.lower() == SUFFIX:
            here = path.stat().st_size if path.is_file() else 0
            if held and size + here > _BYTES_AT_ONCE:
                yield held
                held, size = [], 0
            held.append(path)
            size += here
    if held:
        yield held
