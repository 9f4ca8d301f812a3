"""Who is who: spellings and other names are one person in everything that is counted."""

from __future__ import annotations

import pytest
from conftest import draw_queue

from miareview.errors import DataError, RefusedError
from miareview.review.score_columns import score_columns
from miareview.store.check import check, derived_rows, rebuild
from miareview.store.ledger import Entry, append, events, review_state
from miareview.store.names import name_key
from miareview.store.register import alias, known_person, new_reviewer, person_of, renamed, reviewers
from miareview.store.sight import parts, shown_to
from miareview.store.store import Store
from miareview.store.verdicts import response_labels


def review(store: Store, name: str, response: str, *points: str) -> None:
    scores = [Entry(name, "score", response, place, value) for place, value in enumerate(points, start=1)]
    append(store, *scores, Entry(name, "commit", response))


def people(store: Store) -> list[str]:
    columns = score_columns(store)
    return [name for name, kind in zip(columns.raters, columns.rater_kind, strict=True) if kind == "human"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("ann", "Ann"), ("ann", "ann "), ("Ann  Bee", "ann bee"), ("é", "e\u0301"), ("STRASSE", "straße")],
)
def test_spellings_that_are_one_person(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_one_person_under_two_spellings_makes_no_label_and_no_ceiling(store: Store) -> None:
    response = store.responses("alpha")[0]
    item = next(item for item in store.items() if item.id == response.item)
    review(store, "Ann", response.id, "4", "2", "1")
    append(store, Entry("ann ", "score", response.id, 1, "3"))
    assert people(store) == ["Ann"]
    assert [label.source for label in response_labels(store, item, response.id)] == ["single"] * 3
    assert {event.reviewer for event in events(store, response.id)} == {"Ann"}
    assert check(store).ok


def test_an_alias_makes_one_of_two_and_can_be_taken_back(store: Store) -> None:
    first, second = (response.id for response in store.responses("alpha")[:2])
    review(store, "ann", first, "4", "2", "1")
    review(store, "anne", first, "3", "2", "1")
    review(store, "anne", second, "4", "2")
    apart = derived_rows(store)
    assert people(store) == ["ann", "anne"]
    append(store, alias("anne", "ann", "lead"))
    assert people(store) == ["ann"]
    assert (person_of(store, "ANNE"), [(one.name, one.also, one.reviews) for one in reviewers(store)]) == (
        "ann", [("ann", ("anne",), 2), ("lead", (), 0)],
    )  # fmt: skip
    assert review_state(store, first, "anne").mark(1) == review_state(store, first, "ann").mark(1)
    assert shown_to(store, "ann") == {first, second}
    assert check(store).ok
    assert rebuild(store).ok
    append(store, alias("anne", None, "lead"))
    assert {name: rows for name, rows in derived_rows(store).items() if name != "reviewer"} == {
        name: rows for name, rows in apart.items() if name != "reviewer"
    }
    assert check(store).ok


def test_what_one_name_scored_after_the_other_saw_the_judge_is_not_blind(store: Store) -> None:
    response = store.responses("alpha")[0].id
    append(store, Entry("ann", "reveal", response))
    review(store, "anne", response, "4", "2", "1")
    assert set(review_state(store, response, "anne").blind) == {1, 2, 3}
    append(store, alias("anne", "ann"))
    state = review_state(store, response, "ann")
    assert (set(state.blind), set(state.assisted)) == (set(), {1, 2, 3})


def test_a_person_may_be_written_another_way(store: Store) -> None:
    response = store.responses("alpha")[0].id
    review(store, "ann", response, "4", "2", "1")
    append(store, renamed("ann", "Anne Bee"))
    assert people(store) == ["Anne Bee"]
    assert (person_of(store, "ann"), person_of(store, "anne bee")) == ("Anne Bee", "Anne Bee")
    review(store, "Anne Bee", store.responses("alpha")[1].id, "4", "2")
    assert people(store) == ["Anne Bee"]
    assert check(store).ok


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (new_reviewer("ANN "), "'ann' is in the register already"),
        (new_reviewer(" "), "needs a name"),
        (alias("ann", "ann"), "one person already"),
        (alias("ann", "nobody"), "knows no reviewer 'nobody'"),
        (alias("ann", None), "nobody's other name"),
        (renamed("nobody", "x"), "knows no reviewer 'nobody'"),
        (renamed("ann", "ben"), "'ben' is another person"),
    ],
)
def test_what_cannot_be_said_of_names_is_refused(store: Store, entry: Entry, words: str) -> None:
    append(store, new_reviewer("ann"), new_reviewer("ben"))
    before = len(events(store))
    with pytest.raises(RefusedError, match=words):
        append(store, entry)
    assert len(events(store)) == before


def test_a_stranger_is_told_how_to_join(store: Store) -> None:
    with pytest.raises(DataError, match="miareview reviewer add 'zoe'"):
        known_person(store, "zoe")


def test_a_part_of_a_queue_is_a_persons(store: Store) -> None:

    queue = draw_queue(store, "q", seed=3, reveal="end")
    for name, row in zip(("ann", "anne"), queue.rows, strict=False):
        append(store, Entry(name, "score", row.response, 1, "1", queue="q"))
    append(store, Entry("anne", "close", queue="q"))
    assert not parts(store, "ann")[0].over
    append(store, alias("anne", "ann"))
    assert parts(store, "ann")[0].over
