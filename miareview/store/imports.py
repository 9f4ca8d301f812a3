"""Facts in the chain: what came in, from where, and one digest over it, so that a changed fact is found."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from miareview.identity import json_array
from miareview.store.connection import Connection, now
from miareview.store.entry import Entry
from miareview.store.ledger import rederive, write

ADOPTED = "facts_chained"
"""The setting that says when facts of before were taken into the chain."""

# Whole rows in a fixed order, with all that hangs on them; a column more would be another digest.
_ROWS = {
    "item": """select item.id, benchmark, number, image_url, instruction, difficulty,
        (select json_group_array(json_array(position, category, text, weight))
            from (select * from component where item = item.id order by position))
        from item where imported_at = ? order by item.id""",
    "response": "select id, item, model, text, status, source from response where imported_at = ? order by id",
    "judgment": """select judgment.id, response, judge.id, name, prompt, parameters, sees_image, repeat, raw, status,
        warnings, stated_points, stated_of, published_total, harness_total,
        (select json_group_array(json_array(position, points, sixtieths, span_start, span_end))
            from (select * from sub_score where judgment = judgment.id order by position))
        from judgment join judge on judge.id = judge where imported_at = ? order by judgment.id""",
    "reread": """select judgment, number, reader, status, warnings, stated_points, stated_of,
        (select json_group_array(json_array(position, points, sixtieths, span_start, span_end))
            from (select * from reread_score where judgment = reread.judgment and number = reread.number
                order by position))
        from reread where imported_at = ? order by judgment, number""",
}
TABLES = tuple(_ROWS)


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that facts come from: its name, the SHA-256 of its bytes, and how many there are."""

    file: str
    sha256: str
    size: int


def moment(connection: sqlite3.Connection, table: str) -> str:
    """The time under which facts of a table come in now: later than all that are there, whatever the clock says."""
    (last,) = connection.execute(f"select coalesce(max(imported_at), '') from {table}").fetchone()
    time = now()
    if time > last:
        return time
    later = datetime.fromisoformat(last) + timedelta(microseconds=1)
    return later.isoformat(timespec="microseconds").replace("+00:00", "Z")


def facts_digest(connection: sqlite3.Connection, table: str, at: str) -> tuple[int, str]:
    """How many facts of a table came in at that moment, and the SHA-256 over their rows in the order of their ids."""
    count, sha = 0, hashlib.sha256()
    for row in connection.execute(_ROWS[table], (at,)):
        count += 1
        sha.update(json_array(row) + b"\n")
    return count, sha.hexdigest()


def chain_facts(
    store: Connection, connection: sqlite3.Connection, table: str, at: str, origin: Origin | None = None, **more: str
) -> None:
    """Write into the ledger what came in at `at`, within the transaction that brought it; nothing where nothing did."""
    if entry := _entry(connection, table, at, (asdict(origin) if origin else {}) | more):
        write(store, connection, [entry])


def adopt(store: Connection) -> None:
    """Fill the derived tables of a file of an older version; and where its facts are not in the chain, record their
    digests as they are now. That nobody changed them before, they cannot tell, and say so ("late")."""
    with store.writing() as connection:
        rederive(connection)
        if connection.execute("select 1 from setting where key = ?", (ADOPTED,)).fetchone():
            return
        entries = [
            _entry(connection, table, at, {"late": True}) for table in TABLES for at in _moments(connection, table)
        ]
        write(store, connection, [entry for entry in entries if entry])
        connection.execute("insert into setting values (?, ?)", (ADOPTED, now()))


def unchained(connection: sqlite3.Connection, recorded: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """(where, what) of facts that are not as the import events (their values) say: changed, taken away, or added."""
    told = {(value["table"], value["at"]): value for value in recorded}
    for table in TABLES:
        for at in _moments(connection, table):
            value = told.pop((table, at), None)
            where = f"table {table}, imported {at or 'at first'}"
            if value is None:
                yield where, "no import of the ledger brought these rows"
            elif (value["count"], value["facts"]) != facts_digest(connection, table, at):
                yield where, f"rows are not as they were imported{_named(value)}"
    for (table, at), value in told.items():
        yield f"table {table}, imported {at or 'at first'}", f"{value['count']} rows are gone{_named(value)}"


def _named(value: dict[str, Any]) -> str:
    return f" from {value['file']}" if value.get("file") else ""


def _moments(connection: sqlite3.Connection, table: str) -> list[str]:
    return [at for (at,) in connection.execute(f"select distinct imported_at from {table} order by 1")]


def _entry(connection: sqlite3.Connection, table: str, at: str, more: dict[str, Any]) -> Entry | None:
    count, sha256 = facts_digest(connection, table, at)
    if not count:
        return None
    # `facts` is the digest; a file's own stands beside it under another name.
    value = {"table": table, "at": at, "count": count, "facts": sha256, **more}
    return Entry("", "import", value=json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True))
