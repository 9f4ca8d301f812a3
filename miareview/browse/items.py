"""Rows that are items: what their responses have, on average."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from miareview.browse.columns import Array
from miareview.browse.matching import Matches, as_key, in_order
from miareview.store.browse_query import FoundRow


class Items:
    """The items of some rows, in the order of their rowids."""

    def __init__(self, matches: Matches, rows: Array) -> None:
        self._matches = matches
        self._rows = rows
        self._columns = matches.columns
        self._item = self._columns.stored("item")[rows]
        self._counts = np.bincount(self._item)
        self._there = np.flatnonzero(self._counts)

    def __len__(self) -> int:
        return len(self._there)

    def page(self, start: int, stop: int) -> list[FoundRow]:
        """The items from `start` to before `stop` in the order asked for."""
        keys = [*(self._key(name, falls) for name, falls in self._matches.question.sort), self._one("number")]
        wanted = self._there[in_order(np.arange(len(self)), [key.__getitem__ for key in keys], start, stop)]
        among = np.zeros(len(self._counts), dtype=bool)
        among[wanted] = True
        # Their means are of their own responses, which are few beside all.
        page = self if len(wanted) == len(self) else Items(self._matches, self._rows[among[self._item]])
        told = page.told()
        return [told[place] for place in np.searchsorted(page._there, wanted).tolist()]

    def told(self) -> list[FoundRow]:
        """All of them; points are means."""
        columns, counts = self._columns, self._counts[self._there]
        shown = ~self._matches.waits[self._rows]
        waiting = counts - np.bincount(self._item[shown], minlength=len(self._counts))[self._there]
        judge, people = (np.where(shown, columns.own(name, self._rows), np.nan) for name in ("judge", "people"))
        reviewers = np.where(shown, columns.own("reviewers", self._rows), 0)
        texts = columns.texts("difficulty")
        told = (
            self._one("number"), self._one("difficulty"), np.floor(self._words() + 0.5).astype(np.int64),
            self._one("weight"), self._mean(judge), self._mean(people), self._mean(people - judge),
            np.bincount(self._item, reviewers)[self._there].astype(np.int64), waiting, counts,
        )  # fmt: skip
        return [
            FoundRow(
                None, number, texts[difficulty] or "", None, None, words, weight, _given(judge), _given(people),
                _given(delta), None if waiting == responses else reviewers, None, None, None, waiting > 0, responses,
            )
            for number, difficulty, words, weight, judge, people, delta, reviewers, waiting, responses in zip(
                *(column.tolist() for column in told), strict=True
            )
        ]  # fmt: skip

    def _key(self, name: str, falls: bool) -> Array:
        if name == "difficulty":
            key = self._columns.ranks(name)[self._one(name)]
        elif name in ("item", "weight"):
            key = self._one("number" if name == "item" else name)
        elif name == "words":
            key = self._words()
        elif name == "reviewers":
            key = np.bincount(self._item, self._columns.own(name, self._rows))[self._there]
        else:
            key = self._mean(self._columns.amount(name, name != "delta", self._rows))
        key = -key if falls else key
        return as_key(key) if key.dtype.kind == "f" else key

    def _one(self, name: str) -> Array:
        """A column that is the same for all responses to an item."""
        return self._columns.stored(name)[self._answers]

    @cached_property
    def _answers(self) -> Array:
        """The row of one response to each item."""
        one = np.zeros(len(self._counts), dtype=np.int64)
        one[self._item] = self._rows
        return one[self._there]

    def _words(self) -> Array:
        return self._mean(self._columns.own("words", self._rows).astype(np.float64))

    def _mean(self, values: Array) -> Array:
        """The mean of the values that are there (not NaN); NaN where none is."""
        there = ~np.isnan(values)
        sums = np.bincount(self._item[there], values[there], len(self._counts))[self._there]
        counts = np.bincount(self._item[there], minlength=len(self._counts))[self._there]
        means: Array = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
        return means


def _given(points: float) -> float | None:
    return None if math.isnan(points) else points
