"""Answers beside each other: what waits for the one who looks shows neither judge, nor others, nor a model's name."""

from __future__ import annotations

from conftest import JUDGE, commit, make_items

from miareview.browse.compare import compare
from miareview.browse.sight import sight_of
from miareview.review.queues import create_queue
from miareview.review.session import ReviewSession
from miareview.store.store import Store


def test_what_waits_is_masked_and_empty(store: Store) -> None:
    queue = create_queue(store, "mine", seed=3)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    session.full_marks()
    item = make_items()[0]
    for response in store.responses():
        commit(store, "ben", response.id)
    hidden = compare(store, item, [], JUDGE, sight_of(store, "ann"))
    assert all(answer.waits and answer.model.startswith("model ") for answer in hidden.answers)
    assert {cell.judge for answer in hidden.answers for cell in answer.cells} == {None}
    assert {cell.source for answer in hidden.answers for cell in answer.cells} == {"none"}
    assert "ben" not in hidden.people
    told = compare(store, item, [], JUDGE, sight_of(store, None))
    assert [answer.model for answer in told.answers] == ["alpha", "beta"]
    assert [answer.judge for answer in told.answers] == [10, 10]
    assert told.people == ("ben",)
