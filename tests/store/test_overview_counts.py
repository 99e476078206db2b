from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from curation.model import Conversation, ConversationFilter, Decision, Finding, Status
from curation.store import ValuedFinding, Workspace, actions, count_matching, overview
from curation.store.conversations import iter_conversations
from curation.store.deciding import decide_equal
from curation.store.journal import Recorder, finish
from tests.store.conftest import chat_table, put_table, search

if TYPE_CHECKING:
    from datetime import date

SEEDS = range(4)
FEELINGS = ("开心", "难过")


@pytest.fixture(params=SEEDS)
def filled(request: pytest.FixtureRequest, workspace: Workspace) -> Workspace:
    """A workspace of three chats with everything at random."""
    draw = random.Random(request.param)  # noqa: S311  (no secret)
    for name in ("阿橙", "妈妈", "老陈"):
        lengths = [draw.choice((1, 2, 3, 5, 6, 11, 22, 45, 90)) for _ in range(draw.randint(1, 12))]
        talk = [
            [
                (draw.choice(("me", "other")), draw.choice(("好", "号是1", "号是2", "(^_^)")))
                for _line in range(length)
            ]
            for length in lengths
        ]
        # Near the end of a month, so that some reach over it.
        table = chat_table(
            talk, 1_700_000_000 + draw.randrange(30) * 86_400 + draw.randrange(86_400)
        )
        if draw.random() < 0.4:
            some = table["conversation"] == 0
            table.loc[some, "seconds"] = None
        put_table(workspace, table, name)
    search(
        workspace,
        lambda text: [
            ValuedFinding(Finding(entity, 2, 3, 1.0, "test"), text[2:])
            for entity, sign in (("PHONE_NUMBER", "1"), ("QQ_NUMBER", "2"))
            if text.endswith(sign)
        ],
    )
    everything = list(iter_conversations(workspace, ConversationFilter()))
    with workspace.write() as connection:
        recorder = Recorder(connection)
        for each in everything:
            status = draw.choice(list(Status))
            actions.set_status(recorder, [each.id], status)
            for feeling in FEELINGS:
                if draw.random() < 0.3:
                    actions.tag_emotion(recorder, [each.id], feeling, on=True)
            if draw.random() < 0.5:
                gone = draw.choice(each.messages).id
                actions.delete_message(recorder, each.id, gone, deleted=True)
        decide_equal(recorder, "QQ_NUMBER", "2", draw.choice(list(Decision)))
        finish(recorder, "test")
    return workspace


def conversations(workspace: Workspace) -> list[Conversation]:
    return list(iter_conversations(workspace, ConversationFilter()))


def test_the_pictures_count_what_is_there(filled: Workspace) -> None:
    told = overview.counts(filled)
    there = conversations(filled)

    assert told.statuses == {
        status: sum(each.status is status for each in there) for status in Status
    }
    assert {each.name: each.conversations for each in told.chats} == Counter(
        each.chat for each in there
    )
    assert sum(told.lengths) == len(there)
    starts = [
        min(times)
        for each in there
        if (times := [message.time for message in each.messages if message.time])
    ]
    assert told.hours == Counter(start.hour for start in starts)
    assert told.timeless == len(there) - len(starts)
    assert told.emotions == {
        feeling: count
        for feeling in FEELINGS
        if (count := sum(feeling in each.emotions for each in there))
    }
    assert told.tagged == sum(bool(each.emotions) for each in there)
    assert told.findings == Counter(
        (finding.entity, finding.decision)
        for each in there
        for message in each.messages
        if not message.deleted
        for finding in message.findings
    )


def last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def test_every_bar_is_what_its_filter_lets_through(filled: Workspace) -> None:
    told = overview.counts(filled)
    bars = [
        *((count, ConversationFilter(hours=(hour,))) for hour, count in told.hours.items()),
        *((each.conversations, ConversationFilter(chats=(each.name,))) for each in told.chats),
        *((count, ConversationFilter(emotion=name)) for name, count in told.emotions.items()),
        *(
            (count, ConversationFilter(statuses=(status,)))
            for status, count in told.statuses.items()
        ),
        *(
            (count, ConversationFilter(first_day=month, last_day=last_day(month)))
            for month, count in told.months.items()
        ),
        *(
            (told.lengths[at], ConversationFilter(min_length=start, max_length=end))
            for at, (start, end) in enumerate(overview.length_steps())
        ),
    ]
    for count, flt in bars:
        assert count_matching(filled, flt) == count, flt


def test_an_empty_workspace_has_nothing_to_count(workspace: Workspace) -> None:
    told = overview.counts(workspace)
    assert (told.chats, sum(told.lengths), told.hours, told.months) == ((), 0, {}, {})
    assert (told.emotions, told.findings, told.timeless, told.tagged) == ({}, {}, 0, 0)
