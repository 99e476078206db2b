"""What takes the place of a damaged workspace is encrypted where that was, or what it is made of.

Whoever forgot a passphrase says so, and is never given a plain file out of an encrypted one.
"""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import text

from curation.errors import (
    BadFileError,
    PassphraseNeededError,
    WorkspaceError,
    WorkspaceLockedError,
    WrongPassphraseError,
)
from curation.model import Status
from curation.store import actions, open_workspace
from curation.store.files import (
    asides,
    backup,
    ciphers,
    damage,
    encrypting,
    rotation,
    salvaging,
)
from curation.store.files.replacing import Asked, asked, begin_anew, replace_damaged
from tests.store.conftest import put_chat
from tests.store.test_backup import nobody
from tests.store.test_damaged_file import PAGE, all_zeros, overwrite, told_of
from tests.store.test_journal import TALK, do

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.sqlite_only("a server encrypts its own disk"),
    pytest.mark.in_turn,
]

PHRASE: Final = "correct horse battery"
OTHER: Final = "nine purple bicycles"


@pytest.fixture(scope="module", autouse=True)
def _quick_keys() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ciphers, "_ROUNDS", 100)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an encrypted workspace, its copy, and a backup of each kind."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "w.db"
    with closing(open_workspace(path)) as workspace:
        put_chat(workspace, TALK * 2)
        do(workspace, lambda r: actions.set_status(r, [1], Status.APPROVED))
        with (folder / "plain.ruwo").open("wb") as file, workspace.read() as connection:
            backup.write_backup(connection, file, nobody)
    encrypting.rewrite(path, ciphers.derive(PHRASE), lambda *_told: None)
    with closing(open_workspace(path)) as workspace:
        assert rotation.make(workspace.engine) is not None
    key = ciphers.held(path)
    assert key is not None
    encrypting.write_copy(
        path, key, folder / "other.ruwo", ciphers.derive(OTHER), lambda *_told: None
    )
    ciphers.hold(path, None)
    return folder


