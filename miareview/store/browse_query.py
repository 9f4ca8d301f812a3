"""Filters as SQL, and pages of rows out of the summary, without what the one who looks must not know yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as counting
from typing import Any

from miareview.filters import Term
from miareview.store.browse_terms import Question, Sight, Unit, clause, masks_of, why_sql
from miareview.store.store import Store

# Columns that rows can be sorted and counted by: SQL in a unit's query, and whether a blind reviewer may know it.
_OPEN = {"item", "difficulty", "words", "status", "weight", "category", "component", "response"}
_RESPONSE = {
    "item": "r.number", "difficulty": "r.difficulty", "model": "r.model", "status": "r.status", "words": "r.words",
    "weight": "r.weight", "judge": "r.judge_share", "people": "r.people_share", "delta": "abs(r.delta)",
    "reviewers": "r.reviewers", "gold": "r.gold", "read": "r.read",
}  # fmt: skip
_COMPONENT = _RESPONSE | {
    "weight": "p.weight", "judge": "p.judge_share", "people": "p.people_share", "delta": "abs(p.delta)",
    "gold": "p.gold", "category": "p.category", "component": "p.position",
}  # fmt: skip
_ITEM = {
    "item": "r.number", "difficulty": "r.difficulty", "weight": "r.weight", "words": "avg(r.words)",
    "judge": "avg(r.judge_share)", "people": "avg(r.people_share)", "delta": "avg(abs(r.delta))",
    "reviewers": "sum(r.reviewers)",
}  # fmt: skip
COLUMNS: Mapping[Unit, Mapping[str, str]] = {"response": _RESPONSE, "component": _COMPONENT, "item": _ITEM}
FACETS = ("category", "component", "difficulty", "gold", "item", "judge", "model", "people", "read", "reviewers",
          "status", "why", "words")  # fmt: skip
_INDEXED = {"item", "model", "words"}  # counted without the table
_BY_ITEM = " indexed by browse_row_number"
_AT_ONCE = 1000
_FOUND = counting()
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


@dataclass(frozen=True, slots=True)
class Found:
    """A page: `matched` rows in all, `held_back` responses left out because they wait for the one who looks."""

    matched: int
    held_back: int
    rows: list[FoundRow]


def find_rows(store: Store, question: Question, sight: Sight, limit: int, offset: int = 0) -> Found:
    """A page of the rows that a filter matches, in the order asked for."""
    with store.lock:
        put_waiting(store.connection, sight)
        where, values = _where(question, sight, question.sort)
        # SQLite would count in the index of an expression, and go to the table for every row.
        index = "" if question.terms else _BY_ITEM
        matched = f"select count(*) from {_source(question.unit, sight, index)} where {where}"
        if question.unit == "item":
            matched = f"select count(*) from ({matched} group by r.number)"
        ((count,),) = store.rows(matched, values)
        # Sorted by what tells rows apart alone, so that only what is on the page is read whole.
        page = f"({_ids(question, sight, where)} limit ? offset ?)"
        again, parameters = ("", []) if question.unit != "item" else (where, values)
        rows = store.rows(
            f"{_whole(question, sight, page, again)} order by {_order(question, sight)}",
            (*values, limit, offset, *parameters),
        )
        return Found(count, _held_back(store, question, sight, question.sort), [_row(row) for row in rows])


def all_rows(store: Store, question: Question, sight: Sight) -> Iterator[FoundRow]:
    """All rows that a filter matches, in the order asked for, one by one.

    They are found and sorted once, and then read by their places, so that the time is that of the rows. Others may ask
    the store in between.
    """
    if question.unit == "item":  # these are few
        yield from find_rows(store, question, sight, -1).rows
        return
    with store.lock:
        put_waiting(store.connection, sight)
        where, values = _where(question, sight, question.sort)
        table = f"temp.browse_found_{next(_FOUND)}"
        store.connection.execute(f"create table {table} as {_ids(question, sight, where)}", values)
    try:
        place = 0
        while True:
            with store.lock:
                put_waiting(store.connection, sight)
                part = f"(select rowid as place, * from {table} where rowid > ? order by rowid limit ?)"
                rows = store.rows(f"{_whole(question, sight, part)} order by found.place", (place, _AT_ONCE))
            if not rows:
                return
            yield from map(_row, rows)
            place += len(rows)
    finally:
        with store.lock:
            store.connection.execute(f"drop table {table}")


def count_values(store: Store, question: Question, sight: Sight, column: str) -> list[tuple[Any, int]]:
    """(value, how many rows have it) of a column, over the rows that the filter matches; the most frequent first."""
    with store.lock:
        put_waiting(store.connection, sight)
        where, values = _where(question, sight, [(column, False)], through_index=column in _INDEXED)
        source, shown = _source(question.unit, sight), _shown(question, column)
        if column == "why":
            bits = why_sql(question, sight)
            found = store.rows(f"select {bits}, count(*) from {source} where {where} group by 1", values)
            counts = [
                (name, sum(n for bits, n in found if bits is not None and bits & bit))
                for name, bit in question.bits.items()
            ]
            return sorted([(name, n) for name, n in counts if n], key=lambda pair: -pair[1])
        count = "count(distinct r.number)" if question.unit == "item" else "count(*)"
        if column == "category" and question.unit != "component":
            source += " join (select distinct item, category from component) c on c.item = r.item"
            shown = "c.category"
        return store.rows(
            f"select {shown}, {count} as n from {source} where {where} group by 1 order by n desc, 1", values
        )


def matching_responses(store: Store, question: Question, sight: Sight) -> list[str]:
    """Ids of all responses behind the rows that match, in the order of items; those that wait are among them only
    where the filter asks for nothing that depends on the judge or others."""
    with store.lock:
        put_waiting(store.connection, sight)
        where, values = _where(question, sight, ())
        return [id for (id,) in store.rows(
            f"select distinct r.response from {_source(question.unit, sight)} where {where}"
            f" order by r.number, {masks_of(sight).order}, r.id",
            values)]  # fmt: skip


def any_response(store: Store, benchmark: str) -> str | None:
    """Id of some response of a benchmark."""
    rows = store.rows(
        "select response.id from response join item on item.id = item where benchmark = ? limit 1", (benchmark,)
    )
    return rows[0][0] if rows else None


def _source(unit: Unit, sight: Sight, index: str = "") -> str:
    part = " join browse_part p on p.row = r.id" if unit == "component" else ""
    return f"browse_row r{index}{part}{masks_of(sight).source}"


def _ids(question: Question, sight: Sight, where: str) -> str:
    """SQL of what tells the rows apart, in order: of responses and components the row and a position, of items the
    number."""
    selected = {"response": "r.id as id", "component": "r.id as id, p.position as position", "item": "r.number as id"}
    group = " group by r.number" if question.unit == "item" else ""
    by_item = not question.terms and question.sort[:1] in ((), (("item", False),))
    # Read in the order of items, a page ends with its last row; SQLite would sort them all.
    source, order = _source(question.unit, sight, _BY_ITEM if by_item else ""), _order(question, sight)
    return f"select {selected[question.unit]} from {source} where {where}{group} order by {order}"


def _whole(question: Question, sight: Sight, ids: str, where: str = "") -> str:
    """SQL of the rows that are told apart by `ids` (a table, or SQL in brackets); an item's are those of a filter."""
    joined = {
        "response": "r.id = found.id",
        "component": "r.id = found.id join browse_part p on p.row = r.id and p.position = found.position",
        "item": "r.number = found.id",
    }
    group = f" where {where} group by r.number" if question.unit == "item" else ""
    return (
        f"select {_selected(question, sight)} from {ids} found cross join browse_row r on {joined[question.unit]}"
        f"{masks_of(sight).source}{group}"
    )


