"""A review without a screen: what may be seen when, and what is recorded."""

from fractions import Fraction

import pytest
from conftest import JUDGE, make_items, make_response, said

from miareview.errors import DataError, RefusedError
from miareview.review.queues import create_queue
from miareview.review.session import ReviewSession
from miareview.store.store import Store


@pytest.fixture
def session(store: Store) -> ReviewSession:
    queue = create_queue(store, "q", seed=3)
    return ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)


def test_while_blind_nothing_of_judge_or_model_is_handed_out(session: ReviewSession) -> None:
    view = session.view()
    assert view.judgment is None
    assert view.judge_points == {}
    assert view.masked
    assert view.response.model == view.model_label
    assert "alpha" not in repr(view.response.model) + view.model_label
    assert "beta" not in repr(view.response.model) + view.model_label


def test_masks_of_one_item_differ(session: ReviewSession) -> None:
    first = session.view().model_label
    session.go_model(1)
    assert session.view().model_label != first


def test_reveal_is_recorded_and_later_scores_are_assisted(session: ReviewSession) -> None:
    session.score(1, Fraction(2))
    session.say("reveal")
    view = session.view()
    assert view.judgment is not None
    assert view.model_label in ("alpha", "beta")
    session.score(1, Fraction(3))
    assert [(e.kind, e.judge_visible) for e in said(session.store)] == [
        ("score", False), ("reveal", False), ("score", True)
    ]  # fmt: skip
    state = session.view().state
    assert (state.blind[1].points, state.assisted[1].points) == (2, 3)


def test_commit_shows_the_judge_and_counts(session: ReviewSession) -> None:
    session.full_marks()
    session.commit()
    view = session.view()
    assert view.judge_visible
    assert view.committed == 1
    assert said(session.store)[-1].seconds is not None
    assert said(session.store)[-1].queue == "q"


def test_an_open_session_records_that_the_judge_was_shown(store: Store) -> None:
    response = make_response(make_items()[0], "alpha")
    session = ReviewSession(store, "ann", [response.id], blind=False, judge=JUDGE)
    assert session.view().judgment is not None
    session.score(1, Fraction(1))
    later = ReviewSession(store, "ann", [response.id], judge=JUDGE)
    assert later.view().judge_visible, "what was seen once stays seen"
    assert later.view().state.blind == {}


def test_agree_takes_the_judges_points_and_is_refused_while_hidden(session: ReviewSession) -> None:
    with pytest.raises(RefusedError, match="hidden"):
        session.agree([1])
    session.say("reveal")
    positions = [component.position for component in session.view().item.components]
    assert session.agree(positions) == len(positions)
    assert session.view().unscored == []


def test_points_outside_the_weight_are_refused(session: ReviewSession) -> None:
    weight = session.view().item.components[0].weight
    for points in (Fraction(weight) + Fraction(1, 2), Fraction(-1)):
        with pytest.raises(RefusedError, match=f"worth {weight}"):
            session.score(1, points)
    assert said(session.store) == []


def test_undo_takes_back_only_what_stands_since_the_judge_was_seen(session: ReviewSession) -> None:
    assert not session.undo()
    session.score(1, Fraction(1))
    assert session.undo()
    assert session.view().state.blind == {}
    assert session.redo()
    session.full_marks()
    session.commit()
    assert not session.undo()
    assert session.view().state.blind[1].points == 1


def test_moving_among_items_and_models(session: ReviewSession) -> None:
    start = session.view().item.id
    assert session.go_item(1)
    assert session.view().item.id != start
    assert session.go_item(-1)
    assert session.view().item.id == start
    assert session.index == 0
    assert not session.go_item(-1)
    assert session.go_model(1)
    assert session.view().item.id == start


def test_a_session_begins_where_it_was_left(session: ReviewSession) -> None:
    session.full_marks()
    session.commit()
    again = ReviewSession(session.store, "ann", session.work, queue=session.queue, judge=JUDGE)
    assert again.index == 1
    other = ReviewSession(session.store, "bob", session.work, queue=session.queue, judge=JUDGE)
    assert other.index == 0


def test_searching_by_number_and_words(session: ReviewSession) -> None:
    by_number = session.find("4")
    assert session.work[by_number[0][0]] in {make_response(make_items()[4], m).id for m in ("alpha", "beta")}
    assert len(session.find("describe number 2")) == 2
    assert session.find("") == []
    assert session.find("[/] nothing") == []


def test_nothing_to_review_is_said(store: Store) -> None:
    with pytest.raises(DataError, match="no response"):
        ReviewSession(store, "ann", [])
