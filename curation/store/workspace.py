"""Opening a workspace: engine, transactions, migrations."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from curation import private_files
from curation.errors import N_, WorkspaceError, WorkspaceReplacedError, why_of
from curation.model import no_tick
from curation.store import hiding, immutable, members, postgres, refusals, search
from curation.store.files import asides, backup, ciphers, damage, encrypting, safety
from curation.store.journal import REVIEWER
from curation.store.members import Access, Actor, Role
from curation.store.settings import get_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

DEFAULT_PATH: Final = Path("data") / "workspace.db"
BUSY_SECONDS: Final = 60
"""So long somebody waits for another's writing before it is an error: longer than one should write.
"""

GENERATION: Final = "generation"
"""The setting that is another one in every workspace that took the place of another."""

REPLACED: Final = N_("The workspace was replaced by a backup meanwhile; nothing was changed.")

MIGRATED: Final = N_(
    "A newer version of this program has changed the workspace meanwhile, and nothing was changed"
    " here. Close this version, and go on with the newer one."
)

_UNKNOWN_ADDRESS: Final = N_("The workspace address {name} is not understood.")

_WRITE: Final = "ruwo_write"
_BULK: Final = "ruwo_bulk"
_BESIDE: Final = "ruwo_beside"
_HASTE: Final = {"synchronous": 1, "busy_timeout": 300}
"""For what nobody would miss: the disk is not waited for, another who writes not long."""


class Workspace:
    """One open workspace; safe to use from several threads.

    `read()` and `write()` give a connection inside one transaction; leaving the block commits,
    an exception rolls everything back. What `actor` may not do is refused with NotAllowedError:
    a reviewer gets in only where they were `admitted`.
    """

    def __init__(self, engine: Engine, reviewer: str = "", generation: str | None = None) -> None:
        self.engine = engine
        self.reviewer = reviewer
        self.generation = generation
        self.closed = Event()
        self.actor: Actor | None = None
        self.admitted = False
        self._reading: dict[str, Any] = {REVIEWER: reviewer}
        if engine.dialect.name == postgres.NAME:
            # SQLite's transactions are like this already.
            self._reading["isolation_level"] = "REPEATABLE READ"

    def acting_as(
        self,
        reviewer: str,
        generation: str | None = None,
        *,
        verified: bool = False,
        appointed: bool = False,
    ) -> Workspace:
        """Return the same workspace, in which `reviewer` acts; empty for who gave no name.

        `generation` is the one that they know (see `current_generation`), None: the one in which
        the workspace was opened. `verified` and `appointed` are as in `Actor`. Raises
        ActionRefusedError where a name is too long.
        """
        members.check_length(reviewer)
        known = self.generation if generation is None else generation
        actor = Actor(reviewer, verified, appointed)
        return self._same(reviewer, known, actor)

    def admitting(self) -> Workspace:
        """Return the same workspace, in which a reviewer may act, too."""
        same = self._same(self.reviewer, self.generation, self.actor)
        same.admitted = True
        return same

    def for_the_program(self) -> Workspace:
        """Return the same workspace for what the program itself does, whoever asked for it."""
        return self._same(self.reviewer, self.generation, None)

    def _same(self, reviewer: str, generation: str | None, actor: Actor | None) -> Workspace:
        same = Workspace(self.engine, reviewer, generation)
        same.closed = self.closed
        same.actor = actor
        return same

    def access(self) -> Access:
        """Return what whoever acts here may do."""
        with self.for_the_program().read() as connection:
            return members.access_of(connection, self.actor)

    def require_owner(self) -> None:
        """Refuse everybody but an owner, for what is not kept in the database."""
        members.check(self.access(), admitted=False)

    def current_generation(self) -> str:
        """Return what tells a workspace from the one that took its place; empty at first."""
        with self.for_the_program().read() as connection:
            return _generation(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one consistent state, however long it is held."""
        with (
            refusals.told_in_words(self.engine),
            self.engine.connect().execution_options(**self._reading) as connection,
            connection.begin(),
            hiding.hiding(on=self._let_in(connection).hides),
        ):
            yield connection

    def _let_in(self, connection: Connection) -> Access:
        """Check what whoever acts may do, and let the connection know it."""
        access = members.access_of(connection, self.actor)
        members.check(access, admitted=self.admitted)
        connection.execution_options(**{members.ACCESS: access})
        return access

    @contextmanager
    def write(self, *, bulk: bool = False) -> Iterator[Connection]:
        """Yield a connection in a transaction that holds the write lock from its start.

        `bulk` leaves references unchecked: for an import, which made the rows they point to in
        the same transaction, and pays a fifth of its time for looking each of them up again.
        """
        with (
            refusals.told_in_words(self.engine),
            self.engine.connect().execution_options(
                **{_WRITE: True, _BULK: bulk, REVIEWER: self.reviewer}
            ) as connection,
            connection.begin(),
        ):
            self._check_place(connection)
            access = self._let_in(connection)
            if access.role is Role.REVIEWER:
                event.listen(connection, "before_execute", members.refuse_what_is_the_owners)
            with hiding.hiding(on=access.hides):
                yield connection

    @contextmanager
    def beside(self) -> Iterator[Connection]:
        """Yield a connection in a transaction for what is no part of anybody's work: leases.

        On PostgreSQL it waits for nobody who writes. On SQLite it has its turn among them, and
        raises WorkspaceError when that does not come soon.
        """
        with (
            refusals.told_in_words(self.engine),
            self.engine.connect().execution_options(
                **{_BESIDE: True, REVIEWER: self.reviewer}
            ) as connection,
            _hasty(connection),
            connection.begin(),
        ):
            self._check_place(connection)
            with hiding.hiding(on=self._let_in(connection).hides):
                yield connection

    def _check_place(self, connection: Connection) -> None:
        """Refuse to write where another workspace, or another version, is by now."""
        if self.generation is None:
            return
        if _generation(connection) != self.generation:
            raise WorkspaceReplacedError(REPLACED)
        if backup.revision_held(connection) not in _newest_revisions():
            raise WorkspaceError(MIGRATED)

    def close(self) -> None:
        """Close every connection; `closed` tells whoever works in the background."""
        self.closed.set()
        self.engine.dispose()


