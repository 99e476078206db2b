"""A workspace on disk, and MemoTrace files to import into it."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from curation import workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    WriteChat = Callable[..., Path]

HEADER = ("消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息")
START = datetime(2024, 5, 1, 20)  # noqa: DTZ001  (wall-clock time has no zone)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[workflow.Workspace]:
    opened = workflow.open_workspace(tmp_path / "workspace.db")
    yield opened
    opened.close()


@pytest.fixture
def write_chat(tmp_path: Path) -> WriteChat:
    """Write lines `(minute, sender, text)` as a MemoTrace v3 CSV; ids count from `first_id`."""

    def write(
        lines: list[tuple[float, str, str]], name: str = "阿橙", first_id: int | None = 1
    ) -> Path:
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for number, (minute, sender, text) in enumerate(lines):
                key = "" if first_id is None else str(7 * 10**18 + first_id + number)
                moment = START + timedelta(minutes=minute)
                row = (key, "文本", sender, f"{moment:%Y-%m-%d %H:%M:%S}", text, sender, sender)
                writer.writerow((*row, "more"))
        return path

    return write
