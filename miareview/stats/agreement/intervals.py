"""Alpha with its interval, for one group of ratings or for all groups of a dashboard from one resampling.

Every group's sufficient statistics stand side by side in one table (clusters, columns), where a cluster is a benchmark
item and a group without the item has zeros; all replicates of all groups are then one product with one matrix of
weights, and the groups' intervals rest on the same draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from miareview.stats.agreement.totals import LEVELS, Counts, Level, Totals, coded_totals, count_values
from miareview.stats.flags import Flag, Say
from miareview.stats.numeric.resample import (
    MAX_UNDEFINED,
    Floats,
    Ints,
    cluster_weights,
    encode,
    jackknife_se,
    leave_one_out,
    percentile_interval,
)
from miareview.stats.numeric.student import t_margin

_PACKAGE_CELLS = 400_000  # units x values^2 up to which the package gives the values: some 15 ms of its work
_WIDEST = 1024  # columns in one product: bounds the memory of ordinal alpha on many groups
IntervalMethod = Literal["jackknife", "bootstrap"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its interval. `why` is the code of why the value or its ends are None (None: nothing is missing).

    `method` is "bootstrap" or "jackknife"; `replicates` how many were computed, `undefined` how many of them had no
    value; `clusters` how many were resampled.
    """

    value: float | None
    low: float | None
    high: float | None
    method: str
    why: Flag | None = None
    replicates: int = 0
    undefined: int = 0
    clusters: int = 0
    seed: int | None = None
    confidence: float = 0.95

    def to_json(self, say: Say) -> dict[str, Any]:
        why = say(self.why) if self.why else ""
        return {"value": self.value, "low": self.low, "high": self.high, "reason": why}


def alpha(ratings: npt.ArrayLike, level: Level = "interval") -> float | None:
    """Krippendorff's alpha of (raters, units), NaN = missing, by the `krippendorff` package.

    None where it is undefined: no unit with two ratings, or all pairable ratings the same; `alpha_interval` says
    which. Values are compared as sixtieths, so that equal fractions are equal.
    """
    return by_package(count_values(ratings, level), level)


def by_package(found: Counts, level: Level) -> float | None:
    """`alpha` of values counted already."""
    if found.why:
        return None
    import krippendorff

    # Counts of the pairable units over the observed domain: the two cases it warns about or raises for are gone.
    counts = found.rows[found.pattern]
    value = krippendorff.alpha(value_counts=counts, value_domain=found.domain, level_of_measurement=level)
    return float(value)


def alpha_interval(
    ratings: npt.ArrayLike,
    clusters: npt.ArrayLike,
    level: Level = "interval",
    *,
    method: IntervalMethod = "jackknife",
    replicates: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Interval:
    """Krippendorff's alpha with an interval from resampling clusters of units (benchmark items).

    `clusters` labels every unit. "jackknife" leaves one cluster out at a time, on Fisher's z with Student's t;
    "bootstrap" is the percentile interval of `replicates` draws of clusters, which covers less at 50 clusters (93 %)
    and costs more. No ends are given where there is one cluster, where no two ratings differ within a unit, where alpha
    is undefined without one of the clusters, or in more than 5 % of the draws; `why` tells.
    """
    (found,) = alpha_intervals(
        [(ratings, clusters)], (level,), method=method, replicates=replicates, seed=seed, confidence=confidence
    )
    return found[level]


def alpha_intervals(
    groups: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]],
    levels: Sequence[Level] = ("interval", "ordinal", "nominal"),
    *,
    method: IntervalMethod = "jackknife",
    replicates: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> list[dict[Level, Interval]]:
    """`alpha_interval` of every group (ratings, clusters) at every level, from one resampling of all clusters.

    A cluster label means the same cluster in every group, and a replicate of the bootstrap draws from the clusters of
    all groups together. The values are those of the
    `krippendorff` package while its work is small; a large dashboard takes them from the same totals as the replicates,
    with every cluster once, which is equal to rounding and needs no array of units x values x values. Raises ValueError
    on a wrong shape or an unknown method or level.
    """
    if method not in ("jackknife", "bootstrap"):
        raise ValueError(f"Unknown method {method!r}: choose jackknife or bootstrap.")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"Confidence must lie between 0 and 1, not {confidence}.")
    unknown = [level for level in levels if level not in LEVELS]
    if unknown or not levels:
        raise ValueError(f"Unknown level of measurement {unknown[:1]}: choose from {', '.join(LEVELS)}.")
    counted = [count_values(ratings, levels[0]) for ratings, _ in groups]
    coded, size = _common_codes(groups, counted)
    small = len(levels) * sum(found.pattern.size * found.domain.size**2 for found in counted) <= _PACKAGE_CELLS
    results: list[dict[Level, Interval]] = [{} for _ in groups]
    drawn: list[tuple[int, Level, Totals, Interval]] = []
    for at, (found, codes) in enumerate(zip(counted, coded, strict=True)):
        own, count = encode(codes)
        for level in levels:
            if found.why:
                results[at][level] = Interval(None, None, None, "none", found.why, confidence=confidence)
                continue
            by_all = method == "bootstrap"
            totals = coded_totals(found, codes if by_all else own, size if by_all else count, level)
            exact = by_package(found, level) if small else None
            value = float(totals.alpha(totals.rows.sum(axis=0)[None, :])[0]) if exact is None else exact
            known = Interval(value, None, None, method, _no_ends(value, count), clusters=count, confidence=confidence)
            if known.why:
                results[at][level] = known
            elif by_all:
                drawn.append((at, level, totals, replace(known, seed=seed)))
            else:
                results[at][level] = _with_ends(known, totals.alpha(leave_one_out(totals.rows)))
    for batch in _batches(drawn):
        # The one product: replicates x clusters by clusters x columns of all groups and levels.
        sums = cluster_weights(size, replicates, seed) @ np.hstack([totals.rows for _, _, totals, _ in batch])
        columns = np.cumsum([totals.rows.shape[1] for _, _, totals, _ in batch])
        for (at, level, totals, known), part in zip(batch, np.split(sums, columns[:-1], axis=1), strict=True):
            results[at][level] = _with_ends(known, totals.alpha(part))
    return [{level: found[level] for level in levels} for found in results]


