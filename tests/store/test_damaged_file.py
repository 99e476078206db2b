"""A damaged workspace is noticed when it is opened, mended from a copy, and never thrown away.

Whoever wants more random damages than the few of the suite sets RUWO_DAMAGES to how many.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pytest

from curation.errors import (
    BadFileError,
    WorkspaceDamagedError,
    WorkspaceError,
    WorkspaceReplacedError,
)
from curation.model import Status
from curation.store import actions, open_workspace, put_setting
from curation.store.files import (
    asides,
    connecting,
    damage,
    replacing,
    restoring,
    rotation,
    salvaging,
)
from tests.store.conftest import GROUP, put_chat, put_group
from tests.store.test_backup import nobody, rows
from tests.store.test_journal import TALK, do

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

pytestmark = [
    pytest.mark.sqlite_only("what is on a server's disk is that server's to check"),
    pytest.mark.in_turn,
]

PAGE = 4096
SECTOR = 512


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a closed workspace of many conversations, one action after its only copy."""
    folder = tmp_path_factory.mktemp("made")
    with closing(open_workspace(folder / "w.db")) as workspace:
        put_group(workspace, GROUP)
        put_chat(workspace, TALK * 1500)
        do(workspace, lambda r: actions.set_status(r, list(range(1, 90)), Status.APPROVED))
        assert rotation.make(workspace.engine) is not None
        do(workspace, lambda r: actions.tag_emotion(r, [1, 2], "开心", on=True))
    return folder


@pytest.fixture
def live(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "w.db"


def told_of(path: Path) -> WorkspaceDamagedError:
    """What is said of a damaged workspace when it is opened."""
    with pytest.raises(WorkspaceDamagedError) as error:
        # Its whole address: the tests put a fresh workspace where a path names none.
        open_workspace(f"sqlite:///{path}")
    return error.value


def with_log(path: Path) -> None:
    """Let the workspace be as a killed program leaves it, its last action in the log alone."""
    workspace = open_workspace(path)
    do(workspace, lambda r: actions.set_status(r, [3], Status.REJECTED))
    kept = {each: path.with_name(path.name + each).read_bytes() for each in ("", "-wal")}
    workspace.close()
    for each, content in kept.items():
        path.with_name(path.name + each).write_bytes(content)


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 4 // 5)


def cut_within_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 700)


