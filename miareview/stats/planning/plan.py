"""From the reviews so far to a plan: how many items until each number is as sure as it should be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from miareview.stats.board.scores import PILOT, is_pilot
from miareview.stats.correction import REFUSED_ITEMS, CannotEstimate, corrected_difference, corrected_mean
from miareview.stats.correction.estimate import COMPONENT_GUARD, GUARD, guard_rows, guarded
from miareview.stats.frame import Frame
from miareview.stats.numeric.resample import Bools, Floats, cluster_sums, encode
from miareview.stats.planning.sizes import ASSUMED_SDS, Spread, reviews_needed, spread_of


@dataclass(frozen=True, slots=True)
class CategoryNeed:
    """Items to review at random until a category is as sure as asked.

    `items` have components of the category, `spread.n` of them were reviewed; `in_category` of them are needed, and
    `needed` items of the benchmark, as a random sample brings the category in proportion.
    """

    category: str
    items: int
    spread: Spread
    in_category: int | None
    needed: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ModelNeed:
    """Items to review at random until a model's corrected score is as sure as asked; None where nothing is known.

    `half_width_now` is that of its corrected score, `assumed` what would be needed for spreads from a table.
    """

    model: str
    answers: int
    spread: Spread
    half_width_now: float | None
    needed: int | None
    assumed: tuple[tuple[float, int], ...]
    categories: tuple[CategoryNeed, ...]
    reason: str

    @property
    def more(self) -> int | None:
        return None if self.needed is None else max(self.needed - self.spread.n, 0)


@dataclass(frozen=True, slots=True)
class PairNeed:
    """Items to review for both of two neighbours until the sign of their difference a - b is sure.

    `difference` is the corrected one where it can be given, else the judge's; `settled` if its interval has no zero;
    below 15 reviewed items (a pilot) it is not, and `needed` is None.
    """

    a: str
    b: str
    difference: float | None
    total: int
    spread: Spread
    settled: bool
    needed: int | None
    reason: str

    @property
    def more(self) -> int | None:
        return None if self.needed is None else max(self.needed - self.spread.n, 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is needed of each model, and of neighbours in the ranking, for intervals of +/- `half_width`."""

    benchmark: str
    judge: str
    half_width: float
    confidence: float
    models: tuple[ModelNeed, ...]
    pairs: tuple[PairNeed, ...]

    @property
    def needed(self) -> int | None:
        """Items that give every model the half-width: None where no model has a pilot."""
        known = [model.needed for model in self.models if model.needed is not None]
        return max(known) if known else None

    def to_json(self) -> dict[str, Any]:
        """The document of `plan --json`, without the next step."""
        return {
            "benchmark": self.benchmark,
            "judge": self.judge,
            "half_width": self.half_width,
            "confidence": self.confidence,
            "models": [
                {
                    "model": model.model, "answers": model.answers, **_spread_json(model.spread),
                    "half_width_now": model.half_width_now, "needed": model.needed, "more": model.more,
                    "assumed": [{"sd": sd, "needed": needed} for sd, needed in model.assumed],
                    "categories": [
                        {
                            "category": found.category, "items": found.items, **_spread_json(found.spread),
                            "needed_in_category": found.in_category, "needed": found.needed, "reason": found.reason,
                        }
                        for found in model.categories
                    ],
                    "reason": model.reason,
                }
                for model in self.models
            ],
            "pairs": [
                {
                    "a": pair.a, "b": pair.b, "difference": pair.difference, "items": pair.total,
                    **_spread_json(pair.spread), "settled": pair.settled, "needed": pair.needed, "more": pair.more,
                    "reason": pair.reason,
                }
                for pair in self.pairs
            ],
        }  # fmt: skip


def _spread_json(spread: Spread) -> dict[str, Any]:
    return {"reviewed": spread.n, "sd": spread.sd, "sd_upper": spread.upper, "basis": spread.basis}


def make_plan(
    frame: Frame,
    half_width: float = 0.03,
    *,
    models: Collection[str] = (),
    by_category: bool = False,
    confidence: float = 0.95,
) -> Plan:
    """Plan the reviews of the named models (all if none is named), the best score first.

    The pilot is each model's random sample so far. Its spread of human - judge is taken with the guard of the
    corrected score and at its upper 80 % bound. Raises ValueError where the half-width is not above 0.
    """
    pilots = _Pilots(frame, half_width, confidence)
    chosen = [m for m, name in enumerate(frame.columns.models) if not models or name in models]
    needs = {m: pilots.model(m, by_category) for m in chosen}
    order = sorted(chosen, key=lambda m: (-pilots.score(m), frame.columns.models[m]))
    pairs = tuple(pilots.pair(a, b) for a, b in pairwise(order))
    columns = frame.columns
    return Plan(columns.benchmark, columns.judge, half_width, confidence, tuple(needs[m] for m in order), pairs)


