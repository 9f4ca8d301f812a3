"""How many reviews are needed, and where to spend them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from miareview.stats.numeric.chisquare import chi2_quantile

ASSURANCE = 0.8
NEARLY_ALL = 0.95
SOUND = 30  # reviews from which a spread is worth planning on; below it is a rough guess
ASSUMED_SDS = (0.05, 0.08, 0.10, 0.12, 0.15, 0.20)  # of human - judge, item scores: a careful judge to a poor one


def reviews_needed(residual_sd: float, half_width: float, total: int, confidence: float = 0.95) -> int:
    """Reviews for an interval of +/- `half_width` on the mean of `total` units (Cochran 1977, section 4.4).

    n0 = (z S / h)^2 with S the standard deviation of human - judge; n = n0 / (1 + n0 / N), rounded up. Raises
    ValueError on a negative spread, a half-width that is not positive, or no units.
    """
    if residual_sd < 0 or not half_width > 0 or total < 1 or not 0 < confidence < 1:
        raise ValueError("Planning needs a spread of 0 or more, a half-width above 0, units, and a confidence in 0..1.")
    unlimited = (NormalDist().inv_cdf(0.5 + 0.5 * confidence) * residual_sd / half_width) ** 2
    return min(total, math.ceil(unlimited / (1.0 + unlimited / total) - 1e-9))


def more_to_settle(
    difference: float, low: float, high: float, low_any: float, high_any: float, n: int, total: int
) -> int | None:
    """How many more of `total` items settle a pair with 80 % assurance, after `n`; None where nearly all would.

    `low`, `high` are the ends at this look, `low_any`, `high_any` those that hold however often one looks. The true
    difference is not known: it may be nearer to zero by its own error, so that the planned one is drawn in until the
    interval to come misses zero in 80 % of cases, over what the estimate says now and over the sample to come. The
    error of the difference now is e, that of the sample to come e', and the look that settles needs
    |d'| > k e', k = (high_any - low_any) / (high - low) * z; d' given today's d is normal around d with
    variance e^2 - e'^2 (a finite population: the new sample holds the old one), and e' itself is known to 1 part in
    sqrt(n - 1) or so (heavy tails: a kurtosis of 3 would give sqrt(2 (n - 1))). So
    |d| - z_.8 sqrt(e^2 - e'^2 + (k e')^2 / (n - 1)) > k e'.
    """
    half, half_any = (high - low) / 2.0, (high_any - low_any) / 2.0
    if not 2 <= n < total or half <= 0:
        return None
    z, assured = NormalDist().inv_cdf(0.975), NormalDist().inv_cdf(ASSURANCE)
    margin = z * half_any / half
    unit = half / z / math.sqrt((1.0 - n / total) / n)  # the spread of one item
    for size in range(n + 1, total):
        error = unit * math.sqrt((1.0 - size / total) / size)
        now = unit * math.sqrt((1.0 - n / total) / n)
        doubt = math.sqrt(max(now**2 - error**2, 0.0) + (margin * error) ** 2 / (n - 1))
        if abs(difference) - assured * doubt > margin * error:
            return size - n if size < NEARLY_ALL * total else None
    return None


def upper_sd(sd: float, n: int, chance: float = 0.8) -> float:
    """The spread that the true one stays below with that chance, given the spread of `n` values.

    sd * sqrt((n - 1) / chi2), with chi2 the (1 - chance) quantile on n - 1 degrees of freedom; exact for normal
    values. 1.14 sd for 30 values. Raises ValueError below 2 values.
    """
    if n < 2 or sd < 0 or not 0 < chance < 1:
        raise ValueError("An upper bound needs a spread of 0 or more from at least 2 values, and a chance in 0..1.")
    return sd * math.sqrt((n - 1) / chi2_quantile(1.0 - chance, n - 1))


@dataclass(frozen=True, slots=True)
class Spread:
    """What a plan rests on: the spread of `n` reviewed units, its upper 80 % bound, and how far to trust it.

    "pilot" from 30 units on, "rough" below, "none" below 2 (then both numbers are None).
    """

    n: int
    sd: float | None
    upper: float | None
    basis: Literal["pilot", "rough", "none"]


def spread_of(sd: float | None, n: int) -> Spread:
    """The spread to plan on from a standard deviation of `n` units (None where there is none)."""
    if sd is None or n < 2:
        return Spread(n, None, None, "none")
    return Spread(n, sd, upper_sd(sd, n), "pilot" if n >= SOUND else "rough")
