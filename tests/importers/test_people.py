"""Chats have lasting names, people are shown with evidence, and me is named once."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.errors import BadFileError, MeUnknownError
from curation.importers import IMPORTERS, collect_files, participants, read_file, with_me
from curation.importers.chat_names import name_of_two, path_name

V3 = "消息ID,类型,发送人,时间,内容\n"
CHAT = (
    V3 + "1,文本,林小满,2024-05-01 20:00:01,第一句\n"
    "2,文本,林小满,2024-05-01 20:00:02,第二句\n"
    "3,表情包,林小满,2024-05-01 20:00:03,【表情包】\n"
    "4,文本,林小满,2024-05-01 20:00:04,第三句\n"
    "5,文本,阿哲,2024-05-01 20:00:05," + "很长" * 60 + "\n"
    "6,图片,小周,2024-05-01 20:00:06,【图片】\n"
    "7,系统消息,系统,2024-05-01 20:00:07,以上是打招呼的内容\n"
)
PAIR = V3 + (
    "1,文本,林小满,2024-05-01 20:00:01,在吗\n2,文本,阿哲,2024-05-01 20:00:05,在\n"
    "3,系统消息,系统,2024-05-01 20:00:07,你撤回了一条消息\n"
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("林小满.csv", "林小满"),
        ("林小满_utf8.csv", "林小满"),
        ("林小满_train.json", "林小满"),
        ("林小满_dev (1).json", "林小满"),
        ("林小满_train - 副本.json", "林小满"),
        ("林小满 (2).csv", "林小满"),
        ("wxid_demo01_0_5000.csv", "wxid_demo01"),
        ("林小满_20240501-20240601.csv", "林小满"),
        ("tmpa1b2c3/messages.csv", "messages"),
        ("Downloads/train.json", "train"),
        ("聊天记录/林小满(wxid_demo01)/messages.csv", "林小满"),
        ("csv/林小满/messages.csv", "林小满"),
        ("_utf8.csv", "_utf8"),
    ],
)
def test_a_path_gives_a_lasting_chat_name(path: str, name: str) -> None:
    assert path_name(Path("/home/me") / path) == name


@pytest.mark.parametrize(
    ("path", "senders", "name"),
    [
        ("林小满.csv", ["林小满", "阿哲"], "林小满"),
        ("林小满 (1).csv", ["林小满", "阿哲"], "林小满"),
        ("与林小满的聊天.csv", ["林小满", "阿哲"], "林小满"),
        ("messages.csv", ["林小满", "阿哲"], "林小满、阿哲"),
        ("messages.csv", ["林小满", "阿哲", "小周"], "messages"),
        ("饭搭子.csv", ["林小满", "阿哲", "小周"], "饭搭子"),
        ("林小满(wxid_demo01)/林小满_1.csv", ["满满", "阿哲"], "林小满"),
        ("备份(2024)/饭搭子.csv", ["满满", "阿哲"], "饭搭子"),
        ("old(backup)/林小满.csv", ["满满", "阿哲"], "林小满"),
    ],
)
def test_a_chat_of_people_without_ids_is_named_by_folder_file_or_both(
    path: str, senders: list[str], name: str
) -> None:
    assert name_of_two(Path("/home/me") / path, sorted(senders)) == name


def test_undecodable_file_names_give_a_printable_chat_name() -> None:
    path_name(Path("/home/me/\udcff老.csv")).encode("utf-8")


def test_participants_come_with_counts_and_three_sample_lines(tmp_path: Path) -> None:
    path = tmp_path / "饭搭子.csv"
    path.write_text(CHAT, encoding="utf-8")
    first, *others = participants(read_file(path))
    assert (first.sender, first.name, first.count, first.is_me) == ("林小满", "林小满", 4, None)
    assert first.samples == ("第一句", "第二句", "第三句")
    assert [(other.sender, other.count) for other in others] == [("阿哲", 1), ("小周", 1)]
    assert others[0].samples == ("很长" * 29 + "很…",)
    assert others[1].samples == ("[图片]",)


def test_participants_say_who_is_me_where_the_file_does(tmp_path: Path) -> None:
    path = tmp_path / "林小满_train.json"
    path.write_text(
        '[{"conversations":[{"role":"user","content":"嗯"},{"role":"assistant","content":"哦"}]}]',
        encoding="utf-8",
    )
    assert [(each.name, each.is_me) for each in participants(read_file(path))] == [
        ("林小满", False),
        ("我", True),
    ]


def test_with_me_fills_in_who_is_me_and_names_the_chat_after_the_partner(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    path.write_text(PAIR, encoding="utf-8")
    source = read_file(path)
    assert not source.me_known
    assert set(source.messages["chat"]) == {"林小满、阿哲"}
    known = with_me(source, " 阿哲 ")
    assert known.me_known
    assert known.messages["is_me"].tolist() == [False, True, False]
    assert known.messages["is_me"].dtype == "boolean"
    assert set(known.messages["chat"]) == {"林小满"}
    assert not source.me_known, "the source itself is untouched"


def test_with_me_leaves_a_file_alone_that_says_who_is_me(tmp_path: Path) -> None:
    path = tmp_path / "林小满_train.json"
    path.write_text('[{"conversations":[{"role":"user","content":"嗯"}]}]', encoding="utf-8")
    source = read_file(path)
    assert with_me(source, "谁也不是") is source


NAMED = (
    "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n"
    "1,文本,Ａｎｎ（小林）,2024-05-01 20:00:01,在吗,老师,Lin Lin,more\n"
    "2,文本,阿哲,2024-05-01 20:00:05,在,,Zhe,more\n"
    "3,文本,小周,2024-05-01 20:00:06,我也在,,Lin  Lin,more\n"
)


@pytest.mark.parametrize(
    ("me", "sender"),
    [
        pytest.param("阿哲", "阿哲", id="as written"),
        pytest.param(" Zhe　", "阿哲", id="nickname with blanks"),
        pytest.param("老师", "Ａｎｎ（小林）", id="remark"),
        pytest.param("Ann(小林)", "Ａｎｎ（小林）", id="half-width"),
        pytest.param("ｚｈｅ", "阿哲", id="full-width and lower case"),
        pytest.param("Lin Lin", "Ａｎｎ（小林）", id="exactly written before nearly"),
    ],
)
def test_me_is_found_by_any_name_the_file_gives(me: str, sender: str, tmp_path: Path) -> None:
    path = tmp_path / "饭搭子.csv"
    path.write_text(NAMED, encoding="utf-8")
    messages = with_me(read_file(path), me).messages
    assert messages.loc[messages["is_me"], "sender"].tolist() == [sender]


def test_a_name_of_several_senders_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "饭搭子.csv"
    path.write_text(NAMED, encoding="utf-8")
    with pytest.raises(MeUnknownError, match="several senders in this file are called lin lin"):
        with_me(read_file(path), "lin lin")


def test_a_file_that_says_who_is_me_is_believed_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "林小满_utf8.csv"
    path.write_text(
        "Type,SubType,IsSender,CreateTime,StrContent,StrTime,Remark,NickName,Sender\n"
        "1,0,0,1700000000,在吗,2023-11-15 06:13:20,林小满,Lin,wxid_a\n"
        "1,0,1,1700000009,在,2023-11-15 06:13:29,我,阿哲,wxid_b\n",
        encoding="utf-8",
    )
    source = read_file(path)
    for me in ("我", "阿哲", "wxid_b", "谁也不是"):
        assert with_me(source, me) is source
    named = with_me(source, "lin")
    assert named.messages["is_me"].tolist() == [False, True]
    assert len(named.warnings) == 1


@pytest.mark.parametrize("me", ["小郑", "", "系统"])
def test_with_me_refuses_a_name_that_nobody_has(me: str, tmp_path: Path) -> None:
    path = tmp_path / "林小满.csv"
    path.write_text(PAIR, encoding="utf-8")
    with pytest.raises(MeUnknownError, match="nobody in this file is called"):
        with_me(read_file(path), me)


def test_a_folder_gives_its_candidates_sorted_and_nothing_hidden(tmp_path: Path) -> None:
    for name in ("b/2.CSV", "a.json", "notes.doc", ".x.csv", "~$a.csv", ".git/c.csv", "b/1.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in collect_files(tmp_path)]
    assert found == ["a.json", "b/1.csv", "b/2.CSV"]


def test_a_folder_that_links_to_itself_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    try:
        (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    except OSError:
        pytest.skip("this system does not let us make links")
    assert [path.name for path in collect_files(tmp_path)] == ["a.csv"]


def test_a_file_is_its_own_only_candidate_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("x", encoding="utf-8")
    assert collect_files(path) == [path]


def test_nothing_to_collect_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=r"looks like a chat export \(\.csv, .*\.json"):
        collect_files(tmp_path)
    with pytest.raises(BadFileError, match="no such file or folder"):
        collect_files(tmp_path / "gone")
    with pytest.raises(BadFileError, match="cannot be read"):
        collect_files(tmp_path / ("x" * 5000))


def test_importers_have_distinct_names_and_lower_case_suffixes() -> None:
    assert len({importer.format for importer in IMPORTERS}) == len(IMPORTERS)
    for importer in IMPORTERS:
        assert all(suffix.startswith(".") and suffix.islower() for suffix in importer.suffixes)
