"""Models compared two by two on the items that both answered, which says more than their single intervals."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from miareview.stats.board.contest import Contest, Field, contest
from miareview.stats.board.item_scores import ItemScores
from miareview.stats.board.ranks import Deviations
from miareview.stats.board.scores import PILOT, PairScore, is_pilot
from miareview.stats.correction.estimate import FEW_DISAGREEMENTS
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import Bools, Floats

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
        ends = {name: self.contest.ends(getattr(self.contest, name)) for name in ("single", "all", "any")}
        settled = self.contest.settled()
        return tuple(self._score(a, b, ends, bool(settled[a, b])) for a, b in combinations(order, 2))

    def _score(self, a: int, b: int, ends: dict[str, tuple[Floats, Floats]], settled: bool) -> PairScore:
        found, scale = self.contest, float(self.scale[a, b])
        judged = None if np.isnan(self.judged[a, b]) else float(self.judged[a, b])
        names, n = (self.names[a], self.names[b]), int(found.n[a, b])
        flags = self._flags(a, b)
        refused = self.refused[a] or self.refused[b]
        if not found.total[a, b]:
            refused = Flag("nothing_common", names=names)
        elif refused is None and self.mixed[a, b] and not self.within[a, b]:
            refused = Flag("confounded", n, names=names)
        elif refused is None and np.isnan(found.value[a, b]):
            refused = Flag("too_few", n, 2)
        if refused is not None:
            return PairScore(*names, None, None, None, False, judged, 0, refused, flags)
        (low, high), (low_all, high_all), (low_any, high_any) = (
            (float(of[0][a, b]) * scale, float(of[1][a, b]) * scale) for of in ends.values()
        )
        against = judged is not None and ((judged > 0 and high_all < 0) or (judged < 0 and low_all > 0))
        flipped = against and not is_pilot(n, int(found.total[a, b]))
        return PairScore(
            *names, float(found.value[a, b]) * scale, low, high, flipped, judged, n, None, flags,
            low_all, high_all, low_any, high_any, settled, int(found.total[a, b]),
        )  # fmt: skip

    def _flags(self, a: int, b: int) -> tuple[Flag, ...]:
        found, flags = self.contest, []
        n, total = int(found.n[a, b]), int(found.total[a, b])
        if found.open[a, b]:
            flags.append(Flag("gap", int(found.open[a, b]), n + int(found.open[a, b])))
        if self.mixed[a, b]:
            flags.append(Flag("confounded", n, total, float(self.imbalance[a, b]), (self.names[a], self.names[b])))
        alone = int((self.answered[a] != self.answered[b]).sum())
        if alone:
            flags.append(Flag("unequal_answers", alone, int((self.answered[a] | self.answered[b]).sum())))
        if found.disagreements[a, b] < FEW_DISAGREEMENTS and 0 < n < total:
            flags.append(Flag("few_disagreements", int(found.disagreements[a, b]), n))
        if self.lacking[a] + self.lacking[b]:
            flags.append(Flag("judge_missing", int(self.lacking[a] + self.lacking[b]), total))
        if is_pilot(n, total):
            flags.append(Flag("pilot", n, PILOT))
        return tuple(flags)

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
        failed = known * (self.field.failed if self.field.failed is not None else 0.0)
        both = known @ known.T - failed @ failed.T
        return np.where(both > 0, (sums - sums.T) / np.maximum(both, 1.0), np.nan)

    def _reviewers(self) -> tuple[Floats, Floats]:
        """How far the reviewers of two models differ, 0 (the same shares) to 1, on the items reviewed for both.

        Also a code of the set of reviewers of each (models, items). Total variation distance of the reviewers' shares.
        """
        table, frame = self.table, self.table.frame
        size = len(self.names)
        present = ~np.isnan(frame.blind) | ~np.isnan(frame.assisted)
        given = [frame.per_response(row) > 0 for row in present]
        code: Floats = np.zeros(len(frame.columns.responses))
        for at, row in enumerate(given[:50]):
            code += 2.0**at * row
        codes = table.by_item(code)
        if sum(bool(row.any()) for row in given) < 2:
            return np.zeros((size, size)), codes
        known = (~np.isnan(self.field.human) & self.answered).astype(np.float64)
        people = np.maximum(np.sum(given, axis=0), 1)
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
