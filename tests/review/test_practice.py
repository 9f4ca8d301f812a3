"""Training and silent repeats: they look like work, and nothing that is said in them is a label or a score."""

import json
from fractions import Fraction

import pytest
from commands import run
from conftest import JUDGE, commit, draw_queue

from miareview.errors import DataError, RefusedError, UsageError
from miareview.gold.evidence import gather
from miareview.gold.work import read_labels
from miareview.model import Label
from miareview.review.looking import unfinished
from miareview.review.practice import calibrations, create_again, create_training
from miareview.review.queues import create_queue, work_in
from miareview.review.score_columns import score_columns
from miareview.review.session import ReviewSession
from miareview.stats.agreement.calibration import Pair, calibration
from miareview.store.check import check, derived_rows
from miareview.store.gold import sent_back, settled
from miareview.store.ledger import Entry, append
from miareview.store.practice import practice_value, practised
from miareview.store.queues import queue
from miareview.store.store import Store
from miareview.store.verdicts import response_labels
from miareview.words.second import calibration_lines


def session(store: Store, who: str, name: str) -> ReviewSession:
    made = queue(store, name)
    return ReviewSession(store, who, work_in(store, made, who), queue=made, judge=JUDGE)


@pytest.fixture
def gold(store: Store) -> Store:
    """The first component of three of alpha's answers is settled as 1 point."""
    for response in store.responses("alpha")[:3]:
        append(store, settled("carol", response.id, 1, Fraction(1), note="one is enough"))
    return store


def test_training_shows_what_is_settled_after_the_commit_and_counts_nowhere(gold: Store) -> None:
    made = create_training(gold, "learn", 2)
    before = [derived_rows(gold)[table] for table in ("current_score", "review_status", "label")]
    one = session(gold, "ann", "learn")
    view = one.view()
    assert (view.judge_visible, view.judgment, view.masked) == (False, None, True)
    with pytest.raises(RefusedError, match="before your commit"):
        one.reveal()
    with pytest.raises(RefusedError, match="worth"):
        one.score(1, Fraction(99))
    one.score(1, Fraction(2))
    assert one.undo() == "undone"
    assert one.redo()
    one.full_marks()
    done = one.commit()
    assert (done.shown, done.over) == (True, False)
    view = one.view()
    assert view.judge_name == "what was settled"
    assert view.judge_points == {1: Fraction(1)}
    assert view.differences == [1]
    assert "one is enough" in (view.judgment.raw or "" if view.judgment else "")
    with pytest.raises(RefusedError, match="committed"):
        one.score(1, Fraction(1))
    after = derived_rows(gold)
    assert [after[table] for table in ("current_score", "review_status", "label")] == before
    assert "ann" not in score_columns(gold).raters
    ((who, response, said),) = practised(gold)
    assert (who, response, said.of, said.points[1]) == ("ann", made.rows[0].response, "training", 2)
    assert not unfinished(gold, "ann")
    with pytest.raises(RefusedError, match="no sample"):
        one.close()
    later = session(gold, "ann", "learn")
    assert (later.index, len(later.committed)) == (1, 1)
    assert check(gold).ok


def test_nobody_is_trained_on_what_they_have_read(gold: Store) -> None:
    made = create_training(gold, "learn", 3)
    commit(gold, "ann", made.rows[0].response)
    assert len(work_in(gold, made, "ann")) == 2
    for row in made.rows[1:]:
        commit(gold, "ann", row.response)
    with pytest.raises(DataError, match="read all of"):
        work_in(gold, made, "ann")
    with pytest.raises(UsageError, match="3 responses have a settled label, fewer than 4"):
        create_training(gold, "more", 4)


def test_repeats_come_half_the_queue_later_never_last_and_leave_the_first_reading_alone(store: Store) -> None:
    create_queue(store, "twice", seed=2, repeats=0.25)
    one = session(store, "ann", "twice")
    entries = list(one.work)
    assert len(entries) == 12 + 3
    again = [place for place, entry in enumerate(entries) if one.work.practice(entry)]
    assert all(one.work.place(entry) == place for place, entry in enumerate(entries))
    assert entries[-1] == queue(store, "twice").rows[-1].response
    for place in again:
        first = entries.index(one.work.response(entries[place]))
        assert place - first >= 6
    for place in range(len(entries)):
        one.go(place)
        view = one.view()
        assert (view.judge_visible, view.masked, view.unscored) == (
            False,
            True,
            [c.position for c in view.item.components],
        )
        if place in again:
            one.score(1, Fraction(0))
        one.full_marks()
        assert one.commit().over == (place == len(entries) - 1)
    rows = {row[0]: row for row in store.rows("select response, points from current_score where position = 1")}
    assert all(points != "0" for _, points in rows.values())
    (found,) = calibrations(store, "test")
    assert found.repeats is not None
    assert (found.person, found.repeats.responses, found.notes) == ("ann", 3, ("few",))
    assert 0 < found.repeats.same[0] < 1
    assert "asked again on 3 responses" in calibration_lines(found)[0]
    assert check(store).ok


