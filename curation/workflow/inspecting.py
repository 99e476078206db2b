"""What a file holds, without storing anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curation import importers
from curation.errors import BadFileError
from curation.model import Limits
from curation.workflow.importing import read_source, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from curation.model import Participant, ReadOptions, SourceFile


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one file holds. `participants` counts spoken messages, most frequent first."""

    source: SourceFile
    participants: tuple[Participant, ...]
    first_time: datetime | None
    last_time: datetime | None


def inspect_file(
    path: Path, me: str | None = None, options: ReadOptions | None = None
) -> Inspection:
    """Return what the file at `path` holds; `me` names the sender that is "me" where it is silent.

    `options` default to those of `ReadOptions`. Raises BadFileError when the file cannot be read,
    MeUnknownError when nobody in it is `me`.
    """
    source = read_source(path, options)
    if me is not None:
        source = importers.with_me(source, me)
    times = source.messages["time"].dropna()
    return Inspection(
        source=source,
        participants=importers.participants(source),
        first_time=None if times.empty else times.min().to_pydatetime(),
        last_time=None if times.empty else times.max().to_pydatetime(),
    )


def inspect_files(
    path: Path, me: str | None = None, options: ReadOptions | None = None
) -> tuple[list[Inspection], list[BadFileError]]:
    """Return what a file holds, or each file of an archive, and what in an archive gives nothing.

    As `inspect_file`; of an archive the first error is raised where no file in it can be read.
    """
    if not importers.is_archive(path):
        return [inspect_file(path, me, options)], []
    found: list[Inspection] = []
    errors: list[BadFileError] = []
    with unpacked([path], Limits()) as files:
        for file in files:
            try:
                found.append(inspect_file(file, me, options))
            except BadFileError as error:
                errors.append(error)
    if not found:
        raise errors[0]
    return found, errors


def message_rows(source: SourceFile) -> Iterator[dict[str, Any]]:
    """Yield every message of a file in its order as JSON values.

    Keys: chat, sender, sender_name, is_me (null while unknown), time (ISO 8601 or null), kind,
    text, reply_to (null when nothing was quoted).
    """
    columns = ["chat", "sender", "sender_name", "is_me", "time", "kind", "text", "reply_to"]
    messages = source.messages[columns]
    times = messages["time"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    # A column at a time: a look at every cell would take most of the time of a large file.
    values = [
        column.astype("object").where(column.notna(), None).tolist()
        for _name, column in messages.assign(time=times).items()
    ]
    for row in zip(*values, strict=True):
        yield dict(zip(columns, row, strict=True))
