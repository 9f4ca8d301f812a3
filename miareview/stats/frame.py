"""The one long table of scores, as arrays: agreement, leaderboard, report and screens all read it.

A cell is one component of one response. Every array over cells has one length and one order: by response, then by
component. Values are fractions of the component's weight, NaN where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from miareview.model import CATEGORIES, DIFFICULTIES, ScoreColumns
from miareview.stats.numeric.resample import Bools, Floats, Ints

Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Ratings:
    """One value a cell, NaN where missing; `ungradable` where the verdict is that none can be given."""

    value: Floats
    ungradable: Bools

    @property
    def present(self) -> Bools:
        """Where there is an explicit verdict: a value, or ungradable."""
        return ~np.isnan(self.value) | self.ungradable


@dataclass(frozen=True, slots=True)
class Frame:
    """Scores of one judge and all reviewers on the responses of a benchmark.

    `blind`, `assisted` (reviewers, cells) are what each reviewer gave without and with the judge's score in sight,
    `*_ungradable` the verdicts that nothing can be given. `human` is one value a cell for estimates, `latest` the one
    for overrides (see `build_frame`); `human_blind` says where `human` rests on blind scores or gold. `gold` are the
    settled scores, `gold_seen` where they were settled with the judge's in sight; `others` (judges, cells) are what
    the judges named in `other_judges` gave. `ok`, `response_model`, `response_item`, `sampled` are by response, not by
    cell: which are answers (the others are errors, empty or missing), whose, to what, and which are in a usable random
    sample of their model.
    """

    columns: ScoreColumns
    reviewers: tuple[str, ...]
    response: Ints
    item: Ints
    model: Ints
    weight: Floats
    category: Texts
    difficulty: Texts
    judge: Floats
    blind: Floats
    blind_ungradable: Bools
    assisted: Floats
    assisted_ungradable: Bools
    human: Ratings
    latest: Ratings
    human_blind: Bools
    gold: Ratings
    gold_seen: Bools
    other_judges: tuple[str, ...]
    others: Floats
    ok: Bools
    response_model: Ints
    response_item: Ints
    sampled: Bools

    @property
    def categories(self) -> list[str]:
        """The categories that occur, in the benchmark's order."""
        return in_order(set(self.category.tolist()), CATEGORIES)

    @property
    def difficulties(self) -> list[str]:
        """The difficulties that occur, in the benchmark's order."""
        return in_order(set(self.difficulty.tolist()), DIFFICULTIES)

    def item_scores(self, ratings: Ratings) -> Floats:
        """Sum of points / sum of weights of each response (responses,).

        NaN unless every component has an explicit verdict; ungradable ones leave both sums, and a response with
        nothing gradable has no score.
        """
        gradable = ratings.present & ~ratings.ungradable
        points = self.per_response(np.where(gradable, np.nan_to_num(ratings.value) * self.weight, 0.0))
        weights = self.per_response(np.where(gradable, self.weight, 0.0))
        complete = self.per_response((~ratings.present).astype(np.float64)) == 0
        usable = complete & (weights > 0)
        return np.where(usable, points / np.where(weights > 0, weights, 1.0), np.nan)

    def judge_ratings(self) -> Ratings:
        """The judge as a rater."""
        return Ratings(self.judge, np.zeros(self.judge.size, dtype=bool))

    def with_overrides(self) -> Ratings:
        """The human's latest verdict where there is one, the judge elsewhere."""
        return Ratings(
            np.where(self.latest.present, self.latest.value, self.judge),
            self.latest.ungradable,
        )

    def per_response(self, values: npt.NDArray[np.generic]) -> Floats:
        """Sum of a cell array within each response (responses,)."""
        return np.bincount(self.response, weights=values, minlength=len(self.columns.responses)).astype(np.float64)


