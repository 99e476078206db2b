"""A workspace with a passphrase: nothing of it lies readable on the disk, and nothing gets lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from sqlcipher3 import dbapi2

from curation import workflow
from curation.errors import (
    ActionRefusedError,
    BadFileError,
    PassphraseNeededError,
    RuwoError,
    WorkspaceDamagedError,
    WorkspaceError,
    WorkspaceLockedError,
    WorkspaceReplacedError,
    WrongPassphraseError,
)
from curation.model import ConversationFilter, Status
from curation.store import get_setting, search
from curation.store.files import ciphers, encrypting, rotation, safety
from curation.workflow import encryption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curation.workflow import Workspace

pytestmark = pytest.mark.in_turn

FIRST: Final = "一只橙色的猫 likes rain"
OTHER: Final = "nine purple bicycles"
PLANTED: Final = "青蛙骑着自行车去月球"
ROOT: Final = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "place"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain workspace with a planted sentence, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    said = [{"from": who, "value": f"{PLANTED} {{}}"} for who in ("human", "gpt")]
    talks = [
        {"conversations": [each | {"value": each["value"].format(talk)} for each in said]}
        for talk in range(4)
    ]
    chat = folder / "chat.json"
    chat.write_text(json.dumps(talks, ensure_ascii=False), encoding="utf-8")
    workspace = workflow.open_workspace(folder / "workspace.db")
    workflow.import_files(workspace, [chat])
    workspace.close()
    return folder / "workspace.db"


@pytest.fixture
def path(place: Path, made: Path) -> Iterator[Path]:
    """A plain workspace with a planted sentence; what is held of its key is forgotten."""
    place.mkdir()
    shutil.copy(made, place / "workspace.db")
    yield place / "workspace.db"
    ciphers.hold(place / "workspace.db", None)


@pytest.fixture(autouse=True)
def real_rounds(monkeypatch: pytest.MonkeyPatch) -> int:
    """Derive keys in no time, as it is done hundreds of times here; return how it really is."""
    rounds = ciphers._ROUNDS
    monkeypatch.setattr(ciphers, "_ROUNDS", 100)
    return rounds


def encrypted(path: Path, passphrase: str = FIRST) -> Workspace:
    workflow.encrypt_workspace(workflow.open_workspace(path), passphrase)
    return workflow.open_workspace(path)


def restarted(workspace: Workspace, path: Path) -> None:
    """Be a new process: nothing is open, and no key is known."""
    workspace.close()
    ciphers.hold(path, None)


def readable(folder: Path) -> list[str]:
    """What lies below a folder and shows the sentence, or that it is a database or an archive."""
    signs = (PLANTED.encode(), b"SQLite format 3", b"CREATE TABLE", b"PK\x03\x04", b"conversation")
    return [
        f"{each.name}: {sign!r}"
        for each in sorted(folder.rglob("*"))
        if each.is_file()
        for sign in signs
        if sign in each.read_bytes()
    ]


def test_nothing_of_it_can_be_read_from_the_disk_while_it_is_used_or_afterwards(
    path: Path, place: Path
) -> None:
    assert readable(place)
    workspace = encrypted(path)
    assert readable(place) == []
    seen: set[str] = set()

    def look(*_told: object) -> None:
        seen.update(each.name.rpartition(".")[2][:8] for each in place.rglob("*"))
        assert readable(place) == []

    workflow.scan_findings(workspace)
    workflow.suggest(workspace)
    search.catch_up(workspace, look)
    said = ConversationFilter(text=PLANTED)
    assert workflow.count_matching(workspace, said) == 4
    workflow.set_status(workspace, said, Status.APPROVED)
    look()
    assert workflow.undo(workspace)
    assert rotation.make(workspace.engine) is not None
    made = workflow.new_backup_path(workspace)
    assert workflow.backup_workspace(workspace, made, look).conversations == 4
    workflow.restore_workspace(workspace, made, look)
    look()
    assert {"db", "db-wal", "db-shm", "ruwo"} <= seen
    workspace.close()
    assert readable(place) == []


def test_it_is_opened_by_its_passphrase_alone_and_after_a_restart_anew(path: Path) -> None:
    workspace = encrypted(path)
    assert workflow.is_encrypted(workspace)
    restarted(workspace, path)
    with pytest.raises(WorkspaceLockedError, match=r"workspace\.db is encrypted"):
        workflow.open_workspace(path)
    with pytest.raises(WrongPassphraseError) as told:
        workflow.unlock("一只橙色的狗 likes rain", path)
    assert "狗" not in str(told.value)
    with pytest.raises(WorkspaceLockedError):
        workflow.open_workspace(path)
    workflow.unlock("一只橙色的猫 ｌｉｋｅｓ　rain", path)  # in full width
    assert workflow.count_matching(workflow.open_workspace(path), ConversationFilter()) == 4


def test_other_programs_open_it_by_the_passphrase_as_every_file_of_sqlcipher(
    path: Path, monkeypatch: pytest.MonkeyPatch, real_rounds: int
) -> None:
    monkeypatch.setattr(ciphers, "_ROUNDS", real_rounds)
    encrypted(path, "it's mine").close()
    with closing(dbapi2.connect(str(path))) as connection:
        connection.execute("PRAGMA key='it''s mine'")
        assert connection.execute("SELECT count(*) FROM message").fetchone() == (8,)


def test_who_guesses_waits_longer_each_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    restarted(encrypted(path), path)
    waited: list[float] = []
    monkeypatch.setattr(encryption, "_attempts", encryption._Attempts())
    monkeypatch.setattr(time, "sleep", waited.append)
    for number in range(7):
        with pytest.raises(WrongPassphraseError):
            workflow.unlock(f"guess {number}", path)
    workflow.unlock(FIRST, path)
    with pytest.raises(WrongPassphraseError):
        workflow.change_passphrase(workflow.open_workspace(path), "no", OTHER)
    assert waited == [0, 1, 2, 3, 4, 5, 5, 5, 0]


def test_once_locked_nobody_who_had_it_open_reads_it(path: Path) -> None:
    workspace = encrypted(path)
    workflow.lock(workspace)
    with pytest.raises(WorkspaceLockedError):
        workflow.count_matching(workspace, ConversationFilter())
    with pytest.raises(WorkspaceLockedError):
        workflow.open_workspace(path)
    workflow.unlock(FIRST, path)
    assert workflow.count_matching(workspace, ConversationFilter()) == 4


def test_who_had_the_plain_one_open_is_told_that_it_was_replaced(path: Path) -> None:
    before = workflow.open_workspace(path)
    with path.open("rb") as old:
        workflow.encrypt_workspace(before, FIRST)
        assert old.read(100) == bytes(100)  # nor can others go on in the file that it was
        assert PLANTED.encode() not in old.read()
    with pytest.raises(WorkspaceReplacedError):
        workflow.count_matching(before, ConversationFilter())
    after = workflow.open_workspace(path)
    assert workflow.count_matching(after, ConversationFilter(text=PLANTED)) == 4


def test_without_the_package_it_is_said_what_to_install(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted(encrypted(path), path)
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    assert not workflow.cipher_installed()
    for way in (workflow.open_workspace, lambda at: workflow.unlock(FIRST, at)):
        with pytest.raises(WorkspaceError, match=r"pip install -r requirements-encryption\.txt"):
            way(path)


def test_the_passphrase_is_changed_and_taken_away_again(path: Path) -> None:
    workspace = encrypted(path)
    with pytest.raises(WrongPassphraseError):
        workflow.decrypt_workspace(workspace, OTHER)
    workflow.change_passphrase(workspace, FIRST, OTHER)
    restarted(workspace, path)
    with pytest.raises(WrongPassphraseError):
        workflow.unlock(FIRST, path)
    workflow.unlock(OTHER, path)
    workspace = workflow.open_workspace(path)
    assert workflow.count_matching(workspace, ConversationFilter(text=PLANTED)) == 4
    workflow.decrypt_workspace(workspace, OTHER)
    assert path.read_bytes().startswith(b"SQLite format 3\0")
    plain = workflow.open_workspace(path)
    assert not workflow.is_encrypted(plain)
    assert workflow.count_matching(plain, ConversationFilter()) == 4


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "8 characters"),
        ("long enough", "long enoogh", "not the same"),
        ("", "", "8 characters"),
    ],
)
def test_a_new_passphrase_is_long_enough_and_typed_twice(
    first: str, second: str, said: str
) -> None:
    with pytest.raises(ActionRefusedError, match=said):
        workflow.refuse_weak(first, second)
    workflow.refuse_weak(FIRST, FIRST)


def test_plain_copies_made_by_themselves_go_and_own_backups_stay(path: Path) -> None:
    workspace = workflow.open_workspace(path)
    copy = safety.copy_before(workspace.engine, safety.BEFORE_RESTORE)
    assert copy is not None
    own = workflow.new_backup_path(workspace)
    workflow.backup_workspace(workspace, own)
    assert workflow.encrypt_workspace(workspace, FIRST) == [copy.name]
    workspace = workflow.open_workspace(path)
    assert [each.path for each in workflow.kept_backups(workspace)] == [own]
    assert not workflow.file_is_encrypted(own)
    workflow.restore_workspace(workspace, own)
    assert workflow.is_encrypted(workflow.open_workspace(path))
    assert readable(path.parent / "workspace-backups") == readable(own.parent)
    (kept,) = (each.path for each in workflow.kept_backups(workspace) if each.why)
    assert workflow.file_is_encrypted(kept)


def test_a_backup_has_the_same_passphrase_another_one_or_none(path: Path, place: Path) -> None:
    workspace = encrypted(path)
    same, other, plain = (place / f"{name}.ruwo" for name in ("same", "other", "plain"))
    workflow.backup_workspace(workspace, same)
    workflow.backup_workspace(workspace, other, passphrase=OTHER)
    workflow.backup_workspace(workspace, plain, plain=True)
    seen = [workflow.file_is_encrypted(each) for each in (same, other, plain)]
    assert seen == [True, True, False]
    assert [workflow.needs_other_passphrase(each) for each in (same, other)] == [False, True]
    for ask in (workflow.backup_info, lambda at: workflow.restore_workspace(workspace, at)):
        with pytest.raises(PassphraseNeededError):
            ask(other)
    with pytest.raises(WrongPassphraseError):
        workflow.restore_workspace(workspace, other, passphrase=FIRST)
    assert workflow.backup_info(other, OTHER).messages == 8
    for each, given in ((same, None), (other, OTHER), (plain, None)):
        workflow.set_status(workspace, ConversationFilter(), Status.APPROVED)
        workflow.restore_workspace(workspace, each, passphrase=given)
        workspace.close()
        workspace = workflow.open_workspace(path)
        assert workflow.is_encrypted(workspace)
        assert workflow.count_by_status(workspace)[Status.APPROVED] == 0
    workflow.decrypt_workspace(workspace, FIRST)
    workspace = workflow.open_workspace(path)
    workflow.restore_workspace(workspace, same, passphrase=FIRST)
    assert not workflow.is_encrypted(workflow.open_workspace(path))


def test_noise_is_no_backup_whatever_passphrase_is_given(path: Path, tmp_path: Path) -> None:
    workspace = workflow.open_workspace(path)
    noise = tmp_path / "noise.ruwo"
    noise.write_bytes(os.urandom(20_000))
    with pytest.raises(PassphraseNeededError):
        workflow.restore_workspace(workspace, noise)
    with pytest.raises(WrongPassphraseError):
        workflow.restore_workspace(workspace, noise, passphrase=FIRST)
    empty = tmp_path / "empty.ruwo"
    key = ciphers.derive(FIRST)
    with ciphers.connect(empty, key) as connection:
        connection.execute("CREATE TABLE x (y)")
    with pytest.raises(BadFileError, match="not a backup"):
        workflow.restore_workspace(workspace, empty, passphrase=FIRST)


def test_who_stops_it_keeps_what_there_was(path: Path, place: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(_stage: str, done: int, _total: int) -> None:
        if done:
            raise StoppedError

    workspace = workflow.open_workspace(path)
    with pytest.raises(StoppedError):
        workflow.encrypt_workspace(workspace, FIRST, stop)
    workspace = workflow.open_workspace(path)
    assert not workflow.is_encrypted(workspace)
    assert workflow.count_matching(workspace, ConversationFilter()) == 4
    assert not list(place.glob("*rekeying*"))


def test_it_waits_for_others_who_use_it_and_then_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encrypting, "_PATIENCE", 0.3)
    other = workflow.open_workspace(path)
    with other.read(), pytest.raises(WorkspaceError, match="Somebody else is using"):
        workflow.encrypt_workspace(workflow.open_workspace(path), FIRST)
    other.close()
    assert workflow.is_encrypted(encrypted(path))


def test_several_threads_write_and_read(path: Path) -> None:
    workspace = encrypted(path)

    def turn(number: int) -> int:
        chosen = ConversationFilter(text=f'"月球 {number % 4}"')
        workflow.set_status(workspace, chosen, Status.APPROVED)
        return workflow.count_matching(workspace, ConversationFilter(text=PLANTED))

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(turn, range(24))) == {4}
    assert workflow.count_by_status(workspace)[Status.APPROVED] == 4


CONVERTING: Final = """
import sys
from curation.store import open_workspace
from curation.store.files import ciphers, encrypting
from pathlib import Path
path = Path(sys.argv[1])
ciphers._ROUNDS = 100
if ciphers.is_encrypted(path):
    known = (ciphers.key_of_file(path, each) for each in sys.argv[2:])
    ciphers.hold(path, next(filter(None, known)))
