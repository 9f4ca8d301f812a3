"""Corrected scores: textbook figures, exact enumeration, what must hold for any data, and coverage by simulation."""

from itertools import combinations
from math import nan, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from miareview.errors import RefusedError
from miareview.stats.correction import (
    CannotEstimate,
    Estimate,
    corrected_difference,
    corrected_domain,
    corrected_domains,
    corrected_mean,
)
from miareview.stats.correction.estimate import guard_rows

TWELVE = np.array([1, 0.9, 0.7, 1, 0.5, 0.8, 1, 1, 0.6, 0.9, 0.3, 1])
SIX_Y = np.array([0.8, 1, 0.4, 0.6, 1, 0])
SIX_F = np.array([1, 1, 0.5, 0.8, 1, 0.3])


def reviewed(values: np.ndarray, which) -> np.ndarray:
    human = np.full(len(values), nan)
    human[list(which)] = values[list(which)]
    return human


def twelve_reviewed() -> np.ndarray:
    human = np.full(12, nan)
    human[[0, 2, 4, 7, 10]] = 0.9, 0.7, 0.4, 1, 0
    return human


def test_difference_by_hand() -> None:
    """G14: mean of f .808333, mean residual -.1, s = .122474, fpc 7/12; t(4) at .975 is 2.776445."""
    found = corrected_mean(TWELVE, twelve_reviewed(), guard=0.0, bounds=None)
    assert found.value == pytest.approx(0.708333, abs=5e-7)
    assert found.se == pytest.approx(0.0418330, abs=5e-8)
    assert found.high - found.value == pytest.approx(0.1161470, abs=5e-8)
    assert (found.n, found.total, found.df, found.lam, found.method) == (5, 12, 4, 1.0, "difference")


def test_regression_clips_the_weight() -> None:
    """G14: the slope 1.289474 is clipped to 1, so the estimate is that of the difference; t has n - 2 degrees."""
    found = corrected_mean(TWELVE, twelve_reviewed(), guard=0.0, method="regression")
    assert found.lam == 1.0
    assert found.value == pytest.approx(0.708333, abs=5e-7)
    assert found.df == 3


def test_a_sample_whose_judge_lies_far_from_all_units_makes_the_slope_cost_more() -> None:
    """By hand: f of all 0, 1, 2, 3, 4, 5, of the reviewed 0, 1, 2; y 0, 0.5, 0.5. The slope is 1/4, the residuals are
    -1/12, 1/6, -1/12 with the variance 1/24 on one degree of freedom; (1 - 3/6) / 3 + (2.5 - 1)^2 / 2 = 31/24."""
    judge = np.arange(6.0)
    human = reviewed(np.array([0, 0.5, 0.5, nan, nan, nan]), range(3))
    found = corrected_mean(judge, human, guard=0.0, method="regression", bounds=None)
    assert (found.lam, found.df) == (pytest.approx(0.25), 1)
    assert found.se**2 == pytest.approx(31 / 24 / 24)


def test_logical_bounds() -> None:
    """G14: five reviews sum to 3.0, so the mean of twelve lies in [3/12, 10/12] whatever the others are."""
    wide = corrected_mean(TWELVE, twelve_reviewed(), guard=5.0)
    assert (wide.low, wide.high) == (pytest.approx(0.25), pytest.approx(0.833333, abs=5e-7))


def test_relation_to_ppi() -> None:
    """G13: ppi_py's estimate compares the reviewed with the unreviewed; ours moves (N - n)/N as far from the humans."""
    human = np.array([0.8, 1, 0.4, 0.6, 1, 0, 0.7, 0.9])
    judge = np.concatenate([[1, 1, 0.5, 0.8, 1, 0.3, 0.7, 1], [1, 0.9, 0.7, 1, 0.5, 0.8, 1, 1, 0.6, 0.9, 0.3, 1]])
    found = corrected_mean(judge, np.concatenate([human, np.full(12, nan)]), guard=0.0)
    assert found.value == pytest.approx(0.675 + 12 / 20 * (0.695833 - 0.675), abs=5e-7)


@pytest.mark.parametrize("estimate", ["mean", "domain"])
def test_unbiased_by_enumeration(estimate: str) -> None:
    """G15: over all samples of 3 of 6 the estimates average to .633333 = mean y, with variance .00244444."""
    values, variances = [], []
    for chosen in combinations(range(6), 3):
        human = reviewed(SIX_Y, chosen)
        if estimate == "mean":
            found = corrected_mean(SIX_F, human, guard=0.0)
        else:
            found = corrected_domain(SIX_F, human, range(6), guard=0.0, minimum_items=2)
        values.append(found.value)
        variances.append(found.se**2)
    assert np.mean(values) == pytest.approx(SIX_Y.mean()) == pytest.approx(0.633333, abs=5e-7)
    assert np.var(values) == pytest.approx(0.00244444, abs=5e-9)
    assert np.mean(variances) == pytest.approx(np.var(values))


