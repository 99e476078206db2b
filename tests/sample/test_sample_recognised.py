"""The app reads its own sample: every file recognised, nothing unknown, 66 conversations."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.conversations import SplitRules, in_time_order, split_conversations
from curation.importers import collect_files, participants, read_file, with_me
from curation.model import PLACEHOLDERS, Kind

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
CSV_CHATS = {"妈妈": (260, 15), "阿橙": (356, 18), "周屿": (309, 19)}
FIXED = SplitRules("fixed")
JSON_FILE = SAMPLE / "唐姐_train.json"


def test_the_folder_holds_four_files_that_can_be_imported() -> None:
    names = sorted(path.name for path in collect_files(SAMPLE))
    assert names == sorted([*(f"{chat}.csv" for chat in CSV_CHATS), JSON_FILE.name])


@pytest.mark.parametrize("chat", CSV_CHATS)
def test_csv_files_are_read_whole_and_ask_who_me_is(chat: str) -> None:
    source = read_file(SAMPLE / f"{chat}.csv")
    assert len(source.messages) == CSV_CHATS[chat][0]
    assert set(source.messages["chat"]) == {chat}
    assert not source.me_known
    assert {person.name for person in participants(source)} == {"小满", chat}
    assert Kind.OTHER not in set(source.messages["kind"])
    known = with_me(source, "小满")
    assert known.me_known


@pytest.mark.parametrize("chat", CSV_CHATS)
def test_csv_files_split_into_the_conversations_the_readme_counts(chat: str) -> None:
    messages = in_time_order(read_file(SAMPLE / f"{chat}.csv").messages)
    assert split_conversations(messages, FIXED).nunique() == CSV_CHATS[chat][1]


def test_the_json_file_says_who_me_is_and_shows_its_system_text() -> None:
    source = read_file(JSON_FILE)
    assert source.me_known
    assert source.system_texts == (
        "你是林小满，一个聪明、热情、善良的人，后面的对话来自你的朋友，你要认真地回答他",
    )
    assert split_conversations(source.messages, FIXED).nunique() == 14


def test_quotes_recalls_and_stickers_come_out_as_their_kinds() -> None:
    rows = [
        row
        for chat in CSV_CHATS
        for row in read_file(SAMPLE / f"{chat}.csv").messages.itertuples(index=False)
    ]
    assert ("犟", "不回。") in {(r.text, r.reply_to) for r in rows if r.kind == Kind.QUOTE}
    recalled = [r.text for r in rows if r.kind == Kind.RECALL]
    assert recalled == [PLACEHOLDERS[Kind.RECALL]] * 2
    stickers = {r.text for r in rows if r.kind == Kind.STICKER}
    assert {"[狗头]", PLACEHOLDERS[Kind.STICKER]} <= stickers
