"""Killed at any moment, everything that was confirmed is there, and nothing is half done.

Some jobs are killed once in the suite. RUWO_KILLS=200 kills all of them, two hundred times in
all; RUWO_KILL_SEED sets out from another place.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import time
import zipfile
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text

from curation import workflow
from curation.model import ConversationFilter, Status
from curation.store import derived, kept_parts, search
from curation.store.files import connecting, rotation, safety
from curation.store.tables import conversation, emotion_tag, finding, journal, message, status_count
from tests.workflow import killed_jobs
from tests.workflow.conftest import HEADER, START

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

pytestmark = pytest.mark.in_turn

KILLS = int(os.environ.get("RUWO_KILLS", "0"))
SEED = int(os.environ.get("RUWO_KILL_SEED", "1"))
CHATS = 70
LINES = (
    "在吗",
    "我的号13800138000~",
    "哈哈哈哈[委屈]",
    "明天去爬山吧",
    "好呀(*^▽^*)",
    "邮箱 a@b.cn",
)

SECONDS = {
    "review": 0.8, "bulk": 0.5, "import": 0.8, "scan": 0.8, "split": 1.0, "export": 1.5,
    "backup": 0.4, "restore": 0.8, "copy": 0.3,
}  # fmt: skip
"""About so long each job takes here; it is killed in this time, or a little after its end."""


def chat_file(path: Path, partner: str, conversations: int, first: int) -> Path:
    """Write a MemoTrace CSV of conversations two hours apart, six lines each."""
    with path.open("w", encoding="utf-8-sig") as file:
        file.write(",".join(HEADER) + "\n")
        for number in range(conversations):
            for place, said in enumerate(LINES):
                moment = START + timedelta(
                    hours=2 * number, minutes=place * (2 if place < 3 else 6)
                )
                who = (partner, "小满")[place % 2]
                key = 7 * 10**18 + first + number * len(LINES) + place
                at, words = f"{moment:%Y-%m-%d %H:%M:%S}", f"{said} {partner}{number}"
                file.write(f"{key},文本,{who},{at},{words},{who},{who},\n")
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace, a backup of it, and files that are not imported yet."""
    folder = tmp_path_factory.mktemp("base")
    first = chat_file(folder / "first.csv", "阿橙", CHATS, 1)
    with closing(workflow.open_workspace(folder / "w.db")) as workspace:
        workflow.import_files(workspace, [first], me={first: "小满"})
        workflow.index_words(workspace)
        workflow.backup_workspace(workspace, folder / "base.ruwo")
    first.unlink()
    for number, partner in enumerate(("老陈", "林哥", "阿梨")):
        chat_file(folder / f"{number}.csv", partner, 40, 10_000 * (number + 1))
    return folder


