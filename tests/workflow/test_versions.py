"""Exports that are kept: built, compared, built again, deleted."""

from __future__ import annotations

import errno
import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from curation import exporters, workflow
from curation.errors import ActionRefusedError, BadFileError, ExportBlockedError
from curation.export_options import ExportOptions
from curation.model import ConversationFilter, Persona, Status
from curation.store import put_setting
from curation.ui.words import action_names
from curation.workflow import version_files
from curation.workflow.version_files import versions_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store.export_versions import ExportVersion
    from curation.workflow import Workspace

    WriteChat = Callable[..., Path]

PLAIN = ExportOptions()
EVERYTHING = ConversationFilter()
TALKS = (("在吗", "在呀"), ("吃了没", "吃了[捂脸]"), ("早", "早~"), ("晚安", "好梦"))
ELSEWHERE = ("..", "", "0123456789ab-01234567/../..", "/etc", "my own notes")


@pytest.fixture
def filled(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    """A workspace of four approved conversations, an hour and more apart."""
    lines = [
        (float(60 * hour + minute), sender, text)
        for hour, talk in enumerate(
            (("在吗", "在呀"), ("吃了没", "吃了[捂脸]"), ("早", "早~"), ("晚安", "好梦"))
        )
        for minute, (sender, text) in enumerate(zip(("阿橙", "小满"), talk, strict=True))
    ]
    workflow.import_files(workspace, [path := write_chat(lines)], me={path: "小满"})
    workflow.set_status(workspace, EVERYTHING, Status.APPROVED)
    return workspace


def build(workspace: Workspace, options: ExportOptions = PLAIN) -> ExportVersion:
    return workflow.build_version(workspace, options).version


def ids(workspace: Workspace) -> list[int]:
    page = workflow.conversation_page(workspace, EVERYTHING, order="queue", page_size=100)
    return [int(number) for number in page.rows["id"]]


def edit_first_message(workspace: Workspace, conversation: int, text: str) -> None:
    window = workflow.review_window(workspace, EVERYTHING, at=conversation)
    held = next(each for each in window.records if each.conversation.id == conversation)
    workflow.commit_actions(
        workspace,
        "test",
        [
            {
                "n": 1,
                "type": "edit_message",
                "id": conversation,
                "version": held.conversation.version,
                "message": held.conversation.messages[0].id,
                "text": text,
            }
        ],
    )


def bytes_of(workspace: Workspace, version: ExportVersion) -> dict[str, bytes]:
    paths = {
        each.name: workflow.version_file(workspace, version, each.name) for each in version.files
    }
    return {name: path.read_bytes() for name, path in paths.items() if path is not None}


def test_a_version_tells_what_it_was_built_with_and_keeps_the_files(filled: Workspace) -> None:
    options = replace(PLAIN, variant=workflow.Variant.WOVEN)
    version = build(filled.acting_as("小满"), options)
    assert ExportOptions.from_json(version.options) == options
    assert (version.records, version.conversations, version.reviewer) == (4, 4, "小满")
    assert version.basis == workflow.basis(filled)
    held = bytes_of(filled, version)
    assert {each.name: each.size for each in version.files} == {
        name: len(content) for name, content in held.items()
    }
    assert len(json.loads(held["sharegpt.json"])) == 4
    assert workflow.version_report(filled, version.id) == json.loads(held["report.json"])
    assert workflow.journal_page(filled, page_size=1).lines[0].action == "export"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_their_owner_may_read_what_is_kept(filled: Workspace) -> None:
    version = build(filled)
    root = versions_folder(filled)
    paths = [root, *root.rglob("*")]
    assert len(paths) == 2 + len(version.files)
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_nothing_changed_means_nothing_new_is_kept(filled: Workspace) -> None:
    first = build(filled)
    again = workflow.build_version(filled, PLAIN)
    assert again.kept_already
    assert again.version == first
    assert len(list(versions_folder(filled).iterdir())) == 1


def test_other_options_are_another_version(filled: Workspace) -> None:
    first = build(filled)
    second = build(filled, replace(PLAIN, variant=workflow.Variant.WOVEN))
    assert second.id > first.id
    assert [each.id for each in workflow.kept_versions(filled).versions] == [second.id, first.id]


def test_two_versions_are_compared_conversation_by_conversation(filled: Workspace) -> None:
    changed, gone, late, same = ids(filled)
    workflow.set_status(filled, [late], Status.SKIPPED)
    before = build(filled)
    edit_first_message(filled, changed, "在不在")
    workflow.set_status(filled, [gone], Status.REJECTED)
    workflow.set_status(filled, [late], Status.APPROVED)
    after = build(filled)

    found = workflow.compare_versions(filled, before.id, after.id)
    assert found.difference == workflow.Difference((late,), (gone,), (changed,), (), 1)
    assert not found.identical
    assert found.options == {}
    assert set(found.files) == {"sharegpt.json", "labels.jsonl", "report.json"}
    back = workflow.compare_versions(filled, after.id, before.id).difference
    assert (back.added, back.removed) == ((gone,), (late,))
    assert same not in (*back.added, *back.removed, *back.changed)


def test_a_version_built_again_is_the_same_until_something_changes(filled: Workspace) -> None:
    options = replace(PLAIN, variant=workflow.Variant.WOVEN)
    kept = build(filled, options)
    build(filled)  # another one in between
    built, found = workflow.rebuild_version(filled, kept.id)
    assert built.kept_already
    assert found.identical

    workflow.save_persona(filled, Persona(name="小满", personality="慢热"))
    built, found = workflow.rebuild_version(filled, kept.id)
    assert not built.kept_already
    assert not found.identical
    assert ExportOptions.from_json(built.version.options) == options
    assert len(found.difference.changed) == 4  # the system text of each


def test_a_version_knows_whether_anything_changed_since(filled: Workspace) -> None:
    number = ids(filled)[0]
    version = build(filled)
    edit_first_message(filled, number, "在不在")
    assert workflow.basis(filled) != version.basis
    workflow.undo(filled)
    assert workflow.basis(filled) != version.basis  # nobody looked yet
    again = workflow.build_version(filled, PLAIN)
    assert again.kept_already
    assert again.version.basis == workflow.basis(filled)


def test_deleted_files_come_back_with_the_next_build_that_gives_them(filled: Workspace) -> None:
    version = build(filled)
    held = bytes_of(filled, version)
    workflow.delete_version_files(filled, version.id)
    (without,) = workflow.kept_versions(filled).versions
    assert without.folder == ""
    assert bytes_of(filled, without) == {}
    assert list(versions_folder(filled).iterdir()) == []
    assert workflow.compare_versions(filled, version.id, version.id).identical

    built, _found = workflow.rebuild_version(filled, version.id)
    assert built.version.id == version.id
    assert bytes_of(filled, built.version) == held


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change_a_byte(path: Path) -> None:
    path.write_bytes(b"x" + path.read_bytes()[1:])


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "name", ["sharegpt.json", "openai.jsonl", "labels.jsonl", version_files.ARCHIVE]
)
@pytest.mark.parametrize("damage", [empty, change_a_byte, Path.unlink])
def test_damaged_files_are_whole_again_after_building_again(
    filled: Workspace, name: str, damage: Callable[[Path], None]
) -> None:
    version = build(filled, replace(PLAIN, formats=("sharegpt", "openai")))
    path = workflow.version_file(filled, version, name)
    assert path is not None
    held = path.read_bytes()
    damage(path)

    built, found = workflow.rebuild_version(filled, version.id)
    assert (built.version.id, built.kept_already, found.identical) == (version.id, True, True)
    again = workflow.version_file(filled, built.version, name)
    assert again is not None
    assert again.read_bytes() == held
    assert [each.name for each in versions_folder(filled).iterdir()] == [built.version.folder]


