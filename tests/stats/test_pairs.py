"""Pairs of a leaderboard by hand: of which items they are, who reviewed them, why there is none, what is said of it."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from made_columns import add_rater, add_score, add_scores, components_of, empty_columns, set_sample

from miareview.model import ScoreColumns
from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.board.scores import Errors, PairScore
from miareview.stats.correction import corrected_mean
from miareview.stats.flags import Flag

A = [7, 8, 9, 10]


def board(
    items: int, reviewed: int, bens: int = 0, errors_a: int = 0, errors_b: int = 0, unread: int = 0, seen: bool = False
) -> ScoreColumns:
    """Models a and b; ann reviews `reviewed` items of both, but ben the first `bens` of b. The judge gives a and b a
    point too many in turn. The last answers are errors; of the last ok ones of b the judge was not read."""
    columns = empty_columns(items, ["a", "b"], [[10]] * items, [["math"]] * items)
    ann, ben = add_rater(columns, "ann"), add_rater(columns, "ben")
    for model, failed in enumerate((errors_a, errors_b)):
        for item in range(items):
            response = model * items + item
            points = A[(item + model) % 4] - 2 * model
            if item >= items - failed:
                columns.response_status[response] = "error"
                continue
            if not (model and item >= items - failed - unread):
                add_scores(columns, response, 0, [points])
            if item < reviewed:
                add_scores(columns, response, ben if model and item < bens else ann, [points - (item + model) % 2],
                           visible=seen and bool(model) and item < bens)  # fmt: skip
        set_sample(columns, model, [model * items + item for item in range(reviewed)])
    return columns


def pair(columns: ScoreColumns, errors: Errors = "skip") -> PairScore:
    (found,) = leaderboard(columns, errors=errors).pairs
    return found if found.a == "a" else found.turned()


def codes(found: PairScore) -> dict[str, tuple[int, int]]:
    return {flag.code: (flag.n, flag.of) for flag in found.flags}


def test_a_pair_is_the_corrected_difference_of_its_items() -> None:
    columns = board(60, 20)
    judge = [np.array([A[(item + model) % 4] - 2 * model for item in range(60)]) / 10 for model in range(2)]
    human = [np.array([(j[i] * 10 - (i + m) % 2) / 10 if i < 20 else nan for i in range(60)])
             for m, j in enumerate(judge)]  # fmt: skip
    expected = corrected_mean(judge[0] - judge[1], human[0] - human[1], bounds=(-1.0, 1.0))
    found = pair(columns)
    assert (found.difference, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))
    assert found.judge_difference == pytest.approx(judge[0].mean() - judge[1].mean()) == pytest.approx(0.2)
    assert (found.n, found.total, found.refused, found.pilot, found.flipped) == (20, 60, None, False, False)
    assert found.flags == ()
    back = found.turned().turned()
    assert back == found
    assert (found.turned().difference, found.turned().high) == (-(found.difference or 0), -(found.low or 0))


@pytest.mark.parametrize(
    ("reviewed", "bens", "mixed", "n"),
    [(40, 10, False, 40), (40, 11, True, 29), (16, 5, False, 16), (16, 6, True, 16), (40, 25, True, 15),
     (40, 26, True, 40)],
)  # fmt: skip
def test_other_people_are_said_and_the_pair_is_of_what_the_same_reviewed(
    reviewed: int, bens: int, mixed: bool, n: int
) -> None:
    """A quarter of the reviews may be of others, of few reviews 1.3 / sqrt(n); the pair then is of those of the same
    people, and of fewer than 15 there is none."""
    found = pair(board(60, reviewed, bens))
    assert found.n == (n if found.refused is None else 0)
    assert ("confounded" in codes(found)) == mixed
    if not mixed:
        assert found.refused is None
        return
    (flag,) = [flag for flag in found.flags if flag.code == "confounded"]
    assert (flag.value, set(flag.names)) == (pytest.approx(bens / reviewed), {"a", "b"})
    if reviewed - bens >= 15:
        alone = pair(board(60, reviewed, 0))
        assert found.refused is None
        assert found.difference is not None
        assert alone.high is not None
        assert (found.high or 0) - found.difference > alone.high - (alone.difference or 0)
        assert found.low_all is not None
        assert found.low_any is not None
        assert found.low_any < found.low_all <= (found.low or 0)
    else:
        assert found.refused is not None
        assert (found.refused.code, found.refused.n) == ("confounded", reviewed - bens)
        assert (found.difference, found.low_all, found.settled) == (None, None, False)


@pytest.mark.parametrize(
    ("reviewed", "items", "few", "pilot"),
    [(0, 60, False, True), (1, 60, True, True), (9, 60, True, True), (10, 60, False, True), (14, 60, False, True),
     (15, 60, False, False), (8, 8, False, False)],
)  # fmt: skip
def test_few_reviews_and_few_disagreements_are_said(reviewed: int, items: int, few: bool, pilot: bool) -> None:
    """Every other item the judge errs on a and not on b: half of the reviewed ones. All are never few."""
    found = pair(board(items, reviewed))
    assert found.refused == (Flag("too_few", reviewed, 2) if reviewed < 2 else None)
    said = {"few_disagreements": (reviewed // 2, reviewed)} if few else {}
    assert codes(found) == (said | {"pilot": (reviewed, 15)} if pilot else said)
    assert found.pilot == (pilot and reviewed > 1)


def test_other_people_are_others_with_the_judge_in_sight_too() -> None:
    assert "confounded" in codes(pair(board(60, 40, 11, seen=True)))


def test_of_a_crowd_everybody_is_known_apart() -> None:
    """Sixty people, of whom the last two review one model each."""
    columns = empty_columns(60, ["a", "b"], [[10]] * 60, [["math"]] * 60)
    for response in range(120):
        add_scores(columns, response, 0, [7 + response % 3])
    crowd = [add_rater(columns, f"p{number:02}") for number in range(60)]
    for rater in crowd[:-2]:
        add_scores(columns, 59, rater, [7])
    for model in range(2):
        set_sample(columns, model, [model * 60 + item for item in range(20)])
        for item in range(20):
            add_scores(columns, model * 60 + item, crowd[-1 - model], [6 + item % 3])
    found = pair(columns)
    assert found.refused is not None
    assert (found.refused.code, found.refused.n) == ("confounded", 0)


def test_pairs_are_of_what_both_answered_unless_errors_count() -> None:
    """Of 40 items a failed in the last 4 and b in the last 10: 30 in common. As zero: 40, of which both failed in 4."""
    columns = board(40, 20, errors_a=4, errors_b=10)
    found = pair(columns)
    assert (found.total, codes(found)["unequal_answers"]) == (30, (6, 36))
    judge = [[A[(item + model) % 4] - 2 * model for item in range(40)] for model in range(2)]
    assert found.judge_difference == pytest.approx((sum(judge[0][:30]) - sum(judge[1][:30])) / 300)
    zero = pair(columns, "zero")
    assert zero.total == 36
    assert zero.judge_difference == pytest.approx((sum(judge[0][:36]) - sum(judge[1][:30])) / 400)
    whole = pair(board(40, 38, errors_a=4, errors_b=10), "zero")  # all that was answered is reviewed
    human = [[judge[model][item] - (item + model) % 2 for item in range(40)] for model in range(2)]
    exact = (sum(human[0][:36]) - sum(human[1][:30])) / 400
    assert (whole.difference, whole.low, whole.high) == (pytest.approx(exact),) * 3


def test_where_the_judge_could_not_be_read_its_mean_stands_in_and_is_no_difference_of_its_own() -> None:
    found = pair(board(40, 20, unread=4))
    assert codes(found)["judge_missing"] == (4, 40)
    judge = [[A[(item + model) % 4] - 2 * model for item in range(36)] for model in range(2)]
    assert found.judge_difference == pytest.approx((sum(judge[0]) - sum(judge[1])) / 360)
    plain = pair(board(40, 20))
    assert found.n == plain.n == 20
    assert found.difference == pytest.approx(plain.difference, abs=0.01)


def test_a_gap_in_the_sample_is_counted_and_widens() -> None:
    columns = board(60, 20)
    plain = pair(columns)
    set_sample(columns, 0, list(range(22)))
    set_sample(columns, 1, [60 + item for item in range(22)])
    add_score(columns, 60 + 20, components_of(columns, 80)[0], columns.raters.index("ann"), 0.5)
    found = pair(columns)
    assert codes(found)["gap"] == (2, 22)
    assert found.low is not None
    assert plain.low is not None
    assert found.low < plain.low
    assert found.n == 20


def test_models_without_a_common_item_are_not_compared() -> None:
    columns = board(10, 0)
    for response in (*range(5), *range(15, 20)):
        columns.response_status[response] = "error"
    found = pair(columns)
    assert found.refused == Flag("nothing_common", names=("b", "a")) or found.refused == Flag(
        "nothing_common", names=("a", "b")
    )
    assert (found.judge_difference, found.total, found.difference) == (None, 0, None)
    columns.response_status[15] = "ok"
    found = pair(columns)
    assert found.judge_difference == pytest.approx((A[1] - A[2] + 2) / 10)


def test_a_difference_that_the_reviews_turn_round_is_flipped_unless_it_is_a_pilot() -> None:
    """The judge puts a ahead by two points; people take five points off a and give three more to b, all the same."""
    for reviewed, flipped in ((14, False), (15, True)):
        columns = empty_columns(30, ["a", "b"], [[10]] * 30, [["math"]] * 30)
        ann = add_rater(columns, "ann")
        for response in range(60):
            points = 7 if response < 30 else 5
            add_scores(columns, response, 0, [points])
            if response % 30 < reviewed:
                add_scores(columns, response, ann, [2 + response % 2 if response < 30 else 8 + response % 2])
        for model in range(2):
            set_sample(columns, model, [model * 30 + item for item in range(reviewed)])
        found = pair(columns)
        assert (found.flipped, found.settled, found.pilot) == (flipped, flipped, not flipped)
        assert found.high_all is not None
        assert found.high_all < 0
