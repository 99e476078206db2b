"""Workspaces full of invented conversations, for the benchmarks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from benchmarks.invented_chat import messages
from curation import workflow
from curation.workflow.progress import ignore

if TYPE_CHECKING:
    from pathlib import Path

ME: Final = "小满"
START: Final = datetime(2015, 1, 1, 8)  # noqa: DTZ001  (wall-clock time has no zone)
_PARTNERS: Final = "橙柚梨桃杏枣莓榴椰栗柿橘"
_CHAT: Final = 5_000


def fill(path: Path, conversations: int, *, lines: int = 10, scan: bool = True) -> Path:
    """Make the workspace `path` of so many conversations of `lines` messages each; return it.

    They lie in chats of at most 5,000, two hours apart, both sides in turn, imported from a file
    as a person's are, and searched for private data unless `scan` is false.
    """
    workspace = workflow.open_workspace(path)
    texts = iter(messages(conversations * lines, seed=conversations))
    files = []
    for first in range(0, conversations, _CHAT):
        number = first // _CHAT
        partner = "阿" + _PARTNERS[number % 12] + (str(number // 12) if number >= 12 else "")
        name = path.with_name(f"{path.stem}-{partner}.csv")
        with name.open("w", encoding="utf-8") as file:
            file.write("消息ID,类型,发送人,时间,内容\n")
            for each in range(first, min(first + _CHAT, conversations)):
                for line in range(lines):
                    moment = START + timedelta(hours=2 * (each - first), seconds=20 * line)
                    who = (partner, ME)[line % 2]
                    told = next(texts).replace('"', "")
                    file.write(f'{7 * 10**18 + each * lines + line},文本,{who},{moment},"{told}"\n')
        files.append(name)
    workflow.import_files(workspace, files, me=dict.fromkeys(files, ME), progress=ignore)
    if scan:
        workflow.scan_findings(workspace)
    workspace.close()
    for name in files:
        name.unlink()
    return path
