"""The leaderboard: each model's score as published, recomputed, with overrides, and corrected for the judge.

Values are fractions 0-1, None where there is nothing to average. With errors="zero" a response that is no answer
(error, empty or missing) scores 0 for judge and human alike: a stratum known without review, by which the other
values are scaled. "As published" never counts them, as the published notebook does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from miareview.model import Sample, ScoreColumns
from miareview.stats.correction import CannotEstimate, Estimate, corrected_difference, corrected_domain, corrected_mean
from miareview.stats.frame import Frame, build_frame
from miareview.stats.resample import Bools, Floats

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
class ModelScore:
    """One line of the leaderboard. `answers` of `responses` have status ok; counts are responses."""

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

    def to_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "responses": self.responses,
            "answers": self.answers,
            "judged": self.judged,
            "reviewed": self.reviewed,
            "reviewed_random": self.reviewed_random,
            "as_published": self.as_published.to_json(),
            "recomputed": self.recomputed.to_json(),
            "with_overrides": {"value": self.with_overrides, "partial_audit": True},
            "corrected": self.corrected.to_json() if self.corrected else None,
            "corrected_refused": self.refused,
            "categories": [category.to_json() for category in self.categories],
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
    """All models, the best recomputed score first, and all pairs of them in that order."""

    benchmark: str
    judge: str
    errors: Errors
    models: tuple[ModelScore, ...]
    pairs: tuple[PairScore, ...]
    left_out: tuple[tuple[str, int], ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `scores --json`: plain lists, dicts, numbers and None."""
        return {
            "benchmark": self.benchmark,
            "judge": self.judge,
            "errors": self.errors,
            "models": [model.to_json() for model in self.models],
            "pairs": [pair.to_json() for pair in self.pairs],
            "left_out": [{"reason": reason, "count": count} for reason, count in self.left_out],
        }


def leaderboard(source: ScoreColumns | Frame, *, errors: Errors = "skip", by_category: bool = True) -> Leaderboard:
    """Score every model of the columns (or of a frame already built from them).

    A corrected score needs a random sample of the model's answers; where it cannot be given, `refused` says why and
    what to do. Raises ValueError on an unknown `errors`.
    """
    if errors not in ("skip", "zero"):
        raise ValueError(f"Unknown treatment of errors {errors!r}: choose skip or zero.")
    frame = source if isinstance(source, Frame) else build_frame(source)
    table = _Scores(frame, errors)
    columns = frame.columns
    models = [table.model(model, by_category) for model in range(len(columns.models))]
    order = sorted(range(len(models)), key=lambda m: (*_descending(models[m].recomputed.value), models[m].model))
    pairs = [table.pair(a, b) for a, b in combinations(order, 2)]
    return Leaderboard(
        columns.benchmark, columns.judge, errors, tuple(models[m] for m in order), tuple(pairs),
        tuple(columns.left_out),
    )  # fmt: skip


def _descending(value: float | None) -> tuple[bool, float]:
    return value is None, -(value or 0.0)


