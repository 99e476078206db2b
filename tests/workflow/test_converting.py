"""Any chat with times, written as ChatLab 0.0.2 and read back, keeps all that ChatLab has."""

from __future__ import annotations

import json
import os
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation import exporters, importers
from curation.errors import BadFileError, MeUnknownError, NoMessagesError, RuwoError
from curation.exporters import ChatLabChat
from curation.importers import message_table
from curation.model import MESSAGE_COLUMNS, PLACEHOLDERS, Kind, SourceFile
from curation.workflow.converting import convert_to_chatlab
from curation.workflow.importing import read_source
from curation.workflow.importing_plans import group_chats
from tests.examples import examples
from tests.importers.test_golden import FILES, GOLDEN

KEPT = [name for name in MESSAGE_COLUMNS if name not in {"reply_to", "record"}]

V3 = """\
消息ID,类型,发送人,时间,内容
1001,文本,妈妈,2024-03-02 10:16:37,起床了没有
1002,文本,小满,2024-03-02 10:16:49,起啦~(｡•́︿•̀｡)[委屈]
1003,引用消息,妈妈,2024-03-02 10:17:00,"快点\n引用：小满: 起啦"
"""


def rows_of(messages: pd.DataFrame, columns: list[str]) -> list[dict[str, object]]:
    """Return the messages as plain values, None for what is missing."""
    table = messages[columns].astype(object)
    table = table.where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def answered(messages: pd.DataFrame) -> list[object]:
    """Return the text of the message that each one answers, None for one that answers none."""
    ids = messages["source_id"]
    said = messages[ids.notna() & ~ids.duplicated()].set_index("source_id")["text"]
    return [None if pd.isna(text) else text for text in messages["reply_id"].map(said)]


def timed(source: SourceFile) -> pd.DataFrame:
    messages = source.messages[source.messages["time"].notna()].reset_index(drop=True)
    for column in ("sender", "sender_name"):
        messages[column] = messages[column].fillna("")
    return messages


@pytest.mark.in_turn
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GOLDEN).as_posix())
def test_every_golden_chat_with_times_comes_back(path: Path, tmp_path: Path) -> None:
    source = read_source(path)
    messages = timed(source)
    if messages.empty:
        with pytest.raises(NoMessagesError, match="none of its messages has a time"):
            convert_to_chatlab([path], tmp_path / "out.jsonl")
        assert not list(tmp_path.iterdir())
        return
    report = convert_to_chatlab([path], tmp_path / "out.jsonl")
    assert sum(each.messages for each in report.chats) == len(messages)
    chats = {each.chat: read_source(each.path) for each in report.chats}
    assert list(chats) == messages["chat"].drop_duplicates().tolist()
    for chat, back in chats.items():
        assert back.format == "ChatLab JSONL"
        assert not back.bad_rows
        assert not back.warnings
        before = messages[messages["chat"] == chat].reset_index(drop=True)
        if "messages of yours under a second id" in " ".join(report.lost):
            # ChatLab knows one owner, so all of my messages are under one of my ids.
            mine = before["is_me"].fillna(value=False).astype("bool")
            before["sender"] = before["sender"].mask(mine, back.messages["sender"])
            assert len(set(before.loc[mine, "sender"])) == 1
        assert rows_of(back.messages, KEPT) == rows_of(before, KEPT)
        assert back.messages["reply_to"].dropna().tolist() == [
            text for text in answered(before) if text is not None
        ]
        assert (chat in back.groups) == (chat in group_chats(source))
        if chat in back.groups and chat in source.chat_ids:
            assert back.chat_ids[chat] == source.chat_ids[chat]
        for sender in set(before["sender"]) - {""}:
            names = set(source.aliases.get(sender, ())) - {sender}
            assert set(back.aliases.get(sender, ())) == names
    lost = sum(count for sentence, count in report.lost.items() if "quoted" in sentence)
    quoted = int(messages["reply_to"].notna().sum())
    kept = sum(
        before == after
        for chat, back in chats.items()
        for before, after in zip(
            messages.loc[messages["chat"] == chat, "reply_to"],
            back.messages["reply_to"],
            strict=True,
        )
        if isinstance(before, str)
    )
    assert lost == quoted - kept