@contextmanager
def _hasty(connection: Connection) -> Iterator[None]:
    """Let what is done inside wait neither for the disk nor long for others, on SQLite."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    usual = {name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in _HASTE}
    for name, most in _HASTE.items():
        driver.execute(f"PRAGMA {name}={min(usual[name], most)}")
    try:
        yield
    finally:
        for name, value in usual.items():
            driver.execute(f"PRAGMA {name}={value}")


def _generation(connection: Connection) -> str:
    return str(get_value(connection, GENERATION) or "")


def open_workspace(where: str | Path | None = None, *, check: bool = True) -> Workspace:
    """Return the workspace at `where`, created and migrated as needed.

    `where` is a path, an SQLAlchemy URL, or None for the environment variable RUWO_WORKSPACE and
    after that `data/workspace.db`. Raises WorkspaceError when it cannot be opened, and
    WorkspaceDamagedError where its file is not as it was left, unless `check` is false.
    """
    named = str(where or os.environ.get("RUWO_WORKSPACE") or DEFAULT_PATH)
    engine, shown = _engine_for(_address(named))
    try:
        if check:
            damage.check(engine)
        _migrate(engine)
    except CommandError as error:
        engine.dispose()
        raise WorkspaceError(
            N_("The workspace {name} was made by a newer version of this program."), name=shown
        ) from error
    except ciphers.errors(DBAPIError) as error:
        engine.dispose()
        if engine.dialect.name == postgres.NAME and isinstance(error, DBAPIError):
            # Without its cause, which tells the whole address.
            raise postgres.refusal(engine.url, error) from None
        raise refusals.cannot_open(engine, shown, error) from error
    except WorkspaceError:
        engine.dispose()
        raise
    opened = Workspace(engine)
    opened.generation = opened.current_generation()
    path = safety.database_path(engine)
    if path is not None:
        # Nobody rewrites a file that is open here.
        encrypting.clean_up(path)
        if check:
            asides.clean_up(path)
    return opened


def workspace_file(where: str | Path | None = None) -> Path | None:
    """Return the file of the workspace that `open_workspace` would open; None for another one."""
    with suppress(ArgumentError):
        url = make_url(_address(str(where or os.environ.get("RUWO_WORKSPACE") or DEFAULT_PATH)))
        if url.get_backend_name() == "sqlite" and url.database:
            path = Path(url.database)
            return path if _is_file(path) else None
    return None


def _is_file(path: Path) -> bool:
    """Whether a name of a database is that of a file, and no address that SQLite reads itself."""
    return not path.name.startswith(("file:", ":"))


def _engine_for(address: str) -> tuple[Engine, str]:
    """Return the engine for an address, and how people are told of it: never the password."""
    shown = address.split("://", 1)[0]
    try:
        url = postgres.with_driver(make_url(address))
        shown = url.get_backend_name()
        if shown == "sqlite":
            shown = Path(url.database or ":memory:").name
            engine = _sqlite_engine(url)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", begin_sqlite)
        elif shown == postgres.NAME:
            shown = postgres.name_of(url)
            engine = create_engine(url, hide_parameters=True, **postgres.options(url))
            postgres.listen(engine, writes=_WRITE, patience=BUSY_SECONDS)
        else:
            raise WorkspaceError(_UNKNOWN_ADDRESS, name=shown)
    except ModuleNotFoundError as error:
        raise WorkspaceError(
            N_(
                "The workspace {name} needs {package}, which is not installed:"
                " pip install -r {file} installs it."
            ),
            name=shown,
            package=postgres.DRIVER,
            file="requirements-postgres.txt",
        ) from error
    except (ArgumentError, NoSuchModuleError, ValueError):
        # Their sentences may tell the whole address.
        raise WorkspaceError(_UNKNOWN_ADDRESS, name=shown) from None
    except OSError as error:
        raise WorkspaceError(
            N_("The folder of the workspace {name} cannot be made: {reason}"),
            name=shown,
            reason=why_of(error),
        ) from error
    return engine, shown


def _sqlite_engine(url: URL) -> Engine:
    path = Path(url.database or ":memory:")
    cipher = {}
    if _is_file(path):
        _close_to_others(path)
        cipher = _cipher_of(path)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        # Parameters are chat text: they stay out of errors and logs.
        hide_parameters=True,
        **cipher,
    )
    if _is_file(path):
        connector = ciphers.connector(path, REPLACED, encrypted=bool(cipher), timeout=BUSY_SECONDS)
        refusals.watch(engine, path, REPLACED)
        event.listen(engine, "do_connect", connector)
    return engine


def _cipher_of(path: Path) -> dict[str, Any]:
    if ciphers.is_encrypted(path) and not ciphers.is_installed():
        # Who never encrypted anything is not sent to install what would not help.
        told = damage.of_locked(path)
        if told.template != damage.LOCKED:
            raise told
    return ciphers.engine_options(path)


def _close_to_others(path: Path) -> None:
    """Let nobody but its owner look into a workspace and what lies beside it."""
    private_files.make_folder(path.parent)
    private_files.claim(path)
    for what in ("-wal", "-shm", "-journal"):
        private_files.tighten(path.with_name(path.name + what))
    for folder in ("backups", "exports", "training"):
        private_files.tighten_inside(path.parent / f"{path.stem}-{folder}")


def _address(named: str) -> str:
    return named if "://" in named else f"sqlite:///{Path(named).expanduser().resolve()}"


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not start transactions of its own: begin_sqlite does it, with the lock asked
    # for. synchronous=FULL because a click that was confirmed must survive a power cut as well.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def bulk_options() -> dict[str, bool]:
    """Return the options of a connection that writes very much, its references unchecked."""
    return {_WRITE: True, _BULK: True}


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction as the options of the connection say."""
    options = connection.get_execution_options()
    write = options.get(_WRITE, False) or options.get(_BESIDE, False)
    bulk = options.get(_BULK, False)
    # It cannot be changed within a transaction, and connections are used again.
    connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if bulk else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def known_revisions() -> frozenset[str]:
    """Return the versions of the tables that this program can bring to today's."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(each.revision for each in scripts.walk_revisions())


@cache
def _newest_revisions() -> frozenset[str]:
    return frozenset(ScriptDirectory.from_config(_config()).get_heads())


def migrate(connection: Connection, revision: str) -> None:
    """Bring the tables to a version; `head` is today's."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if postgres.is_here(connection):
        postgres.settle(connection)


