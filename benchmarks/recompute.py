"""The statistics once more, from their published formulas, with numpy alone: what `bench_recompute.py` compares with.

Written from docs/statistics.md, not from the code; nothing of the package is imported. Loops where the package has
matrix products, so that both cannot err in the same way.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
nan = float("nan")


def t_cdf(t: float, df: float) -> float:
    """Student's t by Simpson's rule on x = tan(u), 40,000 steps."""
    u = np.linspace(0.0, math.atan(abs(t) / math.sqrt(df)), 40_001)
    density = np.cos(u) ** (df - 1)
    step = u[1] - u[0]
    area = step / 3 * (density[0] + density[-1] + 4 * density[1:-1:2].sum() + 2 * density[2:-1:2].sum())
    half = area * math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(math.pi)
    return 0.5 + math.copysign(half, t)


def t_margin(confidence: float, df: float) -> float:
    """Two-sided quantile by bisection."""
    low, high = 0.0, 1.0
    while t_cdf(high, df) < 0.5 + confidence / 2:
        high *= 2
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, df) < 0.5 + confidence / 2 else (low, middle)
    return (low + high) / 2


def normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_quantile(p: float) -> float:
    low, high = -12.0, 12.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_cdf(middle) < p else (low, middle)
    return (low + high) / 2


def guard(differences: list[float]) -> float:
    """Pseudo-residuals for k disagreements: 3.2 for none, 2 up to five, 2 (5 / k)^3 from there."""
    rounded = [round(value, 7) + 0.0 for value in differences]
    k = len(rounded) - max(rounded.count(value) for value in set(rounded))
    return 3.2 if k == 0 else 2.0 * min(1.0, 5 / k) ** 3


def corrected(
    judge: Floats, human: Floats, least: Floats, most: Floats, bounds: tuple[float, float] = (0.0, 1.0)
) -> dict[str, float]:
    """The corrected mean of N units: judge (N,), human (N,) with NaN unknown, least and most where in the sample."""
    total = judge.size
    known = [i for i in range(total) if not math.isnan(human[i])]
    waiting = [i for i in range(total) if math.isnan(human[i]) and not math.isnan(least[i])]
    n = len(known)
    y, f = human[known], judge[known]
    lam, fitted, off = 1.0, 1, 0.0
    if n >= 30:
        fitted = 2
        spread = ((f - f.mean()) ** 2).sum()
        lam = 0.0 if spread < 1e-18 else min(max(((y - y.mean()) * (f - f.mean())).sum() / spread, 0.0), 1.0)
        off = 0.0 if spread < 1e-18 else (judge.mean() - f.mean()) ** 2 / spread
    e = y - lam * f
    rows = guard(list(y - f))
    variance = (((e - e.mean()) ** 2).sum() + rows * 0.36) / (n - fitted + rows)
    se = math.sqrt(((1 - n / total) / n + off) * variance)
    value = lam * judge.mean() + e.mean()
    ends = [
        lam * judge.mean() + (e.sum() + sum(end[i] - lam * judge[i] for i in waiting)) / (n + len(waiting))
        for end in (least, most)
    ]
    floor, ceiling = ((y.sum() + (total - n) * bound) / total for bound in bounds)
    inside = min(max(value, floor), ceiling)
    margin = t_margin(0.95, n - fitted)
    return {
        "value": inside, "low": min(max(min(ends[0], value) - margin * se, floor), inside),
        "high": max(min(max(ends[1], value) + margin * se, ceiling), inside), "lam": lam, "se": se, "n": n,
        "df": n - fitted, "worst": min(ends[0], value), "best": max(ends[1], value), "floor": floor, "ceiling": ceiling,
    }  # fmt: skip


def looks_margin(single: float, df: float, n: int, total: int) -> float:
    """The margin that holds at every look: normal mixture at time n / (N - n), rho = .03, carried to Student's t."""
    time, outside = n / (total - n), 2 * (1 - t_cdf(single, df))
    boundary = math.sqrt((1 + 0.03 / time) * (math.log(1 + time / 0.03) - 2 * math.log(outside)))
    return max(t_margin(1 - 2 * (1 - normal_cdf(boundary)), df), single)


def joint_covariance(residuals: Floats, totals: Floats, se: Floats) -> Floats:
    """What 2,000 draws of the items estimate: the covariance (models, models) of the corrected scores.

    Drawing n of n items with replacement, a sum of centred residuals has covariance sum c_a c_b.
    """
    n = residuals.shape[1]
    centred = residuals - residuals.mean(axis=1, keepdims=True)
    plain = (1 - n / totals) * (centred**2).sum(axis=1) / (n * (n - 1))
    excess = se**2 - plain
    shrink = np.sqrt((1 - n / totals) / (n * (n - 1))) * np.where(excess < 0, se / np.sqrt(plain), 1.0)
    covariance: Floats = np.outer(shrink, shrink) * (centred @ centred.T) + np.diag(np.maximum(excess, 0) / 2)
    return covariance


