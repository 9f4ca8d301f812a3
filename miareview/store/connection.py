"""The database file: opening it, reading it, and writing to it in whole transactions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

from miareview.errors import DataError, MiaReviewError, MovedFileError
from miareview.store.backup import write_copy
from miareview.store.opening import MIGRATIONS, applied, open_to_read, open_to_write, refuse_foreign, second
from miareview.store.place import BESIDE, Identity, beside, identity

_AT_ONCE = 200  # rows of a stream


def now() -> str:
    """The time in UTC with microseconds, as text that sorts."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Connection:
    """One SQLite file. Safe to use from several threads; every write is one transaction, on disk when it returns."""

    def __init__(self, connection: sqlite3.Connection, path: Path, reading: bool = False) -> None:
        self.connection = connection
        self.path = path
        self.reading = reading
        self.copied = False  # read from a copy in memory, as the file's own schema is an older one
        self.holds_probes = False
        self.lock = RLock()
        self._file = identity(path)
        self._log: dict[str, Identity | None] = {}
        self._kept: Path | None = None
        self._left = False
        self._within = False

    @classmethod
    def open(cls, path: Path | str, create: bool = False, *, reading: bool = False, probes: bool = False) -> Self:
        """Open the database at `path`, bringing its schema up to date.

        With `reading`, nothing is ever written: it works on a file and in a folder without permission to write, and the
        schema of an older file is brought up to date in memory. Raises `DataError` where there is none (unless
        `create`), where the file is something else (also another program's database), where a newer version of
        miareview made it, and where it holds probes (`store.probes`) unless `probes` are asked for.
        """
        path = Path(path)
        if not path.exists() and not create:
            raise DataError(
                f"There is no database at {path}.", "Make one with `miareview import FILE`, or name another with --db."
            )
        try:
            made = cls._read(path) if reading else cls._write(path, create)
        except (sqlite3.Error, OSError, RecursionError) as error:  # the last for a path of a thousand folders
            raise DataError(f"{path} cannot be used as a database: {error}.", "Name another file with --db.") from error
        made.holds_probes = made.setting("kind") == "probes"
        if made.holds_probes and not probes:
            made.close()
            raise DataError(
                f"{path}: these are questions with a known answer, no model's responses.",
                "`miareview judge probe` asks and shows them; name the database itself with --db.",
            )
        return made

    @classmethod
    def _write(cls, path: Path, create: bool) -> Self:
        made = cls(open_to_write(path, create), path)
        made._bring_up_to_date()
        made._log = {suffix: identity(beside(path, suffix)) for suffix in BESIDE}
        return made

    @classmethod
    def _read(cls, path: Path) -> Self:
        there = open_to_read(path)
        if _is_up_to_date(there, path):
            return cls(there, path, reading=True)
        made = cls._copied(there, path)
        made.reading = made.copied = True
        return made

    @classmethod
    def scratch(cls, path: Path) -> Self:
        """A copy in memory of a file that may not be written: for what keeps notes while it reads. Raises as `open`."""
        with cls.open(path, reading=True) as there:
            return cls._copied(there.connection, path)

    @classmethod
    def _copied(cls, there: sqlite3.Connection, path: Path) -> Self:
        memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        there.backup(memory)
        there.close()
        made = cls(memory, path)
        made._bring_up_to_date()
        return made

    def _bring_up_to_date(self) -> None:
        if not _is_up_to_date(self.connection, self.path):
            from miareview.store.imports import adopt
            from miareview.store.migrations import migrate

            migrate(self.connection)
            adopt(self)

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
        """One transaction that holds the write lock from its first statement; rolled back on any exception. Inside of
        another one it is a step of that: where it fails nothing of it stays, and the others may still be kept.

        Raises `MovedFileError` where the file is not the one that was opened any more; nothing is written then.
        """
        with self.lock:
            if self.reading:
                raise DataError(f"{self.path} is open for reading only.", "Nothing was written.")
            if self._within:
                with _step(self.connection):
                    yield self.connection
                return
            self._refuse_moved()
            connection = self.connection
            try:
                connection.execute("begin immediate")
                self._within = True
                try:
                    yield connection
                    self._refuse_moved()
                    connection.commit()
                except BaseException:
                    connection.rollback()
                    raise
                finally:
                    self._within = False
            except sqlite3.Error as error:
                raise DataError(
                    f"{self.path} could not be written: {error}.", "Nothing of this step was kept."
                ) from error

    def _refuse_moved(self) -> None:
        """Raise `MovedFileError` where another file, or none, stands at the path; take up the right one again."""
        there = identity(self.path)
        if there == self._file:
            if self._left:
                self._take_up()
            return
        if self.connection.in_transaction:
            self.connection.rollback()
        if not self._left:
            self._let_go()
            self._left = True
        kept = f" All that was saved before is in {self._kept}." if self._kept else ""
        what = "is not there any more" if there is None else "was replaced by another file"
        raise MovedFileError(f"{self.path} {what}.", f"Nothing is saved in it. Put it back, and say it again.{kept}")

    def _let_go(self) -> None:
        """Put the log into the file, wherever that is now, so that nobody takes it for another file's; and keep a copy
        of all of it beside, since a file that was deleted ends with this process."""
        name = f"{self.path.stem}.kept-{datetime.now(UTC):%Y%m%dT%H%M%S}{self.path.suffix}"
        try:
            write_copy(self.connection, self.path.with_name(name))
            self._kept = self.path.with_name(name)
        except MiaReviewError:
            pass  # the folder may be gone with it, and the file itself still has all
        try:
            self.connection.execute("pragma wal_checkpoint(full)")
        except sqlite3.Error:
            return
        for suffix, file in self._log.items():
            if file is not None and identity(beside(self.path, suffix)) == file:
                beside(self.path, suffix).unlink(missing_ok=True)

    def _take_up(self) -> None:
        """Open the file again that is back. It is whole: its log was put into it."""
        back = type(self).open(self.path)
        self.connection.close()
        self.connection, self._log, self._left, self._kept = back.connection, back._log, False, None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is read of one moment, whatever others write meanwhile."""
        with self.lock:
            self.connection.execute("begin")
            try:
                yield
            finally:
                self.connection.rollback()

    @contextmanager
    def twin(self, same: str) -> Iterator[Connection | None]:
        """A second connection that reads the moment of this snapshot, for what two threads do at a time.

        None where there is none: the file is open for reading alone, or in memory; another one stands at its path; or
        somebody has written meanwhile what the query `same` tells.
        """
        twin = None if self.reading or self._in_memory() else self._second()
        try:
            alike = twin is not None and twin._file == self._file and twin.rows(same) == self.rows(same)
            yield twin if alike else None
        finally:
            if twin is not None:
                twin.close()

    def _in_memory(self) -> bool:
        return not self.connection.execute("pragma database_list").fetchone()[2]

    def _second(self) -> Connection | None:
        try:
            twin = Connection(second(self.path), self.path, reading=True)
            twin.connection.execute("begin")
        except sqlite3.Error:
            return None
        return twin

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.lock:
            try:
                return list(self.connection.execute(sql, parameters))
            except sqlite3.Error as error:
                raise DataError(f"{self.path} could not be read: {error}.", "Try `miareview check`.") from error

    def columns(self, wanted: Sequence[str], source: str, parameters: Sequence[Any] = ()) -> list[list[Any]]:
        """What is `wanted` (SQL) of every row of a source ("from …"), a list each; text, whole numbers and null only.

        SQLite writes each as one JSON array, and that is read in half the time that as many rows take. The lists
        belong together; the order of the rows is SQLite's.
        """
        ((*arrays,),) = self.rows(
            f"select {', '.join(map('json_group_array({})'.format, wanted))} {source}", parameters
        )
        return [json.loads(array) for array in arrays]

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
        return max(applied(self.connection))

    # settings

    def setting(self, name: str) -> str | None:
        rows = self.rows("select value from setting where key = ?", (name,))
        return rows[0][0] if rows else None

    def set_setting(self, name: str, value: str) -> None:
        with self.writing() as connection:
            connection.execute(
                "insert into setting values (?, ?) on conflict(key) do update set value = excluded.value", (name, value)
            )


@contextmanager
def _step(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("savepoint step")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has ended all of it
            connection.execute("rollback to step")
            connection.execute("release step")
        raise
    connection.execute("release step")


def _is_up_to_date(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file has every migration, and what it holds is in the chain."""
    there = refuse_foreign(connection, path).issuperset(MIGRATIONS)
    return there and bool(connection.execute("select 1 from setting where key = 'facts_chained'").fetchone())
