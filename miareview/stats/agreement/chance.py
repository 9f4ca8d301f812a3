"""Agreement of several raters beyond chance: Fleiss' kappa and Gwet's coefficients, with missing ratings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from miareview.stats.agreement.totals import snap
from miareview.stats.numeric.resample import Floats

__all__ = ["brennan_prediger", "conger_kappa", "fleiss_kappa", "gwet_multi", "rating_counts"]


def rating_counts(ratings: npt.ArrayLike, categories: npt.ArrayLike | None = None) -> tuple[Floats, Floats]:
    """How often each value was given, (units, values), and the values, of (raters, units) with NaN = missing.

    `categories` holds all possible values (None: those seen). Units without a rating are left out. Raises ValueError
    on another shape or a rating outside the categories.
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"Ratings must be a table of (raters, units), not an array of {table.ndim} dimension(s).")
    present = ~np.isnan(table)
    table = snap(table)
    seen = np.unique(table[present])
    domain = seen if categories is None else np.unique(snap(np.asarray(categories, dtype=np.float64)))
    if not np.isin(seen, domain).all():
        raise ValueError("There are ratings outside the given categories.")
    counts = np.array([((table == value) & present).sum(axis=0) for value in domain], dtype=np.float64)
    counts = counts.reshape(domain.size, table.shape[1]).T
    return counts[counts.sum(axis=1) > 0], domain / 60.0


def fleiss_kappa(counts: npt.ArrayLike) -> float | None:
    """Fleiss' kappa (Fleiss 1971), with missing ratings as in Gwet 2014, ch. 2: (pa - pe) / (1 - pe), pe = sum pi^2.

    `counts` (units, values) says how often each value was given. pa averages the share of agreeing pairs of raters
    over the units with two ratings, pi the share of each value over all units. None where chance explains all.
    """
    table, observed, share = _agreement(counts)
    if table is None or observed is None:
        return None
    expected = float((share**2).sum())
    return None if expected >= 1.0 - 1e-12 else (observed - expected) / (1.0 - expected)


def gwet_multi(counts: npt.ArrayLike, values: npt.ArrayLike | None = None) -> float | None:
    """Gwet's AC1 of several raters with missing ratings, or AC2 with quadratic weights on `values` (Gwet 2008, 2014).

    `counts` (units, values) as in `fleiss_kappa`; every value that could be given needs its column. With pi the mean
    share of each of q values, pe = T sum pi (1 - pi) / (q (q - 1)), T the sum of the agreement weights. None where
    fewer than two values are possible or no unit has two ratings.
    """
    weights = None if values is None else _quadratic(np.asarray(values, dtype=np.float64))
    table, observed, share = _agreement(counts, weights)
    size = share.size
    if table is None or observed is None or size < 2:
        return None
    total = float(size if weights is None else weights.sum())
    expected = total * float((share * (1.0 - share)).sum()) / (size * (size - 1))
    return None if expected >= 1.0 - 1e-12 else (observed - expected) / (1.0 - expected)


def brennan_prediger(counts: npt.ArrayLike) -> float | None:
    """Brennan and Prediger's coefficient (1981): chance is 1 / q for q possible values; `counts` as in `gwet_multi`."""
    table, observed, share = _agreement(counts)
    if table is None or observed is None or share.size < 2:
        return None
    return (observed - 1.0 / share.size) / (1.0 - 1.0 / share.size)


def conger_kappa(
    ratings: npt.ArrayLike, categories: npt.ArrayLike | None = None, *, quadratic: bool = False
) -> float | None:
    """Conger's kappa (1980) of (raters, units), NaN = missing: chance from every rater's own shares of the values.

    With p_gk the share of value k among the ratings of rater g, means and covariances taken over the r raters (over
    r - 1) and w the agreement weights (1 where equal, or 1 - squared distance), pe = sum_kl w_kl (mean p_k mean p_l -
    cov(p_k, p_l) / r) (Gwet 2014, ch. 2). Of two raters it is Cohen's; the raters' order does not matter. None where a
    rater gave nothing, or chance explains all.
    """
    counts, values = rating_counts(ratings, categories)
    weights = _quadratic(values) if quadratic else np.eye(values.size)
    _, observed, _ = _agreement(counts, weights)
    table = snap(np.asarray(ratings, dtype=np.float64)) / 60.0
    given = (~np.isnan(table)).sum(axis=1)
    if observed is None or table.shape[0] < 2 or (given == 0).any():
        return None
    shares = np.stack([(np.abs(table - value) < 1e-9).sum(axis=1) / given for value in values], axis=1)
    mean, away = shares.mean(axis=0), shares - shares.mean(axis=0)
    together = away.T @ away / (table.shape[0] - 1)
    expected = float((weights * (np.outer(mean, mean) - together / table.shape[0])).sum())
    return None if expected >= 1.0 - 1e-12 else (observed - expected) / (1.0 - expected)


def _quadratic(scale: Floats) -> Floats:
    """Agreement weights of values (values, values): 1 less the squared distance, over the largest."""
    apart = scale[:, None] - scale[None, :]
    weights: Floats = 1.0 - (apart / (np.ptp(scale) if scale.size and np.ptp(scale) > 0 else 1.0)) ** 2
    return weights


def _agreement(counts: npt.ArrayLike, weights: Floats | None = None) -> tuple[Floats | None, float | None, Floats]:
    """The counts, the weighted share of agreeing pairs over units with two ratings, and each value's mean share."""
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or (table < 0).any():
        raise ValueError("Counts must be a table of (units, values), how often each value was given to a unit.")
    weights = np.eye(table.shape[1]) if weights is None else weights
    if weights.shape != (table.shape[1], table.shape[1]):
        raise ValueError(f"There are {table.shape[1]} columns of counts, so as many values are needed.")
    raters = table.sum(axis=1)
    table, raters = table[raters > 0], raters[raters > 0]
    if not table.size:
        return None, None, np.zeros(table.shape[1])
    share = (table / raters[:, None]).mean(axis=0)
    paired = raters >= 2
    if not paired.any():
        return table, None, share
    some, n = table[paired], raters[paired]
    pairs = (some * (some @ weights - 1.0)).sum(axis=1) / (n * (n - 1.0))
    return table, float(pairs.mean()), share
