"""A question to the summary; and what of its filter only tables know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from miareview.filters import Term, Value
from miareview.store.browse_words import Hits, rows_where, with_words
from miareview.store.names import is_like
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
    known = store.rows("select code, value from browse_value where name = 'model'")
    return [code for code, name in known if any(is_like(name, value.text) for value in term.values)]


def queues_like(store: Store, value: Value) -> list[str]:
    """The names of the queues that match."""
    return [name for (name,) in store.rows("select name from queue") if is_like(name, value.text)]


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
    if name == "queue":
        among = "select response from queue_row where queue in (select value from json_each(?))"
        return Hits(rows_where(store, f"response in ({among})", (json.dumps(queues_like(store, value)),)))
    if name == "who":
        among = (
            "select response from review_status where reviewer in (select value from json_each(?))"
            " and committed_at is not null"
        )
        people = {person for own, person in store.rows("select name, person from reviewer") if is_like(own, value.text)}
        return Hits(rows_where(store, f"response in ({among})", (json.dumps([*people]),)))
    said = store.rows("select distinct reason from current_score where reason is not null")
    reasons = store.rows(
        "select distinct r.id, s.position from current_score s join review_status v on v.response = s.response"
        " and v.reviewer = s.reviewer join browse_row r on r.response = s.response"
        " where committed_at is not null and reason in (select value from json_each(?))",
        (json.dumps([reason for (reason,) in said if is_like(reason, value.text)]),),
    )
    return Hits(parts=reasons) if parts else Hits(",".join(str(id) for id, _ in reasons))
