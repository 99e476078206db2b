"""Records of kept exports, read from their files as they lie on the disk."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from curation import exporters
from curation.workflow import version_files
from curation.workflow.exporting import LABEL_FILES
from curation.workflow.parting import VALIDATION
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
    with closing(form.read(path)) as found:
        records = tuple(islice(found, most))
    text, cut = _text_of(path, most)
    return FileHead(text, cut, records)


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
    with labels.open("rb") as file:
        for line in file:
            # Most lines are of others, and reading each as JSON would take ten times as long.
            if sign in line:
                label = orjson.loads(line)
                if conversation in (label["conversation"], *label.get("joined", ())):
                    places.append(label["index"])
    return places


def _picked(form: Format, path: Path, places: list[int]) -> list[dict[str, Any]]:
    """Return the records at these places of a file, in their order."""
    with path.open("rb") as file:
        first = file.readline()
        if first.startswith((b"[", b"{")):
            # A record a line: what stands before need not be understood.
            if first.startswith(b"{"):
                file.seek(0)
            lines = _at(file, places)
            return [form.decode(orjson.loads(line.rstrip(b",\n"))) for line in lines]
    with closing(form.read(path)) as records:
        return list(_at(records, places))


def _at(found: Iterator[_Each], places: list[int]) -> Iterator[_Each]:
    before = -1
    for place in sorted(places):
        yield from islice(found, place - before - 1, place - before)
        before = place
