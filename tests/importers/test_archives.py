"""An archive gives the exports in it, and nothing in it can do harm."""

from __future__ import annotations

import io
import os
import shutil
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.errors import BadFileError
from curation.importers import collect_files, is_archive, read_file, unpack
from curation.model import Limits
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "消息ID,类型,发送人,时间,内容\n7,文本,小林,2024-05-01 20:00:00,晚上吃啥\n"


def packed(path: Path, files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def unpacked(path: Path, limits: Limits | None = None) -> list[str]:
    """Return the names below the folder that is named like the archive."""
    into = path.parent / "into"
    into.mkdir(exist_ok=True)
    found = unpack(path, into, limits or Limits())
    assert all(each.is_file() and into in each.parents for each in found)
    return [each.relative_to(into).as_posix().partition("/")[2] for each in found]


def refused(path: Path, limits: Limits | None = None) -> str:
    """Return the sentence with which the archive is refused; nothing lies outside its folder."""
    before = {each for each in path.parent.rglob("*") if "into" not in each.parts}
    with pytest.raises(BadFileError) as caught:
        unpacked(path, limits)
    after = {each for each in path.parent.rglob("*") if "into" not in each.parts}
    assert after == before
    return str(caught.value)


def test_the_exports_in_an_archive_are_unpacked_into_a_folder_named_like_it(
    tmp_path: Path,
) -> None:
    path = packed(
        tmp_path / "我的导出.zip",
        {"聊天/林小满.csv": TABLE, "聊天/头像.png": b"\x89PNG", "b.csv": TABLE, ".hidden.csv": ""},
    )
    assert unpacked(path) == ["我的导出/b.csv", "我的导出/聊天/林小满.csv"]
    into = tmp_path / "into"
    assert sorted(each.name for each in into.rglob("*") if each.is_file()) == [
        "b.csv",
        "林小满.csv",
    ]
    assert len(read_file(next(into.rglob("林小满.csv"))).messages) == 1


def test_the_same_archive_twice_does_not_collide(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": TABLE})
    into = tmp_path / "into"
    into.mkdir()
    first, second = unpack(path, into, Limits()), unpack(path, into, Limits())
    assert set(first).isdisjoint(second)


def test_names_that_differ_in_case_only_both_stay(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": TABLE, "X.csv": TABLE * 2})
    assert unpacked(path) == ["a/X (2).csv", "a/x.csv"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gbk", "聊天记录/林小满.csv"),
        ("gbk", "周末爬山小队(12345@chatroom)/messages.csv"),
        ("gbk", "与阿橙的聊天.csv"),
        ("big5", "與王小明的聊天記錄.csv"),
        ("big5", "聊天/陳怡君.csv"),
        ("cp932", "[LINE] 花子とのトーク履歴.csv"),
        ("cp932", "田中さん.csv"),
        ("utf-8", "聊天记录/林小满.csv"),
        ("utf-8", "花子とのトーク.csv"),
        ("cp437", "Müller.csv"),
        ("cp437", "Ana Peña/chat.csv"),
        ("cp437", "Café é à.csv"),
    ],
)
def test_names_without_the_utf8_flag_are_those_of_the_packers_system(
    encoding: str, name: str, tmp_path: Path
) -> None:
    wanted = name.encode(encoding)
    placeholder = ("x" * len(wanted)).encode()
    path = packed(tmp_path / "a.zip", {placeholder.decode(): TABLE})
    path.write_bytes(path.read_bytes().replace(placeholder, wanted))
    assert unpacked(path) == [f"a/{name}"]


def test_a_file_keeps_the_day_on_which_it_was_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    said = "林小满(wxid_demo01) 12-30 20:00:00\n在吗\n\n我(我) 12-31 20:00:00\n在\n\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("聊天.txt", (2022, 2, 3, 10, 0, 0)), said)
    (tmp_path / "into").mkdir()
    (file,) = unpack(path, tmp_path / "into", Limits())
    assert [str(day.date()) for day in read_file(file).messages["time"]] == [
        "2021-12-30",
        "2021-12-31",
    ]


def test_a_unicode_path_field_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    name = "林小满.csv".encode()
    field = b"\x01" + struct.pack("<I", zlib.crc32(b"x.csv")) + name
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("x.csv")
        entry.extra = struct.pack("<HH", 0x7075, len(field)) + field
        archive.writestr(entry, TABLE)
    assert unpacked(path) == ["a/林小满.csv"]


def test_an_archive_in_the_archive_is_unpacked_and_one_deeper_is_named(tmp_path: Path) -> None:
    deepest = packed(tmp_path / "3.zip", {"z.csv": TABLE}).read_bytes()
    inner = packed(tmp_path / "2.zip", {"y.csv": TABLE, "3.zip": deepest}).read_bytes()
    path = packed(tmp_path / "1.zip", {"x.csv": TABLE, "2.zip": inner})
    assert unpacked(path) == ["1/2/3.zip", "1/2/y.csv", "1/x.csv"]
    with pytest.raises(BadFileError, match="this is an archive"):
        read_file(next((tmp_path / "into").rglob("3.zip")))


def test_what_stands_beside_an_export_is_there_but_not_asked_for_messages(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "a/users.json": "{}",
        "a/a_0_5000.csv": TABLE,
        "qq/manifest.json": "{}",
        "qq/avatars.json": "{}",
        "qq/chunks/c000001.json": "{}",
        "tg/result.json": "{}",
        "tg/files/notes.json": "{}",
    }
    path = packed(tmp_path / "all.zip", files)
    assert unpacked(path) == ["all/a/a_0_5000.csv", "all/qq/manifest.json", "all/tg/result.json"]
    assert next((tmp_path / "into").rglob("chunks/c000001.json")).is_file()
    folder = tmp_path / "folder"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    names = [each.relative_to(folder).as_posix() for each in collect_files(folder)]
    assert names == ["a/a_0_5000.csv", "qq/manifest.json", "tg/result.json"]


def test_a_folder_may_hold_archives(tmp_path: Path) -> None:
    packed(tmp_path / "b.zip", {"x.csv": TABLE})
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    assert [each.name for each in collect_files(tmp_path)] == ["a.csv", "b.zip"]


@pytest.mark.parametrize(
    "name",
    [
        *("../x.csv", "a/../../x.csv", "/etc/x.csv", "..\\x.csv", "C:\\x.csv", "c:x.csv"),
        *("\\\\server\\share\\x.csv", "a/..", "../picture.png"),
    ],
)
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"good.csv": TABLE, name: TABLE})
    assert refused(path) == "a.zip: the archive holds a file name that leads out of it"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("CON.csv", "a/_CON.csv"),
        ("com1", None),
        ("aux.tar.csv", "a/_aux.tar.csv"),
        ("nul/x.csv", "a/_nul/x.csv"),
        ("console.csv", "a/console.csv"),
        ("a?b.csv", "a/a_b.csv"),
        ("a\x01\n.csv", "a/a__.csv"),
        ("dots. /x.csv", "a/dots/x.csv"),
        ("长" * 200 + ".csv", "a/" + "长" * 66 + ".csv"),
    ],
)
def test_no_name_is_one_that_a_system_cannot_write(
    name: str, written: str | None, tmp_path: Path
) -> None:
    if written is None:
        written, name = f"a/_{name}/x.csv", f"{name}/x.csv"
    path = packed(tmp_path / "a.zip", {name: TABLE})
    assert unpacked(path) == [written]


