"""A ZIP archive of exports -> the files in it that are worth reading, safely unpacked.

Nothing in an archive is believed: names may lead out of the folder, headers may lie about sizes,
and a few kilobytes may swell to terabytes. Sources: PKWARE's APPNOTE.TXT for the format, its
flags and the Unicode path field; D. Fifield, "A better zip bomb" (2019) for overlapping entries.
"""

from __future__ import annotations

import lzma
import mmap
import os
import re
import stat
import tempfile
import time
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from curation import private_files
from curation.errors import N_, BadFileError
from curation.importers.companions import without_companions
from curation.importers.legacy_encodings import encoding_of
from curation.importers.registry import ARCHIVE_SUFFIX, SUFFIXES, is_candidate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from curation.model import Limits

_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_OFFICE = re.compile(r"\[Content_Types\]\.xml|mimetype|Index/Document\.iwa")
"""Names in a ZIP that is a document of an office program, not an archive."""

_OFFICE_HEAD = re.compile(rb"\[Content_Types\]\.xml|mimetypeapplication/|xl/|word/|ppt/")

_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_UNICODE_PATH: Final = 0x7075
"""Extra field: the name in UTF-8, after a version byte and the checksum of the name it replaces."""

_ENTRY: Final = b"PK\x01\x02"
_MOST_ENTRIES: Final = 300_000
"""Entries that a table of contents may have at all; it is held in memory, chats are few of them."""

_CHUNK: Final = 1 << 20
_SMALL: Final = 1 << 16  # below it no ratio is a danger
_MEGABYTE: Final = 1024 * 1024
_LONGEST_NAME: Final = 200
"""Bytes of one part of a path; the usual file systems hold 255, a number may be added."""

