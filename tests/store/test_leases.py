"""The queue is shared: no conversation is two people's at once, none is lost, all come back."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from curation.errors import ActionRefusedError, WorkspaceError
from curation.model import ConversationFilter, Status
from curation.store import actions, journal, leases, open_workspace, queue, undoing
from curation.store.leases import LEASE_SECONDS, Holder, lease_some
from curation.store.members import LONGEST_NAME
from curation.store.tables import conversation, lease
from curation.store.tables import journal as journal_table
from tests.examples import examples
from tests.store.conftest import put_chat

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from sqlalchemy import Connection

    from curation.store import Workspace
    from tests.conftest import Databases

PENDING: Final = ConversationFilter(statuses=(Status.PENDING,))
LENGTH: Final = int(os.environ.get("RUWO_TEST_QUEUE", "40"))
"""Conversations that several pull at once; a large number is a stress test."""


class FromTheFirst:
    """The queue from its beginning, without some."""

    def __init__(self, *passed: int) -> None:
        self.passed = passed

    def first(self, connection: Connection, held: Collection[int], count: int) -> list[int]:
        return queue.ids_after(connection, PENDING, None, count, without={*held, *self.passed})

    def still(self, connection: Connection, ids: Collection[int]) -> set[int]:
        return queue.within(connection, PENDING, ids)


def lease_of(workspace: Workspace, who: str, wanted: int = 2, screen: str = "") -> list[int]:
    return lease_some(workspace.acting_as(who), screen or f"{who}'s tab", FromTheFirst(), wanted)


def held(workspace: Workspace, by: str) -> list[int]:
    with workspace.read() as connection:
        chosen = select(lease.c.conversation_id).where(lease.c.reviewer == by)
        return sorted(connection.scalars(chosen))


def age(workspace: Workspace, seconds: int) -> None:
    """Let all leases be so much older, as if the clock had gone on."""
    with workspace.write() as connection:
        older = {"since": lease.c.since - seconds, "until": lease.c.until - seconds}
        connection.execute(update(lease).values(**older))


def decide(workspace: Workspace, number: int) -> None:
    with workspace.write() as connection:
        journal.claim(connection, number, None)
        leases.check(connection, [number])
        recorder = journal.Recorder(connection)
        actions.set_status(recorder, [number], Status.APPROVED)
        journal.finish(recorder, "set_status", conversation_id=number, claimed=[number])


@pytest.fixture
def six(workspace: Workspace) -> Workspace:
    """A workspace with the conversations 1 to 6."""
    put_chat(workspace, [[("me", str(number))] for number in range(6)])
    return workspace


def test_who_comes_second_gets_what_the_first_did_not(six: Workspace) -> None:
    assert lease_of(six, "阿橙") == [1, 2]
    assert lease_of(six, "小满", 3) == [3, 4, 5]
    assert lease_of(six, "老陈", 3) == [6]
    assert lease_of(six, "林哥") == []


def test_a_name_as_long_as_names_may_be_holds_decides_and_takes_back(six: Workspace) -> None:
    name = "长" * LONGEST_NAME
    assert held(six, name) == []
    shown = lease_of(six, name)
    assert held(six, name) == shown
    acting = six.acting_as(name)
    decide(acting, shown[0])
    with acting.write() as connection:
        assert undoing.undo(connection) == ("set_status", shown[0])
    with six.read() as connection:
        done = select(journal_table).where(journal_table.c.action == "set_status")
        row = connection.execute(done).one()
    assert (row.reviewer, row.turned_by, row.undone) == (name, name, True)


def test_two_tabs_of_one_person_share(six: Workspace) -> None:
    assert lease_of(six, "阿橙", screen="one") == lease_of(six, "阿橙", screen="two") == [1, 2]


def test_what_a_tab_moved_on_from_is_anybodys(six: Workspace) -> None:
    lease_of(six, "阿橙")
    behind = lease_some(six.acting_as("阿橙"), "阿橙's tab", FromTheFirst(1), 2)
    assert behind == [2, 3]
    assert lease_of(six, "小满") == [1, 4]


def test_a_tab_that_leaves_gives_back_what_it_alone_holds(six: Workspace) -> None:
    lease_of(six, "阿橙", 4, screen="one")
    lease_of(six, "阿橙", 2, screen="two")
    leases.give_back(six, "one")
    assert held(six, "阿橙") == [1, 2]


def test_a_lease_ends_by_itself_and_not_a_moment_before(six: Workspace) -> None:
    lease_of(six, "阿橙")
    age(six, LEASE_SECONDS - 10)
    assert lease_of(six, "小满") == [3, 4]
    age(six, 20)
    assert lease_of(six, "老陈") == [1, 2]
    assert held(six, "阿橙") == []


def test_whoever_is_heard_of_keeps_what_they_have(six: Workspace) -> None:
    lease_of(six, "阿橙")
    age(six, LEASE_SECONDS - 10)
    with six.acting_as("阿橙").beside() as connection:
        leases.extend(connection, "阿橙's tab")
    age(six, LEASE_SECONDS - 10)
    assert lease_of(six, "小满") == [3, 4]


def test_since_when_somebody_has_it_does_not_change_with_each_key(six: Workspace) -> None:
    lease_of(six, "阿橙")
    age(six, 100)
    with six.read() as connection:
        since = leases.of_others(connection)[1]
    lease_of(six, "阿橙")
    with six.acting_as("小满").read() as connection:
        assert leases.of_others(connection) == {1: since, 2: since}
        assert since == Holder("阿橙", since.since)
    with six.acting_as("阿橙").read() as connection:
        assert leases.of_others(connection) == {}


def test_of_a_clock_that_was_set_back_nothing_is_held_for_long(six: Workspace) -> None:
    lease_of(six, "阿橙")
    age(six, -3600)
    assert lease_of(six, "小满") == [1, 2]


def test_what_another_holds_cannot_be_changed_and_can_be_taken_over(six: Workspace) -> None:
    lease_of(six, "阿橙")
    mine = six.acting_as("小满")
    with pytest.raises(ActionRefusedError, match="阿橙 is working on this"):
        decide(mine, 1)
    with mine.write() as connection:
        leases.take_over(connection, 1, "小满's tab")
    decide(mine, 1)
    with pytest.raises(ActionRefusedError, match="小满 is working on this"):
        decide(six.acting_as("阿橙"), 1)
    with six.read() as connection:
        told = connection.execute(
            select(journal_table.c.action, journal_table.c.reviewer).order_by(journal_table.c.id)
        ).all()
    assert [tuple(each) for each in told] == [("take_over", "小满"), ("set_status", "小满")]


def test_who_takes_over_what_nobody_holds_leaves_no_trace_of_it(six: Workspace) -> None:
    with six.acting_as("小满").write() as connection:
        leases.take_over(connection, 1, "tab")
    assert held(six, "小满") == [1]
    with six.read() as connection:
        assert connection.scalar(select(func.count()).select_from(journal_table)) == 0


def test_somebody_without_a_name_is_told_apart_too(six: Workspace) -> None:
    assert lease_of(six, "", screen="tab") == [1, 2]
    with pytest.raises(ActionRefusedError, match="without a name"):
        decide(six.acting_as("小满"), 2)


def test_leases_are_taken_while_somebody_writes_very_much(six: Workspace, database: str) -> None:
    """On PostgreSQL beside them; on SQLite, which has one writer, it is told soon."""
    with six.write() as connection:
        connection.execute(update(conversation).values(note="viel"))
        if database == "sqlite":
            with pytest.raises(WorkspaceError):
                lease_of(six, "阿橙")
        else:
            assert lease_of(six, "阿橙") == [1, 2]
            assert lease_of(six, "小满") == [3, 4]
    assert lease_of(six, "老陈") == ([5, 6] if database == "postgresql" else [1, 2])


KILLED: Final = """
import sys
from curation.store import open_workspace
from tests.store.test_leases import lease_of
workspace = open_workspace(sys.argv[1])
print(lease_of(workspace, "阿橙", 3), flush=True)
with workspace.acting_as("阿橙").beside() as connection:
    connection.exec_driver_sql("DELETE FROM lease")
    print("in the middle", flush=True)
    sys.stdin.read()
