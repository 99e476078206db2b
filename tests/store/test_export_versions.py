"""Kept exports: what stands of each in the workspace, and what became of one in the next."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import ActionRefusedError
from curation.model import Status
from curation.store import actions, export_versions, journal, undoing
from curation.store.export_entries import Entry, difference, entries_of, packed, unpacked
from curation.store.export_versions import NewVersion, VersionFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from curation.store import Workspace
    from curation.store.export_entries import Entries

FILES = (VersionFile("labels.jsonl", 12, "a" * 64), VersionFile("sharegpt.json", 30, "b" * 64))


def new_version(digest: str = "d", entries: Entries | None = None, folder: str = "f") -> NewVersion:
    return NewVersion(
        options={"formats": ["sharegpt"], "window": 0},
        basis="basis",
        digest=digest,
        records=2,
        files=FILES,
        folder=folder,
        report={"records": 2, "left_out": {"only_me": {"count": 1, "conversations": [3]}}},
        entries=entries or entries_of([Entry(1, 11), Entry(2, 22)]),
    )


def keep(workspace: Workspace, new: NewVersion) -> int:
    with workspace.write() as connection:
        return export_versions.keep(connection, new)


conversations = st.dictionaries(
    st.integers(1, 2**40), st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 1)), max_size=30
)


@given(conversations, st.randoms())
def test_what_an_export_held_comes_back_as_it_was(
    held: dict[int, tuple[int, int]], draw: random.Random
) -> None:
    entries = [Entry(number, digest, part) for number, (digest, part) in held.items()]
    draw.shuffle(entries)
    back = unpacked(packed(entries_of(entries)))
    told = zip(back.numbers.tolist(), back.digests.tolist(), back.parts.tolist(), strict=True)
    assert [Entry(*each) for each in told] == sorted(entries, key=lambda each: each.conversation)


@given(conversations, conversations)
def test_every_conversation_of_two_exports_is_in_one_list(
    before: dict[int, tuple[int, int]], after: dict[int, tuple[int, int]]
) -> None:
    old, new = (
        entries_of([Entry(number, *rest) for number, rest in each.items()])
        for each in (before, after)
    )
    found = difference(old, new)
    both = before.keys() & after.keys()
    assert found.added == tuple(sorted(after.keys() - both))
    assert found.removed == tuple(sorted(before.keys() - both))
    assert found.changed == tuple(
        sorted(number for number in both if before[number][0] != after[number][0])
    )
    assert found.moved == tuple(
        sorted(
            number
            for number in both
            if before[number][0] == after[number][0] and before[number][1] != after[number][1]
        )
    )
    assert found.same == len(both) - len(found.changed) - len(found.moved)


def test_a_hundred_thousand_conversations_take_less_than_a_megabyte() -> None:
    draw = random.Random(1)  # noqa: S311  (no secret)
    numbers = sorted(draw.sample(range(1, 150_000), 100_000))
    held = packed(entries_of(Entry(each, draw.getrandbits(64), each % 2) for each in numbers))
    assert len(held) < 1_000_000


@pytest.mark.parametrize("cut", [0, 1, 7, -1], ids=["empty", "a byte", "seven", "last lost"])
def test_damaged_bytes_are_refused_in_a_sentence(cut: int) -> None:
    whole = packed(entries_of([Entry(1, 11), Entry(9, 22)]))
    with pytest.raises(ActionRefusedError, match="cannot be read"):
        unpacked(whole[:cut])


def test_versions_are_listed_newest_first_and_numbers_never_come_again(
    workspace: Workspace,
) -> None:
    first = keep(workspace, new_version("one"))
    second = keep(workspace.acting_as("小满"), new_version("two"))
    with workspace.write() as connection:
        export_versions.describe(connection, first, " 第一版 ", "给 \0 自己\ud83d看")
        listed = export_versions.versions(connection)
        assert [each.id for each in listed] == [second, first]
        assert [each.reviewer for each in listed] == ["小满", ""]
        assert (listed[1].name, listed[1].note) == ("第一版", "给  自己看")
        assert listed[0].files == FILES
        assert listed[0].size == 42
        assert export_versions.report_of(connection, first)["records"] == 2
        export_versions.forget(connection, second)
    third = keep(workspace, new_version("three"))
    assert third > second
    with workspace.read() as connection, pytest.raises(ActionRefusedError, match="no longer"):
        export_versions.get(connection, second)


def test_the_same_files_with_the_same_options_are_found_again(workspace: Workspace) -> None:
    kept = keep(workspace, new_version("one"))
    with workspace.read() as connection:
        same = export_versions.same(connection, new_version("one", folder="elsewhere"))
        assert same is not None
        assert same.id == kept
        assert export_versions.same(connection, new_version("two")) is None


def test_an_export_takes_nobody_their_redo(workspace: Workspace, fill: Callable[..., None]) -> None:
    fill([[("other", "在吗"), ("me", "在")]])
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        actions_before = journal.newest_change(connection)
        actions.set_status(recorder, [1], Status.APPROVED)
        journal.finish(recorder, "set_status", conversation_id=1)
        undoing.undo(connection)
    changed = _newest(workspace)
    keep(workspace, new_version())
    assert actions_before < changed == _newest(workspace)  # an export is no change
    with workspace.write() as connection:
        candidate = undoing.redo_candidate(connection)
        assert candidate is not None
        assert candidate[1] == "set_status"


def _newest(workspace: Workspace) -> int:
    with workspace.read() as connection:
        return journal.newest_change(connection)


def test_what_a_version_held_is_asked_for_by_its_number(workspace: Workspace) -> None:
    number = keep(workspace, new_version())
    with workspace.read() as connection:
        assert export_versions.entries_of(connection, number).numbers.tolist() == [1, 2]
        with pytest.raises(ActionRefusedError, match="no longer"):
            export_versions.entries_of(connection, number + 1)
