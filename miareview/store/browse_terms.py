"""A question to the summary, and its filter as SQL: `r` is a response's row, `p` a component's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from miareview.filters import Term, Value

Unit = Literal["response", "component", "item"]
_NEARLY = 1e-9


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
class Masks:
    """SQL of what waits for the one who looks: whether a row does, the order that tells of no model, and whether a row
    would tell of another that waits."""

    source: str
    waits: str
    model: str
    order: str
    tells: str


_SOME_WAIT = Masks(
    " left join temp.browse_waiting w on w.response = r.response left join temp.browse_tainted t on t.id = r.id",
    "(w.response is not null)", "coalesce(w.label, r.model)", "w.response is not null, coalesce(w.label, r.model)",
    "(t.id is not null)",
)  # fmt: skip
_NONE_WAITS = Masks("", "0", "r.model", "r.model", "0")


def masks_of(sight: Sight) -> Masks:
    return _SOME_WAIT if sight.waiting else _NONE_WAITS


def why_sql(question: Question, sight: Sight) -> str:
    own = "r.why"
    if question.unit == "component":
        whole = sum(question.bits[name] for name in ("unread", "total", "self", "same")) | question.twin
        own = f"(p.why | (r.why & {whole}))"
    untold = f"case when {masks_of(sight).tells} then {own} & ~{question.twin} else {own} end"
    return f"(({untold}) | case when ({untold}) & {question.twin} then {question.bits['self']} else 0 end)"


def clause(term: Term, question: Question, sight: Sight) -> tuple[str, list[Any]]:
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
            return f"({why_sql(question, sight)}) & ?", [bits]
        case "choice":
            marks = ", ".join("?" * len(term.values))
            chosen = [value.text for value in term.values]
            if name == "cat" and not part:
                return f"+r.item in (select item from component where category in ({marks}))", chosen
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
