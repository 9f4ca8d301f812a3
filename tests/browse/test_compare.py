"""Answers beside each other: what waits for the one who looks shows neither judge, nor others, nor a model's name."""

from __future__ import annotations

from pathlib import Path

from conftest import JUDGE, commit, draw_queue, make_items, make_judgment, make_response

from miareview.browse.compare import compare
from miareview.browse.rows import refresh
from miareview.browse.sight import masked, sight_of
from miareview.browse.waiting import closed_items
from miareview.demo import QUEUE, make_demo
from miareview.review.session import ReviewSession
from miareview.store.browse_compare import WORTHS, items_worth
from miareview.store.browse_terms import Sight
from miareview.store.store import Store


def test_what_waits_is_masked_and_empty(store: Store) -> None:
    queue = draw_queue(store, "mine", seed=3)
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


def test_a_model_that_is_named_as_a_mask_is_loses_no_answer(store: Store) -> None:
    queue = draw_queue(store, "mine", seed=3)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    session.full_marks()
    item = make_items()[0]
    store.add_responses([make_response(item, "model A"), make_response(item, "model A′")])
    hidden = compare(store, item, [], JUDGE, sight_of(store, "ann"))
    assert [(answer.model, answer.waits, answer.response.model.startswith("model")) for answer in hidden.answers] == [
        ("model A′", False, True), ("model A′′", False, True), ("model A", True, False), ("model B", True, False),
    ]  # fmt: skip
    (one,) = compare(store, item, ["model A"], JUDGE, sight_of(store, "ann")).answers
    assert one.waits


def test_equal_answers_are_held_against_each_that_was_scored(tmp_path: Path) -> None:
    """The first of three has no points of the judge; two say nothing; one is asked for twice."""
    store = Store.open(tmp_path / "a.db", create=True)
    (item,) = make_items(1)
    store.add_items([item])
    answers = [make_response(item, model, "The  same." if model == "c" else "The same.") for model in "abcd"]
    silent = [make_response(item, model, "", "empty") for model in "yz"]
    store.add_responses([*answers, *silent])
    given = ([4, 3, 3], [4, 3, 0], [4, 3, 3])
    store.add_judgments(JUDGE, [
        make_judgment(item, answer, points) for answer, points in zip(answers[1:], given, strict=True)
    ])  # fmt: skip
    told = compare(store, item, [*"abcdyz", "a"], JUDGE, Sight())
    assert told.contradictions() == [(3, "b", "c"), (3, "c", "d")]
    assert [(answer.model, answer.same_as) for answer in told.answers] == [
        ("a", None), ("b", "a"), ("c", "a"), ("d", "a"), ("y", None), ("z", None),
    ]  # fmt: skip


def test_items_worth_a_look(tmp_path: Path) -> None:
    """Against the same said in plain Python of what `compare` shows."""
    models = ["demo-large", "demo-small", "demo-verbose"]
    with make_demo(tmp_path / "demo.db") as demo:
        judge = demo.judges()[0]
        refresh(demo, judge.id)
        found = {worth: items_worth(demo, "miareview-demo", models, worth, ()) for worth in WORTHS}
        shown = {item.index: compare(demo, item, models, judge, Sight()) for item in demo.items()}
        sight = sight_of(demo, "you", QUEUE)
        waits = {item.index for item in demo.items() if masked(demo, sight, item.id)}
        closed = closed_items(demo, sight)
        seen = {worth: items_worth(demo, "miareview-demo", models, worth, closed) for worth in WORTHS}
    assert 0 < len(waits) < len(shown)
    assert seen == {worth: [number for number in numbers if number not in waits] for worth, numbers in found.items()}
    assert seen["differ"] != found["differ"]
    differ, one_wrong, flips = set(), set(), set()
    for number, comparison in shown.items():
        for place, component in enumerate(comparison.item.components):
            given = [points for answer in comparison.answers if (points := answer.cells[place].judge) is not None]
            differ |= {number} if len(set(given)) > 1 else set()
            short = sum(points < component.weight for points in given)
            one_wrong |= {number} if len(given) > 1 and short == 1 else set()
        totals = [(a.judge, a.people) for a in comparison.answers if a.judge is not None and a.people is not None]
        flips |= {number} if any((a - c) * (b - d) < 0 for a, b in totals for c, d in totals) else set()
    assert found["all"] == sorted(shown)
    assert set(found["differ"]) == differ
    assert set(found["one wrong"]) == one_wrong
    assert set(found["rank flips"]) == flips
    assert differ - one_wrong  # they are not the same question