class _Pilots:
    """Item scores of a frame and the random samples of its models, read once."""

    def __init__(self, frame: Frame, half_width: float, confidence: float) -> None:
        self.frame, self.half_width, self.confidence = frame, half_width, confidence
        self.judge = self.filled(frame.item_scores(frame.judge_ratings()))
        human = frame.item_scores(frame.human)
        self.sampled = frame.sampled() & frame.ok
        self.human = np.where(self.sampled, human, np.nan)

    def filled(self, judge: Floats) -> Floats:
        """A missing score of the judge is its mean for that model, as in the corrected score."""
        for model in range(len(self.frame.columns.models)):
            mine = self.answers(model)
            known = judge[mine & ~np.isnan(judge)]
            if known.size:
                judge[mine & np.isnan(judge)] = known.mean()
        return judge

    def answers(self, model: int) -> Bools:
        mine: Bools = (self.frame.response_model == model) & self.frame.ok
        return mine

    def score(self, model: int) -> float:
        """The corrected score where there is one, else the judge's; what models are ranked by."""
        mine = self.answers(model)
        try:
            return corrected_mean(self.judge[mine], self.human[mine]).value
        except CannotEstimate:
            known = self.judge[mine]
            return float(known[~np.isnan(known)].mean()) if (~np.isnan(known)).any() else -1.0

    def model(self, model: int, by_category: bool) -> ModelNeed:
        mine = self.answers(model)
        total = int(mine.sum())
        judge, human = self.judge[mine], self.human[mine]
        spread = _spread(human - judge)
        now: float | None = None
        try:
            found = corrected_mean(judge, human, confidence=self.confidence)
            now = (found.high - found.low) / 2.0
        except CannotEstimate:
            pass
        sample, _ = self.frame.sample(model)
        return ModelNeed(
            model=self.frame.columns.models[model],
            answers=total,
            spread=spread,
            half_width_now=now,
            needed=self.needed(spread.upper, self.half_width, total),
            assumed=tuple((sd, reviews_needed(sd, self.half_width, total, self.confidence)) for sd in ASSUMED_SDS)
            if total
            else (),
            categories=tuple(self.category(model, name, total) for name in self.frame.categories)
            if by_category
            else (),
            reason=sample.reason if sample is not None else "",
        )

    def category(self, model: int, name: str, total: int) -> CategoryNeed:
        """By items: the spread of the summed differences of an item, over the mean number of components in one."""
        frame = self.frame
        inside = (frame.model == model) & (frame.category == name) & frame.ok[frame.response]
        size = int(np.unique(frame.item[inside]).size)
        gap = np.where(self.sampled[frame.response], frame.human.value, np.nan) - frame.judge
        used = inside & ~np.isnan(gap)
        drawn = int(np.unique(frame.item[used]).size)
        nothing = Spread(drawn, None, None, "none")
        if drawn == size:
            return CategoryNeed(name, size, nothing, None, None, "all of its items are reviewed")
        if drawn < REFUSED_ITEMS:
            reason = f"{drawn} of its {size} items are reviewed; a plan needs {REFUSED_ITEMS}"
            return CategoryNeed(name, size, nothing, None, None, reason)
        codes, count = encode(frame.item[used])
        residuals = gap[used] - gap[used].mean()
        sums = cluster_sums(residuals[:, None], codes, count)[:, 0]
        means = np.bincount(codes, weights=gap[used]) / np.bincount(codes)
        rows = guard_rows(means)
        scatter = float((sums**2).sum()) + rows * COMPONENT_GUARD**2
        spread = spread_of(float(np.sqrt(scatter / (count - 1 + rows))) * count / int(used.sum()), count)
        wanted = self.needed(spread.upper, self.half_width, size)
        every = None if wanted is None else min(total, -(-wanted * total // size))
        return CategoryNeed(name, size, spread, wanted, every, "")

    def pair(self, a: int, b: int) -> PairNeed:
        judge_a, human_a = self.by_item(a)
        judge_b, human_b = self.by_item(b)
        both = ~np.isnan(judge_a) & ~np.isnan(judge_b)
        names = self.frame.columns.models
        total = int(both.sum())
        nothing = Spread(0, None, None, "none")
        if not total:
            return PairNeed(
                names[a], names[b], None, 0, nothing, False, None, "no item was answered by both and judged"
            )
        gap = (judge_a - judge_b)[both]
        residuals = (human_a - human_b)[both] - gap
        spread = _spread(residuals)
        try:
            found = corrected_difference(
                judge_a[both], human_a[both], judge_b[both], human_b[both], confidence=self.confidence
            )
            difference, settled = found.value, not found.low <= 0.0 <= found.high
        except CannotEstimate:
            difference, settled = float(gap.mean()), False
        if is_pilot(spread.n, total):
            reason = f"a pilot: {spread.n} of {min(PILOT, total)} items that a plan of a pair needs"
            return PairNeed(names[a], names[b], difference, total, spread, False, None, reason)
        if settled:
            return PairNeed(names[a], names[b], difference, total, spread, True, spread.n, "")
        if spread.upper is None:
            reason = "no item of theirs was reviewed at random for both"
            return PairNeed(names[a], names[b], difference, total, spread, False, None, reason)
        if abs(difference) < 1e-12:
            reason = "they are level; only a full review can part them"
            return PairNeed(names[a], names[b], difference, total, spread, False, total, reason)
        needed = self.needed(spread.upper, abs(difference), total)
        return PairNeed(names[a], names[b], difference, total, spread, False, needed, "")

    def by_item(self, model: int) -> tuple[Floats, Floats]:
        judge, human = (np.full(len(self.frame.columns.items), np.nan) for _ in range(2))
        mine = self.answers(model)
        judge[self.frame.response_item[mine]] = self.judge[mine]
        human[self.frame.response_item[mine]] = self.human[mine]
        return judge, human

    def needed(self, sd: float | None, half_width: float, total: int) -> int | None:
        return None if sd is None or not total else reviews_needed(sd, half_width, total, self.confidence)


def _spread(gap: Floats) -> Spread:
    """The spread of the differences that are there, with the guard that their interval will have."""
    known = gap[~np.isnan(gap)]
    if known.size < 2:
        return Spread(int(known.size), None, None, "none")
    return spread_of(float(np.sqrt(guarded(known, GUARD, guard_rows(known)))), int(known.size))
