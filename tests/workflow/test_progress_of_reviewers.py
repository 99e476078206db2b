"""Who of several reviewers did how much: counted from the journal, carried on from page to page."""

from __future__ import annotations

import random
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from curation import workflow
from curation.errors import ActionRefusedError
from curation.model import ConversationFilter, Status
from curation.store import load_conversations, tallies
from curation.workflow.overview import forget_counts, overview_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.store.tallies import Tally
    from curation.workflow import Person, Workspace
    from tests.workflow.conftest import WriteChat

PENDING = ConversationFilter(statuses=(Status.PENDING,))
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@contextmanager
def clock(now: datetime) -> Iterator[None]:
    """Let the overview be looked at then."""
    with patch("curation.workflow.overview.datetime", wraps=datetime) as told:
        told.now = now.astimezone
        yield


@pytest.fixture
def queue(workspace: Workspace, write_chat: WriteChat) -> Workspace:
    """Conversations 1 to 30 of two messages each."""
    path = write_chat(
        [
            (hour * 120 + minute, ("阿橙", "小满")[minute], f"{hour}点{minute}分~")
            for hour in range(30)
            for minute in range(2)
        ]
    )
    workflow.import_files(workspace, [path], me={path: "小满"})
    return workspace


def decide(workspace: Workspace, who: str, status: Status, *ids: int, ago: int = 0) -> None:
    moment = (NOW - timedelta(seconds=ago)).timestamp()
    with patch("curation.store.journal.time.time", return_value=moment):
        workflow.set_status(workspace.acting_as(who), list(ids), status)


def edit(workspace: Workspace, who: str, number: int) -> None:
    version = load_conversations(workspace, [number])[0].version
    action = {"n": 1, "type": "set_background", "id": number, "version": version, "text": "同学"}
    ack = workflow.commit_actions(workspace.acting_as(who), f"{who} {number}", [action])
    assert not ack.refused


def people(workspace: Workspace) -> dict[str, Person]:
    return {each.name: each for each in overview_of(workspace).people}


def test_each_is_told_with_what_they_decided_and_edited(queue: Workspace) -> None:
    decide(queue, "阿橙", Status.APPROVED, 1, 2, 3)
    decide(queue, "阿橙", Status.REJECTED, 4, ago=3 * 86_400)
    decide(queue, "老陈", Status.SKIPPED, 5)
    edit(queue, "老陈", 6)
    with clock(NOW):
        told = overview_of(queue).people
    assert [each.name for each in told] == ["阿橙", "老陈"]
    assert told[0].decided == {"approved": 3, "rejected": 1}
    assert told[0].today == {"approved": 3}
    assert told[1].decided == {"skipped": 1, "edited": 1}


def test_who_reviews_alone_is_not_told_of_themselves(queue: Workspace) -> None:
    decide(queue, "", Status.APPROVED, 1)
    assert people(queue) == {}
    decide(queue, "阿橙", Status.APPROVED, 2)
    assert set(people(queue)) == {"", "阿橙"}


def test_what_was_undone_counts_for_nobody_and_what_was_done_again_does(queue: Workspace) -> None:
    decide(queue, "老陈", Status.APPROVED, 9)
    decide(queue, "阿橙", Status.APPROVED, 1, 2)
    assert people(queue)["阿橙"].decided == {"approved": 2}
    workflow.undo(queue.acting_as("阿橙"))
    assert people(queue) == {}
    workflow.redo(queue.acting_as("阿橙"))
    assert people(queue)["阿橙"].decided == {"approved": 2}
    decide(queue, "阿橙", Status.PENDING, 1)
    assert people(queue)["阿橙"].decided == {"approved": 2}


def test_what_somebody_has_at_hand_is_told_before_they_decide_anything(queue: Workspace) -> None:
    decide(queue, "老陈", Status.APPROVED, 9)
    workflow.review_window(queue.acting_as("阿橙"), PENDING, ahead=2, screen="tab")
    assert people(queue)["阿橙"].holds == 3
    workflow.give_back_leases(queue, "tab")
    assert people(queue) == {}


def test_a_pace_is_told_of_who_decided_enough(queue: Workspace) -> None:
    decide(queue, "老陈", Status.APPROVED, 30)
    for number in range(1, 28):
        decide(queue, "阿橙", Status.APPROVED, number, ago=1000 - 10 * number)
    told = people(queue)
    assert told["阿橙"].an_hour == pytest.approx(360)
    assert told["老陈"].an_hour is None


def test_today_is_that_of_the_reviewers_clock(queue: Workspace) -> None:
    decide(queue, "阿橙", Status.APPROVED, 1)
    decide(queue, "老陈", Status.APPROVED, 2)
    with clock(NOW + timedelta(hours=13)):
        in_london = overview_of(queue, UTC).people
        in_auckland = overview_of(queue, timezone(timedelta(hours=13))).people
    assert [each.today for each in in_london] == [{}, {}]
    assert [each.today for each in in_auckland] == [{"approved": 1}, {"approved": 1}]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_carried_on_is_what_counting_anew_gives(queue: Workspace, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  (no secret)
    carried: Tally | None = None
    for _step in range(25):
        who = draw.choice(["阿橙", "老陈"])
        match draw.randrange(5):
            case 0:
                with suppress(ActionRefusedError):  # others stand on it
                    workflow.undo(queue.acting_as(who))
            case 1:
                with suppress(ActionRefusedError):
                    workflow.redo(queue.acting_as(who))
            case 2:
                edit(queue, who, draw.randint(1, 30))
            case _:
                some = draw.sample(range(1, 31), draw.choice([1, 12]))
                decide(queue, who, draw.choice(list(Status)), *some, ago=draw.randrange(10**5))
        if draw.random() < 0.5:
            with queue.read() as connection:
                carried = tallies.tally(connection, carried)
                assert carried == tallies.tally(connection)


def test_another_workspace_in_its_place_is_counted_anew(queue: Workspace) -> None:
    decide(queue, "阿橙", Status.APPROVED, 1)
    decide(queue, "老陈", Status.APPROVED, 2)
    before = overview_of(queue).people
    forget_counts()
    assert overview_of(queue).people == before
