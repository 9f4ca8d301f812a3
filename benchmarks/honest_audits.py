"""Simulated audits for bench_honest.py: judge, people, and what the product makes of them.

Human and judge are made: item scores in tenths, shared hard items, a judge that is right on about half of them and
lenient on the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from miareview.model import Sample, ScoreColumns
from miareview.stats.board.contest import Contest, Field, contest
from miareview.stats.board.ranks import Deviations, joint_deviations
from miareview.stats.correction import corrected_mean
from miareview.stats.correction.estimate import Bounds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ITEMS = 400
nan = float("nan")


def audit(
    rng: np.random.Generator,
    models: int,
    *,
    differs: float = 0.0,
    quality: float = 0.02,
    equal: bool = False,
    human_sd: float = 0.13,
    error_sd: float = 0.14,
) -> tuple[Floats, Floats]:
    """Judge's and human's item scores (models, items); `differs` is the sd of the judge's bias between models.

    `human_sd` and `error_sd` are the spreads of the human's scores and the judge's errors within a model.
    """
    worth = np.zeros(models) if equal else rng.normal(0, quality, models)
    hard = 0.12 * rng.normal(size=ITEMS)
    human = 0.84 + worth[:, None] + hard + human_sd * rng.normal(size=(models, ITEMS))
    human = np.round(np.clip(human, 0, 1), 1)
    lenient = 0.1 + rng.normal(0, 2 * differs, models)
    shared = 0.08 * rng.normal(size=ITEMS)
    error = lenient[:, None] + shared + error_sd * rng.normal(size=(models, ITEMS))
    judge = np.where(rng.random((models, ITEMS)) < 0.5, human, np.clip(human + np.round(error, 1), 0, 1))
    return judge, human


def shown(values: Floats, drawn: npt.NDArray[np.int64]) -> Floats:
    """The values of the drawn items, NaN elsewhere."""
    seen = np.full(values.shape, nan)
    seen[..., drawn] = values[..., drawn]
    return seen


@dataclass(frozen=True, slots=True)
class Seen:
    """What the product makes of one audit."""

    value: Floats
    low: Floats
    high: Floats
    deviations: Deviations
    pairs: Contest


def look(judge: Floats, seen: Floats, replicates: int, seed: int, bounds: Bounds = (0.0, 1.0)) -> Seen:
    """Corrected scores and all pairs, as the leaderboard makes them."""
    singles = [corrected_mean(f, y, bounds=bounds) for f, y in zip(judge, seen, strict=True)]
    lam = np.array([one.lam for one in singles])
    total = np.full(len(judge), judge.shape[1])
    deviations = joint_deviations(
        seen - lam[:, None] * judge, total, [one.se for one in singles], replicates=replicates, seed=seed
    )
    value, low, high = (np.array([getattr(one, name) for one in singles]) for name in ("value", "low", "high"))
    return Seen(value, low, high, deviations, contest(Field(judge, seen, seen, seen), deviations))


def audits(
    seed: int, reps: int, models: int, n: int, replicates: int = 1000, **how: object
) -> Iterator[tuple[Floats, Floats, Seen]]:
    """Judge, human and what was seen of each of `reps` audits."""
    rng = np.random.default_rng([seed, models, n])
    for rep in range(reps):
        judge, human = audit(rng, models, **how)  # type: ignore[arg-type]
        drawn = rng.permutation(ITEMS)[:n]
        yield judge, human, look(judge, shown(human, drawn), replicates, rep)


def columns_of(judge: Floats, people: Sequence[Floats], drawn: Ints, failed: npt.NDArray[np.bool_]) -> ScoreColumns:
    """The long table of an audit: every item has one component; scores are (models, items), NaN where there is none.

    `people` are reviewers, all blind; `drawn` items are the sample of a random queue; `failed` (models, items) are
    responses that are no answer.
    """
    models, items = judge.shape
    response = np.arange(models * items).reshape(models, items)
    raters = [judge, *people]
    given = [np.nonzero(~np.isnan(scores) & ~failed) for scores in raters]
    ids = [f"{m}-{i}" for m in range(models) for i in range(items)]
    status = ["error" if no else "ok" for no in failed.ravel().tolist()]
    samples = []
    for m in range(models):
        mine = tuple(ids[response[m, i]] for i in drawn.tolist() if not failed[m, i])
        samples.append(Sample("q", "random", 7, int((~failed[m]).sum()), mine))
    size = models * items
    return ScoreColumns(
        benchmark="made", judge="judge", items=[f"i{i}" for i in range(items)], item_difficulty=["basic"] * items,
        models=[f"m{m}" for m in range(models)], responses=ids,
        response_item=np.tile(np.arange(items), models).tolist(),
        response_model=np.repeat(np.arange(models), items).tolist(), response_status=status,
        judgment_status=["ok"] * size, judgment_warnings=[()] * size, stated_total=[None] * size,
        published_total=[None] * size, component_item=list(range(items)), component_position=[1] * items,
        component_category=["describe"] * items, component_weight=[10] * items,
        raters=["judge", *(f"person {p}" for p in range(len(people)))],
        rater_kind=["judge", *("human" for _ in people)],
        score_response=np.concatenate([response[m, i] for m, i in given]).tolist(),
        score_component=np.concatenate([i for _, i in given]).tolist(),
        score_rater=np.repeat(np.arange(len(raters)), [m.size for m, _ in given]).tolist(),
        score_fraction=np.concatenate([raters[r][m, i] for r, (m, i) in enumerate(given)]).tolist(),
        score_visible=[False] * sum(m.size for m, _ in given),
        score_ungradable=[False] * sum(m.size for m, _ in given),
        samples=samples,
    )  # fmt: skip
