"""What waits in lists, found in arrays, is what waits by the rule that reads queues a row at a time."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import JUDGE, make_items, make_judgment, make_response

from miareview.browse import find
from miareview.browse.find import all_rows, find_rows
from miareview.browse.rows import question, refresh
from miareview.browse.sight import masked, sight_of
from miareview.browse.waiting import closed_items
from miareview.errors import DataError, RefusedError
from miareview.review.looking import close_queue, held_back, waiting, waits
from miareview.review.queues import create_queue
from miareview.review.session import ReviewSession
from miareview.store import browse_rows
from miareview.store.browse_rows import forget
from miareview.store.browse_terms import Sight
from miareview.store.entry import Entry
from miareview.store.ledger import append
from miareview.store.queues import delete_queue, queue
from miareview.store.register import alias
from miareview.store.store import Store

EVERY = question("test", "response", "", "item")


def fill(path: Path, models: int = 4, items: int = 6) -> Store:
    store = Store.open(path, create=True)
    made = make_items(items)
    store.add_items(made)
    responses = [make_response(item, f"model-{place:02}") for place in range(models) for item in made]
    store.add_responses(responses)
    by_id = {item.id: item for item in made}
    store.add_judgments(
        JUDGE, [make_judgment(by_id[one.item], one, list(by_id[one.item].weights)) for one in responses]
    )
    refresh(store, JUDGE.id)
    return store


def listed(store: Store, sight: Sight) -> dict[str, str]:
    """By response that waits in the list, its label."""
    return {row.response or "": row.model or "" for row in find_rows(store, EVERY, sight, -1).rows if row.waits}


@pytest.mark.parametrize("seed", range(3))
def test_lists_mask_what_the_rule_masks(tmp_path: Path, seed: int) -> None:
    """Whatever was said in overlapping queues of every kind, by a person of two names."""
    dice = random.Random(seed)
    store = fill(tmp_path / "a.db")
    for place, reveal in enumerate(("each", "end", "never", "each")):
        dealt = {"people": ["ann", "ben"], "overlap": 0.5} if place == 3 else {}
        models = dice.sample([f"model-{place:02}" for place in range(4)], dice.randint(1, 3))
        create_queue(store, f"q{place}", size=4, seed=place, models=models, reveal=reveal, **dealt)  # type: ignore[arg-type]
    create_queue(store, "open", seed=9, blind=False)
    states = set()
    for step in range(8):
        drawn = queue(store, dice.choice(["q0", "q1", "q2", "q3", "open"]))
        who = ("Ann K.", "ann")[step % 2]
        mine = [row.response for row in drawn.rows if not row.people or "ann" in row.people]
        session = ReviewSession(store, who, mine, queue=drawn, blind=drawn.blind, judge=JUDGE)
        session.go(dice.randrange(len(mine)))
        session.full_marks()
        if dice.random() < 0.8:
            session.commit()
        if step == 5:
            with suppress(RefusedError):  # nothing of it is committed
                close_queue(store, drawn.name, who)
        if step == 3:
            append(store, alias("Ann K.", "ann"))
        refresh(store, JUDGE.id)
        for looks in ("ann", "Ann K.", "ben"):
            for here in ((), ("q1",)):
                sight = sight_of(store, looks, *here)
                found = masked(store, sight)
                assert listed(store, sight) == found
                items = [id for (id,) in store.rows("select id from item")]
                assert {id: label for item in items for id, label in masked(store, sight, item).items()} == found
                rowids = dict(store.rows("select id, rowid from item"))
                closed = waiting(store, looks, sight.queues)
                assert closed_items(store, sight) == sorted(rowids[item] for item in closed)
                states.add(len(found))
        for one in store.responses()[step::8]:
            assert waits(store, who, one.id) == (one.id in held_back(store, who))
    assert len(states) > 3


def test_signs_behind_z_are_in_order_as_texts(tmp_path: Path) -> None:
    store = fill(tmp_path / "a.db", models=31, items=1)
    whole = queue(store, create_queue(store, "whole").name)
    append(store, Entry("ann", "skip", whole.rows[0].response, queue="whole"))
    rows = find_rows(store, EVERY, sight_of(store, "ann"), -1).rows
    signs = [row.model or "" for row in rows]
    assert signs == sorted(signs)
    assert {"model A", "model Z", "model 27", "model 31"} <= set(signs)
    assert {row.response: row.model for row in rows} == masked(store, sight_of(store, "ann"))


def test_an_answer_that_is_not_in_the_summary_yet_closes_its_item(tmp_path: Path) -> None:
    """Somebody imports and draws while a list is being read: the late answer waits, and so do those beside it."""
    store = fill(tmp_path / "a.db", models=1)
    item = store.items("test")[0]
    late = make_response(item, "late")
    store.add_responses([late])
    create_queue(store, "late", models=["late"])
    create_queue(store, "first", models=["model-00"], seed=3, reveal="each")
    for drawn in (queue(store, "first"), queue(store, "late")):
        append(store, Entry("ann", "skip", drawn.rows[0].response, queue=drawn.name))
    for row in queue(store, "first").rows:
        append(store, Entry("ann", "reveal", row.response, queue="first"))
    sight = sight_of(store, "ann")
    hidden = masked(store, sight)
    assert len(hidden) == 2
    assert listed(store, sight) == {id: label for id, label in hidden.items() if id != late.id}
    assert len(listed(store, sight)) == 1
    refresh(store, JUDGE.id)
    assert listed(store, sight) == hidden


def test_what_is_kept_of_a_queue_is_of_that_queue_and_that_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse_rows, "AT_ONCE", 5)  # made in another order, so that rows get other numbers
    store = fill(tmp_path / "a.db")
    create_queue(store, "q", size=2, seed=1)
    sight = sight_of(store, "ann", "q")
    before = listed(store, sight)
    assert before == masked(store, sight)
    numbers = store.rows("select response, id from browse_row order by response")
    monkeypatch.setattr(browse_rows, "AT_ONCE", 1000)
    forget(store, JUDGE.id, "")
    refresh(store, JUDGE.id)
    assert store.rows("select response, id from browse_row order by response") != numbers
    assert listed(store, sight) == before
    delete_queue(store, "q")
    assert listed(store, sight) == {}
    create_queue(store, "q", size=2, seed=2)
    assert before != listed(store, sight) == masked(store, sight)


def test_rows_are_not_taken_for_others_when_the_summary_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "_AT_ONCE", 4)
    store = fill(tmp_path / "a.db")
    rows = all_rows(store, EVERY, Sight())
    assert next(rows).item == 0
    forget(store, JUDGE.id, "")
    refresh(store, JUDGE.id)
    with pytest.raises(DataError, match="made anew"):
        list(rows)
    assert len(list(all_rows(store, EVERY, Sight()))) == 24