def test_links_and_devices_are_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.csv", TABLE)
        for name, kind in (("link.csv", stat.S_IFLNK), ("pipe.csv", stat.S_IFIFO)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
    assert unpacked(path) == ["a/good.csv"]


def test_a_password_is_asked_for_in_a_sentence(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": TABLE})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert refused(path) == "a.zip: the archive needs a password; please unpack it first"


def test_a_bomb_is_refused_while_it_unpacks(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": b"0" * 20_000_000})
    assert "more than 200 times its size" in refused(path)
    assert sum(each.stat().st_size for each in tmp_path.rglob("x.csv")) < 8_000_000


def test_a_header_that_lies_about_the_size_does_not_help(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": b"0" * 20_000_000})
    raw = path.read_bytes()
    size = struct.pack("<I", 20_000_000)
    path.write_bytes(raw.replace(size, struct.pack("<I", 100)))
    refused(path)


def test_a_bomb_inside_an_archive_counts_against_the_same_limits(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", {"x.csv": b"0" * 20_000_000}).read_bytes()
    path = packed(tmp_path / "a.zip", {"inner.zip": inner})
    assert "times its size" in refused(path)
    three = packed(tmp_path / "three.zip", {f"{number}.csv": TABLE for number in range(3)})
    path = packed(tmp_path / "b.zip", {"i.zip": three.read_bytes(), "x.csv": TABLE})
    sentence = "b.zip: the archive holds more than 4 files (see the settings)"
    assert refused(path, Limits(archive_files=4)) == sentence
    assert len(unpacked(path, Limits(archive_files=5))) == 4


def test_many_entries_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    """Each entry is harmless by itself; all of them together are not."""
    content = os.urandom(2_000) * 20
    path = packed(tmp_path / "a.zip", {"0000.csv": content})
    raw = path.read_bytes()
    begin = raw.find(b"PK\x01\x02")
    end = raw.find(b"PK\x05\x06")
    entries = b"".join(
        raw[begin:end].replace(b"0000.csv", b"%04d.csv" % number) for number in range(2_000)
    )
    tail = bytearray(raw[end:])
    tail[8:20] = struct.pack("<HHII", 2_000, 2_000, len(entries), begin)
    path.write_bytes(raw[:begin] + entries + tail)
    refused(path, Limits(archive_ratio=50))


def test_too_many_bytes_and_too_large_a_file_are_refused(tmp_path: Path) -> None:
    noise = os.urandom(3_000_000)
    path = packed(tmp_path / "a.zip", {"x.csv": noise, "y.csv": noise})
    mega = 1024 * 1024
    sentence = "a.zip: the archive unpacks to more than 4 MB (see the settings)"
    assert refused(path, Limits(unpacked_bytes=4 * mega)) == sentence
    sentence = "a.zip: the file has 6 MB, the limit is 1 MB (see the settings)"
    assert refused(path, Limits(file_bytes=mega)) == sentence


def test_a_table_of_contents_that_fills_the_memory_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": TABLE})
    path.write_bytes(path.read_bytes()[:60] + b"PK\x01\x02" * 400_000)
    assert is_archive(path)
    assert "the archive holds more than" in refused(path)


def test_a_damaged_archive_is_one_sentence(tmp_path: Path) -> None:
    whole = packed(tmp_path / "a.zip", {"x.csv": TABLE * 50}, zipfile.ZIP_STORED).read_bytes()
    path = tmp_path / "b.zip"
    for content in (whole[:200], whole[:-30], whole.replace("晚上".encode(), "早上".encode(), 1)):
        path.write_bytes(content)
        assert is_archive(path)
        assert refused(path) == "b.zip: the archive is damaged"


def test_a_way_of_packing_nobody_knows_is_one_sentence(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": TABLE})
    raw = bytearray(path.read_bytes())
    for at in (8, raw.find(b"PK\x01\x02") + 10):
        raw[at : at + 2] = struct.pack("<H", 9)  # Deflate64, as Windows packs what is large
    path.write_bytes(raw)
    assert "packed in a way this program cannot read" in refused(path)


def test_an_archive_without_an_export_says_what_is_looked_for(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"picture.png": b"x"})
    assert "no file in this archive looks like a chat export (" in refused(path)
    empty = packed(tmp_path / "empty.zip", {})
    assert is_archive(empty)
    assert "no file in this archive" in refused(empty)


def test_spreadsheets_and_other_files_are_no_archives(tmp_path: Path) -> None:
    workbook = packed(tmp_path / "a.xlsx", {"[Content_Types].xml": "", "xl/workbook.xml": ""})
    assert not is_archive(workbook)
    text = tmp_path / "a.zip"
    text.write_text("PK is how this chat begins", encoding="utf-8")
    assert not is_archive(text)
    assert not is_archive(tmp_path)
    assert not is_archive(tmp_path / "gone.zip")


def test_an_archive_that_goes_away_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="the archive cannot be unpacked"):
        unpack(tmp_path / "gone.zip", tmp_path, Limits())


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 400),
)
def test_any_damage_gives_files_or_one_error(
    changes: list[tuple[int, int]], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("林.csv", TABLE)
        archive.writestr("b/c.csv", TABLE)
    raw = bytearray(buffer.getvalue())
    for at, value in changes:
        raw[at % len(raw)] = value
    base = tmp_path_factory.getbasetemp() / "damage"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    path = base / "a.zip"
    path.write_bytes(raw[: len(raw) - cut % 5])
    try:
        found = unpack(path, base, Limits())
    except BadFileError:
        return
    assert found
    assert all(base in each.parents for each in found)
