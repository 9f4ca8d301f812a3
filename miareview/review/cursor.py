"""Where a person is in their work, and how they move about in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from miareview.errors import DataError
from miareview.model import Item, Response
from miareview.review.visits import Visits, longest_pause
from miareview.store.ledger import committed_by
from miareview.store.store import Store


class Cursor:
    """A place in `work` (response ids), which is `index`; `committed` are those that are settled."""

    def __init__(
        self, store: Store, reviewer: str, work: Sequence[str], clock: Callable[[], float] = monotonic
    ) -> None:
        """On the first response that is not committed. Raises `DataError` where `work` is empty."""
        if not work:
            raise DataError("There is no response to review.", "Import a model's responses first.")
        self._items = {item.id: item for item in store.items()}
        self._responses = {response.id: response for response in store.responses()}
        self.work = [id for id in work if id in self._responses]
        self._rivals: dict[str, list[str]] = {}
        for id in self.work:
            self._rivals.setdefault(self._responses[id].item, []).append(id)
        self.committed = committed_by(store, reviewer).intersection(self.work)
        self.index = next((i for i, id in enumerate(self.work) if id not in self.committed), 0)
        self.visits = Visits(self._longest_pause, clock)
        self.visits.arrive(self.here)

    @property
    def here(self) -> str:
        """Id of the response under the cursor."""
        return self.work[self.index]

    @property
    def response(self) -> Response:
        return self._responses[self.here]

    @property
    def item(self) -> Item:
        return self.item_of(self.here)

    @property
    def rivals(self) -> list[str]:
        """Ids of the responses to this item, in the order of the work; the one under the cursor is among them."""
        return self._rivals[self.response.item]

    def item_of(self, response: str) -> Item:
        return self._items[self._responses[response].item]

    def items(self) -> list[Item]:
        return list(self._items.values())

    def items_around(self) -> list[Item]:
        """The next two items and the one before, as far as there are, for fetching their pictures ahead of time."""
        here = self._item_at(self.index)
        after = dict.fromkeys(self._item_at(i) for i in range(self.index, min(self.index + 100, len(self.work))))
        before = dict.fromkeys(self._item_at(i) for i in range(self.index, max(self.index - 100, -1), -1))
        near = [*[id for id in after if id != here][:2], *[id for id in before if id != here][:1]]
        return [self._items[id] for id in near]

    def go(self, index: int) -> bool:
        """Put the cursor on a response; beyond the ends it stays where it is, and False is returned."""
        if not 0 <= index < len(self.work):
            return False
        if index != self.index:
            self.index = index
            self.visits.arrive(self.here)
        return True

    def back(self) -> bool:
        """Go back one response; False on the first."""
        return self.go(self.index - 1)

    def go_to(self, response: str) -> bool:
        """Go to a response by its id; False where it is no part of the work."""
        return response in self.work and self.go(self.work.index(response))

    def go_item(self, step: int) -> bool:
        """Go to the first response of the next or previous item; False at the ends."""
        here = self._item_at(self.index)
        places = range(self.index, len(self.work)) if step > 0 else range(self.index, -1, -1)
        found = next((i for i in places if self._item_at(i) != here), None)
        if found is None:
            return False
        while step < 0 and found > 0 and self._item_at(found - 1) == self._item_at(found):
            found -= 1
        return self.go(found)

    def go_model(self, step: int) -> bool:
        """Go round the models' responses to the same item; False where there is only one."""
        rivals = self.rivals
        self.go_to(rivals[(rivals.index(self.here) + step) % len(rivals)])
        return len(rivals) > 1

    def go_unfinished(self) -> bool:
        """Go to the next response that is not committed, from here round; False where all are."""
        order = [*range(self.index + 1, len(self.work)), *range(self.index + 1)]
        found = next((i for i in order if self.work[i] not in self.committed), None)
        return found is not None and self.go(found)

    def find(self, words: str, most: int = 50) -> list[tuple[int, str]]:
        """(place, line) of the responses whose item has that number, or whose texts hold all the words.

        Nothing but instruction and response is searched, so that a search tells nothing of a judge.
        """
        wanted = words.lower().split()
        hits: list[tuple[int, str]] = []
        for place, id in enumerate(self.work):
            response, item = self._responses[id], self.item_of(id)
            text = f"{item.instruction}\n{response.text}".lower()
            if wanted and ([str(item.index)] == wanted or all(word in text for word in wanted)):
                hits.append((place, f"item {item.index}  {item.instruction}"))
        exact = [hit for hit in hits if [str(self._items[self._item_at(hit[0])].index)] == wanted]
        return (exact + [hit for hit in hits if hit not in exact])[:most]

    def _item_at(self, index: int) -> str:
        return self._responses[self.work[index]].item

    def _longest_pause(self, response: str) -> float:
        return longest_pause(self.item_of(response).instruction, self._responses[response].text)
