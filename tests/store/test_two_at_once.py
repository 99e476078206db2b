"""Two who act at the same time: one after the other, and never both on the same state."""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from curation.errors import ActionRefusedError, StaleVersionError, WorkspaceError
from curation.model import Status
from curation.store import actions, journal, open_workspace
from curation.store import workspace as module
from curation.store.tables import conversation
from curation.store.tables import journal as journal_table
from tests.store.conftest import put_chat

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from curation.store import Workspace

ROUNDS = 12


def at_once(*works: Callable[[], None]) -> None:
    """Do things in as many threads, which start together; raise what one of them raises."""
    together = threading.Barrier(len(works))
    failed: list[BaseException] = []

    def start(work: Callable[[], None]) -> None:
        together.wait(30)
        try:
            work()
        except BaseException as error:  # noqa: BLE001  (it is raised below)
            failed.append(error)

    threads = [threading.Thread(target=start, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed:
        raise failed[0]


def test_of_two_who_act_on_the_same_version_one_is_refused(tmp_path: Path) -> None:
    with ExitStack() as stack:
        desks = [
            stack.enter_context(closing(open_workspace(tmp_path / "w.db"))) for _desk in range(2)
        ]
        put_chat(desks[0], [[("me", "在")]])
        won: list[tuple[int, Status]] = []
        refused: list[int] = []

        def act(desk: Workspace, version: int, status: Status) -> None:
            try:
                with desk.write() as connection:
                    recorder = journal.Recorder(connection)
                    journal.claim(connection, 1, version)
                    actions.set_status(recorder, [1], status)
                    journal.finish(recorder, "set_status", conversation_id=1, claimed=[1])
            except StaleVersionError:
                refused.append(version)
            else:
                won.append((version, status))

        for turn in range(ROUNDS):
            with desks[0].read() as connection:
                version = connection.execute(select(conversation.c.version)).scalar_one()
            pair = (
                [Status.APPROVED, Status.REJECTED] if turn % 2 else [Status.SKIPPED, Status.PENDING]
            )
            works = [
                partial(act, desk, version, status)
                for desk, status in zip(desks, pair, strict=True)
            ]
            at_once(*works)
            assert len(won) == len(refused) == turn + 1
            with desks[1].read() as connection:
                now = connection.execute(
                    select(conversation.c.version, conversation.c.status)
                ).one()
            assert tuple(now) == (version + 1, won[-1][1].value)
        with desks[0].read() as connection:
            count = connection.scalar(select(func.count()).select_from(journal_table))
        assert count == ROUNDS


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    with ExitStack() as stack:
        desks = [
            stack.enter_context(closing(open_workspace(tmp_path / "w.db"))) for _desk in range(3)
        ]
        put_chat(desks[0], [[("me", "在")]])

        def add(desk: Workspace) -> None:
            for number in range(6):
                put_chat(desk, [[("me", str(number))]], chat="二")

        at_once(*(partial(add, desk) for desk in desks))
        with desks[0].read() as connection:
            keys = connection.scalars(select(conversation.c.id)).all()
        assert sorted(keys) == list(range(1, 20))


def test_who_reads_sees_one_state_while_others_write(
    workspace: Workspace, fill: Callable[..., None]
) -> None:
    fill([[("me", "在")]])
    count = select(func.count()).select_from(conversation)
    with workspace.read() as connection:
        before = connection.scalar(count)
        fill([[("me", "来了")]])
        assert connection.scalar(count) == before
    with workspace.read() as connection:
        assert connection.scalar(count) == 2


def test_who_waits_too_long_for_another_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 1)
    with (
        closing(open_workspace(tmp_path / "w.db")) as one,
        closing(open_workspace(tmp_path / "w.db")) as other,
    ):
        put_chat(one, [[("me", "在")]])

        def write() -> None:
            with other.write() as connection:
                connection.execute(update(conversation).values(note="晚了"))

        with one.write() as connection:
            connection.execute(update(conversation).values(note="先来"))
            with pytest.raises(WorkspaceError, match=r"(?i)nothing was changed"):
                write()
        with other.read() as connection:
            assert connection.scalar(select(conversation.c.note)) == "先来"


def test_an_action_that_is_refused_leaves_no_trace(workspace: Workspace) -> None:
    put_chat(workspace, [[("me", "在")]])

    def refuse() -> None:
        with workspace.write() as connection:
            actions.set_status(journal.Recorder(connection), [1], Status.APPROVED)
            raise ActionRefusedError("no")

    with pytest.raises(ActionRefusedError):
        refuse()
    with workspace.read() as connection:
        assert connection.scalar(select(conversation.c.status)) == Status.PENDING.value
