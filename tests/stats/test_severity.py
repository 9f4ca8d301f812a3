"""Severities: a layout worked out by hand, what any layout must satisfy, and intervals for people like these."""

from math import nan

import numpy as np
import pytest
from made_columns import add_rater, add_scores, empty_columns, set_sample

from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.board.severity import like_these, severities
from miareview.stats.numeric.student import t_margin


def test_two_people_by_hand() -> None:
    """Of two who read the same, each is severe by half of their mean difference; ends from the jackknife of a mean."""
    rng = np.random.default_rng(1)
    first = rng.normal(0.8, 0.1, 20)
    gap = rng.normal(0.04, 0.02, 20)
    found = severities(np.stack([first, first - gap]), np.arange(20), ("ann", "ben"))
    assert found is not None
    ann, ben = found.people
    assert (ann.reviewer, ann.value, ben.value) == (
        "ann",
        pytest.approx(gap.mean() / 2),
        pytest.approx(-gap.mean() / 2),
    )
    half = t_margin(0.95, 19) * gap.std(ddof=1) / np.sqrt(20) / 2
    assert (ann.low, ann.high) == (pytest.approx(ann.value - half), pytest.approx(ann.value + half))
    assert found.sd == pytest.approx(abs(gap.mean()) / np.sqrt(2))
    assert (found.items, found.df) == (20, 1)


def test_severities_are_told_through_a_third() -> None:
    """Ann and cid never read the same, and ben reads with both: exact scores give all three severities."""
    truth, severe = np.linspace(0.2, 0.9, 40), np.array([0.05, 0.0, -0.05])
    scores = truth + severe[:, None]
    scores[0, 20:] = nan
    scores[2, :20] = nan
    found = severities(scores, np.arange(40), ("ann", "ben", "cid"))
    assert found is not None
    assert [one.value for one in found.people] == pytest.approx(severe)
    apart = scores.copy()
    apart[1] = nan  # nobody links the two
    assert severities(apart, np.arange(40), ("ann", "ben", "cid")) is None


def test_below_fifteen_items_nothing_is_said() -> None:
    scores = np.random.default_rng(2).random((2, 20))
    assert severities(scores, np.arange(20) % 14, ("ann", "ben")) is None
    assert severities(scores, np.arange(20) % 15, ("ann", "ben")) is not None


def test_one_person_alone_stands_for_people_less_than_many_do() -> None:
    rng = np.random.default_rng(3)
    scores = rng.random((4, 30)) * 0.2 + np.array([0.0, 0.02, 0.04, 0.06])[:, None]
    found = severities(scores, np.arange(30), tuple("abcd"))
    assert found is not None
    one, _ = like_these(0.02, 29, np.array([1.0, 0.0, 0.0, 0.0]), found)
    many, margin = like_these(0.02, 29, np.full(4, 0.25), found)
    assert one == pytest.approx((0.02**2 + found.sd**2) ** 0.5)
    assert many == pytest.approx((0.02**2 + found.sd**2 / 4) ** 0.5)
    assert t_margin(0.95, 40) < margin < t_margin(0.95, 3)


def test_the_board_says_who_is_severe_and_widens_for_people_like_these() -> None:
    """Ben gives a point less of ten on each of 20 items that both read, of 60 in all."""
    columns = empty_columns(60, ["m", "n"], [[10]] * 60, [["math"]] * 60)
    raters = [add_rater(columns, name) for name in ("ann", "ben")]
    for response in range(120):
        add_scores(columns, response, 0, [10])
        item = response % 60
        for place, rater in enumerate(raters):
            if item < 20 or (item < 40 and item % 2 == place):
                add_scores(columns, response, rater, [9 - (item % 3) - place])
    for model in range(2):
        set_sample(columns, model, [model * 60 + item for item in range(40)])
    board = leaderboard(columns)
    assert board.severities is not None
    assert [round(one.value, 9) for one in board.severities.people] == [0.05, -0.05]
    for model in board.models:
        fixed = model.corrected
        assert fixed is not None
        assert fixed.people is not None
        assert fixed.people[0] < fixed.low < fixed.high < fixed.people[1]
