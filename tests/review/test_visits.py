"""The time that a review took: all its visits, and no night."""

from fractions import Fraction

import pytest
from conftest import JUDGE, make_items, make_response, said

from miareview.review.session import ReviewSession
from miareview.review.visits import BASE, longest_pause
from miareview.store.store import Store


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def begin(store: Store, clock: Clock, who: str = "ann") -> ReviewSession:
    work = [make_response(make_items()[0], "alpha").id, make_response(make_items()[1], "alpha").id]
    return ReviewSession(store, who, work, judge=JUDGE, clock=clock)


def seconds(store: Store, response: str) -> float:
    return sum(event.seconds or 0 for event in said(store) if event.response == response)


def test_a_review_takes_the_sum_of_its_visits(store: Store) -> None:
    clock = Clock()
    session = begin(store, clock)
    first, second = session.work
    clock.wait(10)
    session.go(1)
    clock.wait(7)
    session.full_marks()
    session.go(0)
    clock.wait(20)
    session.full_marks()
    clock.wait(5)
    session.commit()
    assert seconds(store, first) == 35
    assert seconds(store, second) == 7


def test_visits_to_a_response_that_was_left_uncommitted_count_in_the_next_sitting(store: Store) -> None:
    clock = Clock()
    session = begin(store, clock)
    clock.wait(12)
    session.score(1, Fraction(1))
    clock.wait(90_000)
    session = begin(store, clock)
    clock.wait(8)
    session.full_marks()
    session.commit()
    assert seconds(store, session.work[0]) == 20


def test_a_night_is_no_work(store: Store) -> None:
    clock = Clock()
    session = begin(store, clock)
    clock.wait(5)
    session.score(1, Fraction(1))
    clock.wait(9 * 3600)
    session.score(2, Fraction(1))
    view = session.view()
    longest = longest_pause(view.item.instruction, view.response.text)
    assert BASE < longest < 2 * BASE
    assert seconds(store, session.here) == pytest.approx(5 + longest, abs=0.1)


def test_a_pause_may_be_longer_where_there_is_more_to_read() -> None:
    assert longest_pause("") == BASE
    assert longest_pause("word " * 238) == pytest.approx(BASE + 120)
    assert longest_pause("word " * 119, "word " * 119) == pytest.approx(BASE + 120)


def test_time_of_a_word_that_was_refused_is_not_lost(store: Store) -> None:
    clock = Clock()
    session = begin(store, clock)
    clock.wait(30)
    with pytest.raises(Exception, match="worth"):
        session.score(1, Fraction(99))
    clock.wait(4)
    session.score(1, Fraction(1))
    assert seconds(store, session.here) == 34


def test_the_pace_is_that_of_all_sittings(store: Store) -> None:
    clock = Clock()
    session = begin(store, clock)
    assert session.pace().to_go is None
    clock.wait(30)
    session.full_marks()
    session.commit()
    pace = session.pace()
    assert (pace.committed, pace.total, pace.seconds, pace.to_go) == (1, 2, 30, 30)
    later = begin(store, clock)
    clock.wait(10)
    later.full_marks()
    assert later.pace().seconds == 40
    assert begin(store, clock, "ben").pace().seconds == 0
