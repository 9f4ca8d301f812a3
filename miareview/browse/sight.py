"""What the one who looks must not know yet, for lists: the responses that wait for them, and their models' masks."""

from __future__ import annotations

from collections.abc import Sequence

from miareview.model import Queue
from miareview.review.looking import unfinished, waiting
from miareview.review.sight import signs
from miareview.store.browse_terms import Sight
from miareview.store.ledger import state_of
from miareview.store.queues import among, design
from miareview.store.store import Store


def sight_of(store: Store, reviewer: str | None, *here: str | None) -> Sight:
    """The sight of a reviewer who works in these queues now; nobody in particular (None) sees everything."""
    if reviewer is None:
        return Sight()
    return Sight(reviewer, tuple(part.queue for part in unfinished(store, reviewer, *here)))


def masked(store: Store, sight: Sight, item: str | None = None) -> dict[str, str]:
    """By response that waits for the one who looks, the label that masks its model; of all, or of one item.

    All responses to an item wait as long as one does, else its model would be known by elimination; a response in two
    unfinished queues keeps the mask of the first. The same rule for all rows of a list at once is `browse.waiting`.
    """
    if sight.reviewer is None:
        return {}
    closed = waiting(store, sight.reviewer, sight.queues, item)
    found: dict[str, str] = {}
    for name in sight.queues:
        found = signs(store, name, closed, item) | found
    return found


class Looking:
    """The sight of one reviewer who works in these queues now, worked out anew where something was said or drawn."""

    def __init__(self, store: Store, reviewer: str, here: Sequence[str]) -> None:
        self._store = store
        self._reviewer = reviewer
        self._here = here
        self._kept: tuple[tuple[int, int], Sight] | None = None

    def sight(self) -> Sight:
        state = state_of(self._store)
        if self._kept is None or self._kept[0] != state:
            self._kept = state, sight_of(self._store, self._reviewer, *self._here)
        return self._kept[1]


def queue_of(store: Store, reviewer: str, response: str, *here: str | None) -> Queue | None:
    """The unfinished blind queue of a reviewer that a response is in, without its rows: what is said of it counts
    there."""
    parts = unfinished(store, reviewer, *here)
    return next((design(store, part.queue) for part in parts if among(store, part.queue, [response])), None)
