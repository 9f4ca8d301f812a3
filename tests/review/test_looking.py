"""The reviews behind a number: nothing of a response that waits for somebody shows in them, nor in what is counted."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from conftest import JUDGE, draw_queue, make_items, make_judgment, make_response

from miareview.model import Item, Queue, Reveal
from miareview.review.looking import held_back, may_be_listed, unfinished
from miareview.review.queues import create_queue
from miareview.review.score_columns import score_columns
from miareview.review.session import ReviewSession
from miareview.stats.agreement.table import agreement_table
from miareview.stats.behind import behind_cell, behind_model, item_pairs, without_few
from miareview.stats.frame import build_frame
from miareview.store.ledger import events
from miareview.store.store import Store

ITEMS = 4
"""Items in the queue; the first two of them are committed by the person who looks, with both models."""


Scores = dict[str, tuple[int, int]]
World = tuple[Store, Queue, ReviewSession]
MakeWorld = Callable[[Reveal, Scores], World]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MakeWorld]:
    with ExitStack() as stack:
        names = iter(range(100))

        def make(reveal: Reveal, scores: Scores) -> World:
            store = stack.enter_context(Store.open(tmp_path / f"{next(names)}.db", create=True))
            store.connection.execute("pragma synchronous=off")
            return filled(store, reveal, scores)

        yield make


def filled(store: Store, reveal: Reveal, scores: Scores) -> World:
    """Ann has committed half of a blind queue, Ben all of it, of which `scores` says (judge, Ben) by response.

    Of a response that is not in `scores` both give 2 to every component.
    """
    items = make_items(ITEMS)
    responses = [make_response(item, model) for item in items for model in ("alpha", "beta")]
    by_id: dict[str, Item] = {item.id: item for item in items}
    store.add_items(items)
    store.add_responses(responses)
    store.add_judgments(
        JUDGE,
        [
            make_judgment(by_id[r.item], r, [scores.get(r.id, (2, 2))[0]] * len(by_id[r.item].components))
            for r in responses
        ],
    )
    queue = draw_queue(store, "gold", seed=3, reveal=reveal)
    work = [row.response for row in queue.rows]
    ben, ann = (ReviewSession(store, who, work, queue=queue, judge=JUDGE) for who in ("ben", "ann"))
    for place, id in enumerate(work):
        for session in (ben, ann) if place < ITEMS else (ben,):
            session.go(place)
            for component in session.item.components:
                session.score(component.position, Fraction(scores.get(id, (2, 2))[1] if session is ben else 1))
            session.commit()
    ann.go_unfinished()
    return store, queue, ann


def told(store: Store, ann: ReviewSession) -> list[object]:
    """All that is handed out to Ann: views, searches, her summary, and everything behind the numbers."""
    frame = build_frame(score_columns(store))
    seen = may_be_listed(store, "ann")
    pictures, _ = without_few(frame, held_back(store, "ann"))
    said: list[object] = [behind_model(frame, model, seen) for model in ("alpha", "beta")]
    said += [behind_cell(frame, weight, j, h, seen) for weight in (3, 4, 6) for j in range(4) for h in range(4)]
    said += [item_pairs(pictures), agreement_table(pictures, by=("category", "model", "reviewer")).to_json(str)]
    said += [ann.find("item"), replace(ann.summary(), pace=None)]  # type: ignore[arg-type]
    for place in range(len(ann.work)):
        ann.go(place)
        view = ann.view()
        said.append((view.response, view.model_label, view.judgment, view.judge_visible, view.masked, view.checks))
    return said


@pytest.mark.parametrize("reveal", ["end", "each", "never"])
def test_changing_scores_that_wait_changes_nothing_that_is_handed_out(world: MakeWorld, reveal: Reveal) -> None:
    """A metamorphosis: the judge's and Ben's scores of what waits for Ann are others, and Ann is told the same."""
    plain, queue, ann = world(reveal, {})
    before = told(plain, ann)
    waits = [row.response for row in queue.rows][ITEMS if reveal == "each" else 0 :]
    for seed in range(2):
        random = Random(seed)
        other, _, ann_too = world(reveal, {id: (random.randint(0, 3), random.randint(0, 3)) for id in waits})
        assert told(other, ann_too) == before


def test_changing_scores_that_do_not_wait_does_change_them(world: MakeWorld) -> None:
    plain, queue, ann = world("each", {})
    other, _, ann_too = world("each", {queue.rows[0].response: (3, 0)})
    assert told(plain, ann) != told(other, ann_too)


def test_what_stays_closed_is_counted_of_the_whole_weight(world: MakeWorld) -> None:
    store, _, _ = world("each", {})
    frame = build_frame(score_columns(store))
    seen = may_be_listed(store, "ann")
    cells = [behind_cell(frame, 3, j, h, seen) for j in range(4) for h in range(4)]
    assert len({cell.hidden for cell in cells}) == 1
    assert cells[0].hidden > 0
    assert sum(len(cell.rows) for cell in cells) > 0
    assert {row.response for cell in cells for row in cell.rows} <= seen


def test_with_two_models_the_first_is_not_listed_before_the_second_is_committed(world: MakeWorld) -> None:
    made, _, ann = world("each", {})
    ann.go(ITEMS)
    ann.full_marks()
    assert ann.commit().shown
    assert ann.view().masked, "the model's name would name the other one"
    listed = may_be_listed(made, "ann")
    assert ann.here not in listed
    frame = build_frame(score_columns(made))
    rows = [row.response for model in ("alpha", "beta") for row in behind_model(frame, model, listed).rows]
    assert ann.here not in rows
    ann.go(ITEMS + 1)
    ann.full_marks()
    ann.commit()
    assert set(ann.work[ITEMS : ITEMS + 2]) <= may_be_listed(made, "ann")
    assert not ann.view().masked


def test_a_queue_that_is_over_or_was_never_begun_holds_nothing_back(world: MakeWorld) -> None:
    store, queue, ann = world("end", {})
    assert [part.queue for part in unfinished(store, "ann")] == ["gold"]
    assert unfinished(store, "ben") == []
    assert unfinished(store, "carol") == []
    assert [part.queue for part in unfinished(store, "carol", "gold")] == ["gold"], "she works in it now"
    ann.close()
    assert unfinished(store, "ann") == []
    assert may_be_listed(store, "ann") == {row.response for row in queue.rows[:ITEMS]}


def test_an_open_queue_holds_nothing_back(world: MakeWorld) -> None:
    store, _, ann = world("end", {})
    ann.close()
    queue = draw_queue(store, "open", blind=False)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, blind=False, judge=JUDGE)
    session.full_marks()
    assert unfinished(store, "ann", "open") == []


def test_a_response_that_waits_in_another_queue_masks_its_rival_here(world: MakeWorld) -> None:
    store, queue, _ = world("end", {})
    response = queue.rows[ITEMS].response
    outside = ReviewSession(store, "ann", [response], judge=JUDGE)
    outside.full_marks()
    assert outside.commit().shown
    assert outside.view().judgment is not None
    assert outside.view().masked, "the other model's response waits in the queue"


def test_opening_numbers_is_recorded_in_every_queue_that_is_not_over(world: MakeWorld) -> None:
    store, _, ann = world("end", {})
    create_queue(store, "second", seed=9)
    ann.peek("scores")
    (event,) = [event for event in events(store) if event.kind == "peek"]
    assert (event.reviewer, event.queue, event.response) == ("ann", "gold", None)
    assert json.loads(event.value or "") == {"opened": "scores", "committed": ITEMS}
    ann.close()
    ann.peek("scores")
    assert len([event for event in events(store) if event.kind == "peek"]) == 1
