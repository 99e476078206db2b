"""Importing: what comes in, what is there already, and that half an import does not exist."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from curation import workflow
from curation.errors import BadFileError, MeUnknownError
from curation.model import Conversation, ConversationFilter, Side
from curation.store import iter_conversations
from curation.workflow.importing import sentences_about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.workflow.conftest import WriteChat

Line = tuple[float, str, str]
TALK: list[Line] = [
    (0, "阿橙", "在吗"),
    (1, "小满", "在呀~"),
    (31, "阿橙", "吃了没"),
    (61, "小满", "哈哈"),
    (61, "小满", "哈哈"),
    (92, "阿橙", "睡了?"),
]


def bring(workspace: workflow.Workspace, *paths: Path) -> workflow.ImportReport:
    return workflow.import_files(workspace, paths, me=dict.fromkeys(paths, "小满"))


def everything(workspace: workflow.Workspace) -> list[Conversation]:
    return list(iter_conversations(workspace, ConversationFilter()))


def texts(workspace: workflow.Workspace) -> list[list[str]]:
    return [[m.text for m in each.messages] for each in everything(workspace)]


def test_messages_are_split_where_the_pause_is_longer_than_the_gap(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    report = bring(workspace, write_chat(TALK))
    assert texts(workspace) == [["在吗", "在呀~", "吃了没", "哈哈", "哈哈"], ["睡了?"]]
    assert (report.added, report.conversations_added, report.conversations_extended) == (6, 2, 0)


def test_the_gap_is_a_setting(workspace: workflow.Workspace, write_chat: WriteChat) -> None:
    workflow.save_settings(workspace, workflow.Settings(gap_mode="fixed", gap_minutes=5))
    bring(workspace, write_chat(TALK))
    assert texts(workspace) == [["在吗", "在呀~"], ["吃了没"], ["哈哈", "哈哈"], ["睡了?"]]


def test_sides_are_given_by_who_is_me(workspace: workflow.Workspace, write_chat: WriteChat) -> None:
    bring(workspace, write_chat(TALK[:2]))
    sides = [m.side for m in everything(workspace)[0].messages]
    assert sides == [Side.OTHER, Side.ME]


@pytest.mark.parametrize("first_id", [1, None], ids=["with ids", "without ids"])
def test_the_same_file_again_adds_nothing(
    workspace: workflow.Workspace, write_chat: WriteChat, first_id: int | None
) -> None:
    bring(workspace, write_chat(TALK, first_id=first_id))
    before = everything(workspace)
    report = bring(workspace, write_chat(TALK, first_id=first_id))
    assert (report.added, report.files[0].already_there) == (0, 6)
    assert everything(workspace) == before


@pytest.mark.parametrize("first_id", [1, None], ids=["with ids", "without ids"])
def test_a_newer_export_adds_what_is_new_and_lengthens_what_nobody_touched(
    workspace: workflow.Workspace, write_chat: WriteChat, first_id: int | None
) -> None:
    bring(workspace, write_chat(TALK, first_id=first_id))
    newer = [*TALK, (93, "小满", "还没"), (300, "阿橙", "早")]
    report = bring(workspace, write_chat(newer, first_id=first_id))
    assert texts(workspace)[1:] == [["睡了?", "还没"], ["早"]]
    rows = workflow.conversation_page(workspace, ConversationFilter()).rows
    assert rows["length"].tolist() == [5, 2, 1]
    assert rows["turns"].tolist() == [4, 2, 1]
    assert (report.added, report.conversations_added, report.conversations_extended) == (2, 1, 1)


def test_a_touched_conversation_is_never_altered(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat(TALK))
    last = everything(workspace)[-1]
    workflow.commit_actions(
        workspace,
        "c",
        [
            {
                "n": 1,
                "type": "set_background",
                "id": last.id,
                "version": last.version,
                "text": "失眠",
            }
        ],
    )
    touched = everything(workspace)[-1]
    bring(workspace, write_chat([*TALK, (93, "小满", "还没")]))
    assert everything(workspace)[1] == touched
    assert texts(workspace)[1:] == [["睡了?"], ["还没"]]


def test_an_older_export_fills_in_what_was_before(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    bring(workspace, write_chat(TALK[1:3], first_id=2))
    bring(workspace, write_chat(TALK))
    assert texts(workspace) == [["在吗", "在呀~", "吃了没", "哈哈", "哈哈"], ["睡了?"]]


def test_two_overlapping_files_at_once_come_in_once(
    workspace: workflow.Workspace, write_chat: WriteChat, tmp_path: Path
) -> None:
    early = write_chat(TALK[:4]).rename(tmp_path / "early.csv")
    folder = tmp_path / "later"
    folder.mkdir()
    late = write_chat(TALK).rename(folder / "阿橙.csv")
    early = early.rename(tmp_path / "阿橙.csv")
    report = bring(workspace, early, late)
    assert [file.added for file in report.files] == [4, 2]
    assert texts(workspace) == [["在吗", "在呀~", "吃了没", "哈哈", "哈哈"], ["睡了?"]]


def write_records(path: Path, records: Sequence[Sequence[str]]) -> Path:
    roles = ("user", "assistant")
    path.write_text(
        json.dumps(
            [
                {
                    "conversations": [
                        {"role": "system", "content": "你是林小满"},
                        *(
                            {"role": roles[place % 2], "content": text}
                            for place, text in enumerate(record)
                        ),
                    ]
                }
                for record in records
            ],
            ensure_ascii=False,
            indent=4,
        ),
        encoding="utf-8",
    )
    return path


def test_a_record_is_a_conversation_and_identical_ones_both_stay(
    workspace: workflow.Workspace, tmp_path: Path
) -> None:
    path = write_records(tmp_path / "唐姐_train.json", [["在", "嗯"], ["吃了", "好"], ["在", "嗯"]])
    assert bring(workspace, path).conversations_added == 3
    assert texts(workspace) == [
        ["你是林小满", *r] for r in (["在", "嗯"], ["吃了", "好"], ["在", "嗯"])
    ]


def test_records_shuffled_between_train_and_dev_are_known_again(
    workspace: workflow.Workspace, tmp_path: Path
) -> None:
    bring(
        workspace,
        write_records(tmp_path / "唐姐_train.json", [["在", "嗯"], ["吃了", "好"]]),
        write_records(tmp_path / "唐姐_dev.json", [["困", "睡"]]),
    )
    report = bring(
        workspace,
        write_records(tmp_path / "唐姐_train.json", [["困", "睡"], ["新", "的"]]),
        write_records(tmp_path / "唐姐_dev.json", [["在", "嗯"]]),
    )
    assert report.conversations_added == 1
    assert texts(workspace)[-1] == ["你是林小满", "新", "的"]


def test_nothing_of_any_file_comes_in_when_one_is_bad(
    workspace: workflow.Workspace, write_chat: WriteChat, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\x00\x01\xff")
    with pytest.raises(BadFileError, match=r"bad\.csv"):
        bring(workspace, write_chat(TALK), bad)
    assert everything(workspace) == []
    assert workflow.chats(workspace) == []


def test_nothing_comes_in_while_nobody_said_who_me_is(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    with pytest.raises(MeUnknownError, match="阿橙"):
        workflow.import_files(workspace, [write_chat(TALK)])
    assert everything(workspace) == []


@pytest.mark.parametrize("stage", ["read", "split", "store", "duplicates"])
def test_an_import_that_is_stopped_leaves_nothing(
    workspace: workflow.Workspace, write_chat: WriteChat, stage: str
) -> None:
    class StoppedError(Exception):
        pass

    def stop(now: str, done: int, total: int) -> None:
        if now == stage and done == total:
            raise StoppedError

    path = write_chat(TALK)
    with pytest.raises(StoppedError):
        workflow.import_files(workspace, [path], me={path: "小满"}, progress=stop)
    assert everything(workspace) == []


def test_reading_is_told_in_bytes_of_all_files(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    told: list[tuple[str, int, int]] = []
    paths = [write_chat(TALK), write_chat(TALK, "林哥", first_id=90)]
    workflow.import_files(
        workspace,
        paths,
        me=dict.fromkeys(paths, "小满"),
        progress=lambda *step: told.append(step),
    )
    size = sum(path.stat().st_size for path in paths)
    read = [(done, total) for stage, done, total in told if stage == "read"]
    assert read[0] == (0, size)
    assert read[-1] == (size, size)
    assert read == sorted(read)
    assert [*dict.fromkeys(stage for stage, _done, _total in told)] == [
        "read",
        "split",
        "store",
        "duplicates",
    ]


def test_bad_rows_are_told_and_the_good_ones_come_in(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    path = write_chat(TALK)
    content = path.read_text(encoding="utf-8-sig").replace("2024-05-01 20:31:00", "昨天", 1)
    path.write_text(content, encoding="utf-8-sig")
    (preview,) = workflow.preview_files([path])
    report = bring(workspace, path)
    for bad_rows in (preview.bad_rows, report.files[0].bad_rows):
        assert [error.line for error in bad_rows] == [4]
    assert report.added == preview.message_count == 5


def test_an_archive_and_a_folder_come_in_as_the_files_they_hold(
    workspace: workflow.Workspace, write_chat: WriteChat, tmp_path: Path
) -> None:
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(write_chat(TALK), "阿橙.csv")
    folder = tmp_path / "more"
    folder.mkdir()
    write_chat(TALK, "林哥", first_id=90).rename(folder / "林哥.csv")
    with workflow.unpacked([packed, folder]) as paths:
        assert sorted(path.name for path in paths) == ["林哥.csv", "阿橙.csv"]
        assert bring(workspace, *paths).added == 12
    assert not any(path.exists() for path in paths if path.parent != folder)


def test_a_preview_says_what_is_in_a_file_and_why_another_is_bad(
    write_chat: WriteChat, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    good, bad = workflow.preview_files([write_chat(TALK), empty])
    assert (good.message_count, good.me_known, good.error) == (6, False, None)
    assert [(p.name, p.count, p.samples) for p in good.participants] == [
        ("阿橙", 3, ("在吗", "吃了没", "睡了?")),
        ("小满", 3, ("在呀~", "哈哈")),
    ]
    assert "empty.csv" in str(bad.error)


def test_the_sample_comes_in_and_comes_in_once(workspace: workflow.Workspace) -> None:
    first = workflow.import_sample(workspace)
    if workspace.engine.dialect.name == "sqlite":  # elsewhere the database sees to it itself
        with workspace.read() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert 55 <= first.conversations_added <= 70
    assert workflow.import_sample(workspace).added == 0


def test_kaomoji_and_codes_come_in_byte_for_byte(
    workspace: workflow.Workspace, write_chat: WriteChat
) -> None:
    voice = [
        "(｡•́︿•̀｡)",
        "[委屈][捂脸]",
        "哈哈哈哈!!!~~~",
        "👨‍👩‍👧‍👦❤️",
        "<3 =1+1",
        "$E=mc^2$ ![图](http://x)",
    ]
    bring(workspace, write_chat([(n, "小满", text) for n, text in enumerate(voice)]))
    assert texts(workspace) == [voice]


def test_of_many_bad_rows_the_first_are_told_and_the_others_counted() -> None:
    bad = [BadFileError("chat.csv", "no time", line=line) for line in range(2, 100)]
    told = list(sentences_about(Path("chat.csv"), ["old"], bad))
    assert told[0] == "chat.csv: old"
    assert told[1] == "left out: chat.csv, line 2: no time"
    assert told[-1] == ("chat.csv: further rows that cannot be read, which are left out: 88")
    assert len(told) == 12
