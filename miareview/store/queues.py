"""Queues as they were drawn: written once, with every row's position, stratum and inclusion probability."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from miareview.errors import DataError, RefusedError, UsageError
from miareview.identity import digest
from miareview.model import Queue, QueueRow
from miareview.store.ledger import Entry, write
from miareview.store.store import Store


def drawn(queue: Queue) -> dict[str, object]:
    """What the ledger keeps of a draw: its design, and digests of what was drawn and of how."""
    return {
        "design": queue.design,
        "seed": queue.seed,
        "frame_size": queue.frame_size,
        "size": queue.size,
        "blind": queue.blind,
        "reveal": queue.reveal,
        "rows": digest(*(row.response for row in queue.rows)),
        "odds": digest(queue.frame, queue.made, *((r.position, r.stratum, r.probability) for r in queue.rows)),
    }


def add_queue(store: Store, queue: Queue, by: str = "") -> None:
    """Store a queue, and write it into the ledger as drawn `by` somebody. Raises `UsageError` if the name is taken."""
    if store.rows("select 1 from queue where name = ?", (queue.name,)):
        raise UsageError(f"There is already a queue named {queue.name!r}.", "Choose another --name.")
    with store.writing() as connection:
        connection.execute(
            "insert into queue values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                queue.name,
                queue.design,
                queue.seed,
                queue.frame,
                queue.frame_size,
                queue.size,
                queue.blind,
                queue.made,
                queue.reveal,
            ),
        )
        connection.executemany(
            "insert into queue_row values (?, ?, ?, ?, ?)",
            [(queue.name, row.position, row.response, row.stratum, row.probability) for row in queue.rows],
        )
        write(store, connection, [Entry(by, "queue", value=json.dumps(drawn(queue)), queue=queue.name)])


def queues(store: Store) -> list[Queue]:
    """All queues with their rows, in the order of their making."""
    # Put together here: SQLite takes three times as long to join and sort as many rows.
    answers = {id: (item, model) for id, item, model in store.rows("select id, item, model from response")}
    rows: dict[str, list[QueueRow]] = {}
    for name, position, response, stratum, probability in store.rows(
        "select queue, position, response, stratum, probability from queue_row order by queue, position"
    ):
        row = QueueRow(position, response, *answers[response], stratum, probability)
        rows.setdefault(name, []).append(row)
    return [replace(found, rows=tuple(rows.get(found.name, ()))) for found in designs(store)]


def designs(store: Store) -> list[Queue]:
    """All queues as they were designed, in the order of their making; their rows are left in the file."""
    return [
        Queue(name, design, seed, frame, frame_size, size, bool(blind), made, (), reveal)
        for name, design, seed, frame, frame_size, size, blind, made, reveal in store.rows(
            "select name, design, seed, frame, frame_size, size, blind, made, reveal from queue order by made, name"
        )
    ]


def design(store: Store, name: str) -> Queue:
    """One queue by name, its rows left in the file. Raises `DataError` if there is none."""
    for found in designs(store):
        if found.name == name:
            return found
    raise DataError(f"There is no queue named {name!r}.", "See `miareview queue list`.")


def queue(store: Store, name: str) -> Queue:
    """One queue by name, with its rows. Raises `DataError` if there is none."""
    found = design(store, name)
    rows = store.rows(
        "select position, response, item, model, stratum, probability from queue_row"
        " join response on response.id = queue_row.response where queue = ? order by position",
        (name,),
    )
    return replace(found, rows=tuple(QueueRow(*row) for row in rows))


def lengths(store: Store) -> dict[str, int]:
    """How many responses each queue has."""
    return dict(store.rows("select queue, count(*) from queue_row group by queue"))


def rows_among(store: Store, name: str, responses: Collection[str]) -> int:
    """How many of these responses are in a queue."""
    ((found,),) = store.rows(
        "select count(distinct response) from json_each(?) join queue_row on response = json_each.value"
        " where queue = ?",
        (json.dumps(list(responses)), name),
    )
    return int(found)


def delete_queue(store: Store, name: str) -> None:
    """Remove a queue that nobody has worked in. Raises `RefusedError` where reviews came out of it."""
    design(store, name)
    (worked,) = store.rows("select count(*) from event where queue = ? and kind = 'commit'", (name,))[0]
    if worked:
        raise RefusedError(
            f"The queue {name!r} has {worked} reviews, which need its design to mean anything.", "It stays."
        )
    with store.writing() as connection:
        connection.execute("delete from queue where name = ?", (name,))


def committers(store: Store, names: Collection[str]) -> dict[str, list[str]]:
    """By response, everybody who has committed it while working in one of these queues, by name."""
    found: dict[str, list[str]] = {}
    for response, reviewer, text in store.rows(
        "select response, reviewer, committed_queues from review_status where committed_at is not null"
        " order by response, reviewer"
    ):
        if not set(names).isdisjoint(queue_names(text)):
            found.setdefault(response, []).append(reviewer)
    return found


def commits(store: Store) -> set[tuple[str, str]]:
    """(queue, response) of what anybody has committed while working in that queue ("" outside any)."""
    return {
        (name, response)
        for text, response in store.rows(
            "select distinct committed_queues, response from review_status where committed_at is not null"
        )
        for name in queue_names(text)
    }


@lru_cache(maxsize=256)
def queue_names(text: str) -> tuple[str, ...]:
    """The list of queues, as it is stored; few differ, so each is read once."""
    return tuple(json.loads(text))
