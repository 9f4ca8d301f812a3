"""Rows out of the summary, without what the one who looks must not know yet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from miareview.store.browse_terms import Question, Unit
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


def read_rows(store: Store, question: Question, found: Sequence[tuple[int, int, str | None, int]]) -> list[FoundRow]:
    """The rows of these places, in their order.

    A place is (number in the summary, component's position or 0, the label that masks its model where it waits, the
    bits of the reasons for a look that may be told).
    """
    return [_row(row) for row in store.rows(_whole(question), (json.dumps(found),))]


def responses_at(store: Store, rows: Sequence[int]) -> list[str]:
    """Ids of the responses of these rows, in their order."""
    sql = "select r.response from json_each(?) found cross join browse_row r on r.id = found.value order by found.key"
    return [id for (id,) in store.rows(sql, (json.dumps(rows),))]


def _whole(question: Question) -> str:
    """SQL of the rows at a JSON array of places."""
    part = question.unit == "component"
    one = "p" if part else "r"
    label, why = "(found.value ->> 2)", "(found.value ->> 3)"
    hidden = (f"{one}.judge", f"{one}.people", f"{one}.delta", "r.reviewers", f"{one}.gold", "r.read", why)
    columns = [
        "r.response", "r.number", "r.difficulty", f"coalesce({label}, r.model)", "r.status", "r.words", f"{one}.weight",
        *(f"case when {label} is null then {sql} end" for sql in hidden), f"({label} is not null)", "1",
        f"(select substr(text, 1, {BEGINNING}) from response where id = r.response)",
        *(("p.position", "p.category") if part else ()),
    ]  # fmt: skip
    joined = " cross join browse_part p on p.row = r.id and p.position = found.value ->> 1" if part else ""
    return (
        f"select {', '.join(columns)} from json_each(?) found cross join browse_row r on r.id = found.value ->> 0"
        f"{joined} order by found.key"
    )


def _row(row: tuple[Any, ...]) -> FoundRow:
    values = list(row)
    values[14] = bool(values[14])
    return FoundRow(*values)
