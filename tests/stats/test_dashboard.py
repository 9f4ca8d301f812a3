"""All alphas of a dashboard from one resampling: equal to the reference package, draw by draw."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.stats.agreement import alpha, alpha_interval, alpha_intervals, intervals
from miareview.stats.agreement.totals import LEVELS, Level, cluster_totals, coded_totals, count_values
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import cluster_weights


def made(seed: int, raters: int, units: int, clusters: int, missing: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Ratings (raters, units) in whole points of weights 2 to 6 that mostly agree, and a cluster for each unit."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(2, 7, size=units)
    true = rng.integers(0, weight + 1)
    points = np.where(rng.random((raters, units)) < 0.7, true, rng.integers(0, 7, (raters, units)) % (weight + 1))
    ratings = points / weight
    ratings[rng.random((raters, units)) < missing] = np.nan
    return ratings, rng.integers(0, clusters, size=units)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(20, 60), st.sampled_from(LEVELS))
def test_replicates_equal_the_package_on_the_same_draws(seed: int, raters: int, units: int, level: Level) -> None:
    ratings, clusters = made(seed, raters, units, 12)
    found = count_values(ratings, level)
    totals = cluster_totals(found, clusters, level)
    names = np.unique(clusters[found.unit])
    weights = cluster_weights(names.size, 8, seed)
    for row, fast in zip(weights, totals.alpha(weights @ totals.rows), strict=True):
        often = dict(zip(names, row.astype(int), strict=True))
        drawn = np.repeat(np.arange(units), [often.get(c, 0) for c in clusters])
        if np.isnan(fast):
            assert alpha(ratings[:, drawn], level) is None
        else:
            # In sixtieths, as the package's nominal level tells 0.1 + 0.2 from 0.3.
            slow = krippendorff.alpha(np.round(ratings[:, drawn] * 60, 8), level_of_measurement=level)
            assert fast == pytest.approx(slow, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 9), st.sampled_from(LEVELS), st.integers(1, 40))
def test_both_ways_to_sum_over_clusters_agree(seed: int, raters: int, level: Level, size: int) -> None:
    """With few clusters units of one pattern are counted, with many each unit is added: the sums are the same."""
    ratings, clusters = made(seed, raters, 40, size)
    found = count_values(ratings, level)
    codes = clusters[found.unit].astype(np.int64)
    narrow, wide = (coded_totals(found, codes, wide, level).rows for wide in (size, 4000))
    assert np.allclose(narrow, wide[:size], atol=1e-12)
    assert not wide[size:].any()


@pytest.mark.parametrize("small", [True, False])
def test_every_group_has_the_value_of_the_package(small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not small:
        monkeypatch.setattr(intervals, "_PACKAGE_CELLS", 0)
    groups = [made(seed, 3, 150, 70) for seed in range(4)]
    for (ratings, _), found in zip(groups, alpha_intervals(groups, LEVELS, method="bootstrap"), strict=True):
        assert list(found) == list(LEVELS)
        for level in LEVELS:
            assert found[level].value == pytest.approx(alpha(ratings, level), abs=1e-12)
            assert found[level].low < found[level].value < found[level].high
            assert (found[level].method, found[level].replicates) == ("bootstrap", 2000)


def test_alone_a_group_is_the_same_as_in_a_dashboard_of_its_own_items() -> None:
    """Groups on the same items share every draw, so each has the interval that it has alone."""
    first, clusters = made(1, 2, 300, 60, missing=0.0)
    second, _ = made(2, 2, 300, 60, missing=0.0)
    together = alpha_intervals([(first, clusters), (second, clusters)], method="bootstrap")
    for ratings, found in ((first, together[0]), (second, together[1])):
        for level in ("interval", "ordinal", "nominal"):
            alone = alpha_interval(ratings, clusters, level, method="bootstrap")
            assert found[level].low == pytest.approx(alone.low, abs=1e-12)
            assert found[level].high == pytest.approx(alone.high, abs=1e-12)


def test_wide_dashboards_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [made(seed, 2, 200, 60) for seed in range(3)]
    whole = alpha_intervals(groups, method="bootstrap", replicates=200)
    monkeypatch.setattr(intervals, "_WIDEST", 1)
    for one, other in zip(whole, alpha_intervals(groups, method="bootstrap", replicates=200), strict=True):
        for level, found in one.items():
            assert other[level].low == pytest.approx(found.low, abs=1e-12)
            assert other[level].high == pytest.approx(found.high, abs=1e-12)


def test_small_and_undefined_groups_stand_beside_large_ones() -> None:
    """Each has what it has alone; what cannot be computed says why."""
    large, few = made(1, 2, 300, 90), made(2, 2, 40, 12)
    constant, empty, single = (np.ones((2, 5)), np.arange(5)), (np.empty((2, 0)), np.empty(0)), made(3, 2, 9, 1)
    found = [group["interval"] for group in alpha_intervals([large, few, constant, empty, single], ("interval",))]
    assert [one.method for one in found] == ["jackknife", "jackknife", "none", "none", "jackknife"]
    assert found[1] == alpha_interval(*few)
    assert found[2].why == Flag("constant", 10, value=1.0)
    assert found[3].why == Flag("no_pairs")
    assert found[4].why == Flag("one_item")
    assert alpha_intervals([]) == []


def test_labels_may_be_words() -> None:
    ratings, clusters = made(5, 2, 200, 60)
    words = np.array([f"item-{code:03d}" for code in clusters])
    assert alpha_interval(ratings, words) == alpha_interval(ratings, clusters)


@pytest.mark.parametrize(
    ("options", "says"),
    [({"method": "guess"}, "Unknown method"), ({"confidence": 1.0}, "Confidence"), ({"levels": ("odd",)}, "level")],
)
def test_bad_arguments(options: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        alpha_intervals([made(1, 2, 20, 5)], **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs one cluster label"):
        alpha_intervals([(np.ones((2, 3)), np.zeros(2))])
