"""Queues as they were drawn: written once, with every row's position, stratum and inclusion probability."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import compress

from miareview.errors import DataError, RefusedError, UsageError
from miareview.identity import RunningDigest
from miareview.model import Queue, QueueRow
from miareview.store.guard import DEALT
from miareview.store.store import Store


class Draw:
    """What the ledger keeps of a draw: its design, and digests of what was drawn, of how, and for whom.

    The rows are told to it one by one, so that a queue may be of any length.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._rows, self._odds, self._people = RunningDigest(), RunningDigest(), RunningDigest()
        self._odds.add(queue.frame)
        self._odds.add(queue.made)
        self._dealt = False

    def tell(self, position: int, response: str, stratum: str, probability: float, people: tuple[str, ...]) -> None:
        self._rows.add(response)
        self._odds.add((position, stratum, probability))
        self._people.add(people)
        self._dealt = self._dealt or bool(people)

    def value(self) -> dict[str, object]:
        queue = self._queue
        dealt: dict[str, object] = {"people": self._people.hex()} if self._dealt else {}
        return {
            "design": queue.design,
            "seed": queue.seed,
            "frame_size": queue.frame_size,
            "size": queue.size,
            "blind": queue.blind,
            "reveal": queue.reveal,
            "rows": self._rows.hex(),
            "odds": self._odds.hex(),
        } | dealt


def drawn(store: Store, queue: Queue) -> dict[str, object]:
    """What the ledger would keep of a queue as it lies in the file now."""
    draw = Draw(queue)
    for position, response, stratum, probability, people in store.stream(
        "select position, response, stratum, probability, people from queue_row where queue = ? order by position",
        (queue.name,),
    ):
        draw.tell(position, response, stratum, probability, names_in(people))
    return draw.value()


def add_queue(store: Store, queue: Queue, by: str = "") -> None:
    """Store a queue with its rows in a transaction of its own. Raises as `put_queue`."""
    with store.writing() as connection:
        put_queue(store, connection, queue, queue.rows, by)


def put_queue(
    store: Store, connection: sqlite3.Connection, queue: Queue, rows: Iterable[QueueRow], by: str = ""
) -> None:
    """Store a queue and these rows of it, and write it into the ledger as drawn `by` somebody.

    Raises `UsageError` if the name is taken.
    """
    from miareview.store.entry import Entry
    from miareview.store.ledger import write

    if store.rows("select 1 from queue where name = ?", (queue.name,)):
        raise UsageError(f"There is already a queue named {queue.name!r}.", "Choose another --name.")
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
    draw = Draw(queue)

    def kept() -> Iterator[tuple[str, int, str, str, float, str]]:
        for row in rows:
            draw.tell(row.position, row.response, row.stratum, row.probability, row.people)
            yield queue.name, row.position, row.response, row.stratum, row.probability, _names_text(row.people)

    connection.executemany("insert into queue_row values (?, ?, ?, ?, ?, ?)", kept())
    write(store, connection, [Entry(by, "queue", value=json.dumps(draw.value()), queue=queue.name)])


def rows_of(store: Store, name: str) -> Iterator[QueueRow]:
    """The rows of a queue, one by one, in its order."""
    rows = store.stream(
        "select position, response, item, model, stratum, probability, people from queue_row"
        " join response on response.id = queue_row.response where queue = ? order by position",
        (name,),
    )
    return (
        QueueRow(place, response, item, model, stratum, probability, names_in(people))
        for place, response, item, model, stratum, probability, people in rows
    )


def answers_in(store: Store, name: str, item: str | None = None) -> list[tuple[str, str]]:
    """(response, item), ids, of the rows of a queue, in its order; all, or those that answer one item."""
    if item is None:
        return store.rows(
            "select response, item from queue_row join response on response.id = queue_row.response where queue = ?"
            " order by position",
            (name,),
        )
    # "cross" and "+" have SQLite begin with the item's few responses, and not with all rows of the queue.
    return store.rows(
        "select response, item from response cross join queue_row on queue_row.response = response.id"
        " where item = ? and +queue = ? order by position",
        (item, name),
    )


