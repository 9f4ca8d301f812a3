"""What to hold the judge against: people among themselves, and when agreement coefficients mislead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from miareview.stats.agreement import alternative_annotator
from miareview.stats.agreement.totals import coded
from miareview.stats.flags import Flag, Say
from miareview.stats.frame import Frame, Ratings
from miareview.stats.numeric.resample import Bools, Floats, distinct

FEW_ITEMS = 30  # below, an interval from resampling items is a rough one
TEST_REVIEWERS = 3
EXACT, LOW_ALPHA, DOMINANT = 0.8, 0.4, 0.8


@dataclass(frozen=True, slots=True)
class Alternative:
    """The alternative annotator test on item scores; `refused` says why there is none.

    `reviewers` are those who took part, `epsilon` is the allowance for the cost of people (0.2: experts).
    """

    winning_rate: float | None
    advantage: float | None
    passed: bool | None
    epsilon: float
    reviewers: tuple[str, ...]
    refused: Flag | None

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "winning_rate": self.winning_rate,
            "advantage": self.advantage,
            "passed": self.passed,
            "epsilon": self.epsilon,
            "reviewers": list(self.reviewers),
            "reason": say(self.refused) if self.refused else "",
        }


def alternative(frame: Frame, ratings: Floats, ungradable: Bools, epsilon: float = 0.2) -> Alternative:
    """May the judge stand in for a person? Asked of the item scores of reviewers with 30 items or more, if three.

    `ratings` and `ungradable` (reviewers, cells) are the scores that count. A unit is a response: a reviewer's and
    the judge's points / weights. Source: `alternative_annotator` (Calderon et al. 2025).
    """
    scores = np.array([frame.item_scores(Ratings(row, no)) for row, no in zip(ratings, ungradable, strict=True)])
    items = [int(distinct(frame.response_item[~np.isnan(row)]).size) for row in scores]
    rows = [row for row, count in enumerate(items) if count >= FEW_ITEMS]
    names = tuple(frame.reviewers[row] for row in rows)
    if len(rows) < TEST_REVIEWERS:
        few = Flag("few_reviewers", len(rows), TEST_REVIEWERS, float(FEW_ITEMS))
        return Alternative(None, None, None, epsilon, names, few)
    try:
        found = alternative_annotator(scores[rows], frame.item_scores(frame.judge_ratings()), epsilon=epsilon)
    except ValueError:
        return Alternative(None, None, None, epsilon, names, Flag("nothing_shared"))
    return Alternative(found.winning_rate, found.advantage, found.passed, epsilon, names, None)


def most_reachable(people: float | None) -> float | None:
    """The most that any judge's alpha with people can be, the square root of people's own; None where that is not > 0.

    Let a person give truth + error, with variances T + E: people agree to rho = T / (T + E), and a judge that gives
    c times the truth (means alike) to alpha = 1 - ((1 - c)^2 T + E) / (c^2 T + T + E). That is largest at
    c = rho^-1/2, where it is sqrt(rho); the truth itself (c = 1) reaches 2 rho / (1 + rho), a little less. Interval
    level (Spearman 1904 for the correlation, which has the same bound).
    """
    return float(np.sqrt(people)) if people is not None and people > 0.0 else None


def prevalence_flags(marks: Floats, exact: float | None, alpha: float | None) -> tuple[Flag, ...]:
    """A code where marks are nearly all the same, so that alpha and kappa say little (Feinstein & Cicchetti 1990).

    `marks` (2, pairs) are the two raters' fractions in sixtieths (see `snap`). "one_mark" where one value holds more
    than 80 % of them, "paradox" where 80 % of the pairs are equal and alpha is below 0.4 all the same.
    """
    if exact is None:
        return ()
    if exact >= EXACT and alpha is not None and alpha < LOW_ALPHA:
        return (Flag("paradox", round(exact * marks.shape[1]), marks.shape[1], alpha),)
    values, places = coded(marks)
    counts = np.bincount(places.ravel())
    most = int(counts.argmax())
    if counts[most] <= DOMINANT * counts.sum():
        return ()
    return (Flag("one_mark", int(counts[most]), int(counts.sum()), float(values[most] / 60.0)),)
