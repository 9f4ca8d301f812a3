"""A queue that is dealt out: the same parts whoever draws it, both shares in every stretch, own ends."""

from collections import Counter
from itertools import combinations

import pytest
from conftest import commit
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.errors import DataError, UsageError
from miareview.review.dealing import deal
from miareview.review.looking import held_back
from miareview.review.queues import create_queue, work_in
from miareview.store.check import check
from miareview.store.queues import dealt_to, queue
from miareview.store.sight import is_over, parts
from miareview.store.store import Store

NAMES = st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=5, unique=True)


@settings(max_examples=30)
@given(st.integers(0, 200), NAMES, st.floats(0, 1))
def test_every_unit_has_a_reader_and_every_stretch_its_share(units: int, names: list[str], overlap: float) -> None:
    overlap = overlap if len(names) > 1 else 0.0
    dealt = deal([str(unit) for unit in range(units)], names, overlap)
    assert len(dealt) == units
    both = 0
    for place, people in enumerate(dealt.values(), start=1):
        both += len(people) == 2
        assert len(people) in (1, 2)
        assert set(people) <= set(names)
        assert abs(both - overlap * place) <= 1
    loads = Counter(name for people in dealt.values() for name in people)
    assert not dealt or max(loads.values()) - min(loads[name] for name in names) <= both + 1


@settings(max_examples=30)
@given(st.integers(0, 60), st.integers(0, 60), NAMES, st.randoms())
def test_a_longer_queue_is_dealt_as_the_shorter_whoever_is_named_first(
    short: int, more: int, names: list[str], chance: object
) -> None:
    units = [str(unit) for unit in range(short + more)]
    overlap = 0.3 if len(names) > 1 else 0.0
    long = deal(units, names, overlap)
    shuffled = names[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert deal(units[:short], shuffled, overlap) == {unit: long[unit] for unit in units[:short]}


def test_of_400_items_two_people_read_120_together_and_140_each() -> None:
    dealt = deal([str(unit) for unit in range(400)], ["ben", "ann"], 0.3)
    assert Counter(dealt.values()) == {("ann", "ben"): 120, ("ann",): 140, ("ben",): 140}


def test_all_pairs_of_four_take_turns() -> None:
    dealt = deal([str(unit) for unit in range(60)], "dcba", 1.0)
    assert Counter(dealt.values()) == dict.fromkeys(combinations("abcd", 2), 10)


@pytest.mark.parametrize(
    ("people", "overlap", "sentence"),
    [(["ann"], 0.5, "two or more"), (["ann", "ann"], 0.0, "twice"), (["ann", "ben"], 1.5, "from 0 to 1")],
)
def test_what_cannot_be_dealt_is_said(people: list[str], overlap: float, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        deal(["1"], people, overlap)


def test_each_has_their_part_and_their_own_end_of_it(store: Store) -> None:
    create_queue(store, "dealt", seed=3, people=["ben", "ann"], overlap=0.3)
    made = queue(store, "dealt")
    assert dealt_to(store, made.name) == ["ann", "ben"]
    ann, ben = list(work_in(store, made, "ann")), list(work_in(store, made, "ben"))
    assert set(ann) | set(ben) == {row.response for row in made.rows}
    both = {row.response for row in made.rows if row.people == ("ann", "ben")}
    assert set(ann) & set(ben) == both
    assert len(both) == 2
    for response in ann:
        assert not is_over(store, "ann", "dealt")
        commit(store, "ann", response, "dealt")
        if len(held_back(store, "ann")) < len(ann):
            assert held_back(store, "ann") <= set(ann)
    assert is_over(store, "ann", "dealt")
    assert not is_over(store, "ben", "dealt")
    assert {(part.responses, part.over) for part in parts(store, "ann")} == {(len(ann), True)}
    with pytest.raises(DataError, match="dealt out to ann, ben"):
        work_in(store, made, "cat")
    assert check(store).ok


def test_check_finds_a_row_that_was_given_to_somebody_else(store: Store) -> None:
    create_queue(store, "dealt", people=["ben", "ann"])
    with store.writing() as connection:
        connection.execute("""update queue_row set people = '["ann"]' where position = (select min(position) from
            queue_row where people = '["ben"]')""")
    assert [what for _, what in check(store).problems] == ["is not as it was drawn: people"]