scores = st.lists(
    st.tuples(st.integers(0, 10), st.integers(0, 10), st.booleans()).map(lambda t: (t[0] / 10, t[1] / 10, t[2])),
    min_size=6,
    max_size=40,
)


def arrays(units) -> tuple[np.ndarray, np.ndarray]:
    judge = np.array([f for f, _, _ in units])
    human = np.array([y if drawn else nan for _, y, drawn in units])
    assume((~np.isnan(human)).sum() >= 3)
    return judge, human


@settings(max_examples=100, deadline=None)
@given(scores, st.sampled_from(["difference", "regression"]))
def test_full_review_is_the_human_mean(units, method: str) -> None:
    """G20: at n = N the estimate is the human mean, without width, for every weight."""
    judge, human = (np.array([unit[k] for unit in units]) for k in (0, 1))
    whole = corrected_mean(judge, human, method=method)
    domain = corrected_domain(judge, human, np.arange(len(units)) // 2)
    for found in (whole, domain):
        assert found.value == pytest.approx(human.mean())
        assert found.high - found.low == pytest.approx(0.0, abs=1e-12)
    assert corrected_mean(judge, human, target="superpopulation").se == pytest.approx(
        human.std(ddof=1) / sqrt(len(units))
    )


@settings(max_examples=100, deadline=None)
@given(scores)
def test_limits_of_the_judge(units) -> None:
    """G20: a judge that is the human keeps its mean; one that says nothing leaves the humans' mean."""
    judge, human = arrays(units)
    same = np.where(np.isnan(human), judge, human)
    assert corrected_mean(same, human, method="regression").value == pytest.approx(
        same.mean() if np.nanmin(human) < np.nanmax(human) else np.nanmean(human)
    )
    assert corrected_mean(same, human, method="difference").value == pytest.approx(same.mean())
    constant = corrected_mean(np.full(len(units), 0.4), human, method="regression")
    assert constant.value == pytest.approx(np.nanmean(human))
    assert constant.lam == 0.0


@settings(max_examples=100, deadline=None)
@given(scores, st.floats(-5, 5), st.randoms(use_true_random=False), st.sampled_from(["difference", "regression"]))
def test_shift_and_order_do_not_matter(units, shift: float, random, method: str) -> None:
    """G20: a judge that is more lenient by a constant gives the same estimate and interval; so does any order."""
    judge, human = arrays(units)
    plain = corrected_mean(judge, human, method=method, bounds=None)
    lenient = corrected_mean(judge + shift, human, method=method, bounds=None)
    order = list(range(len(units)))
    random.shuffle(order)
    mixed = corrected_mean(judge[order], human[order], method=method, bounds=None)
    for found in (lenient, mixed):
        assert found.value == pytest.approx(plain.value, abs=1e-8)
        assert found.low == pytest.approx(plain.low, abs=1e-8)
        assert found.high == pytest.approx(plain.high, abs=1e-8)


@settings(max_examples=100, deadline=None)
@given(scores)
def test_interval_holds_the_value_and_the_possible(units) -> None:
    judge, human = arrays(units)
    known, rest = np.nansum(human), np.isnan(human).sum()
    found = corrected_mean(judge, human)
    assert found.low <= found.value <= found.high
    assert found.low >= known / len(units) - 1e-12
    assert found.high <= (known + rest) / len(units) + 1e-12


@settings(max_examples=50, deadline=None)
@given(scores, scores)
def test_difference_is_paired_and_antisymmetric(first, second) -> None:
    size = min(len(first), len(second))
    judge_a, human_a = arrays(first[:size])
    judge_b, human_b = arrays(second[:size])
    assume((~np.isnan(human_a) & ~np.isnan(human_b)).sum() >= 2)
    ab = corrected_difference(judge_a, human_a, judge_b, human_b)
    ba = corrected_difference(judge_b, human_b, judge_a, human_a)
    assert ab.value == pytest.approx(-ba.value, abs=1e-12)
    assert ab.low == pytest.approx(-ba.high, abs=1e-12)
    assert ab.n == (~np.isnan(human_a) & ~np.isnan(human_b)).sum()


def test_domain_with_one_component_an_item_is_the_mean() -> None:
    human = twelve_reviewed()
    mean = corrected_mean(TWELVE, human, guard=0.6)
    domain = corrected_domain(TWELVE, human, range(12))
    assert (domain.value, domain.low, domain.high) == pytest.approx((mean.value, mean.low, mean.high))


def test_guard_widens_and_leaves_the_estimate() -> None:
    """Without a single disagreement seen the plain interval has no width; 3.2 pseudo-residuals give it one."""
    judge = np.linspace(0, 1, 40)
    human = reviewed(judge, range(0, 40, 2))
    plain, guarded = corrected_mean(judge, human, guard=0.0), corrected_mean(judge, human)
    assert plain.high == plain.low
    assert guarded.value == pytest.approx(plain.value)
    assert guarded.se == pytest.approx(sqrt(0.5 * (3.2 * 0.6**2 / (19 + 3.2)) / 20))
    assert any(flag.code == "few_disagreements" for flag in guarded.flags)


def test_the_guard_leaves_as_disagreements_are_seen() -> None:
    """3.2 pseudo-residuals for no disagreement, 2 up to five, 2 (5 / k)^3 from there; a constant leniency is none."""
    gaps = np.zeros(100)
    assert guard_rows(gaps) == guard_rows(gaps - 0.1) == 3.2
    for k, rows in ((1, 2.0), (5, 2.0), (6, 250 / 216), (20, 1 / 32), (50, 0.002)):
        gaps[:k] = -0.1 * (1 + np.arange(k) % 3)
        assert guard_rows(gaps) == pytest.approx(rows)
        assert guard_rows(gaps + 0.3) == pytest.approx(rows)
    judge = np.full(400, 0.9)
    human = np.full(400, nan)
    human[:40] = np.where(np.arange(40) < 20, 0.9, 0.8)
    found = corrected_mean(judge, human, method="difference")
    assert found.se == pytest.approx(sqrt(0.9 * (40 * 0.05**2 + 0.6**2 / 32) / (39 + 1 / 32) / 40))


def test_judge_without_a_reading() -> None:
    """A missing judge value is the judge's mean: flagged, still unbiased over all samples."""
    gaps = SIX_F.copy()
    gaps[1] = nan
    found = [corrected_mean(gaps, reviewed(SIX_Y, chosen), guard=0.0) for chosen in combinations(range(6), 3)]
    assert np.mean([each.value for each in found]) == pytest.approx(SIX_Y.mean())
    assert all(any((flag.code, flag.n, flag.of) == ("judge_missing", 1, 6) for flag in each.flags) for each in found)


def test_method_follows_the_number_of_reviews() -> None:
    rng = np.random.default_rng(3)
    judge, human = rng.random((2, 100))
    few = corrected_mean(judge, reviewed(human, range(29)))
    many = corrected_mean(judge, reviewed(human, range(30)))
    assert (few.method, few.lam, few.df) == ("difference", 1.0, 28)
    assert (many.method, many.df) == ("regression", 28)
    assert many.lam < 0.5  # an uninformative judge


def test_refusals() -> None:
    one = reviewed(TWELVE, [3])
    with pytest.raises(CannotEstimate, match="at least 2 reviewed at random; there are 1"):
        corrected_mean(TWELVE, one)
    with pytest.raises(CannotEstimate, match="Only 4 of the 12 items"):
        corrected_domain(TWELVE, reviewed(TWELVE, range(4)), range(12))
    with pytest.raises(CannotEstimate, match="no value for any unit"):
        corrected_mean(np.full(12, nan), TWELVE)
    assert issubclass(CannotEstimate, ValueError)
    assert issubclass(CannotEstimate, RefusedError)


@pytest.mark.parametrize(
    "call",
    [
        lambda: corrected_mean([1, 2], [1]),
        lambda: corrected_mean([[1, 1]], [[1, 1]]),
        lambda: corrected_mean([0.5, 7.0, 0.1], [0.5, 0.4, 0.1]),
        lambda: corrected_mean([0.5, 0.4], [0.5, 0.4], method="magic"),
        lambda: corrected_mean([0.5, 0.4], [0.5, 0.4], target="everything"),
        lambda: corrected_mean([0.5, 0.4, 0.1], [0.5, 0.3, nan], confidence=95),
        lambda: corrected_domain([0.5, 0.4], [0.5, 0.4], [1]),
        lambda: corrected_difference([0.5], [0.5], [0.5, 0.4], [0.5, 0.4]),
    ],
)
def test_wrong_input(call) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        call()


def test_small_categories_are_flagged() -> None:
    judge = np.linspace(0, 1, 60)
    human = reviewed(np.clip(judge - 0.1, 0, 1), range(0, 60, 6))
    found = corrected_domain(judge, human, range(60))
    assert any((flag.code, flag.n) == ("few", 10) for flag in found.flags)
    all_of_few = corrected_domain(judge[:3], judge[:3] * 0.9, range(3))
    assert all_of_few.value == pytest.approx((judge[:3] * 0.9).mean())


def test_domains_at_once_are_those_one_by_one() -> None:
    """Five domains of unequal size: reviewed in part, whole, too little, not at all, without a judge."""
    rng = np.random.default_rng(11)
    domain = np.repeat(range(5), (90, 40, 30, 20, 10))
    item = np.concatenate([np.arange(size) // 2 for size in (90, 40, 30, 20, 10)])
    judge, human = rng.integers(0, 7, domain.size) / 6, rng.integers(0, 7, domain.size) / 6
    human[(domain == 0) & (item % 3 > 0) | (domain == 2) & (item > 3) | (domain == 3)] = nan
    judge[(domain == 0) & (rng.random(domain.size) < 0.2) | (domain == 4)] = nan
    waiting = (domain == 0) & (item % 6 == 1)
    ends = tuple(np.where(waiting, end, nan) for end in (0.0, 1.0))
    found = corrected_domains(judge, human, item, domain, 5, open_=(ends[0], ends[1]))
    for place, one in enumerate(found):
        mine = domain == place

        def alone(mine: np.ndarray = mine) -> Estimate:
            return corrected_domain(judge[mine], human[mine], item[mine], open_=(ends[0][mine], ends[1][mine]))

        if isinstance(one, CannotEstimate):
            with pytest.raises(CannotEstimate) as refused:
                alone()
            assert refused.value.flag == one.flag
        else:
            assert one[:7] == pytest.approx(alone()[:7], abs=1e-13)
            assert one[7:] == alone()[7:]
    assert [one.flag.code if isinstance(one, CannotEstimate) else one.n for one in found] == [
        30, 40, "few_items", "too_few", "judge_empty",
    ]  # fmt: skip
    first = found[0]
    assert isinstance(first, Estimate)
    codes = [flag.code for flag in first.flags]
    assert codes == ["judge_missing", "gap"], codes
    # By hand: the mean difference over what is reviewed, with the judge's gaps at its mean, and one item a cluster.
    f = np.where(np.isnan(judge[:90]), np.nanmean(judge[:90]), judge[:90])
    e = (human[:90] - f)[~np.isnan(human[:90])]
    z = np.add.reduceat(e - e.mean(), range(0, e.size, 2))
    rows = guard_rows(np.add.reduceat(e, range(0, e.size, 2)) / 2)
    assert first.value == pytest.approx(f.mean() + e.mean())
    assert first.se == pytest.approx(sqrt((1 - 15 / 45) * 15 / (14 + rows) * ((z**2).sum() + rows * 0.6**2)) / e.size)


def lenient_benchmark(rng: np.random.Generator, items: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Ten points an item; the judge overlooks part of what the human takes off, and errs both ways at times."""
    lost = rng.binomial(10, rng.beta(0.7, 3.6, items))
    judged = np.clip(lost - rng.binomial(lost, 0.35) + (rng.random(items) < 0.1) - (rng.random(items) < 0.1), 0, 10)
    return 1 - judged / 10, 1 - lost / 10


@pytest.mark.parametrize("n", [30, 100])
def test_coverage_of_the_corrected_score_and_not_of_overrides(n: int) -> None:
    """400 samples of one benchmark with a lenient judge: the 95% interval holds the true mean, overriding misses it."""
    rng = np.random.default_rng(20)
    judge, truth = lenient_benchmark(rng)
    assert judge.mean() - truth.mean() > 0.03
    covered = overridden = 0
    for _ in range(400):
        chosen = rng.choice(400, n, replace=False)
        found = corrected_mean(judge, reviewed(truth, chosen))
        covered += found.low <= truth.mean() <= found.high
        mixed = judge.copy()
        mixed[chosen] = truth[chosen]
        half = 1.96 * mixed.std(ddof=1) / sqrt(400)
        overridden += abs(mixed.mean() - truth.mean()) <= half
    assert covered / 400 >= 0.93
    assert overridden / 400 <= 0.05
