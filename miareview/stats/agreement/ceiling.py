"""What to hold the judge against: people among themselves, and when agreement coefficients mislead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from miareview.stats.agreement import alternative_annotator
from miareview.stats.agreement.totals import snap
from miareview.stats.frame import Frame, Ratings
from miareview.stats.numeric.resample import Bools, Floats

FEW_ITEMS = 30  # below, an interval from resampling items is a rough one
TEST_REVIEWERS = 3
EXACT, LOW_ALPHA, DOMINANT = 0.8, 0.4, 0.8


@dataclass(frozen=True, slots=True)
class Alternative:
    """The alternative annotator test on item scores; `reason` says why there is none ("" if there is).

    `reviewers` are those who took part, `epsilon` is the allowance for the cost of people (0.2: experts).
    """

    winning_rate: float | None
    advantage: float | None
    passed: bool | None
    epsilon: float
    reviewers: tuple[str, ...]
    reason: str

    def to_json(self) -> dict[str, Any]:
        return {
            "winning_rate": self.winning_rate,
            "advantage": self.advantage,
            "passed": self.passed,
            "epsilon": self.epsilon,
            "reviewers": list(self.reviewers),
            "reason": self.reason,
        }


def alternative(frame: Frame, ratings: Floats, ungradable: Bools, epsilon: float = 0.2) -> Alternative:
    """May the judge stand in for a person? Asked of the item scores of reviewers with 30 items or more, if three.

    `ratings` and `ungradable` (reviewers, cells) are the scores that count. A unit is a response: a reviewer's and
    the judge's points / weights. Source: `alternative_annotator` (Calderon et al. 2025).
    """
    scores = np.array([frame.item_scores(Ratings(row, no)) for row, no in zip(ratings, ungradable, strict=True)])
    items = [int(np.unique(frame.response_item[~np.isnan(row)]).size) for row in scores]
    rows = [row for row, count in enumerate(items) if count >= FEW_ITEMS]
    names = tuple(frame.reviewers[row] for row in rows)
    if len(rows) < TEST_REVIEWERS:
        reason = (
            f"needs {TEST_REVIEWERS} reviewers with {FEW_ITEMS} items scored completely by each;"
            f" there {'is' if len(rows) == 1 else 'are'} {len(rows)}"
        )
        return Alternative(None, None, None, epsilon, names, reason)
    try:
        found = alternative_annotator(scores[rows], frame.item_scores(frame.judge_ratings()), epsilon=epsilon)
    except ValueError:
        reason = "a reviewer shares fewer than two responses with the judge and another reviewer"
        return Alternative(None, None, None, epsilon, names, reason)
    return Alternative(found.winning_rate, found.advantage, found.passed, epsilon, names, "")


def prevalence_flags(first: Floats, second: Floats, exact: float | None, alpha: float | None) -> tuple[str, ...]:
    """A sentence where marks are nearly all the same, so that alpha and kappa say little (Feinstein & Cicchetti 1990).

    `first` and `second` (pairs,) are the two raters' fractions. Given where one value holds more than 80 % of the
    marks, or where 80 % of the pairs are equal and alpha is below 0.4 all the same.
    """
    if exact is None:
        return ()
    values, counts = np.unique(np.concatenate([snap(first), snap(second)]), return_counts=True)
    share = float(counts.max() / counts.sum())
    paradox = exact >= EXACT and alpha is not None and alpha < LOW_ALPHA
    if share <= DOMINANT and not paradox:
        return ()
    marks = f"{100 * share:.0f} % of the marks are {values[counts.argmax()] / 60.0:.3g}"
    if paradox:
        marks += f" and {100 * exact:.0f} % of the pairs are equal, yet alpha is {alpha:.2f}: it hangs on few marks"
    else:
        marks += ": alpha and kappa hang on the few others"
    return (f"{marks}; look at exact agreement and AC1.",)