def test_whole_files_stay_where_they_are(filled: Workspace) -> None:
    version = build(filled)
    built, _found = workflow.rebuild_version(filled, version.id)
    assert built.version.folder == version.folder


def test_a_deleted_version_leaves_nothing(filled: Workspace) -> None:
    version = build(filled)
    workflow.delete_version(filled, version.id)
    assert workflow.kept_versions(filled).total == 0
    assert list(versions_folder(filled).iterdir()) == []
    with pytest.raises(ActionRefusedError, match="no longer"):
        workflow.compare_versions(filled, version.id, version.id)


@pytest.mark.parametrize(
    ("act", "action"),
    [
        pytest.param(
            lambda workspace, number: workflow.describe_version(workspace, number, "第一版", ""),
            "describe_version",
            id="named",
        ),
        pytest.param(workflow.delete_version_files, "delete_version_files", id="files deleted"),
        pytest.param(workflow.delete_version, "delete_version", id="deleted"),
    ],
)
def test_what_is_done_to_a_version_stands_in_the_journal_and_leaves_redo_alone(
    filled: Workspace, act: Callable[[Workspace, int], None], action: str
) -> None:
    version = build(filled)
    edit_first_message(filled, ids(filled)[0], "在不在")
    workflow.undo(filled)
    before = (workflow.basis(filled), workflow.last_steps(filled))
    act(filled.acting_as("小满"), version.id)
    (line,) = workflow.journal_page(filled, page_size=1).lines
    assert (line.action, line.reviewer, line.undoable) == (action, "小满", False)
    assert action_names()[action]
    assert (workflow.basis(filled), workflow.last_steps(filled)) == before