def _copy_before_upgrade(engine: Engine) -> Path | None:
    if engine.dialect.name != postgres.NAME:
        return safety.copy_before(engine, safety.BEFORE_UPGRADE)
    with Workspace(engine).read() as connection:
        return backup.write_copy(connection, safety.BEFORE_UPGRADE, no_tick)


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin():
        held = MigrationContext.configure(connection).get_current_revision()
        if held is None and postgres.is_here(connection):
            postgres.refuse_what_is_not_empty(connection)
    heads = _newest_revisions()
    copy = None
    if held is not None and held not in heads and held in known_revisions():
        copy = _copy_before_upgrade(engine)
    with engine.connect().execution_options(**{_WRITE: True}) as connection, connection.begin():
        if held not in heads:
            _upgrade(connection, copy)
        search.prepare(connection)
        immutable.prepare(connection)


def _upgrade(connection: Connection, copy: Path | None) -> None:
    """Bring the tables to today's; what fails says where the copy is, and changed nothing."""
    try:
        migrate(connection, "head")
    except Exception as error:
        # Whatever it was: a migration meets data that nobody who wrote it has seen.
        if copy is None:
            raise
        raise WorkspaceError(
            N_(
                "The workspace could not be brought to this version of the program ({reason}) and"
                " is as it was before. The version that you used until now still opens it. A copy"
                " of it lies at {path}."
            ),
            reason=type(error).__name__,
            path=copy,
        ) from error
