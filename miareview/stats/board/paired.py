"""Models compared two by two on the items that both answered, which says more than their single intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from miareview.stats.board.contest import Contest, Field, contest
from miareview.stats.board.item_scores import ItemScores
from miareview.stats.board.ranks import Deviations
from miareview.stats.board.scores import PILOT, PairScore
from miareview.stats.correction.estimate import FEW_DISAGREEMENTS
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import Bools, Floats, Ints

IMBALANCE = 0.25  # share of the reviews that would have to change hands for two models to have the same reviewers


class Pairs:
    """Every two models of a board: the contest, what the judge says of them, and who reviewed what."""

    def __init__(self, table: ItemScores, deviations: Deviations | None) -> None:
        self.table = table
        self.names = table.frame.columns.models
        self.refused = [table.refusal(model) for model in range(len(table.rows))]
        asked, answered = self._answers()
        counted = asked if table.errors == "zero" else answered
        self.field, self.lacking = self._field(counted, answered)
        self.answered = answered
        self.contest = contest(self.field, deviations)
        self.scale = self._scale(asked, answered)
        self.judged = self._judged(counted) * self.scale
        self.imbalance, self.codes = self._reviewers()
        self.mixed = self.imbalance > np.maximum(IMBALANCE, 1.3 / np.sqrt(np.maximum(self.contest.n, 1)))
        self.within = np.zeros_like(self.mixed)
        if self.mixed.any():
            self.contest = self._within_reviewers(self.contest, deviations)

    def scores(self, order: list[int]) -> tuple[PairScore, ...]:
        """The pairs of the models in that order."""
        first, second = np.triu_indices(len(order), 1)
        places = np.array(order, dtype=np.int64)
        a, b = places[first], places[second]
        found, scale = self.contest, self.scale[a, b]
        value, judged = found.value[a, b] * scale, self.judged[a, b]
        low, high, low_all, high_all, low_any, high_any = (
            end[a, b] * scale for margin in (found.single, found.all, found.any) for end in found.ends(margin)
        )
        n, total = found.n[a, b], found.total[a, b]
        against = ((judged > 0) & (high_all < 0)) | ((judged < 0) & (low_all > 0))
        flipped = against & (n >= np.minimum(PILOT, total))
        columns = (value, low, high, flipped, judged, n, low_all, high_all, low_any, high_any, found.settled()[a, b],
                   total)  # fmt: skip
        rows = zip(*(column.tolist() for column in columns), strict=True)
        pairs = zip(a.tolist(), b.tolist(), self._refusals(a, b), self._flags(a, b), rows, strict=True)
        return tuple(self._score(*pair) for pair in pairs)

    def _score(self, a: int, b: int, refused: Flag | None, flags: tuple[Flag, ...], row: tuple[Any, ...]) -> PairScore:
        value, low, high, flipped, judged, n, low_all, high_all, low_any, high_any, settled, total = row
        judged = None if np.isnan(judged) else judged
        if refused is not None:
            return PairScore(self.names[a], self.names[b], None, None, None, False, judged, 0, refused, flags)
        return PairScore(
            self.names[a], self.names[b], value, low, high, flipped, judged, n, None, flags, low_all, high_all, low_any,
            high_any, settled, total,
        )  # fmt: skip

    def _refusals(self, a: Ints, b: Ints) -> list[Flag | None]:
        """Why these pairs (pairs,) cannot be compared, None where they can."""
        found = self.contest
        refused = [self.refused[x] or self.refused[y] for x, y in zip(a.tolist(), b.tolist(), strict=True)]
        for at in np.flatnonzero(np.isnan(found.value[a, b]) | (self.mixed & ~self.within)[a, b]).tolist():
            n, names = int(found.n[a[at], b[at]]), (self.names[a[at]], self.names[b[at]])
            if refused[at] is None:
                mixed = self.mixed[a[at], b[at]]
                refused[at] = Flag("confounded", n, names=names) if mixed else Flag("too_few", n, 2)
        for at in np.flatnonzero(found.total[a, b] == 0).tolist():
            refused[at] = Flag("nothing_common", names=(self.names[a[at]], self.names[b[at]]))
        return refused

    def _flags(self, a: Ints, b: Ints) -> list[tuple[Flag, ...]]:
        """What to keep in mind of these pairs (pairs,)."""
        found = self.contest
        n, total, open_, few = found.n[a, b], found.total[a, b], found.open[a, b], found.disagreements[a, b]
        answered = self.answered.astype(np.int64)
        count = answered.sum(axis=1)
        both, each = (answered @ answered.T)[a, b], count[a] + count[b]
        lacking = np.array(self.lacking, dtype=np.int64)[a] + np.array(self.lacking, dtype=np.int64)[b]
        kinds = (
            ("gap", open_ > 0, open_, n + open_),
            ("confounded", self.mixed[a, b], n, total),
            ("unequal_answers", each > 2 * both, each - 2 * both, each - both),
            ("few_disagreements", (few < FEW_DISAGREEMENTS) & (n > 0) & (n < total), few, n),
            ("judge_missing", lacking > 0, lacking, total),
            ("pilot", n < np.minimum(PILOT, total), n, np.full_like(n, PILOT)),
        )
        flags: list[tuple[Flag, ...]] = [()] * a.size
        for code, where, *counts in kinds:
            columns = (column[where].tolist() for column in (np.arange(a.size), *counts))
            for at, many, of in zip(*columns, strict=True):
                flag = Flag(code, many, of)
                if code == "confounded":
                    x, y = int(a[at]), int(b[at])
                    flag = Flag(code, many, of, float(self.imbalance[x, y]), (self.names[x], self.names[y]))
                flags[at] += (flag,)
        return flags

    def _answers(self) -> tuple[Bools, Bools]:
        """Which items each model was asked, and which it answered (models, items)."""
        ok = self.table.by_item(self.table.ok.astype(np.float64))
        return ~np.isnan(ok), ok == 1.0

    def _field(self, counted: Bools, answered: Bools) -> tuple[Field, list[int]]:
        """The scores by item, and for how many items the judge's mean stands in. A failed answer is a known 0."""
        table = self.table
        judge = table.by_item(np.where(table.ok, table.judge, 0.0))
        lacking = []
        for row, usable in zip(judge, counted, strict=True):
            gaps = np.isnan(row) & usable
            lacking.append(int(gaps.sum()))
            known = row[usable & ~np.isnan(row)]
            if known.size:
                row[gaps] = known.mean()
        failed = counted & ~answered
        human, low, high = (
            np.where(failed, 0.0, table.by_item(np.where(table.drawn, values, np.nan)))
            for values in (table.human, table.least, table.most)
        )
        for model, refused in enumerate(self.refused):
            if refused is not None:
                human[model] = low[model] = high[model] = np.nan
        return Field(np.where(counted, judge, np.nan), human, low, high, failed), lacking

    def _scale(self, asked: Bools, answered: Bools) -> Floats:
        """Share of the common items that either answered, where errors count as zero; else 1."""
        if self.table.errors == "skip":
            return np.ones((len(asked), len(asked)))
        both = asked.astype(np.float64) @ asked.T.astype(np.float64)
        failed = (asked & ~answered).astype(np.float64)
        share: Floats = (both - failed @ failed.T) / np.maximum(both, 1.0)
        return share

    def _judged(self, counted: Bools) -> Floats:
        """The judge's mean difference over the common items that it has scored for both; NaN where there is none."""
        table = self.table
        judge = table.by_item(np.where(table.ok, table.judge, 0.0))
        known = (counted & ~np.isnan(judge)).astype(np.float64)
        sums = np.where(known > 0, judge, 0.0) @ known.T
        failed = known * ~self.answered
        both = known @ known.T - failed @ failed.T
        return np.where(both > 0, (sums - sums.T) / np.maximum(both, 1.0), np.nan)

    def _reviewers(self) -> tuple[Floats, Floats]:
        """How far the reviewers of two models differ, 0 (the same shares) to 1, on the items reviewed for both.

        Also a code of the set of reviewers of each (models, items). Total variation distance of the reviewers' shares.
        """
        table, frame = self.table, self.table.frame
        size = len(self.names)
        present = ~np.isnan(frame.blind) | ~np.isnan(frame.assisted)
        given = np.array([frame.per_response(row) > 0 for row in present], dtype=bool)
        given = given.reshape(len(present), len(frame.columns.responses))
        read = np.flatnonzero(given.any(axis=0))
        code: Floats = np.zeros(given.shape[1])
        code[read] = np.unique(given[:, read], axis=1, return_inverse=True)[1].reshape(-1) + 1
        codes = table.by_item(code)
        if given.any(axis=1).sum() < 2:
            return np.zeros((size, size)), codes
        known = (~np.isnan(self.field.human) & self.answered).astype(np.float64)
        people = np.maximum(given.sum(axis=0), 1)
        apart = np.zeros((size, size))
        for row in given:
            share = np.nan_to_num(table.by_item(row / people)) * known @ known.T
            apart += np.abs(share - share.T) / 2.0
        return apart / np.maximum(known @ known.T, 1.0), codes

    def _within_reviewers(self, found: Contest, deviations: Deviations | None) -> Contest:
        """Mixed pairs anew, on the items that the same people reviewed for both; from 15 of them on."""
        names = ("value", "low", "high", "se", "least", "most", "single", "all", "any")
        arrays = {name: getattr(found, name).copy() for name in (*names, "n", "open", "disagreements")}
        for a, b in zip(*np.nonzero(np.triu(self.mixed, 1)), strict=True):
            pair = [a, b]
            field = self.field
            other = self.codes[a] != self.codes[b]
            human, low, high = (np.where(other, np.nan, part[pair]) for part in (field.human, field.low, field.high))
            failed = None if field.failed is None else field.failed[pair]
            few = contest(replace(field, judge=field.judge[pair], human=human, low=low, high=high, failed=failed), None)
            usable = few.n[0, 1] >= PILOT
            self.within[a, b] = self.within[b, a] = usable
            wider = found.all[a, b] / found.single[a, b], found.any[a, b] / found.single[a, b]
            for x, y, u, v in ((a, b, 0, 1), (b, a, 1, 0)):
                for name in arrays:
                    if name not in ("all", "any"):
                        value = getattr(few, name)[u, v]
                        arrays[name][x, y] = np.nan if not usable and name in names else value
                for name, factor in zip(("all", "any"), wider, strict=True):
                    arrays[name][x, y] = few.single[u, v] * factor if usable else np.nan
        return replace(found, **arrays)
