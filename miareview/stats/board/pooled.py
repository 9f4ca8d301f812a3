"""Does the judge's bias differ between models, and what follows for their scores if it is partly the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from miareview.stats.board.ranks import Deviations
from miareview.stats.numeric.resample import Bools, Floats, quantile

SLOPE_FROM = 5  # models from which the bias may depend on the judge's score
POOL_FROM = 3  # models from which there is anything to pool
SURE = 0.05
SPREADS = np.linspace(0.0, 0.15, 31)  # of the models' own biases, all equally likely beforehand


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """Cochran's Q of the models' biases, its p-value from the replicates, and which biases stand out (models,)."""

    q: float
    p: float
    stands_out: Bools

    @property
    def differs(self) -> bool:
        return self.p < SURE


def homogeneity(bias: Floats, deviations: Deviations) -> Homogeneity:
    """Is the judge's bias (models,) the same for all models?

    Q = sum (b_m - mean b)^2 / v_m with v_m the variance of b_m - mean b in the replicates, and p the share of
    replicates whose Q is as large (Cochran 1954; the replicates stand for the chi-square, as the biases share their
    items). A model stands out where |b_m - mean b| / sqrt(v_m) is beyond the 95 % point of the largest of all models.
    Below two models, or where nothing varies (all reviewed), Q is 0 and p 1.
    """
    nothing = Homogeneity(0.0, 1.0, np.zeros(bias.size, dtype=bool))
    if bias.size < 2:
        return nothing
    moved = deviations.drawn - deviations.drawn.mean(axis=1, keepdims=True)
    sd = moved.std(axis=0)
    if (sd < 1e-9).any():
        return nothing
    of = (bias - bias.mean()) / sd
    drawn = moved * deviations.tails / sd
    q = float((of**2).sum())
    largest = quantile(np.abs(drawn).max(axis=1), 1.0 - SURE)
    return Homogeneity(q, float(((drawn**2).sum(axis=1) >= q).mean()), np.abs(of) > largest)


@dataclass(frozen=True, slots=True)
class Pool:
    """Partially pooled scores (models,) with 95 % ends."""

    value: Floats
    low: Floats
    high: Floats


def pooled_scores(
    judge: Floats, corrected: Floats, deviations: Deviations, *, draws: int = 4000, seed: int = 0
) -> Pool | None:
    """Scores (models,) if the judge's bias is partly the same for all models (Fay & Herriot 1979).

    bias_m = judge_m - corrected_m is measured with the covariance V of `deviations` and modelled as
    b0 + b1 (judge_m - mean) + u_m, u_m normal with a standard deviation on a grid from 0 to .15, b0 and b1 flat (b1
    from 5 models on). These very items give every model a bias of its own even where the judge's habit is the same:
    the spread is never below s / sqrt(N), s that of an item's own bias. Given the spread t of u and
    W = (V + t^2 I)^-1, the posterior mean is X b + t^2 W (bias - X b), its covariance
    t^2 I - t^4 W + (I - t^2 W) X (X'WX)^-1 X' (I - t^2 W)'; the grid is weighted with the restricted likelihood (Prasad
    & Rao 1990). V is drawn towards one common correlation by M / (M + n), as a covariance of M models from n items is
    noisy. `draws` are shared out over the grid and get Student's tails.
    Scores and ends are kept within 0 and 1. None below 3 models, or where everything is reviewed.
    """
    size = judge.size
    covariance = deviations.covariance()
    if size < POOL_FROM or np.diag(covariance).min() < 1e-14:
        return None
    measured = judge - corrected
    columns = [np.ones(size)] + ([judge - judge.mean()] if size >= SLOPE_FROM and np.ptp(judge) > 1e-6 else [])
    design = np.column_stack(columns)
    roots, axes = np.linalg.eigh(_shrunk(covariance, size / (size + deviations.df + 1.0)))
    roots = np.maximum(roots, 1e-12)
    turned, along = axes.T @ measured, axes.T @ design
    logs, means, spreads = [], [], []
    own = (
        float((np.diag(covariance) * (1.0 - _common(covariance))).mean()) * deviations.share / (1.0 - deviations.share)
    )
    for spread in np.sqrt(SPREADS**2 + own):
        weight = 1.0 / (roots + spread**2)
        inner = along.T @ (weight[:, None] * along)
        slope = np.linalg.solve(inner, along.T @ (weight * turned))
        rest = turned - along @ slope
        logs.append(0.5 * (np.log(weight).sum() - np.linalg.slogdet(inner)[1] - (weight * rest**2).sum()))
        keep = spread**2 * weight
        means.append(axes @ (along @ slope + keep * rest))
        left = (1.0 - keep)[:, None] * along
        # The square root of the covariance: own spread, and that of the slopes.
        spreads.append((keep * roots, left @ np.linalg.cholesky(np.linalg.inv(inner))))
    chance = np.exp(np.array(logs) - max(logs))
    chance /= chance.sum()
    rng = np.random.default_rng([seed, 2])
    pieces = []
    for count, mean, (each, common) in zip(rng.multinomial(draws, chance), means, spreads, strict=True):
        noise = rng.standard_normal((count, size)) * np.sqrt(each)
        noise += rng.standard_normal((count, common.shape[1])) @ common.T
        pieces.append((mean, noise @ axes.T))
    tails = np.sqrt(deviations.df / rng.chisquare(deviations.df, size=(draws, 1)))
    centre = np.concatenate([np.broadcast_to(mean, noise.shape) for mean, noise in pieces])
    drawn = judge - (centre + tails * np.concatenate([noise for _, noise in pieces]))
    value = judge - (chance[:, None] * np.array(means)).sum(axis=0)
    low, high = quantile(drawn, 0.025), quantile(drawn, 0.975)
    value, low, high = (np.clip(scores, 0.0, 1.0) for scores in (value, low, high))
    return Pool(value, np.minimum(low, value), np.maximum(high, value))


def _common(covariance: Floats) -> float:
    """The mean correlation of two models."""
    sd = np.sqrt(np.diag(covariance))
    away = ~np.eye(sd.size, dtype=bool)
    return min(max(float((covariance / np.outer(sd, sd))[away].mean()), -0.5 / (sd.size - 1)), 0.99)


def _shrunk(covariance: Floats, share: float) -> Floats:
    """The covariance with its correlations drawn towards their mean."""
    sd = np.sqrt(np.diag(covariance))
    target = np.where(np.eye(sd.size, dtype=bool), 1.0, _common(covariance))
    shrunk: Floats = (1.0 - share) * covariance + share * np.outer(sd, sd) * target
    return shrunk
