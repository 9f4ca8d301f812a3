"""When a queue is over for a person, which decides whether a judge is shown; and what the ledger does not let in."""

from __future__ import annotations

import pytest
from conftest import commit, draw_queue

from miareview.errors import DataError
from miareview.review.queues import create_queue
from miareview.store.guard import over_for
from miareview.store.ledger import Entry, append, events
from miareview.store.store import Store


def over(store: Store, who: str) -> set[str]:
    return over_for(store.connection, who, ["two", "nothing"])


def test_a_queue_is_over_when_all_is_committed(store: Store) -> None:
    first, second = (row.response for row in draw_queue(store, "two", size=1).rows)
    commit(store, "ann", first, "two")
    assert over(store, "ann") == set()
    commit(store, "ann", second, "two")
    assert (over(store, "ann"), over(store, "ben")) == ({"two"}, set())


def test_the_last_response_alone_is_not_all(store: Store) -> None:
    _, second = (row.response for row in draw_queue(store, "two", size=1).rows)
    commit(store, "ann", second, "two")
    assert over(store, "ann") == set()


def test_a_queue_is_over_for_whoever_closed_it(store: Store) -> None:
    create_queue(store, "two", size=1)
    append(store, Entry("ann", "close", queue="two"))
    assert (over(store, "ann"), over(store, "ben")) == ({"two"}, set())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "score", "component": 9, "value": "1"}, "no component 9"),
        ({"kind": "ungradable", "component": 0, "value": "ambiguous"}, "no component 0"),
        ({"kind": "reason", "value": "lenient"}, "no component None"),
        ({"kind": "score", "component": 1, "value": "99"}, "'99' does not fit"),
        ({"kind": "score", "component": 1, "value": "-1/2"}, "'-1/2' does not fit"),
        ({"kind": "score", "component": 1, "value": "abc"}, "'abc' does not fit"),
        ({"kind": "agree", "component": 1}, "None does not fit"),
        ({"kind": "ungradable", "component": 1}, "for a reason"),
        ({"kind": "undo", "value": "nothing"}, "nothing to undo"),
        ({"kind": "redo", "value": "nothing"}, "nothing to redo"),
        ({"kind": "commit"}, "have no score yet"),
        ({"kind": "reopen"}, "only until the judge is shown"),
        ({"kind": "praise"}, "no kind of event"),
        ({"kind": "commit", "queue": "nowhere"}, "'nowhere' is not there"),
        ({"kind": "flag", "queue": "nowhere"}, "'nowhere' is not there"),
    ],
)
def test_what_cannot_be_is_refused_whoever_says_it(store: Store, said: dict[str, object], why: str) -> None:
    before = events(store)
    with pytest.raises(DataError, match=why):
        append(store, Entry("ann", response=store.responses()[0].id, **said))  # type: ignore[arg-type]
    assert events(store) == before
