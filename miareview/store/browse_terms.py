"""A question to the summary; and what of its filter only tables and full-text indexes know."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from miareview.filters import Term, Value
from miareview.store.names import is_like
from miareview.store.store import Store

Unit = Literal["response", "component", "item"]


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

    @property
    def of_the_whole(self) -> int:
        """The bits of a response that its components' rows have too."""
        return sum(self.bits[name] for name in ("unread", "total", "self", "same")) | self.twin


@dataclass(frozen=True, slots=True)
class Hits:
    """What one term finds: rows of the summary by number, all rows of items (by rowid), or (row, position).

    Of rows there may be a million: they are numbers with commas between, as SQLite writes them.
    """

    rows: str = ""
    items: Sequence[int] = ()
    parts: Sequence[tuple[int, int]] = ()


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
        return Hits(_rows(store, f"response in (select response from review_status where {held})"))
    found = [_text(store, name, value) if term.word.kind == "text" else _named(store, name, value, parts)
             for value in term.values]  # fmt: skip
    return Hits(
        ",".join(one.rows for one in found if one.rows),
        [item for one in found for item in one.items],
        [part for one in found for part in one.parts],
    )


def _rows(store: Store, where: str, parameters: Sequence[Any] = ()) -> str:
    return _ids(store, "id", f"browse_row where {where}", parameters)


def _named(store: Store, name: str, value: Value, parts: bool) -> Hits:
    if name == "queue":
        among = "select response from queue_row where queue in (select value from json_each(?))"
        return Hits(_rows(store, f"response in ({among})", (json.dumps(queues_like(store, value)),)))
    if name == "who":
        among = (
            "select response from review_status where reviewer in (select value from json_each(?))"
            " and committed_at is not null"
        )
        people = {person for own, person in store.rows("select name, person from reviewer") if is_like(own, value.text)}
        return Hits(_rows(store, f"response in ({among})", (json.dumps([*people]),)))
    said = store.rows("select distinct reason from current_score where reason is not null")
    reasons = store.rows(
        "select distinct r.id, s.position from current_score s join review_status v on v.response = s.response"
        " and v.reviewer = s.reviewer join browse_row r on r.response = s.response"
        " where committed_at is not null and reason in (select value from json_each(?))",
        (json.dumps([reason for (reason,) in said if is_like(reason, value.text)]),),
    )
    return Hits(parts=reasons) if parts else Hits(",".join(str(id) for id, _ in reasons))


# Scripts that put no blanks between words: the index knows such a run as one word, so the texts themselves are read.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def _text(store: Store, name: str, value: Value) -> Hits:
    if _UNSPACED.search(value.text) or not re.search(r"\w", value.text):
        like = ("%" + re.sub(r"([%_\\])", r"\\\1", value.text) + "%",)
        if name == "reply":
            return Hits(_rows(store, r"reply in (select id from judgment where raw like ? escape '\')", like))
        return Hits(
            _rows(store, r"response in (select id from response where text like ? escape '\')", like),
            _items(store, r"item where instruction like ? escape '\'", like),
        )
    phrase = ('"' + value.text.replace('"', '""') + '"' + ("" if value.quoted else "*"),)
    if name == "reply":
        return Hits(_ids(store, "rowid", "browse_reply where browse_reply match ?", phrase))
    return Hits(
        _ids(store, "rowid", "browse_text where browse_text match ?", phrase),
        _items(store, "browse_instruction where browse_instruction match ?", phrase),
    )


def _ids(store: Store, id: str, source: str, parameters: Sequence[Any]) -> str:
    ((found,),) = store.rows(f"select group_concat({id}) from {source}", parameters)
    return found or ""


def _items(store: Store, source: str, parameters: Sequence[Any]) -> list[int]:
    return [id for (id,) in store.rows(f"select rowid from {source}", parameters)]
