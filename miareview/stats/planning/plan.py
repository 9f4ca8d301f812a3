"""From the reviews so far to a plan: how many items until each number is as sure as it should be.

Scores, intervals and what is settled are those of the leaderboard; a plan only adds how many more items it takes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.board.scores import PILOT, Leaderboard, ModelScore, PairScore, is_pilot
from miareview.stats.correction.estimate import COMPONENT_GUARD, GUARD, guard_rows, guarded
from miareview.stats.flags import Flag, Say
from miareview.stats.frame import Frame
from miareview.stats.numeric.resample import Floats, cluster_sums, encode
from miareview.stats.planning.sizes import ASSUMED_SDS, Spread, more_to_settle, reviews_needed, spread_of


@dataclass(frozen=True, slots=True)
class CategoryNeed:
    """Items to review at random until a category is as sure as asked.

    `items` have components of the category, `spread.n` of them were reviewed; `in_category` of them are needed, and
    `needed` items of the benchmark, as a random sample brings the category in proportion. Both are None below 15
    reviewed items; `refused` says so.
    """

    category: str
    items: int
    spread: Spread
    in_category: int | None
    needed: int | None
    refused: Flag | None


@dataclass(frozen=True, slots=True)
class ModelNeed:
    """Items to review at random until a model's corrected score is as sure as asked.

    `needed` is None where nothing is known, and below 15 reviewed items (a pilot); `refused` says so.
    `half_width_now` is that of its corrected score, `assumed` what would be needed for spreads from a table.
    """

    model: str
    answers: int
    spread: Spread
    half_width_now: float | None
    needed: int | None
    assumed: tuple[tuple[float, int], ...]
    categories: tuple[CategoryNeed, ...]
    refused: Flag | None

    @property
    def more(self) -> int | None:
        return None if self.needed is None else max(self.needed - self.spread.n, 0)


@dataclass(frozen=True, slots=True)
class PairNeed:
    """Two neighbours of the ranking, and how many `more` items settle who is ahead, with 80 % assurance.

    `more` is 0 where the pair is settled, however often one looks; None where nearly all items would be needed, for a
    pilot (below 15 reviewed items), and where the pair is refused; `refused` says the last two.
    """

    pair: PairScore
    more: int | None
    refused: Flag | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is needed of each model, and of neighbours in the ranking, for intervals of +/- `half_width`.

    `twice` counts the items that two people have read, where several people review; None where one does.
    """

    benchmark: str
    judge: str
    half_width: float
    confidence: float
    models: tuple[ModelNeed, ...]
    pairs: tuple[PairNeed, ...]
    twice: int | None = None

    @property
    def needed(self) -> int | None:
        """Items that give every model the half-width: None where no model has a number."""
        known = [model.needed for model in self.models if model.needed is not None]
        return max(known) if known else None

    def to_json(self, say: Say) -> dict[str, Any]:
        """The document of `plan --json`, without the next step."""
        return {
            "benchmark": self.benchmark,
            "judge": self.judge,
            "half_width": self.half_width,
            "confidence": self.confidence,
            "items_read_by_two": self.twice,
            "models": [
                {
                    "model": model.model, "answers": model.answers, **_spread_json(model.spread),
                    "half_width_now": model.half_width_now, "needed": model.needed, "more": model.more,
                    "assumed": [{"sd": sd, "needed": needed} for sd, needed in model.assumed],
                    "categories": [
                        {
                            "category": found.category, "items": found.items, **_spread_json(found.spread),
                            "needed_in_category": found.in_category, "needed": found.needed,
                            "reason": say(found.refused) if found.refused else "",
                        }
                        for found in model.categories
                    ],
                    "reason": say(model.refused) if model.refused else "",
                }
                for model in self.models
            ],
            "pairs": [
                {
                    "a": one.pair.a, "b": one.pair.b, "difference": one.pair.difference, "items": one.pair.total,
                    "reviewed": one.pair.n, "settled": one.pair.settled, "more": one.more,
                    "reason": say(one.refused) if one.refused else "",
                }
                for one in self.pairs
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
    board: Leaderboard | None = None,
) -> Plan:
    """Plan the reviews of the named models (all if none is named), the best score first.

    The pilot is each model's random sample so far. Its spread of human - judge is taken with the guard of the
    corrected score and at its upper 80 % bound. `board` is the frame's leaderboard, where there is one already.
    Raises ValueError where the half-width is not above 0.
    """
    if not half_width > 0:
        raise ValueError("Planning needs a half-width above 0.")
    board = board or leaderboard(frame, by_category=False, by_difficulty=False)
    wanted = _Wanted(frame, half_width, confidence)
    chosen = [model for model in board.models if not models or model.model in models]
    chosen.sort(key=lambda model: (-_score(model), model.model))
    of = {frozenset((pair.a, pair.b)): pair for pair in board.pairs}
    pairs = tuple(_pair(of[frozenset((a.model, b.model))], a.model) for a, b in pairwise(chosen))
    needs = tuple(wanted.model(model, by_category) for model in chosen)
    return Plan(board.benchmark, board.judge, half_width, confidence, needs, pairs, _read_by_two(frame))


def _score(model: ModelScore) -> float:
    """The corrected score where there is one, else the judge's; what models are ranked by."""
    found = model.corrected.value if model.corrected else model.recomputed.value
    return -1.0 if found is None else found


def _pair(pair: PairScore, ahead: str) -> PairNeed:
    """The pair with `ahead` first, and what it takes."""
    pair = pair if pair.a == ahead else pair.turned()
    if pair.refused is not None:
        return PairNeed(pair, None, pair.refused)
    if pair.pilot:
        return PairNeed(pair, None, Flag("pilot", pair.n, min(PILOT, pair.total)))
    return PairNeed(pair, needed(pair), None)


def needed(pair: PairScore) -> int | None:
    """How many more items would settle the pair with 80 % assurance, 0 where it is settled.

    None for a pilot, where the pair is refused, and where nearly all items would be needed.
    """
    if pair.pilot or pair.difference is None or pair.low is None or pair.high is None:
        return None
    if pair.settled:
        return 0
    low, high = (alone if end is None else end for end, alone in ((pair.low_any, pair.low), (pair.high_any, pair.high)))
    return more_to_settle(pair.difference, pair.low, pair.high, low, high, pair.n, pair.total)


def _read_by_two(frame: Frame) -> int | None:
    """Items with a component that two people have scored blind; None where fewer than two people review."""
    given = ~np.isnan(frame.blind)
    if given.any(axis=1).sum() < 2:
        return None
    return int(np.unique(frame.item[given.sum(axis=0) >= 2]).size)


class _Wanted:
    """How many items each number takes, from the spread of human - judge in the random samples."""

    def __init__(self, frame: Frame, half_width: float, confidence: float) -> None:
        self.frame, self.half_width, self.confidence = frame, half_width, confidence
        self.judge = frame.item_scores(frame.judge_ratings())
        self.sampled = frame.sampled & frame.ok
        self.human = np.where(self.sampled, frame.item_scores(frame.human), np.nan)

    def model(self, score: ModelScore, by_category: bool) -> ModelNeed:
        frame, fixed = self.frame, score.corrected
        model = frame.columns.models.index(score.model)
        mine = (frame.response_model == model) & frame.ok
        judge, total = self.judge[mine], score.answers
        if (~np.isnan(judge)).any():
            judge = np.where(np.isnan(judge), np.nanmean(judge), judge)  # as in the corrected score
        spread = _spread(self.human[mine] - judge)
        refused = score.refused
        if refused is None and is_pilot(spread.n, total):
            refused = Flag("pilot", spread.n, min(PILOT, total))
        return ModelNeed(
            model=score.model,
            answers=total,
            spread=spread,
            half_width_now=(fixed.high - fixed.low) / 2.0 if fixed else None,
            needed=None if refused else self.needed(spread.upper, total),
            assumed=tuple((sd, reviews_needed(sd, self.half_width, total, self.confidence)) for sd in ASSUMED_SDS)
            if total
            else (),
            categories=tuple(self.category(model, name, total) for name in frame.categories) if by_category else (),
            refused=refused,
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
            return CategoryNeed(name, size, nothing, None, None, Flag("all_reviewed"))
        if is_pilot(drawn, size):
            return CategoryNeed(name, size, nothing, None, None, Flag("pilot", drawn, min(PILOT, size)))
        codes, count = encode(frame.item[used])
        residuals = gap[used] - gap[used].mean()
        sums = cluster_sums(residuals[:, None], codes, count)[:, 0]
        means = np.bincount(codes, weights=gap[used]) / np.bincount(codes)
        rows = guard_rows(means)
        scatter = float((sums**2).sum()) + rows * COMPONENT_GUARD**2
        spread = spread_of(float(np.sqrt(scatter / (count - 1 + rows))) * count / int(used.sum()), count)
        wanted = self.needed(spread.upper, size)
        every = None if wanted is None else min(total, -(-wanted * total // size))
        return CategoryNeed(name, size, spread, wanted, every, None)

    def needed(self, sd: float | None, total: int) -> int | None:
        return None if sd is None or not total else reviews_needed(sd, self.half_width, total, self.confidence)


def _spread(gap: Floats) -> Spread:
    """The spread of the differences that are there, with the guard that their interval will have."""
    known = gap[~np.isnan(gap)]
    if known.size < 2:
        return Spread(int(known.size), None, None, "none")
    return spread_of(float(np.sqrt(guarded(known, GUARD, guard_rows(known)))), int(known.size))
