"""Files a person chose, whether sent by the browser or named by a path.

What was chosen may be a chat file, or an archive or a folder with many of them.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from curation import private_files, workflow
from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from curation.model import Limits

_QUOTES: Final = frozenset(
    {('"', '"'), ("'", "'"), ("“", "”"), ("”", "“"), ("‘", "’"), ("＂", "＂"), ("「", "」")}
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen thing: `key` tells it apart in this tab; exactly one of the sources is set.

    `size` is in bytes, of a folder over all its chat files.
    """

    key: str
    name: str
    size: int = 0
    upload: UploadedFile | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One chat file: the chosen file itself, or one of those in a chosen archive or folder.

    `number` is its place there, `name` what a person reads, `several` whether it has siblings.
    """

    key: str
    name: str
    chosen: Chosen
    number: int = 0
    several: bool = False


def chosen_uploads(uploads: Sequence[UploadedFile]) -> list[Chosen]:
    """Return the files that the browser sent."""
    return [
        Chosen(key=file.file_id, name=_own_name(file.name), size=file.size, upload=file)
        for file in uploads
    ]


def chosen_paths(typed: str) -> list[Chosen]:
    """Return the file or the folder that a person typed.

    Raises:
        BadFileError: nothing usable is there.
    """
    path = meant_path(typed)
    found = workflow.collect_files(path)
    facts = [(str(each), *_size_and_time(each)) for each in found]
    # A folder is another one as soon as a file in it is.
    key = sha256(repr(facts).encode("utf-8", "replace")).hexdigest()[:16]
    size = sum(bytes_ for _path, bytes_, _time in facts)
    return [Chosen(key=key, name=path.name or str(path), size=size, path=path)]


def meant_path(typed: str) -> Path:
    """Return the path that a person pasted: in quotes, from the home folder, or as an address.

    Windows' "Copy as path" puts quotes around it, an input method makes them full-width.
    """
    text = typed.strip()
    if len(text) > 1 and (text[0], text[-1]) in _QUOTES:
        text = text[1:-1].strip()
    if text.lower().startswith("file://"):
        text = url2pathname(urlsplit(text).path)
    if text == "~" or text.startswith(("~/", "~\\")):
        return Path.home() / text[2:]
    return Path(text or typed)  # an empty path would be the folder that the program runs in


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        facts = path.stat()
    except OSError as exc:
        raise BadFileError(path, N_("the file cannot be read")) from exc
    return facts.st_size, facts.st_mtime_ns


def _own_name(name: str) -> str:
    """Return the name that an upload was sent with as one that every system can write.

    Whoever sends it may send any: `..`, a device of Windows, one of a thousand letters.
    """
    return workflow.writable_name(Path(name.replace("\\", "/")).name)


@contextmanager
def on_disk(files: Sequence[Chosen]) -> Iterator[dict[str, Path]]:
    """Return paths by the files' keys; uploads lie in a temporary folder only inside the block.

    An upload keeps its own name, because some formats name the chat there.
    """
    with TemporaryDirectory(prefix="ruwo-") as folder:
        paths: dict[str, Path] = {}
        for number, file in enumerate(files):
            if file.path is not None:
                paths[file.key] = file.path
            elif file.upload is not None:
                target = Path(folder, str(number), file.name)
                target.parent.mkdir(mode=private_files.FOLDER)
                file.upload.seek(0)
                with private_files.create(target, "wb") as out:
                    shutil.copyfileobj(file.upload, out)
                paths[file.key] = target
        yield paths


@contextmanager
def opened(files: Sequence[Chosen], limits: Limits) -> Iterator[dict[str, list[Path]]]:
    """Return the chat files by the keys of what was chosen; they are there only inside the block.

    Archives are unpacked once, folders are looked through. The order is always the same.

    Raises:
        BadFileError: an archive is broken or beyond the limits, or holds no chat file.
    """
    with ExitStack() as stack:
        paths = stack.enter_context(on_disk(files))
        yield {
            file.key: stack.enter_context(workflow.unpacked([paths[file.key]], limits))
            for file in files
        }


def members(chosen: Chosen, paths: Sequence[Path]) -> tuple[Member, ...]:
    """Return the chat files of what was chosen, named as they lie below their common folder."""
    if len(paths) == 1 and paths[0].name == chosen.name:
        return (Member(chosen.key, chosen.name, chosen),)
    folders = [path.parent.parts for path in paths]
    shared = 0
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return tuple(
        Member(
            f"{chosen.key}/{number}", "/".join(path.parts[shared:]), chosen, number, several=True
        )
        for number, path in enumerate(paths)
    )


@contextmanager
def as_path(chosen: Path | UploadedFile) -> Iterator[Path]:
    """Yield a path of what was chosen; what the browser sent lies on the disk meanwhile."""
    if isinstance(chosen, Path):
        yield chosen
        return
    with TemporaryDirectory(prefix="ruwo-") as folder:
        path = Path(folder) / "upload.ruwo"
        chosen.seek(0)
        with private_files.create(path, "wb") as file:
            shutil.copyfileobj(chosen, file)
        yield path
