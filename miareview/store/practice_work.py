"""Work whose readings are no scores: to learn from, in a new blind round, and unannounced repeats among others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from miareview.store.practice import Practice, practised
from miareview.store.store import Store
from miareview.store.work import Chosen, Said, Work

_MARK = "again "
"""What makes the entry of a repeat another than that of the first time."""


class ReadOnce(Chosen):
    """Responses that are each read once, all for training or all again in a new blind round."""

    def __init__(self, store: Store, responses: Sequence[str], queue: str, of: Practice) -> None:
        super().__init__(store, responses)
        self.queue = queue
        self.of = of

    def practice(self, entry: str) -> Practice | None:
        return self.of

    def said(self, reviewer: str) -> dict[str, Said]:
        return {id: Said(True, False, False) for _, id, _ in practised(self.store, reviewer, self.queue)}


class Repeated(Work):
    """Work of which some of the first half comes again, half of it later and never last.

    A repeat looks like any other response. Its entry is not the response's id, so that it is committed for itself.
    """

    def __init__(self, work: Work, again: Sequence[str], queue: str) -> None:
        self.store = work.store
        self.base = work
        self.queue = queue
        later = len(work) // 2
        places = sorted((place, id) for id in again if (place := work.place(id)) is not None and place < later)
        self._again = [id for _, id in places]
        self._first = [place for place, _ in places]
        # Where each stands among all, and the response that it comes after.
        self._at = [place + later + k for k, (place, _) in enumerate(places)]

    def __len__(self) -> int:
        return len(self.base) + len(self._again)

    def row(self, place: int) -> tuple[str, str]:
        if not 0 <= place < len(self):
            raise IndexError(place)
        before = bisect_right(self._at, place)
        if before and self._at[before - 1] == place:
            response = self._again[before - 1]
            return _MARK + response, self.base.row(self.base.place(response) or 0)[1]
        return self.base.row(place - before)

    def place(self, response: str) -> int | None:
        if response.startswith(_MARK):
            id = self.response(response)
            return self._at[self._again.index(id)] if id in self._again else None
        place = self.base.place(response)
        if place is None:
            return None
        return self._moved(place)

    def places(self, item: str) -> list[int]:
        first = self.base.places(item)
        again = [at for at, place in zip(self._at, self._first, strict=True) if place in first]
        return sorted([*map(self._moved, first), *again])

    def _moved(self, place: int) -> int:
        """The place among all of one that is no repeat."""
        for at in self._at:
            place += at <= place
        return place

    def rivals(self, item: str) -> list[str]:
        return self.base.rivals(item)

    def said(self, reviewer: str) -> dict[str, Said]:
        done = {_MARK + id for _, id, of in practised(self.store, reviewer, self.queue) if of.of == "repeat"}
        return self.base.said(reviewer) | {entry: Said(True, False, False) for entry in done if entry in self}

    def response(self, entry: str) -> str:
        return entry.removeprefix(_MARK)

    def practice(self, entry: str) -> Practice | None:
        return "repeat" if entry.startswith(_MARK) else None
