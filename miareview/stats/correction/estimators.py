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
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from miareview.stats.correction.estimate import (
    COMPONENT_GUARD,
    GUARD,
    Bounds,
    CannotEstimate,
    Estimate,
    Method,
    Target,
    Units,
    check_target,
    finish,
    guard_rows,
    guarded,
    limits,
    read_units,
    slope_error,
    weight_of_judge,
)
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import Bools, Floats, Ints, cluster_sums, encode

__all__ = [
    "FLAGGED_ITEMS",
    "REFUSED_ITEMS",
    "CannotEstimate",
    "Estimate",
    "corrected_difference",
    "corrected_domain",
    "corrected_mean",
]

Open = tuple[Floats, Floats]  # least and most of units in the sample whose human score is open
REFUSED_ITEMS, FLAGGED_ITEMS = 5, 15  # items of a category: refused below the first, flagged below the second


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
    possible = limits(units, bounds, target)
    base = lam * float(units.judge.mean())
    span, count = _open_span(units, residuals, lam * units.judge, open_, lambda mean: base + mean)
    if count:
        flags = (Flag("gap", count, units.n + count), *flags)
    return finish(value, variance, df, units, lam, used, target, confidence, possible, flags, span, count)


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
    return replace(found, flags=tuple(flags))


def _filled(judge: npt.ArrayLike) -> tuple[Floats, Bools]:
    values = np.array(judge, dtype=np.float64)
    missing = np.isnan(values)
    if missing.all():
        raise CannotEstimate(
            "The judge has no value for any unit, so there is nothing to correct.", Flag("judge_empty")
        )
    values[missing] = values[~missing].mean()
    return values, missing


def corrected_domain(
    judge: npt.ArrayLike,
    human: npt.ArrayLike,
    item: npt.ArrayLike,
    *,
    guard: float = COMPONENT_GUARD,
    confidence: float = 0.95,
    bounds: Bounds = (0.0, 1.0),
    minimum_items: int = REFUSED_ITEMS,
    open_: Open | None = None,
) -> Estimate:
    """Mean human score of the components of a domain (a category), where whole items were drawn at random.

    est = mean(f) + mean(y - f) over the domain; SE^2 = (1 - n_i/N_i) n_i/(n_i - 1) sum z_i^2 / n_c^2, where z_i sums
    the centred differences of item i, n_i of N_i items with such components were reviewed and n_c are the components
    reviewed; t on n_i - 1. Refused below `minimum_items` reviewed items, flagged
    below 15: the interval is then too short as often as it is absurdly wide.
    """
    items = np.asarray(item)
    everything = np.asarray(judge, dtype=np.float64)
    if not everything.shape == np.shape(human) == items.shape:
        raise ValueError("Judge, human and item must be lists of one length.")
    units = read_units(everything, human, bounds, minimum=1)
    codes, all_items = encode(items)
    reviewed_codes: Ints = codes[units.reviewed]
    labels, drawn = encode(reviewed_codes)
    if drawn < max(minimum_items, 2) and drawn < all_items:
        raise CannotEstimate(
            f"Only {drawn} of the {all_items} items concerned were reviewed; below {max(minimum_items, 2)} there is"
            " no honest interval.",
            Flag("few_items", drawn, all_items, max(minimum_items, 2)),
        )
    residuals = (units.human - units.judge)[units.reviewed]
    value = float(units.judge.mean()) + float(residuals.mean())
    z = cluster_sums((residuals - residuals.mean())[:, None], labels, drawn)[:, 0]
    extra = guard_rows(_item_means(residuals, labels)) if guard > 0 else 0.0
    scatter = float((z**2).sum()) + extra * guard**2
    variance = (1.0 - drawn / all_items) * drawn / max(drawn - 1 + extra, 1.0) * scatter / residuals.size**2
    flags = (Flag("few", drawn, all_items),) if drawn < min(FLAGGED_ITEMS, all_items) else ()
    possible = limits(units, bounds, "benchmark")
    base = float(units.judge.mean())
    span, count = _open_span(units, residuals, units.judge, open_, lambda mean: base + mean)
    if count:
        flags = (Flag("gap", count, residuals.size + count), *flags)
    df = max(drawn - 1, 1)
    method = "domain difference"
    return finish(value, variance, df, units, 1.0, method, "benchmark", confidence, possible, flags, span, count)


def _item_means(residuals: Floats, item: Ints) -> Floats:
    """Mean residual of each item (items,)."""
    means: Floats = np.bincount(item, weights=residuals) / np.bincount(item)
    return means
