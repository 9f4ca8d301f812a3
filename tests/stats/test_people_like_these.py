"""Intervals for people like those who reviewed: whose severities, and how much of a model each of them read."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest
from made_columns import add_rater, add_scores, empty_columns, set_sample

from miareview.model import Sample
from miareview.stats.board.leaderboard import ModelScore
from miareview.stats.board.people import Reviewers, reviewers_of
from miareview.stats.board.scores import Corrected, Mean
from miareview.stats.board.severity import Severities, like_these
from miareview.stats.correction import corrected_mean
from miareview.stats.frame import build_frame

FOUND = Severities((), 0.05, 20, 1)
# Of the first model ann read three and ben one of these, of the second ben one, of the third nobody any.
READ = Reviewers(
    np.array([[0.5, 0.6, 0.7, nan, nan, nan], [0.4, nan, nan, nan, 0.5, nan]]), np.array([0, 0, 0, 1, 1, 2]), FOUND
)


def score(value: float, scale: float = 1.0) -> ModelScore:
    human = np.full(40, nan)
    human[:10] = np.clip(value + np.array([-0.2, 0.2] * 5), 0, 1)
    estimate = corrected_mean(np.full(40, value), human)
    corrected = Corrected(estimate, Sample("q", "random", 7, 40, (), ""), scale)
    return ModelScore("m", 40, 40, 40, 10, 10, Mean(None, 0, 0), Mean(None, 0, 0), None, corrected, None, ())


@pytest.mark.parametrize(("model", "shares"), [(0, [5 / 6, 1 / 6]), (1, [0.0, 1.0])])
def test_an_interval_is_as_wide_as_the_few_who_read_a_model_make_it(model: int, shares: list[float]) -> None:
    """A response that two read counts a half for each; errors that count as zero make all of it narrower."""
    for scale in (1.0, 0.5):
        one = score(0.5, scale)
        assert one.corrected is not None
        estimate = one.corrected.estimate
        se, margin = like_these(estimate.se, estimate.df, np.array(shares), FOUND)
        made = READ.like_these(one, model)
        assert made is not None
        half = min(margin * se, 0.5) * scale
        assert made.people == pytest.approx((estimate.value * scale - half, estimate.value * scale + half))
        assert replace(made, people=None) == one.corrected
        told = made.to_json(lambda flag: {})["people_like_these"]
        assert (told["low"], told["high"]) == made.people
        assert one.corrected.to_json(lambda flag: {})["people_like_these"] is None


def test_no_score_leaves_0_to_1_nor_the_interval_for_these_people() -> None:
    wild = replace(READ, severities=replace(FOUND, sd=5.0))
    made = wild.like_these(score(0.5), 0)
    assert made is not None
    assert made.people == (0.0, 1.0)
    alike = replace(READ, severities=replace(FOUND, sd=0.0, df=1000))
    made = alike.like_these(score(0.5), 0)
    assert made is not None
    assert made.people is not None
    assert made.people == pytest.approx((made.low, made.high), abs=1e-3)
    assert made.people[0] <= made.low < made.high <= made.people[1]


def test_where_nobody_read_there_is_nothing_to_add() -> None:
    one = score(0.5)
    assert READ.like_these(one, 2) is one.corrected
    assert replace(READ, severities=None).like_these(one, 0) is one.corrected
    assert READ.like_these(replace(one, corrected=None), 0) is None


def test_people_are_told_by_what_they_read_blind_of_the_sample() -> None:
    """Twenty items that two read; what one read elsewhere, with the judge in sight, or of an error is none of it."""
    columns = empty_columns(24, ["m"], [[10]] * 24, [["math"]] * 24)
    ann, ben = (add_rater(columns, name) for name in ("ann", "ben"))
    for response in range(24):
        add_scores(columns, response, ann, [8], visible=response == 20)
    for response in range(20):
        add_scores(columns, response, ben, [6])
    columns.response_status[21] = "error"
    set_sample(columns, 0, list(range(22)))
    found = reviewers_of(build_frame(columns))
    assert found.scores[0] == pytest.approx([0.8] * 20 + [nan] * 4, nan_ok=True)
    assert found.scores[1] == pytest.approx([0.6] * 20 + [nan] * 4, nan_ok=True)
    assert found.severities is not None
    assert [(one.reviewer, round(one.value, 9)) for one in found.severities.people] == [("ann", 0.1), ("ben", -0.1)]
    set_sample(columns, 0, [20, 22])
    assert reviewers_of(build_frame(columns)).severities is None
    nobody = reviewers_of(build_frame(empty_columns(2, ["m"], [[1]] * 2, [["math"]] * 2)))
    assert (nobody.scores.shape, nobody.severities) == ((0, 2), None)
