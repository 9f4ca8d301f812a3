"""Labels taken into the ledger: what becomes a reading or a settled label, what was there, and what is left out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from conftest import draw_queue, said

from miareview.errors import DataError, RefusedError
from miareview.formats.gold_in import GivenLabel
from miareview.review import labelling
from miareview.review.labelling import Taken, take_labels
from miareview.review.practice import create_training
from miareview.store.check import check
from miareview.store.gold import kept_disputed, opened
from miareview.store.ledger import append
from miareview.store.register import alias, new_reviewer
from miareview.store.store import Store
from miareview.store.verdicts import committed_marks, settled_of


@pytest.fixture
def store(store: Store) -> Store:
    """Ann, who is also Anna, and Ben."""
    append(store, new_reviewer("ann"), new_reviewer("ben"), alias("anna", "ann"))
    return store


def given(*rows: str, place: str = "line") -> list[GivenLabel]:
    """Of "ITEM MODEL COMPONENT POINTS WHO": no model and no points are "-"."""
    found = []
    for number, row in enumerate(rows, start=1):
        item, model, component, points, who = row.split()
        found.append(GivenLabel(f"{place} {number}", who, int(component), points.replace("-", ""), "", int(item),
                                model.replace("-", "")))  # fmt: skip
    return found


def answer(store: Store, item: int, model: str) -> str:
    id = next(one.id for one in store.items("test") if one.index == item)
    return next(response.id for response in store.responses(model) if response.item == id)


def marks(store: Store, item: int, model: str) -> dict[tuple[str, int], object]:
    return {(who, place): points for who, place, points in committed_marks(store, answer(store, item, model))}


def test_a_whole_reading_is_committed_and_the_same_again_is_there(store: Store) -> None:
    rows = given("1 alpha 1 11/3 ann", "1 alpha 2 1.5 Anna", "3 beta 2 - ben", "3 beta 1 6. ben")
    assert take_labels(store, "test", rows) == Taken(new=2)
    assert marks(store, 1, "alpha") == {("ann", 1): Fraction(11, 3), ("ann", 2): Fraction(3, 2)}
    assert marks(store, 3, "beta") == {("ben", 1): 6, ("ben", 2): None}
    assert [event.value for event in said(store) if event.kind == "ungradable"] == ["ambiguous"]
    assert take_labels(store, "test", rows) == Taken(there=2)
    other = take_labels(store, "test", given("1 alpha 1 3 ann", "1 alpha 2 1.5 ann"))
    assert other == Taken(left_out=[("line 1", "ann has committed this response with other points")])
    assert check(store).ok


def test_a_reading_that_lacks_a_component_is_none(store: Store) -> None:
    taken = take_labels(store, "test", given("2 alpha 2 3 ann", "1 beta 1 3 ben", "1 beta 2 3 ben"))
    assert taken == Taken(1, 0, [("line 1", "a reading is whole: ann says nothing of component 1, 3")])
    assert marks(store, 2, "alpha") == {}


def test_points_are_written_out_and_within_the_weight(store: Store) -> None:
    misfits = ("6.000001", "61/10", "0.0000001", "1/0", "1/0999", "+1", "٣", "0006", " 1", "1/3/3", "1e0")
    rows = [GivenLabel(points, "ann", 1, points, item=1, model="alpha") for points in misfits]
    taken = take_labels(store, "test", rows)
    assert taken.new == 0
    assert [place for place, reason in taken.left_out if reason.endswith(("does not fit", "no number of points"))] == [
        *misfits
    ]
    for model, (item, points) in zip(
        ("alpha", "beta") * 2, ((1, "0"), (1, "6"), (3, "006"), (3, "5.999999")), strict=True
    ):
        rows = [GivenLabel("a", "ann", 1, points, item=item, model=model), *given(f"{item} {model} 2 1 ann")]
        assert take_labels(store, "test", rows) == Taken(new=1)
        assert marks(store, item, model)["ann", 1] == Fraction(points)


def test_where_a_label_belongs_is_never_guessed(store: Store) -> None:
    one = answer(store, 1, "beta")
    rows = [
        GivenLabel("a", "ann", 1, "1", response=one), GivenLabel("a2", "ann", 2, "1", response=one),
        GivenLabel("b", "ann", 1, "1", response="nowhere"),
        *given("1 - 1 1 ann", "77 alpha 1 1 ann", "1 alpha 3 1 ann"),
    ]  # fmt: skip
    assert take_labels(store, "test", rows) == Taken(1, 0, [
        ("b", "there is no response 'nowhere'"),
        ("line 1", "it names no model, and 2 answered item 1"),
        ("line 2", "there is no answer of alpha to item 77"),
        ("line 3", "the item has no component 3"),
    ])  # fmt: skip


def test_of_two_different_words_neither_is_taken_and_the_same_twice_is_one(store: Store) -> None:
    rows = given("1 alpha 1 6 ann", "1 alpha 1 5 Anna", "1 alpha 2 1 ann", "1 beta 1 6 ann", "1 beta 1 6 ann",
                 "1 beta 2 0 ann")  # fmt: skip
    assert take_labels(store, "test", rows) == Taken(1, 0, [
        ("line 2", "Anna gives component 1 two different points"),
        ("line 1", "what ann says of this response is not taken: it differs"),
    ])  # fmt: skip
    assert marks(store, 1, "alpha") == {}


def test_settled_labels_stand_until_they_are_opened_again(store: Store) -> None:
    rows = [*given("1 alpha 2 1 ann"), GivenLabel("x", "ann", 1, "", item=1, model="alpha", note="too dark")]
    assert take_labels(store, "test", rows, as_settled=True, judge_seen=True) == Taken(new=2)
    response = answer(store, 1, "alpha")
    found = settled_of(store, response)
    assert {place: (one.points, one.ruling) for place, one in found.items()} == {
        1: (None, "settled"),
        2: (1, "settled"),
    }
    assert [event.judge_visible for event in said(store) if event.kind == "settle"] == [True, True]
    assert take_labels(store, "test", rows, as_settled=True) == Taken(there=2)
    other = given("1 alpha 2 2 ben")
    refused = Taken(left_out=[("line 1", "component 2 is settled otherwise already")])
    assert take_labels(store, "test", other, as_settled=True) == refused
    append(store, opened("ann", response, 2))
    assert take_labels(store, "test", other, as_settled=True) == Taken(new=1)
    assert settled_of(store, response)[2].points == 2
    for who, points in (("ann", 1), ("ben", 2)):
        take_labels(store, "test", given(*(f"3 beta {place} {points} {who}" for place in (1, 2))))
    append(store, kept_disputed("ann", answer(store, 3, "beta"), 1))
    labels = [GivenLabel("a", "cat", 1, "6", item=3, model="beta")]
    assert take_labels(store, "test", labels, as_settled=True, new_people=True) == Taken(new=1)
    assert check(store).ok


def test_a_queue_takes_the_readings_of_those_whose_part_it_is(store: Store) -> None:
    drawn = draw_queue(store, "q", size=2, seed=1, people=("anna", "ben"), overlap=0)
    numbers = {item.id: item.index for item in store.items("test")}
    models = {response.id: (numbers[response.item], response.model) for response in store.responses()}
    mine = {row.response for row in drawn.rows if row.people == ("anna",)}
    rows = given(*(f"{item} {model} {place} 1 ann" for id, (item, model) in models.items()
                   for place in store.weights({id})[id]))  # fmt: skip
    taken = take_labels(store, "test", rows, queue="q")
    assert (taken.new, len(taken.left_out)) == (len(mine), len(models) - len(mine))
    assert {reason for _, reason in taken.left_out} == {"it is not ann's part of the queue q"}
    assert {(event.response, event.queue) for event in said(store) if event.kind == "commit"} == {
        (id, "q") for id in mine
    }
    draw_queue(store, "everybody's", size=2, seed=1)
    assert take_labels(store, "test", [label for label in rows if label.model == "alpha"], queue="everybody's").new > 0
    with pytest.raises(DataError, match="no queue"):
        take_labels(store, "test", rows, queue="nowhere")


def test_practice_takes_no_labels(store: Store) -> None:
    for response in store.responses("alpha"):
        parts = store.weights({response.id})[response.id]
        take_labels(store, "test", [GivenLabel("x", "ben", place, "1", response=response.id) for place in parts],
                    as_settled=True)  # fmt: skip
    create_training(store, "lesson", 2)
    with pytest.raises(RefusedError, match="'lesson' is for practice"):
        take_labels(store, "test", given("1 alpha 1 1 ann"), queue="lesson")


def test_who_is_not_known_is_asked_about_or_joins(store: Store) -> None:
    rows = given("1 alpha 1 6 zoe", "1 alpha 2 1 Zoe", "1 beta 1 6 yan", "1 beta 2 1 yan")
    with pytest.raises(DataError, match="knows no reviewer 'Zoe', 'yan', 'zoe'"):
        take_labels(store, "test", rows)
    assert take_labels(store, "test", rows, new_people=True).new == 2
    names = {event.reviewer for event in said(store) if event.kind == "commit"}
    assert {name.casefold() for name in names} == {"zoe", "yan"}


@pytest.mark.parametrize("at", [1, 2, 5])
def test_what_is_broken_off_is_there_in_whole_transactions_and_whole_readings(
    store: Store, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    rows = given(*(f"{item} {model} {place} 1 ann" for item in (1, 3, 5) for model in ("alpha", "beta")
                   for place in (1, 2)))  # fmt: skip
    monkeypatch.setattr(labelling, "TOGETHER", 2)
    calls = 0

    def broken(*entries: object) -> None:
        nonlocal calls
        calls += 1
        append(*entries)  # type: ignore[arg-type]
        if calls == at:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(labelling, "append", broken)
        with pytest.raises(KeyboardInterrupt):
            take_labels(store, "test", rows)
    kept = (at - 1) // 2 * 2
    assert [event.kind for event in said(store) if event.kind != "alias"].count("commit") == kept
    assert check(store).ok
    assert take_labels(store, "test", rows) == Taken(6 - kept, kept)
