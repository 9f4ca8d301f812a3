"""The database file: opening it, reading it, and writing to it in whole transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

from miareview.errors import DataError

_AT_ONCE = 200  # rows of a stream
# By name, so that a file that has them all opens without sqlite-utils.
MIGRATIONS = ("m001_facts", "m002_ledger", "m003_calls", "m004_batches", "m005_promises", "m006_browse")


def now() -> str:
    """The time in UTC with microseconds, as text that sorts."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Connection:
    """One SQLite file. Safe to use from several threads; every write is one transaction, on disk when it returns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.lock = RLock()

    @classmethod
    def open(cls, path: Path | str, create: bool = False) -> Self:
        """Open the database at `path`, bringing its schema up to date.

        Raises `DataError` where there is none (unless `create`), where the file is something else (also another
        program's database), or where a newer version of miareview made it.
        """
        path = Path(path)
        if not path.exists() and not create:
            raise DataError(
                f"There is no database at {path}.", "Make one with `miareview import FILE`, or name another with --db."
            )
        try:
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, check_same_thread=False, timeout=10, isolation_level=None)
            connection.execute("pragma busy_timeout=10000")
            tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
            done = _applied(connection) if "_sqlite_migrations" in tables else set()
            if tables and not done:
                raise DataError(f"{path} is the database of another program.", "Name another file with --db.")
            if newer := done.difference(MIGRATIONS):
                raise DataError(f"{path} was made by a newer miareview ({min(newer)}).", "Update miareview.")
            # With recursive triggers, "insert or replace" meets the triggers that refuse to delete.
            for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "recursive_triggers=on"):
                connection.execute(f"pragma {pragma}")
            if not done.issuperset(MIGRATIONS):
                from miareview.store.migrations import migrate

                migrate(connection)
        except (sqlite3.Error, OSError) as error:
            raise DataError(f"{path} cannot be used as a database: {error}.", "Name another file with --db.") from error
        made = cls(connection, path)
        if not made.rows("select 1 from setting where key = 'facts_chained'"):
            from miareview.store.imports import adopt

            adopt(made)
        return made

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its first statement; rolled back on any exception."""
        with self.lock:
            connection = self.connection
            try:
                connection.execute("begin immediate")
                try:
                    yield connection
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
            except sqlite3.Error as error:
                raise DataError(
                    f"{self.path} could not be written: {error}.", "Nothing of this step was kept."
                ) from error

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.lock:
            try:
                return list(self.connection.execute(sql, parameters))
            except sqlite3.Error as error:
                raise DataError(f"{self.path} could not be read: {error}.", "Try `miareview check`.") from error

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query one by one, as they were when the first was read; never all of them in memory."""
        try:
            with self.lock:
                cursor = self.connection.execute(sql, parameters)
            while True:
                with self.lock:
                    rows = cursor.fetchmany(_AT_ONCE)
                if not rows:
                    return
                yield from rows
        except sqlite3.Error as error:
            raise DataError(f"{self.path} could not be read: {error}.", "Try `miareview check`.") from error

    def schema(self) -> str:
        """The name of the newest migration that this file has."""
        return max(_applied(self.connection))

    # settings

    def setting(self, name: str) -> str | None:
        rows = self.rows("select value from setting where key = ?", (name,))
        return rows[0][0] if rows else None

    def set_setting(self, name: str, value: str) -> None:
        with self.writing() as connection:
            connection.execute("insert or replace into setting values (?, ?)", (name, value))


def _applied(connection: sqlite3.Connection) -> set[str]:
    """Names of the migrations that the file has."""
    rows = connection.execute("select name from _sqlite_migrations where migration_set = 'miareview'")
    return {name for (name,) in rows}
