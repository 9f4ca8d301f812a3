"""The derived tables of gold: labels that were settled, rules, guidelines, splits, relabelled categories."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from miareview.events import Event
from miareview.model import points_text
from miareview.store.event_rows import COLUMNS, event_of
from miareview.store.settling import fold_settled, said_of

Rows = list[tuple[Any, ...]]

TABLES = ("label", "guideline", "rule", "split_item", "category_label")
"""Each can be made again from the events of its kind; see `rows_of`."""
SPLITS = ("tune", "dev", "test")

_TABLE_OF = {
    "settle": "label", "guideline": "guideline", "rule": "rule", "split": "split_item", "relabel": "category_label",
}  # fmt: skip


def derive_gold(connection: sqlite3.Connection, written: list[Event]) -> None:
    """Bring the tables up to date after these events were written."""
    for response, component in {(e.response, e.component) for e in written if e.kind == "settle"}:
        connection.execute("delete from label where response = ? and position = ?", (response, component))
        _insert(connection, "label", _labels(connection, response, component))
    for table in {_TABLE_OF[event.kind] for event in written if event.kind in _TABLE_OF} - {"label"}:
        _make(connection, table)


def rederive_gold(connection: sqlite3.Connection) -> None:
    """Throw the tables away and make them again from the ledger."""
    for table in TABLES:
        _make(connection, table)


def rows_of(connection: sqlite3.Connection, table: str) -> Rows:
    """The rows that a table of `TABLES` has if it is as the ledger says, in the order of its key."""
    match table:
        case "label":
            return _labels(connection)
        case "guideline":
            return _guidelines(connection)
        case "rule":
            return [
                (said["number"], said["text"], e.reviewer, e.at, e.guideline, e.id)
                for e in _events(connection, "rule")
                if (said := said_of(e))
            ]
        case "split_item":
            return sorted(_split_items(connection))
        case _:
            return sorted(_categories(connection))


def _make(connection: sqlite3.Connection, table: str) -> None:
    connection.execute(f"delete from {table}")
    _insert(connection, table, rows_of(connection, table))


def _insert(connection: sqlite3.Connection, table: str, rows: Rows) -> None:
    if rows:
        connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def _events(connection: sqlite3.Connection, kind: str, where: str = "", *values: Any) -> Iterator[Event]:
    """Events of a kind, oldest first; those that are on no response unless `where` says otherwise."""
    where = where or "response is null order by id"
    return map(event_of, connection.execute(f"select {COLUMNS} from event where kind = ? and {where}", (kind, *values)))


def settles(connection: sqlite3.Connection, response: str | None, component: int | None) -> list[Event]:
    """The `settle` events on one component, oldest first."""
    where = "response = ? and component = ? order by id"
    return list(_events(connection, "settle", where, response, component))


def _labels(connection: sqlite3.Connection, response: str | None = None, component: int | None = None) -> Rows:
    person = dict(connection.execute("select name, person from reviewer").fetchall())
    everything = "response is not null order by response, component, id"
    told = settles(connection, response, component) if response else _events(connection, "settle", everything)
    rows: Rows = []
    for (of, position), events in groupby(told, key=lambda event: (event.response, event.component)):
        found = fold_settled(events)
        if found is not None:
            points = None if found.points is None else points_text(found.points)
            rows.append(
                (
                    of, position, found.ruling, points, found.ungradable, person.get(found.by, found.by), found.at,
                    found.guideline, found.rule, found.judge_seen, found.own, found.seconds, found.note, found.event,
                )
            )  # fmt: skip
    return rows


def _guidelines(connection: sqlite3.Connection) -> Rows:
    """Every text once, numbered by when it was first adopted; `current` is the one adopted last."""
    events = list(_events(connection, "guideline"))
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(said_of(event)["version"], event)
    current = said_of(events[-1])["version"] if events else None
    return [
        (number, version, said_of(event)["text"], event.reviewer, event.at, version == current, event.id)
        for number, (version, event) in enumerate(first.items(), start=1)
    ]


def _split_items(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    newest: dict[str, tuple[Event, dict[str, list[str]]]] = {}
    for event in _events(connection, "split"):
        said = said_of(event)
        if "used" not in said:
            newest[said["benchmark"]] = (event, {split: said[split] for split in SPLITS})
    for event, parts in newest.values():
        for split, items in parts.items():
            for item in items:
                yield item, split, event.id


def _categories(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    newest: dict[tuple[str, int | None], Event] = {}
    for event in _events(connection, "relabel"):
        newest[said_of(event)["item"], event.component] = event
    for (item, position), event in newest.items():
        if category := said_of(event)["category"]:
            yield item, position, category, event.reviewer, event.at, event.id
