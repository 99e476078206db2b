"""The data sets that trainers are given: written in every format, with a part to validate with."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from curation.export_options import ExportOptions, Variant
from curation.exporters import formats
from curation.model import Persona
from curation.workflow.building import build_dataset
from tests.trainers.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

ME, OTHER = "小满", "阿橙"
PERSONA = Persona(name="小满", personality="爱笑", occupation="插画师", interests="面包")
ROLES = {"human": "user", "gpt": "assistant"}
VALIDATED = 0.1

Record = dict[str, Any]
Message = dict[str, str]


@dataclass(frozen=True)
class Dataset:
    """A folder with the files of every format, and the extended records of each part."""

    folder: Path
    parts: Mapping[str, Sequence[Record]]

    def files(self, name: str) -> dict[str, str]:
        """Return the files of a format by their part."""
        form = formats()[name]
        names = {"train": form.train, "validation": form.validation}
        return {part: str(self.folder / names[part]) for part in self.parts}

    def messages(self) -> dict[str, list[list[Message]]]:
        """Return what trainers must see of each record: its messages, the system text first."""
        return {part: [messages_of(each) for each in rows] for part, rows in self.parts.items()}

    def texts(self) -> list[str]:
        """Return every text of the data set."""
        found = (
            message["content"]
            for rows in self.messages().values()
            for messages in rows
            for message in messages
        )
        return list(dict.fromkeys(found))


def messages_of(record: Record) -> list[Message]:
    """Return the messages of a record as trainers call them."""
    said = [
        {"role": ROLES[item["from"]], "content": item["value"]} for item in record["conversations"]
    ]
    return [{"role": "system", "content": record["system"]}, *said]


def sample_dataset(folder: Path) -> Dataset:
    """Return the data set of the sample chats, with everything approved."""
    return exported(folder / "out", sample_chats())


def sample_chats() -> list[Path]:
    """Return the files of the sample chats."""
    return sorted((ROOT / "data" / "sample").glob("*.[cj]s*"))


def dataset_of(folder: Path, talks: Iterable[Iterable[tuple[str, str]]]) -> Dataset:
    """Return the data set of invented conversations: who says what, me and the other one."""
    path = folder / f"{OTHER}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"])
        number = 7 * 10**18
        for day, talk in enumerate(talks):
            time = datetime(2024, 5, 1, 20) + timedelta(days=day)  # noqa: DTZ001  (local)
            for who, text in talk:
                number += 1
                time += timedelta(seconds=10)
                writer.writerow([number, "文本", who, time, text, who, who, "more"])
    return exported(folder / "out", [path])


def exported(out: Path, chats: list[Path], **given: Any) -> Dataset:
    """Return the data set of chats with everything approved, exported with options `given`."""
    usual = ExportOptions(formats=tuple(formats()), variant=Variant.EXTENDED, validation=VALIDATED)
    options = replace(usual, **given)
    build_dataset(chats, out, me=ME, persona=PERSONA, options=options)
    form = formats()["sharegpt_extended"]
    names = {"train": form.train, "validation": form.validation}
    return Dataset(out, {part: list(form.read(out / name)) for part, name in names.items()})
