"""A question to the summary; and what of its filter only tables know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from miareview.filters import Term, Value
from miareview.store.browse_words import Hits, rows_where, with_words
from miareview.store.store import Store

Unit = Literal["response", "component", "item"]


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks (None: nobody in particular), and the names of their unfinished blind queues, in the order of these.

    What waits for them is worked out of it: for lists by `browse.waiting`, for single items by `browse.sight`.
    """

    reviewer: str | None = None
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What rows are wanted. `sort` are (column, descending) of `COLUMNS`; `bits` gives each `why` its bits."""

    benchmark: str
    unit: Unit
    terms: tuple[Term, ...]
    sort: tuple[tuple[str, bool], ...]
    bits: Mapping[str, int]
    twin: int

    @property
    def of_the_whole(self) -> int:
        """The bits of a response that its components' rows have too."""
        return sum(self.bits[name] for name in ("unread", "total", "self", "same")) | self.twin


def models_like(store: Store, term: Term) -> list[int]:
    """The numbers (`browse_value`) of the models whose names match; * stands for anything."""
    sql = "select code from browse_value where name = 'model' and lower(value) glob ?"
    return [code for value in term.values for (code,) in store.rows(sql, (_glob(value.text),))]


def hits(store: Store, term: Term, *, parts: bool) -> Hits:
    """What a term finds that asks for words, queues, people and what they said, leaving negation aside.

    With `parts`, reasons are those of components.
    """
    name = term.word.name
    if name == "comment" or name == "flag":
        held = "comment <> ''" if name == "comment" else "flagged = 1"
        return Hits(rows_where(store, f"response in (select response from review_status where {held})"))
    found = [with_words(store, name, value) if term.word.kind == "text" else _named(store, name, value, parts)
             for value in term.values]  # fmt: skip
    return Hits(
        ",".join(one.rows for one in found if one.rows),
        [item for one in found for item in one.items],
        [part for one in found for part in one.parts],
    )


def _named(store: Store, name: str, value: Value, parts: bool) -> Hits:
    pattern = (_glob(value.text),)
    if name == "queue":
        return Hits(
            rows_where(store, "response in (select response from queue_row where lower(queue) glob ?)", pattern)
        )
    if name == "who":
        reviewed = "select response from review_status where lower(reviewer) glob ? and committed_at is not null"
        return Hits(rows_where(store, f"response in ({reviewed})", pattern))
    reasons = store.rows(
        "select distinct r.id, s.position from current_score s join review_status v on v.response = s.response"
        " and v.reviewer = s.reviewer join browse_row r on r.response = s.response"
        " where committed_at is not null and lower(reason) glob ?",
        pattern,
    )
    return Hits(parts=reasons) if parts else Hits(",".join(str(id) for id, _ in reasons))


def _glob(text: str) -> str:
    """The text as a GLOB pattern in small letters where only * stands for anything."""
    return re.sub(r"([\[?])", r"[\1]", text.lower())
