"""Ranks of corrected scores, and how sure they are: all models resampled together, item by item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from miareview.stats.numeric.resample import Floats, Ints, cluster_weights, quantile

_TIE = 1e-9  # scores closer than this are equal: a difference of rounding is no rank


def rank_scores(scores: npt.ArrayLike) -> Ints:
    """Rank 1 for the highest score along the last axis; equal scores share the better rank (1, 1, 3)."""
    values = np.asarray(scores, dtype=np.float64)
    better = values[..., None, :] > values[..., :, None] + _TIE
    ranks: Ints = 1 + better.sum(axis=-1)
    return ranks


def kendall_tau_b(x: npt.ArrayLike, y: npt.ArrayLike) -> float | None:
    """Kendall's tau-b of two lists: (C - D) / sqrt((P - ties in x) (P - ties in y)) over all P pairs (Kendall 1945).

    None below two values, or where one list is constant. Raises ValueError where their lengths differ.
    """
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"Kendall's tau needs two lists of one length, not shapes {first.shape} and {second.shape}.")
    a, b = _signs(first), _signs(second)
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else None


def _signs(values: Floats) -> Floats:
    """+1, 0 or -1 for every ordered pair of values."""
    gap = values[:, None] - values[None, :]
    return np.where(np.abs(gap) <= _TIE, 0.0, np.sign(gap))


@dataclass(frozen=True, slots=True)
class Deviations:
    """How far the corrected scores of all models might have come out otherwise: (replicates, models) of one scale.

    `drawn` are deviations of their means over other samples of the same size, `tails` (replicates, 1) what Student's t
    multiplies them by, with `df` degrees of freedom. `share` of the items was reviewed, the mean over models.
    """

    drawn: Floats
    tails: Floats
    df: float
    share: float

    def covariance(self) -> Floats:
        """Sampling covariance of the corrected scores (models, models), without the tails."""
        return np.atleast_2d(self.drawn.T @ self.drawn / len(self.drawn))

    def critical(self, confidence: float = 0.95) -> float:
        """The largest |z| over all pairs of models that stays below it in that share of the replicates.

        In standard errors that are known; `contest` carries it to Student's t. Pairs without any spread (full review)
        say nothing; 0 where all are so.
        """
        covariance = self.covariance()
        size = np.diag(covariance)
        sd = np.sqrt(np.maximum(size[:, None] + size[None, :] - 2.0 * covariance, 0.0))
        worth = np.where(sd > 1e-9, 1.0 / np.where(sd > 1e-9, sd, 1.0), 0.0).astype(np.float32)
        scores = np.ascontiguousarray(self.drawn.T, dtype=np.float32)
        largest = np.zeros(len(self.drawn), dtype=np.float32)
        for a in range(len(scores) - 1):
            apart = np.abs(scores[a + 1 :] - scores[a])
            apart *= worth[a, a + 1 :, None]
            np.maximum(largest, apart.max(axis=0), out=largest)
        return float(quantile(largest, confidence))


def joint_deviations(
    residuals: npt.ArrayLike, totals: npt.ArrayLike, se: npt.ArrayLike, *, replicates: int = 2000, seed: int = 0
) -> Deviations:
    """Joint deviations of the corrected scores of all models from one resampling of the reviewed items.

    `residuals` (models, items) are human - lam * judge, NaN where an item was not reviewed for a model: the only part
    of an estimate that depends on which items were drawn. `totals` (models,) counts the N_m items that the n_m reviewed
    ones stand for, `se` (models,) are the standard errors.

    Reviewed items are drawn with replacement, the same ones for every model, as models share their hard items and the
    judge its mistakes; a model's deviation is the mean of its centred residuals over the draw. Three things keep it
    honest. A benchmark is finite: what is reviewed is known, so deviations shrink by sqrt(1 - n_m / N_m), to nothing
    at full review. A standard error holds more than the residuals show where few errors were seen (the guard): half of
    that excess variance is added as noise of each model, so that the difference of two models gets it once, as in
    `corrected_difference`. And each replicate is divided by one sqrt(chi^2 / df), df = least n_m - 1, which gives small
    samples Student's tails. Models reviewed on different items share fewer draws, lam is taken as known.
    Raises ValueError where the shapes differ or a model has fewer than two reviewed items.
    """
    table, size, error = (np.asarray(a, dtype=np.float64) for a in (residuals, totals, se))
    if table.ndim != 2 or not size.shape == error.shape == table.shape[:1]:
        raise ValueError("Ranks need one estimate, one row of residuals, one total and one error for every model.")
    seen = ~np.isnan(table)
    n = seen.sum(axis=1)
    if not size.size or n.min() < 2:
        raise ValueError("Ranks need at least two reviewed items of every model.")
    used = seen.any(axis=0)
    table, seen = table[:, used], seen[:, used]
    mean = np.where(seen, table, 0.0).sum(axis=1) / n
    centred = np.where(seen, table - mean[:, None], 0.0)
    plain = np.maximum(1.0 - n / size, 0.0) * (centred**2).sum(axis=1) / (n * (n - 1.0))
    excess = error**2 - plain
    shrunk = np.sqrt(np.maximum(1.0 - n / size, 0.0) / (n * (n - 1.0)))
    shrunk *= np.where(excess < 0.0, error / np.sqrt(np.where(plain > 0.0, plain, 1.0)), 1.0)
    rng = np.random.default_rng([seed, 1])
    drawn = cluster_weights(table.shape[1], replicates, seed) @ (shrunk[:, None] * centred).T
    drawn += np.sqrt(np.maximum(excess, 0.0) / 2.0) * rng.standard_normal(drawn.shape)
    df = float(n.min() - 1)
    return Deviations(drawn, np.sqrt(df / rng.chisquare(df, size=(replicates, 1))), df, float((n / size).mean()))
