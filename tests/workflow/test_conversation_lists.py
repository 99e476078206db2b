"""Conversations that a report or a comparison names can be filtered by, by a name in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation import workflow
from curation.export_options import ExportOptions
from curation.model import ConversationFilter, ConversationList, Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.workflow import Workspace

    WriteChat = Callable[..., Path]

EVERYTHING = ConversationFilter()
TALKS = (("阿橙", "小满"), ("小满",), ("阿橙", "小满"), ("小满",))
"""Who speaks in each; of the second and the fourth no record can be made."""


@pytest.fixture
def two_versions(workspace: Workspace, write_chat: WriteChat) -> tuple[Workspace, list[int]]:
    """Version 1 holds conversation 1 and left out 2; version 2 holds 3 and left out 2 and 4."""
    lines = [
        (float(120 * hour + minute), sender, f"第{hour}段{minute}")
        for hour, talk in enumerate(TALKS)
        for minute, sender in enumerate(talk)
    ]
    workflow.import_files(workspace, [path := write_chat(lines)], me={path: "小满"})
    page = workflow.conversation_page(workspace, EVERYTHING, order="queue", page_size=10)
    ids = [int(number) for number in page.rows["id"]]
    workflow.set_status(workspace, ids[:2], Status.APPROVED)
    workflow.build_version(workspace, ExportOptions())
    workflow.set_status(workspace, ids, Status.APPROVED)
    workflow.set_status(workspace, ids[:1], Status.REJECTED)
    workflow.build_version(workspace, ExportOptions())
    return workspace, ids


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("left.1.only_me", (1,)),
        ("left.2.only_me", (1, 3)),
        ("left.2.no_such_reason", ()),
        ("left.9.only_me", ()),
        ("added.1.2", (2,)),
        ("removed.1.2", (0,)),
        ("changed.1.2", ()),
        ("added.2.1", (0,)),
        ("moved.1.9", ()),
        ("alike.1", ()),
        ("alike.9", ()),
    ],
)
def test_a_list_lets_through_what_its_name_says(
    two_versions: tuple[Workspace, list[int]], name: str, places: tuple[int, ...]
) -> None:
    workspace, ids = two_versions
    found = workflow.conversation_list(workspace, name)
    assert found == ConversationList(name, tuple(ids[place] for place in places))
    flt = ConversationFilter(listed=found)
    assert workflow.count_matching(workspace, flt) == len(places)
    page = workflow.conversation_page(workspace, flt, order="queue", page_size=10)
    assert [int(number) for number in page.rows["id"]] == [ids[place] for place in places]


def test_a_list_narrows_what_the_rest_of_a_filter_lets_through(
    two_versions: tuple[Workspace, list[int]],
) -> None:
    workspace, _ids = two_versions
    gone = workflow.conversation_list(workspace, "removed.1.2")
    rejected = ConversationFilter(statuses=(Status.REJECTED,), listed=gone)
    assert workflow.count_matching(workspace, rejected) == 1
    approved = ConversationFilter(statuses=(Status.APPROVED,), listed=gone)
    assert workflow.count_matching(workspace, approved) == 0


@pytest.mark.parametrize("name", ["", "left.1", "left.x.only_me", "lost.1.2", "added.1.2.3", "１"])
def test_no_other_name_is_a_list(workspace: Workspace, name: str) -> None:
    assert workflow.conversation_list(workspace, name) is None


def test_a_list_may_be_very_long(two_versions: tuple[Workspace, list[int]]) -> None:
    workspace, ids = two_versions
    many = ConversationList("added.1.2", (*ids, *range(10_000, 60_000)))
    assert workflow.count_matching(workspace, ConversationFilter(listed=many)) == len(ids)