def test_repeats_need_a_judge_that_stays_hidden(store: Store) -> None:
    with pytest.raises(UsageError, match="hidden until the end"):
        create_queue(store, "twice", repeats=0.1, reveal="each")


@pytest.mark.parametrize(
    "value", ["", "{}", '{"of": "training", "points": {"1": "2"}}', '{"of": "fun", "points": {}}', "[1]"]
)
def test_the_ledger_keeps_whole_readings_only(store: Store, value: str) -> None:
    create_queue(store, "q")
    with pytest.raises(RefusedError, match="verdict on every component"):
        append(store, Entry("ann", "practice", queue(store, "q").rows[0].response, value=value, queue="q"))


def test_what_is_said_of_whom() -> None:
    """30 responses of two components: half a point less on each first one; then two in three changed to both sides."""
    less = [Pair(str(k // 2), 1.0, 1.0 - 0.25 * (k % 4 == 0)) for k in range(60)]
    shaky = [Pair(str(k), 0.5, 0.5 + 0.25 * (-1) ** k * (k % 3 > 0)) for k in range(60)]
    assert calibration("ann", less, []).notes == ("severe",)
    assert calibration("ann", [], less).notes == ("drifts",)
    assert calibration("ann", [], shaky).notes == ("careless",)
    assert calibration("ann", less[:6], []).notes == ("few",)
    always = [Pair(str(number), 1.0, 0.5) for number in range(12)]
    assert calibration("ann", always, []).notes == ("severe",), "without any variation too"
    assert calibration("ann", [], []).notes == ()
    assert calibration("ann", [Pair("1", None, None), Pair("1", None, 0.5)], []).training.same[0] == 0.5  # type: ignore[union-attr]


def test_by_command(gold: Store) -> None:
    assert "2 responses with settled labels" in run("queue", "create", "learn", "--training", "2", db=gold.path).stderr
    one = session(gold, "ann", "learn")
    one.full_marks()
    one.commit()
    (told,) = json.loads(run("agreement", "--json", db=gold.path).stdout)["calibration"]
    assert (told["person"], told["training"]["responses"], told["notes"]) == ("ann", 1, ["few"])
    assert "ann, trained on 1 response" in run("agreement", db=gold.path).stdout


def test_a_new_blind_round_makes_labels_and_leaves_every_score_alone(store: Store) -> None:
    """Ann and ben differ and have not seen the judge; cat has. What was sent back is asked of the first two."""
    queue = draw_queue(store, "first", seed=3, reveal="never")
    response = queue.rows[0].response
    for who, points in (("ann", "1"), ("ben", "2")):
        append(store, Entry(who, "score", response, 1, points, queue="first"))
        commit(store, who, response, "first")
    append(store, Entry("cat", "reveal", response))
    with pytest.raises(UsageError, match="Nothing waits"):
        create_again(store, "again")
    append(store, sent_back("dora", response, 1, "read it once more"))
    scores, derived = repr(score_columns(store)), derived_rows(store)["current_score"]
    create_again(store, "again")
    with pytest.raises(DataError, match="was shown to cat"):
        session(store, "cat", "again")

    def label() -> Label:
        return response_labels(store, store.item(queue.rows[0].item), response)[0]

    one = session(store, "ann", "again")
    assert (len(one.work), one.view().unscored[0]) == (1, 1), "what they gave before is out of sight"
    one.score(1, Fraction(2))
    one.say("comment", value="now I see it")
    one.full_marks()
    done = one.commit()
    assert (done.shown, done.over) == (False, True)
    assert (label().source, label().again, label().values) == ("disputed", True, (2, 2)), "ben has not read it again"
    full = {c.position: Fraction(c.weight) for c in one.item.components}
    append(store, Entry("cat", "practice", response, value=practice_value("again", full), queue="again"))
    assert label().people == ("ann", "ben"), "cat has seen the judge"
    other = session(store, "ben", "again")
    other.score(1, Fraction(2))
    other.full_marks()
    other.commit()
    assert (label().source, label().points, label().people) == ("unanimous", 2, ("ann", "ben"))
    row = read_labels(store, "test").rows[0]
    (said, _) = gather(store, row, "dora", {}, []).said
    assert said.points == 2
    assert {one.words for one in gather(store, row, "dora", {}, []).said} == {"now I see it", ""}
    assert repr(score_columns(store)) == scores
    assert derived_rows(store)["current_score"] == derived
    assert not calibrations(store, "test"), "a new round is no training"
    assert [part.queue for part in unfinished(store, "ann")] == ["first"], "it is no part of anybody's progress"
    with pytest.raises(RefusedError, match="no sample"):
        one.close()
    append(store, settled("dora", response, 1, Fraction(1)))
    assert label().points == 1
    assert check(store).ok
