"""DiscordChatExporter: what the golden files do not show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import BadFileError, NoMessagesError
from curation.importers import read_file, with_me

if TYPE_CHECKING:
    from pathlib import Path

    from curation.model import SourceFile

LIN = {"id": "300000000000000002", "name": "lin", "discriminator": "0420", "nickname": "林小满"}
ME = {"id": "300000000000000001", "name": "ayue", "discriminator": "0000", "nickname": "阿岳"}


def message(number: int, author: Any, content: str = "在", **more: Any) -> dict[str, Any]:
    time = f"2024-05-01T12:00:{number:02}+00:00"
    told = {"id": str(10**18 + number), "type": "Default", "timestamp": time}
    return {**told, "content": content, "author": author, **more}


def read(folder: Path, *messages: Any, **channel: Any) -> SourceFile:
    told = {"id": "333", "type": "DirectTextChat", "name": "lin", **channel}
    root = {"guild": {"id": "0", "name": "Direct Messages"}, "channel": told, "dateRange": {}}
    path = folder / "chat.json"
    path.write_text(json.dumps({**root, "messages": messages}), encoding="utf-8")
    return read_file(path)


def test_bots_are_left_out_and_counted(tmp_path: Path) -> None:
    bot = {**LIN, "id": "9", "isBot": True}
    source = read(tmp_path, message(1, LIN), message(2, bot), message(3, bot))
    assert len(source.messages) == 1
    assert source.warnings == ("messages of bots were left out: 2",)


def test_a_chat_of_bots_alone_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoMessagesError, match="only bots"):
        read(tmp_path, message(1, {**LIN, "isBot": True}))


@pytest.mark.parametrize("me", ["阿岳", "ayue", "300000000000000001"])
def test_me_is_found_by_nickname_name_or_id(me: str, tmp_path: Path) -> None:
    source = with_me(read(tmp_path, message(1, LIN), message(2, ME)), me)
    assert source.messages["is_me"].tolist() == [False, True]


def test_old_names_with_their_number_are_offered(tmp_path: Path) -> None:
    source = read(tmp_path, message(1, LIN))
    assert source.aliases[LIN["id"]] == ("林小满", "lin", "lin#0420")


def test_a_direct_chat_is_no_group_and_a_channel_is_one(tmp_path: Path) -> None:
    assert not read(tmp_path, message(1, LIN)).groups
    group = read(tmp_path, message(1, LIN), type="GuildTextChat", name="general")
    assert group.groups == {"Direct Messages - general"}
    assert group.chat_ids == {"Direct Messages - general": "333"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        *(("Default", "text"), ("Reply", "text"), ("Call", "call"), ("3", "call")),
        *(("RecipientRemove", "system"), ("ThreadCreated", "system"), ("8", "system")),
        *(("20", "text"), ("SomethingNew", "text")),
    ],
)
def test_discords_own_sentences_are_nobodys_words(kind: str, expected: str, tmp_path: Path) -> None:
    source = read(tmp_path, message(1, LIN, type=kind))
    assert source.messages["kind"].tolist() == [expected]


def test_a_reply_to_what_is_not_in_the_file_is_a_quote_of_nothing(tmp_path: Path) -> None:
    source = read(tmp_path, message(1, LIN, type="Reply", reference={"messageId": "5"}))
    (row,) = source.messages.to_dict("records")
    assert (row["kind"], row["reply_id"]) == ("quote", "5")
    assert source.messages["reply_to"].isna().all()


def test_a_forwarded_picture_is_a_forward(tmp_path: Path) -> None:
    picture = {"content": "", "attachments": [{"fileName": "a.png"}]}
    source = read(tmp_path, message(1, LIN, "", forwardedMessage=picture))
    assert source.messages["text"].tolist() == ["[聊天记录] [图片]"]


def test_ids_never_reach_the_text(tmp_path: Path) -> None:
    text = "<@300000000000000001> <@!300000000000000009> <:hi:123456789012345678> <3 a<b"
    source = read(tmp_path, message(1, LIN, text, mentions=[ME]))
    assert source.messages["text"].tolist() == ["@阿岳 @ :hi: <3 a<b"]


def test_what_cannot_be_read_is_named_and_the_rest_is_good(tmp_path: Path) -> None:
    late = message(4, LIN, timestamp="yesterday")
    source = read(tmp_path, message(1, LIN), 7, message(3, None), late)
    assert len(source.messages) == 1
    assert [error.place for error in source.bad_rows] == ["message 2", "message 3", "message 4"]


def test_an_export_without_its_list_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    path.write_text('{"guild": {}, "channel": {}, "messages": {}}', encoding="utf-8")
    with pytest.raises(BadFileError, match="no list of messages"):
        read_file(path)
