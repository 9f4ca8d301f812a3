"""What the one who looks must not know yet, for lists: the responses that wait for them, and their models' masks."""

from __future__ import annotations

from miareview.model import Queue
from miareview.review.looking import unfinished
from miareview.review.sight import masks
from miareview.store.browse_terms import Sight
from miareview.store.queues import queue
from miareview.store.store import Store


def sight_of(store: Store, reviewer: str | None, *here: str | None) -> Sight:
    """The sight of a reviewer who works in these queues now; nobody in particular (None) sees everything.

    All responses to an item wait as long as one does, else its model would be known by elimination; a response in two
    unfinished queues keeps the mask of the first.
    """
    if reviewer is None:
        return Sight()
    names = [part.queue for part in unfinished(store, reviewer, *here)]
    waiting: dict[str, str] = {}
    for name in names:
        for response, label in masks(store, reviewer, queue(store, name)).items():
            waiting.setdefault(response, label)
    return Sight(reviewer, waiting, frozenset(names))


def queue_of(store: Store, reviewer: str, response: str, *here: str | None) -> Queue | None:
    """The unfinished blind queue of a reviewer that a response is in: what is said of it counts there."""
    found = (queue(store, part.queue) for part in unfinished(store, reviewer, *here))
    return next((one for one in found if any(row.response == response for row in one.rows)), None)