def largest_margin(covariance: Floats, replicates: int, rng: np.random.Generator) -> float:
    """The 95 % point of the largest |z| over all pairs, from normal draws with that covariance."""
    drawn = rng.multivariate_normal(np.zeros(len(covariance)), covariance, size=replicates, method="eigh")
    largest = np.zeros(replicates)
    for a in range(len(covariance)):
        for b in range(a):
            sd = math.sqrt(max(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b], 0.0))
            if sd > 1e-9:
                largest = np.maximum(largest, np.abs(drawn[:, a] - drawn[:, b]) / sd)
    return float(np.quantile(largest, 0.95))


def pooled(judge: Floats, values: Floats, covariance: Floats, share: float, df: float) -> Floats:
    """Fay and Herriot's posterior means over the grid of sd(u) from 0 to .15 (models,)."""
    size = judge.size
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(sd, sd)
    common = min(max(correlation[~np.eye(size, dtype=bool)].mean(), -0.5 / (size - 1)), 0.99)
    own = np.mean(sd**2 * (1 - common)) * share / (1 - share)
    pull = size / (size + df + 1)
    target = np.where(np.eye(size, dtype=bool), 1.0, common)
    v = (1 - pull) * covariance + pull * np.outer(sd, sd) * target
    x = np.ones((size, 1)) if size < 5 else np.column_stack([np.ones(size), judge - judge.mean()])
    bias = judge - values
    logs, means = [], []
    for t in np.linspace(0, 0.15, 31):
        w = np.linalg.inv(v + (t**2 + own) * np.eye(size))
        inner = x.T @ w @ x
        beta = np.linalg.solve(inner, x.T @ w @ bias)
        rest = bias - x @ beta
        logs.append(0.5 * (np.linalg.slogdet(w)[1] - np.linalg.slogdet(inner)[1] - rest @ w @ rest))
        means.append(x @ beta + (t**2 + own) * w @ rest)
    chance = np.exp(np.array(logs) - max(logs))
    found: Floats = judge - (chance / chance.sum()) @ np.array(means)
    return found


def alpha(units: list[list[float]]) -> float:
    """Krippendorff's alpha, interval level, of units with two ratings or more (Krippendorff 2011)."""
    values = np.array([value for unit in units for value in unit])
    n = values.size
    observed = sum(sum((x - y) ** 2 for x in unit for y in unit) / (len(unit) - 1) for unit in units) / n
    expected = 2 * (n * (values**2).sum() - values.sum() ** 2) / (n * (n - 1))
    return float(1 - observed / expected)


def alpha_with_ends(units: list[list[float]], items: list[str]) -> tuple[float, float, float]:
    """Alpha and its ends: one item left out at a time, t on Fisher's z."""
    whole, names = alpha(units), sorted(set(items))
    left = [alpha([unit for unit, item in zip(units, items, strict=True) if item != name]) for name in names]
    z = np.arctanh(np.array(left))
    half = t_margin(0.95, len(names) - 1) * jackknife(z)
    return whole, float(np.tanh(np.arctanh(whole) - half)), float(np.tanh(np.arctanh(whole) + half))


def jackknife(values: Floats) -> float:
    g = values.size
    return float(np.sqrt((g - 1) / g * ((values - values.mean()) ** 2).sum()))


def mean_with_ends(values: list[float], items: list[str]) -> tuple[float, float, float]:
    """A mean and its ends: one item left out at a time, t."""
    array, names = np.array(values), sorted(set(items))
    of = np.array(items)
    left = np.array([array[of != name].mean() for name in names])
    half = t_margin(0.95, len(names) - 1) * jackknife(left)
    return float(array.mean()), float(array.mean() - half), float(array.mean() + half)


def second_rate(strata: list[tuple[list[float], list[float], list[float], int, int]]) -> tuple[float, float, float]:
    """A share of components and its ends (Hájek; MOVER of Wilson's): hits, of, chances, responses, components each."""
    total, value, below, above, z = sum(s[4] for s in strata), 0.0, 0.0, 0.0, normal_quantile(0.975)
    for hits, of, chances, responses, components in strata:
        if not components:
            continue
        weights = [1 / chance for chance in chances]
        share = components / total
        rate = sum(w * y for w, y in zip(weights, hits, strict=True)) / sum(
            w * x for w, x in zip(weights, of, strict=True)
        )
        value += share * rate
        if len(hits) == responses:
            continue
        parts, m = sum(of), len(hits)
        plain = rate * (1 - rate) / parts
        worth = parts
        if plain > 0:
            variance = m / (m - 1) * sum((y - rate * x) ** 2 for y, x in zip(hits, of, strict=True)) / parts**2
            worth = parts / max(variance / plain, 1.0)
        worth /= 1 - m / responses
        middle = (rate + z**2 / (2 * worth)) / (1 + z**2 / worth)
        margin = z / (1 + z**2 / worth) * math.sqrt(rate * (1 - rate) / worth + z**2 / (4 * worth**2))
        below += (share * (rate - max(middle - margin, 0))) ** 2
        above += (share * (min(middle + margin, 1) - rate)) ** 2
    return value, max(value - math.sqrt(below), 0.0), min(value + math.sqrt(above), 1.0)
