"""Judges against each other: how far they agree, and which of two is closer to people on the same components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from miareview.stats.agreement.ceiling import FEW_ITEMS
from miareview.stats.agreement.intervals import Interval, alpha_intervals
from miareview.stats.agreement.totals import snap
from miareview.stats.flags import Flag, Say
from miareview.stats.numeric.resample import Floats, Ints, cluster_mean_interval


@dataclass(frozen=True, slots=True)
class Between:
    """A mean with the ends of its interval; the ends are None where the data do not say how wrong it may be."""

    value: float | None
    low: float | None
    high: float | None

    def to_json(self) -> dict[str, float | None]:
        return {"value": self.value, "low": self.low, "high": self.high}

    def within(self, least: float, most: float) -> Between:
        """The same with its ends moved to where the value can lie."""
        low = None if self.low is None else max(self.low, least)
        return Between(self.value, low, None if self.high is None else min(self.high, most))

    @property
    def sign(self) -> int:
        """1 or -1 where the whole interval lies on one side of zero, else 0."""
        if self.low is None or self.high is None:
            return 0
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


NOTHING = Between(None, None, None)


def mean_between(values: Floats, clusters: Ints, confidence: float = 0.95) -> Between:
    """The mean of the values with its interval from leaving out one cluster at a time; empty gives nothing."""
    return Between(*cluster_mean_interval(values, clusters, confidence)) if values.size else NOTHING


@dataclass(frozen=True, slots=True)
class Duel:
    """Two judges. Agreement is over the `units` components that both scored, `bias` being a - b.

    `difference` is a's mean absolute error less b's on the `shared` components that people labelled too, of
    `shared_items` items: below zero a is closer. None where it is refused.
    """

    a: str
    b: str
    units: int
    items: int
    alpha: Interval
    bias: Between
    mae: float | None
    exact: float | None
    shared: int
    shared_items: int
    difference: Between | None
    refused: Flag | None

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "a": self.a,
            "b": self.b,
            "units": self.units,
            "items": self.items,
            "alpha": self.alpha.to_json(say),
            "bias": self.bias.to_json(),
            "mae": self.mae,
            "exact": self.exact,
            "closer_to_people": {
                "units": self.shared,
                "items": self.shared_items,
                "difference": None if self.difference is None else self.difference.to_json(),
                "refused": say(self.refused) if self.refused else None,
            },
        }


def error_difference(a: Floats, b: Floats, truth: Floats, items: Ints, confidence: float = 0.95) -> Between:
    """Mean of |a - truth| - |b - truth| over the components where all three are known, with its interval.

    Paired: what makes a component hard is hard for both judges and leaves the difference. Items are resampled, since
    components of an item, and the answers of several models to it, err together.
    """
    both = ~np.isnan(a) & ~np.isnan(b) & ~np.isnan(truth)
    gap = np.abs(a[both] - truth[both]) - np.abs(b[both] - truth[both])
    return mean_between(gap, items[both], confidence)


def duels(
    names: Sequence[str], scores: Floats, truth: Floats, items: Ints, *, confidence: float = 0.95
) -> tuple[Duel, ...]:
    """Every two judges: `scores` (judges, cells), `truth` and `items` (cells,), NaN where there is no score.

    The paired difference is refused below 30 items.
    """
    pairs = list(combinations(range(len(names)), 2))
    known = [~np.isnan(scores[a]) & ~np.isnan(scores[b]) for a, b in pairs]
    alphas = alpha_intervals(
        [(scores[[a, b]][:, both], items[both]) for (a, b), both in zip(pairs, known, strict=True)], ("interval",),
        confidence=confidence,
    )  # fmt: skip
    found = []
    for (a, b), both, alpha in zip(pairs, known, alphas, strict=True):
        gap = scores[a, both] - scores[b, both]
        labelled = both & ~np.isnan(truth)
        count = int(np.unique(items[labelled]).size)
        enough = count >= FEW_ITEMS
        found.append(
            Duel(
                a=names[a],
                b=names[b],
                units=int(both.sum()),
                items=int(np.unique(items[both]).size),
                alpha=alpha["interval"],
                bias=mean_between(gap, items[both], confidence),
                mae=float(np.abs(gap).mean()) if gap.size else None,
                exact=float((snap(scores[a, both]) == snap(scores[b, both])).mean()) if gap.size else None,
                shared=int(labelled.sum()),
                shared_items=count,
                difference=error_difference(scores[a], scores[b], truth, items, confidence) if enough else None,
                refused=None if enough else Flag("few_shared_items", count, FEW_ITEMS),
            )
        )
    return tuple(found)