def queues(store: Store) -> list[Queue]:
    """All queues with their rows, in the order of their making."""
    # Put together here: SQLite takes three times as long to join and sort as many rows.
    answers = {id: (item, model) for id, item, model in store.rows("select id, item, model from response")}
    rows: dict[str, list[QueueRow]] = {}
    for name, position, response, stratum, probability, people in store.rows(
        "select queue, position, response, stratum, probability, people from queue_row order by queue, position"
    ):
        row = QueueRow(position, response, *answers[response], stratum, probability, names_in(people))
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
    return replace(found, rows=tuple(rows_of(store, name)))


def dealt_to(store: Store, name: str) -> list[str]:
    """Everybody who has a part of a queue that was dealt out, by name; nobody where it was not."""
    if not store.rows(f"select 1 where {DEALT.format(queue='?')}", (name,)):
        return []
    rows = store.rows("select distinct people from queue_row where queue = ?", (name,))
    return sorted({name for (people,) in rows for name in names_in(people)})


def lengths(store: Store) -> dict[str, int]:
    """How many responses each queue has: its last place, since places count from 1 without a gap."""
    last = "select coalesce(max(position), 0) from queue_row where queue = name"
    return dict(store.rows(f"select name, ({last}) from queue"))


def among(store: Store, name: str, responses: Collection[str]) -> set[str]:
    """Those of these responses (ids) that are in a queue."""
    rows = store.rows(
        "select distinct response from json_each(?) join queue_row on response = json_each.value where queue = ?",
        (json.dumps(list(responses)), name),
    )
    return {id for (id,) in rows}


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
        if not set(names).isdisjoint(names_in(text)):
            found.setdefault(response, []).append(reviewer)
    return found


def commits(store: Store) -> dict[str, set[str]]:
    """By queue, the responses (ids) that anybody has committed while working in it ("" outside any)."""
    texts, responses = store.columns(
        ("committed_queues", "response"), "from review_status where committed_at is not null"
    )
    found: dict[str, set[str]] = {}
    for text in set(texts):
        for name in names_in(text):
            found.setdefault(name, set()).update(compress(responses, map(text.__eq__, texts)))
    return found


def orders(store: Store) -> dict[str, dict[str, list[str]]]:
    """By queue and model, the responses (ids) in the order of the queue."""
    model_of = dict(zip(*store.columns(("id", "model"), "from response"), strict=True))
    found: dict[str, dict[str, list[str]]] = {}
    for (name,) in store.rows("select name from queue"):
        by_model = found.setdefault(name, {})
        (responses,) = store.columns(
            ("response",), "from (select response from queue_row where queue = ? order by position)", (name,)
        )
        for response in responses:
            by_model.setdefault(model_of[response], []).append(response)
    return found


def read_elsewhere(store: Store, reviewer: str, name: str) -> set[str]:
    """Ids of the responses that a person has committed, and not in this queue."""
    rows = store.rows(
        "select response, committed_queues from review_status where reviewer = ? and committed_at is not null",
        (reviewer,),
    )
    return {response for response, text in rows if name not in names_in(text)}


def second_queues(store: Store) -> set[str]:
    """Names of the queues of second readings."""
    return {name for (name,) in store.rows("select name from queue where design = 'second'")}


def second_only(store: Store) -> set[tuple[str, str]]:
    """(response, reviewer) of what was committed in queues of second readings and nowhere else.

    Whether a response is read twice depends there on what the first reader said, so such a reading counts in labels
    and in rates that know its chance, and in no other number.
    """
    second = second_queues(store)
    return {
        (response, reviewer)
        for response, reviewer, text in store.rows(
            "select response, reviewer, committed_queues from review_status where ? and committed_at is not null",
            (bool(second),),
        )
        if second.issuperset(names_in(text))
    }


@lru_cache(maxsize=256)
def names_in(text: str) -> tuple[str, ...]:
    """A list of names, as it is stored; few differ, so each is read once."""
    return tuple(json.loads(text))


@lru_cache(maxsize=256)
def _names_text(names: tuple[str, ...]) -> str:
    return json.dumps(names)
