"""A PostgreSQL server for the tests of one process, and databases on it with the tables made.

It keeps its files in a folder of its own, can be reached by a socket in that folder alone, and does
not wait for the disk. What a test left in a database is taken out, and the next test gets it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Connection = psycopg.Connection[tuple[object, ...]]

GUARDED: Final = "guarded"
"""Who must tell a password, once `guard` gave it one."""

_USER: Final = "ruwo"
_TEMPLATE: Final = "ruwo_template"
_REVISION: Final = "SELECT version_num FROM alembic_version"
_START_SECONDS: Final = 60
_MOST_KEPT: Final = 12
"""Databases that are used again; each holds a connection, and one test may want a hundred."""
# Nothing is kept that a power cut could take, and no statement is compiled that runs once.
_HASTY: Final = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off"),
    *("listen_addresses=", "wal_level=minimal", "max_wal_senders=0", "max_connections=120"),
)


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, None where it is not installed."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).parent
    # Debian keeps one folder a version, and none of them on the path.
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: int(path.parent.parent.name), default=None)
    return None if newest is None else newest.parent


class Server:
    """One server; `lend` gives the address of an empty workspace on it.

    `options` are settings of the server, usually those that make it quick and forgetful.
    """

    def __init__(self, folder: Path, options: Sequence[str] = _HASTY) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ruwo-pg-"))
        self._user: str | None = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._user = "postgres" if _is_user("postgres") else "nobody"
            shutil.chown(self.folder, self._user)
        self._free: list[str] = []
        self._number = 0
        self._kept: dict[str, Connection] = {}
        self._emptying: sql.Composed = sql.Composed([])
        self._revision: tuple[object, ...] | None = None
        data = str(self.folder / "data")
        self._run(
            *(str(folder / "initdb"), "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8"),
            # Not the order of the C locale: nothing may rest on what the whole database has.
            *("--locale=C", "--locale-provider=icu", "--icu-locale=zh", "--no-sync"),
        )
        # Who has a password must tell it; nobody else can reach the folder.
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {GUARDED} scram-sha-256\nlocal all all trust\n")
        self._log = (self.folder / "log").open("wb")
        self._server = subprocess.Popen(
            [
                str(folder / "postgres"),
                *("-D", data, "-k", str(self.folder)),
                *(part for each in options for part in ("-c", each)),
            ],
            stdout=self._log,
            stderr=self._log,
            user=self._user,
            extra_groups=None if self._user is None else [],
            cwd=self.folder,
        )
        self._wait()

    def _run(self, *command: str) -> None:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            user=self._user,
            extra_groups=None if self._user is None else [],
            cwd=self.folder,
        )

    def _wait(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._kept["postgres"] = self._connect("postgres")
            except psycopg.OperationalError:
                if time.monotonic() > until or self._server.poll() is not None:
                    told = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(told) from None
                time.sleep(0.05)
            else:
                return

    def _connect(self, name: str) -> Connection:
        return psycopg.connect(
            host=str(self.folder), user=_USER, dbname=name, autocommit=True, connect_timeout=10
        )

    def address(self, name: str) -> str:
        """Return the address of a database on this server."""
        return f"postgresql+psycopg://{_USER}@/{name}?host={self.folder}"

    def make_template(self, make: Callable[[str], None]) -> None:
        """Let `make` fill a database, by its address, that all others will be copies of."""
        self._execute("CREATE DATABASE {}", _TEMPLATE)
        make(self.address(_TEMPLATE))
        with self._connect(_TEMPLATE) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename <> 'alembic_version'"
            ).fetchall()
            self._revision = connection.execute(_REVISION).fetchone()
        names = [sql.Identifier(str(table)) for (table,) in tables]
        parts: list[sql.Composable] = [sql.SQL("DELETE FROM {}").format(each) for each in names]
        # Neither references nor counts are looked after while everything goes.
        parts.insert(0, sql.SQL("SET session_replication_role = replica"))
        parts.append(sql.SQL("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"))
        self._emptying = sql.SQL("; ").join(parts)

    def guard(self, password: str) -> None:
        """Let there be somebody with a password who may use nothing."""
        with suppress(psycopg.errors.DuplicateObject):
            self._execute("CREATE ROLE {} LOGIN", GUARDED)
        quoted = sql.SQL("ALTER ROLE {} PASSWORD {}")
        self._kept["postgres"].execute(quoted.format(sql.Identifier(GUARDED), password))

    def create(self, *, empty: bool = False, like: str = _TEMPLATE) -> str:
        """Return the name of a new database: without anything in it, or a copy of another."""
        self._number += 1
        name = f"ruwo_{self._number}"
        if empty:
            self._execute("CREATE DATABASE {}", name)
        else:
            self._execute("CREATE DATABASE {} TEMPLATE {}", name, like)
        return name

    def lend(self) -> str:
        """Return the name of a database with empty tables."""
        return self._free.pop() if self._free else self.create()

    def give_back(self, name: str) -> None:
        """Take everything out of a database; a changed one goes, and one too many."""
        self._kept["postgres"].execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            " AND application_name <> ''",
            [name],
        )
        if name not in self._kept and len(self._kept) < _MOST_KEPT:
            self._kept[name] = self._connect(name)
        if name in self._kept and self._emptied(self._kept[name]):
            self._free.append(name)
            return
        if name in self._kept:
            self._kept.pop(name).close()
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _emptied(self, connection: Connection) -> bool:
        with suppress(psycopg.Error):
            connection.execute(self._emptying)
            return connection.execute(_REVISION).fetchone() == self._revision
        return False

    def _execute(self, statement: str, *names: str) -> None:
        quoted = sql.SQL(statement).format(*map(sql.Identifier, names))
        self._kept["postgres"].execute(quoted)

    def stop(self) -> None:
        """Stop it at once and remove all it kept."""
        for each in self._kept.values():
            each.close()
        self._server.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._server.wait(10)
        self._server.kill()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