def _common_codes(
    groups: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]], counted: Sequence[Counts]
) -> tuple[list[Ints], int]:
    """Every group's clusters, one a pairable unit, as codes that are the same in all groups; how many there are."""
    labels = []
    for (ratings, clusters), found in zip(groups, counted, strict=True):
        label, units = np.asarray(clusters), np.shape(ratings)[1]
        if label.shape != (units,):
            raise ValueError(f"Each of the {units} units needs one cluster label, but clusters have {label.shape}.")
        labels.append(label[found.unit])
    codes, size = encode(np.concatenate([label for label in labels if label.size] or [np.empty(0, np.int64)]))
    ends = np.cumsum([label.size for label in labels], dtype=np.int64)
    return np.split(codes, ends)[:-1], size


def _batches(
    drawn: Iterable[tuple[int, Level, Totals, Interval]],
) -> Iterator[list[tuple[int, Level, Totals, Interval]]]:
    batch: list[tuple[int, Level, Totals, Interval]] = []
    width = 0
    for one in drawn:
        columns = one[2].rows.shape[1]
        if batch and width + columns > _WIDEST:
            yield batch
            batch, width = [], 0
        batch.append(one)
        width += columns
    if batch:
        yield batch


def _no_ends(value: float, clusters: int) -> Flag | None:
    """Why there can be no interval, None if there can."""
    if clusters < 2:
        return Flag("one_item")
    return Flag("no_disagreement") if value >= 1.0 - 1e-12 else None


def _with_ends(known: Interval, replicates: Floats) -> Interval:
    """The interval with its ends from the replicates, or the reason why it has none."""
    assert known.value is not None
    defined = replicates[~np.isnan(replicates)]
    undefined = int(replicates.size - defined.size)
    counted = replace(known, replicates=int(replicates.size), undefined=undefined)
    if undefined > (MAX_UNDEFINED * replicates.size if known.method == "bootstrap" else 0):
        return replace(counted, why=Flag("undefined_resamples", undefined, int(replicates.size)))
    if known.method == "bootstrap":
        low, high = percentile_interval(defined, known.confidence)
    else:
        low, high = _fisher_interval(known.value, defined, known.confidence)
    return replace(counted, low=low, high=high)


def _fisher_interval(value: float, left: Floats, confidence: float) -> tuple[float, float]:
    """Delete-one jackknife with t, on Fisher's z where that is finite (Hughes 2022 for the jackknife); from −1 to 1, as
    alpha is."""
    margin = t_margin(confidence, left.size - 1)
    if max(abs(value), float(np.abs(left).max())) < 1.0 - 1e-9:
        z, half = float(np.arctanh(value)), margin * jackknife_se(np.arctanh(left))
        return float(np.tanh(z - half)), float(np.tanh(z + half))
    half = margin * jackknife_se(left)
    return max(-1.0, value - half), min(1.0, value + half)
