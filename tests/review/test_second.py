"""Second readings: which are drawn with which chance, who reads them, what they count in, and the rates."""

import json
from collections.abc import Iterable
from fractions import Fraction

import pytest
from conftest import JUDGE, commit, draw_queue, make_items, make_judgment, make_response

from miareview.errors import DataError, UsageError
from miareview.identity import random_number
from miareview.model import Queue, QueueRow
from miareview.review.queues import work_in
from miareview.review.score_columns import score_columns
from miareview.review.second import all_second_readings, create_second
from miareview.stats.frame import build_frame
from miareview.store.check import check
from miareview.store.ledger import Entry, append
from miareview.store.queues import queue
from miareview.store.store import Store
from miareview.store.verdicts import verdicts
from miareview.words.flags import say
from miareview.words.second import second_lines


def read_all(store: Store, reviewer: str, rows: Iterable[QueueRow], queue: str, **first: int) -> None:
    """Commit responses in one go: full marks, but for the first component where `first` has its points by stratum."""
    weights = store.weights({row.response for row in rows})
    append(
        store,
        *(
            entry
            for row in rows
            for entry in (
                *(
                    Entry(reviewer, "score", row.response, p, str(first.get(row.stratum, w) if p == 1 else w))
                    for p, w in weights[row.response].items()
                ),
                Entry(reviewer, "commit", row.response, queue=queue),
            )
        ),
    )


@pytest.fixture
def read(tmp_path: object) -> Store:
    """40 answers that the judge gave full marks; ann gave the first component of every fourth half of it."""
    store = Store.open(tmp_path / "read.db", create=True)  # type: ignore[operator]
    items = make_items(40)
    store.add_items(items)
    answers = [make_response(item, "alpha") for item in items]
    store.add_responses(answers)
    store.add_judgments(
        JUDGE, [make_judgment(item, one, list(item.weights)) for item, one in zip(items, answers, strict=True)]
    )
    made = draw_queue(store, "first", seed=9)
    halved = {item.id for item in items if item.index % 4 == 0}
    read_all(store, "ann", [row for row in made.rows if row.item in halved], "first", all=2)
    read_all(store, "ann", [row for row in made.rows if row.item not in halved], "first")
    return store


def second(store: Store, name: str = "second", **more: object) -> Queue:
    return create_second(store, name, **({"share": 0.5, "min_delta": 0.5, "judge": JUDGE} | more))  # type: ignore[arg-type]


def test_all_that_differs_is_drawn_and_a_share_of_the_rest(read: Store) -> None:
    made = second(read)
    numbers = {item.id: item.index for item in read.items()}
    apart = {numbers[row.item] for row in made.rows if row.stratum == "differs"}
    assert apart == set(range(0, 40, 4))
    assert {(row.stratum, row.probability) for row in made.rows} == {("differs", 1.0), ("rest", 0.5)}
    assert len(made.rows) == 25
    assert (made.frame_size, made.size, made.blind, made.reveal) == (40, 25, True, "end")
    smaller = second(read, "smaller", share=0.2)
    assert {row.response for row in smaller.rows} < {row.response for row in made.rows}
    order = [random_number(1, "order of second readings", row.response) for row in made.rows]
    assert order == sorted(order)
    assert check(read).ok


def test_what_differs_is_a_matter_of_the_weight(read: Store) -> None:
    assert sum(row.stratum == "differs" for row in second(read, min_delta=0.51).rows) == 0
    append(read, *(Entry("ben", "ungradable", row.response, 1, "ambiguous") for row in queue(read, "first").rows[:1]))
    assert sum(row.stratum == "differs" for row in second(read, "again", min_delta=0.5).rows) == 10


def test_what_two_have_read_and_what_nobody_has_is_not_drawn(read: Store) -> None:
    twice = queue(read, "first").rows[0].response
    commit(read, "ben", twice)
    made = second(read, share=1.0)
    assert made.frame_size == 39
    assert twice not in {row.response for row in made.rows}


