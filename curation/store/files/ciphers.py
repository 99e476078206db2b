"""Files of SQLCipher: the keys of those that are open, and the connections that need them.

A key is held by this process alone, under the path of its workspace, until it ends or is told to
forget it. What is kept of a passphrase is the key that SQLCipher derives from it (PBKDF2 with
HMAC-SHA512, 256,000 rounds, the first 16 bytes of the file as salt: its own default, so that other
programs open the file by the same passphrase); deriving takes a tenth of a second, and every
connection would take it again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import sys
import threading
import unicodedata
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from curation.errors import (
    N_,
    PassphraseNeededError,
    WorkspaceError,
    WorkspaceLockedError,
    WorkspaceReplacedError,
    WrongPassphraseError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PACKAGE: Final = "sqlcipher3"
REQUIREMENTS: Final = "requirements-encryption.txt"

_ROUNDS: Final = 256_000
_KEY_BYTES: Final = 32
_SALT_BYTES: Final = 16
_OTHER_HEADS: Final = (b"SQLite format 3\x00", b"PK\x03\x04")
"""How a plain database begins, and a backup; packed bytes look like noise as well."""
_PAGE: Final = 4096
_DIFFERENT: Final = 240
"""So many different bytes a page of noise holds at the least; text and tables hold far fewer."""

_CHECK_SALT: Final = 0x3A
_CHECK_ROUNDS: Final = 2
_CHECK_BYTES: Final = 64
_LOOKED_AT: Final = 50

_keys: Final[dict[Path, Key]] = {}
_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a file of SQLCipher: a key, and the salt at the head of the file."""

    secret: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def told(self) -> str:
        """The key as SQLCipher is told of it."""
        return f"x'{self.secret.hex()}{self.salt.hex()}'"


def derive(passphrase: str, salt: bytes | None = None) -> Key:
    """Return the key of a passphrase for a file with this salt, or for a new file.

    Letters of full and half width, and those composed in different ways, are the same: input
    methods and systems differ in them, and nobody sees what they type.
    """
    same = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    return Key(hashlib.pbkdf2_hmac("sha512", same, salt, _ROUNDS, _KEY_BYTES), salt)


def key_of_file(path: Path, passphrase: str) -> Key | None:
    """Return the key of an encrypted file, None where this is not its passphrase.

    WorkspaceError where the package is missing; OSError where the file cannot be read.
    """
    key = derive(passphrase, _head(path))
    return key if opens(path, key) else None


def opens(path: Path, key: Key) -> bool:
    """Whether a key is that of the file."""
    # By its first page as it lies there: what a killed program left to be put right needs writing.
    # Only where that page was being written, the log has it whole.
    log = path.with_name(f"{path.name}-wal")
    return _fits(path, key, still=True) or (log.exists() and _fits(path, key, still=False))


