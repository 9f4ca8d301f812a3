"""Rows out of the summary, without what the one who looks must not know yet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from miareview.store.browse_terms import Question, Sight, Unit
from miareview.store.store import Store

_RESPONSE = ("item", "difficulty", "model", "status", "words", "weight", "judge", "people", "delta", "reviewers",
             "gold", "read")  # fmt: skip
COLUMNS: Mapping[Unit, tuple[str, ...]] = {
    "response": _RESPONSE,
    "component": (*_RESPONSE, "category", "component"),
    "item": ("item", "difficulty", "weight", "words", "judge", "people", "delta", "reviewers"),
}
"""What rows can be sorted by."""
FACETS = ("category", "component", "difficulty", "gold", "item", "judge", "model", "people", "read", "reviewers",
          "status", "why", "words")  # fmt: skip
"""What rows can be counted by."""
_TELLS = (
    "exists (select 1 from browse_row same cross join temp.browse_waiting wait on wait.response = same.response"
    " where same.item = r.item and same.body = r.body and same.body <> '')"
)
_PUT: WeakKeyDictionary[Store, tuple[int, Sight]] = WeakKeyDictionary()
BEGINNING = 200
"""Characters of an answer that a row carries."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row; where it waits, what depends on the judge or on others is None and `model` is masked.

    Points are those of the row; an item's are means over its responses. `text` is the beginning of the answer, and
    `component` a position.
    """

    response: str | None
    item: int
    difficulty: str
    model: str | None
    status: str | None
    words: int
    weight: int
    judge: float | None
    people: float | None
    delta: float | None
    reviewers: int | None
    gold: str | None
    read: str | None
    why: int | None
    waits: bool
    responses: int
    text: str | None = None
    component: int | None = None
    category: str | None = None


def any_response(store: Store, benchmark: str) -> str | None:
    """Id of some response of a benchmark."""
    rows = store.rows(
        "select response.id from response join item on item.id = item where benchmark = ? limit 1", (benchmark,)
    )
    return rows[0][0] if rows else None


def put_waiting(store: Store, sight: Sight) -> None:
    """Put what waits beside the summary, for this connection; once where the sight is the same."""
    with store.lock:
        if _PUT.get(store) == (id(store.connection), sight):
            return
        connection = store.connection
        connection.execute("create temp table if not exists browse_waiting (response text primary key, label text)")
        connection.execute("begin")
        try:
            connection.execute("delete from temp.browse_waiting")
            connection.executemany("insert into temp.browse_waiting values (?, ?)", sight.waiting.items())
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
        _PUT[store] = (id(connection), sight)


def read_rows(store: Store, question: Question, sight: Sight, found: Sequence[tuple[int, int]]) -> list[FoundRow]:
    """The rows of these places, in their order: (number in the summary, component's position or 0).

    Of a sight that has something waiting, `put_waiting` must have been told.
    """
    return [_row(row) for row in store.rows(_whole(question, sight), (json.dumps(found),))]


def waiting_rows(store: Store) -> list[tuple[int, str]]:
    """(number, label) of the rows that wait, as `put_waiting` was told."""
    return store.rows("select r.id, label from temp.browse_waiting w join browse_row r on r.response = w.response")


def telling_rows(store: Store, twins: Sequence[int]) -> list[int]:
    """Those of these rows whose "the same answer got other points" would tell something of a response that waits."""
    sql = f"select r.id from json_each(?) found cross join browse_row r on r.id = found.value where {_TELLS}"
    return [id for (id,) in store.rows(sql, (json.dumps(twins),))]


def responses_at(store: Store, rows: Sequence[int]) -> list[str]:
    """Ids of the responses of these rows, in their order."""
    sql = "select r.response from json_each(?) found cross join browse_row r on r.id = found.value order by found.key"
    return [id for (id,) in store.rows(sql, (json.dumps(rows),))]


def _whole(question: Question, sight: Sight) -> str:
    """SQL of the rows at a JSON array of places."""
    part = question.unit == "component"
    one, own = ("p", "(p.why | (r.why & {}))") if part else ("r", "r.why")
    source, waits, model, tells = "", "0", "r.model", "0"
    if sight.waiting:
        source = " left join temp.browse_waiting w on w.response = r.response"
        waits, model, tells = "(w.response is not null)", "coalesce(w.label, r.model)", _TELLS
    own = own.format(question.of_the_whole)
    untold = f"case when {tells} then {own} & ~{question.twin} else {own} end"
    why = f"(({untold}) | case when ({untold}) & {question.twin} then {question.bits['self']} else 0 end)"
    hidden = (f"{one}.judge", f"{one}.people", f"{one}.delta", "r.reviewers", f"{one}.gold", "r.read", why)
    columns = [
        "r.response", "r.number", "r.difficulty", model, "r.status", "r.words", f"{one}.weight",
        *(f"case when not {waits} then {sql} end" for sql in hidden), waits, "1",
        f"(select substr(text, 1, {BEGINNING}) from response where id = r.response)",
        *(("p.position", "p.category") if part else ()),
    ]  # fmt: skip
    joined = " cross join browse_part p on p.row = r.id and p.position = found.value ->> 1" if part else ""
    return (
        f"select {', '.join(columns)} from json_each(?) found cross join browse_row r on r.id = found.value ->> 0"
        f"{joined}{source} order by found.key"
    )


def _row(row: tuple[Any, ...]) -> FoundRow:
    values = list(row)
    values[14] = bool(values[14])
    return FoundRow(*values)