def put_waiting(connection: sqlite3.Connection, sight: Sight) -> None:
    """Put what waits, and what would tell of it, beside the summary for this connection."""
    connection.execute("create temp table if not exists browse_waiting (response text primary key, label text)")
    connection.execute("create temp table if not exists browse_tainted (id integer primary key)")
    connection.execute("delete from temp.browse_waiting")
    connection.execute("delete from temp.browse_tainted")
    if not sight.waiting:
        return
    connection.executemany("insert into temp.browse_waiting values (?, ?)", sight.waiting.items())
    # "The same answer got other points" would tell something of the judge's points of a response that waits.
    connection.execute(
        "insert into temp.browse_tainted select distinct o.id from temp.browse_waiting w"
        " join browse_row r on r.response = w.response join browse_row o on o.item = r.item and o.body = r.body"
        " where r.body <> ''"
    )


def _where(
    question: Question, sight: Sight, columns: Sequence[tuple[str, bool]], *, through_index: bool = True
) -> tuple[str, list[Any]]:
    # Nearly all rows are of one benchmark. Where more is asked than an index has, "+" has SQLite read the table in its
    # own order, and not by an index of the benchmark from which it goes to the table for every row.
    indexed = through_index and not question.terms
    clauses, values = ["r.benchmark = ?" if indexed else "+r.benchmark = ?"], [question.benchmark]
    for term in question.terms:
        sql, parameters = clause(term, question, sight)
        clauses.append(f"not coalesce(({sql}), 0)" if term.negated else f"({sql})")
        values += parameters
    if sight.waiting and _depends(question, sight, columns):
        clauses.append("w.response is null")
    return " and ".join(clauses), values


