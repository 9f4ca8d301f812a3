"""A bound that holds however often somebody looks, for the mean of a finite population reviewed in random order."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

from miareview.stats.numeric.student import t_cdf, t_margin

RHO = 0.03  # where the bound is tightest: about a tenth to a half of the units reviewed


@lru_cache(maxsize=4096)
def looks_margin(single: float, df: float, n: int, total: int) -> float:
    """Standard errors on either side of an estimate from n of `total` units that hold at every n at once.

    `single` is the margin (of Student's t, `df` degrees) that one look would need; how many numbers are compared at
    once is in it. Drawn without replacement, the error of the mean in its own units is a Brownian bridge in n / N, and
    in time t = n / (N - n) a Brownian motion W. P(some t has |W(t)| > sqrt((t + rho)(ln(1 + t / rho) - 2 ln alpha))) is
    at most alpha (normal mixture: Robbins 1970; Howard et al. 2021), with alpha what `single` leaves outside. That
    boundary is carried to Student's t at the same tail, as the spread is estimated. At n = N it is 0: all is known.
    Raises ValueError unless 0 < n <= total.
    """
    if not 0 < n <= total:
        raise ValueError(f"{n} of {total} units cannot have been reviewed.")
    if n == total:
        return 0.0
    time = n / (total - n)
    outside = max(2.0 * (1.0 - t_cdf(single, df)), 1e-12)
    boundary = math.sqrt((1.0 + RHO / time) * (math.log1p(time / RHO) - 2.0 * math.log(outside)))
    tail = 2.0 * NormalDist().cdf(-boundary)
    return max(t_margin(1.0 - max(tail, 1e-14), df), single)