TEXTS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\n[]「」【】：<>🧧"),
    max_size=30,
) | st.sampled_from(
    [
        *PLACEHOLDERS.values(),
        "[转账] ￥1.00",
        "「我：在」\n- - - - -\n好",
        "wxid_abc:\nx",
        "你撤回了一条消息",
    ]
)
NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=8)
START = datetime(2024, 5, 1)  # noqa: DTZ001  (wall-clock time has no zone)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Draw the messages of one chat as an importer could give them."""
    people = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    me = draw(st.sampled_from([None, "", *people]))
    count = draw(st.integers(1, 12))
    columns: dict[str, list[Any]] = {name: [] for name in MESSAGE_COLUMNS}
    for number in range(count):
        kind = draw(st.sampled_from(Kind))
        sender = draw(st.sampled_from(people))
        spoken = kind not in {Kind.SYSTEM, Kind.RECALL, Kind.POKE}
        known = False if not spoken else None if me is None else sender == me
        seconds = draw(st.integers(0, 400_000_000))
        columns["chat"].append("聊天")
        columns["source_id"].append(draw(st.sampled_from([None, f"id{number}"])))
        columns["sender"].append(sender)
        columns["sender_name"].append(draw(NAMES))
        columns["is_me"].append(known)
        columns["time"].append(
            draw(st.sampled_from([START + timedelta(seconds=seconds)] * 4 + [None]))
        )
        columns["kind"].append(kind.value)
        columns["text"].append(PLACEHOLDERS[kind] if kind is Kind.RECALL else draw(TEXTS))
        columns["reply_to"].append(None)
        columns["reply_id"].append(draw(st.sampled_from([None, f"id{number - 1}"])))
        columns["record"].append(draw(st.sampled_from([None, None, 3])))
    return message_table(columns)


