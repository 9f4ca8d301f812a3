"""Agreement of several raters beyond chance, with missing ratings: Gwet's coefficients and Conger's kappa."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from miareview.stats.agreement.totals import coded, patterns, placed, snap
from miareview.stats.numeric.resample import Floats

__all__ = ["Tally", "conger_kappa", "gwet_multi", "tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each of the `values` was given: in the different ways (ways, values) in which units were rated, each
    of them `often` (ways,), and by each rater (raters, values)."""

    values: Floats
    rows: Floats
    often: Floats
    by_rater: Floats


def tally(ratings: npt.ArrayLike, categories: npt.ArrayLike | None = None) -> Tally:
    """Count the values in (raters, units), NaN = missing; units without a rating are left out.

    `categories` holds all possible values (None: those seen). Raises ValueError on another shape or a rating outside
    the categories.
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"Ratings must be a table of (raters, units), not an array of {table.ndim} dimension(s).")
    present = ~np.isnan(table)
    seen, places = placed(table, present)
    values = seen if categories is None else coded(snap(np.asarray(categories, dtype=np.float64)))[0]
    if not np.isin(seen, values).all():
        raise ValueError("There are ratings outside the given categories.")
    places = np.append(np.searchsorted(values, seen), values.size)[places]
    rows, pattern = patterns(places, values.size)
    often = np.bincount(pattern, minlength=len(rows)).astype(np.float64)
    rated = rows.sum(axis=1) > 0
    by_rater = np.array([np.bincount(row, minlength=values.size + 1)[:-1] for row in places], dtype=np.float64)
    return Tally(values / 60.0, rows[rated], often[rated], by_rater.reshape(len(table), values.size))


def gwet_multi(counts: Tally, *, quadratic: bool = False) -> float | None:
    """Gwet's AC1 of several raters with missing ratings, or AC2 with quadratic weights (Gwet 2008, 2014).

    Every value that could be given needs its place in the tally. With pi the mean share of each of q values,
    pe = T sum pi (1 - pi) / (q (q - 1)), T the sum of the agreement weights. None where fewer than two values are
    possible or no unit has two ratings.
    """
    size = counts.values.size
    weights = _quadratic(counts.values) if quadratic else np.eye(size)
    observed = _agreement(counts, weights)
    if observed is None or size < 2:
        return None
    share = (counts.rows / counts.rows.sum(axis=1)[:, None] * counts.often[:, None]).sum(axis=0) / counts.often.sum()
    expected = float(weights.sum() * (share * (1.0 - share)).sum() / (size * (size - 1)))
    return None if expected >= 1.0 - 1e-12 else (observed - expected) / (1.0 - expected)


def conger_kappa(counts: Tally, *, quadratic: bool = False) -> float | None:
    """Conger's kappa (1980): chance from every rater's own shares of the values.

    With p_gk the share of value k among the ratings of rater g, means and covariances taken over the r raters (over
    r - 1) and w the agreement weights (1 where equal, or 1 - squared distance), pe = sum_kl w_kl (mean p_k mean p_l -
    cov(p_k, p_l) / r) (Gwet 2014, ch. 2). Of two raters it is Cohen's; the raters' order does not matter. None where a
    rater gave nothing, or chance explains all.
    """
    weights = _quadratic(counts.values) if quadratic else np.eye(counts.values.size)
    observed, raters = _agreement(counts, weights), len(counts.by_rater)
    given = counts.by_rater.sum(axis=1)
    if observed is None or raters < 2 or (given == 0).any():
        return None
    shares = counts.by_rater / given[:, None]
    mean, away = shares.mean(axis=0), shares - shares.mean(axis=0)
    together = away.T @ away / (raters - 1)
    expected = float((weights * (np.outer(mean, mean) - together / raters)).sum())
    return None if expected >= 1.0 - 1e-12 else (observed - expected) / (1.0 - expected)


def _quadratic(scale: Floats) -> Floats:
    """Agreement weights of values (values, values): 1 less the squared distance, over the largest."""
    apart = scale[:, None] - scale[None, :]
    weights: Floats = 1.0 - (apart / (np.ptp(scale) if scale.size and np.ptp(scale) > 0 else 1.0)) ** 2
    return weights


def _agreement(counts: Tally, weights: Floats) -> float | None:
    """The weighted share of agreeing pairs of ratings, averaged over the units with two; None where none has."""
    raters = counts.rows.sum(axis=1)
    paired = raters >= 2
    if not paired.any():
        return None
    rows, often, n = counts.rows[paired], counts.often[paired], raters[paired]
    shares = (rows * (rows @ weights - 1.0)).sum(axis=1) / (n * (n - 1.0))
    return float((shares * often).sum() / often.sum())
