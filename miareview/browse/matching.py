"""Which rows a filter matches, and the order of rows: the filter language on columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from miareview.browse.columns import LAST, Array, Columns
from miareview.browse.waiting import Waiting
from miareview.filters import Term, Value
from miareview.review.sight import mask
from miareview.store.browse_terms import Question, Sight, hits, models_like, queues_like
from miareview.store.browse_waiting import first_twins
from miareview.store.store import Store

Key = Callable[[Array], Array]
"""Of some rows what they are sorted by, the smallest first."""
_OPEN = {"item", "difficulty", "words", "status", "weight", "category", "component", "response"}
"""Columns that a blind reviewer may know."""
_NEARLY = 1e-9
_FEW = 20_000  # rows that are sorted at once
_COMPARE = {">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less, ":": np.equal, "=": np.equal}


@dataclass(frozen=True, slots=True)
class Places:
    """Of some rows their numbers in the summary, the positions of components (0: none), the places of their labels
    (from 1; 0 where they do not wait), and the bits of the reasons for a look that may be told."""

    ids: Array
    positions: Array
    labels: Array
    why: Array

    def __len__(self) -> int:
        return len(self.ids)

    def some(self, start: int, stop: int) -> list[tuple[int, int, str | None, int]]:
        """Those from `start` to before `stop`, as `read_rows` wants them."""
        columns = (column[start:stop].tolist() for column in (self.ids, self.positions, self.labels, self.why))
        return [
            (id, position, mask(label - 1) if label else None, why)
            for id, position, label, why in zip(*columns, strict=True)
        ]


class Matches:
    """The rows that match a question, as far as the one who looks may know; all of it inside `store.snapshot`."""

    def __init__(self, store: Store, question: Question, sight: Sight) -> None:
        self.columns = Columns(store, parts=question.unit == "component")
        self.question = question
        self.sight = sight
        self._store = store

    def rows(self, told: Sequence[str]) -> Array:
        """The rows that match, where what is `told` of them (columns) may be; in the order of their numbers."""
        return np.flatnonzero(self._matching & ~self.waits if self._leaves_out(told) else self._matching)

    def held_back(self, told: Sequence[str]) -> int:
        """How many waiting responses the open part of the filter matches, where they were left out."""
        if not self._leaves_out(told):
            return 0
        found = np.flatnonzero(self._openly_matching & self.waits)
        return len(np.unique(self.columns.owner[found])) if self.columns.parts else len(found)

    @cached_property
    def waits(self) -> Array:
        """Which rows wait for the one who looks."""
        return self.columns.spread(self._labels > 0)

    def why(self, rows: Array | slice = slice(None)) -> Array:
        """The bits of the reasons for a look; those that would tell of a row that waits are left out."""
        question, columns = self.question, self.columns
        bits = columns.own("why", rows).astype(np.int32)
        if columns.parts:
            bits |= columns.stored("why").astype(np.int32)[columns.owner[rows]] & question.of_the_whole
        if self._labels.any():
            tells = columns.spread(self._telling)[rows]
            bits = np.where(tells, bits & ~question.twin, bits)
        told: Array = np.where(bits & question.twin, bits | question.bits["self"], bits)
        return told

    def keys(self) -> list[Key]:
        """What rows are sorted by: the columns asked for, then the item and a name that tells of no model."""
        asked = [self._key(name, falls) for name, falls in self.question.sort]
        return [*asked, lambda rows: self.columns.own("number", rows), self._name]

    def places(self, rows: Array) -> Places:
        """Where some rows are read, and what may be told of them."""
        columns = self.columns
        owners = columns.owner[rows] if columns.parts else rows
        positions = columns.own("position", rows) if columns.parts else np.zeros(len(rows), dtype=np.int64)
        return Places(owners + 1, positions, self._labels[owners], self.why(rows))

    # matching

    @cached_property
    def _matching(self) -> Array:
        return self._all([term for term in self.question.terms if not self._is_open(term)], self._openly_matching)

    @cached_property
    def _openly_matching(self) -> Array:
        texts = self.columns.texts("benchmark")
        here = np.array([text == self.question.benchmark for text in texts], dtype=bool)
        every = np.ones(len(self.columns), dtype=bool) if here[1:].all() else here[self.columns.own("benchmark")]
        return self._all([term for term in self.question.terms if self._is_open(term)], every)

    def _all(self, terms: Sequence[Term], among: Array) -> Array:
        for term in terms:
            found = self._term(term)
            among = among & (~found if term.negated else found)
        return among

    def _is_open(self, term: Term) -> bool:
        if term.word.name == "queue":  # another queue may hold the answers of one model only
            return all({*queues_like(self._store, value)} <= {*self.sight.queues} for value in term.values)
        return term.open

    def _leaves_out(self, told: Sequence[str]) -> bool:
        """Whether what is asked depends on the judge, on other people or on a model's name, and something waits."""
        opened = all(map(self._is_open, self.question.terms)) and _OPEN.issuperset(told)
        return not opened and bool(self._labels.any())

    def _term(self, term: Term) -> Array:
        """Which rows one term matches, leaving its negation aside."""
        name, columns = term.word.name, self.columns
        match term.word.kind:
            case "amount":
                return _any([self._amount(name, term.operator, value) for value in term.values])
            case "count":
                numbers = columns.own("number" if name == "item" else name)
                return _any([_COMPARE[term.operator](numbers, int(value.number or 0)) for value in term.values])
            case "choice" if name == "why":
                bits = sum({self.question.bits[value.text] for value in term.values})
                having: Array = (self.why() & bits) != 0
                return having
            case "choice":
                column = {"cat": "category", "diff": "difficulty"}.get(name, name)
                chosen = {value.text for value in term.values}
                codes = [code for code, text in enumerate(columns.texts(column)) if text in chosen]
                if name == "cat" and not columns.parts:
                    items: Array = np.logical_or.reduce(columns.item_categories()[:, codes], axis=1)
                    return items[columns.stored("item")]
                return self._coded(column, codes)
            case "name" if name == "model":
                return self._coded("model", models_like(self._store, term))
            case "text":
                return columns.kept((columns.parts, name, term.values), lambda: self._hit(term))
        return self._hit(term)

    def _hit(self, term: Term) -> Array:
        """Which rows a term matches that asks for words, queues, people and what they said."""
        columns = self.columns
        found = hits(self._store, term, parts=columns.parts)
        here = columns.spread(self._marked(np.fromstring(found.rows, dtype=np.int64, sep=",")))
        if found.items:
            of_items = np.zeros(max(int(columns.stored("item").max(initial=0)), *found.items) + 1, dtype=bool)
            of_items[found.items] = True
            here = here | columns.spread(of_items[columns.stored("item")])
        if found.parts:
            wanted = np.array(found.parts, dtype=np.int64)
            counts = columns.stored("parts")
            wanted = wanted[wanted[:, 0] <= len(counts)]
            here = here | np.isin(_place(columns.owner, columns.own("position")), _place(*(wanted.T - [[1], [0]])))
        return here

    def _coded(self, column: str, codes: Sequence[int]) -> Array:
        table = np.zeros(len(self.columns.texts(column)), dtype=bool)
        table[codes] = True
        return table[self.columns.own(column)]

    def _amount(self, name: str, operator: str, value: Value) -> Array:
        amounts, number = self.columns.amount(name, value.share), float(value.number or 0)
        if operator in (":", "="):
            return (amounts >= number - _NEARLY) & (amounts <= number + _NEARLY)
        return _COMPARE[operator](amounts, number + (_NEARLY if operator in ("<=", ">") else -_NEARLY))

    # what waits

    @cached_property
    def _labels(self) -> Array:
        """Of each response that waits the place of its label, from 1; 0 of the others."""
        return Waiting(self._store, self.sight, self.columns.stored("item")).labels

    @cached_property
    def _telling(self) -> Array:
        """The responses whose "the same answer got other points" would tell of one that waits."""
        twins = np.flatnonzero(self.columns.stored("why") & self.question.twin) + 1
        # All with the same text are twins, and the first stands for them.
        ids, firsts = (np.array(column, dtype=np.int64) for column in first_twins(self._store, twins.tolist()))
        waiting = self._marked(firsts[self._labels[ids - 1] > 0])
        return self._marked(ids[waiting[firsts - 1]])

    def _marked(self, ids: Sequence[int] | Array) -> Array:
        """Which responses have these numbers in the summary."""
        marked = np.zeros(len(self.columns.stored("item")), dtype=bool)
        marked[np.array(ids, dtype=np.int64) - 1] = True
        return marked

    # order

    def _key(self, name: str, falls: bool) -> Key:
        columns = self.columns

        def key(rows: Array) -> Array:
            if name in ("judge", "people", "delta"):
                amounts = columns.amount(name, name != "delta", rows)
                return as_key(-amounts if falls else amounts)
            if name in ("difficulty", "model", "status", "gold", "read", "category"):
                ranks = columns.ranks(name)[columns.own(name, rows)]
                return np.where(ranks == LAST, LAST, -ranks) if falls else ranks
            numbers = columns.own({"item": "number", "component": "position"}.get(name, name), rows).astype(np.int64)
            return -numbers if falls else numbers

        return key

    def _name(self, rows: Array) -> Array:
        """Of some rows a number in the order of the models' names; what waits comes behind, by its label."""
        names: Array = self.columns.ranks("model")[self.columns.own("model", rows)]
        if not self._labels.any():
            return names
        # Signs are in order as texts: 10 comes before 2.
        ranks = np.zeros(int(self._labels.max()) + 1, dtype=np.int64)
        ranks[sorted(range(1, len(ranks)), key=lambda place: mask(place - 1))] = np.arange(1, len(ranks))
        labels = self._labels[self.columns.owner[rows] if self.columns.parts else rows]
        return np.where(labels > 0, len(self.columns.texts("model")) + ranks[labels], names)