def zeroed_in_the_middle(path: Path) -> None:
    overwrite(path, path.stat().st_size * 2 // 3 // PAGE * PAGE, bytes(8 * PAGE))


def overwritten_in_the_middle(path: Path) -> None:
    content = random.Random(3).randbytes(4 * PAGE)  # noqa: S311  (repeatable, and no secret)
    overwrite(path, path.stat().st_size // 2 // PAGE * PAGE, content)


def another_part_of_itself(path: Path) -> None:
    whole = path.read_bytes()
    half = len(whole) // 2 // PAGE * PAGE
    overwrite(path, half, whole[2 * PAGE : 10 * PAGE])


def all_zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def foreign_log(path: Path) -> None:
    """Put the log of another workspace beside it, with checksums of its own that agree."""
    other = path.with_name("other.db")
    with closing(open_workspace(other)) as workspace:
        put_chat(workspace, TALK)
    with_log(other)
    shutil.copy(other.with_name("other.db-wal"), path.with_name(f"{path.name}-wal"))


def another_database(path: Path) -> None:
    path.unlink()
    with closing(connecting.connect(path)) as connection:
        connection.execute("CREATE TABLE note (text)")


def put_back(path: Path) -> None:
    """Put an older state of the file back, as some programs that synchronise folders do."""
    older = path.read_bytes()
    with closing(open_workspace(path)) as workspace:
        do(workspace, lambda r: actions.set_status(r, [5], Status.REJECTED))
        assert rotation.make(workspace.engine) is not None
    path.write_bytes(older)


def gone_with_its_log_left(path: Path) -> None:
    with_log(path)
    path.unlink()


DAMAGES: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (cut, damage.BROKEN),
    "cut within a page": (cut_within_a_page, damage.BROKEN),
    "zeros in the middle": (zeroed_in_the_middle, damage.BROKEN),
    "nonsense in the middle": (overwritten_in_the_middle, damage.BROKEN),
    "another part of itself in the middle": (another_part_of_itself, damage.BROKEN),
    "the log of another workspace": (foreign_log, damage.BROKEN),
    "no bytes": (lambda path: path.write_bytes(b""), damage.GONE),
    "no file": (lambda path: path.unlink(), damage.GONE),
    "only its log": (gone_with_its_log_left, damage.GONE),
    "nothing but zeros": (all_zeros, damage.FOREIGN),
    "a text": (lambda path: path.write_text("不是工作区" * 999, "utf-8"), damage.FOREIGN),
    "its beginning overwritten": (
        lambda path: overwrite(path, 0, b"\xff" * SECTOR), damage.FOREIGN
    ),
    "the database of another program": (another_database, damage.FOREIGN),
    "an older state of itself": (put_back, damage.BEHIND),
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    """Whatever is in a folder, but for what SQLite needs for itself while it reads."""
    files = [each for each in folder.iterdir() if each.is_file() and "-shm" not in each.name]
    return {each.name: each.read_bytes() for each in files if each.stat().st_size}


@pytest.mark.parametrize(("spoil", "told"), DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_told_at_the_start_and_nothing_is_changed(
    live: Path, spoil: Callable[[Path], object], told: str
) -> None:
    spoil(live)
    before = contents(live.parent)
    error = told_of(live)
    assert (error.template, error.path) == (told, live)
    assert contents(live.parent) == before


MORE = int(os.environ.get("RUWO_DAMAGES", "0"))
MENDED = DAMAGES if MORE else (
    "zeros in the middle", "the log of another workspace", "no file", "only its log",
    "nothing but zeros", "an older state of itself",
)  # fmt: skip


@pytest.mark.parametrize("name", MENDED)
def test_the_newest_copy_takes_its_place_and_the_damaged_file_stays(live: Path, name: str) -> None:
    spoil, _told = DAMAGES[name]
    spoil(live)
    files = [each for each in (live, live.with_name("w.db-wal")) if each.exists()]
    held = next(filter(None, (each.read_bytes() for each in files)), b"")
    copy = rotation.newest(live)
    assert copy is not None
    aside = replacing.replace_damaged(told_of(live), copy.path, nobody)
    assert (aside.read_bytes() if aside else b"") == held
    with closing(open_workspace(live)) as workspace:
        assert len(rows(workspace)["message"]) > 300
        do(workspace, lambda r: actions.set_status(r, [4], Status.SKIPPED))
    with closing(connecting.connect(live)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _path: None,
        with_log,
        lambda path: path.with_name(f"{path.name}-shm").write_bytes(b"x"),
    ],
    ids=["closed in order", "killed", "a strange file of shared memory"],
)
def test_a_workspace_as_it_was_left_is_opened(live: Path, spoil: Callable[[Path], object]) -> None:
    spoil(live)
    open_workspace(live).close()


def test_a_file_of_somebody_else_is_neither_damaged_nor_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="not a database of this program") as error:
        open_workspace(path)
    assert not isinstance(error.value, WorkspaceDamagedError)
    assert path.read_text(encoding="utf-8") == "mine"


def test_damage_that_is_met_during_the_work_is_told_as_such(live: Path) -> None:
    with closing(open_workspace(live)) as workspace:
        workspace.engine.dispose()
        overwrite(live, PAGE, b"\xff" * (live.stat().st_size - PAGE))
        with pytest.raises(WorkspaceDamagedError):
            rows(workspace)


def test_what_was_set_aside_before_is_never_overwritten(live: Path) -> None:
    asides = []
    for turn in range(3):
        overwrite(live, 0, bytes([turn]) * PAGE)
        copy = rotation.newest(live)
        assert copy is not None
        aside = replacing.replace_damaged(told_of(live), copy.path, nobody)
        assert aside is not None
        asides.append(aside)
    assert [each.read_bytes()[:1] for each in asides] == [b"\x00", b"\x01", b"\x02"]


def brought_back(path: Path) -> None:
    """Let the disk, or who synchronises it, bring the whole file back."""
    with path.with_name("kept").open("rb") as kept, path.open("r+b") as file:
        file.write(kept.read())


def replaced_by_another_tab(path: Path) -> None:
    shutil.copy(path.with_name("kept"), path.with_name("new"))
    path.with_name("new").rename(path)


def damaged_still(path: Path) -> None:
    overwrite(path, path.stat().st_size // 2 // PAGE * PAGE, bytes(8 * PAGE))


WAYS: Mapping[str, Callable[[WorkspaceDamagedError, Path], object]] = {
    "a copy": lambda error, copy: replacing.replace_damaged(error, copy, nobody),
    "an empty one": lambda error, _copy: replacing.begin_anew(error),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize(
    ("meanwhile", "goes_on"),
    [(replaced_by_another_tab, False), (brought_back, False), (damaged_still, True)],
)
def test_what_is_whole_by_now_is_not_replaced(
    live: Path,
    meanwhile: Callable[[Path], object],
    way: Callable[[WorkspaceDamagedError, Path], object],
    *,
    goes_on: bool,
) -> None:
    shutil.copy(live, live.with_name("kept"))
    zeroed_in_the_middle(live)
    error = told_of(live)
    meanwhile(live)
    held = live.read_bytes()
    copy = rotation.newest(live)
    assert copy is not None
    if goes_on:
        way(error, copy.path)
        assert live.read_bytes() != held
        return
    with pytest.raises(WorkspaceReplacedError, match="replaced or mended meanwhile"):
        way(error, copy.path)
    assert live.read_bytes() == held
    assert not list(live.parent.glob("*.damaged-*"))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_log_that_was_put_back_makes_it_whole_and_it_is_not_replaced(
    live: Path, way: Callable[[WorkspaceDamagedError, Path], object]
) -> None:
    put_back_without_its_log(live)
    error = told_of(live)
    log = live.with_name("w.db-wal")
    live.with_name("kept-wal").rename(log)
    held = contents(live.parent)
    copy = rotation.newest(live)
    assert copy is not None
    with pytest.raises(WorkspaceReplacedError, match="replaced or mended meanwhile"):
        way(error, copy.path)
    assert contents(live.parent) == held


def put_back_without_its_log(path: Path) -> None:
    """Move a workspace that is in use without the log, which its newest copy is made with."""
    with closing(open_workspace(path)) as workspace:
        do(workspace, lambda r: actions.set_status(r, [5], Status.REJECTED))
        kept = {each: path.with_name(path.name + each).read_bytes() for each in ("", "-wal")}
        assert rotation.make(workspace.engine) is not None
    path.write_bytes(kept[""])
    path.with_name("kept-wal").write_bytes(kept["-wal"])


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_damage_of_a_large_file_that_was_met_during_the_work_is_not_taken_for_mended(
    live: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[WorkspaceDamagedError, Path], object],
) -> None:
    monkeypatch.setattr(damage, "AT_START", 0)  # as if it were too large to be read at the start
    copy = rotation.newest(live)
    assert copy is not None
    zeroed_in_the_middle(live)
    with closing(open_workspace(live)) as workspace:
        put_setting(workspace, "note", "written to the log before the damage is met")
        with pytest.raises(WorkspaceDamagedError) as met:
            rows(workspace)
    way(met.value, copy.path)
    assert live.with_name("w.db.damaged-1").exists()
    open_workspace(live).close()


def test_of_two_tabs_that_replace_it_at_once_one_is_told(
    live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zeroed_in_the_middle(live)
    error = told_of(live)
    copy = rotation.newest(live)
    assert copy is not None
    build = restoring.build_any

    def slowly(*given: Any) -> None:
        build(*given)
        monkeypatch.undo()
        replacing.begin_anew(error)

    monkeypatch.setattr(restoring, "build_any", slowly)
    with pytest.raises(WorkspaceReplacedError):
        replacing.replace_damaged(error, copy.path, nobody)
    assert [each.name for each in live.parent.glob("*.damaged-?")] == ["w.db.damaged-1"]


def without_copies(path: Path) -> dict[str, bytes]:
    """Damage a workspace that has no copies, its last action in the log; return what is there."""
    shutil.rmtree(path.with_name("w-backups"))
    with_log(path)
    overwrite(path, path.stat().st_size - 2 * PAGE, bytes(PAGE))
    return contents(path.parent)


@pytest.mark.parametrize("refused", ["w.db.restoring", "w.db", "w.db-wal"])
def test_where_a_name_is_refused_everything_is_where_it_was(
    live: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    before = without_copies(live)
    error = told_of(live)
    move, remove = type(live).rename, type(live).unlink

    def refusing(path: Path) -> None:
        if path.name.partition("-")[0] == refused or path.name == refused:
            monkeypatch.undo()
            raise PermissionError(13, "Permission denied")

    def rename(path: Path, target: Path) -> Path:
        refusing(path)
        return move(path, target)

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        refusing(path)
        remove(path, missing_ok=missing_ok)

    monkeypatch.setattr(type(live), "rename", rename)
    monkeypatch.setattr(type(live), "unlink", unlink)
    with pytest.raises(WorkspaceError, match="nothing was changed"):
        replacing.begin_anew(error)
    assert contents(live.parent) == before


@pytest.mark.parametrize("emptied", [False, True], ids=["no file", "an empty one"])
def test_who_is_killed_while_it_is_replaced_is_told_and_saves_what_can_be_read(
    live: Path, *, emptied: bool
) -> None:
    before = without_copies(live)
    aside = asides.set_aside(live)
    assert contents(live.parent) == {
        name.replace("w.db", aside.name): content for name, content in before.items()
    }
    if emptied:
        live.touch()
    error = told_of(live)
    assert error.template == damage.GONE
    replacing.replace_damaged(error, None, nobody)
    with closing(open_workspace(live)) as workspace:
        assert len(rows(workspace)["message"]) > 300


def test_the_log_is_never_apart_from_its_file_whenever_it_is_killed(
    live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = without_copies(live)

    def killed(_here: Path, _there: Path) -> None:
        raise SystemExit

    monkeypatch.setattr(asides, "_move", killed)
    with pytest.raises(SystemExit):
        asides.set_aside(live)
    held = contents(live.parent)
    for end in ("", "-wal"):
        assert held[f"w.db.damaged-1{end}"] == before[f"w.db{end}"]


@pytest.mark.parametrize("again", ["opened", "restored", "mended"])
def test_what_a_killed_restore_left_is_removed_later(live: Path, again: str) -> None:
    left, fresh = (live.with_name(f"w.db.restoring-0{each}") for each in "ab")
    copy = rotation.newest(live)
    assert copy is not None
    with closing(open_workspace(live)) as workspace:
        for path in (left, fresh):
            path.write_bytes(b"x")
        os.utime(left, (9999, 9999))
        if again == "restored":
            restoring.restore(workspace, copy.path, nobody)
    if again == "mended":
        cut(live)
        replacing.replace_damaged(told_of(live), copy.path, nobody)
    if again == "opened":
        open_workspace(live).close()
    assert (left.exists(), fresh.exists()) == (False, True)


def test_without_a_good_copy_the_damaged_file_stays_where_it_is(live: Path) -> None:
    cut(live)
    held = live.read_bytes()
    copy = rotation.newest(live)
    assert copy is not None
    zeroed_in_the_middle(copy.path)
    with pytest.raises(BadFileError):
        replacing.replace_damaged(told_of(live), copy.path, nobody)
    assert live.read_bytes() == held
    assert not list(live.parent.glob("*damaged*"))


@pytest.mark.parametrize(
    "spoil",
    (
        [cut, zeroed_in_the_middle, overwritten_in_the_middle, another_part_of_itself, foreign_log]
        if MORE
        else [cut, zeroed_in_the_middle, foreign_log]
    ),
)
def test_what_can_be_read_is_saved_and_fits_together(
    live: Path, spoil: Callable[[Path], object]
) -> None:
    with closing(open_workspace(live)) as workspace:
        whole = rows(workspace)
    spoil(live)
    replacing.replace_damaged(told_of(live), None, nobody)
    with closing(open_workspace(live)) as workspace:
        saved = rows(workspace)
    texts = {row[0]: row[8] for row in whole["message"]}
    assert len(saved["message"]) > 100
    if spoil is not foreign_log:  # which is a good one, of other texts
        right = sum(texts.get(row[0]) == row[8] for row in saved["message"])
        assert right > len(saved["message"]) * 0.95
    with closing(connecting.connect(live)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        counted = connection.execute(
            "SELECT chat_id, status, count(*) FROM conversation GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        kept = connection.execute(
            "SELECT * FROM status_count WHERE conversations > 0 ORDER BY 1, 2"
        ).fetchall()
        assert kept == counted
        assert (
            connection.execute(
                "SELECT c.id FROM conversation c WHERE c.length !="
                " (SELECT count(*) FROM message m WHERE m.conversation_id = c.id AND NOT m.deleted)"
            ).fetchall()
            == []
        )


def test_every_row_beside_a_page_that_cannot_be_read_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "rows.db"
    with closing(connecting.connect(path)) as connection:
        connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, text)")
        given = [(number, "好" * (number % 90 + 1)) for number in range(1, 300) if number % 7]
        connection.executemany("INSERT INTO message VALUES (?, ?)", given)
    whole = path.read_bytes()
    fewer = 0
    for page in range(2, len(whole) // PAGE):  # past the page that is the root
        overwrite(path, 0, whole)
        overwrite(path, page * PAGE, bytes(PAGE))
        with closing(connecting.connect(path)) as connection:
            right = []
            for number, text in given:
                with suppress(sqlite3.DatabaseError):
                    query = "SELECT text FROM message WHERE id = ?"
                    assert connection.execute(query, (number,)).fetchone() == (text,)
                    right.append((number, text))
        with closing(salvaging.Source(path)) as source:
            read = [row for rows in salvaging.readable(source, "message", "*") for row in rows]
        assert read == right
        fewer += len(given) - len(right)
    assert fewer == len(given), "each page held some"


@pytest.mark.parametrize("seed", range(MORE // 10 or 1))
def test_whatever_sectors_are_spoilt_it_is_told_or_every_row_is_the_same(
    live: Path, tmp_path: Path, seed: int
) -> None:
    with closing(open_workspace(live)) as workspace:
        whole = rows(workspace)
    good = live.read_bytes()
    draw = random.Random(seed)  # noqa: S311  (repeatable, and no secret)
    told = 0
    for turn in range(10):
        path = tmp_path / f"{turn}.db"
        path.write_bytes(good)
        length = draw.choice((SECTOR, PAGE, 3 * PAGE))
        at = draw.randrange((len(good) - length) // SECTOR) * SECTOR
        there = draw.randrange((len(good) - length) // SECTOR) * SECTOR
        overwrite(
            path,
            at,
            draw.choice((bytes(length), draw.randbytes(length), good[there : there + length])),
        )
        try:
            with closing(open_workspace(path)) as workspace:
                assert rows(workspace) == whole
        except WorkspaceError:
            told += 1
        with suppress(FileNotFoundError):
            path.unlink()
    assert told > 3
