"""Published figures that are not in the tests of their module, and a list of which test holds which figure."""

import re
from collections import Counter
from math import nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_agreement import FOUR_OBSERVERS, from_counts

from miareview.stats.agreement import alpha, gwet_ac, kappa
from miareview.stats.agreement.chance import conger_kappa, gwet_multi, tally
from miareview.stats.board.contest import Contest
from miareview.stats.board.ranks import Deviations, kendall_tau_b

HERE = Path(__file__).parent
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]

PISA_MATH = [
    491.360, 498.942, 508.070, 512.017, 417.407, 390.932, 499.468, 509.398, 523.415, 507.301, 495.408, 500.044,
    451.370, 481.083, 495.187, 499.633, 463.035, 486.590, 526.973, 525.933, 496.126, 481.191, 483.421, 408.801,
    519.231, 494.490, 500.964, 515.648, 492.487, 486.165, 508.898, 481.393, 502.388, 515.315, 453.508, 501.770,
    478.245,
]  # fmt: skip
PISA_MATH_SE = [
    1.940, 2.971, 2.263, 2.357, 2.416, 2.990, 2.461, 1.735, 1.744, 1.968, 2.320, 2.647, 3.091, 2.320, 1.953,
    2.199, 3.499, 2.780, 2.471, 3.121, 1.963, 1.953, 1.098, 2.493, 2.632, 1.706, 2.219, 2.602, 2.685, 2.556,
    1.364, 1.462, 2.654, 2.908, 2.260, 2.564, 3.235,
]  # fmt: skip
CSRANKS_BEST = [
    12, 7, 4, 3, 35, 37, 7, 4, 1, 4, 12, 7, 32, 23, 12, 8, 31, 15, 1, 1, 12, 23, 23, 35, 1, 12, 7, 1, 12, 16, 4,
    24, 5, 1, 32, 5, 23,
]  # fmt: skip
CSRANKS_WORST = [
    30, 26, 18, 17, 36, 37, 26, 18, 6, 18, 26, 26, 34, 31, 26, 25, 34, 31, 6, 7, 26, 31, 31, 36, 11, 26, 24, 13,
    31, 31, 18, 31, 24, 13, 34, 24, 32,
]  # fmt: skip


def test_kendall_tau_b() -> None:
    """G7: the example of SciPy's documentation of kendalltau: -.4714045."""
    assert kendall_tau_b([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.4714045, abs=5e-8)


def test_several_raters_with_missing_ratings() -> None:
    """G9: irrCAC on the four observers of Krippendorff 2011: AC1 .77544, AC2 .91400, alpha .84911."""
    counts = tally(FOUR_OBSERVERS)
    assert gwet_multi(counts) == pytest.approx(0.77544, abs=5e-6)
    assert gwet_multi(counts, quadratic=True) == pytest.approx(0.91400, abs=5e-6)
    assert alpha(FOUR_OBSERVERS) == pytest.approx(0.84911, abs=5e-6)


def test_conger_by_irrcac() -> None:
    """G9: Conger .76282. In irrCAC's own table the one rating of the last unit is the third observer's."""
    observers = np.array(FOUR_OBSERVERS, dtype=float)
    observers[2, 11], observers[1, 11] = observers[1, 11], np.nan
    assert conger_kappa(tally(observers)) == pytest.approx(0.76282, abs=5e-6)
    assert conger_kappa(tally([[1.0, 1.0], [1.0, 1.0]])) is None


def test_three_abstractors() -> None:
    """G10: irrCAC's cont3x3abstractors: alpha .79726, AC1 .84933 by the function for many."""
    pair = from_counts(ABSTRACTORS)
    assert alpha(pair, "nominal") == pytest.approx(0.79726, abs=5e-6)
    assert gwet_multi(tally(pair)) == pytest.approx(0.84933, abs=5e-6)


def test_simultaneous_ranks_are_those_of_csranks() -> None:
    """G21: R's csranks 1.2 on the math scores of PISA 2018, 37 countries (OECD; in alphabetical order).

    `csranks(x, diag(se^2), stepdown = FALSE, R = 10000)` gives the same sets for seeds 1 to 4, with critical values
    of 3.805 to 3.830.
    """
    score, se = np.array(PISA_MATH), np.array(PISA_MATH_SE)
    drawn = np.random.default_rng(1).standard_normal((50_000, score.size)) * se
    critical = Deviations(drawn, np.ones((50_000, 1)), np.inf, 0.5).critical()
    assert critical == pytest.approx(3.82, abs=0.03)
    gap = score[:, None] - score[None, :]
    sd = np.sqrt(se[:, None] ** 2 + se[None, :] ** 2)
    np.fill_diagonal(sd, 0.0)
    all_, n = np.full(gap.shape, critical), np.full(gap.shape, 100)
    wide = np.full(gap.shape, 1000.0)
    found = Contest(gap, gap, gap, sd, -wide, wide, n, n, n, n, all_, all_, all_)
    best, worst = found.ranks()
    assert best.tolist() == CSRANKS_BEST
    assert worst.tolist() == CSRANKS_WORST


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_two_raters_are_a_case_of_many(seed: int) -> None:
    """The coefficients of many raters are those of two where there are two, whatever the order of raters and units."""
    rng = np.random.default_rng(seed)
    table, values = rng.integers(0, 4, (2, 30)) / 3.0, np.arange(4) / 3.0
    counts, shuffled = tally(table, values), tally(table[::-1][:, rng.permutation(30)], values)
    assert gwet_multi(counts) == pytest.approx(gwet_ac(*table, categories=values))
    assert gwet_multi(counts, quadratic=True) == pytest.approx(gwet_ac(*table, "quadratic", categories=values))
    assert conger_kappa(counts) == pytest.approx(kappa(*table, categories=values))
    assert gwet_multi(shuffled) == pytest.approx(gwet_multi(counts))
    assert conger_kappa(shuffled) == pytest.approx(conger_kappa(counts))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30))