_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, with any ending."""

_UNWRITABLE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_DRIVE = re.compile(r"[A-Za-z]:")


def is_archive(path: Path) -> bool:
    """Return whether the file at `path` is a ZIP archive, by its content; spreadsheets are none.

    A damaged one is an archive too: `unpack` says what is wrong with it.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_CHUNK)
        if not head.startswith(_ZIP_STARTS) or _too_many_entries(path):
            return head.startswith(_ZIP_STARTS)
        with zipfile.ZipFile(path) as archive:
            return not any(_OFFICE.fullmatch(name) for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        return _OFFICE_HEAD.search(head) is None
    except OSError:
        return False  # reading it gives the error


def unpack(path: Path, into: Path, limits: Limits) -> list[Path]:
    """Return the files of the archive at `path` that look like chat exports, unpacked, sorted.

    They are written below a new folder in `into`, in a folder named like the archive, together
    with the files that exporters put beside a chat; everything else stays packed. An archive in
    the archive is unpacked too, against the same limits; one deeper comes back as a file.

    Raises:
        BadFileError: no archive, damaged, needs a password, holds names that lead out of it,
            exceeds the limits, or nothing in it looks like a chat export.

    """
    path = Path(path)
    try:
        size = path.stat().st_size
        home = Path(tempfile.mkdtemp(dir=into)) / writable_name(path.stem)
        budget = _Budget(path, limits, size)
        budget.check_size(size, limits.file_bytes)
        found = _unpack(path, home, budget, nested=False)
    except OSError as exc:
        raise BadFileError(path, N_("the archive cannot be unpacked")) from exc
    if not found:
        reason = N_("no file in this archive looks like a chat export ({suffixes})")
        raise BadFileError(path, reason, suffixes=", ".join(SUFFIXES))
    return without_companions(sorted(found))


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked of one archive, those inside it included."""

    path: Path
    limits: Limits
    packed: int
    files: int = 0
    written: int = 0
    taken: set[str] = field(default_factory=set)

    def add_file(self) -> None:
        self.files += 1
        if self.files > self.limits.archive_files:
            reason = N_("the archive holds more than {limit} files (see the settings)")
            raise BadFileError(self.path, reason, limit=self.limits.archive_files)

    def add_bytes(self, count: int, of_this: int, packed: int) -> None:
        """Count unpacked bytes; `of_this` and `packed` are the sizes of the file they are from."""
        self.written += count
        limit = self.limits.unpacked_bytes
        if self.written > limit:
            reason = N_("the archive unpacks to more than {limit} MB (see the settings)")
            raise BadFileError(self.path, reason, limit=limit // _MEGABYTE)
        # A header may lie about the packed size, but nobody can about the archive's own.
        ratio = self.limits.archive_ratio
        if of_this > max(_SMALL, ratio * packed) or self.written > max(_SMALL, ratio * self.packed):
            reason = N_(
                "the archive unpacks to more than {limit} times its size (see the settings)"
            )
            raise BadFileError(self.path, reason, limit=ratio)

    def check_size(self, size: int, limit: int) -> None:
        if size > limit:
            reason = N_("the file has {size} MB, the limit is {limit} MB (see the settings)")
            numbers = (-(-size // _MEGABYTE), limit // _MEGABYTE)
            raise BadFileError(self.path, reason, size=numbers[0], limit=numbers[1])

    def free(self, target: Path) -> Path:
        """Return `target`, numbered like a copy where the name is taken in any case."""
        number, free = 1, target
        while str(free).casefold() in self.taken:
            number += 1
            free = target.with_name(f"{target.stem} ({number}){target.suffix}")
        self.taken.add(str(free).casefold())
        return free


def _unpack(path: Path, home: Path, budget: _Budget, *, nested: bool) -> list[Path]:
    """Write the candidates of one archive below `home` and return them."""
    if _too_many_entries(path):
        reason = N_("the archive holds more than {limit} files (see the settings)")
        raise BadFileError(budget.path, reason, limit=_MOST_ENTRIES)
    damaged = N_("the archive is damaged")
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack_entries(archive, home, budget, nested=nested)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError) as exc:
        raise BadFileError(budget.path, damaged) from exc
    except NotImplementedError as exc:
        reason = N_("the archive is packed in a way this program cannot read; please unpack it")
        raise BadFileError(budget.path, reason) from exc


def _unpack_entries(
    archive: zipfile.ZipFile, home: Path, budget: _Budget, *, nested: bool
) -> list[Path]:
    # Not `is_dir`, which fails for an entry without a name.
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    found: list[Path] = []
    for entry, name in zip(entries, _names(entries), strict=True):
        parts = _safe_parts(name, budget.path)
        if _is_link(entry) or not _is_wanted(parts):
            continue
        if entry.flag_bits & _ENCRYPTED:
            reason = N_("the archive needs a password; please unpack it first")
            raise BadFileError(budget.path, reason)
        target = budget.free(home.joinpath(*(writable_name(part) for part in parts)))
        private_files.make_folder(target.parent)
        budget.add_file()
        _write(archive, entry, target, budget)
        if not nested and parts[-1].lower().endswith(ARCHIVE_SUFFIX) and is_archive(target):
            inside = target.with_suffix("")
            found += _unpack(target, budget.free(inside), budget, nested=True)
            target.unlink()
        else:
            found.append(target)
    return found


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, budget: _Budget) -> None:
    written = 0
    source: IO[bytes]
    with archive.open(entry) as source, private_files.create(target, "wb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            budget.add_bytes(len(chunk), written, entry.compress_size)
            file.write(chunk)
    # Formats without a year take it from the day on which the file was last changed.
    with suppress(OSError, OverflowError, ValueError):
        changed = time.mktime((*entry.date_time, 0, 0, -1))
        os.utime(target, (changed, changed))


def _is_wanted(parts: Sequence[str]) -> bool:
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts[:-1])
    return not hidden and is_candidate(parts[-1])


def _is_link(entry: zipfile.ZipInfo) -> bool:
    """Return whether the entry is a link, a pipe or a device instead of a file."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return kind not in (0, stat.S_IFREG)


def _safe_parts(name: str, path: Path) -> list[str]:
    """Return the parts of an entry's name.

    Raises BadFileError where they lead out of the folder.
    """
    name = name.replace("\\", "/")
    parts = [part for part in PurePosixPath(name).parts if part != "."]
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts or "\0" in name or not parts:
        raise BadFileError(path, N_("the archive holds a file name that leads out of it"))
    return parts


def writable_name(name: str) -> str:
    """Return one part of a path as every system can write it, unchanged for nearly all names."""
    name = _UNWRITABLE.sub("_", name).strip()
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    if len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        ending = dot + suffix[:16] if dot else ""
        name = stem.encode("utf-8", "replace")[:_LONGEST_NAME].decode("utf-8", "ignore") + ending
    name = name.rstrip(". ") or "_"
    return f"_{name}" if _DEVICE.match(name) else name


def _names(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the names of the entries, rightly decoded.

    Names without the UTF-8 flag are of the packer's own system. What is not in the encoding of
    most of them comes out damaged, but harmless.
    """
    plain = [entry.orig_filename.encode("cp437") for entry in entries if not _is_unicode(entry)]
    encoding = encoding_of(plain)
    return [
        _unicode_path(entry)
        or (
            entry.orig_filename
            if _is_unicode(entry)
            else entry.orig_filename.encode("cp437").decode(encoding, "replace")
        )
        for entry in entries
    ]


def _is_unicode(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.flag_bits & _UTF8_NAME)


def _unicode_path(entry: zipfile.ZipInfo) -> str:
    """Return the name in the entry's Unicode path field, empty where there is none that fits."""
    extra = entry.extra
    while len(extra) >= 4:  # noqa: PLR2004  (two numbers of two bytes: kind and length)
        kind, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        value, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and not _is_unicode(entry) and value[:1] == b"\x01":
            checksum = zlib.crc32(entry.orig_filename.encode("cp437"))
            if int.from_bytes(value[1:5], "little") == checksum:
                return value[5:].decode("utf-8", "replace")
    return ""


def _too_many_entries(path: Path) -> bool:
    """Return whether the table of contents would be too large to be read into memory."""
    if path.stat().st_size < _MOST_ENTRIES * len(_ENTRY):
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        count, at = 0, raw.find(_ENTRY)
        while at >= 0 and count <= _MOST_ENTRIES:
            count, at = count + 1, raw.find(_ENTRY, at + len(_ENTRY))
    return count > _MOST_ENTRIES