@pytest.fixture(scope="module")
def context() -> Any:
    """Processes that begin with everything imported, and with nothing of the test's."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.workflow.killed_jobs"])
    return made


def prepare(job: str, path: Path) -> None:
    """Bring the workspace to where the job begins."""
    if job in ("export", "restore"):
        with closing(workflow.open_workspace(path)) as workspace:
            workflow.scan_findings(workspace)
            workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)


def killed(job: str, base: Path, folder: Path, context: Any, moment: float) -> list[str]:
    """Do a job in a process of its own and kill it; return what was confirmed."""
    shutil.copytree(base, folder, dirs_exist_ok=True)
    prepare(job, folder / "w.db")
    process = context.Process(target=killed_jobs.run, args=(job, folder / "w.db", folder))
    process.start()
    deadline = time.monotonic() + 60
    while "ready" not in killed_jobs.confirmed(folder):
        assert process.is_alive(), "it did not begin"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.join(moment)
    process.kill()
    process.join()
    told = killed_jobs.confirmed(folder)
    assert process.exitcode == (0 if "done" in told else -9), "it failed by itself"
    return told


NAMES = tuple(SECONDS) if KILLS else ("review", "import", "split", "restore")
MOMENTS = [(NAMES[turn % len(NAMES)], turn) for turn in range(max(KILLS, len(NAMES)))]


@pytest.mark.skipif(os.name == "nt", reason="there is no forkserver")
@pytest.mark.parametrize(("job", "turn"), MOMENTS, ids=str)
def test_what_was_confirmed_is_there_and_nothing_is_half_done(
    base: Path, tmp_path: Path, context: Any, job: str, turn: int
) -> None:
    draw = random.Random(SEED * 1_000 + turn)  # noqa: S311  (repeatable, and no secret)
    folder = tmp_path / "w"
    told = killed(job, base, folder, context, draw.uniform(0, SECONDS[job]))
    with closing(workflow.open_workspace(folder / "w.db")) as workspace:
        CHECKS[job](workspace, folder, told)
        check_whole(workspace)
        go_on(workspace)
        check_whole(workspace)


def check_whole(workspace: workflow.Workspace) -> None:
    """Check what must hold of every workspace: all that is counted or kept twice is the same."""
    with workspace.read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        counted = select(conversation.c.chat_id, conversation.c.status, func.count()).group_by(
            conversation.c.chat_id, conversation.c.status
        )
        kept = select(status_count).where(status_count.c.conversations > 0)
        assert set(connection.execute(counted).all()) == set(connection.execute(kept).all())
        for row in connection.execute(select(journal).where(journal.c.undoable)):
            parts = sum(len(part) for part in kept_parts.read(connection, row.id))
            assert parts == row.size, f"the journal has not all of {row.action}"
        for word in ("爬山", "13800138000", "哈哈哈哈"):
            by_index = select(conversation.c.id).where(search.holds_all([word]))
            by_reading = select(conversation.c.id).where(search.read_all([word]))
            assert set(connection.scalars(by_index)) == set(connection.scalars(by_reading))
    check_derived(workspace)


class UndoneError(Exception):
    """Takes back what a check wrote."""


def check_derived(workspace: workflow.Workspace) -> None:
    """Check that what is kept of conversations is what counting again gives."""

    def everything(connection: Connection) -> list[Any]:
        return list(connection.execute(select(conversation).order_by(conversation.c.id)).all())

    before: list[Any] = []
    after: list[Any] = []
    with suppress(UndoneError), workspace.write() as connection:
        before += everything(connection)
        derived.refresh(connection, [row.id for row in before])
        after += everything(connection)
        raise UndoneError
    assert before == after != []


def go_on(workspace: workflow.Workspace) -> None:
    """Go on working: act, and take it back."""
    workflow.set_status(workspace, ConversationFilter(), Status.SKIPPED)
    assert workflow.count_by_status(workspace)[Status.SKIPPED] > 0
    assert workflow.undo(workspace) is not None


def number_of(workspace: workflow.Workspace, what: Any) -> int:
    with workspace.read() as connection:
        return connection.scalar(select(func.count()).select_from(what)) or 0


def check_review(workspace: workflow.Workspace, _folder: Path, told: list[str]) -> None:
    with workspace.read() as connection:
        approved = select(conversation.c.id).where(conversation.c.status == Status.APPROVED)
        done = set(connection.scalars(approved))
        noted = select(journal.c.conversation_id).where(journal.c.action == "set_status")
        assert set(connection.scalars(noted)) == done
    assert {int(each) for each in told if each.isdigit()} <= done
    assert done == set(range(1, len(done) + 1))
    answer = workflow.commit_actions(workspace, killed_jobs.CLIENT, [])
    assert answer.number == len(done), "the screen would send one again, or never"


def check_bulk(workspace: workflow.Workspace, _folder: Path, told: list[str]) -> None:
    with workspace.read() as connection:
        query = select(emotion_tag.c.emotion, func.count()).group_by(emotion_tag.c.emotion)
        tagged = {row[0]: row[1] for row in connection.execute(query)}
        actions = connection.scalar(
            select(func.count()).select_from(journal).where(journal.c.undoable)
        )
    assert set(tagged.values()) <= {CHATS}
    assert {each for each in told if each.startswith("e")} <= set(tagged)
    assert actions == len(tagged)


def check_import(workspace: workflow.Workspace, folder: Path, told: list[str]) -> None:
    files = len({"0", "1", "2"}.intersection(told))
    names = workflow.sources(workspace)
    assert files <= len(names) - 1 <= files + 1
    whole = len(LINES) * (CHATS + 40 * (len(names) - 1))
    assert number_of(workspace, message) == whole
    paths = sorted(folder.glob("*.csv"))
    workflow.import_files(workspace, paths, me=dict.fromkeys(paths, "小满"))
    assert number_of(workspace, message) == len(LINES) * (CHATS + 120), "again adds what lacks"


def found(workspace: workflow.Workspace) -> list[Any]:
    columns = (finding.c.message_id, finding.c.entity, finding.c.start, finding.c.end)
    with workspace.read() as connection:
        return list(connection.execute(select(*columns).order_by(*columns)).all())


def check_scan(workspace: workflow.Workspace, _folder: Path, told: list[str]) -> None:
    if "scanned" in told:
        assert workflow.unscanned_count(workspace) == 0
    check_whole(workspace)
    workflow.scan_findings(workspace)
    values = [row for row in found(workspace) if row.entity != "PERSON"]
    assert len(values) == len(set(values)) == 2 * CHATS


def check_split(workspace: workflow.Workspace, _folder: Path, told: list[str]) -> None:
    after = {"ready": CHATS, "split5": 4 * CHATS, "split30": CHATS}
    last = [each for each in told if each in after][-1]
    begun = "split30" if last == "split5" else "split5"
    assert number_of(workspace, conversation) in {after[last], after[begun]}
    if "done" in told:
        assert number_of(workspace, conversation) == after[last]
    assert number_of(workspace, message) == len(LINES) * CHATS


def check_export(_workspace: workflow.Workspace, folder: Path, told: list[str]) -> None:
    out = folder / "dataset"
    files = {each.name for each in out.glob("*.json*")} if out.exists() else set()
    if "exported" not in told and not files:
        return
    assert {"sharegpt.json", "report.json", "labels.jsonl", "dataset_info.json"} <= files
    records = json.loads((out / "sharegpt.json").read_text("utf-8"))
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert len(records) == CHATS == report["records"]
    assert len((out / "labels.jsonl").read_text("utf-8").splitlines()) == CHATS


def check_backup(_workspace: workflow.Workspace, folder: Path, told: list[str]) -> None:
    held = {each.name for each in folder.glob("?.ruwo")}
    assert {each for each in told if each.endswith(".ruwo")} <= held
    for name in held:
        assert workflow.backup_info(folder / name).conversations == CHATS
        with zipfile.ZipFile(folder / name) as archive:
            assert archive.testzip() is None


def check_restore(workspace: workflow.Workspace, _folder: Path, told: list[str]) -> None:
    approved = workflow.count_by_status(workspace)[Status.APPROVED]
    assert approved in {0, CHATS}
    if "restored" in told:
        assert approved == 0
    kept = [each for each in workflow.kept_backups(workspace) if each.why == "before-restore"]
    assert approved or kept, "the replaced one is kept"


def check_copy(workspace: workflow.Workspace, folder: Path, told: list[str]) -> None:
    held = {each.path.name for each in safety.copies(workspace.engine)}
    assert {each for each in told if each.endswith(".db")} <= held
    state = rotation.state_of(folder / "w.db")
    for each in safety.copies(workspace.engine):
        assert rotation.state_of(each.path, still=True) == state
        with closing(connecting.connect(each.path, still=True)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


CHECKS: dict[str, Callable[[workflow.Workspace, Path, list[str]], None]] = {
    "review": check_review,
    "bulk": check_bulk,
    "import": check_import,
    "scan": check_scan,
    "split": check_split,
    "export": check_export,
    "backup": check_backup,
    "restore": check_restore,
    "copy": check_copy,
}
