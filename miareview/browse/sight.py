"""What the one who looks must not know yet: the responses that wait in their own unfinished blind queues."""

from __future__ import annotations

from collections import defaultdict

from miareview.review.session import CIRCLED
from miareview.store.browse_query import Sight
from miareview.store.queues import queues
from miareview.store.store import Store


def sight_of(store: Store, reviewer: str | None) -> Sight:
    """The sight of a reviewer; nobody in particular (None) sees everything.

    A response waits where it is in a blind queue that this person began and did not finish, and its judge was not
    shown to them. Its model is masked by its place among the answers to the item in that queue.
    """
    if reviewer is None:
        return Sight()
    done, seen = set(), set()
    begun = {name for (name,) in store.rows("select distinct queue from event where reviewer = ?", (reviewer,))}
    for response, committed, revealed in store.rows(
        "select response, committed_at is not null, revealed from review_status where reviewer = ?", (reviewer,)
    ):
        if committed:
            done.add(response)
        if committed or revealed:
            seen.add(response)
    waiting: dict[str, str] = {}
    names = set()
    for queue in queues(store):
        rows = [row.response for row in queue.rows]
        if not queue.blind or queue.name not in begun or done.issuperset(rows):
            continue
        names.add(queue.name)
        places: dict[str, int] = defaultdict(int)
        for row in queue.rows:
            label = f"model {CIRCLED[places[row.item]] if places[row.item] < len(CIRCLED) else places[row.item] + 1}"
            places[row.item] += 1
            if row.response not in seen:
                waiting.setdefault(row.response, label)
    return Sight(reviewer, waiting, frozenset(names))
