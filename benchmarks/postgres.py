"""What a workspace on PostgreSQL takes, against one in a file of SQLite.

    python benchmarks/postgres.py [--conversations 100000] [--messages 10] [--chosen 30000]
        [--import 100000] [--keys 30] [--runs 3] [--keep FOLDER] [--only STEP,STEP]

Fills a workspace with invented conversations, and a database on a PostgreSQL server of its own with
a backup of it; the server is set as Debian sets it, so that what is confirmed is on the disk. Then,
in turn on both: an emotion is put on so many conversations and taken back by undo; as many are
approved by a filter and that is taken back; an import brings so many messages of a chat that is
new; one conversation is approved by a key, alone and by a reviewer with a name, whose next
conversations are leased; a page of the table is read, in its middle and of those that hold a word;
a backup is made, and restored. Prints medians in seconds and how often SQLite's they are.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_chat import messages
from benchmarks.invented_workspace import ME, START, fill, kept_or_made
from curation import workflow
from curation.model import ConversationFilter, Status
from curation.workflow import SetStatus, TagEmotions
from tests.postgres import Server, programs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from curation.workflow import Workspace

PENDING: Final = ConversationFilter(statuses=(Status.PENDING,))
CAREFUL: Final = ("listen_addresses=", "max_connections=120")
CHATS: Final = 10
GOALS: Final = {"tag of many": 2.0, "undo of that": 2.0}


@dataclass
class Desk:
    """One workspace, and what was measured there."""

    workspace: Workspace
    folder: Path
    taken: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    number: Iterator[int] = field(default_factory=lambda: count(1))

    def take(self, step: str, act: Callable[[], Any]) -> Any:
        """Do something and note how long it took; return what it gives."""
        start = time.perf_counter()
        given = act()
        self.taken[step].append(time.perf_counter() - start)
        return given

    def many(self, chosen: int) -> ConversationFilter:
        """Return a filter that lets about so many conversations through."""
        counts = workflow.overview_of(self.workspace).chats
        names: list[str] = []
        there = 0
        for chat in counts:
            if there < chosen:
                names.append(chat.name)
                there += chat.conversations
        return ConversationFilter(chats=tuple(names))


def bulk(desk: Desk, options: argparse.Namespace) -> None:
    """Tag and approve many, and take both back."""
    for name, action in (
        ("tag", TagEmotions(("开心",), on=True)),
        ("approve", SetStatus(Status.APPROVED)),
    ):
        plan = workflow.plan_bulk(desk.workspace, desk.many(options.chosen), action)
        result = desk.take(f"{name} of many", partial(workflow.do_bulk, desk.workspace, plan))
        assert result.changed == plan.changing > 0
        step = "undo of that" if name == "tag" else "undo of approving"
        desk.take(step, partial(workflow.undo, desk.workspace))


def import_chat(desk: Desk, options: argparse.Namespace) -> None:
    """Import a chat that is new."""
    number = next(desk.number)
    lines = options.imported
    path = desk.folder / f"新{number}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("消息ID,类型,发送人,时间,内容\n")
        for at, text in enumerate(messages(lines, seed=number)):
            moment = START.timestamp() + 600 * (at // 10) * 12 + 20 * at
            told = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment))
            who = (f"新{number}", ME)[at % 2]
            said = text.replace('"', "")
            file.write(f'{8 * 10**18 + number * 10**7 + at},文本,{who},{told},"{said}"\n')
    desk.take(
        f"import of {lines:,}",
        partial(workflow.import_files, desk.workspace, [path], me={path: ME}),
    )


def keys(desk: Desk, options: argparse.Namespace) -> None:
    """Approve conversations one by one, as the page does: the action, then the next ones."""
    for who in ("", "阿橙"):
        step = "key with a name" if who else "key"
        workspace = desk.workspace.acting_as(who)
        screen = f"benchmark {who}"
        window = workflow.review_window(workspace, PENDING, screen=screen)
        for _key in range(options.keys):
            shown = next(each for each in window.records if each.conversation.id == window.at)
            following = next(
                each.conversation.id
                for each in window.records[window.records.index(shown) + 1 :]
                if each.conversation.status is Status.PENDING
            )
            action = {
                "n": next(desk.number),
                "type": "set_status",
                "id": shown.conversation.id,
                "version": shown.conversation.version,
                "status": "approved",
            }

            def press(
                workspace: Workspace = workspace,
                screen: str = screen,
                action: dict[str, object] = action,
                following: int = following,
            ) -> workflow.Window:
                ack = workflow.commit_actions(workspace, f"keys of {screen}", [action])
                assert not ack.refused
                return workflow.review_window(workspace, PENDING, at=following, screen=screen)

            window = desk.take(step, press)
        workflow.give_back_leases(workspace, screen)


def pages(desk: Desk, _options: argparse.Namespace) -> None:
    """Read pages of the table."""
    read = partial(workflow.conversation_page, desk.workspace)
    for _turn in range(5):
        desk.take("page of the table", partial(read, ConversationFilter(), page=100))
        desk.take("page of a word", partial(read, ConversationFilter(text="火锅")))


def backup(desk: Desk, _options: argparse.Namespace) -> None:
    """Make a backup and restore it."""
    path = desk.folder / f"{next(desk.number)}.ruwo"
    desk.take("backup", partial(workflow.backup_workspace, desk.workspace, path))
    desk.take("restore", partial(workflow.restore_workspace, desk.workspace, path))
    desk.workspace.generation = desk.workspace.current_generation()
    path.unlink()


STEPS: Final = {
    "bulk": bulk,
    "import": import_chat,
    "keys": keys,
    "pages": pages,
    "backup": backup,
}


def moved(source: Workspace, address: str, folder: Path) -> Workspace:
    """Return a workspace at an address with all that another holds."""
    path = folder / "all.ruwo"
    workflow.backup_workspace(source, path)
    there = workflow.open_workspace(address)
    workflow.restore_workspace(there, path)
    there.close()
    path.unlink()
    return workflow.open_workspace(address)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--conversations", type=int, default=100_000)
    asked.add_argument("--messages", type=int, default=10)
    asked.add_argument("--chosen", type=int, default=30_000)
    asked.add_argument("--import", type=int, default=100_000, dest="imported")
    asked.add_argument("--keys", type=int, default=30)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--keep", type=Path, help="a folder for the workspace, to use it again")
    asked.add_argument("--only", default=",".join(STEPS), help="some of: " + ", ".join(STEPS))
    options = asked.parse_args()
    programs_there = programs()
    assert programs_there is not None, "PostgreSQL is not installed"
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / f"postgres-{options.conversations}-{options.messages}.db"
        chat = max(options.conversations // CHATS, 1)
        make = partial(
            fill, conversations=options.conversations, lines=options.messages, chat=chat, scan=False
        )
        kept_or_made(path, options.keep, make)
        server = Server(programs_there, CAREFUL)
        try:
            file = workflow.open_workspace(path)
            served = moved(file, server.address(server.create(empty=True, like="")), folder)
            desks = {"SQLite": Desk(file, folder), "PostgreSQL": Desk(served, folder)}
            for _run in range(options.runs):
                for step in options.only.split(","):
                    for desk in desks.values():
                        STEPS[step](desk, options)
            show(desks)
            for desk in desks.values():
                desk.workspace.close()
        finally:
            server.stop()


def show(desks: dict[str, Desk]) -> None:
    """Print the medians side by side."""
    file, served = desks.values()
    print(f"{'':<22}{'SQLite':>10}{'PostgreSQL':>12}{'ratio':>7}")
    for step, taken in served.taken.items():
        first, second = statistics.median(file.taken[step]), statistics.median(taken)
        goal = f"   goal {GOALS[step]:.1f} s" if step in GOALS else ""
        print(f"{step:<22}{first:>8.3f} s{second:>10.3f} s{second / first:>7.2f}{goal}")


if __name__ == "__main__":
    main()
