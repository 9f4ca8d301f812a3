"""Resampling of clusters: bootstrap weights and the delete-one jackknife.

A statistic is a function of column totals, and each cluster (a benchmark item, with all its components and models)
adds one row to those totals. A bootstrap replicate is then a weighted sum of rows, so all replicates are one matrix
product, and a jackknife replicate is one subtraction.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from miareview.stats.numeric.student import t_margin

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_AT_ONCE = 50
MAX_UNDEFINED = 0.05  # a larger share of undefined replicates, and the interval is refused


@lru_cache(maxsize=4)
def cluster_weights(clusters: int, replicates: int, seed: int) -> Floats:
    """How often each cluster is drawn: (replicates, clusters), each row a multinomial that sums to `clusters`.

    The same arguments give the same weights; the array is shared and read-only.
    """
    rng = np.random.default_rng(seed)
    weights = np.empty((replicates, clusters))
    # Counting a few replicates at a time keeps the counts in the processor's cache: six times as fast as all at once.
    offsets = np.arange(_AT_ONCE, dtype=np.int64)[:, None] * clusters
    for start in range(0, replicates, _AT_ONCE):
        size = min(_AT_ONCE, replicates - start)
        draws = rng.integers(0, clusters, size=(size, clusters), dtype=np.int64) + offsets[:size]
        counts = np.bincount(draws.ravel(), minlength=size * clusters)
        weights[start : start + size] = counts.reshape(size, clusters)
    weights.flags.writeable = False
    return weights


def cluster_sums(rows: Floats, clusters: Ints, count: int) -> Floats:
    """Sum the rows of (units, columns) by cluster code: (count, columns). Every code 0..count-1 must occur."""
    order = np.argsort(clusters, kind="stable")
    starts = np.searchsorted(clusters[order], np.arange(count))
    sums: Floats = np.add.reduceat(rows[order], starts, axis=0)
    return sums


def leave_one_out(totals: Floats) -> Floats:
    """Column totals without each cluster in turn: (clusters, columns) to (clusters, columns)."""
    left: Floats = totals.sum(axis=0)[None, :] - totals
    return left


def percentile_interval(replicates: Floats, confidence: float) -> tuple[float, float]:
    """The middle `confidence` share of the replicates."""
    tail = 0.5 * (1.0 - confidence)
    return float(quantile(replicates, tail)), float(quantile(replicates, 1.0 - tail))


def jackknife_se(replicates: Floats) -> float:
    """Delete-one jackknife standard error: sqrt((G - 1) / G * sum (t_g - mean)^2)."""
    count = replicates.size
    return float(np.sqrt((count - 1) / count * np.sum((replicates - replicates.mean()) ** 2)))


def cluster_mean_interval(
    values: Floats, clusters: npt.ArrayLike, confidence: float = 0.95
) -> tuple[float, float | None, float | None]:
    """Mean of the values and its interval when they come in clusters (jackknife of the ratio mean, t with G - 1).

    Below two clusters, or where the mean is the same whichever cluster is left out, the ends are None: data without
    variation do not say how wrong they may be.
    """
    codes, count = encode(clusters)
    mean = float(values.mean())
    if count < 2:
        return mean, None, None
    totals = cluster_sums(np.column_stack([values, np.ones_like(values)]), codes, count)
    left = leave_one_out(totals)
    se = jackknife_se(left[:, 0] / left[:, 1])
    if se < 1e-12:
        return mean, None, None
    margin = t_margin(confidence, count - 1) * se
    return mean, mean - margin, mean + margin


def encode(labels: npt.ArrayLike) -> tuple[Ints, int]:
    """Labels as codes 0..G-1 in the order of the labels, and G."""
    given = np.asarray(labels).reshape(-1)
    if _few_codes(given):
        there = np.bincount(given) > 0
        return (np.cumsum(there) - 1)[given].astype(np.int64), int(there.sum())
    names = distinct(given)
    return np.searchsorted(names, given).astype(np.int64), int(names.size)


def _few_codes(values: npt.NDArray[Any]) -> bool:
    """Whether these are codes, with gaps at most, so that a look-up does instead of a sort."""
    return bool(values.dtype.kind in "iu" and values.size and values.min() >= 0 and values.max() <= 4 * values.size)


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The different values, in order; none may be NaN. As `np.unique`, which imports all of masked arrays first."""
    if _few_codes(values):
        return np.flatnonzero(np.bincount(values.ravel()))
    ordered: npt.NDArray[Any] = np.sort(values, axis=None)
    first: Bools = np.append(True, ordered[1:] != ordered[:-1])[: ordered.size]
    return ordered[first]


def quantile(values: npt.NDArray[np.floating[Any]], share: float) -> Floats:
    """What that share of the values (values, …) lies below, by axis 0; between two of them as `np.quantile` does."""
    place = (len(values) - 1) * share
    below = int(place)
    above = min(below + 1, len(values) - 1)
    parts = np.partition(values, (below, above), axis=0)
    found: Floats = parts[below] + (place - below) * (parts[above] - parts[below])
    return found
