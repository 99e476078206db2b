"""Workspaces full of invented conversations, for the benchmarks."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.invented_chat import messages
from curation import workflow
from curation.workflow.progress import ignore

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

ME: Final = "小满"
START: Final = datetime(2015, 1, 1, 8)  # noqa: DTZ001  (wall-clock time has no zone)
_PARTNERS: Final = "橙柚梨桃杏枣莓榴椰栗柿橘"


def fill(
    path: Path,
    conversations: int,
    *,
    lines: int = 10,
    chat: int = 5_000,
    pause: int = 0,
    texts: Iterable[str] | None = None,
    scan: bool = True,
) -> Path:
    """Make the workspace `path` of so many conversations of `lines` messages each; return it.

    They lie in chats of at most `chat` conversations, two hours apart, both sides in turn, with
    `pause` seconds in the middle of each, imported from a file as a person's are, and searched for
    private data unless `scan` is false. `texts` are what is said, one after the other; without
    them, it is invented.
    """
    workspace = workflow.open_workspace(path)
    said = iter(messages(conversations * lines, seed=conversations) if texts is None else texts)
    files = []
    for first in range(0, conversations, chat):
        number = first // chat
        partner = "阿" + _PARTNERS[number % 12] + (str(number // 12) if number >= 12 else "")
        name = path.with_name(f"{path.stem}-{partner}.csv")
        with name.open("w", encoding="utf-8") as file:
            file.write("消息ID,类型,发送人,时间,内容\n")
            for each in range(first, min(first + chat, conversations)):
                for line in range(lines):
                    seconds = 20 * line + (pause if line >= lines // 2 else 0)
                    moment = START + timedelta(hours=2 * (each - first), seconds=seconds)
                    who = (partner, ME)[line % 2]
                    told = next(said).replace('"', "")
                    file.write(f'{7 * 10**18 + each * lines + line},文本,{who},{moment},"{told}"\n')
        files.append(name)
    workflow.import_files(workspace, files, me=dict.fromkeys(files, ME), progress=ignore)
    if scan:
        workflow.scan_findings(workspace)
    workspace.close()
    for name in files:
        name.unlink()
    return path


def add_workspace(asked: argparse.ArgumentParser) -> None:
    """Let a benchmark be told which workspace it is to measure, or how large one, and how often."""
    asked.add_argument("--database", type=Path, help="a workspace, of which a copy is measured")
    asked.add_argument("--conversations", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)


def copied_or_made(path: Path, options: argparse.Namespace) -> None:
    """Let `path` be a copy of the workspace that was named, or an invented one."""
    if options.database:
        shutil.copy(options.database, path)
    else:
        fill(path, options.conversations, scan=False)


def kept_or_made(path: Path, keep: Path | None, make: Callable[[Path], object]) -> Path:
    """Return `path` once it is a copy of the workspace of its name in the folder `keep`.

    What is not there yet is made and left there; without a folder, it is made.
    """
    if keep is None:
        make(path)
        return path
    keep.mkdir(parents=True, exist_ok=True)
    kept = keep / path.name
    if not kept.exists():
        make(path)
        shutil.copy(path, kept)
    else:
        shutil.copy(kept, path)
    return path