def test_a_tally_counts_every_unit(seed: int, raters: int) -> None:
    """Few raters or many: the rows of the tally are those that counting unit by unit finds, as often."""
    rng = np.random.default_rng(seed)
    table = np.where(rng.random((raters, 20)) < 0.3, np.nan, rng.integers(0, 4, (raters, 20)) / 3.0)
    found = tally(table, np.arange(4) / 3.0)
    one_by_one = [tuple((np.abs(unit - value) < 1e-9).sum() for value in found.values) for unit in table.T]
    there = Counter(row for row in one_by_one if sum(row))
    assert {tuple(row): often for row, often in zip(found.rows.tolist(), found.often.tolist(), strict=True)} == there
    assert found.by_rater.sum() == (~np.isnan(table)).sum()


def test_undefined_beyond_chance() -> None:
    one_value = tally([[1, 1, nan], [1, 1, nan]])
    assert one_value.rows.tolist() == [[2]]
    assert one_value.often.tolist() == [2]
    assert conger_kappa(one_value) is None
    assert gwet_multi(one_value, quadratic=True) is None
    alone = tally([[1, nan], [nan, 0]])
    assert conger_kappa(alone) is None
    assert gwet_multi(alone) is None
    with pytest.raises(ValueError, match="outside the given categories"):
        tally([[1, 2], [1, 3]], [1, 2])
    with pytest.raises(ValueError, match="raters, units"):
        tally([1, 2, 3])


def test_the_page_lists_a_test_for_every_figure() -> None:
    """docs/statistics.md names file and function; each exists and its docstring names the figure."""
    page = (HERE.parents[1] / "docs" / "statistics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (G\d+) \|.*\| `(test_\w+\.py)`: (.*) \|$", page, re.MULTILINE)
    gone = {5, 11, 12, 16, 17}  # of formulas that are not there any more
    assert [name for name, _, _ in rows] == [f"G{number}" for number in range(1, 22) if number not in gone]
    for name, file, functions in rows:
        source = (HERE / file).read_text(encoding="utf-8")
        for function in re.findall(r"`(test_\w+)`", functions):
            body = re.search(rf'def {function}\(.*?\) -> None:\n    """(.*?)"""', source, re.DOTALL)
            assert body, f"{file} has no {function}"
            assert f"{name}:" in body[1], f"{function} does not say that it is {name}"
