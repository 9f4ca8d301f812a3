"""All pairs of models at once: their corrected differences, and three intervals for each.

`single` holds for one pair at one look. `all` holds for all pairs together at one look: the same standard errors times
the 95 % point of the largest |t| over all pairs, found from joint replicates (max-|t|; Romano & Wolf 2005). It decides
which pairs are turned round and which ranks are possible (Mogstad, Romano, Shaikh & Wilhelm 2024). `any` holds for all
pairs and however often somebody looks (`looks_margin`); it decides what is settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from miareview.stats.board.ranks import Deviations
from miareview.stats.board.scores import PILOT
from miareview.stats.correction.estimate import GUARD, TUNED_FROM, guard_weight
from miareview.stats.numeric.looks import looks_margin
from miareview.stats.numeric.resample import Bools, Floats, Ints, distinct
from miareview.stats.numeric.student import t_margin
from miareview.stats.numeric.ties import most_common

_TIE = 1e-9
_AT_ONCE = 1 << 18  # pairs times items in one step: arrays of two megabytes
_MIRROR = {"value": "value", "low": "high", "high": "low", "least": "most", "most": "least"}  # of b - a


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of models by item, each (models, items): judge's and human scores, and what is open.

    `judge` is NaN where an item is not to be compared (not answered), and has no other gaps. `human` is NaN where it is
    not known. `low`, `high` are the least and the most that the human score can be; where an item is outside the random
    sample both are NaN, and where the score is known both are that score. `failed` are answers that count 0 for judge
    and human (None: there are none): an item that both of a pair failed is not compared.
    """

    judge: Floats
    human: Floats
    low: Floats
    high: Floats
    failed: Bools | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """Differences a - b of all models, each array (models, models); NaN where two cannot be compared.

    `low`, `high` are the difference with what is open in the sample at its worst for a, and for b; without gaps both
    are `value`. An interval is low - margin * se to high + margin * se within `least` and `most`. `n` items were
    reviewed for both, `open` are in both samples without a score, `total` answered by both. `single`, `all`, `any` are
    the margins in standard errors.
    """

    value: Floats
    low: Floats
    high: Floats
    se: Floats
    least: Floats
    most: Floats
    n: Ints
    open: Ints
    total: Ints
    disagreements: Ints
    single: Floats
    all: Floats
    any: Floats

    def ends(self, margin: Floats) -> tuple[Floats, Floats]:
        """Both ends (models, models) of the intervals with that margin, within what is possible."""
        low = np.clip(self.low - margin * self.se, self.least, self.value)
        high = np.clip(self.high + margin * self.se, self.value, self.most)
        return low, high

    def settled(self) -> Bools:
        """Pairs whose order is sure however often somebody looks: no zero in the widest interval, from 15 items on."""
        low, high = self.ends(self.any)
        enough = (self.n >= PILOT) | (self.n == self.total)
        sure: Bools = enough & ((low > _TIE) | (high < -_TIE))
        return sure

    def ranks(self) -> tuple[Ints, Ints]:
        """The best and the worst rank (models,) that the pairs leave, all at once: who is surely ahead, and behind."""
        low, high = self.ends(self.all)
        ahead, behind = (high < -_TIE).sum(axis=1), (low > _TIE).sum(axis=1)
        level = (np.abs(low) <= _TIE) & (np.abs(high) <= _TIE) & ~np.eye(len(low), dtype=bool)  # known to be equal
        return 1 + ahead, len(low) - behind - level.sum(axis=1)