def as_key(amounts: Array) -> Array:
    """Amounts to sort by: what is not there comes last, and what differs by rounding alone is equal, as a third of 2
    and a third of 10."""
    found: Array = np.where(np.isnan(amounts), np.inf, np.round(amounts, 9))
    return found


def in_order(rows: Array, keys: Sequence[Key], start: int, stop: int) -> Array:
    """The rows from `start` to before `stop` when sorted by these keys, the first first, then by their numbers.

    Not all are sorted: a key leaves those over that may stand there, and the next goes on with them.
    """
    stop = min(stop, len(rows))
    if start >= stop:
        return rows[:0]
    for place, key in enumerate(keys):
        if len(rows) <= _FEW or stop - start > len(rows) // 4:
            return rows[np.lexsort([one(rows) for one in reversed(keys[place:])])][start:stop]
        values = key(rows)
        low, high = np.partition(values, (start, stop - 1))[[start, stop - 1]]
        below = int(np.count_nonzero(values < low))
        rows, start, stop = rows[(values >= low) & (values <= high)], start - below, stop - below
        if low != high:
            return rows[np.lexsort([one(rows) for one in reversed(keys[place:])])][start:stop]
    return rows[start:stop]


def _any(masks: Sequence[Array]) -> Array:
    found: Array = np.logical_or.reduce(masks)
    return found


def _place(response: Array, position: Array) -> Array:
    """One number for a response's component."""
    places: Array = response.astype(np.int64) << 16 | position.astype(np.int64)
    return places
