"""Messages read one by one become the same table wherever the parts of it end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from curation.errors import BadFileError, NoMessagesError
from curation.importers import builder
from curation.importers.builder import MessageList
from curation.importers.contents import Content
from curation.importers.document import Document
from curation.model import MESSAGE_COLUMNS, Kind, Limits, ReadOptions

if TYPE_CHECKING:
    from curation.model import SourceFile

SPRING = 1_714_564_800  # 2024-05-01 20:00:00 in China


def a_list(options: ReadOptions | None = None) -> MessageList:
    return MessageList(Document(Path("x.txt"), b"", options), "Test")


def filled() -> SourceFile:
    messages = a_list()
    for line in range(1, 8):
        messages.add(
            line,
            Content(Kind.SYSTEM if line == 4 else Kind.TEXT, f"{line}\ud800"),
            sender="a" if line % 2 else "b",
            sender_name="" if line == 2 else "甲",
            is_me=None if line == 5 else bool(line % 2),
            unix=None if line == 3 else SPRING + line,
            written="2024-05-01 20:00:03" if line == 3 else "",
            chat="" if line < 6 else "群",
            source_id="0" if line == 1 else f"n{line}",
            reply_id="n2" if line == 7 else "",
            record=line if line == 6 else None,
        )
    return messages.source_file("默认")


@pytest.mark.parametrize("part", [1, 2, 3, 50_000])
def test_the_table_is_the_same_wherever_its_parts_end(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "_PART", part)
    rows = filled().messages
    assert dict(rows.dtypes.astype(str)) == MESSAGE_COLUMNS
    assert rows["text"].tolist() == [f"{line}" for line in range(1, 8)]
    assert rows["chat"].tolist() == ["默认"] * 5 + ["群"] * 2
    assert rows["source_id"].fillna("-").tolist() == ["-", *(f"n{line}" for line in range(2, 8))]
    assert rows["reply_id"].dropna().tolist() == ["n2"]
    assert rows["reply_to"].fillna("").tolist() == [""] * 6 + ["2"]
    assert rows["sender_name"].tolist() == ["甲", "b", *["甲"] * 5]
    assert rows["is_me"].astype("object").fillna("?").tolist() == [
        True,
        False,
        True,
        False,
        "?",
        False,
        True,
    ]
    assert rows["record"].fillna(-1).tolist() == [-1] * 5 + [6, -1]
    expected = pd.date_range("2024-05-01 20:00:01", periods=7, freq="s")
    assert rows["time"].tolist() == expected.tolist()


def test_a_message_without_a_possible_time_is_bad() -> None:
    messages = a_list()
    for line, unix in enumerate((None, 0, -7, 10**40, SPRING), start=1):
        messages.add(line, Content(Kind.TEXT, "x"), sender="a", unix=unix)
    source = messages.source_file("c")
    assert len(source.messages) == 1
    assert [str(error) for error in source.bad_rows] == [
        "x.txt, line 1: the time is missing",
        *(f"x.txt, line {line}: the time is no possible date" for line in (2, 3, 4)),
    ]


def test_the_first_bad_one_speaks_for_a_file_without_good_ones() -> None:
    messages = a_list(ReadOptions(limits=Limits(message_characters=3)))
    messages.add(2, Content(Kind.TEXT, "long"), sender="a", unix=SPRING)
    messages.add(1, Content(Kind.TEXT, "x"), sender="a")
    with pytest.raises(BadFileError, match="line 1: the time is missing"):
        messages.source_file("c")
    with pytest.raises(NoMessagesError):
        a_list().source_file("c")


def test_an_unknown_answer_stays_unknown_and_a_recalled_one_is_not_told() -> None:
    messages = a_list()
    messages.add(1, Content(Kind.RECALL, "secret"), sender="a", unix=SPRING, source_id="1")
    messages.add(2, Content(Kind.QUOTE, "x"), sender="b", unix=SPRING, reply_id="1")
    messages.add(3, Content(Kind.QUOTE, "y"), sender="b", unix=SPRING, reply_id="2")
    messages.add(4, Content(Kind.QUOTE, "z", "known"), sender="b", unix=SPRING, reply_id="1")
    rows = messages.source_file("c").messages
    assert rows["reply_to"].fillna("-").tolist() == ["-", "[已撤回]", "-", "known"]