def contest(field: Field, deviations: Deviations | None, guard: float = GUARD) -> Contest:
    """Compare every two models of the field: the regression estimator of their item differences, as `corrected_mean`.

    From 30 common reviews on the judge's weight is the slope of human on judge difference within 0..1, below it is 1.
    `deviations` are joint replicates of the corrected scores (None: no two models have one, all margins are single).
    One matrix product gives the means of all pairs; the rest is done for as many pairs at once as memory is cheap for.
    """
    judge, human = field.judge, field.human
    size = len(judge)
    answered = (~np.isnan(judge)).astype(np.float64)
    sums = np.nan_to_num(judge) @ answered.T
    failed = np.zeros(judge.shape, dtype=bool) if field.failed is None else field.failed
    both_failed = failed.astype(np.float64) @ failed.T.astype(np.float64)
    total = np.rint(answered @ answered.T - both_failed)
    shift = (sums - sums.T) / np.maximum(total, 1.0)
    found = {name: np.full((size, size), np.nan) for name in (*_MIRROR, "se", "single")}
    counts = {name: np.zeros((size, size), dtype=np.int64) for name in ("n", "open", "disagreements")}
    columns = ~np.isnan(np.where(failed, np.nan, field.low)).all(axis=0)
    parts = (judge[:, columns], human[:, columns], field.low[:, columns], field.high[:, columns], failed[:, columns])
    first, second = np.triu_indices(size, 1)
    step = max(1, _AT_ONCE // max(int(columns.sum()), 1))
    for start in range(0, first.size, step):
        a, b = first[start : start + step], second[start : start + step]
        estimates, counted = _estimates(a, b, parts, shift[a, b], total[a, b], guard)
        for name, values in estimates.items():
            found[name][a, b] = values
            found[_MIRROR.get(name, name)][b, a] = -values if name in _MIRROR else values
        for name, numbers in counted.items():
            counts[name][a, b] = counts[name][b, a] = numbers
    for name in ("value", "low", "high", "se", "least", "most"):
        np.fill_diagonal(found[name], 0.0)
    together = _together(found["single"], counts["n"], 0.0 if deviations is None else deviations.critical())
    often = _often(together, counts["n"], total.astype(np.int64))
    return Contest(
        **found, n=counts["n"], open=counts["open"], disagreements=counts["disagreements"],
        total=total.astype(np.int64), all=together, any=often,
    )  # fmt: skip


def _together(single: Floats, n: Ints, critical: float) -> Floats:
    """The margins for all pairs at once: Student's t of each pair where the normal has `critical`."""
    confidence = 1.0 - 2.0 * NormalDist().cdf(-critical)
    together = single.copy()
    if confidence > 0.95:
        for size in distinct(n[~np.isnan(single)]).tolist():
            if size > 2:
                together[(n == size) & (single > 0)] = t_margin(confidence, _df(size))
    return together


def _df(n: int) -> float:
    return float(n - 2 if n >= TUNED_FROM else n - 1)


def _often(together: Floats, n: Ints, total: Ints) -> Floats:
    """`looks_margin` of every pair that has an estimate; most pairs share one."""
    often = np.full(together.shape, np.nan)
    known = ~np.isnan(together) & (n >= 2)
    kinds = list(zip(*(values[known].tolist() for values in (together, n, total)), strict=True))
    margins = {(margin, size, of): looks_margin(margin, _df(size), size, of) for margin, size, of in set(kinds)}
    often[known] = [margins[kind] for kind in kinds]
    return often


def _estimates(
    a: Ints, b: Ints, parts: tuple[Floats, Floats, Floats, Floats, Bools], shift: Floats, total: Floats, guard: float
) -> tuple[dict[str, Floats], dict[str, Ints]]:
    """The models `a` against the models `b` (pairs,), arrays (pairs,).

    `parts` are judge, human, low, high, failed of a field, over the items in somebody's sample.
    """
    judge, human, low, high, failed = parts
    f = judge[a] - judge[b]
    y = human[a] - human[b]
    compared = ~np.isnan(f) & ~(failed[a] & failed[b])
    known = ~np.isnan(y) & compared
    n = known.sum(axis=1)
    per = np.maximum(n, 1)
    y0, f0 = np.where(known, y, 0.0), np.where(known, f, 0.0)
    my, mf = y0.sum(axis=1) / per, f0.sum(axis=1) / per
    cy, cf = np.where(known, y - my[:, None], 0.0), np.where(known, f - mf[:, None], 0.0)
    spread = (cf * cf).sum(axis=1)
    slope = np.clip((cy * cf).sum(axis=1) / np.where(spread > 1e-18, spread, 1.0), 0.0, 1.0)
    tuned = n >= TUNED_FROM
    lam = np.where(tuned, np.where(spread > 1e-18, slope, 0.0), 1.0)
    residuals = cy - lam[:, None] * cf
    scatter = (residuals**2).sum(axis=1)
    away = n - most_common(np.where(known, y - f, np.nan))
    rows = guard_weight(away) if guard > 0 else np.zeros(n.size)
    df = np.where(tuned, n - 2, n - 1)
    spread_e = (scatter + rows * guard**2) / np.maximum(df + rows, 1.0)
    sloped = tuned & (spread > 1e-18)
    slope_off = np.where(sloped, (shift - mf) ** 2 / np.where(sloped, spread, 1.0), 0.0)  # see `slope_error`
    mean = my - lam * mf
    value = lam * shift + mean
    worst, best = low[a] - high[b] - lam[:, None] * f, high[a] - low[b] - lam[:, None] * f
    open_ = ~known & compared & ~np.isnan(worst)
    waiting = open_.sum(axis=1)
    whole = np.maximum(n + waiting, 1)
    at_worst = lam * shift + (n * mean + np.where(open_, worst, 0.0).sum(axis=1)) / whole
    at_best = lam * shift + (n * mean + np.where(open_, best, 0.0).sum(axis=1)) / whole
    seen, rest = y0.sum(axis=1), total - n
    least, most = (seen - rest) / np.maximum(total, 1.0), (seen + rest) / np.maximum(total, 1.0)
    usable = (n >= 2) | ((n == total) & (n > 0))
    margins = {int(d): t_margin(0.95, int(d)) for d in distinct(df[usable]) if d > 0}
    single = np.array([margins.get(int(d), 0.0) for d in df])
    found = {
        "value": np.clip(value, least, most),
        "low": np.minimum(at_worst, value),
        "high": np.maximum(at_best, value),
        "se": np.sqrt((np.maximum(1.0 - n / np.maximum(total, 1.0), 0.0) / per + slope_off) * spread_e),
        "least": least,
        "most": most,
        "single": single,
    }
    hidden = {name: np.where(usable, array, np.nan) for name, array in found.items()}
    return hidden, {"n": n, "open": waiting, "disagreements": away}
