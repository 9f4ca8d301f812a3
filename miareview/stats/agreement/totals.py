"""Krippendorff's alpha as a function of cluster totals, so that thousands of replicates cost one matrix product.

alpha = 1 - (n - 1) * sum O_ck d_ck / sum n_c n_k d_ck, with O the coincidences of the pairable ratings, n_c their
margins and n their number (Krippendorff 2011). The numerator's and the margins' parts add up over units, so each
cluster is one row of sums; only the last step, an elementwise one, differs by level:

    nominal, ratio   n_c for each value, and the observed disagreement
    interval         n, sum x, sum x^2, and the observed disagreement
    ordinal          n_c, and the upper triangle of O: d is (R_c - R_k)^2 with mid-ranks R = cumsum(n_c) - n_c / 2,
                     which is Krippendorff's sum formula and depends on the replicate's own margins
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import Bools, Floats, Ints, cluster_sums, distinct, encode

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")


def snap(values: Floats) -> Floats:
    """Values as sixtieths, exact where they are (points of weights 1-6), so that 0.1 + 0.2 and 0.3 are one category.

    Anything else keeps eight decimals. Alpha does not change when all values are multiplied by 60.
    """
    sixty = values * 60.0
    whole = np.rint(sixty)
    odd = np.abs(sixty - whole) >= 1e-6  # False for NaN, which stays NaN
    if odd.any():
        whole[odd] = np.round(sixty[odd], 8)
    return whole


def coded(snapped: Floats) -> tuple[Floats, Ints]:
    """The different values in order, and the place of each value among them (in the shape of `snapped`, without NaN).

    By counting where they are quarters of sixtieths within 0..1, as whole and half points always are.
    """
    quarters = snapped * 4.0
    whole = quarters.astype(np.int64)
    if snapped.size and whole.min() >= 0 and whole.max() <= 240 and np.array_equal(whole, quarters):
        there = np.bincount(whole.ravel()) > 0
        return np.flatnonzero(there) / 4.0, (np.cumsum(there) - 1)[whole]
    values = distinct(snapped)
    return values, np.searchsorted(values, snapped).astype(np.int64)


def patterns(places: Ints, size: int) -> tuple[Floats, Ints]:
    """The different ways in which units were rated, and which of them each unit was rated in.

    `places` (raters, units) are codes of `size` values, `size` where there is none. Who said what does not matter:
    rows (patterns, size) say how often each value was given. Returned with the row of each unit (units,).
    """
    ordered, base = np.sort(places, axis=0), size + 1
    kinds = float(base) ** len(ordered)
    if kinds >= 2.0**62:
        digits, pattern = np.unique(ordered, axis=1, return_inverse=True)
    else:
        keys = ordered[0]
        for row in ordered[1:]:
            keys = keys * base + row
        if kinds <= 2.0**16:  # few enough to be counted, which costs less than sorting
            there = np.bincount(keys, minlength=int(kinds)) > 0
            used, pattern = np.flatnonzero(there), (np.cumsum(there) - 1)[keys]
        else:
            used = distinct(keys)
            pattern = np.searchsorted(used, keys)
        digits = np.array([used // base**place % base for place in range(len(ordered))])
    count = digits.shape[1]
    rows = np.bincount((np.arange(count) * base + digits).ravel(), minlength=count * base).reshape(count, base)
    return rows[:, :size].astype(np.float64), pattern.reshape(-1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairable units only. How often each value of `domain` was given: `rows` (patterns, values) are the different
    ways, `pattern` (units,) says which of them each unit was rated in, `unit` (units,) which unit it is."""

    domain: Floats
    rows: Floats
    pattern: Ints
    unit: Ints
    why: Flag | None

    @property
    def margins(self) -> Floats:
        """How often each value was given in all (values,)."""
        often: Floats = np.bincount(self.pattern, minlength=len(self.rows)) @ self.rows
        return often


def count_values(ratings: npt.ArrayLike, level: Level) -> Counts:
    """Counts of the values in (raters, units), NaN = missing; `why` says that alpha is undefined.

    Raises ValueError on another shape, an unknown level, or infinite ratings.
    """
    if level not in LEVELS:
        raise ValueError(f"Unknown level of measurement {level!r}: choose one of {', '.join(LEVELS)}.")
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"Ratings must be a table of (raters, units), not an array of {table.ndim} dimension(s).")
    if np.isinf(table).any():
        raise ValueError("Ratings must be finite numbers, or NaN where there is none.")
    present = ~np.isnan(table)
    pairable = np.flatnonzero(present.sum(axis=0) >= 2)
    if not pairable.size:
        return Counts(np.empty(0), np.empty((0, 0)), pairable, pairable, Flag("no_pairs"))
    if pairable.size < table.shape[1]:
        table, present = table[:, pairable], present[:, pairable]
    domain, places = placed(table, present)
    rows, pattern = patterns(places, domain.size)
    given = int(present.sum())
    same = Flag("constant", given, value=float(domain[0] / 60.0)) if domain.size == 1 else None
    return Counts(domain, rows, pattern, pairable, same)


