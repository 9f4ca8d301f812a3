"""What waits for the one who looks, of the whole summary at once: the rule of `browse.sight.masked`, in arrays."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from miareview.browse.columns import Array, Columns
from miareview.store.browse_rows import made_at
from miareview.store.browse_terms import Sight
from miareview.store.browse_waiting import queue_rows, summary_rows
from miareview.store.queues import designs
from miareview.store.register import names_of_person
from miareview.store.sight import shown_to
from miareview.store.store import Store


class Waiting:
    """The responses that wait; all of it inside `store.snapshot`. `items` are the summary's, by rowid."""

    def __init__(self, store: Store, sight: Sight, items: Array) -> None:
        drawn = _drawn(store, sight, items)
        self.closed: Array = np.zeros(max((int(one.items.max(initial=0)) for one in drawn), default=0) + 1, dtype=bool)
        """Of each item, by rowid, whether a response to it waits, so that all do."""
        self.labels: Array = np.zeros(len(items), dtype=np.int32)
        """Of each response the place of its label among those of its item, from 1; 0 where it does not wait."""
        if not drawn:
            return
        unseen = np.ones(len(items) + 1, dtype=bool)
        unseen[summary_rows(store, shown_to(store, sight.reviewer or ""))] = False
        for one in drawn:
            self.closed[one.items[one.mine & unseen[one.rows]]] = True
        for one in reversed(drawn):  # a response in two queues keeps the label of the first
            waits = self.closed[one.items] & (one.rows > 0)
            self.labels[one.rows[waits] - 1] = one.places[waits]


def closed_items(store: Store, sight: Sight) -> list[int]:
    """The rowids of the items of which something waits for the one who looks."""
    with store.snapshot():
        found: list[int] = np.flatnonzero(Waiting(store, sight, Columns(store).stored("item")).closed).tolist()
    return found


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Of the rows of a queue, in its order: their numbers in the summary (0: not in it yet), the rowids of their items,
    their places among those of the item, from 1, and whether they are a person's work."""

    rows: Array
    items: Array
    places: Array
    mine: Array


_KEPT: WeakKeyDictionary[Store, dict[Hashable, _Drawn]] = WeakKeyDictionary()
"""By what they were read of: words that were said change nothing in them."""


def _drawn(store: Store, sight: Sight, items: Array) -> list[_Drawn]:
    if not sight.queues:
        return []
    who = frozenset(names_of_person(store, sight.reviewer or ""))
    summary, queues = made_at(store), {one.name: one for one in designs(store)}
    kept, now = _KEPT.get(store, {}), {}
    for name in sight.queues:
        key = (summary, who, queues.get(name))
        now[key] = kept[key] if key in kept else _read(store, sight.reviewer or "", name, items)
    _KEPT[store] = {key: one for key, one in now.items() if summary and one.rows.all()}
    return list(now.values())


def _read(store: Store, reviewer: str, queue: str, items: Array) -> _Drawn:
    read = queue_rows(store, reviewer, queue, len(items))
    positions, numbers, *mine = (np.fromstring(column, dtype=np.int64, sep=",") for column in read)
    order = np.argsort(positions)
    numbers = numbers[order]
    rows = np.maximum(numbers, 0)
    of = np.where(numbers > 0, items[rows - 1] if len(items) else 0, -numbers)
    by_item = np.argsort(of, kind="stable")
    sizes = np.bincount(of)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = np.empty(len(of), dtype=np.int32)
    places[by_item] = np.arange(1, len(of) + 1) - starts
    theirs = mine[0][order].astype(bool) if mine else np.ones(len(of), dtype=bool)
    return _Drawn(rows.astype(np.int32), of.astype(np.int32), places, theirs)