def build_frame(columns: ScoreColumns) -> Frame:
    """Build the table once from the stored columns.

    Where a cell has several human scores: gold wins; else the mean of the blind scores; where none is blind, the mean
    of the assisted ones. For `latest` each reviewer's assisted score stands before the blind one. A cell is
    ungradable where gold, or every reviewer that counts, says so. A rater's repeated score replaces the earlier one.
    Raises ValueError where a score's component is not one of its response's item.
    """
    cells = _Cells.of(columns)
    reviewers = [code for code, kind in enumerate(columns.rater_kind) if kind == "human"]
    row_of = {code: row for row, code in enumerate(reviewers)}
    shape = (len(reviewers), cells.response.size)
    blind, assisted = np.full(shape, np.nan), np.full(shape, np.nan)
    blind_not, assisted_not = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    judge, gold = np.full(shape[1], np.nan), np.full(shape[1], np.nan)
    gold_not, gold_blind = np.zeros(shape[1], dtype=bool), np.zeros(shape[1], dtype=bool)
    judges = [code for code, kind in enumerate(columns.rater_kind) if kind == "judge"]
    named = [code for code in judges if columns.raters[code] == columns.judge]
    chosen = (named or judges or [-1])[0]
    other_row = {code: row for row, code in enumerate(code for code in judges if code != chosen)}
    others = np.full((len(other_row), shape[1]), np.nan)
    cell = cells.find(columns.score_response, columns.score_component)
    rater = np.array(columns.score_rater, dtype=np.int64)
    visible = np.array(columns.score_visible, dtype=bool)
    ungradable = np.array(columns.score_ungradable, dtype=bool)
    value = np.where(ungradable, np.nan, np.array(columns.score_fraction, dtype=np.float64))
    # Of a cell that is named twice in one assignment the last value stays: later scores replace earlier ones.
    by = rater == chosen
    judge[cell[by]] = value[by]
    for code, row in other_row.items():
        by = rater == code
        others[row, cell[by]] = value[by]
    by = np.isin(rater, [code for code, kind in enumerate(columns.rater_kind) if kind == "gold"])
    gold[cell[by]], gold_not[cell[by]], gold_blind[cell[by]] = value[by], ungradable[by], ~visible[by]
    for code, row in row_of.items():
        for shown, values, verdicts in ((False, blind, blind_not), (True, assisted, assisted_not)):
            by = (rater == code) & (visible == shown)
            values[row, cell[by]], verdicts[row, cell[by]] = value[by], ungradable[by]
    settled = Ratings(gold, gold_not)
    unseen, seen = Ratings(blind, blind_not), Ratings(assisted, assisted_not)
    any_blind = unseen.present.any(axis=0)
    return Frame(
        columns=columns,
        reviewers=tuple(columns.raters[code] for code in reviewers),
        response=cells.response,
        item=cells.item,
        model=cells.model,
        weight=np.array(columns.component_weight, dtype=np.float64)[cells.component],
        category=np.array(columns.component_category, dtype=np.str_)[cells.component],
        difficulty=np.array(columns.item_difficulty, dtype=np.str_)[cells.item],
        judge=judge,
        blind=blind,
        blind_ungradable=blind_not,
        assisted=assisted,
        assisted_ungradable=assisted_not,
        human=_either(settled, _either(_consensus(unseen), _consensus(seen))),
        latest=_either(settled, _consensus(_either(seen, unseen))),
        human_blind=np.where(settled.present & ~any_blind, gold_blind, any_blind),
        gold=settled,
        gold_seen=settled.present & ~gold_blind,
        other_judges=tuple(columns.raters[code] for code in other_row),
        others=others,
        ok=np.array([status == "ok" for status in columns.response_status], dtype=bool),
        response_model=np.array(columns.response_model, dtype=np.int64),
        response_item=np.array(columns.response_item, dtype=np.int64),
        sampled=_sampled(columns),
    )


def _sampled(columns: ScoreColumns) -> Bools:
    """Which responses are in a usable random sample of their model (responses,)."""
    code = {id: response for response, id in enumerate(columns.responses)}
    chosen = np.zeros(len(code), dtype=bool)
    for sample in columns.samples:
        if sample is not None and not sample.reason:
            chosen[[code[id] for id in sample.responses if id in code]] = True
    return chosen


def in_order(names: set[str], known: tuple[str, ...]) -> list[str]:
    """The known names first, in their order, then the others by name."""
    return [name for name in known if name in names] + sorted(names - set(known))


def _either(first: Ratings, second: Ratings) -> Ratings:
    """The first rating where there is one, else the second."""
    has = first.present
    return Ratings(np.where(has, first.value, second.value), np.where(has, first.ungradable, second.ungradable))


def _consensus(ratings: Ratings) -> Ratings:
    """Mean over reviewers of the values given (reviewers, cells) to (cells,); ungradable if no one gave a value."""
    has = ~np.isnan(ratings.value)
    count = has.sum(axis=0)
    mean = np.where(has, ratings.value, 0.0).sum(axis=0) / np.maximum(count, 1)
    return Ratings(np.where(count > 0, mean, np.nan), (count == 0) & ratings.ungradable.any(axis=0))


@dataclass(frozen=True, slots=True)
class _Cells:
    response: Ints
    component: Ints
    item: Ints
    model: Ints
    start: Ints
    item_of_component: Ints
    item_of_response: Ints
    place: Ints

    @classmethod
    def of(cls, columns: ScoreColumns) -> _Cells:
        item_of_component = np.array(columns.component_item, dtype=np.int64)
        item_of_response = np.array(columns.response_item, dtype=np.int64)
        by_item = np.argsort(item_of_component, kind="stable")  # an item's components together, in their order
        parts = np.bincount(item_of_component, minlength=len(columns.items))
        first = np.cumsum(parts) - parts
        place = np.empty_like(by_item)
        place[by_item] = np.arange(by_item.size) - first[item_of_component[by_item]]
        size = parts[item_of_response]
        start = np.cumsum(size) - size
        cells = np.repeat(np.arange(size.size), size)
        item = item_of_response[cells]
        return cls(
            cells,
            by_item[first[item] + np.arange(cells.size) - start[cells]],
            item,
            np.array(columns.response_model, dtype=np.int64)[cells],
            start,
            item_of_component,
            item_of_response,
            place,
        )

    def find(self, responses: list[int], components: list[int]) -> Ints:
        """The cell of each component of each response."""
        response, component = np.array(responses, dtype=np.int64), np.array(components, dtype=np.int64)
        wrong = np.flatnonzero(self.item_of_component[component] != self.item_of_response[response])
        if wrong.size:
            raise ValueError(
                f"Component {component[wrong[0]]} is not one of the item that response {response[wrong[0]]} answers."
            )
        cells: Ints = self.start[response] + self.place[component]
        return cells