def test_nobody_reads_again_what_they_read_first(read: Store) -> None:
    made = second(read)
    with pytest.raises(DataError, match="read all of it before"):
        work_in(read, made, "ann")
    assert list(work_in(read, made, "ben")) == [row.response for row in made.rows]
    dealt = second(read, "dealt", people=["ann", "ben", "cat"])
    assert {name for row in dealt.rows for name in row.people} == {"ben", "cat"}
    with pytest.raises(UsageError, match="ann read 25 of these first"):
        second(read, "hers", people=["ann"])


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"judge": None}, "no judge"), ({"min_delta": 0.0}, "above 0"), ({"share": 1.1}, "from 0 to 1"),
     ({"share": 0.0, "min_delta": 1.0}, "larger --share"), ({"models": ["beta"]}, "exactly one person")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said(read: Store, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        second(read, **more)


def test_a_second_reading_makes_labels_and_no_other_number(read: Store) -> None:
    """Agreement and scores stay what they were to the last digit: whether ben was asked depends on what ann said."""
    before = build_frame(score_columns(read))
    made = second(read)
    read_all(read, "ben", made.rows, "second", differs=0, rest=0)
    after = build_frame(score_columns(read))
    assert after.reviewers == before.reviewers == ("ann",)
    assert (after.human.value == before.human.value).all()
    standing = [of[0] for *_, of in verdicts(read, "test", "alpha", JUDGE.id)]
    assert {verdict.by for verdict in standing} == {"human"}
    assert all(verdict.points in (2, 4, 6) for verdict in standing)
    assert dict(after.columns.left_out) == {"second_readings": 25}
    commit(read, "ben", made.rows[0].response, "first")
    assert build_frame(score_columns(read)).reviewers == ("ann", "ben")


def test_the_rate_stands_for_all_that_was_read_once(read: Store) -> None:
    """Of the components that were drawn by chance ben differs on one of each second response, elsewhere on none."""
    made = second(read)
    rest = [row for row in made.rows if row.stratum == "rest"]
    wrong = {row.response for row in rest[::2]}
    read_all(read, "ben", [row for row in made.rows if row.response in wrong], "second", rest=1)
    read_all(read, "ben", [row for row in made.rows if row.response not in wrong], "second", differs=2)
    (found,) = all_second_readings(read, "test")
    assert found.differ is not None
    assert found.judge_differs is not None
    strata = json.loads(made.frame)["strata"]
    parts = {row.response: len(read.weights({row.response})[row.response]) for row in rest}
    inside = Fraction(len(wrong), sum(parts.values()))
    total = sum(of["components"] for of in strata.values())
    assert found.differ.value == pytest.approx(float(inside * strata["rest"]["components"] / total))
    assert found.judge_differs.value == pytest.approx(float((inside * strata["rest"]["components"] + 10) / total))
    assert found.differ.low < found.differ.value < found.differ.high
    assert "25 of 25 responses read a second time" in second_lines(found)[0]


def test_a_gap_counts_at_its_least_and_at_its_most(read: Store) -> None:
    made = second(read)
    read_all(read, "ben", [*made.rows[:4], *made.rows[5:]], "second")
    (found,) = all_second_readings(read, "test")
    commit(read, "ben", made.rows[4].response, "second")
    (whole,) = all_second_readings(read, "test")
    assert (found.gaps, whole.gaps) == (1, 0)
    assert found.differ is not None
    assert whole.differ is not None
    assert found.differ.low <= whole.differ.value
    assert found.differ.high > whole.differ.high
    assert "1 response in between" in second_lines(found)[1]


def test_without_a_random_share_there_is_no_rate(read: Store) -> None:
    made = second(read, share=0.0)
    read_all(read, "ben", made.rows, "second")
    (found,) = all_second_readings(read, "test")
    assert found.differ is None
    sentence = "0 of 30 responses of the rest are read a second time; a rate needs 10."
    assert found.to_json(say)["refused"] == sentence
    assert second_lines(found) == ["second: 10 of 10 responses read a second time. No rate: " + sentence]
