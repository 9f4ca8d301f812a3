"""A review without a screen: what may be seen when, and what is recorded."""

from fractions import Fraction
from typing import Any

import pytest
from conftest import JUDGE, draw_queue, make_items, make_response, said

from miareview.errors import DataError, RefusedError
from miareview.model import Reveal
from miareview.review.session import ReviewSession
from miareview.store.queues import queues
from miareview.store.store import Store


@pytest.fixture
def session(store: Store) -> ReviewSession:
    return begin(store, "each")


def begin(store: Store, reveal: Reveal = "end", who: str = "ann", **more: Any) -> ReviewSession:
    """A session in a blind random queue of all responses that shows the judge at that time."""
    there = [queue for queue in queues(store) if queue.name == reveal]
    queue = there[0] if there else draw_queue(store, reveal, seed=3, reveal=reveal)
    return ReviewSession(store, who, [row.response for row in queue.rows], queue=queue, judge=JUDGE, **more)


def commit(session: ReviewSession, *places: int) -> None:
    """Full marks and a commit on these responses."""
    for place in places:
        session.go(place)
        session.full_marks()
        session.commit()


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
    session.reveal()
    view = session.view()
    assert view.judgment is not None
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
    assert said(session.store)[-1].queue == "each"


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
    session.reveal()
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
    assert session.undo() == "nothing"
    session.score(1, Fraction(1))
    assert session.undo() == "undone"
    assert session.view().state.blind == {}
    assert session.redo()
    session.full_marks()
    session.commit()
    assert session.undo() == "nothing", "the judge was shown"
    assert session.view().state.blind[1].points == 1


def test_a_commit_is_whole_or_refused_with_what_is_missing(session: ReviewSession) -> None:
    session.go(next(i for i in range(12) if len(session.item_of(session.work[i]).components) == 3))
    with pytest.raises(RefusedError, match="Nothing is scored yet: s skips"):
        session.commit()
    session.score(1, Fraction(1))
    with pytest.raises(RefusedError, match="Components 2 and 3 have no score yet"):
        session.commit()
    session.score(2, Fraction(1))
    with pytest.raises(RefusedError, match="Component 3 has no score yet"):
        session.commit()
    assert [event.kind for event in said(session.store)] == ["score", "score"]
    session.say("ungradable", 3, "I cannot tell")
    assert session.commit().shown
    assert said(session.store)[-1].kind == "commit"


def test_a_second_commit_in_the_same_queue_says_nothing(session: ReviewSession) -> None:
    commit(session, 0)
    before = said(session.store)
    assert session.commit().shown
    assert said(session.store) == before


def test_at_the_end_means_that_what_is_committed_stays_blind(store: Store) -> None:
    session = begin(store)
    for place in range(len(session.work) - 1):
        commit(session, place)
        view = session.view()
        assert view.settled
        assert (view.judge_visible, view.judgment, view.masked) == (False, None, True)
    session.go(len(session.work) - 1)
    session.full_marks()
    done = session.commit()
    assert (done.shown, done.over) == (True, True)
    for place in range(len(session.work)):
        session.go(place)
        assert session.view().judgment is not None
        assert not session.view().masked


def test_never_means_that_no_commit_shows_the_judge(store: Store) -> None:
    session = begin(store, "never")
    commit(session, *range(len(session.work)))
    assert session.over
    assert session.view().judgment is None
    assert session.view().masked


def test_another_person_who_is_done_shows_nothing_to_one_who_is_not(store: Store) -> None:
    commit(begin(store, who="ben"), *range(12))
    ann = begin(store)
    commit(ann, 0)
    assert ann.view().judgment is None


def test_closing_a_queue_shows_the_judge_of_what_was_committed(store: Store) -> None:
    session = begin(store)
    with pytest.raises(RefusedError, match="nothing to close"):
        session.close()
    commit(session, 0, 1)
    session.close()
    assert session.over
    assert session.view().judgment is not None
    session.go(2)
    assert session.view().judgment is None
    with pytest.raises(RefusedError, match="over for ann already"):
        session.close()


def test_undo_right_after_a_commit_goes_back_and_opens_it_again(store: Store) -> None:
    session = begin(store)
    commit(session, 0)
    session.go_unfinished()
    assert session.index == 1
    assert session.undo() == "reopened"
    assert session.index == 0
    view = session.view()
    assert not view.settled
    assert view.committed == 0
    session.score(1, Fraction(0))
    assert session.view().state.blind[1].points == 0, "what is scored again is still blind"
    assert session.view().state.assisted == {}
    session.commit()
    assert [event.kind for event in said(store)][-3:] == ["reopen", "score", "commit"]


def test_undo_opens_the_last_commit_also_in_another_sitting_and_no_more_than_that(store: Store) -> None:
    commit(begin(store), 0, 1)
    session = begin(store)
    assert session.index == 2
    assert session.undo() == "reopened"
    assert session.index == 1
    assert session.undo() == "nothing"
    session.go(2)
    assert session.undo() == "nothing"


def test_what_was_said_here_is_undone_before_a_commit_is_opened(store: Store) -> None:
    session = begin(store)
    commit(session, 0)
    session.go_unfinished()
    session.score(1, Fraction(1))
    assert session.undo() == "undone"
    assert session.index == 1
    assert session.undo() == "reopened"


def test_going_back_to_an_earlier_commit_opens_that_one(store: Store) -> None:
    session = begin(store)
    commit(session, 0, 1, 2)
    session.go_unfinished()
    assert session.back()
    assert session.back()
    assert session.reopen()
    assert (session.index, session.view().settled) == (1, False)
    session.go(0)
    assert not session.back()


def test_a_commit_whose_judge_was_shown_is_not_opened(store: Store) -> None:
    session = begin(store)
    commit(session, 0)
    session.reveal()
    assert not session.reopen()
    assert session.undo() == "nothing"
    session.go(1)
    assert session.undo() == "nothing"


def test_scores_of_a_committed_blind_review_change_only_after_it_was_opened(store: Store) -> None:
    session = begin(store)
    commit(session, 0)
    before = said(store)
    for say in (
        lambda: session.score(1, Fraction(0)),
        lambda: session.say("clear", 1),
        lambda: session.say("ungradable", 1, "ambiguous"),
    ):
        with pytest.raises(RefusedError, match="committed"):
            say()
    assert said(store) == before
    session.say("flag", value="1")
    assert session.view().state.flagged


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
