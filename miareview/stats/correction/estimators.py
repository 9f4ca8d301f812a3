"""Corrected scores: what full human review would have given, estimated from a judge on all units and people on some.

The judge is used as a predictor, and the mean of the human-judge difference on units reviewed at random removes its
bias (difference and regression estimators of survey sampling; prediction-powered inference, Angelopoulos et al. 2023,
in its finite-population form). Replacing the judge by the human on the reviewed units does not: it keeps 1 - n/N of
the bias.

`judge` and `human` are arrays of one length, one value a unit; human is NaN where the unit was not reviewed at random.
A missing judge value (its reply could not be read) is replaced by the mean of the judge's values and flagged: any
predictor that does not look at the reviews keeps the estimator unbiased, a poor one only widens the interval.

A wrong shape or argument raises ValueError. Where an estimate would be untrue, `CannotEstimate` is raised, with a
sentence for people; it is both a RefusedError and a ValueError.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from miareview.stats.correction.estimate import (
    GUARD,
    Bounds,
    Estimate,
    Method,
    Open,
    Target,
    Units,
    check_target,
    finish,
    guard_rows,
    guarded,
    judge_empty,
    limits,
    read_units,
    slope_error,
    weight_of_judge,
)
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import Bools, Floats

__all__ = ["corrected_difference", "corrected_mean"]


def corrected_mean(
    judge: npt.ArrayLike,
    human: npt.ArrayLike,
    *,
    method: Method = "auto",
    guard: float = GUARD,
    target: Target = "benchmark",
    confidence: float = 0.95,
    bounds: Bounds = (0.0, 1.0),
    open_: Open | None = None,
) -> Estimate:
    """Mean human score of N units, n of them reviewed as a simple random sample.

    est = lam * mean_N(f) + mean_n(y - lam f), SE^2 = ((1 - n/N) / n + `slope_error`) s_e^2, with t and s_e^2 on n - 1
    ("difference", lam = 1) or n - 2 ("regression", lam = cov(y, f) / var(f) within 0..1) degrees of freedom; "auto" is
    regression from 30 reviews. `target` "superpopulation" adds s_y^2 / N. `guard` is the pseudo-residual (0 turns it
    off; `guard_rows` says how many there are); `bounds` are those of one score (None: any range). `open_` are (least,
    most), two arrays (N,): what a unit of the sample may have where its human score is not known, NaN elsewhere; the
    interval holds for all of that, which costs k / (2n) on either side for k such units. Needs 2 reviews, 3 for
    regression.
    Source: Cochran 1977, ch. 7; for open units Horowitz & Manski 2000.
    """
    check_target(target)
    units = read_units(judge, human, bounds)
    seen, predicted = units.human[units.reviewed], units.judge[units.reviewed]
    used, lam, flags = weight_of_judge(method, seen, predicted)
    residuals = seen - lam * predicted
    value = lam * float(units.judge.mean()) + float(residuals.mean())
    fitted = 2 if used == "regression" else 1
    spread = guarded(residuals, guard, guard_rows(seen - predicted), fitted)
    known = slope_error(float(units.judge.mean()), predicted) if fitted == 2 else 0.0
    variance = ((1.0 - units.n / units.total) / units.n + known) * spread
    if target == "superpopulation":
        variance += float(seen.var(ddof=1)) / units.total
    df = units.n - fitted
    possible = limits(units.noted, bounds, target)
    base = lam * float(units.judge.mean())
    span, count = _open_span(units, residuals, lam * units.judge, open_, lambda mean: base + mean)
    if count:
        flags = (Flag("gap", count, units.n + count), *flags)
    return finish(value, variance, df, units.noted, lam, used, target, confidence, possible, flags, span, count)


def _open_span(
    units: Units, residuals: Floats, predicted: Floats, open_: Open | None, estimate: Callable[[float], float]
) -> tuple[tuple[float, float] | None, int]:
    """The estimate with the sample's open units at their least and their most, and how many units those are."""
    if open_ is None:
        return None, 0
    least, most = (np.asarray(ends, dtype=np.float64) for ends in open_)
    waiting = ~units.reviewed & ~np.isnan(least)
    count = int(waiting.sum())
    if not count:
        return None, 0
    known, size = float(residuals.sum()), residuals.size + count
    low, high = (estimate((known + float((ends - predicted)[waiting].sum())) / size) for ends in (least, most))
    return (low, high), count


def corrected_difference(
    judge_a: npt.ArrayLike,
    human_a: npt.ArrayLike,
    judge_b: npt.ArrayLike,
    human_b: npt.ArrayLike,
    *,
    method: Method = "auto",
    guard: float = GUARD,
    target: Target = "benchmark",
    confidence: float = 0.95,
    bounds: Bounds = (0.0, 1.0),
) -> Estimate:
    """Difference a - b of two models on the same units, paired: `corrected_mean` of the unit differences.

    Units reviewed for one model only are treated as not reviewed, and counted in a flag.
    """
    first, second = np.asarray(human_a, dtype=np.float64), np.asarray(human_b, dtype=np.float64)
    filled_a, filled_b = _filled(judge_a), _filled(judge_b)
    if len({first.shape, second.shape, filled_a[0].shape, filled_b[0].shape}) > 1:
        raise ValueError("The four lists of a paired difference must have one length.")
    spread = None if bounds is None else (bounds[0] - bounds[1], bounds[1] - bounds[0])
    found = corrected_mean(
        filled_a[0] - filled_b[0], first - second, method=method, guard=guard, target=target, confidence=confidence,
        bounds=spread,
    )  # fmt: skip
    flags = list(found.flags)
    missing = filled_a[1] | filled_b[1]
    if missing.any():
        flags.append(Flag("judge_missing", int(missing.sum()), missing.size))
    alone = int((np.isnan(first) != np.isnan(second)).sum())
    if alone:
        flags.append(Flag("one_sided", alone))
    return found._replace(flags=tuple(flags))


def _filled(judge: npt.ArrayLike) -> tuple[Floats, Bools]:
    values = np.array(judge, dtype=np.float64)
    missing = np.isnan(values)
    if missing.all():
        raise judge_empty()
    values[missing] = values[~missing].mean()
    return values, missing
