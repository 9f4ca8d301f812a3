"""What a leaderboard says: one record a model, a pair, a category; all of them know their JSON.

Values are fractions 0-1, None where there is nothing to average or no honest estimate. What there are thousands of are
tuples: three hundred models are 44,850 pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from miareview.model import Sample
from miareview.stats.board.severity import Severities
from miareview.stats.correction import Estimate
from miareview.stats.flags import Flag, Say, flags_json, left_out_json
from miareview.stats.standing import NOBODY, Standing

Errors = Literal["skip", "zero"]
PILOT = 15  # reviewed items below which nothing is said of an order


def is_pilot(n: int, total: int) -> bool:
    """Whether `n` reviewed of `total` items are a pilot: fewer than 15, and not all."""
    return n < min(PILOT, total)


class Mean(NamedTuple):
    """A mean over `used` responses; `lost` were judged, but not so that they could be used."""

    value: float | None
    used: int
    lost: int

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "used": self.used, "lost": self.lost}


@dataclass(frozen=True, slots=True)
class Corrected:
    """An estimate, scaled for `errors`, and the queue it rests on.

    `people` are the ends of an interval for people like these, where `low` and `high` are for these people.
    """

    estimate: Estimate
    sample: Sample
    scale: float = 1.0
    notes: tuple[Flag, ...] = ()
    people: tuple[float, float] | None = None

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
    def flags(self) -> tuple[Flag, ...]:
        return self.notes + self.estimate.flags

    def to_json(self, say: Say) -> dict[str, Any]:
        found = self.estimate
        return {
            "value": self.value, "low": self.low, "high": self.high, "n": found.n, "total": found.total,
            "lam": found.lam, "method": found.method, "design": self.sample.design, "queue": self.sample.queue,
            "seed": self.sample.seed,
            "open": found.open,
            "people_like_these": None if self.people is None else dict(zip(("low", "high"), self.people, strict=True)),
            "flags": flags_json(self.flags, say),
        }  # fmt: skip


class CategoryScore(NamedTuple):
    """Mean over the components of a category; `refused` says why there is no corrected score."""

    category: str
    components: int
    recomputed: float | None
    corrected: Corrected | None
    refused: Flag | None

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "category": self.category,
            "components": self.components,
            "recomputed": self.recomputed,
            "corrected": self.corrected.to_json(say) if self.corrected else None,
            "corrected_refused": say(self.refused) if self.refused else None,
        }


class DifficultyScore(NamedTuple):
    """Mean item score over the `items` of a difficulty that were answered; otherwise as `CategoryScore`."""

    difficulty: str
    items: int
    recomputed: float | None
    corrected: Corrected | None
    refused: Flag | None

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "difficulty": self.difficulty,
            "items": self.items,
            "recomputed": self.recomputed,
            "corrected": self.corrected.to_json(say) if self.corrected else None,
            "corrected_refused": say(self.refused) if self.refused else None,
        }


class Rank(NamedTuple):
    """A model's place, 1 the best; equal scores share the better one.

    `low` to `high` are the places that all pairs leave possible, at 95 % for all models together. They and `corrected`
    are None where the model has no corrected score, or no other model has. `of` counts the models
    compared: for a corrected rank, and the judge's beside it, those that have a corrected score; else all.
    """

    judge: int
    corrected: int | None
    low: int | None
    high: int | None
    of: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "judge": self.judge, "corrected": self.corrected, "low": self.low, "high": self.high,
            "simultaneous": True, "of": self.of,
        }  # fmt: skip


class Pooled(NamedTuple):
    """A score that takes the judge's bias to be partly the same for all models, its 95 % ends and its rank."""

    value: float
    low: float
    high: float
    rank: int

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "low": self.low, "high": self.high, "rank": self.rank}


class Ungradable(NamedTuple):
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
    where the judge's replies did not come from a harness. `standing` is of the components of its random sample.
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
    refused: Flag | None
    categories: tuple[CategoryScore, ...]
    difficulties: tuple[DifficultyScore, ...] = ()
    ungradable: Ungradable | None = None
    rank: Rank | None = None
    as_harness: Mean | None = None
    pooled: Pooled | None = None
    flags: tuple[Flag, ...] = ()
    standing: Standing = NOBODY

    def to_json(self, say: Say) -> dict[str, Any]:
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
            "corrected": self.corrected.to_json(say) if self.corrected else None,
            "corrected_refused": say(self.refused) if self.refused else None,
            "rank": self.rank.to_json() if self.rank else None,
            "ungradable": self.ungradable.to_json() if self.ungradable else None,
            "pooled": self.pooled.to_json() if self.pooled else None,
            "standing": self.standing.to_json(),
            "flags": flags_json(self.flags, say),
            "categories": [category.to_json(say) for category in self.categories],
            "difficulties": [difficulty.to_json(say) for difficulty in self.difficulties],
        }