@given(messages=tables(), group=st.booleans(), name=NAMES)
@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_message_table_comes_back(messages: pd.DataFrame, group: bool, name: str) -> None:  # noqa: FBT001
    known = not messages["is_me"].isna().any()
    mine = messages.loc[messages["is_me"].fillna(value=False).astype("bool"), "sender"]
    owner = (mine.iloc[0] if len(mine) else "nobody") if known else None
    held, lost = exporters.held_by_chatlab(messages, owner)
    untimed = int(messages["time"].isna().sum())
    assert len(held) + untimed == len(messages)
    assert lost["messages without a time, which are left out: {count}"] == untimed
    if held.empty:
        return
    chat = ChatLabChat(name, group=group, account="9@chatroom", owner=owner)
    lines = list(exporters.chatlab_lines(held, chat, exported_at=1_700_000_000))
    assert all(b"\n" not in line for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.jsonl")
        path.write_bytes(b"\n".join(lines))
        back = importers.read_file(path)
    expected = held.assign(chat=name)
    assert rows_of(back.messages, KEPT) == rows_of(expected, KEPT)
    assert back.groups == (frozenset({name}) if group else frozenset())
    assert not back.bad_rows


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "妈妈.csv"
    path.write_text(V3, encoding="utf-8")
    return path


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_chat_is_written_as_the_format_says(chat: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    report = convert_to_chatlab([chat], out, me="小满")
    header, *members = lines_of(out)[:3]
    assert header["_type"] == "header"
    assert header["chatlab"]["version"] == "0.0.2"
    assert abs(header["chatlab"]["exportedAt"] - time.time()) < 60
    assert header["meta"] == {
        "name": "妈妈",
        "platform": "wechat",
        "type": "private",
        "ownerId": "小满",
    }
    assert [each["platformId"] for each in members] == ["小满", "妈妈"]
    assert lines_of(out)[3] == {
        "_type": "message",
        "sender": "妈妈",
        "accountName": "妈妈",
        "timestamp": 1_709_345_797,  # 10:16:37 in China
        "type": 0,
        "content": "起床了没有",
        "platformMessageId": "1001",
    }
    assert report.lost == {"quoted texts that no message in the file holds: {count}": 1}
    assert [(each.path, each.messages) for each in report.chats] == [(out, 3)]


def test_nobody_is_me_where_nobody_says_so(chat: Path, tmp_path: Path) -> None:
    convert_to_chatlab([chat], tmp_path / "out.jsonl")
    assert "ownerId" not in lines_of(tmp_path / "out.jsonl")[0]["meta"]
    assert not read_source(tmp_path / "out.jsonl").me_known


def test_a_name_that_no_file_knows_is_an_error(chat: Path, tmp_path: Path) -> None:
    with pytest.raises(MeUnknownError, match="nobody in this file is called"):
        convert_to_chatlab([chat], tmp_path / "out.jsonl", me="老王")
    assert not (tmp_path / "out.jsonl").exists()


def test_several_chats_become_a_file_each_beside_the_named_one(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "妈妈.csv").write_text(V3, encoding="utf-8")
    (folder / "爸-1.csv").write_text(V3.replace("妈妈", "爸-1"), encoding="utf-8")
    warnings: list[str] = []
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    out = tmp_path / "new" / "all.jsonl"
    report = convert_to_chatlab([folder], out, warn=warnings.append)
    assert [each.path.name for each in report.chats] == ["all-妈妈.jsonl", "all-爸-1.jsonl"]
    assert sorted(path.name for path in out.parent.iterdir()) == sorted(
        each.path.name for each in report.chats
    )
    assert [read_source(each.path).messages["chat"].iloc[0] for each in report.chats] == [
        "妈妈",
        "爸-1",
    ]
    assert any("notes.csv" in sentence for sentence in warnings)


def test_file_names_fit_every_system() -> None:
    from curation.workflow.converting import _file_names  # noqa: PLC0415  (not public)

    names = _file_names(Path("o.jsonl"), ["a/b", "a:b", "A_B", "..", "长" * 90])
    assert names[:4] == ["o-a_b.jsonl", "o-a_b (2).jsonl", "o-A_B (3).jsonl", "o-.jsonl"]
    assert len(names[4].encode()) < 140


def test_two_files_of_one_chat_are_joined_without_repeats(chat: Path, tmp_path: Path) -> None:
    more = tmp_path / "again" / "妈妈.csv"
    more.parent.mkdir()
    earlier = V3.split("\n")
    earlier.insert(1, "1000,文本,妈妈,2024-03-01 08:00:00,早")
    more.write_text("\n".join(earlier), encoding="utf-8")
    warnings: list[str] = []
    report = convert_to_chatlab([chat, more], tmp_path / "o.jsonl", warn=warnings.append)
    assert [each.messages for each in report.chats] == [4]
    back = read_source(tmp_path / "o.jsonl").messages
    assert back["source_id"].tolist() == ["1000", "1001", "1002", "1003"]
    assert warnings == ["妈妈: messages that another file holds too: 3"]


def test_what_others_wrote_is_never_replaced(chat: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("mine\n", encoding="utf-8")
    with pytest.raises(BadFileError, match="there is such a file already"):
        convert_to_chatlab([chat], out)
    assert out.read_text(encoding="utf-8") == "mine\n"
    convert_to_chatlab([chat], out, force=True)
    convert_to_chatlab([chat], out)  # an earlier conversion is replaced
    assert len(read_source(out).messages) == 3
    with pytest.raises(BadFileError, match="this file is read here"):
        convert_to_chatlab([out], out, force=True)
    with pytest.raises(BadFileError, match="this is a folder"):
        convert_to_chatlab([chat], tmp_path)


@pytest.mark.parametrize("error", [KeyboardInterrupt, BadFileError("x", "stopped")])
def test_a_stop_leaves_nothing(
    chat: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    lines = exporters.chatlab_lines

    def stopping(*arguments: Any, **more: Any) -> Any:
        yield next(lines(*arguments, **more))
        raise error

    monkeypatch.setattr(exporters, "chatlab_lines", stopping)
    out = tmp_path / "new" / "out.jsonl"
    with pytest.raises((KeyboardInterrupt, RuwoError)):
        convert_to_chatlab([chat], out)
    assert not out.parent.exists()


@pytest.mark.skipif(os.name == "nt", reason="modes of files are of another kind there")
def test_only_the_owner_may_read_what_is_unmasked(chat: Path, tmp_path: Path) -> None:
    convert_to_chatlab([chat], tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0