def placed(table: Floats, present: Bools) -> tuple[Floats, Ints]:
    """The different values (snapped) of a table in order, and the place of each; how many there are where none is."""
    if present.all():
        return coded(snap(table))
    domain, codes = coded(snap(table[present]))
    places = np.full(table.shape, domain.size, dtype=np.int64)
    places[present] = codes
    return domain, places


@dataclass(frozen=True, slots=True)
class Totals:
    """Sufficient statistics of alpha: `rows` (clusters, columns), to be summed or weighted over the clusters."""

    level: Level
    domain: Floats
    rows: Floats

    def alpha(self, totals: Floats) -> Floats:
        """Alpha of each row of totals (replicates, columns); NaN where all ratings of a replicate are the same."""
        if self.level == "interval":
            n, first, second, observed = totals.T
            expected = 2.0 * (n * second - first**2)
        elif self.level == "ordinal":
            observed, expected, n = self._ordinal(totals)
        else:
            margins, observed = totals[:, :-1], totals[:, -1]
            n = margins.sum(axis=1)
            expected = ((margins @ self._distances()) * margins).sum(axis=1)
        # Rounding leaves a constant replicate with a tiny expected disagreement instead of none.
        undefined = expected <= 1e-9 * np.maximum(n, 1.0)
        return np.where(undefined, np.nan, 1.0 - (n - 1.0) * observed / np.where(undefined, 1.0, expected))

    def _distances(self) -> Floats:
        return distances(self.domain, self.level)

    def _ordinal(self, totals: Floats) -> tuple[Floats, Floats, Floats]:
        size = self.domain.size
        margins, pairs = totals[:, :size], totals[:, size:]
        n = margins.sum(axis=1)
        ranks = np.cumsum(margins, axis=1) - margins / 2.0
        upper, lower = np.triu_indices(size, k=1)
        observed = 2.0 * np.einsum("rp,rp->r", pairs, (ranks[:, upper] - ranks[:, lower]) ** 2)
        centred = ranks - (n / 2.0)[:, None]
        expected = 2.0 * (n * np.einsum("rv,rv->r", margins, centred**2) - np.einsum("rv,rv->r", margins, centred) ** 2)
        return observed, expected, n


def distances(domain: Floats, level: Level) -> Floats:
    """Squared distances between values (values, values) for the nominal, interval and ratio levels."""
    difference = domain[:, None] - domain[None, :]
    if level == "nominal":
        return np.asarray(difference != 0, dtype=np.float64)
    if level == "ratio":
        total = domain[:, None] + domain[None, :]
        relative: Floats = np.where(total == 0, 0.0, difference / np.where(total == 0, 1.0, total))
        return relative * relative
    squared: Floats = difference**2
    return squared


def cluster_totals(found: Counts, clusters: npt.ArrayLike, level: Level) -> Totals:
    """One row of sufficient statistics a cluster; `clusters` labels every unit of the ratings."""
    codes, size = encode(np.asarray(clusters)[found.unit])
    return coded_totals(found, codes, size, level)


def coded_totals(found: Counts, codes: Ints, size: int, level: Level) -> Totals:
    """The same for clusters given as codes 0..size-1, one a pairable unit; a cluster without units has a row of zeros.

    Units rated alike have the same statistics, so these are computed once for each pattern and multiplied by how often
    each cluster has it.
    """
    kinds, pattern = len(found.rows), found.pattern
    columns = _columns(found.rows, found.domain, np.average(found.domain, weights=found.margins), level)
    if kinds * size <= columns.shape[1] * codes.size:
        often = np.bincount(codes * kinds + pattern, minlength=size * kinds)
        return Totals(level, found.domain, often.reshape(size, -1).astype(np.float64) @ columns)
    rows = np.zeros((size, columns.shape[1]))
    labels, count = encode(codes)
    rows[distinct(codes)] = cluster_sums(columns[pattern], labels, count)
    return Totals(level, found.domain, rows)


def _columns(counts: Floats, domain: Floats, centre: float, level: Level) -> Floats:
    """Sufficient statistics of each row of counts (rows, values); `centre` is the mean rating."""
    per_unit = counts.sum(axis=1)
    share = 1.0 / (per_unit - 1.0)
    if level == "interval":
        # Centred and scaled to about 1: the difference of two large sums loses digits otherwise.
        x = (domain - centre) / (float(np.ptp(domain)) or 1.0)
        first, second = counts @ x, counts @ x**2
        observed = 2.0 * (per_unit * second - first**2) * share
        return np.column_stack([per_unit, first, second, observed])
    if level == "ordinal":
        upper, lower = np.triu_indices(domain.size, k=1)
        return np.hstack([counts, counts[:, upper] * counts[:, lower] * share[:, None]])
    observed = ((counts @ distances(domain, level)) * counts).sum(axis=1) * share
    return np.column_stack([counts, observed])


def mask_pairs(*arrays: Floats) -> Bools:
    """Where all arrays have a value."""
    present: Bools = np.all([~np.isnan(array) for array in arrays], axis=0)
    return present