"""


def test_what_somebody_held_whose_machine_died_comes_back(
    tmp_path: Path, six: Workspace, databases: Databases
) -> None:
    address = databases.address(tmp_path / "workspace.db")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert [other.stdout.readline().strip() for _line in range(2)] == [
            "[1, 2, 3]",
            "in the middle",
        ]
        other.kill()
    assert lease_of(six, "小满") == [4, 5]
    age(six, LEASE_SECONDS + 1)
    assert lease_of(six, "小满", 4) == [1, 2, 3, 4]


@pytest.mark.parametrize("reviewers", [2, 8])
def test_of_many_who_pull_from_one_queue_no_two_get_the_same_and_nothing_is_left(
    tmp_path: Path, workspace: Workspace, reviewers: int
) -> None:
    put_chat(workspace, [[("me", str(number))] for number in range(LENGTH)])
    done: list[int] = []
    now: dict[int, str] = {}  # who works on what, by their own account
    broken: list[int] = []
    together = threading.Barrier(reviewers)

    def work(who: str) -> None:
        with closing(open_workspace(tmp_path / "workspace.db")) as opened:
            mine = opened.acting_as(who)
            together.wait(30)
            while True:
                try:
                    got = lease_of(mine, who, 3)
                except WorkspaceError:  # another wrote for too long
                    continue
                if not got:
                    return
                broken.extend(n for n in got if now.setdefault(n, who) != who)
                decide(mine, got[0])
                done.append(got[0])
                for number in got:  # before it is given back
                    now.pop(number, None)

    threads = [threading.Thread(target=work, args=(f"人{n}",)) for n in range(reviewers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    with workspace.read() as connection:
        left = queue.ids_after(connection, PENDING, None, LENGTH)
    assert broken == []
    assert sorted(done) == list(range(1, LENGTH + 1))
    assert left == []


class Desk:
    """A few reviewers and a clock; what each believes to hold, and until when."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.time = 0
        self.held: dict[int, tuple[str, int]] = {}

    def pull(self, who: str) -> None:
        free = [n for n in range(1, 7) if self.owner(n) in (None, who)][:2]
        assert lease_of(self.workspace, who) == free
        self.held = {n: each for n, each in self.held.items() if each[0] != who}
        self.held |= dict.fromkeys(free, (who, self.time + LEASE_SECONDS))

    def leave(self, who: str) -> None:
        leases.give_back(self.workspace, f"{who}'s tab")
        self.held = {n: each for n, each in self.held.items() if each[0] != who}

    def wait(self, seconds: int) -> None:
        age(self.workspace, seconds)
        self.time += seconds

    def owner(self, number: int) -> str | None:
        who, until = self.held.get(number, ("", 0))
        return who if until > self.time else None

    def agree(self) -> None:
        """What the workspace says is what everybody believes."""
        with self.workspace.acting_as("?").read() as connection:
            there = {n: each.reviewer for n, each in leases.of_others(connection).items()}
        assert there == {n: self.owner(n) for n in self.held if self.owner(n) is not None}


STEP = st.one_of(
    st.tuples(st.just("pull"), st.sampled_from("甲乙丙")),
    st.tuples(st.just("leave"), st.sampled_from("甲乙丙")),
    # Not to the very second: the real clock goes on as well.
    st.tuples(st.just("wait"), st.sampled_from([LEASE_SECONDS // 3, LEASE_SECONDS + 30])),
)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
def test_whatever_they_do_all_know_who_has_what(
    six: Workspace, steps: list[tuple[str, str | int]]
) -> None:
    leases_there = Desk(six)
    for who in "甲乙丙":
        leases_there.leave(who)
    act: dict[str, Callable[..., None]] = {
        "pull": leases_there.pull,
        "leave": leases_there.leave,
        "wait": leases_there.wait,
    }
    for name, given_to in steps:
        act[name](given_to)
        leases_there.agree()