def _depends(question: Question, sight: Sight, columns: Sequence[tuple[str, bool]]) -> bool:
    """Whether what is asked depends on the judge, on other people or on a model's name."""
    return not all(_is_open(term, sight) for term in question.terms) or any(name not in _OPEN for name, _ in columns)


def _is_open(term: Term, sight: Sight) -> bool:
    if term.word.name == "queue":  # another queue may hold the answers of one model only
        return all(value.text in sight.queues for value in term.values)
    return term.open


def _held_back(store: Store, question: Question, sight: Sight, columns: Sequence[tuple[str, bool]]) -> int:
    """How many waiting responses the open part of the filter matches, where they were left out."""
    if not sight.waiting or not _depends(question, sight, columns):
        return 0
    terms = tuple(term for term in question.terms if _is_open(term, sight))
    where, values = _where(
        Question(question.benchmark, question.unit, terms, (), question.bits, question.twin), sight, ()
    )
    ((count,),) = store.rows(
        f"select count(distinct r.id) from {_source(question.unit, sight)} where {where} and w.response is not null",
        values,
    )
    return int(count)


def _order(question: Question, sight: Sight) -> str:
    columns = COLUMNS[question.unit]
    order = [f"{columns[name]} {'desc' if falls else 'asc'} nulls last" for name, falls in question.sort] + ["r.number"]
    if question.unit != "item":
        order += [masks_of(sight).order, "r.id"]
    return ", ".join(order + (["p.position"] if question.unit == "component" else []))


def _shown(question: Question, column: str) -> str:
    return {"judge": "r.judge", "people": "r.people", "category": "p.category"}.get(
        column, _RESPONSE.get(column, "")
    ) if question.unit != "component" else {"judge": "p.judge", "people": "p.people"}.get(
        column, _COMPONENT.get(column, "")
    )  # fmt: skip


def _selected(question: Question, sight: Sight) -> str:
    masks = masks_of(sight)
    hide = f"case when not {masks.waits} then {{}} end"
    if question.unit == "item":
        means = [f"avg({hide.format(f'r.{name}')})" for name in ("judge", "people", "delta")]
        return (
            f"null, r.number, r.difficulty, null, null, cast(round(avg(r.words)) as integer), r.weight,"
            f" {', '.join(means)}, sum({hide.format('r.reviewers')}), null, null, null,"
            f" max({masks.waits}), count(*), null"
        )
    one = "p" if question.unit == "component" else "r"
    columns = [
        "r.response", "r.number", "r.difficulty", masks.model, "r.status", "r.words", f"{one}.weight",
        *(hide.format(f"{one}.{name}") for name in ("judge", "people", "delta")), hide.format("r.reviewers"),
        hide.format(f"{one}.gold"), hide.format("r.read"), hide.format(why_sql(question, sight)), masks.waits, "1",
        f"(select substr(text, 1, {BEGINNING}) from response where id = r.response)",
    ]  # fmt: skip
    return ", ".join(columns + (["p.position", "p.category"] if question.unit == "component" else []))


def _row(row: tuple[Any, ...]) -> FoundRow:
    values = list(row)
    values[14] = bool(values[14])
    return FoundRow(*values)
