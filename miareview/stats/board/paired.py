"""Models compared two by two on the items that both answered, which says more than their single intervals."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from miareview.stats.board.item_scores import ItemScores, mean_of, times
from miareview.stats.board.scores import PairScore
from miareview.stats.correction import CannotEstimate, corrected_difference
from miareview.stats.numeric.resample import Bools, Floats


def paired(table: ItemScores, order: list[int]) -> tuple[PairScore, ...]:
    """The corrected difference a - b of every two models, in the given order.

    errors="zero": on the items that both were asked, an answer that failed being a known 0.
    """
    return _Pairs(table).all(order)


class _Pairs:
    """Arrays by item (models, items), made once."""

    def __init__(self, table: ItemScores) -> None:
        self.table = table
        self.names = table.frame.columns.models
        self.human = table.by_item(np.where(table.drawn, table.human, np.nan))
        ok = table.by_item(table.ok.astype(np.float64))
        self.asked: Bools = ~np.isnan(ok)
        self.answered: Bools = ok == 1.0
        # Among the items compared an answer that failed is there only where errors count as zero.
        self.judge = table.by_item(np.where(table.ok, table.judge, 0.0))
        self.refused = [table.refusal(model) for model in range(len(table.rows))]

    def all(self, order: list[int]) -> tuple[PairScore, ...]:
        return tuple(self.pair(a, b) for a, b in combinations(order, 2))

    def pair(self, a: int, b: int) -> PairScore:
        name_a, name_b = self.names[a], self.names[b]
        both, scale, human_a, human_b = self.common(a, b)
        judge_a, judge_b = self.judge[a, both], self.judge[b, both]
        judged = times(mean_of(judge_a - judge_b), scale)
        refused = self.refused[a] or self.refused[b]
        if not both.any():
            refused = f"{name_a} and {name_b} have no item in common."
        if refused is not None:
            return PairScore(name_a, name_b, None, None, None, False, judged, 0, refused)
        try:
            found = corrected_difference(judge_a, human_a[both], judge_b, human_b[both])
        except CannotEstimate as problem:
            return PairScore(name_a, name_b, None, None, None, False, judged, 0, problem.message)
        low, high = found.low * scale, found.high * scale
        flipped = judged is not None and ((judged > 0 and high < 0) or (judged < 0 and low > 0))
        return PairScore(name_a, name_b, found.value * scale, low, high, flipped, judged, found.n, None, found.flags)

    def common(self, a: int, b: int) -> tuple[Bools, float, Floats, Floats]:
        """Items to compare on, the scale for errors, and the sampled human scores of both models by item."""
        human_a, human_b = self.human[a], self.human[b]
        if self.table.errors == "skip":
            return self.answered[a] & self.answered[b], 1.0, human_a, human_b
        both = self.asked[a] & self.asked[b]
        # An error is a known 0, but it joins the sample only with the other model's review of that item.
        failed_a = self.asked[a] & ~self.answered[a] & ~np.isnan(human_b)
        failed_b = self.asked[b] & ~self.answered[b] & ~np.isnan(human_a)
        human_a, human_b = np.where(failed_a, 0.0, human_a), np.where(failed_b, 0.0, human_b)
        some = both & (self.answered[a] | self.answered[b])
        return some, float(some.sum() / max(both.sum(), 1)), human_a, human_b
