"""Telegram Desktop: what the golden files do not show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import BadFileError
from curation.importers import read_file
from curation.importers.others import telegram_parts
from tests.importers.test_golden import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import SourceFile

CHAT = {"name": "林小满", "type": "personal_chat", "id": 10002}
FULL = {"personal_information": {"user_id": 10001, "first_name": "岳"}}


def message(number: int, sender: str, text: Any = "在", **more: Any) -> dict[str, Any]:
    name = {"user10002": "林小满", "user10001": "阿岳"}.get(sender, sender)
    told = {"id": number, "type": "message", "date_unixtime": str(1714564800 + number)}
    return {**told, "from": name, "from_id": sender, "text": text, **more}


def read(folder: Path, root: Any) -> SourceFile:
    path = folder / "result.json"
    path.write_text(json.dumps(root, ensure_ascii=False), encoding="utf-8")
    return read_file(path)


def one_chat(folder: Path, *messages: Any, **more: Any) -> SourceFile:
    return read(folder, {**CHAT, **more, "messages": list(messages)})


def all_chats(folder: Path, *chats: dict[str, Any], **more: Any) -> SourceFile:
    return read(folder, {"about": "…", **FULL, "chats": {"list": list(chats)}, **more})


def test_whoever_speaks_beside_the_partner_of_a_private_chat_is_me(tmp_path: Path) -> None:
    source = one_chat(tmp_path, message(1, "user10001"), message(2, "user10002"))
    assert source.messages["is_me"].tolist() == [True, False]


@pytest.mark.parametrize(
    "messages",
    [
        [message(1, "user1"), message(2, "user2")],
        [message(1, "user10002"), message(2, "user1"), message(3, "user2")],
        [message(1, "user10002", **{"from": "阿岳"}), message(2, "user3", **{"from": "林小满"})],
    ],
    ids=["nobody has the number", "three people", "the other one bears the name"],
)
def test_a_private_chat_whose_number_does_not_fit_asks(messages: list[Any], tmp_path: Path) -> None:
    assert one_chat(tmp_path, *messages).messages["is_me"].isna().all()


def test_ids_of_two_chats_do_not_meet(tmp_path: Path) -> None:
    chats = [
        {**CHAT, "messages": [message(1, "user10002", "甲"), message(2, "user10001")]},
        {
            **CHAT,
            "id": 10003,
            "name": "老王",
            "messages": [
                message(1, "user10003", "乙"),
                message(3, "user10001", reply_to_message_id=1),
            ],
        },
    ]
    messages = all_chats(tmp_path, *chats).messages
    assert messages["source_id"].is_unique
    assert messages["reply_to"].iloc[-1] == "乙"


def test_the_same_chat_of_both_exports_has_the_same_name_and_ids(tmp_path: Path) -> None:
    rows = [message(1, "user10001"), message(2, "user10002", reply_to_message_id=1)]
    alone = one_chat(tmp_path, *rows).messages
    among_all = all_chats(tmp_path, {**CHAT, "messages": rows}).messages
    assert alone.equals(among_all)


def test_channels_bots_and_notes_to_oneself_are_left_out_of_all_chats(tmp_path: Path) -> None:
    kinds = ["public_channel", "private_channel", "bot_chat", "saved_messages"]
    chats = [{"name": kind, "type": kind, "id": 5, "messages": [message(1, "u")]} for kind in kinds]
    source = all_chats(tmp_path, {**CHAT, "messages": [message(1, "user10002")]}, *chats)
    assert source.messages["chat"].unique().tolist() == ["林小满"]
    assert source.warnings == ("chats in which no people talk were left out (channels, bots): 4",)


def test_saved_messages_alone_are_read(tmp_path: Path) -> None:
    source = read(
        tmp_path, {"type": "saved_messages", "id": 10001, "messages": [message(1, "user10001")]}
    )
    assert source.messages["chat"].tolist() == ["Saved Messages"]


def test_names_of_the_address_book_are_offered(tmp_path: Path) -> None:
    contacts = {"list": [{"first_name": "六", "last_name": "赵", "phone_number": "+86138"}, 7]}
    chat = {**CHAT, "messages": [message(1, "user10002")]}
    source = all_chats(tmp_path, chat, contacts=contacts)
    assert {"六 赵", "六", "赵", "岳"} <= set(source.known_names)
    assert not any("138" in name for name in source.known_names)


def test_a_shared_contact_shows_no_number(tmp_path: Path) -> None:
    contact = {"first_name": "老王", "last_name": "", "phone_number": "+86 138 0013 8000"}
    source = one_chat(tmp_path, message(1, "user10002", "", contact_information=contact))
    assert source.messages["text"].tolist() == ["[其他]"]
    assert "老王" in source.known_names


def test_control_characters_as_telegram_writes_them_are_read(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    root = {**CHAT, "messages": [message(1, "user10002", "1@2 \\x0B 3@4")]}
    written = json.dumps(root, ensure_ascii=False).replace("@", "\\x0B")
    path.write_text(written, encoding="utf-8")
    assert read_file(path).messages["text"].tolist() == ["1\x0b2 \\x0B 3\x0b4"]


def test_a_forward_of_my_own_message_is_mine(tmp_path: Path) -> None:
    source = one_chat(tmp_path, message(1, "user10001", "早安", forwarded_from="阿岳"))
    assert source.messages["kind"].tolist() == ["text"]


def test_a_forward_of_a_deleted_account_is_no_words_of_the_chat(tmp_path: Path) -> None:
    source = one_chat(tmp_path, message(1, "user10001", "早安", forwarded_from=None))
    assert source.messages["kind"].tolist() == ["forward"]


def test_what_cannot_be_read_is_named_and_the_rest_is_good(tmp_path: Path) -> None:
    bad = [7, None, {"id": 3, "type": "message"}, message(4, "user10002", date_unixtime="x")]
    source = one_chat(tmp_path, message(1, "user10002"), *bad)
    assert len(source.messages) == 1
    assert [error.place for error in source.bad_rows] == [
        "message 2",
        "message 3",
        "message 4",
        "message 5",
    ]


def test_a_chat_without_messages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no messages"):
        one_chat(tmp_path)


def test_an_export_without_its_list_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no list of messages"):
        read(tmp_path, {**CHAT, "messages": None, "date_unixtime": "1"})


def test_time_follows_the_zone_of_the_settings_not_of_the_exporting_computer(
    tmp_path: Path,
) -> None:
    row = message(1, "user10002", date="2024-05-01T00:00:00", date_unixtime="1714564800")
    source = one_chat(tmp_path, row)
    assert source.messages["time"].astype(str).tolist() == ["2024-05-01 20:00:00"]


@pytest.mark.parametrize("written", [{"indent": 1}, {}, {"separators": (",", ":")}, {"indent": 4}])
@pytest.mark.parametrize("part", [1, 300, 1 << 24])
@pytest.mark.parametrize(
    "golden", sorted(GOLDEN.glob("telegram*/*/result.json")), ids=lambda path: path.parent.name
)
def test_a_large_file_read_in_parts_gives_the_same(
    golden: Path,
    part: int,
    written: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "result.json"
    root = json.loads(golden.read_text(encoding="utf-8"))
    path.write_text(json.dumps(root, ensure_ascii=False, **written), encoding="utf-8")
    whole = read_file(path)
    monkeypatch.setattr(telegram_parts, "LARGE", 0)
    monkeypatch.setattr(telegram_parts, "PART", part)
    sizes: list[int] = []
    rows_of = telegram_parts.Rows._parsed

    def noting(rows: telegram_parts.Rows, raw: bytes, start: int) -> list[Any]:
        sizes.append(len(raw))
        return rows_of(rows, raw, start)

    monkeypatch.setattr(telegram_parts.Rows, "_parsed", noting)
    in_parts = read_file(path)
    assert sizes  # in parts indeed
    assert in_parts.messages.equals(whole.messages)
    assert (in_parts.warnings, in_parts.chat_ids) == (whole.warnings, whole.chat_ids)


@pytest.mark.parametrize("part", [1, 7, 1 << 24])
def test_brackets_and_quotes_in_words_do_not_part_a_large_file(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_parts, "LARGE", 0)
    monkeypatch.setattr(telegram_parts, "PART", part)
    words = ['"messages":[', "}]", '\\"', "\\\\", '\\\\"}', "{[", '"', "结束]}"]
    rows = [{**message(n, "user10002"), "text": text} for n, text in enumerate(words, 1)]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({**CHAT, "messages": rows}, ensure_ascii=False), encoding="utf-8")
    assert read_file(path).messages["text"].tolist() == words


def test_a_large_file_that_is_cut_off_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_parts, "LARGE", 0)
    root = {**CHAT, "messages": [message(1, "user10002"), message(2, "user10002")]}
    path = tmp_path / "result.json"
    path.write_text(json.dumps(root, indent=1)[:-40], encoding="utf-8")
    with pytest.raises(BadFileError, match="cut off"):
        read_file(path)


def test_damage_inside_a_large_file_is_an_error_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_parts, "LARGE", 0)
    root = {**CHAT, "messages": [message(1, "user10002", "@")]}
    path = tmp_path / "result.json"
    path.write_text(json.dumps(root, indent=1).replace('"@"', "@"), encoding="utf-8")
    with pytest.raises(BadFileError, match=r"line 5: this is not valid JSON"):
        read_file(path)