def test_a_name_that_stays_is_no_step(filled: Workspace) -> None:
    version = build(filled)
    for _again in range(2):
        workflow.describe_version(filled, version.id, "第一版", "拿去训练的")
    actions = [each.action for each in workflow.journal_page(filled).lines]
    assert actions.count("describe_version") == 1


def test_what_stops_or_breaks_a_build_leaves_nothing(filled: Workspace) -> None:
    class Stopped(Exception):  # noqa: N818  (as Streamlit's own)
        pass

    def stop(stage: str, _done: int, _total: int) -> None:
        if stage == "check":
            raise Stopped

    with pytest.raises(Stopped):
        workflow.build_version(filled, PLAIN, stop)
    workflow.set_status(filled, EVERYTHING, Status.PENDING)
    with pytest.raises(ExportBlockedError):
        build(filled)
    assert workflow.kept_versions(filled).total == 0
    assert list(versions_folder(filled).iterdir()) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(errno.ENOSPC, "disk is full", id="full"),
        pytest.param(errno.EACCES, "may not write here", id="forbidden"),
        pytest.param(errno.EROFS, "may not write here", id="read only"),
        pytest.param(errno.EIO, "cannot be written", id="broken"),
    ],
)
def test_a_disk_that_refuses_is_one_sentence(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    real = Path.replace

    def refuse(path: Path, target: Any) -> Any:
        if path.parent.name.startswith(".ruwo-export"):
            raise OSError(number, os.strerror(number))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BadFileError, match=said):
        build(filled)
    monkeypatch.undo()
    assert workflow.kept_versions(filled) == workflow.VersionList((), 0, ())
    assert build(filled).records == 4


@pytest.mark.on_both
def test_files_that_belong_to_no_version_are_shown_and_can_be_deleted(filled: Workspace) -> None:
    version = build(filled)
    folder = versions_folder(filled)
    other = folder / "0123456789ab-01234567"
    other.mkdir()
    (other / "sharegpt.json").write_bytes(b"[]\n")
    (folder / "my own notes").mkdir()

    (loose,) = workflow.kept_versions(filled).loose
    assert (loose.name, loose.size) == (other.name, 3)
    workflow.delete_loose_files(filled, loose.name)
    assert not other.exists()
    with pytest.raises(ActionRefusedError):
        workflow.delete_loose_files(filled, version.folder)
    assert bytes_of(filled, version)
    assert (folder / "my own notes").exists()


@pytest.mark.parametrize("folder", ELSEWHERE)
def test_a_backup_cannot_name_a_folder_elsewhere(filled: Workspace, folder: str) -> None:
    build(filled)
    (versions_folder(filled) / "my own notes").mkdir()
    assert version_files.folder_of(filled, folder) is None


def test_a_backup_cannot_name_a_file_elsewhere(filled: Workspace, tmp_path: Path) -> None:
    version = build(filled)
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    for name in ("../../secret.txt", str(tmp_path / "secret.txt"), "../", "sharegpt.json/.."):
        assert version_files.file_of(filled, version.folder, name) is None


