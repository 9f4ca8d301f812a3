"""What a list shows: its rows a page at a time, how many there are, and how many have which value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from miareview.browse.columns import Array
from miareview.browse.items import Items
from miareview.browse.matching import Matches, in_order
from miareview.errors import DataError
from miareview.store.browse_query import FoundRow, read_rows, responses_at
from miareview.store.browse_rows import made_at
from miareview.store.browse_terms import Question, Sight
from miareview.store.store import Store

_AT_ONCE = 1000
_TEXTS = ("category", "difficulty", "gold", "model", "read", "status")
_POINTS = ("judge", "people")
_SMALL = 10_000_000  # numbers that are counted without sorting them


@dataclass(frozen=True, slots=True)
class Found:
    """A page: `matched` rows in all, `held_back` responses left out because they wait for the one who looks.

    `facet` are (value, how many rows have it) of a column, the most frequent first.
    """

    matched: int
    held_back: int
    rows: list[FoundRow]
    facet: list[tuple[Any, int]]


def find_rows(
    store: Store, question: Question, sight: Sight, limit: int, offset: int = 0, facet: str | None = None
) -> Found:
    """A page of the rows that a filter matches, in the order asked for, and the facet of a column.

    With a `limit` below 0 all of them.
    """
    with store.snapshot():
        matches = Matches(store, question, sight)
        counts = [] if facet is None else _count(matches, facet)
        told = [name for name, _ in question.sort]
        rows, held_back = matches.rows(told), matches.held_back(told)
        if question.unit == "item":
            items = Items(matches, rows)
            stop = offset + limit if limit >= 0 else len(items)
            return Found(len(items), held_back, items.page(offset, stop), counts)
        page = in_order(rows, matches.keys(), offset, offset + limit if limit >= 0 else len(rows))
        places = matches.places(page).some(0, len(page))
        return Found(len(rows), held_back, read_rows(store, question, places), counts)


def all_rows(store: Store, question: Question, sight: Sight) -> Iterator[FoundRow]:
    """All rows that a filter matches, in the order asked for, one by one.

    They are found and sorted once, and then read by their places, so that the time is that of the rows. Others may ask
    the store in between. Raises `DataError` where somebody has the summary made anew meanwhile.
    """
    with store.snapshot():
        matches = Matches(store, question, sight)
        rows = matches.rows([name for name, _ in question.sort])
        if question.unit == "item":
            items = Items(matches, rows)
            few = items.page(0, len(items))
        else:
            few, places = [], matches.places(in_order(rows, matches.keys(), 0, len(rows)))
        made = made_at(store)
    if question.unit == "item":
        yield from few
        return
    for start in range(0, len(places), _AT_ONCE):
        with store.snapshot():
            if made_at(store) != made:
                raise DataError("The summary was made anew while it was read.", "Ask once more.")
            found = read_rows(store, question, places.some(start, start + _AT_ONCE))
        yield from found


def count_values(store: Store, question: Question, sight: Sight, column: str) -> list[tuple[Any, int]]:
    """(value, how many rows have it) of a column, over the rows that the filter matches; the most frequent first."""
    with store.snapshot():
        return _count(Matches(store, question, sight), column)


def matching_responses(store: Store, question: Question, sight: Sight) -> list[str]:
    """Ids of all responses behind the rows that match, in the order of items; those that wait are among them only
    where the filter asks for nothing that depends on the judge or others."""
    with store.snapshot():
        unsorted = Question(question.benchmark, question.unit, question.terms, (), question.bits, question.twin)
        matches = Matches(store, unsorted, sight)
        rows = in_order(matches.rows(()), matches.keys(), 0, len(matches.columns))
        owners = matches.columns.owner[rows] if matches.columns.parts else rows
        _, firsts = np.unique(owners, return_index=True)
        return responses_at(store, (owners[np.sort(firsts)] + 1).tolist())


def _count(matches: Matches, column: str) -> list[tuple[Any, int]]:
    rows, columns, question = matches.rows([column]), matches.columns, matches.question
    by_item = question.unit == "item"
    items = columns.stored("item")[rows] if not columns.parts else rows
    if column == "why":
        why = matches.why(rows)
        told = [(name, items[(why & bit) != 0]) for name, bit in question.bits.items()]
        counts = [(name, len(np.unique(there)) if by_item else len(there)) for name, there in told]
        return sorted([(name, n) for name, n in counts if n], key=lambda pair: -pair[1])
    if column == "category" and not columns.parts:
        having = np.bincount(items, minlength=1)
        having = np.minimum(having, 1) if by_item else having
        sums = having @ columns.item_categories()[: len(having)]
        found = {text: int(n) for text, n in zip(columns.texts(column), sums, strict=True)}
    elif column in _POINTS and not by_item:
        points, numbers = np.unique(columns.own(column, rows), return_counts=True)
        found = dict(zip(map(_given, points.tolist()), numbers.tolist(), strict=True))
    else:
        values, numbers = _values(matches, column, rows)
        if by_item:  # an item counts once for each value that its responses have
            pairs = np.unique(numbers.astype(np.int64) * (int(items.max(initial=0)) + 1) + items)
            numbers = pairs // (int(items.max(initial=0)) + 1)
        found = dict(zip(values, np.bincount(numbers, minlength=len(values)).tolist(), strict=True))
    return sorted(
        [(value, n) for value, n in found.items() if n],
        key=lambda pair: (-pair[1], pair[0] is not None, pair[0] if pair[0] is not None else 0),
    )


def _values(matches: Matches, column: str, rows: Array) -> tuple[Sequence[Any], Array]:
    """The values of a column, and of each row which of them it has."""
    columns = matches.columns
    name = {"item": "number", "component": "position"}.get(column, column)
    found = columns.own(name, rows)
    if column in _TEXTS:
        return columns.texts(column), found
    if column not in _POINTS and (not len(found) or 0 <= found.min() <= found.max() <= _SMALL):
        return range(int(found.max(initial=0)) + 1), found
    values, numbers = np.unique(found, return_inverse=True)
    return [_given(value) for value in values.tolist()], numbers


def _given(value: Any) -> Any:
    return None if value != value else value  # NaN
