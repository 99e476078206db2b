"""Files a person chose, whether sent by the browser or named by a path."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from curation import workflow
from curation.errors import N_, BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

_QUOTES: Final = frozenset(
    {('"', '"'), ("'", "'"), ("“", "”"), ("”", "“"), ("‘", "’"), ("＂", "＂"), ("「", "」")}
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen file: `key` tells it apart in this tab; exactly one of the sources is set."""

    key: str
    name: str
    upload: UploadedFile | None = None
    path: Path | None = None


def chosen_uploads(uploads: Sequence[UploadedFile]) -> list[Chosen]:
    """Return the files that the browser sent."""
    return [Chosen(key=file.file_id, name=_own_name(file.name), upload=file) for file in uploads]


def chosen_paths(typed: str) -> list[Chosen]:
    """Return the file, or every candidate file below the folder, that a person typed.

    Raises:
        BadFileError: nothing usable is there.
    """
    return [_on_disk(found) for found in workflow.collect_files(_meant(typed))]


def _meant(typed: str) -> Path:
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


def _on_disk(path: Path) -> Chosen:
    try:
        facts = path.stat()
    except OSError as exc:
        raise BadFileError(path, N_("the file cannot be read")) from exc
    key = f"{path}|{facts.st_size}|{facts.st_mtime_ns}"
    return Chosen(key=key, name=path.name, path=path)


def _own_name(name: str) -> str:
    return Path(name.replace("\\", "/")).name or "file"


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
                target.parent.mkdir()
                file.upload.seek(0)
                with target.open("wb") as out:
                    shutil.copyfileobj(file.upload, out)
                paths[file.key] = target
        yield paths
