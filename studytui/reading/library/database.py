"""The library's SQLite file: one connection a thread, transactions, and what to do when it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.journal import Journal
from studytui.reading.library import schema

BUSY_SECONDS = 10.0


class DamagedError(Exception):
    """The file cannot be used as a library: no database, cut short, or another program's."""


class Database:
    """An open library file.

    A damaged one is put aside, a fresh one takes its place, and ``rebuilt`` says so in a sentence.  SQLite's
    errors come out as StudyError; damage that shows only in use is remembered for the next start.
    """

    def __init__(self, path: Path, journal: Journal) -> None:
        self.path = path
        self.rebuilt = ""
        self._damage_marker = path.with_name(path.name + "-damaged")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        try:
            self._open(journal)
        except DamagedError:
            aside = self._put_aside()
            self._open(journal)
            self.rebuilt = _(
                "The library was damaged. It was put aside as {path} and starts afresh; what you read and "
                "starred is kept. Pull your feeds to fill it again."
            ).format(path=aside)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection for queries."""
        with self._explained():
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run one transaction, all of it or nothing."""
        with self._explained():
            database = self._connection
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.commit()
            except BaseException:
                database.rollback()
                raise

    def close(self) -> None:
        """Close the connections of all threads."""
        connections, self._connections = self._connections, []
        for database in connections:
            database.close()
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "database", None)
        return found or self._remember(self._connect())

    def _remember(self, database: sqlite3.Connection) -> sqlite3.Connection:
        self._local.database = database
        self._connections.append(database)
        return database

    def _connect(self) -> sqlite3.Connection:
        """Open a connection whose transactions are immediate, so that waiting for a writer never fails midway."""
        database = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level="IMMEDIATE", check_same_thread=False
        )
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA temp_store = MEMORY")
        return database

    def _open(self, journal: Journal) -> None:
        """Open, create or migrate the file.  Raises DamagedError, StudyError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self._damage_marker.exists() or _is_cut_short(self.path):
            raise DamagedError
        with self._explained():
            database: sqlite3.Connection | None = None
            try:
                database = self._connect()
                self._migrate(database, journal)
            except BaseException as error:
                if database is not None:
                    database.close()
                if isinstance(error, sqlite3.Error) and _is_damage(error):
                    raise DamagedError from error
                raise
        self._remember(database)

    def _migrate(self, database: sqlite3.Connection, journal: Journal) -> None:
        version = int(database.execute("PRAGMA user_version").fetchone()[0])
        owner = database.execute("PRAGMA application_id").fetchone()[0]
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        foreign = owner not in (0, schema.APPLICATION_ID) or (not version and tables - schema.MIRROR)
        if foreign or (0 < version <= len(schema.MIGRATIONS) and not tables >= schema.TABLES):
            raise DamagedError
        if version > len(schema.MIGRATIONS):
            raise StudyError(
                _("{path} was written by a newer studytui.").format(path=self.path),
                _("Install the newest version, or move the file away: it is filled again by the next pull."),
            )
        if version < len(schema.MIGRATIONS):
            database.execute("PRAGMA journal_mode = WAL")
            journal.sync(database)
            schema.migrate(database, version)

    def _put_aside(self) -> Path:
        """Move the damaged file out of the way, its write-ahead log with it, and return where it went."""
        target = self.path.with_name(f"{self.path.stem}.damaged{self.path.suffix}")
        with self._explained():
            for suffix in ("-wal", "-shm", ""):
                with contextlib.suppress(FileNotFoundError):
                    target.with_name(target.name + suffix).unlink()
                with contextlib.suppress(FileNotFoundError):
                    self.path.with_name(self.path.name + suffix).rename(
                        target.with_name(target.name + suffix)
                    )
            self._damage_marker.unlink(missing_ok=True)
        return target

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.Error) and _is_damage(error):
                with contextlib.suppress(OSError):
                    self._damage_marker.touch()
                raise StudyError(
                    _("The library {path} is damaged.").format(path=self.path),
                    _("Start studytui again: it is made afresh, and what you read and starred is kept."),
                ) from error
            raise StudyError(
                _("The library {path} cannot be used: {reason}.").format(path=self.path, reason=error),
                _("Free some space, check the permissions, close other windows of studytui, and try again."),
            ) from error


def _is_damage(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _is_cut_short(path: Path) -> bool:
    """Say whether the file is shorter than its own header claims (a copy that broke off).

    With a write-ahead log beside it the header may run ahead of the file, and SQLite mends that itself.
    """
    try:
        size = path.stat().st_size
        wal = path.with_name(path.name + "-wal")
        if not size or (wal.exists() and wal.stat().st_size):
            return False
        with path.open("rb") as file:
            header = file.read(100)
    except OSError:
        return False
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        return True
    page, pages = struct.unpack(">H", header[16:18])[0], struct.unpack(">I", header[28:32])[0]
    return bool(size < pages * (65536 if page == 1 else page))
