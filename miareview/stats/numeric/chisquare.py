"""The chi-square distribution in pure Python, because importing scipy costs a second."""

from __future__ import annotations

import math
from functools import lru_cache


def _lower_gamma(a: float, x: float) -> float:
    """Regularised lower incomplete gamma function P(a, x): its series below a + 1, its continued fraction above.

    Abramowitz & Stegun 6.5.29 and 6.5.31.
    """
    if x <= 0.0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1.0:
        term = total = 1.0 / a
        k = a
        while term > total * 1e-16:
            k += 1.0
            term *= x / k
            total += term
        return front * total
    tiny = 1e-300
    b = x + 1.0 - a
    c, d = 1.0 / tiny, 1.0 / b
    result = d
    for i in range(1, 10_000):
        step = -i * (i - a)
        b += 2.0
        d = step * d + b
        d = 1.0 / (d if abs(d) > tiny else tiny)
        c = b + step / c
        c = c if abs(c) > tiny else tiny
        result *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return 1.0 - front * result


def chi2_cdf(x: float, df: float) -> float:
    """P(X <= x) for chi-square with `df` > 0 degrees of freedom."""
    if not df > 0:
        raise ValueError(f"Degrees of freedom must be positive, not {df}.")
    return _lower_gamma(df / 2.0, x / 2.0)


@lru_cache(maxsize=1024)
def chi2_quantile(p: float, df: float) -> float:
    """The x with P(X <= x) = p, for 0 < p < 1 and `df` > 0, by bisection; accurate to about 1e-10 of its value."""
    if not 0.0 < p < 1.0:
        raise ValueError(f"A probability must lie strictly between 0 and 1, not {p}.")
    low, high = 0.0, max(1.0, df)
    while chi2_cdf(high, df) < p:
        low, high = high, 2.0 * high
    while high - low > 1e-12 * high:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if chi2_cdf(middle, df) < p:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
