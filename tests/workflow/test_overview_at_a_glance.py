from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from curation import workflow
from curation.model import ConversationFilter, Decision, Status
from curation.store import overview as counted
from curation.workflow.overview import Overview, overview_of

if TYPE_CHECKING:
    from curation.workflow import Workspace

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PENDING = ConversationFilter(statuses=(Status.PENDING,))


@pytest.fixture
def sample(workspace: Workspace) -> Workspace:
    workflow.import_sample(workspace)
    workflow.scan_findings(workspace)
    return workspace


class Reviewer:
    """Somebody at the keys, with a clock that is set by hand."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.now = NOON
        self.number = 0
        self.client = f"screen of {workspace.reviewer}"

    def decide(self, status: str, after: timedelta = timedelta(seconds=10)) -> None:
        """Give the first conversation of the queue a status."""
        shown = workflow.review_window(self.workspace, PENDING, ahead=1, behind=0).records[0]
        self.act(status, shown.conversation.id, after)

    def act(self, status: str, number: int, after: timedelta = timedelta(seconds=10)) -> None:
        self.now += after
        self.number += 1
        action = {"n": self.number, "type": "set_status", "id": number, "status": status}
        with patch("curation.store.journal.time.time", return_value=self.now.timestamp()):
            window = workflow.review_window(self.workspace, ConversationFilter(), at=number)
            held = next(each for each in window.records if each.conversation.id == number)
            action["version"] = held.conversation.version
            ack = workflow.commit_actions(self.workspace, self.client, [action])
        assert not ack.refused


@pytest.fixture
def reviewer(sample: Workspace) -> Reviewer:
    return Reviewer(sample)


def days(told: Overview) -> list[tuple[str, int]]:
    return [(f"{day:%m-%d}", count) for day, count in told.days.items()]


def test_decisions_are_counted_on_the_days_of_the_reviewers_clock(reviewer: Reviewer) -> None:
    for _each in range(3):
        reviewer.decide("approved")
    reviewer.decide("rejected", timedelta(hours=11))  # 23:00 in London, the next day in Shanghai
    assert days(overview_of(reviewer.workspace)) == [("03-10", 4)]
    shanghai = timezone(timedelta(hours=8))
    assert days(overview_of(reviewer.workspace, shanghai)) == [("03-10", 3), ("03-11", 1)]


def test_what_was_undone_or_put_back_is_no_progress(reviewer: Reviewer) -> None:
    ws = reviewer.workspace
    reviewer.decide("approved")
    reviewer.decide("skipped")
    undone = workflow.undo(ws)
    assert undone is not None
    assert days(overview_of(ws)) == [("03-10", 1)]

    everything = ConversationFilter()
    with patch("curation.store.journal.time.time", return_value=NOON.timestamp()):
        count = workflow.set_status(ws, everything, Status.APPROVED)
    assert days(overview_of(ws)) == [("03-10", 1 + count)]
    workflow.set_status(ws, everything, Status.PENDING)
    one = next(iter(workflow.review_window(ws, PENDING).records)).conversation.id
    reviewer.act("approved", one)
    reviewer.act("pending", one)
    told = overview_of(ws)
    assert days(told) == [("03-10", 2 + count)]
    assert (told.decided, told.left) == (0, sum(told.statuses.values()))


def test_a_forecast_comes_after_some_work(reviewer: Reviewer) -> None:
    assert overview_of(reviewer.workspace).forecast is None
    total = overview_of(reviewer.workspace).left
    assert total > 30
    for _each in range(25):
        reviewer.decide("approved", timedelta(seconds=20))
    told = overview_of(reviewer.workspace)
    assert told.forecast is not None
    assert told.forecast.an_hour == pytest.approx(180)
    assert told.forecast.least == pytest.approx(20 * (total - 25))


def test_the_pace_is_that_of_whoever_asks(reviewer: Reviewer) -> None:
    theirs = reviewer.workspace.acting_as("阿橙")
    other = Reviewer(theirs)
    for _each in range(25):
        reviewer.decide("approved", timedelta(seconds=20))
        other.now = reviewer.now
        other.decide("skipped", timedelta(seconds=5))
    mine, yours = overview_of(reviewer.workspace), overview_of(theirs)
    assert mine.days == yours.days == {NOON.date(): 50}
    assert mine.forecast is not None
    assert mine.forecast.an_hour == pytest.approx(180)
    reviewer.decide("approved")
    assert overview_of(reviewer.workspace.acting_as("老陈")).forecast is None


@pytest.mark.on_both
def test_what_is_kept_between_calls_is_what_would_be_counted_anew(sample: Workspace) -> None:
    flt = ConversationFilter(chats=("妈妈",))

    def check() -> None:
        assert overview_of(sample).counts == counted.counts(sample)

    check()
    workflow.set_status(sample, flt, Status.APPROVED)
    check()
    workflow.tag_emotion(sample, flt, "开心", on=True)
    check()
    group = workflow.finding_groups(sample).groups[0]
    workflow.decide_value(sample, group.entity, group.value, Decision.KEEP)
    check()
    workflow.undo(sample)
    check()
    shown = workflow.review_window(sample, flt).records[0].conversation
    action = {
        "n": 1,
        "type": "delete_message",
        "id": shown.id,
        "version": shown.version,
        "message": shown.messages[0].id,
        "deleted": True,
    }
    ack = workflow.commit_actions(sample, "test", [action])
    assert not ack.refused
    check()


@pytest.mark.on_both
def test_an_empty_workspace_is_an_overview_too(workspace: Workspace) -> None:
    told = overview_of(workspace)
    assert (told.left, told.decided, told.days, told.forecast) == (0, 0, {}, None)
