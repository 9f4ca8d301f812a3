"""Where a person is in their work, and where each step takes them."""

from __future__ import annotations

import pytest
from conftest import commit, draw_queue

from miareview.errors import DataError
from miareview.review import cursor as module
from miareview.review.cursor import Cursor
from miareview.store.store import Store
from miareview.store.work import Chosen, Drawn


def cursor(store: Store, work: str = "0a 0b 1a 2a 2b 3b", who: str = "ann") -> Cursor:
    """On the answers named by item and model."""
    ids = {f"{item.index}{r.model[0]}": r.id for item in store.items("test") for r in store.responses()
           if r.item == item.id}  # fmt: skip
    return Cursor(store, who, [ids[name] for name in work.split()])


def test_it_begins_at_the_first_response_that_is_not_committed(store: Store) -> None:
    work = cursor(store)
    for place in (0, 1, 3):
        commit(store, "ann", work.work[place])
    assert cursor(store).index == 2
    assert cursor(store, who="ben").index == 0
    assert cursor(store, "0a 0b 2a").index == 0  # all of them are committed
    with pytest.raises(DataError, match="no response to review"):
        cursor(store, "")


def test_the_next_that_is_not_committed_is_looked_for_all_round(store: Store) -> None:
    work = cursor(store)
    assert (work.go_unfinished(), work.index) == (True, 1)
    work.committed = {work.work[place] for place in (1, 2, 3, 5)}
    work.go(1)
    assert [(work.go_unfinished(), work.index) for _ in range(3)] == [(True, 4), (True, 0), (True, 4)]
    work.committed.add(work.work[0])
    assert (work.go_unfinished(), work.index) == (True, 4)  # the only one left is the one under the cursor
    work.committed.add(work.work[4])
    assert (work.go_unfinished(), work.index) == (False, 4)


def test_items_are_gone_through_from_the_first_response_of_each(store: Store) -> None:
    work = cursor(store)
    assert [(work.go_item(1), work.index) for _ in range(4)] == [(True, 2), (True, 3), (True, 5), (False, 5)]
    assert [(work.go_item(-1), work.index) for _ in range(4)] == [(True, 3), (True, 2), (True, 0), (False, 0)]
    work.go(1)
    assert (work.go_item(-1), work.index) == (False, 1)
    work.go(4)
    assert (work.go_item(-1), work.index) == (True, 2)
    work = cursor(store, "0a 1a")
    assert [(work.go_item(step), work.index) for step in (1, -1)] == [(True, 1), (True, 0)]
    work.go(1)
    assert [item.index for item in work.items_around()] == [0]


def test_steps_beyond_the_ends_stay_where_they_are(store: Store) -> None:
    work = cursor(store)
    assert (work.back(), work.go(-1), work.go(6), work.index) == (False, False, False, 0)
    assert (work.go(5), work.back(), work.index) == (True, True, 4)
    assert (work.go_to(work.work[1]), work.go_to("unknown"), work.index) == (True, False, 1)


def test_models_are_gone_round(store: Store) -> None:
    work = cursor(store)
    assert [(work.go_model(1), work.index) for _ in range(3)] == [(True, 1), (True, 0), (True, 1)]
    work.go(3)
    assert (work.go_model(-1), work.index, work.rivals) == (True, 4, work.work[3:5])
    work.go(2)
    assert (work.go_model(1), work.index) == (False, 2)


def test_pictures_are_fetched_of_two_items_ahead_and_one_behind(store: Store) -> None:
    work = cursor(store)
    for place, around in enumerate(([1, 2], [1, 2], [2, 3, 0], [3, 1], [3, 1], [2])):
        work.go(place)
        assert [item.index for item in work.items_around()] == around


def test_where_items_come_again_no_picture_is_fetched_twice(store: Store) -> None:
    work = cursor(store, "0a 1a 0b 1b 2a")
    work.go(2)
    assert [item.index for item in work.items_around()] == [1, 2]
    work = cursor(store, "0a 1a 0b")
    assert [item.index for item in work.items_around()] == [1]
    work.go(1)
    assert [item.index for item in work.items_around()] == [0]


def test_a_queue_is_walked_in_the_file(store: Store) -> None:
    rows = draw_queue(store, "q").rows
    assert isinstance(Cursor(store, "ann", Drawn(store, "q")).work, Drawn)
    assert isinstance(Cursor(store, "ann", [rows[0].response]).work, Chosen)


def test_few_texts_are_held(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those read longest ago go first, and are read again where they are needed."""
    monkeypatch.setattr(module, "_KEPT", 2)
    work = cursor(store)
    for place in range(6):
        work.go(place)
        assert (work.response.id, work.item.id) == work.work.row(place)
        assert len(work._items) <= 2
        assert len(work._responses) <= 2
    assert list(work._responses) == work.work[4:6]
