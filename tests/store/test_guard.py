"""When a queue is over for a person, which decides whether a judge is shown."""

from __future__ import annotations

from conftest import commit

from miareview.review.queues import create_queue
from miareview.store.guard import over_for
from miareview.store.ledger import Entry, append
from miareview.store.store import Store


def over(store: Store, who: str) -> set[str]:
    return over_for(store.connection, who, ["two", "nothing"])


def test_a_queue_is_over_when_all_is_committed(store: Store) -> None:
    first, second = (row.response for row in create_queue(store, "two", size=1).rows)
    commit(store, "ann", first, "two")
    assert over(store, "ann") == set()
    commit(store, "ann", second, "two")
    assert (over(store, "ann"), over(store, "ben")) == ({"two"}, set())


def test_the_last_response_alone_is_not_all(store: Store) -> None:
    _, second = (row.response for row in create_queue(store, "two", size=1).rows)
    commit(store, "ann", second, "two")
    assert over(store, "ann") == set()


def test_a_queue_is_over_for_whoever_closed_it(store: Store) -> None:
    create_queue(store, "two", size=1)
    append(store, Entry("ann", "close", queue="two"))
    assert (over(store, "ann"), over(store, "ben")) == ({"two"}, set())