def _fits(path: Path, key: Key, *, still: bool) -> bool:
    try:
        with closing(connect(path, key, read_only=True, still=still)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except driver().DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        # With a wrong key no page makes sense; to see that some are missing takes the right one.
        if code not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise
        return code == sqlite3.SQLITE_CORRUPT
    return True


def wrote(path: Path, key: Key) -> bool:
    """Whether a key wrote some page of a file, though its first may be broken; OSError unread.

    Each page ends with a checksum that takes the key (SQLCipher 4, its defaults). A few dozen of
    them are looked at, from all over the file.
    """
    salt = bytes(each ^ _CHECK_SALT for each in key.salt)
    checking = hashlib.pbkdf2_hmac("sha512", key.secret, salt, _CHECK_ROUNDS, _KEY_BYTES)
    with path.open("rb") as file:
        pages = file.seek(0, os.SEEK_END) // _PAGE
        for number in range(2, pages + 1, pages // _LOOKED_AT + 1):
            file.seek((number - 1) * _PAGE)
            page = file.read(_PAGE)
            held, told = page[:-_CHECK_BYTES], page[-_CHECK_BYTES:]
            right = hmac.digest(checking, held + number.to_bytes(4, "little"), "sha512")
            if hmac.compare_digest(right, told):
                return True
    return False


def hold(path: Path, key: Key | None) -> None:
    """Keep the key of a workspace in the memory of this process; None forgets it."""
    with _lock:
        if key is None:
            _keys.pop(path.resolve(), None)
        else:
            _keys[path.resolve()] = key


@contextmanager
def replacing(path: Path, key: Key | None) -> Iterator[None]:
    """Hold this key as soon as the file was replaced inside; who asks for one waits until then."""
    path = path.resolve()
    with _lock:
        yield
        if key is None:
            _keys.pop(path, None)
        else:
            _keys[path] = key


def place(path: Path) -> tuple[int, Key | None]:
    """Return what tells the file of a workspace from one that took its place; 0 without a file."""
    # The file first: whoever replaces it holds the key before anybody else is told of one.
    try:
        number = path.stat().st_ino
    except OSError:
        number = 0
    return number, held(path)


def held(path: Path) -> Key | None:
    """Return the key that is held of a workspace."""
    with _lock:
        return _keys.get(path.resolve())


def key_for(path: Path) -> Key | None:
    """Return the key with which a file of an open workspace is opened; None: it is plain.

    A new file beside the workspace, or among its copies, is encrypted as the workspace is; one
    that is there has the key of its salt.
    """
    with _lock:
        keys = dict(_keys)
    path = path.resolve()
    if not keys or path in keys:
        return keys.get(path)
    head = _head(path)
    if head:
        return next((key for key in keys.values() if key.salt == head), None)
    return next((key for live, key in keys.items() if _belongs_to(path, live)), None)


def _belongs_to(path: Path, live: Path) -> bool:
    beside = path.parent == live.parent and path.name.startswith(f"{live.name}.")
    return beside or path.parent == live.parent / f"{live.stem}-backups"


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_SALT_BYTES)
    except FileNotFoundError:
        return b""


def is_encrypted(path: Path) -> bool:
    """Whether the file is one of SQLCipher, as far as that can be seen: it looks like noise.

    No other connection of this process to the file is disturbed.
    """
    if held(path) is not None:
        return True
    if not path.is_file():
        return False
    # By SQLite, which knows its own open files: to close one that it has open takes its locks away.
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_NOTADB:
            return False
    else:
        return False
    return looks_encrypted(path)


def looks_encrypted(path: Path) -> bool:
    """Whether a file that nobody has open looks like one of SQLCipher."""
    try:
        with path.open("rb") as file:
            page = file.read(_PAGE)
    except OSError:
        return False
    return len(page) == _PAGE and not page.startswith(_OTHER_HEADS) and len(set(page)) >= _DIFFERENT


def is_all_noise(path: Path) -> bool:
    """Whether nothing in a file that nobody has open can be read; some dozens of pages tell."""
    with suppress(OSError), path.open("rb") as file:
        pages = file.seek(0, os.SEEK_END) // _PAGE
        for number in range(0, pages, pages // _LOOKED_AT + 1):
            file.seek(number * _PAGE)
            if len(set(file.read(_PAGE))) < _DIFFERENT:
                return False
        return True
    return False


def looks_plain(path: Path) -> bool:
    """Whether a file that nobody has open begins as a plain database or a plain backup does."""
    try:
        with path.open("rb") as file:
            return file.read(_SALT_BYTES).startswith(_OTHER_HEADS)
    except OSError:
        return False


def driver() -> Any:
    """Return SQLCipher's module; WorkspaceError that says what to install where it is missing."""
    try:
        from sqlcipher3 import dbapi2  # noqa: PLC0415  (only for who encrypts)
    except ImportError as error:
        raise WorkspaceError(
            N_("Encryption needs {package}, which is not installed: pip install -r {file}."),
            package=PACKAGE,
            file=REQUIREMENTS,
        ) from error
    return dbapi2


def is_installed() -> bool:
    """Whether workspaces can be encrypted here."""
    try:
        driver()
    except WorkspaceError:
        return False
    return True


def errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return the errors of a connection to a file, plain or not, and with them `others`."""
    loaded = sys.modules.get(f"{PACKAGE}.dbapi2")
    own = (sqlite3.Error,) if loaded is None else (sqlite3.Error, loaded.Error)
    return (*own, *others)


def connect(
    path: Path,
    key: Key | None,
    *,
    read_only: bool = False,
    still: bool = False,
    timeout: float = 5.0,
) -> Any:
    """Return a connection of SQLCipher that begins no transactions by itself; None: a plain file.

    `still` is for a file that nobody writes. Raises `errors` where it cannot be opened.
    """
    mode = "?mode=ro" if read_only or still else ""
    mode += "&immutable=1" if still else ""
    connection = driver().connect(
        f"{path.resolve().as_uri()}{mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=timeout,
    )
    # Else it tells of every page that a wrong key does not open on the server's standard error.
    connection.execute("PRAGMA cipher_log_level=NONE").close()
    if key is not None:
        connection.execute(f'PRAGMA key="{key.told}"').close()
    return connection


def engine_options(path: Path) -> dict[str, Any]:
    """Return what an engine for a workspace needs, `hold` having been called for an encrypted one.

    WorkspaceLockedError for one whose key nobody gave yet.
    """
    if not is_encrypted(path):
        return {}
    module = driver()
    if held(path) is None:
        raise locked(path)
    return {"module": module}


def find_key(path: Path, passphrase: str | None) -> Key | None:
    """Return the key of a copy or a backup, None of a plain one: one that is held, or the given.

    PassphraseNeededError where it takes one and none was given, WrongPassphraseError for a wrong
    one.
    """
    if not looks_encrypted(path):
        return None
    key = key_for(path)
    if key is None and passphrase:
        key = key_of_file(path, passphrase)
        if key is None:
            raise wrong(path)
    if key is None:
        raise PassphraseNeededError(
            N_("{name} is encrypted and needs the passphrase that it was made with."),
            name=path.name,
        )
    return key


def wrong(path: Path) -> WrongPassphraseError:
    """Return what is said of a passphrase that does not open a file."""
    return WrongPassphraseError(N_("This is not the passphrase of {name}."), name=path.name)


def locked(path: Path) -> WorkspaceLockedError:
    """Return what is said of a workspace that waits for its passphrase."""
    return WorkspaceLockedError(
        N_("The workspace {name} is encrypted and needs its passphrase."), name=path.name
    )


def connector(path: Path, replaced: str, *, encrypted: bool, timeout: float) -> Callable[..., Any]:
    """Return the listener that connects an engine to a workspace, if that is still what it was.

    WorkspaceLockedError where its key was forgotten, WorkspaceReplacedError, which says `replaced`,
    where a plain one was encrypted meanwhile.
    """

    def do_connect(*_told: object) -> Any:
        key = held(path)
        if key is None:
            if encrypted:
                raise locked(path)
            return None  # as SQLAlchemy does by itself
        if not encrypted:
            raise WorkspaceReplacedError(replaced)
        return connect(path, key, timeout=timeout)

    return do_connect
