"""Resampling: what bootstrap weights are, and the jackknife against its closed form."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.stats.numeric.resample import (
    cluster_mean_interval,
    cluster_sums,
    cluster_weights,
    distinct,
    encode,
    jackknife_se,
    leave_one_out,
    percentile_interval,
    quantile,
)
from miareview.stats.numeric.student import t_margin


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(1, 130), st.integers(0, 1000))
def test_weights_are_draws_with_replacement(clusters: int, replicates: int, seed: int) -> None:
    weights = cluster_weights(clusters, replicates, seed)
    assert weights.shape == (replicates, clusters)
    assert (weights.sum(axis=1) == clusters).all()
    assert (weights == weights.astype(int)).all()
    cluster_weights.cache_clear()
    assert np.array_equal(cluster_weights(clusters, replicates, seed), weights)


def test_weights_are_fair_and_seeded() -> None:
    """A cluster is left out of a draw of 50 with probability (1 - 1/50)^50 = .364, in every part of the replicates."""
    weights = cluster_weights(50, 4000, 1)
    assert (weights == 0).mean() == pytest.approx(0.98**50, abs=0.005)
    assert weights.mean(axis=0) == pytest.approx(np.ones(50), abs=0.1)
    assert not np.array_equal(weights[:50], weights[50:100])
    assert not np.array_equal(weights, cluster_weights(50, 4000, 2))
    with pytest.raises(ValueError, match="read-only"):
        weights[0, 0] = 7


def test_sums_by_cluster() -> None:
    codes, count = encode(["b", "a", "b", "c"])
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]])
    assert cluster_sums(rows, codes, count).tolist() == [[3, 4], [6, 8], [7, 8]]
    assert leave_one_out(cluster_sums(rows, codes, count)).tolist() == [[13, 16], [10, 12], [9, 12]]


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30))
def test_jackknife_of_a_mean_is_its_standard_error(values: list[int]) -> None:
    """For the mean of n single values the jackknife is s / sqrt(n) exactly (Efron & Tibshirani 1993, section 11.2)."""
    data = np.array(values, dtype=float)
    left = leave_one_out(np.column_stack([data, np.ones(data.size)]))
    expected = data.std(ddof=1) / sqrt(data.size)
    assert jackknife_se(left[:, 0] / left[:, 1]) == pytest.approx(expected, abs=1e-9)
    mean, low, high = cluster_mean_interval(data, np.arange(data.size))
    if expected > 1e-9:
        assert high == pytest.approx(mean + t_margin(0.95, data.size - 1) * expected)
        assert low == pytest.approx(mean - t_margin(0.95, data.size - 1) * expected)
    else:
        assert (low, high) == (None, None)


def test_one_cluster_has_no_interval() -> None:
    assert cluster_mean_interval(np.array([1.0, 2.0]), [7, 7]) == (1.5, None, None)


def test_percentiles() -> None:
    assert percentile_interval(np.arange(101.0), 0.9) == pytest.approx((5.0, 95.0))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_codes_follow_the_order_of_the_labels(labels: list[int]) -> None:
    """Small whole numbers are looked up, anything else is sorted: both give the same codes."""
    names = sorted(set(labels))
    expected = [names.index(label) for label in labels]
    for given_labels in (labels, [f"{label:02d}" for label in labels], [10**9 + label for label in labels]):
        codes, count = encode(given_labels)
        assert codes.tolist() == expected
        assert count == len(names)


def test_own_quantile_and_different_values_are_those_of_numpy() -> None:
    """They are there because numpy's import masked arrays, which takes as long as a small table."""
    rng = np.random.default_rng(5)
    for size in (1, 2, 40, 2000):
        values = rng.normal(size=(size, 3)).round(1)
        for share in (0.0, 0.025, 0.5, 0.95, 1.0):
            assert quantile(values, share) == pytest.approx(np.quantile(values, share, axis=0), abs=1e-14)
        assert distinct(values).tolist() == np.unique(values).tolist()
    assert distinct(np.array(["b", "a", "b"])).tolist() == ["a", "b"]
    assert distinct(np.empty(0)).tolist() == []