open_workspace(path).close()
keys = [*map(ciphers.derive, sys.argv[2:]), None]
print("begins", flush=True)
while True:
    for key in keys:
        encrypting.rewrite(path, key, lambda *told: None)
"""

WRITING: Final = """
import os, sys
from curation.store import open_workspace, put_setting
from curation.store.files import ciphers
from pathlib import Path
path = Path(sys.argv[1])
ciphers._ROUNDS = 100
ciphers.hold(path, ciphers.key_of_file(path, sys.argv[2]))
put_setting(open_workspace(path), "said", "confirmed")
os._exit(9)
"""


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_killed_at_any_moment_it_is_the_old_one_or_the_new_one_whole(path: Path) -> None:
    """More moments with RUWO_KILLS=200."""
    moments = random.Random(20261127)  # noqa: S311  (no secret)
    found: set[str | None] = set()
    for _kill in range(int(os.environ.get("RUWO_KILLS", "2"))):
        process = run(CONVERTING, path, FIRST, OTHER)
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        time.sleep(moments.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        now: str | None = None
        if ciphers.is_encrypted(path):
            for now in (FIRST, OTHER):
                with suppress(WrongPassphraseError):
                    workflow.unlock(now, path)
                    break
        found.add(now)
        workspace = workflow.open_workspace(path)
        assert workflow.count_matching(workspace, ConversationFilter(text=PLANTED)) == 4
        with workspace.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert not list(path.parent.glob("*rekeying*"))
        restarted(workspace, path)
    assert found <= {None, FIRST, OTHER}


def test_what_a_killed_program_had_confirmed_survives_a_look_without_the_passphrase(
    path: Path,
) -> None:
    restarted(encrypted(path), path)
    process = run(WRITING, path, FIRST)
    process.communicate()
    assert process.returncode == 9
    assert path.with_name("workspace.db-wal").stat().st_size
    with pytest.raises(WorkspaceLockedError):
        workflow.open_workspace(path)
    with pytest.raises(WrongPassphraseError):
        workflow.unlock(OTHER, path)
    workflow.unlock(FIRST, path)
    assert get_setting(workflow.open_workspace(path), "said") == "confirmed"


def test_a_database_on_a_server_is_encrypted_by_who_runs_it() -> None:
    with pytest.raises(RuwoError, match="database on a server"):
        workflow.unlock(FIRST, "postgresql+psycopg://nobody@nowhere/none")


@pytest.mark.parametrize("encrypts", [True, False])
def test_who_waits_for_it_meanwhile_is_told_that_it_was_replaced_not_damaged(
    path: Path, *, encrypts: bool
) -> None:
    workspace = workflow.open_workspace(path) if encrypts else encrypted(path)
    other = workflow.open_workspace(path)
    other.close()

    def count() -> int:
        return workflow.count_matching(other, ConversationFilter())

    def count_anew() -> int:
        with closing(workflow.open_workspace(path)) as opened:
            return workflow.count_matching(opened, ConversationFilter())

    with ThreadPoolExecutor(2) as pool:
        waiting: list[Future[int]] = []

        def told(_stage: str, _done: int, _total: int) -> None:
            if not waiting:
                waiting.extend(pool.submit(each) for each in (count, count_anew))
                time.sleep(0.3)

        if encrypts:
            workflow.encrypt_workspace(workspace, FIRST, told)
        else:
            workflow.decrypt_workspace(workspace, FIRST, told)
        for each in waiting:
            refused = each.exception()
            assert refused is None or isinstance(
                refused, WorkspaceReplacedError | WorkspaceLockedError
            )
    assert len(waiting) == 2
    assert count_anew() == 4


def test_a_cut_file_is_damaged_and_a_cut_backup_none(path: Path, tmp_path: Path) -> None:
    workspace = encrypted(path)
    backup = tmp_path / "cut.ruwo"
    workflow.backup_workspace(workspace, backup, passphrase=OTHER)
    rotation.make(workspace.engine)
    restarted(workspace, path)
    for file in (path, backup):
        os.truncate(file, file.stat().st_size // 4096 // 2 * 4096)
    with pytest.raises(WrongPassphraseError):
        workflow.backup_info(backup, FIRST)
    with pytest.raises(BadFileError):
        workflow.backup_info(backup, OTHER)
    with pytest.raises(WrongPassphraseError):
        workflow.unlock(OTHER, path)
    workflow.unlock(FIRST, path)
    with pytest.raises(WorkspaceDamagedError):
        workflow.open_workspace(path)


def test_plain_copies_that_a_killed_program_left_go_when_it_is_unlocked(path: Path) -> None:
    workspace = workflow.open_workspace(path)
    copy = rotation.make(workspace.engine)
    assert copy is not None
    own = workflow.new_backup_path(workspace)
    workflow.backup_workspace(workspace, own)
    workspace.close()
    encrypting.rewrite(path, ciphers.derive(FIRST), lambda _done, _total: None)
    restarted(workspace, path)
    workflow.unlock(FIRST, path)
    assert not copy.exists()
    assert own.exists()
