"""Filters as SQL, and pages of rows out of the summary, without what the one who looks must not know yet."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count as counting
from typing import Any, Literal

from miareview.filters import Term, Value
from miareview.store.store import Store

Unit = Literal["response", "component", "item"]

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
_NEARLY = 1e-9
_AT_ONCE = 1000
_FOUND = counting()
BEGINNING = 200
"""Characters of an answer that a row carries."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks (None: nobody in particular) and what waits for them: response → the label that masks its model.

    `queues` are the names of their unfinished blind queues.
    """

    reviewer: str | None = None
    waiting: Mapping[str, str] = field(default_factory=dict)
    queues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """What rows are wanted. `sort` are (column, descending) of `COLUMNS`; `bits` gives each `why` its bits."""

    benchmark: str
    unit: Unit
    terms: tuple[Term, ...]
    sort: tuple[tuple[str, bool], ...]
    bits: Mapping[str, int]
    twin: int


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
        source, order = _source(question.unit, sight), _order(question, sight)
        page = " limit ? offset ?"
        if question.unit == "item":
            matched = f"select count(distinct r.number) from {source} where {where}"
            sql = f"select {_selected(question, sight)} from {source} where {where} group by r.number order by {order}"
            sql += page
        else:
            matched = f"select count(*) from {source} where {where}"
            # Sorted by their ids alone, so that only what is on the page is read whole.
            sql = _whole(question, sight, f"({_ids(question, sight, where, order)}{page})") + f" order by {order}"
        ((count,),) = store.rows(matched, values)
        rows = store.rows(sql, (*values, limit, offset))
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
        ids = _ids(question, sight, where, _order(question, sight))
        store.connection.execute(f"create table {table} as {ids}", values)
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
        where, values = _where(question, sight, [(column, False)])
        source, shown = _source(question.unit, sight), _shown(question, column)
        if column == "why":
            bits = _why(question, sight)
            found = [
                (name, store.rows(f"select count(*) from {source} where {where} and ({bits}) & ?",
                                  (*values, bit))[0][0])
                for name, bit in question.bits.items()
            ]  # fmt: skip
            return sorted([(name, n) for name, n in found if n], key=lambda pair: -pair[1])
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
            f" order by r.number, {_masks(sight).order}, r.id",
            values)]  # fmt: skip


def any_response(store: Store, benchmark: str) -> str | None:
    """Id of some response of a benchmark."""
    rows = store.rows(
        "select response.id from response join item on item.id = item where benchmark = ? limit 1", (benchmark,)
    )
    return rows[0][0] if rows else None


@dataclass(frozen=True, slots=True)
class _Masks:
    """SQL of what waits for the one who looks: whether a row does, the order that tells of no model, and whether a row
    would tell of another that waits."""

    source: str
    waits: str
    model: str
    order: str
    tells: str


_SOME_WAIT = _Masks(
    " left join temp.browse_waiting w on w.response = r.response left join temp.browse_tainted t on t.id = r.id",
    "(w.response is not null)", "coalesce(w.label, r.model)", "w.response is not null, coalesce(w.label, r.model)",
    "(t.id is not null)",
)  # fmt: skip
_NONE_WAITS = _Masks("", "0", "r.model", "r.model", "0")


def _masks(sight: Sight) -> _Masks:
    return _SOME_WAIT if sight.waiting else _NONE_WAITS


def _source(unit: Unit, sight: Sight) -> str:
    part = " join browse_part p on p.row = r.id" if unit == "component" else ""
    return f"browse_row r{part}{_masks(sight).source}"


def _ids(question: Question, sight: Sight, where: str, order: str) -> str:
    """SQL of what tells the rows apart, in order."""
    position = "p.position" if question.unit == "component" else "null"
    source = _source(question.unit, sight)
    return f"select r.id as id, {position} as position from {source} where {where} order by {order}"


def _whole(question: Question, sight: Sight, ids: str) -> str:
    """SQL of the rows that are told apart by `ids` (a table, or SQL in brackets)."""
    part = " join browse_part p on p.row = r.id and p.position = found.position" if question.unit == "component" else ""
    return (
        f"select {_selected(question, sight)} from {ids} found cross join browse_row r on r.id = found.id{part}"
        f"{_masks(sight).source}"
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


def _where(question: Question, sight: Sight, columns: Sequence[tuple[str, bool]]) -> tuple[str, list[Any]]:
    clauses, values = ["r.benchmark = ?"], [question.benchmark]
    for term in question.terms:
        sql, parameters = _clause(term, question, sight)
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
        order += [_masks(sight).order, "r.id"]
    return ", ".join(order + (["p.position"] if question.unit == "component" else []))


def _shown(question: Question, column: str) -> str:
    return {"judge": "r.judge", "people": "r.people", "category": "p.category"}.get(
        column, _RESPONSE.get(column, "")
    ) if question.unit != "component" else {"judge": "p.judge", "people": "p.people"}.get(
        column, _COMPONENT.get(column, "")
    )  # fmt: skip


def _why(question: Question, sight: Sight) -> str:
    own = "r.why"
    if question.unit == "component":
        whole = sum(question.bits[name] for name in ("unread", "total", "self", "same")) | question.twin
        own = f"(p.why | (r.why & {whole}))"
    untold = f"case when {_masks(sight).tells} then {own} & ~{question.twin} else {own} end"
    return f"(({untold}) | case when ({untold}) & {question.twin} then {question.bits['self']} else 0 end)"


def _selected(question: Question, sight: Sight) -> str:
    masks = _masks(sight)
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
        hide.format(f"{one}.gold"), hide.format("r.read"), hide.format(_why(question, sight)), masks.waits, "1",
        f"(select substr(text, 1, {BEGINNING}) from response where id = r.response)",
    ]  # fmt: skip
    return ", ".join(columns + (["p.position", "p.category"] if question.unit == "component" else []))


def _row(row: tuple[Any, ...]) -> FoundRow:
    values = list(row)
    values[14] = bool(values[14])
    return FoundRow(*values)


def _clause(term: Term, question: Question, sight: Sight) -> tuple[str, list[Any]]:
    """SQL of one term without its negation, and its parameters."""
    name, part = term.word.name, question.unit == "component"
    one = "p" if part else "r"
    match term.word.kind:
        case "amount":
            return _any([_amount(name, one, term.operator, value) for value in term.values])
        case "count":
            column = {"item": "r.number", "weight": f"{one}.weight"}.get(name, f"r.{name}")
            operator = "=" if term.operator == ":" else term.operator
            return _any([(f"{column} {operator} ?", [int(value.number or 0)]) for value in term.values])
        case "text":
            return _any([_text(name, value) for value in term.values])
        case "any":
            held = "comment <> ''" if name == "comment" else "flagged = 1"
            return f"r.response in (select response from review_status where {held})", []
        case "choice" if name == "why":
            bits = sum(question.bits[value.text] for value in term.values)
            return f"({_why(question, sight)}) & ?", [bits]
        case "choice":
            marks = ", ".join("?" * len(term.values))
            chosen = [value.text for value in term.values]
            if name == "cat" and not part:
                return f"r.item in (select item from component where category in ({marks}))", chosen
            column = {"cat": "p.category", "diff": "r.difficulty", "gold": f"{one}.gold"}.get(name, f"r.{name}")
            return f"{column} in ({marks})", chosen
    patterns = [(_glob(value.text),) for value in term.values]
    sql = {
        "model": "lower(r.model) glob ?",
        "queue": "r.response in (select response from queue_row where lower(queue) glob ?)",
        "who": "r.response in (select response from review_status where lower(reviewer) glob ?"
        " and committed_at is not null)",
        "reason": "exists (select 1 from current_score s join review_status v on v.response = s.response"
        " and v.reviewer = s.reviewer where s.response = r.response and committed_at is not null"
        f" and lower(reason) glob ?{' and s.position = p.position' if part else ''})",
    }[name]
    return _any([(sql, list(pattern)) for pattern in patterns])


def _any(clauses: Sequence[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    return " or ".join(sql for sql, _ in clauses), [value for _, values in clauses for value in values]


def _amount(name: str, one: str, operator: str, value: Value) -> tuple[str, list[Any]]:
    number = float(value.number or 0)
    if name == "delta":
        column = f"abs({one}.delta)" + (f" / {one}.weight" if value.share else "")
    else:
        column = f"{one}.{name}{'_share' if value.share else ''}"
    if operator in (":", "="):
        return f"{column} between ? and ?", [number - _NEARLY, number + _NEARLY]
    nearly = {">=": -_NEARLY, "<": -_NEARLY, "<=": _NEARLY, ">": _NEARLY}[operator]
    return f"{column} {operator} ?", [number + nearly]


# Scripts that put no blanks between words: the index knows such a run as one word, so the texts themselves are read.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def _text(name: str, value: Value) -> tuple[str, list[Any]]:
    if _UNSPACED.search(value.text) or not re.search(r"\w", value.text):
        like = "%" + re.sub(r"([%_\\])", r"\\\1", value.text) + "%"
        if name == "reply":
            return r"r.reply in (select id from judgment where raw like ? escape '\')", [like]
        return (
            r"r.response in (select id from response where text like ? escape '\')"
            r" or r.item in (select id from item where instruction like ? escape '\')",
            [like, like],
        )
    phrase = '"' + value.text.replace('"', '""') + '"' + ("" if value.quoted else "*")
    if name == "reply":
        return "r.id in (select rowid from browse_reply where browse_reply match ?)", [phrase]
    return (
        "r.id in (select rowid from browse_text where browse_text match ? union all select one.id from"
        " browse_instruction asked cross join item on item.rowid = asked.rowid cross join browse_row one"
        " on one.item = item.id where browse_instruction match ?)",
        [phrase, phrase],
    )


def _glob(text: str) -> str:
    """The text as a GLOB pattern in small letters where only * stands for anything."""
    return re.sub(r"([\[?])", r"[\1]", text.lower())
