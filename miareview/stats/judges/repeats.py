"""How far a judge agrees with itself when it is asked again about the same response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from miareview.stats.agreement.intervals import Interval, alpha_interval
from miareview.stats.agreement.totals import snap
from miareview.stats.flags import Say
from miareview.stats.judges.versus import Between, mean_between
from miareview.stats.numeric.resample import Floats, Ints


@dataclass(frozen=True, slots=True)
class Consistency:
    """A judge against its own repeats. `responses` have `replies` replies in all, `cells` components two points.

    `identical` is the share of these components that got the same points every time. `sd` is the standard deviation of
    a response's score from one reply to the next, pooled over the `scored` responses with two complete replies.
    """

    responses: int
    replies: int
    cells: int
    identical: Between
    alpha: Interval
    sd: float | None
    scored: int

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "responses": self.responses,
            "replies": self.replies,
            "units": self.cells,
            "identical": self.identical.to_json(),
            "alpha": self.alpha.to_json(say),
            "score_sd": self.sd,
            "scored": self.scored,
        }


def consistency(
    values: Floats, response: Ints, item: Ints, weight: Floats, *, confidence: float = 0.95
) -> Consistency | None:
    """Of `values` (replies, cells): the k-th reply to each cell's response, NaN where there is none or nothing read.

    `response`, `item`, `weight` are by cell. None where no component has two values.
    """
    given = ~np.isnan(values)
    twice = given.sum(axis=0) >= 2
    if not twice.any():
        return None
    snapped = snap(values[:, twice])
    same = np.nanmax(snapped, axis=0) == np.nanmin(snapped, axis=0)
    scores = _scores(values, response, weight)
    count = (~np.isnan(scores)).sum(axis=0)
    usable = count >= 2
    sd = None
    if usable.any():
        squares = np.nansum((scores[:, usable] - np.nanmean(scores[:, usable], axis=0)) ** 2)
        sd = float(np.sqrt(squares / (count[usable] - 1).sum()))
    several = np.unique(response[twice])
    replies = np.zeros((values.shape[0], int(response.max()) + 1), dtype=bool)
    for row in range(values.shape[0]):
        replies[row, response[given[row]]] = True
    return Consistency(
        responses=int(several.size),
        replies=int(replies[:, several].sum()),
        cells=int(twice.sum()),
        identical=mean_between(same.astype(np.float64), item[twice], confidence).within(0.0, 1.0),
        alpha=alpha_interval(values[:, twice], item[twice], confidence=confidence),
        sd=sd,
        scored=int(usable.sum()),
    )


def _scores(values: Floats, response: Ints, weight: Floats) -> Floats:
    """Points / weights of every complete reply (replies, responses); NaN elsewhere."""
    size = int(response.max()) + 1
    total = np.bincount(response, weights=weight, minlength=size)
    missing = np.array([np.bincount(response, weights=np.isnan(row), minlength=size) for row in values])
    points = np.array([np.bincount(response, weights=np.nan_to_num(row) * weight, minlength=size) for row in values])
    scores: Floats = np.where((missing == 0) & (total > 0), points / np.where(total > 0, total, 1.0), np.nan)
    return scores
