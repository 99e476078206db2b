"""Records of kept exports, read from their files as they lie on the disk."""

from __future__ import annotations

import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from curation import exporters
from curation.errors import N_, BadFileError, why_of
from curation.workflow import version_files
from curation.workflow.exporting import LABEL_FILES
from curation.workflow.parting import VALIDATION
from curation.workflow.roles import owners_only
from curation.workflow.versions import version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curation.exporters import Format
    from curation.store import Workspace
    from curation.store.export_versions import ExportVersion

_Each = TypeVar("_Each")

_LONGEST: Final = 40_000
"""Characters of a file that are shown as they stand in it."""
_CHANGED: Final = N_("this file is no longer as the export wrote it")


@dataclass(frozen=True, slots=True)
class FileHead:
    """The beginning of a file of a version.

    `text` are its first lines as they are, `None` for a file that is no text; `cut` says that there
    is more of what is shown of them. `records` are the first ones, whatever the format.
    """

    text: str | None
    cut: bool
    records: tuple[dict[str, Any], ...]


def version_formats(kept: ExportVersion) -> tuple[str, ...]:
    """Return the formats of a version that this program can read."""
    known = exporters.formats()
    return tuple(name for name in kept.options.get("formats", ()) if name in known)


@owners_only
def file_head(
    workspace: Workspace, number: int, name: str, most: int, *, validation: bool = False
) -> FileHead | None:
    """Return the beginning of a version's file in a format; None where it is not there (any more).

    Raises ActionRefusedError where the version is gone, BadFileError where somebody changed the
    file.
    """
    form = exporters.formats()[name]
    path = _file(workspace, version(workspace, number), form, validation=validation)
    if path is None:
        return None
    with _readable(path):
        with closing(form.read(path)) as found:
            records = tuple(islice(found, most))
        text, cut = _text_of(path, most)
    if not records:  # no part is written without any
        raise BadFileError(path, _CHANGED)
    _check(form, path, dict(enumerate(records)))
    return FileHead(text, cut, records)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Let what the operating system refuses inside be a BadFileError."""
    try:
        yield
    except OSError as error:
        why = why_of(error)
        raise BadFileError(path, N_("cannot be read: {why}"), why=why) from error


def _check(form: Format, path: Path, records: dict[int, dict[str, Any]]) -> None:
    """Raise BadFileError where one of these records, by their places, is none."""
    for at, record in records.items():
        whole = isinstance(record, dict)
        if not whole or exporters.record_problem(record, extended=form.extended):
            raise BadFileError(path, _CHANGED, place=f"record {at + 1}")


def _text_of(path: Path, most: int) -> tuple[str | None, bool]:
    """Return about so many records as they stand in a file of text."""
    with path.open("rb") as file:
        lines = list(islice(file, most + 1))
        more = bool(file.read(1))
    try:
        text = b"".join(lines).decode("utf-8")
    except UnicodeDecodeError:
        return None, False
    return text[:_LONGEST], more or len(text) > _LONGEST


def records_of(workspace: Workspace, number: int, conversation: int) -> list[dict[str, Any]] | None:
    """Return the records of a conversation in a version; None where its files were deleted.

    Raises ActionRefusedError where the version is gone, BadFileError where somebody changed a file.
    """
    kept = version(workspace, number)
    for name in version_formats(kept):
        form = exporters.formats()[name]
        if _file(workspace, kept, form) is not None:
            return list(_of_both_parts(workspace, kept, form, conversation))
    return None


def _of_both_parts(
    workspace: Workspace, kept: ExportVersion, form: Format, conversation: int
) -> Iterator[dict[str, Any]]:
    for part, name in LABEL_FILES.items():
        labels = version_files.file_of(workspace, kept.folder, name)
        path = _file(workspace, kept, form, validation=part == VALIDATION)
        if labels is not None and path is not None:
            yield from _picked(form, path, _places(labels, conversation))


def _file(
    workspace: Workspace, kept: ExportVersion, form: Format, *, validation: bool = False
) -> Path | None:
    name = form.validation if validation else form.train
    return version_files.file_of(workspace, kept.folder, name)


def _places(labels: Path, conversation: int) -> list[int]:
    """Return where the records of a conversation stand in the file of records."""
    sign = str(conversation).encode("ascii")
    places = []
    with _readable(labels), labels.open("rb") as file:
        for number, line in enumerate(file, start=1):
            # Most lines are of others, and reading each as JSON would take ten times as long.
            if sign in line:
                try:
                    index, owners = _label(orjson.loads(line))
                except ValueError as error:
                    raise BadFileError(labels, _CHANGED, line=number) from error
                if conversation in owners:
                    places.append(index)
        if not file.tell():
            raise BadFileError(labels, _CHANGED)
    return places


def _label(told: Any) -> tuple[int, list[Any]]:
    """Return where a record stands and of which conversations it is; ValueError for other JSON."""
    match told:
        case {"index": int(index), "conversation": int(owner)} if 0 <= index < sys.maxsize:
            joined = told.get("joined", [])
            if isinstance(joined, list):
                return index, [owner, *joined]
    raise ValueError


def _picked(form: Format, path: Path, places: list[int]) -> list[dict[str, Any]]:
    """Return the records at these places of a file, in their order."""
    with _readable(path):
        try:
            found = list(_read(form, path, places))
        except ValueError as error:
            raise BadFileError(path, _CHANGED) from error
    if len(found) != len(places):
        raise BadFileError(path, _CHANGED)
    _check(form, path, dict(zip(sorted(places), found, strict=True)))
    return found


def _read(form: Format, path: Path, places: list[int]) -> Iterator[dict[str, Any]]:
    """Yield the records at these places; ValueError or BadFileError where one cannot be read."""
    with path.open("rb") as file:
        first = file.readline()
        if first.startswith((b"[", b"{")):
            # A record a line: what stands before need not be understood.
            if first.startswith(b"{"):
                file.seek(0)
            for line in _at(file, places):
                yield form.decode(orjson.loads(line.rstrip(b",\n")))
            return
    with closing(form.read(path)) as records:
        yield from _at(records, places)


def _at(found: Iterator[_Each], places: list[int]) -> Iterator[_Each]:
    before = -1
    for place in sorted(places):
        yield from islice(found, place - before - 1, place - before)
        before = place
