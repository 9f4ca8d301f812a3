"""Corrected scores of parts of a benchmark (categories, difficulties), where whole items were drawn at random."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from miareview.stats.correction.estimate import (
    COMPONENT_GUARD,
    Bounds,
    CannotEstimate,
    Estimate,
    Noted,
    Open,
    check_scores,
    finish,
    guard_weight,
    judge_empty,
    large_from,
    limits,
    too_few,
)
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import Floats, Ints, encode
from miareview.stats.numeric.ties import most_common

REFUSED_ITEMS, FLAGGED_ITEMS = 5, 15  # items of a domain: refused below the first, flagged below the second


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
    (found,) = corrected_domains(
        judge, human, item, np.zeros(np.shape(judge), dtype=np.int64), 1, guard=guard, confidence=confidence,
        bounds=bounds, minimum_items=minimum_items, open_=open_,
    )  # fmt: skip
    if isinstance(found, CannotEstimate):
        raise found
    return found


def corrected_domains(
    judge: npt.ArrayLike,
    human: npt.ArrayLike,
    item: npt.ArrayLike,
    domain: Ints,
    count: int,
    *,
    guard: float = COMPONENT_GUARD,
    confidence: float = 0.95,
    bounds: Bounds = (0.0, 1.0),
    minimum_items: int = REFUSED_ITEMS,
    open_: Open | None = None,
) -> list[Estimate | CannotEstimate]:
    """`corrected_domain` of the domains 0 to `count` - 1 at once; `domain` (units,) says which one a unit is in.

    Where a domain cannot be estimated, the list has the error that would have been raised.
    """
    f, y, of = np.asarray(judge, dtype=np.float64), np.asarray(human, dtype=np.float64), domain
    items = np.asarray(item)
    if f.ndim != 1 or not f.shape == y.shape == items.shape == of.shape:
        raise ValueError("Judge, human and item must be lists of one length.")
    check_scores(f, y, bounds)
    codes, width = encode(items) if items.size else (np.empty(0, dtype=np.int64), 0)
    seen, missing = ~np.isnan(y), np.isnan(f)

    def per_domain(units: npt.NDArray[np.bool_], values: Floats | None = None) -> Floats:
        """How many of these units each domain has, or the sums of their values (domains,)."""
        return np.bincount(of[units], None if values is None else values[units], count).astype(np.float64)

    everywhere = np.ones(f.size, dtype=bool)
    total, n, lacking = per_domain(everywhere), per_domain(seen), per_domain(missing)
    mean = per_domain(~missing, f) / np.maximum(total - lacking, 1.0)
    f = np.where(missing, mean[of], f)
    residual = y - f
    apart, both = np.abs(residual), seen & ~missing
    disagreements, large = per_domain(both & (apart > 1e-9)), per_domain(both & (apart >= large_from(bounds)))
    shift = per_domain(seen, residual) / np.maximum(n, 1.0)

    cell, grid = of * width + codes, (count, width)  # a domain's part of an item
    items_in = (np.bincount(cell, minlength=count * width).reshape(grid) > 0).sum(axis=1)
    reviewed = np.bincount(cell[seen], minlength=count * width).reshape(grid)
    drawn = (reviewed > 0).sum(axis=1)
    sums = np.bincount(cell[seen], residual[seen], count * width).reshape(grid)
    z = np.bincount(cell[seen], (residual - shift[of])[seen], count * width).reshape(grid)
    means = np.where(reviewed > 0, sums / np.maximum(reviewed, 1), np.nan)
    extra = guard_weight(drawn - most_common(means)) if guard > 0 else np.zeros(count)
    scatter = (z**2).sum(axis=1) + extra * guard**2
    left = 1.0 - drawn / np.maximum(items_in, 1)
    variance = left * drawn / np.maximum(drawn - 1 + extra, 1.0) * scatter / np.maximum(n, 1.0) ** 2

    spans = [np.zeros(count)] * 3
    if open_ is not None:
        waiting = ~seen & ~np.isnan(open_[0])
        known, size = per_domain(seen, residual), n + per_domain(waiting)
        low, high = (mean + (known + per_domain(waiting, ends - f)) / np.maximum(size, 1.0) for ends in open_)
        spans = [low, high, size - n]
    columns = zip(
        mean + shift, variance, drawn, items_in, n, total, per_domain(seen, y), disagreements, large, lacking, *spans,
        strict=True,
    )  # fmt: skip
    return [
        _estimate(*(float(value) for value in column), minimum=minimum_items, confidence=confidence, bounds=bounds)
        for column in columns
    ]


def _estimate(
    value: float,
    variance: float,
    drawn: float,
    items: float,
    n: float,
    total: float,
    human: float,
    disagreements: float,
    large: float,
    missing: float,
    low: float,
    high: float,
    waiting: float,
    *,
    minimum: int,
    confidence: float,
    bounds: Bounds,
) -> Estimate | CannotEstimate:
    """One domain's estimate from its sums and counts."""
    noted = Noted(int(n), int(total), human, int(disagreements), int(large), int(missing))
    least = max(minimum, 2)
    if n < 1:
        return too_few(noted.n, 1)
    if missing == total:
        return judge_empty()
    if drawn < least and drawn < items:
        return CannotEstimate(
            f"Only {drawn:.0f} of the {items:.0f} items concerned were reviewed; below {least} there is no honest"
            " interval.",
            Flag("few_items", int(drawn), int(items), least),
        )
    flags = (Flag("few", int(drawn), int(items)),) if drawn < min(FLAGGED_ITEMS, items) else ()
    if waiting:
        flags = (Flag("gap", int(waiting), int(n + waiting)), *flags)
    return finish(
        value, variance, max(int(drawn) - 1, 1), noted, 1.0, "domain difference", "benchmark", confidence,
        limits(noted, bounds, "benchmark"), flags, (low, high) if waiting else None, int(waiting),
    )  # fmt: skip
