"""The summary once more, a column at a time: what filters, orders and counts are found in.

A list asks for a few columns of all rows, and SQLite keeps rows. So each column is kept in pieces of a thousand
responses, as plain numbers with the least byte first; a text that recurs is a number too, which `browse_value` tells.
A piece is made of the rows it holds, in the transaction that changes them.
"""

from __future__ import annotations

import json
import math
import sqlite3
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from miareview.store.connection import Connection

PIECE = 1000
"""Responses of a piece; those of the first have the ids 1 to 1000."""
_PIECES_AT_ONCE = 20  # made in one transaction
_NUMBERS = {"number": "q", "count": "I", "place": "H", "points": "d", "text": "I", "choice": "B"}
_TEXTS = ("text", "choice")

RESPONSE = {
    "benchmark": "text", "item": "count", "number": "number", "model": "text", "difficulty": "text", "status": "choice",
    "words": "count", "weight": "number", "judge": "points", "people": "points", "reviewers": "count", "gold": "choice",
    "read": "choice", "why": "count", "parts": "place",
}  # fmt: skip
"""Columns of responses, in the order of their ids, and what they hold. `item` is a rowid, and `parts` says how many
components follow in the columns of those."""

STATE = "select key, value from browse_state order by key"
"""Tells whether two reads are of the same summary: nothing is put into it without changing this."""

PART = {
    "position": "place", "category": "text", "weight": "count", "judge": "points", "people": "points", "gold": "choice",
    "why": "count",
}  # fmt: skip
"""Columns of components, in the order of their responses, then of their positions; kept with "part." before them."""

_OF_RESPONSE = {
    "item": "item.rowid", "number": "r.number", "parts": "(select count(*) from browse_part where row = r.id)"
}  # fmt: skip


def kind_of(name: str) -> str:
    """What a column holds, by its name in `browse_column`."""
    return PART[name.removeprefix("part.")] if name.startswith("part.") else RESPONSE[name]


def type_of(name: str) -> str:
    """The type of a column's numbers, as `array` and `struct` call it."""
    return _NUMBERS[kind_of(name)]


def put_pieces(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Make the pieces anew that these rows of the summary are in."""
    codes = _Codes(connection)
    for piece in sorted({(id - 1) // PIECE for id in ids}):
        among = (piece * PIECE + 1, (piece + 1) * PIECE)
        wanted = ", ".join(_OF_RESPONSE.get(name, f"r.{name}") for name in RESPONSE)
        rows = connection.execute(
            f"select {wanted} from browse_row r join item on item.id = r.item where r.id between ? and ? order by r.id",
            among,
        ).fetchall()
        parts = connection.execute(
            f"select {', '.join(PART)} from browse_part where row between ? and ? order by row, position", among
        ).fetchall()
        for names, found in ((list(RESPONSE), rows), ([f"part.{name}" for name in PART], parts)):
            columns = list(zip(*found, strict=True)) or [()] * len(names)
            connection.executemany(
                "insert into browse_column values (?, ?, ?) on conflict do update set data = excluded.data",
                [(name, piece, _packed(name, values, codes)) for name, values in zip(names, columns, strict=True)],
            )


def put_missing(store: Connection) -> None:
    """Make the pieces that are not there, as in a file whose summary is older than its columns."""
    ((last,),) = store.rows("select coalesce(max(id), 0) from browse_row")
    there = {piece for (piece,) in store.rows("select piece from browse_column where name = 'number'")}
    missing = [piece for piece in range(math.ceil(last / PIECE)) if piece not in there]
    for place in range(0, len(missing), _PIECES_AT_ONCE):
        with store.writing() as connection:
            put_pieces(connection, [piece * PIECE + 1 for piece in missing[place : place + _PIECES_AT_ONCE]])


def moment(store: Connection) -> object:
    """What is equal for two reads between which no column changed."""
    state = store.rows(STATE)
    pieces = store.rows("select count(*) from browse_column where name = 'number'")
    return store.connection, state, pieces


def read_column(store: Connection, name: str) -> bytes:
    """All of a column, least byte first; see `type_of`."""
    pieces = store.rows("select data from browse_column where name = ? order by piece", (name,))
    return b"".join([data for (data,) in pieces])


def read_pieces(store: Connection, name: str, places: Sequence[int]) -> dict[int, bytes]:
    """The pieces of a column that hold the responses at these places (from 0), by the place of their first response."""
    pieces = sorted({place // PIECE for place in places})
    sql = "select piece, data from browse_column where name = ? and piece in (select value from json_each(?))"
    return {piece * PIECE: data for piece, data in store.rows(sql, (name, json.dumps(pieces)))}


def values_of(store: Connection, name: str) -> list[str | None]:
    """The texts of a column by their numbers; 0 is none."""
    found = dict(store.rows("select code, value from browse_value where name = ?", (name.removeprefix("part."),)))
    return [found.get(code) for code in range(max(found, default=0) + 1)]


class _Codes:
    """The numbers that stand for texts; a text that has none gets the next."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, dict[str, int]] = {}
        for name, code, value in connection.execute("select name, code, value from browse_value"):
            self._known.setdefault(name, {})[value] = code

    def code(self, name: str, value: str | None) -> int:
        if value is None:
            return 0
        known = self._known.setdefault(name, {})
        if value not in known:
            known[value] = len(known) + 1
            self._connection.execute("insert into browse_value values (?, ?, ?)", (name, known[value], value))
        return known[value]


def _packed(name: str, values: Sequence[Any], codes: _Codes) -> bytes:
    kind = kind_of(name)
    if kind in _TEXTS:
        values = [codes.code(name.removeprefix("part."), value) for value in values]
    elif kind == "points":
        values = [math.nan if value is None else value for value in values]
    numbers = array(type_of(name), values)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
