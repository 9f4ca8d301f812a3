"""Requests handed to a Batch API: which are on their way, so that none is sent twice and no batch is forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path

from miareview.errors import RefusedError
from miareview.model import Batch, Judge
from miareview.store.connection import now
from miareview.store.store import Store, insert_judge

_COLUMNS = ", ".join(field.name for field in fields(Batch))


def add_batch(store: Store, batch: Batch, judge: Judge, requests: Iterable[tuple[str, str, int]]) -> None:
    """Store a batch that is written, with its requests (custom id, response, repeat): all of it or nothing.

    Raises `RefusedError` where one of them is in another open batch.
    """
    rows = [(batch.id, custom_id, judge.id, response, repeat, 1) for custom_id, response, repeat in requests]
    with store.writing() as connection:
        insert_judge(connection, judge)
        connection.execute(
            f"insert into batch ({_COLUMNS}) values ({', '.join('?' * len(fields(Batch)))})", astuple(batch)
        )
        try:
            connection.executemany("insert into batch_request values (?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.IntegrityError as error:
            raise RefusedError(
                "A request is in another batch already.", "Run `miareview judge submit` again."
            ) from error


def batches(store: Store, *, open_only: bool = False) -> list[Batch]:
    """All batches, or those whose answers are still awaited, the oldest first."""
    where = " where closed is null" if open_only else ""
    return [Batch(*row) for row in store.rows(f"select {_COLUMNS} from batch{where} order by made, id")]


def requests(store: Store, batch: str) -> dict[str, tuple[str, int]]:
    """(response, repeat) of each request of a batch, by its custom id."""
    rows = store.rows("select custom_id, response, repeat from batch_request where batch = ?", (batch,))
    return {custom_id: (response, repeat) for custom_id, response, repeat in rows}


def in_flight(store: Store, judge: str) -> set[tuple[str, int]]:
    """(response, repeat) of every question to this judge that is in an open batch."""
    return set(store.rows("select response, repeat from batch_request where judge = ? and open = 1", (judge,)))


def set_uploaded(store: Store, batch: str, input_file: str) -> None:
    """The batch's file is with the service, under this id."""
    with store.writing() as connection:
        connection.execute("update batch set status = 'uploaded', input_file = ? where id = ?", (input_file, batch))


def set_sent(store: Store, batch: str, remote: str, input_file: str, status: str) -> None:
    """The service has made the batch, under this id."""
    with store.writing() as connection:
        connection.execute(
            "update batch set status = ?, remote = ?, input_file = ? where id = ?", (status, remote, input_file, batch)
        )


def set_progress(store: Store, batch: Batch) -> None:
    """What the service says of the batch now: its status, its counts, and when it was done with it."""
    with store.writing() as connection:
        connection.execute(
            "update batch set status = ?, completed = ?, failed = ?, finished = ? where id = ?",
            (batch.status, batch.completed, batch.failed, batch.finished, batch.id),
        )


def close_batch(store: Store, batch: str, status: str, error: str | None = None) -> None:
    """Nothing more is awaited of the batch: those of its requests without an answer may be sent again."""
    with store.writing() as connection:
        connection.execute(
            "update batch set status = ?, error = ?, closed = ? where id = ?", (status, error, now(), batch)
        )
        connection.execute("update batch_request set open = 0 where batch = ?", (batch,))


@contextmanager
def sole(folder: Path) -> Iterator[None]:
    """Holds the folder of batches for this process alone, until it ends, however it ends.

    Raises `RefusedError` where another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # A lock of SQLite: it works wherever the database does, and a killed process lets go of it.
    lock = sqlite3.connect(folder / "lock", timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            raise RefusedError(
                "Another `miareview judge submit` is at work on this database.", "Let it end."
            ) from error
        yield
    finally:
        lock.close()
