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
    refused: str

    @property
    def sentence(self) -> str:
        """Which judge is closer to people, or why that is not said."""
        found = self.difference
        if found is None or found.value is None:
            return f"{self.a} and {self.b}: not compared, {self.refused}."
        on = f"on {self.shared} components of {self.shared_items} items"
        if found.low is not None and found.high is not None and found.sign:
            ahead, behind = (self.a, self.b) if found.sign < 0 else (self.b, self.a)
            low, high = sorted((abs(found.low), abs(found.high)))
            return (
                f"{ahead} is closer to people than {behind} by {abs(found.value):.3f} [{low:.3f}, {high:.3f}]"
                f" (mean absolute error, {on})."
            )
        ends = "" if found.low is None or found.high is None else f" [{found.low:+.3f}, {found.high:+.3f}]"
        return (
            f"{self.a} and {self.b}: not settled who is closer to people (mean absolute error of {self.a} less that of"
            f" {self.b}: {found.value:+.3f}{ends}, {on})."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "a": self.a,
            "b": self.b,
            "units": self.units,
            "items": self.items,
            "alpha": {
                "value": self.alpha.value, "low": self.alpha.low, "high": self.alpha.high, "reason": self.alpha.reason,
            },
            "bias": self.bias.to_json(),
            "mae": self.mae,
            "exact": self.exact,
            "closer_to_people": {
                "units": self.shared,
                "items": self.shared_items,
                "difference": None if self.difference is None else self.difference.to_json(),
                "refused": self.refused or None,
                "sentence": self.sentence,
            },
        }  # fmt: skip


def error_difference(a: Floats, b: Floats, truth: Floats, items: Ints, confidence: float = 0.95) -> Between:
    """Mean of |a - truth| - |b - truth| over the components where all three are known, with its interval.

    Paired: what makes a component hard is hard for both judges and leaves the difference. Items are resampled, since
    components of an item, and the answers of several models to it, err together.
    """
    both = ~np.isnan(a) & ~np.isnan(b) & ~np.isnan(truth)
    gap = np.abs(a[both] - truth[both]) - np.abs(b[both] - truth[both])
    return mean_between(gap, items[both], confidence)


def duels(
    names: Sequence[str], scores: Floats, truth: Floats, items: Ints, *, seed: int = 0, confidence: float = 0.95
) -> tuple[Duel, ...]:
    """Every two judges: `scores` (judges, cells), `truth` and `items` (cells,), NaN where there is no score.

    The paired difference is refused below 30 items.
    """
    pairs = list(combinations(range(len(names)), 2))
    known = [~np.isnan(scores[a]) & ~np.isnan(scores[b]) for a, b in pairs]
    alphas = alpha_intervals(
        [(scores[[a, b]][:, both], items[both]) for (a, b), both in zip(pairs, known, strict=True)], ("interval",),
        seed=seed, confidence=confidence,
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
                refused=""
                if enough
                else f"needs {FEW_ITEMS} items that people and both judges scored; there are {count}",
            )
        )
    return tuple(found)