def test_versions_go_through_a_backup_and_find_their_files_again(
    filled: Workspace, tmp_path: Path
) -> None:
    version = build(filled)
    held = bytes_of(filled, version)
    workflow.describe_version(filled, version.id, "第一版", "拿去训练的")
    workflow.backup_workspace(filled, tmp_path / "all.ruwo")
    edit_first_message(filled, ids(filled)[0], "在不在")
    later = build(filled)
    workflow.restore_workspace(filled, tmp_path / "all.ruwo")

    kept = workflow.kept_versions(filled)
    (back,) = kept.versions
    assert back == replace(version, name="第一版", note="拿去训练的")
    assert bytes_of(filled, back) == held
    assert [each.name for each in kept.loose] == [later.folder]


def test_what_was_chosen_is_kept_and_what_nobody_knows_any_more_is_not(filled: Workspace) -> None:
    chosen = replace(PLAIN, validation=0.1, window=8, variant=workflow.Variant.EXTENDED)
    workflow.save_export_options(filled, chosen)
    assert workflow.load_export_options(filled) == chosen
    assert workflow.load_settings(filled).variant is workflow.Variant.EXTENDED

    put_setting(filled, "export_options", {**chosen.to_json(), "colour": "red"})
    assert workflow.load_export_options(filled) == ExportOptions(variant=chosen.variant)


def test_a_file_of_a_version_is_read_as_its_format_reads(filled: Workspace) -> None:
    path = workflow.version_file(filled, build(filled), "sharegpt.json")
    assert path is not None
    assert exporters.formats()["sharegpt"].check(path) == []


def test_what_moves_into_the_other_part_is_told_apart_from_what_changed(filled: Workspace) -> None:
    first, *rest = ids(filled)
    workflow.set_status(filled, rest[-1:], Status.SKIPPED)
    options = replace(PLAIN, validation=0.25)
    before = build(filled, options)
    assert before.basis == workflow.basis(filled)
    workflow.set_status(filled, rest[-1:], Status.APPROVED)
    after = build(filled, options)
    found = workflow.compare_versions(filled, before.id, after.id).difference
    # What was the latest is no longer: it is trained on now.
    assert found == workflow.Difference((rest[-1],), (), (), (rest[-2],), 2)
    assert first not in found.moved


def test_a_conversation_is_found_in_whatever_record_it_went_into(
    filled: Workspace,
) -> None:
    numbers = ids(filled)
    joined = build(filled, replace(PLAIN, join_minutes=120))
    assert (joined.records, joined.conversations) == (1, 4)
    for number in numbers:
        (record,) = workflow.records_of(filled, joined.id, number) or []
        assert len(record["conversations"]) == 8

    apart = build(filled, replace(PLAIN, validation=0.25, formats=("chatml", "huggingface")))
    held = [workflow.records_of(filled, apart.id, number) or [] for number in numbers]
    assert [[turn["value"] for turn in each[0]["conversations"]] for each in held] == [
        list(talk) for talk in TALKS
    ]
    workflow.delete_version_files(filled, apart.id)
    assert workflow.records_of(filled, apart.id, numbers[0]) is None


@pytest.mark.in_turn
@pytest.mark.parametrize("name", exporters.formats())
def test_every_format_is_seen_as_it_lies_on_the_disk(filled: Workspace, name: str) -> None:
    version = build(filled, replace(PLAIN, formats=(name,)))
    head = workflow.file_head(filled, version.id, name, 2)
    assert head is not None
    assert len(head.records) == 2
    path = workflow.version_file(filled, version, exporters.formats()[name].train)
    assert path is not None
    if head.text is not None:
        assert path.read_bytes().startswith(head.text.encode("utf-8"))
        assert head.cut
    assert workflow.file_head(filled, version.id, name, 2, validation=True) is None
    (record,) = workflow.records_of(filled, version.id, ids(filled)[2]) or []
    assert [turn["value"] for turn in record["conversations"]] == list(TALKS[2])
    names = [each.name for _name, files in workflow.files_by_format(version) for each in files]
    assert sorted(names) == sorted(each.name for each in version.files)
