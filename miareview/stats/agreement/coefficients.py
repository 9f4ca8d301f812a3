"""Agreement between raters: coefficients, and intervals that know that scores of one item belong together.

All functions take plain arrays with NaN for a missing rating and raise ValueError on a wrong shape. A coefficient
that the data do not define is None, never 0 or 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from miareview.stats.agreement.intervals import Interval, alpha, alpha_interval, alpha_intervals
from miareview.stats.agreement.totals import LEVELS, Level, coded, mask_pairs, snap
from miareview.stats.numeric.resample import Floats
from miareview.stats.numeric.student import t_cdf

__all__ = [
    "LEVELS",
    "AltTest",
    "BlandAltman",
    "Interval",
    "Level",
    "alpha",
    "alpha_interval",
    "alpha_intervals",
    "alternative_annotator",
    "bland_altman",
    "concordance",
    "gwet_ac",
    "icc",
    "joint",
    "kappa",
]

Weights = Literal["none", "linear", "quadratic"] | npt.NDArray[np.float64]


def _paired(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Floats, Floats]:
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"Two raters need two lists of one length, not shapes {first.shape} and {second.shape}.")
    both = mask_pairs(first, second)
    return first[both], second[both]


@dataclass(frozen=True, slots=True)
class Joint:
    """The share of each pair of values (values, values) in two lists that belong together, and the values."""

    shares: Floats
    domain: Floats

    def kappa(self, weights: Weights = "none") -> float | None:
        """See `kappa`."""
        disagreement = self._disagreement(weights)
        expected = float((disagreement * np.outer(self.shares.sum(axis=1), self.shares.sum(axis=0))).sum())
        if expected <= 1e-12:
            return None
        return float(1.0 - (disagreement * self.shares).sum() / expected)

    def gwet(self, weights: Weights = "none") -> float | None:
        """See `gwet_ac`."""
        agreement, size = 1.0 - self._disagreement(weights), self.domain.size
        if size < 2 or self.shares.sum() == 0:
            return None
        share = (self.shares.sum(axis=0) + self.shares.sum(axis=1)) / 2.0
        chance = float(agreement.sum() * (share * (1.0 - share)).sum() / (size * (size - 1)))
        if chance >= 1.0 - 1e-12:
            return None
        return float(((agreement * self.shares).sum() - chance) / (1.0 - chance))

    def _disagreement(self, weights: Weights) -> Floats:
        """Disagreement weights in 0..1 (values, values)."""
        size = self.domain.size
        if not isinstance(weights, str):
            given = np.asarray(weights, dtype=np.float64)
            if given.shape != self.shares.shape:
                raise ValueError(f"The weights must be a table of {size} by {size}, as there are {size} categories.")
            return given
        if weights not in ("none", "linear", "quadratic"):
            raise ValueError(f"Unknown weights {weights!r}: choose none, linear or quadratic.")
        apart = np.abs(self.domain[:, None] - self.domain[None, :])
        apart = apart / (apart.max(initial=0.0) or 1.0)
        return {"none": (apart > 0).astype(np.float64), "linear": apart, "quadratic": apart**2}[weights]


def joint(a: npt.ArrayLike, b: npt.ArrayLike, categories: npt.ArrayLike | None = None) -> Joint:
    """Count the pairs of values; `categories` holds all possible ones (None: those seen)."""
    both = np.vstack(_paired(a, b))
    seen, places = coded(snap(both))
    domain = seen if categories is None else coded(snap(np.asarray(categories, dtype=np.float64)))[0]
    if not np.isin(seen, domain).all():
        raise ValueError("There are ratings outside the given categories.")
    size = domain.size
    first, second = np.searchsorted(domain, seen)[places]
    shares = np.bincount(first * size + second, minlength=size * size).reshape(size, size) / max(first.size, 1)
    return Joint(shares, domain)


def kappa(
    a: npt.ArrayLike, b: npt.ArrayLike, weights: Weights = "none", categories: npt.ArrayLike | None = None
) -> float | None:
    """Cohen's kappa, or weighted kappa (Cohen 1968): 1 - sum w p_ij / sum w p_i. p_.j.

    Linear and quadratic weights go by the distance of the values, which for evenly spaced categories is the usual
    distance of their ranks. `weights` may be a table of disagreement weights. None where chance leaves no
    disagreement to expect (both raters give one and the same value) or no pair is complete.
    """
    return joint(a, b, categories).kappa(weights)


def gwet_ac(
    a: npt.ArrayLike, b: npt.ArrayLike, weights: Weights = "none", categories: npt.ArrayLike | None = None
) -> float | None:
    """Gwet's AC1, or AC2 with weights (Gwet 2008, 2014).

    With pi the mean share of each of q values, pe = T sum pi (1 - pi) / (q (q - 1)) where T is the sum of the
    agreement weights. `categories` must hold all possible values: q counts what could have been given, not what was.
    None where fewer than two values are possible or no pair is complete.
    """
    return joint(a, b, categories).gwet(weights)


def concordance(x: npt.ArrayLike, y: npt.ArrayLike) -> float | None:
    """Lin's concordance correlation, 2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), moments divided by n (Lin 1989).

    None where both are one and the same constant, or no pair is complete.
    """
    first, second = _paired(x, y)
    if not first.size:
        return None
    scale = float(first.var() + second.var() + (first.mean() - second.mean()) ** 2)
    if scale <= 1e-18:
        return None
    return float(2.0 * ((first - first.mean()) * (second - second.mean())).mean() / scale)


def icc(ratings: npt.ArrayLike, kind: str = "ICC(2,1)") -> float | None:
    """Intraclass correlation of a complete table (raters, units), after Shrout & Fleiss 1979.

    `kind` is "ICC(m,1)" or "ICC(m,k)" with m = 1 (one-way), 2 (absolute agreement) or 3 (consistency). None where
    there are fewer than two units or nothing varies. Raises ValueError on missing ratings.
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 2:
        raise ValueError("An intraclass correlation needs a table of at least two raters by units.")
    if not np.isfinite(table).all():
        raise ValueError("An intraclass correlation needs every rater's rating of every unit.")
    raters, units = table.shape
    named = re.fullmatch(rf"ICC\(([123]),(1|k|{raters})\)", kind.replace(" ", ""))
    if named is None:
        raise ValueError(f"Unknown kind {kind!r}: write ICC(1,1), ICC(2,1), ICC(3,1), ICC(1,k), ICC(2,k) or ICC(3,k).")
    if units < 2:
        return None
    form, mean_of = named[1], 1 if named[2] == "1" else raters
    grand = table.mean()
    by_unit = raters * ((table.mean(axis=0) - grand) ** 2).sum()
    by_rater = units * ((table.mean(axis=1) - grand) ** 2).sum()
    total = ((table - grand) ** 2).sum()
    between = by_unit / (units - 1)
    judges = by_rater / (raters - 1)
    error = max(total - by_unit - by_rater, 0.0) / ((units - 1) * (raters - 1))
    within = (total - by_unit) / (units * (raters - 1))
    noise = within if form == "1" else error
    spread = raters * (judges - error) / units if form == "2" else 0.0
    scale = between + (raters - 1) * noise + spread if mean_of == 1 else between + spread / raters
    if scale <= 1e-18:
        return None
    return float((between - noise) / scale)


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Mean of x - y, its standard deviation, the 95% limits of agreement, and the slope of x - y on their mean.

    All but `bias` are None below two pairs; `slope` also where the means do not vary.
    """

    bias: float | None
    sd: float | None
    low: float | None
    high: float | None
    slope: float | None


def bland_altman(x: npt.ArrayLike, y: npt.ArrayLike) -> BlandAltman:
    """Bland & Altman 1986: bias and 95% limits, bias -/+ 1.96 sd (n - 1 form); pairs with a missing value are left."""
    first, second = _paired(x, y)
    if not first.size:
        return BlandAltman(None, None, None, None, None)
    difference, middle = first - second, (first + second) / 2.0
    bias = float(difference.mean())
    if difference.size < 2:
        return BlandAltman(bias, None, None, None, None)
    sd = float(difference.std(ddof=1))
    spread = float(((middle - middle.mean()) ** 2).sum())
    slope = float(((middle - middle.mean()) * difference).sum() / spread) if spread > 1e-18 else None
    return BlandAltman(bias, sd, bias - 1.96 * sd, bias + 1.96 * sd, slope)


@dataclass(frozen=True, slots=True)
class AltTest:
    """`winning_rate` is the share of humans that the judge may replace, `advantage` how often it is as good or better.

    `passed` is winning_rate >= 0.5.
    """

    winning_rate: float
    advantage: float
    passed: bool


def alternative_annotator(
    humans: npt.ArrayLike,
    judge: npt.ArrayLike,
    *,
    epsilon: float = 0.2,
    score: Literal["rmse", "accuracy"] = "rmse",
    level: float = 0.05,
) -> AltTest:
    """The alternative annotator test (Calderon et al. 2025): may the judge stand in for one of the humans?

    `humans` (raters, units) with NaN = missing, at least three; `judge` (units,). Each human in turn is left out: who
    is closer to the others, the judge or that human (both win a tie)? A human is replaceable if the judge's share of
    wins is better than the human's less `epsilon` (0.2 for experts, 0.15 skilled, 0.1 crowd), by a one-sided paired t
    at `level` after Benjamini-Yekutieli.
    """
    table, single = np.asarray(humans, dtype=np.float64), np.asarray(judge, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 3 or single.shape != (table.shape[1],):
        raise ValueError("The test needs ratings of at least three humans (raters, units) and the judge's (units,).")
    chances, wins = [], []
    for left_out in range(table.shape[0]):
        others = np.delete(table, left_out, axis=0)
        usable = ~np.isnan(table[left_out]) & ~np.isnan(single) & (~np.isnan(others)).any(axis=0)
        if usable.sum() < 2:
            raise ValueError(f"Human {left_out + 1} shares fewer than two units with the judge and another human.")
        rest = others[:, usable]
        judged = _closeness(single[usable], rest, score)
        human = _closeness(table[left_out, usable], rest, score)
        judge_wins, human_wins = judged >= human - 1e-12, human >= judged - 1e-12
        shortfall = human_wins.astype(np.float64) - judge_wins
        wins.append(float(judge_wins.mean()))
        sd = float(shortfall.std(ddof=1))
        gap = float(shortfall.mean()) - epsilon
        if sd > 0.0:
            chances.append(t_cdf(gap / (sd / np.sqrt(shortfall.size)), shortfall.size - 1))
        else:
            chances.append(0.0 if gap < 0 else 1.0)
    rate = _benjamini_yekutieli(np.array(chances), level) / len(chances)
    return AltTest(rate, float(np.mean(wins)), rate >= 0.5)


def _closeness(values: Floats, others: Floats, score: str) -> Floats:
    if score == "accuracy":
        closeness = np.where(np.isnan(others), np.nan, snap(others) == snap(values)[None, :])
    elif score == "rmse":
        closeness = -((others - values[None, :]) ** 2)
    else:
        raise ValueError(f"Unknown score {score!r}: choose rmse or accuracy.")
    mean: Floats = np.nanmean(closeness, axis=0)
    return mean if score == "accuracy" else -np.sqrt(-mean)


def _benjamini_yekutieli(chances: Floats, level: float) -> int:
    """How many hypotheses are rejected at a false discovery rate of `level` under any dependence."""
    count = chances.size
    harmonic = float((1.0 / np.arange(1, count + 1)).sum())
    passed = np.flatnonzero(np.sort(chances) <= np.arange(1, count + 1) * level / (count * harmonic))
    return int(passed[-1]) + 1 if passed.size else 0
