"""Columns of the summary as arrays, each read when it is first asked for and kept while it is true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from miareview.store.browse_columns import PART, moment, read_column, read_pieces, type_of, values_of
from miareview.store.store import Store

Array = NDArray[Any]
LAST = np.iinfo(np.int64).max
"""The rank of a text that is not there."""
_KEPT_BYTES = 100_000_000
_FEW = 200  # rows of which no column is read whole


class _Kept:
    """The arrays asked for last, of one moment of the summary."""

    def __init__(self, moment: object) -> None:
        self.moment = moment
        self._arrays: dict[Hashable, Array] = {}

    def __contains__(self, name: Hashable) -> bool:
        return name in self._arrays

    def get(self, name: Hashable, make: Callable[[], Array], needed: Collection[Hashable]) -> Array:
        """An array. Where it must be made, and there is no room, others go that are not `needed`."""
        if name in self._arrays:
            array = self._arrays.pop(name)
        else:
            array = make()
            array.flags.writeable = False
            room = _KEPT_BYTES - array.nbytes - sum(one.nbytes for one in self._arrays.values())
            for other in [one for one in self._arrays if one not in needed]:
                if room < 0:
                    room += self._arrays.pop(other).nbytes
        self._arrays[name] = array  # the one asked for last stands last
        return array


_KEPT: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()


def _numbers(name: str, data: bytes) -> Array:
    return np.frombuffer(data, np.dtype(type_of(name)).newbyteorder("<"))


class Columns:
    """What rows of one unit have: responses, or with `parts` their components. An array has one value a row, in the
    order of their numbers; points that are not there are NaN, and texts are numbers (`values_of`, 0 is none).

    All of it is of one moment: it is made and read inside `store.snapshot`.
    """

    def __init__(self, store: Store, *, parts: bool = False) -> None:
        self.store = store
        self.parts = parts
        now = moment(store)
        if store not in _KEPT or _KEPT[store].moment != now:
            _KEPT[store] = _Kept(now)
        self._kept = _KEPT[store]
        self._needed: set[Hashable] = set()

    def stored(self, name: str) -> Array:
        """A column as it is kept, one value a response, or a component for those of "part."."""

        def read() -> Array:
            return _numbers(name, read_column(self.store, name))

        return self.kept(name, read)

    def kept(self, name: Hashable, make: Callable[[], Array]) -> Array:
        """An array that is made once while the summary stays as it is, as long as there is room; not to be changed."""
        self._needed.add(name)
        return self._kept.get(name, make, self._needed)

    @property
    def owner(self) -> Array:
        """Of each component the place of its response."""

        def repeated() -> Array:
            counts = self.stored("parts")
            return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

        return self.kept("owner", repeated)

    def __len__(self) -> int:
        return len(self.owner) if self.parts else len(self.stored("item"))

    def spread(self, of_responses: Array) -> Array:
        """Values of responses, one a row."""
        return of_responses[self.owner] if self.parts else of_responses

    def own(self, name: str, rows: Array | slice = slice(None)) -> Array:
        """A column of the rows, or of some; where components have none of that name, that of their responses."""
        part = self.parts and name in PART
        stored = f"part.{name}" if part else name
        places = self.owner[rows] if self.parts and not part else rows
        if isinstance(places, slice) or len(places) > _FEW or stored in self._kept:
            return self.stored(stored)[places]
        return self._some(stored, places, self.owner[places] if part else places)

    def _some(self, name: str, places: Array, owners: Array) -> Array:
        """A column at a few places, whose responses are at `owners`: only the pieces that they are in are read."""
        pieces = read_pieces(self.store, name, owners.tolist())
        firsts = np.array(sorted(pieces), dtype=np.int64)
        arrays = [_numbers(name, pieces[first]) for first in firsts.tolist()]
        starts = np.searchsorted(self.owner, firsts) if name.startswith("part.") else firsts
        which = np.searchsorted(firsts, owners, side="right") - 1
        found = [arrays[at][place - starts[at]] for at, place in zip(which.tolist(), places.tolist(), strict=True)]
        return np.array(found, dtype=type_of(name))

    def texts(self, name: str) -> list[str | None]:
        return values_of(self.store, name)

    def ranks(self, name: str) -> Array:
        """Of each number that stands for a text its place among them in order; what is not there is `LAST`."""
        texts = self.texts(name)
        ranks = np.full(len(texts), LAST, dtype=np.int64)
        for place, code in enumerate(sorted((code for code, text in enumerate(texts) if text is not None),
                                            key=lambda code: texts[code] or "")):  # fmt: skip
            ranks[code] = place
        return ranks

    def amount(self, name: str, share: bool, rows: Array | slice = slice(None)) -> Array:
        """Points of judge or people, or how far these are apart ("delta"); or that as a share of the weight."""
        apart = name == "delta"
        points = np.abs(self.own("people", rows) - self.own("judge", rows)) if apart else self.own(name, rows)
        if not share:
            return points
        with np.errstate(divide="ignore", invalid="ignore"):
            shares: Array = np.divide(points, weight := self.own("weight", rows), dtype=np.float64)
        shares[weight <= 0] = np.nan
        return shares

    def item_categories(self) -> Array:
        """Of each item (by rowid) and category (by number) whether it has components of it."""
        return self.kept("item_categories", self._item_categories)

    def _item_categories(self) -> Array:
        items, counts = self.stored("item"), self.stored("parts").astype(np.int64)
        found = np.zeros((int(items.max(initial=0)) + 1, len(self.texts("category"))), dtype=bool)
        # All answers to an item have the same components: one of them tells.
        one = np.zeros(len(found), dtype=np.int64)
        one[items] = np.arange(len(items))
        there = np.flatnonzero(np.bincount(items, minlength=len(found)))
        firsts, counts = (np.cumsum(counts) - counts)[one[there]], counts[one[there]]
        places = np.repeat(firsts, counts) + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        found[np.repeat(there, counts), self.stored("part.category")[places]] = True
        return found
