"""Agreement coefficients against published figures, and what must hold for any data."""

import warnings
from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.stats.agreement import (
    LEVELS,
    alpha,
    alpha_interval,
    alternative_annotator,
    bland_altman,
    concordance,
    gwet_ac,
    icc,
    kappa,
)
from miareview.stats.agreement.totals import cluster_totals, count_values
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import cluster_weights

FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
    [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
]
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]).T


def digits(text: str) -> list[int]:
    return [int(digit) for digit in text]


def from_counts(counts: list[list[int]]) -> tuple[list[int], list[int]]:
    """Two raters' lists with the given cross table."""
    pairs = [(i, j) for i, row in enumerate(counts) for j, times in enumerate(row) for _ in range(times)]
    return [a for a, _ in pairs], [b for _, b in pairs]


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)]
)
def test_alpha_four_observers(level: str, expected: float) -> None:
    """G1: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", example E (.743, .815, .849, .797)."""
    assert alpha(FOUR_OBSERVERS, level) == pytest.approx(expected, abs=5e-7)


def test_alpha_binary() -> None:
    """G2: Krippendorff 2011, example A: .095."""
    assert alpha([digits("0100000010"), digits("1110010000")], "nominal") == pytest.approx(0.095238, abs=5e-7)


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.691358), ("ordinal", 0.806721), ("interval", 0.810845), ("ratio", 0.808944)]
)
def test_alpha_three_coders(level: str, expected: float) -> None:
    """G3: the example of Wikipedia's article on alpha (nominal .691, interval .811); the others by `krippendorff`."""
    table = [
        [nan] * 5 + [3, 4, 1, 2, 1, 1, 3, 3, nan, 3],
        [1, nan, 2, 1, 3, 3, 4, 3] + [nan] * 7,
        [nan, nan, 2, 1, 3, 4, 4, nan, 2, 1, 1, 3, 3, nan, 4],
    ]
    assert alpha(table, level) == pytest.approx(expected, abs=5e-7)


def test_kappa_cohen_1968() -> None:
    """G4: Cohen 1968, kappa .492 and weighted kappa .348 with his table of disagreement weights."""
    a, b = from_counts([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert kappa(a, b) == pytest.approx(0.491525, abs=5e-7)
    assert kappa(a, b, weights=np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])) == pytest.approx(0.347826, abs=5e-7)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ICC(1,1)", 0.165742), ("ICC(2,1)", 0.289764), ("ICC(3,1)", 0.714841),
        ("ICC(1,4)", 0.442797), ("ICC(2,4)", 0.620051), ("ICC(3,4)", 0.909316), ("ICC(3,k)", 0.909316),
    ],
)  # fmt: skip
def test_icc_shrout_fleiss(kind: str, expected: float) -> None:
    """G6: Shrout & Fleiss 1979, table 4: .17, .29, .71, .44, .62, .91."""
    assert icc(SHROUT_FLEISS, kind) == pytest.approx(expected, abs=5e-7)


def test_concordance() -> None:
    """G8: the StatsToDo example of 30 pairs for Lin's coefficient, in the form that divides by n."""
    text = (
        "127 134 118 120 135 142 123 115 112 117 119 123 125 125 109 111 106 122 110 115 111 109 125 127 119 118"
        " 140 139 115 111 110 110 122 122 119 115 134 137 105 105 117 112 111 113 114 115 126 119 113 115 129 127"
        " 130 129 130 130 115 120 131 126"
    )
    values = [int(word) for word in text.split()]
    x, y = values[::2], values[1::2]
    assert concordance(x, y) == pytest.approx(0.864800, abs=5e-7)
    limits = bland_altman(x, y)
    assert limits.bias == pytest.approx(120 - 120.7667, abs=1e-4)
    assert limits.sd is not None
    assert limits.high == pytest.approx(limits.bias + 1.96 * limits.sd)