@pytest.fixture
def live(made: Path, tmp_path: Path) -> Iterator[Path]:
    """The workspace as a new process finds it, which holds no key."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    yield tmp_path / "w.db"
    ciphers.hold(tmp_path / "w.db", None)


def copy_of(live: Path) -> Path:
    copy = rotation.newest(live)
    assert copy is not None
    return copy.path


def gone(path: Path) -> None:
    path.unlink()


def set_aside(path: Path) -> None:
    """Be killed while another takes its place, before there was a copy."""
    copy_of(path).unlink()
    asides.set_aside(path)


def restored_over(path: Path) -> None:
    """Lose all copies but the one that was made before a restore, and what is in the file."""
    copy = copy_of(path)
    copy.rename(copy.with_name(copy.name.replace("daily", "before-restore")))
    all_zeros(path)


SOURCES: Final[dict[str, Callable[[Path], Path | None]]] = {
    "copy": copy_of,
    "other": lambda path: path.with_name("other.ruwo"),
    "plain": lambda path: path.with_name("plain.ruwo"),
    "itself": lambda _path: None,
}


@pytest.mark.parametrize(
    ("spoil", "source", "who", "phrase"),
    [
        (gone, "copy", Asked.FILE, PHRASE),
        (all_zeros, "copy", Asked.FILE, PHRASE),
        (all_zeros, "other", Asked.FILE, OTHER),
        (gone, "plain", Asked.WORKSPACE, PHRASE),
        (set_aside, "plain", Asked.WORKSPACE, PHRASE),
        (restored_over, "plain", Asked.WORKSPACE, PHRASE),
        (set_aside, "itself", Asked.FILE, PHRASE),
    ],
)
def test_it_asks_for_the_passphrase_and_stays_encrypted(
    live: Path, spoil: Callable[[Path], object], source: str, who: Asked, phrase: str
) -> None:
    spoil(live)
    error = told_of(live)
    chosen = SOURCES[source](live)
    assert asked(live, chosen) is who
    with pytest.raises(PassphraseNeededError):
        replace_damaged(error, chosen, nobody)
    with pytest.raises(WrongPassphraseError):
        replace_damaged(error, chosen, nobody, "a wrong passphrase")
    assert not live.exists() or not any(live.read_bytes())
    replace_damaged(error, chosen, nobody, phrase)
    assert_holds(live)
    ciphers.hold(live, None)
    with pytest.raises(WorkspaceLockedError):
        open_workspace(live)
    key = ciphers.key_of_file(live, phrase)
    assert key is not None


def assert_holds(live: Path) -> None:
    with closing(open_workspace(live)) as workspace, workspace.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM conversation")) == 6


@pytest.mark.parametrize("source", ["copy", "other", "plain"])
def test_where_its_key_is_known_it_keeps_its_own_passphrase(live: Path, source: str) -> None:
    ciphers.hold(live, ciphers.key_of_file(live, PHRASE))
    overwrite(live, live.stat().st_size // 2 // 4096 * 4096, bytes(8192))
    error = told_of(live)
    chosen = SOURCES[source](live)
    needs = source == "other"
    assert asked(live, chosen) is (Asked.FILE if needs else Asked.NOBODY)
    replace_damaged(error, chosen, nobody, OTHER if needs else None)
    ciphers.hold(live, None)
    assert ciphers.key_of_file(live, PHRASE) is not None


def test_every_row_beside_a_page_that_cannot_be_read_is_saved_of_an_encrypted_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rows.db"
    key = ciphers.derive(PHRASE)
    with closing(ciphers.connect(path, key)) as connection:
        connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, text)")
        given = [(number, "好" * (number % 90 + 1)) for number in range(1, 300)]
        connection.executemany("INSERT INTO message VALUES (?, ?)", given)
    ciphers.hold(path, key)
    whole, lost = path.read_bytes(), 0
    for page in range(2, len(whole) // PAGE):  # past the page that is the root
        overwrite(path, 0, whole)
        overwrite(path, page * PAGE, bytes(PAGE))
        with closing(salvaging.Source(path)) as source:
            read = [row for rows in salvaging.readable(source, "message", "*") for row in rows]
        assert set(read) <= set(given)
        assert len(read) > len(given) // 2
        lost += len(given) - len(read)
    ciphers.hold(path, None)
    assert lost == len(given), "each row was on one page"


def test_a_plain_one_takes_its_place_when_that_is_said(live: Path) -> None:
    gone(live)
    error = told_of(live)
    for source in (copy_of(live), SOURCES["other"](live)):
        with pytest.raises(WorkspaceError, match="is encrypted, and so is"):
            replace_damaged(error, source, nobody, OTHER, plain=True)
    assert replace_damaged(error, SOURCES["plain"](live), nobody, plain=True) is None
    assert ciphers.looks_plain(live)
    assert_holds(live)


def test_no_plain_one_takes_its_place_where_its_key_is_known(live: Path) -> None:
    ciphers.hold(live, ciphers.key_of_file(live, PHRASE))
    all_zeros(live)
    held = live.read_bytes()
    with pytest.raises(WorkspaceError, match="is known, so it keeps that"):
        replace_damaged(told_of(live), SOURCES["plain"](live), nobody, plain=True)
    assert live.read_bytes() == held


@pytest.mark.parametrize("known", [True, False])
def test_an_empty_one_is_encrypted_where_the_key_is_known(live: Path, *, known: bool) -> None:
    if known:
        ciphers.hold(live, ciphers.key_of_file(live, PHRASE))
    all_zeros(live)
    aside = begin_anew(told_of(live))
    assert aside is not None
    assert aside.read_bytes() == bytes(aside.stat().st_size)
    assert ciphers.looks_encrypted(live) is known
    open_workspace(live).close()


def noise(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(20_000))  # noqa: S311  (repeatable, and no secret)


@pytest.mark.parametrize(
    ("copies", "told"),
    [("encrypted", damage.LOCKED), ("none", damage.UNCERTAIN), ("plain", damage.DOUBTED)],
)
def test_what_a_file_of_noise_is_is_told_from_its_copies(
    live: Path, copies: str, told: str
) -> None:
    copy = copy_of(live)
    if copies == "none":
        copy.unlink()
    if copies == "plain":
        open_workspace(live.with_name("p.db")).close()
        live.with_name("p.db").rename(copy)
    copy.with_name("900000-20991231-000000-daily.db").touch()  # which tells nothing
    noise(live)
    held = live.read_bytes()
    error = damage.of_locked(live)
    assert error.template == told
    assert (damage.doubt(live) is not None) is (copies == "plain")
    plain = live.with_name("plain.ruwo")
    assert asked(live, plain) is (Asked.NOBODY if copies == "plain" else Asked.WORKSPACE)
    if copies != "plain":
        with pytest.raises(PassphraseNeededError):
            replace_damaged(error, plain, nobody)
    aside = replace_damaged(error, plain, nobody, plain=True)
    assert aside is not None
    assert aside.read_bytes() == held
    assert_holds(live)


def test_noise_is_not_taken_for_a_workspace_of_which_something_is_left(live: Path) -> None:
    copy_of(live).unlink()
    noise(live)
    with pytest.raises(WrongPassphraseError):
        replace_damaged(damage.of_locked(live), None, nobody, PHRASE)
    all_zeros(live)
    with pytest.raises(BadFileError):
        replace_damaged(damage.of_locked(live), None, nobody, PHRASE)
