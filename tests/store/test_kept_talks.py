"""Talks are kept as they go, apart from the dataset; a deleted one can be brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.errors import ActionRefusedError
from curation.store import journal, talks
from curation.store.talks import ASSISTANT, USER
from curation.store.undoing import undo

if TYPE_CHECKING:
    from curation.store import Workspace


def begin(workspace: Workspace, *lines: tuple[str, str]) -> int:
    with workspace.write() as connection:
        number = talks.add(connection, model="spark:one", partner="阿橙")
        for role, text in lines:
            talks.say(connection, number, role, text)
    return number


def said(workspace: Workspace, talk: int) -> list[str]:
    with workspace.read() as connection:
        return [each.said for each in talks.lines(connection, talk)]


def test_the_talk_in_which_something_was_said_last_comes_first(workspace: Workspace) -> None:
    first = begin(workspace, (USER, "在吗"), (ASSISTANT, "在"))
    second = begin(workspace)
    with workspace.read() as connection:
        heads = {each.id: each for each in talks.heads(connection)}
    assert list(heads) == [second, first]
    assert (heads[first].opening, heads[first].lines, heads[first].partner) == ("在吗", 2, "阿橙")
    assert (heads[second].opening, heads[second].lines) == ("", 0)


def test_an_answer_keeps_what_went_wrong_and_may_end_the_talk(workspace: Workspace) -> None:
    talk = begin(workspace, (USER, "在吗"))
    with workspace.write() as connection:
        problem = ("{host} broke off.", {"host": "h"})
        talks.say(connection, talk, ASSISTANT, "在", problem=problem, closed=True)
        (head,) = talks.heads(connection)
        line = talks.lines(connection, talk)[-1]
    assert head.closed
    assert line.problem is not None
    assert tuple(line.problem) == problem


def test_only_what_was_said_last_can_be_taken_back(workspace: Workspace) -> None:
    talk = begin(workspace, (USER, "在吗"), (ASSISTANT, "在"))
    with workspace.write() as connection:
        first, last = talks.lines(connection, talk)
        talks.unsay(connection, talk, first.id)
        assert len(talks.lines(connection, talk)) == 2
        talks.unsay(connection, talk, last.id)
    assert said(workspace, talk) == ["在吗"]


def test_a_deleted_talk_comes_back_by_undo(workspace: Workspace) -> None:
    talk = begin(workspace, (USER, "在吗"), (ASSISTANT, "在"))
    with workspace.write() as connection:
        recorder = journal.Recorder(connection)
        talks.remove(recorder, talk)
        journal.finish(recorder, "delete_talk", count=0)
    assert said(workspace, talk) == []
    with workspace.write() as connection:
        assert talks.say(connection, talk, ASSISTANT, "太晚了") is None
        with pytest.raises(ActionRefusedError, match="no longer there"):
            talks.change(connection, talk, name="x")
    with workspace.write() as connection:
        undo(connection)
    assert said(workspace, talk) == ["在吗", "在"]
