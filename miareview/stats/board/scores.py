"""What a leaderboard says: one record a model, a pair, a category; all of them know their JSON.

Values are fractions 0-1, None where there is nothing to average or no honest estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from miareview.model import Sample
from miareview.stats.correction import Estimate

Errors = Literal["skip", "zero"]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `used` responses; `lost` were judged, but not so that they could be used."""

    value: float | None
    used: int
    lost: int

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "used": self.used, "lost": self.lost}


@dataclass(frozen=True, slots=True)
class Corrected:
    """An estimate, scaled for `errors`, and the queue it rests on."""

    estimate: Estimate
    sample: Sample
    scale: float = 1.0
    notes: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        return self.estimate.value * self.scale

    @property
    def low(self) -> float:
        return self.estimate.low * self.scale

    @property
    def high(self) -> float:
        return self.estimate.high * self.scale

    @property
    def flags(self) -> tuple[str, ...]:
        return self.notes + self.estimate.flags

    def to_json(self) -> dict[str, Any]:
        found = self.estimate
        return {
            "value": self.value, "low": self.low, "high": self.high, "n": found.n, "total": found.total,
            "lam": found.lam, "method": found.method, "design": self.sample.design, "queue": self.sample.queue,
            "seed": self.sample.seed, "flags": list(self.flags),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """Mean over the components of a category; `refused` says why there is no corrected score."""

    category: str
    components: int
    recomputed: float | None
    corrected: Corrected | None
    refused: str | None

    def to_json(self) -> dict[str, Any]:
        return {
            "category": self.category,
            "components": self.components,
            "recomputed": self.recomputed,
            "corrected": self.corrected.to_json() if self.corrected else None,
            "corrected_refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class DifficultyScore:
    """Mean item score over the `items` of a difficulty that were answered; otherwise as `CategoryScore`."""

    difficulty: str
    items: int
    recomputed: float | None
    corrected: Corrected | None
    refused: str | None

    def to_json(self) -> dict[str, Any]:
        return {
            "difficulty": self.difficulty,
            "items": self.items,
            "recomputed": self.recomputed,
            "corrected": self.corrected.to_json() if self.corrected else None,
            "corrected_refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Rank:
    """A model's place, 1 the best; equal scores share the better one.

    `low` to `high` is the 95% interval of the corrected rank, `probability_best` the probability of being first. They
    and `corrected` are None where the model has no corrected score, or no other model has. `of` counts the models
    compared: for a corrected rank, and the judge's beside it, those that have a corrected score; else all.
    """

    judge: int
    corrected: int | None
    low: int | None
    high: int | None
    probability_best: float | None
    of: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "judge": self.judge, "corrected": self.corrected, "low": self.low, "high": self.high,
            "probability_best": self.probability_best, "of": self.of,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ungradable:
    """What the corrected score would be if the sample's ungradable components had no points, and if they had all.

    `components` of the sampled responses were found ungradable; the corrected score itself leaves them out.
    """

    components: int
    if_zero: float
    if_full: float

    def to_json(self) -> dict[str, Any]:
        return {"components": self.components, "if_zero": self.if_zero, "if_full": self.if_full}


@dataclass(frozen=True, slots=True)
class ModelScore:
    """One line of the leaderboard. `answers` of `responses` have status ok; counts are responses.

    `as_harness` is the mean that the harness itself gave out, over whatever it counted (failed responses too); None
    where the judge's replies did not come from a harness.
    """

    model: str
    responses: int
    answers: int
    judged: int
    reviewed: int
    reviewed_random: int
    as_published: Mean
    recomputed: Mean
    with_overrides: float | None
    corrected: Corrected | None
    refused: str | None
    categories: tuple[CategoryScore, ...]
    difficulties: tuple[DifficultyScore, ...] = ()
    ungradable: Ungradable | None = None
    rank: Rank | None = None
    as_harness: Mean | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "responses": self.responses,
            "answers": self.answers,
            "judged": self.judged,
            "reviewed": self.reviewed,
            "reviewed_random": self.reviewed_random,
            "as_published": self.as_published.to_json(),
            "as_harness": self.as_harness.to_json() if self.as_harness else None,
            "recomputed": self.recomputed.to_json(),
            "with_overrides": {"value": self.with_overrides, "partial_audit": True},
            "corrected": self.corrected.to_json() if self.corrected else None,
            "corrected_refused": self.refused,
            "rank": self.rank.to_json() if self.rank else None,
            "ungradable": self.ungradable.to_json() if self.ungradable else None,
            "categories": [category.to_json() for category in self.categories],
            "difficulties": [difficulty.to_json() for difficulty in self.difficulties],
        }


@dataclass(frozen=True, slots=True)
class PairScore:
    """Corrected difference a - b on the items both answered; `judge_difference` is the judge's on the same items.

    `flipped`: the interval of the corrected difference lies on the other side of zero than the judge's difference.
    """

    a: str
    b: str
    difference: float | None
    low: float | None
    high: float | None
    flipped: bool
    judge_difference: float | None
    n: int
    refused: str | None
    flags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "a": self.a, "b": self.b, "difference": self.difference, "low": self.low, "high": self.high,
            "flipped": self.flipped, "judge_difference": self.judge_difference, "n": self.n, "refused": self.refused,
            "flags": list(self.flags),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """All models, the best recomputed score first, and all pairs of them in that order.

    `tau_b` is Kendall's between the judge's and the corrected scores, `ranking_changes` the probability that full
    review would turn at least one pair round; both over the models with a corrected score, None below two. Ranks come
    from `replicates` draws with `seed`.
    """

    benchmark: str
    judge: str
    errors: Errors
    models: tuple[ModelScore, ...]
    pairs: tuple[PairScore, ...]
    left_out: tuple[tuple[str, int], ...]
    ranking_changes: float | None = None
    tau_b: float | None = None
    replicates: int = 0
    seed: int = 0
    harness: str = ""
    judge_sees: bool | None = None

    @property
    def unsettled(self) -> int:
        """Pairs whose corrected difference may have either sign."""
        return sum(
            1 for pair in self.pairs if pair.low is not None and pair.high is not None and pair.low < 0 < pair.high
        )

    def to_json(self) -> dict[str, Any]:
        """The document of `scores --json`: plain lists, dicts, numbers and None."""
        return {
            "benchmark": self.benchmark,
            "judge": self.judge,
            "judge_sees_image": self.judge_sees,
            "harness": self.harness or None,
            "errors": self.errors,
            "models": [model.to_json() for model in self.models],
            "pairs": [pair.to_json() for pair in self.pairs],
            "ranking_changes": self.ranking_changes,
            "tau_b": self.tau_b,
            "unsettled_pairs": self.unsettled,
            "replicates": self.replicates,
            "seed": self.seed,
            "left_out": [{"reason": reason, "count": count} for reason, count in self.left_out],
        }
