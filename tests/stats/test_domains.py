"""Corrected scores of parts of a benchmark, by hand: what is seen, what waits, and what is refused."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from miareview.stats.correction import CannotEstimate, Estimate, corrected_domain, corrected_domains
from miareview.stats.correction.estimate import guard_weight
from miareview.stats.flags import Flag
from miareview.stats.numeric.student import t_margin


def codes(found: Estimate) -> list[tuple[str, int, int]]:
    return [(flag.code, flag.n, flag.of) for flag in found.flags]


def test_items_of_unequal_size_by_hand() -> None:
    """Six items of 1, 2 or 3 components, five of them reviewed: y - f is -.2 of both components of item 1, -.4 and 0 of
    two of item 2, else 0. The shift is -.8 / 9; z_i are sums of what is left."""
    item = [0, 1, 1, 2, 2, 2, 3, 4, 4, 5]
    judge = np.array([0.5, 0.8, 0.6, 0.9, 0.7, 0.4, 1.0, 0.2, 0.6, 0.3])
    human = judge + np.array([0, -0.2, -0.2, -0.4, 0, 0, 0, 0, 0, nan])
    found = corrected_domain(judge, human, item)
    shift = -0.8 / 9
    assert found.value == pytest.approx(0.6 + shift)
    z = np.array([0, -0.4, -0.4, 0, 0]) - shift * np.array([1, 2, 3, 1, 2])
    # The means of the items are 0, -.2, -.4 / 3, 0, 0: two are not the most common one.
    extra = float(guard_weight(np.array([2]))[0])
    variance = (1 - 5 / 6) * 5 / (4 + extra) * ((z**2).sum() + extra * 0.6**2) / 9**2
    assert found.se == pytest.approx(variance**0.5)
    assert found.df == 4
    assert found.high - found.value == pytest.approx(min(t_margin(0.95, 4) * found.se, (4.9 + 1) / 10 - found.value))
    assert (found.n, found.total, found.disagreements, found.large, found.open) == (9, 10, 3, 0, 0)
    assert codes(found) == [("few_disagreements", 3, 9), ("few", 5, 6)]


def test_an_items_own_components_make_its_mean() -> None:
    """Two components that differ by half as much as one of another item are as far apart: no disagreement is counted
    where every item's mean is the same."""
    item = np.repeat(np.arange(8), 2)
    judge, human = np.full(16, 0.5), np.full(16, nan)
    human[:10] = [0.6, 0.8] * 5
    even = corrected_domain(judge, human, item)
    assert even.value == pytest.approx(0.7)
    assert even.se**2 == pytest.approx((1 - 5 / 8) * 5 / (4 + 3.2) * 3.2 * 0.6**2 / 10**2)
    judge, human = np.full(9, 0.5), np.full(9, 0.4)  # items of one and of two components, all a tenth too kind
    human[8] = nan
    uneven = corrected_domain(judge, human, [0, 1, 1, 2, 3, 4, 5, 5, 6])
    assert uneven.se**2 == pytest.approx((1 - 6 / 7) * 6 / (5 + 3.2) * 3.2 * 0.6**2 / 8**2)


def test_what_waits_moves_both_ends() -> None:
    """Of 20 single components 16 are reviewed, and of two that wait one may have anything, the other .5 at least."""
    judge = np.full(20, 0.5)
    human = np.full(20, nan)
    human[:16] = [0.4, 0.6] * 8
    least, most = np.full(20, nan), np.full(20, nan)
    least[[0, 16, 17]], most[[0, 16, 17]] = [0, 0.0, 0.5], [1, 1.0, 1.0]
    plain = corrected_domain(judge, human, np.arange(20))
    found = corrected_domain(judge, human, np.arange(20), open_=(least, most))
    low, high = 0.5 + (0.0 - 0.5 + 0.0) / 18, 0.5 + (0.0 + 0.5 + 0.5) / 18
    half = plain.high - plain.value
    assert (found.value, found.se) == pytest.approx((plain.value, plain.se))
    assert (found.low, found.high) == pytest.approx((low - half, high + half))
    assert (found.open, codes(found)) == (2, [("gap", 2, 18)])
    nothing = corrected_domain(judge, human, np.arange(20), open_=(np.full(20, nan), np.full(20, nan)))
    assert nothing == plain


@pytest.mark.parametrize(("drawn", "flagged"), [(14, True), (15, False)])
def test_below_fifteen_items_the_interval_is_a_rough_one(drawn: int, flagged: bool) -> None:
    judge = np.linspace(0, 1, 30)
    human = np.where(np.arange(30) < drawn, 1 - judge, nan)
    assert ("few" in [code for code, *_ in codes(corrected_domain(judge, human, np.arange(30)))]) == flagged


def test_domains_that_cannot_be_estimated_say_why_and_the_others_stand() -> None:
    """Five items each: none reviewed, four of six, four of four, no judge, a judge for one half."""
    of = np.repeat(np.arange(5), [5, 6, 4, 5, 10])
    judge, human = np.full(30, 0.5), np.full(30, nan)
    human[5:9] = 0.5
    human[11:15] = 0.25
    human[15:20], judge[15:20] = 0.5, nan
    human[20:30], judge[20:25] = 0.75, nan
    none, few, whole, blind, half = corrected_domains(judge, human, np.arange(30), of, 5)
    assert isinstance(none, CannotEstimate)
    assert none.flag == Flag("too_few", 0, 1)
    assert isinstance(few, CannotEstimate)
    assert few.flag == Flag("few_items", 4, 6, 5)
    assert isinstance(whole, Estimate)
    assert (whole.value, whole.low, whole.high, whole.df) == (0.25, 0.25, 0.25, 3)
    assert isinstance(blind, CannotEstimate)
    assert blind.flag.code == "judge_empty"
    assert isinstance(half, Estimate)
    assert half.value == pytest.approx(0.75)
    assert (half.disagreements, codes(half)) == (5, [("judge_missing", 5, 10)])


def test_one_component_alone_is_its_own_domain() -> None:
    found = corrected_domain([0.5], [1.0], ["one item"])
    assert (found.value, found.low, found.high, found.df, found.large) == (1.0, 1.0, 1.0, 1, 1)
    half = corrected_domain([0.5, 0.5], [0.7, nan], ["one item"] * 2)
    assert (half.value, half.low, half.high) == pytest.approx((0.7, 0.7, 0.7))


@pytest.mark.parametrize("human", [[1.5, 0.5], [np.inf, 0.5]])
def test_a_score_outside_its_bounds_is_a_mistake_of_the_caller(human: list[float]) -> None:
    with pytest.raises(ValueError, match=r"Scores (lie outside|must be finite)"):
        corrected_domain([0.5, 0.5], human, [0, 1])
    with pytest.raises(ValueError, match="one length"):
        corrected_domain([0.5, 0.5], [0.5], [0, 1])
    assert corrected_domains([], [], [], np.empty(0, dtype=np.int64), 0) == []