def _mean(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


class _Scores:
    """Item scores of one frame, computed once, and what each line of the leaderboard takes from them."""

    def __init__(self, frame: Frame, errors: Errors) -> None:
        self.frame = frame
        self.errors = errors
        self.ok = frame.ok
        self.of_model, self.of_item = frame.response_model, frame.response_item
        self.samples = [frame.sample(model) for model in range(len(frame.columns.models))]
        self.judge = frame.item_scores(frame.judge_ratings())
        self.human = frame.item_scores(frame.human)
        self.overridden = frame.item_scores(frame.with_overrides())
        self.published = np.array(
            [np.nan if total is None else total for total in frame.columns.published_total], dtype=np.float64
        )
        self.judged = np.array([status is not None for status in frame.columns.judgment_status], dtype=bool)
        self.reviewed = frame.per_response(frame.latest.present) > 0
        self.assisted = frame.per_response(frame.human.present & ~frame.human_blind) > 0
        self.ungradable = frame.per_response(frame.human.ungradable)

    def model(self, model: int, by_category: bool) -> ModelScore:
        mine = self.of_model == model
        answers = mine & self.ok
        sample, drawn = self.samples[model]
        drawn = drawn & answers
        scale = self.scale(mine)
        used = answers & ~np.isnan(self.judge)
        published = answers & ~np.isnan(self.published)
        judged = answers & self.judged
        recomputed = _mean(self.judge[answers])
        overrides = _mean(self.overridden[answers])
        corrected, refused = self.corrected(model, sample, drawn, answers, scale)
        return ModelScore(
            model=self.frame.columns.models[model],
            responses=int(mine.sum()),
            answers=int(answers.sum()),
            judged=int(judged.sum()),
            reviewed=int((answers & self.reviewed).sum()),
            reviewed_random=int((drawn & ~np.isnan(self.human)).sum()),
            as_published=Mean(_mean(self.published[published]), int(published.sum()), int((judged & ~published).sum())),
            recomputed=Mean(_times(recomputed, scale), int(used.sum()), int((judged & ~used).sum())),
            with_overrides=_times(overrides, scale),
            corrected=corrected,
            refused=refused,
            categories=tuple(self.categories(model, sample, drawn, refused)) if by_category else (),
        )

    def scale(self, responses: Bools) -> float:
        """Share of answers among the responses where errors count as zero, else 1."""
        if self.errors == "skip":
            return 1.0
        return float((responses & self.ok).sum() / max(responses.sum(), 1))

    def corrected(
        self, model: int, sample: Sample | None, drawn: Bools, answers: Bools, scale: float
    ) -> tuple[Corrected | None, str | None]:
        refused = self.refusal(model, sample, answers)
        if refused is not None or sample is None:
            return None, refused
        human = np.where(drawn, self.human, np.nan)[answers]
        try:
            estimate = corrected_mean(self.judge[answers], human)
        except CannotEstimate as problem:
            return None, problem.message
        return Corrected(estimate, sample, scale, self.notes(drawn)), None

    def refusal(self, model: int, sample: Sample | None, answers: Bools) -> str | None:
        """Why the reviews of a model cannot stand for all of its answers, None if they can."""
        name = self.frame.columns.models[model]
        if sample is None:
            count = int((answers & self.reviewed).sum())
            why = f"its {count} reviewed responses were not drawn at random" if count else "none of it is reviewed"
            todo = "create a random queue (miareview queue create) and review it in its order"
            return f"No corrected score for {name}: {why}; {todo}."
        if sample.reason:
            return f"No corrected score for {name}: {sample.reason}."
        total = int(answers.sum())
        if sample.frame_size != total:
            return (
                f"No corrected score for {name}: the queue {sample.queue} was drawn from {sample.frame_size} responses,"
                f" but there are {total} now; draw a new queue."
            )
        return None

    def notes(self, drawn: Bools) -> tuple[str, ...]:
        notes = []
        assisted = int((drawn & self.assisted).sum())
        if assisted:
            notes.append(
                f"{assisted} of the {drawn.sum()} sampled responses were scored with the judge's score in sight;"
                " the correction inherits that anchoring."
            )
        ungradable = int(self.ungradable[drawn].sum())
        if ungradable:
            notes.append(f"{ungradable} components of the sample are ungradable and left out of the human scores.")
        incomplete = int((drawn & np.isnan(self.human)).sum())
        if incomplete:
            notes.append(f"{incomplete} sampled responses have no complete human score and are not used.")
        return tuple(notes)

    def categories(self, model: int, sample: Sample | None, drawn: Bools, refused: str | None) -> list[CategoryScore]:
        frame = self.frame
        scores = []
        for category in frame.categories:
            inside = (frame.model == model) & (frame.category == category)
            answered = inside & self.ok[frame.response]
            if not inside.any():
                continue
            scale = float(answered.sum() / inside.sum()) if self.errors == "zero" else 1.0
            recomputed = _mean(frame.judge[answered])
            corrected, why = None, refused
            if refused is None and sample is not None:
                human = np.where(drawn[frame.response], frame.human.value, np.nan)
                try:
                    found = corrected_domain(frame.judge, human, frame.item, answered)
                    corrected = Corrected(found, sample, scale, self.assisted_note(answered & drawn[frame.response]))
                except CannotEstimate as problem:
                    why = problem.message
            scores.append(CategoryScore(category, int(answered.sum()), _times(recomputed, scale), corrected, why))
        return scores

    def assisted_note(self, cells: Bools) -> tuple[str, ...]:
        seen = int((cells & self.frame.human.present & ~self.frame.human_blind).sum())
        return (f"{seen} components were scored with the judge's score in sight.",) if seen else ()

    def pair(self, a: int, b: int) -> PairScore:
        """Paired on the items that both models answered (errors="zero": that both were asked)."""
        names = self.frame.columns.models
        both, scale, (human_a, human_b) = self.common(a, b)
        # Among these items an answer that failed is there only where errors count as zero.
        judge = np.where(self.ok, self.judge, 0.0)
        judge_a, judge_b = self.of_items(judge, a)[both], self.of_items(judge, b)[both]
        judged = _times(_mean(judge_a - judge_b), scale)
        for model in (a, b):
            sample, _ = self.samples[model]
            refused = self.refusal(model, sample, (self.of_model == model) & self.ok)
            if not both.any():
                refused = f"{names[a]} and {names[b]} have no item in common."
            if refused is not None:
                return PairScore(names[a], names[b], None, None, None, False, judged, 0, refused)
        try:
            found = corrected_difference(judge_a, human_a[both], judge_b, human_b[both])
        except CannotEstimate as problem:
            return PairScore(names[a], names[b], None, None, None, False, judged, 0, problem.message)
        low, high = found.low * scale, found.high * scale
        flipped = judged is not None and ((judged > 0 and high < 0) or (judged < 0 and low > 0))
        return PairScore(
            names[a], names[b], found.value * scale, low, high, flipped, judged, found.n, None, found.flags
        )

    def common(self, a: int, b: int) -> tuple[Bools, float, tuple[Floats, Floats]]:
        """Items to compare on, the scale for errors, and the sampled human scores of both models by item."""
        humans = []
        asked, answered = [], []
        for model in (a, b):
            _, drawn = self.samples[model]
            humans.append(self.of_items(np.where(drawn & self.ok, self.human, np.nan), model))
            asked.append(self.of_items(np.ones(self.ok.size), model) == 1.0)
            answered.append(self.of_items(self.ok.astype(np.float64), model) == 1.0)
        if self.errors == "skip":
            return answered[0] & answered[1], 1.0, (humans[0], humans[1])
        both = asked[0] & asked[1]
        # An error is a known 0, but it joins the sample only with the other model's review of that item.
        for model in (0, 1):
            failed = asked[model] & ~answered[model] & ~np.isnan(humans[1 - model])
            humans[model] = np.where(failed, 0.0, humans[model])
        some = both & (answered[0] | answered[1])
        return some, float(some.sum() / max(both.sum(), 1)), (humans[0], humans[1])

    def of_items(self, values: Floats, model: int) -> Floats:
        """A model's values by item (items,), NaN for items it was not asked."""
        by_item = np.full(len(self.frame.columns.items), np.nan)
        mine = self.of_model == model
        by_item[self.of_item[mine]] = values[mine]
        return by_item
