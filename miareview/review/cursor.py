"""Where a person is in their work, and how they move about in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from time import monotonic
from typing import TypeVar

from miareview.errors import DataError
from miareview.model import Item, Response
from miareview.review.visits import Visits, longest_pause
from miareview.store.store import Store
from miareview.store.work import Chosen, Work

T = TypeVar("T")
_KEPT = 200  # items and responses that are held; those around the one under the cursor are read again and again


class Cursor:
    """A place in `work`, which is `index`; `committed` are the ids of those that are settled.

    Texts are read when they are needed.
    """

    def __init__(
        self, store: Store, reviewer: str, work: Sequence[str], clock: Callable[[], float] = monotonic
    ) -> None:
        """On the first response that is not committed. Raises `DataError` where `work` is empty."""
        self._store = store
        self.work = work if isinstance(work, Work) else Chosen(store, work)
        if not self.work:
            raise DataError("There is no response to review.", "Import a model's responses first.")
        self._items: dict[str, Item] = {}
        self._responses: dict[str, Response] = {}
        self._rivals: dict[str, list[str]] = {}
        self._places: dict[str, frozenset[int]] = {}
        self.committed = {id for id, said in self.work.said(reviewer).items() if said.committed}
        self.index = next((i for i, id in enumerate(self.work) if id not in self.committed), 0)
        self.visits = Visits(self._longest_pause, clock)
        self.visits.arrive(self.here)

    @property
    def here(self) -> str:
        """Id of the response under the cursor."""
        return self.work[self.index]

    @property
    def response(self) -> Response:
        return self._response(self.here)

    @property
    def item(self) -> Item:
        return self.item_of(self.here)

    @property
    def rivals(self) -> list[str]:
        """Ids of the responses to this item, in the order of the work; the one under the cursor is among them."""
        item = self.response.item
        return _kept(self._rivals, item, lambda: self.work.rivals(item))

    def item_of(self, response: str) -> Item:
        return self._item(self._response(response).item)

    def items_around(self) -> list[Item]:
        """The next two items and the one before, as far as there are, for fetching their pictures ahead of time."""
        found = []
        for step, count in ((1, 2), (-1, 1)):
            place = self.index
            for _ in range(count):
                place = self._beyond(place, step)
                if not 0 <= place < len(self.work):
                    break
                found.append(self._item_at(place))
        return [self._item(id) for id in dict.fromkeys(found) if id != self._item_at(self.index)]

    def go(self, index: int) -> bool:
        """Put the cursor on a response; beyond the ends it stays where it is, and False is returned."""
        if not 0 <= index < len(self.work):
            return False
        self.index = index
        self.visits.arrive(self.here)
        return True

    def back(self) -> bool:
        """Go back one response; False on the first."""
        return self.go(self.index - 1)

    def go_to(self, response: str) -> bool:
        """Go to a response by its id; False where it is no part of the work."""
        place = self.work.place(response)
        return place is not None and self.go(place)

    def go_item(self, step: int) -> bool:
        """Go to the first response of the next or previous item; False at the ends."""
        found = self._beyond(self.index, step)
        if found < 0:
            return False
        return self.go(found if step > 0 else self._beyond(found, step) + 1)

    def _beyond(self, index: int, step: int) -> int:
        """The first place, that way, of another item; it may lie outside the work."""
        item = self._item_at(index)
        same = _kept(self._places, item, lambda: frozenset(self.work.places(item)))
        while index in same:
            index += 1 if step > 0 else -1
        return index

    def go_model(self, step: int) -> bool:
        """Go round the models' responses to the same item; False where there is only one."""
        rivals = self.rivals
        self.go_to(rivals[(rivals.index(self.work.response(self.here)) + step) % len(rivals)])
        return len(rivals) > 1

    def go_unfinished(self) -> bool:
        """Go to the next response that is not committed, from here round; False where all are."""
        order = chain(range(self.index + 1, len(self.work)), range(self.index + 1))
        found = next((i for i in order if self.work[i] not in self.committed), None)
        return found is not None and self.go(found)

    def find(self, words: str) -> list[tuple[int, str]]:
        """(place, line) of what holds these words; see `Work.find`."""
        return self.work.find(words)

    def _item_at(self, index: int) -> str:
        return self.work.row(index)[1]

    def _item(self, id: str) -> Item:
        return _kept(self._items, id, lambda: self._store.item(id))

    def _response(self, id: str) -> Response:
        return _kept(self._responses, id, lambda: self._store.response(self.work.response(id)))

    def _longest_pause(self, response: str) -> float:
        return longest_pause(self.item_of(response).instruction, self._response(response).text)


def _kept(kept: dict[str, T], id: str, read: Callable[[], T]) -> T:
    """What was read of late, or is read now; facts never change, so that what is kept stays true."""
    if id not in kept:
        while len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        kept[id] = read()
    return kept[id]
