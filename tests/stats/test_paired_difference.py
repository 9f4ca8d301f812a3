"""The difference of two models on the same units: what it is of, and what is said of units that one of them lacks."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from miareview.stats.correction import corrected_difference, corrected_mean
from miareview.stats.flags import Flag

JUDGE_A, JUDGE_B = np.linspace(0.5, 1, 12), np.linspace(0.2, 0.9, 12)
HUMAN_A = np.array([0.4, 0.6, 0.5, 0.7, 0.6, 0.8, 0.7, 0.9, nan, nan, nan, nan])
HUMAN_B = np.array([0.3, 0.2, 0.4, 0.3, 0.5, 0.4, nan, nan, 0.7, nan, nan, nan])


def test_it_is_the_corrected_mean_of_what_both_have() -> None:
    """Six units are reviewed for both; three for one of them only, which are said and not used."""
    found = corrected_difference(JUDGE_A, HUMAN_A, JUDGE_B, HUMAN_B)
    expected = corrected_mean(JUDGE_A - JUDGE_B, HUMAN_A - HUMAN_B, bounds=(-1.0, 1.0))
    assert found == expected._replace(flags=(*expected.flags, Flag("one_sided", 3)))
    assert (found.n, found.total) == (6, 12)
    alike = corrected_difference(JUDGE_A, HUMAN_A, JUDGE_B, np.where(np.isnan(HUMAN_A), nan, 0.3))
    assert "one_sided" not in [flag.code for flag in alike.flags]


def test_a_judge_that_could_not_be_read_is_said_once_for_both() -> None:
    gaps_a, gaps_b = JUDGE_A.copy(), JUDGE_B.copy()
    gaps_a[[2, 11]] = gaps_b[[2, 10]] = nan
    found = corrected_difference(gaps_a, HUMAN_A, gaps_b, HUMAN_B)
    assert Flag("judge_missing", 3, 12) in found.flags
    filled = [np.where(np.isnan(gaps), np.nanmean(gaps), gaps) for gaps in (gaps_a, gaps_b)]
    assert found.value == pytest.approx(corrected_difference(filled[0], HUMAN_A, filled[1], HUMAN_B).value)
    assert "judge_missing" not in [flag.code for flag in corrected_difference(JUDGE_A, HUMAN_A, JUDGE_B, HUMAN_B).flags]


def test_its_bounds_are_those_of_two_scores() -> None:
    """Of scores from 1 to 5 a difference lies between -4 and 4, and is large from 4 on: half of that range."""
    judge_a, judge_b = np.array([5.0, 5.0, 1.0, 3.0]), np.array([1.0, 2.0, 2.0, 3.0])
    human_a, human_b = np.array([1.0, 4.0, 1.0, nan]), np.array([1.0, 2.0, 2.0, nan])
    found = corrected_difference(judge_a, human_a, judge_b, human_b, bounds=(1.0, 5.0))
    assert (found.disagreements, found.large) == (2, 1)
    assert (found.low, found.high) == (pytest.approx((0 + 2 - 1 - 4) / 4), pytest.approx((0 + 2 - 1 + 4) / 4))
    free = corrected_difference(judge_a, human_a, judge_b, human_b, bounds=None)
    assert free.low < found.low < found.high < free.high
    with pytest.raises(ValueError, match=r"outside (0|-1) to 1"):
        corrected_difference(judge_a, human_a, judge_b, human_b)
    with pytest.raises(ValueError, match="one length"):
        corrected_difference(judge_a, human_a, judge_b[:3], human_b)


def test_for_items_of_this_kind_the_spread_of_people_counts_too() -> None:
    here = corrected_mean(JUDGE_A, HUMAN_A)
    kind = corrected_mean(JUDGE_A, HUMAN_A, target="superpopulation")
    assert kind.se**2 == pytest.approx(here.se**2 + np.nanvar(HUMAN_A, ddof=1) / 12)
    assert (kind.value, kind.target, here.target) == (here.value, "superpopulation", "benchmark")
    assert (corrected_mean(JUDGE_A, HUMAN_A, guard=5.0, target="superpopulation").high) == 1.0