class PairScore(NamedTuple):
    """Corrected difference a - b on the items both answered; `judge_difference` is the judge's on the same items.

    `low`, `high` hold for this pair at this look, `low_all`, `high_all` for all pairs at once, `low_any`, `high_any`
    for all pairs however often somebody looks. `flipped`: the interval for all pairs lies on the other side of zero
    than the judge's difference; `settled`: the widest one holds no zero; neither for a pilot. `n` of `total`
    common items were reviewed.
    """

    a: str
    b: str
    difference: float | None
    low: float | None
    high: float | None
    flipped: bool
    judge_difference: float | None
    n: int
    refused: Flag | None
    flags: tuple[Flag, ...] = ()
    low_all: float | None = None
    high_all: float | None = None
    low_any: float | None = None
    high_any: float | None = None
    settled: bool = False
    total: int = 0

    @property
    def known(self) -> bool:
        return self.difference is not None

    @property
    def pilot(self) -> bool:
        """Too few items are reviewed for both to say who is ahead, or how many more would tell."""
        return self.known and is_pilot(self.n, self.total)

    def turned(self) -> PairScore:
        """The same pair as b - a."""

        def minus(value: float | None) -> float | None:
            return None if value is None else -value

        return self._replace(
            a=self.b, b=self.a, difference=minus(self.difference), judge_difference=minus(self.judge_difference),
            low=minus(self.high), high=minus(self.low), low_all=minus(self.high_all), high_all=minus(self.low_all),
            low_any=minus(self.high_any), high_any=minus(self.low_any),
        )  # fmt: skip

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "a": self.a, "b": self.b, "difference": self.difference, "low": self.low, "high": self.high,
            "low_all": self.low_all, "high_all": self.high_all, "low_any": self.low_any, "high_any": self.high_any,
            "flipped": self.flipped, "settled": self.settled, "judge_difference": self.judge_difference,
            "n": self.n, "total": self.total, "refused": say(self.refused) if self.refused else None,
            "flags": flags_json(self.flags, say),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """All models, the best recomputed score first, and all pairs of them in that order.

    `tau_b` is Kendall's between the judge's and the corrected scores, over the models with
    a corrected score. `bias_p` is the p-value of Cochran's Q: does the judge's bias differ between models?
    Margins come from `replicates` draws with `seed`. `severities` are those of the reviewers, where two of them have
    read 15 items.
    """

    benchmark: str
    judge: str
    errors: Errors
    models: tuple[ModelScore, ...]
    pairs: tuple[PairScore, ...]
    left_out: tuple[tuple[str, int], ...]
    tau_b: float | None = None
    replicates: int = 0
    seed: int = 0
    harness: str = ""
    judge_sees: bool | None = None
    bias_p: float | None = None
    flags: tuple[Flag, ...] = ()
    severities: Severities | None = None

    @property
    def unsettled(self) -> int:
        """Pairs whose order may still be either, however often somebody has looked."""
        return sum(1 for pair in self.pairs if pair.known and not pair.settled)

    def to_json(self, say: Say) -> dict[str, Any]:
        """The document of `scores --json`: plain lists, dicts, numbers and None."""
        return {
            "benchmark": self.benchmark,
            "judge": self.judge,
            "judge_sees_image": self.judge_sees,
            "harness": self.harness or None,
            "errors": self.errors,
            "models": [model.to_json(say) for model in self.models],
            "pairs": [pair.to_json(say) for pair in self.pairs],
            "tau_b": self.tau_b,
            "unsettled_pairs": self.unsettled,
            "bias_p": self.bias_p,
            "flags": flags_json(self.flags, say),
            "severities": self.severities.to_json() if self.severities else None,
            "replicates": self.replicates,
            "seed": self.seed,
            "left_out": left_out_json(self.left_out, say),
        }