def test_gwet_two_raters() -> None:
    """G10: irrCAC's three abstractors table: kappa .7964094, AC1 .84933."""
    a, b = from_counts([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    assert kappa(a, b) == pytest.approx(0.7964094, abs=5e-8)
    assert gwet_ac(a, b) == pytest.approx(0.84933, abs=5e-6)


@pytest.mark.parametrize(
    ("score", "epsilon", "rate", "advantage"),
    [("rmse", 0.1, 0.0, 0.833333), ("rmse", 0.2, 1.0, 0.833333), ("accuracy", 0.1, 0.0, 0.816667),
     ("accuracy", 0.2, 1 / 3, 0.816667)],
)  # fmt: skip
def test_alternative_annotator(score: str, epsilon: float, rate: float, advantage: float) -> None:
    """G18: 40 items, three humans, as computed by the reference code of Calderon et al. 2025."""
    humans = [
        digits("2333232012113321330103013203233213231011"),
        digits("3323323012203231130213003203233133231102"),
        digits("2323332012022210330312102203323112332022"),
    ]
    found = alternative_annotator(
        humans, digits("2222333022112320120222013102333123231112"), epsilon=epsilon, score=score
    )
    assert found.winning_rate == pytest.approx(rate)
    assert found.advantage == pytest.approx(advantage, abs=5e-7)
    assert found.passed is (rate >= 0.5)


def test_degenerate_alpha() -> None:
    """G19: one disagreement in ten gives exactly 0 at 90% agreement; no variation and no overlap are undefined."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert alpha([[1] * 9 + [0], [1] * 10], "nominal") == pytest.approx(0.0, abs=1e-15)
        assert alpha([[1], [0]], "nominal") == pytest.approx(0.0, abs=1e-15)
        assert alpha([[1, 1], [1, 1]]) is None
        assert alpha([[1, nan], [nan, 0]]) is None
        assert alpha([[1, 1, 0], [1, 1, nan]]) is None  # constant among what can be paired
        constant = alpha_interval([[1, 1], [1, 1]], [0, 1])
        apart = alpha_interval([[1, nan], [nan, 0]], [0, 1])
    assert constant.why == Flag("constant", 4, value=1.0)
    assert apart.why == Flag("no_pairs")
    assert (constant.value, constant.low, constant.high) == (None, None, None)


def test_equal_fractions_are_one_category() -> None:
    """0.1 + 0.2 and 0.3 are the same score, whatever their bits."""
    assert alpha([[0.1 + 0.2, 1.0, 0.5], [0.3, 1.0, 0.5]], "nominal") == 1.0
    assert kappa([0.1 + 0.2, 1.0], [0.3, 1.0]) == 1.0


def test_undefined_companions() -> None:
    assert kappa([1, 1], [1, 1]) is None
    assert gwet_ac([1, 1], [1, 1]) is None
    assert gwet_ac([1, 1], [1, 1], categories=[0, 1]) == 1.0
    assert concordance([2, 2], [2, 2]) is None
    assert concordance([nan], [1.0]) is None
    assert icc([[1, 1], [1, 1]]) is None
    assert bland_altman([1], [0]).sd is None


def test_prevalence_leaves_gwet_standing() -> None:
    """Nineteen of twenty marks full and one disagreement: kappa falls to 0, AC1 does not."""
    a, b = [1.0] * 20, [1.0] * 19 + [0.5]
    assert kappa(a, b, categories=[0, 0.5, 1]) == pytest.approx(0.0, abs=1e-12)
    found = gwet_ac(a, b, categories=[0, 0.5, 1])
    assert found is not None
    assert found > 0.9


@pytest.mark.parametrize(
    "call",
    [
        lambda: alpha([1, 2, 3]),
        lambda: alpha([[1, 2], [1, 2]], "cardinal"),
        lambda: alpha_interval([[1, 2], [1, 2]], [0]),
        lambda: alpha_interval([[1, 2], [1, 2]], [0, 1], method="magic"),
        lambda: kappa([1, 2], [1]),
        lambda: kappa([1, 2], [1, 2], categories=[1]),
        lambda: gwet_ac([1, 2], [1, 2], "cubic"),
        lambda: icc([[1, nan], [1, 2]]),
        lambda: icc([[1, 3], [1, 2]], "ICC(4,1)"),
        lambda: alternative_annotator([[1, 2], [1, 2]], [1, 2]),
    ],
)
def test_wrong_shapes_and_names(call) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        call()


def table(seed: int, raters: int = 3, units: int = 40, values: int = 5, missing: float = 0.2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, values, units)
    ratings = np.where(rng.random((raters, units)) < 0.6, truth, rng.integers(0, values, (raters, units))).astype(float)
    ratings[rng.random((raters, units)) < missing] = nan
    ratings[:2, 0] = 0, values - 1
    return ratings


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_invariances(seed: int) -> None:
    """G20: affine maps for interval, monotone for ordinal, relabelling for nominal, any order for all."""
    ratings = table(seed)
    rng = np.random.default_rng(seed)
    assert alpha(3.0 * ratings + 7.0) == pytest.approx(alpha(ratings), abs=1e-9)
    assert alpha(ratings**3 + 1.0, "ordinal") == pytest.approx(alpha(ratings, "ordinal"), abs=1e-9)
    assert alpha(2.0 * ratings, "ratio") == pytest.approx(alpha(ratings, "ratio"), abs=1e-9)
    relabelled = np.where(np.isnan(ratings), nan, rng.permutation(5)[np.nan_to_num(ratings).astype(int)])
    assert alpha(relabelled, "nominal") == pytest.approx(alpha(ratings, "nominal"), abs=1e-9)
    shuffled = ratings[rng.permutation(3)][:, rng.permutation(40)]
    for level in LEVELS:
        assert alpha(shuffled, level) == pytest.approx(alpha(ratings, level), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(LEVELS))
def test_cluster_sums_reproduce_the_package(seed: int, level: str) -> None:
    """Weights of 1 give the package's value; so does any other whole number of copies of each cluster."""
    ratings = table(seed)
    clusters = np.arange(40) // 4
    found = count_values(ratings, level)
    totals = cluster_totals(found, clusters, level)
    assert totals.alpha(totals.rows.sum(axis=0)[None, :])[0] == pytest.approx(alpha(ratings, level), abs=1e-12)
    weights = cluster_weights(totals.rows.shape[0], 3, seed)
    kept = np.unique(clusters[found.unit])
    for drawn, value in zip(weights, totals.alpha(weights @ totals.rows), strict=True):
        copies = [
            np.flatnonzero(clusters == c) for c, times in zip(kept, drawn, strict=True) for _ in range(int(times))
        ]
        assert value == pytest.approx(alpha(ratings[:, np.concatenate(copies)], level), abs=1e-12, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_quadratic_kappa_is_squared_distance(seed: int) -> None:
    """On complete pairs: 1 - mean squared difference / its expectation under independence (Fleiss & Cohen 1973)."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 7, (2, 50)) / 6
    expected = ((a[:, None] - b[None, :]) ** 2).mean()
    assert kappa(a, b, "quadratic") == pytest.approx(1 - ((a - b) ** 2).mean() / expected)


def test_interval_methods() -> None:
    """The jackknife unless the bootstrap is asked for; both contain the value; the seed decides the bootstrap."""
    ratings, clusters = table(5, units=240, missing=0.0), np.arange(240) // 3
    plain = alpha_interval(ratings, clusters)
    drawn = alpha_interval(ratings, clusters, method="bootstrap")
    assert (plain.method, plain.replicates, plain.seed) == ("jackknife", 80, None)
    assert (drawn.method, drawn.replicates, drawn.clusters) == ("bootstrap", 2000, 80)
    for found in (plain, drawn):
        assert found.value == alpha(ratings)
        assert found.low < found.value < found.high <= 1.0
    assert plain.high - plain.low == pytest.approx(drawn.high - drawn.low, rel=0.25)
    again = alpha_interval(ratings, clusters, method="bootstrap")
    other = alpha_interval(ratings, clusters, method="bootstrap", seed=1)
    assert (again.low, again.high) == (drawn.low, drawn.high)
    assert (other.low, other.high) != (drawn.low, drawn.high)
    wide = alpha_interval(ratings, clusters, confidence=0.99)
    assert wide.high - wide.low > plain.high - plain.low


def test_an_interval_ends_where_alpha_does() -> None:
    ratings = np.array([[1, 0, 1, 1], [1, 0, 0, 1]])  # without the third unit alpha is 1
    found = alpha_interval(ratings, [0, 1, 2, 3])
    assert found.value == pytest.approx(8 / 15)
    assert (found.low, found.high) == (-1.0, 1.0)


def test_clusters_widen_the_interval() -> None:
    """Six copies of each unit in its cluster are no more information than one."""
    ratings = table(8, units=60, missing=0.0)
    once = alpha_interval(ratings, np.arange(60), method="jackknife")
    copied = alpha_interval(np.repeat(ratings, 6, axis=1), np.repeat(np.arange(60), 6), method="jackknife")
    naive = alpha_interval(np.repeat(ratings, 6, axis=1), np.arange(360), method="jackknife")
    assert copied.high - copied.low == pytest.approx(once.high - once.low, rel=0.03)
    assert naive.high - naive.low < 0.5 * (once.high - once.low)


def test_no_interval_without_a_reason() -> None:
    perfect = alpha_interval([[0, 1, 1], [0, 1, 1]], [0, 1, 2])
    assert (perfect.value, perfect.low) == (1.0, None)
    assert perfect.why == Flag("no_disagreement")
    single = alpha_interval([[0, 1, 1], [0, 1, 0]], [0, 0, 0])
    assert single.low is None
    assert single.why == Flag("one_item")
    ratings = np.ones((2, 60))
    ratings[0, 0] = 0
    once = alpha_interval(ratings, np.arange(60), "nominal")  # without its only disagreement alpha is undefined
    assert (once.low, once.why) == (None, Flag("undefined_resamples", 1, 60))
    rare = alpha_interval(ratings, np.arange(60), "nominal", method="bootstrap")
    assert rare.low is None
    assert 0.3 < rare.undefined / rare.replicates < 0.45  # (1 - 1/60)^60: no draw of the one item that differs
    assert rare.why == Flag("undefined_resamples", rare.undefined, 2000)
