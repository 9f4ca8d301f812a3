"""How many reviews are needed, and where to spend them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist


def reviews_needed(residual_sd: float, half_width: float, total: int, confidence: float = 0.95) -> int:
    """Reviews for an interval of +/- `half_width` on the mean of `total` units (Cochran 1977, section 4.4).

    n0 = (z S / h)^2 with S the standard deviation of human - judge; n = n0 / (1 + n0 / N), rounded up. Raises
    ValueError on a negative spread, a half-width that is not positive, or no units.
    """
    if residual_sd < 0 or not half_width > 0 or total < 1 or not 0 < confidence < 1:
        raise ValueError("Planning needs a spread of 0 or more, a half-width above 0, units, and a confidence in 0..1.")
    unlimited = (NormalDist().inv_cdf(0.5 + 0.5 * confidence) * residual_sd / half_width) ** 2
    return min(total, math.ceil(unlimited / (1.0 + unlimited / total) - 1e-9))


def neyman_allocation(n: int, stratum_sizes: Sequence[int], stratum_sds: Sequence[float]) -> list[int]:
    """Share n reviews among strata in proportion to N_h S_h (Neyman 1934), whole numbers that sum to n.

    Largest remainders get the rounding; no stratum gets more than it has, and what that frees goes to the others.
    Where all spreads are 0 the sizes alone decide. Raises ValueError where n exceeds the units or the lists differ.
    """
    sizes, sds = list(stratum_sizes), list(stratum_sds)
    if len(sizes) != len(sds) or any(size < 0 for size in sizes) or any(sd < 0 for sd in sds):
        raise ValueError("Every stratum needs a size and a spread, neither negative.")
    if not 0 <= n <= sum(sizes):
        raise ValueError(f"{n} reviews do not fit into {sum(sizes)} units.")
    given = [0] * len(sizes)
    while (left := n - sum(given)) > 0:
        open_strata = [h for h in range(len(sizes)) if given[h] < sizes[h]]
        wants = [sizes[h] * sds[h] for h in open_strata]
        if sum(wants) <= 0:
            wants = [float(sizes[h]) for h in open_strata]
        exact = [left * want / sum(wants) for want in wants]
        shares = [math.floor(value) for value in exact]
        by_remainder = sorted(range(len(exact)), key=lambda k: (shares[k] - exact[k], k))
        for k in by_remainder[: left - sum(shares)]:
            shares[k] += 1
        for h, share in zip(open_strata, shares, strict=True):
            given[h] = min(sizes[h], given[h] + share)
    return given
