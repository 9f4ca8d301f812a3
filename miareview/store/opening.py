"""Opening the file: for writing, or for reading alone, which leaves no trace and needs no permission to write."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from miareview.errors import DataError
from miareview.store.place import beside, has_log, may_write, network

# By name, so that a file that has them all opens without sqlite-utils.
_CACHE = 16_000  # kB of the file that are kept in memory: what an import of a file changes
_LOG = 4_000  # pages of the log from which it is put into the file: what some files of an import change
MIGRATIONS = ("m001_facts", "m002_ledger", "m003_calls", "m004_batches", "m005_promises", "m006_browse",
              "m007_people", "m008_gold", "m009_work", "m010_reread", "m011_answers", "m012_columns")  # fmt: skip


def open_to_write(path: Path, create: bool) -> sqlite3.Connection:
    """The file, ready for one transaction after another; its schema may be an old one, or none yet.

    Raises `DataError` where it may not be written, or a log lies beside it that is not its own.
    """
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
    elif not may_write(path):
        raise DataError(
            f"{path} cannot be written: you have no permission for the file or its folder.",
            "Copy it to a place of your own; commands that only read work where it is.",
        )
    refuse_foreign_log(path)
    connection = _connect(path, "mode=rwc" if create else "mode=rw")
    refuse_foreign(connection, path)
    # With recursive triggers, "insert or replace" meets the triggers that refuse to delete.
    for pragma in (
        "synchronous=full", "foreign_keys=on", "recursive_triggers=on", f"cache_size=-{_CACHE}",
        f"wal_autocheckpoint={_LOG}",
    ):  # fmt: skip
        connection.execute(f"pragma {pragma}").fetchall()
    # On a network the machines do not share the memory that a write-ahead log needs.
    journal = "delete" if network(path) else "wal"
    (there,) = connection.execute(f"pragma journal_mode={journal}").fetchone()
    if there != journal:
        raise DataError(f"{path} lies on a network and is in use on another way.", "Close it everywhere first.")
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """The file as it is, with what lies in the log beside it; nothing is written, not even into the folder.

    Raises `DataError` where the newest words cannot be read without a permission that is not there, or the log is not
    the file's own.
    """
    refuse_foreign_log(path)
    try:
        # Whoever may not write the file must not make a log beside it either: its owner could not write that.
        if not os.access(path, os.W_OK) and not beside(path, "-wal").exists() and _keeps_a_log(path):
            return _still(path)
        connection = _connect(path, "mode=ro")
        connection.execute("select count(*) from sqlite_master")
    except sqlite3.OperationalError as error:
        if not _lacks_permission(error) or has_log(path):
            raise
        return _still(path)
    return connection


def second(path: Path) -> sqlite3.Connection:
    """A connection that only reads, to a file that this process holds open already."""
    return _connect(path, "mode=ro")


def refuse_foreign(connection: sqlite3.Connection, path: Path) -> set[str]:
    """The migrations that the file has; raises `DataError` where it is another program's, or a newer miareview's."""
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    done = applied(connection) if "_sqlite_migrations" in tables else set()
    if tables and not done:
        raise DataError(f"{path} is the database of another program.", "Name another file with --db.")
    if newer := done.difference(MIGRATIONS):
        raise DataError(f"{path} was made by a newer miareview ({min(newer)}).", "Update miareview.")
    return done


def applied(connection: sqlite3.Connection) -> set[str]:
    """Names of the migrations that the file has."""
    rows = connection.execute("select name from _sqlite_migrations where migration_set = 'miareview'")
    return {name for (name,) in rows}


def refuse_foreign_log(path: Path) -> None:
    """Raise `DataError` where the log beside a file was written for another one that stood there before, or cannot be
    read.

    SQLite would take its pages for this file's, and that would be the end of both. They are the file's own where the
    ledger that it holds by itself goes on in the log without a gap.
    """
    if not has_log(path):
        return
    try:
        fits = _fits(path)
    except sqlite3.Error as error:
        if _lacks_permission(error):
            raise DataError(
                f"The newest words of {path} lie in {path.name}-wal, which cannot be read where you may not write.",
                "Copy both files to a place of your own and read them there.",
            ) from error
        fits = False
    if fits:
        return
    if has_log(path):
        raise DataError(
            f"{path.name}-wal, which lies beside {path}, belongs to another file that stood there before.",
            f"Put that file back, or move {path.name}-wal and {path.name}-shm away. Nothing was changed.",
        )


def _fits(path: Path) -> bool:
    """Whether every chain of the file alone goes on, unbroken, in the file with its log."""
    whole = _connect(path, "mode=ro")
    try:
        # While this reader is there, nobody moves words into the file that are newer than those it sees.
        whole.execute("begin")
        whole.execute("select count(*) from sqlite_master").fetchone()
        try:
            heads = _heads_alone(path)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            # Beside readers, SQLite moves some pages of a change and leaves others in the log, and a kill may end it
            # there: then the file has no state of its own, and both together must be without any fault.
            heads = {}
            if whole.execute("pragma integrity_check(1)").fetchone() != ("ok",):
                return False
        return heads is None or _goes_on(whole, heads)
    finally:
        whole.close()


def _heads_alone(path: Path) -> dict[str, tuple[str, str]] | None:
    """By device, the last event and its hash in the file without its log; None where no ledger is in it."""
    alone = _still(path)
    try:
        if not alone.execute("select 1 from sqlite_master where name = 'event'").fetchone():
            return None  # nothing is in it that could be spoilt
        return {device: (id, hash) for device, id, hash in alone.execute(_HEADS)}
    finally:
        alone.close()


def _goes_on(whole: sqlite3.Connection, heads: dict[str, tuple[str, str]]) -> bool:
    """Whether the chains hold these events, and each goes on unbroken from there; chains without one, from nothing."""
    left = dict(heads)
    for (device,) in whole.execute("select distinct device from event").fetchall():
        id, head = left.pop(device, ("", ""))
        after = whole.execute(
            "select id, previous, hash from event where device = ? and id >= ? order by id", (device, id)
        )
        for number, (event, previous, hash) in enumerate(after):
            if (number == 0 and id and (event, hash) != (id, head)) or ((number or not id) and previous != head):
                return False
            head = hash
    # Pages that are missing between the two leave the indexes apart.
    return not left and whole.execute(_BY_RESPONSE).fetchone() == whole.execute(_BY_CHAIN).fetchone()


# Of several columns beside max(), SQLite takes those of the row that has it.
_HEADS = "select device, max(id), hash from event group by device"
_BY_RESPONSE = "select count(*) from event indexed by event_response"
_BY_CHAIN = "select count(*) from event indexed by event_chain"


def _lacks_permission(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def _connect(path: Path, how: str) -> sqlite3.Connection:
    # As an address, so that a file of any name is a file; ":memory:" too.
    address = f"file:{quote(os.fsencode(path.absolute()))}?{how}"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=10, isolation_level=None)
    connection.execute("pragma busy_timeout=10000")
    return connection


def _still(path: Path) -> sqlite3.Connection:
    """The file alone, taken as one that nobody writes."""
    return _connect(path, "mode=ro&immutable=1")


def _keeps_a_log(path: Path) -> bool:
    # Only of a file that this process may not write: closing it lets go of the locks that SQLite holds.
    with path.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"
