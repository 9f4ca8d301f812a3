"""The leaderboard: each model's score as published, recomputed, with overrides, and corrected for the judge.

Values are fractions 0-1, None where there is nothing to average. With errors="zero" a response that is no answer
(error, empty or missing) scores 0 for judge and human alike: a stratum known without review, by which the other
values are scaled. "As published" never counts them, as the published notebook does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from miareview.model import ScoreColumns
from miareview.stats.board.item_scores import ItemScores, mean_of, times
from miareview.stats.board.paired import Pairs
from miareview.stats.board.parts import category_scores, difficulty_scores
from miareview.stats.board.people import reviewers_of
from miareview.stats.board.pooled import Homogeneity, homogeneity, pooled_scores
from miareview.stats.board.ranks import Deviations, joint_deviations, kendall_tau_b, rank_scores
from miareview.stats.board.scores import (
    PILOT,
    CategoryScore,
    Corrected,
    DifficultyScore,
    Errors,
    Leaderboard,
    Mean,
    ModelScore,
    PairScore,
    Pooled,
    Rank,
    Ungradable,
    is_pilot,
)
from miareview.stats.correction import CannotEstimate, corrected_mean
from miareview.stats.flags import Flag
from miareview.stats.frame import Frame, build_frame
from miareview.stats.numeric.resample import Floats, Ints
from miareview.stats.standing import counted

__all__ = [
    "CategoryScore",
    "Corrected",
    "DifficultyScore",
    "Errors",
    "Leaderboard",
    "Mean",
    "ModelScore",
    "PairScore",
    "Rank",
    "Ungradable",
    "leaderboard",
]


def leaderboard(
    source: ScoreColumns | Frame,
    *,
    errors: Errors = "skip",
    by_category: bool = True,
    by_difficulty: bool = True,
    replicates: int = 2000,
    seed: int = 0,
) -> Leaderboard:
    """Score every model of the columns (or of a frame already built from them).

    A corrected score needs a random sample of the model's answers; where it cannot be given, `refused` says why and
    what to do. Ranks rest on `replicates` joint draws of the sampled items. Raises ValueError on an unknown `errors`.
    """
    if errors not in ("skip", "zero"):
        raise ValueError(f"Unknown treatment of errors {errors!r}: choose skip or zero.")
    frame = source if isinstance(source, Frame) else build_frame(source)
    table = ItemScores(frame, errors)
    columns = frame.columns
    categories = frame.categories if by_category else []
    difficulties = frame.difficulties if by_difficulty else []
    models = [_model(table, model, categories, difficulties) for model in range(len(columns.models))]
    people = reviewers_of(frame)
    models = [replace(model, corrected=people.like_these(model, m)) for m, model in enumerate(models)]
    compared = {m: fixed for m, model in enumerate(models) if (fixed := model.corrected) is not None}
    deviations = _deviations(table, compared, replicates, seed) if len(compared) > 1 else None
    pairs = Pairs(table, deviations)
    models, found = _ranked(models, compared, deviations, pairs, seed)
    models = [replace(model, flags=_flags(table, m, pairs, found)) for m, model in enumerate(models)]
    order = sorted(range(len(models)), key=lambda m: (*_descending(models[m].recomputed.value), models[m].model))
    return Leaderboard(
        columns.benchmark, columns.judge, errors, tuple(models[m] for m in order), pairs.scores(order),
        tuple(columns.left_out), found.tau, replicates, seed, columns.harness, columns.judge_sees,
        found.bias.p if found.bias else None, _of_all(table, found), people.severities,
    )  # fmt: skip


def _descending(value: float | None) -> tuple[bool, float]:
    return value is None, -(value or 0.0)


def _model(table: ItemScores, model: int, categories: list[str], difficulties: list[str]) -> ModelScore:
    mine, answers = table.rows[model], table.answers(model)
    drawn = answers[table.drawn[answers]]
    scale = table.scale(answers.size, mine.size)
    judged = table.judged[answers]
    used, published = (~np.isnan(values[answers]) for values in (table.judge, table.published))
    corrected, refused = _corrected(table, model, answers, drawn, scale)
    return ModelScore(
        model=table.frame.columns.models[model],
        responses=mine.size,
        answers=answers.size,
        judged=int(judged.sum()),
        reviewed=int(table.reviewed[answers].sum()),
        reviewed_random=int((~np.isnan(table.human[drawn])).sum()),
        as_published=Mean(mean_of(table.published[answers]), int(published.sum()), int((judged & ~published).sum())),
        recomputed=Mean(times(mean_of(table.judge[answers]), scale), int(used.sum()), int((judged & ~used).sum())),
        with_overrides=times(mean_of(table.overridden[answers]), scale),
        corrected=corrected,
        refused=refused,
        categories=category_scores(table, model, categories, refused),
        difficulties=difficulty_scores(table, model, difficulties, refused),
        ungradable=_sensitivity(table, corrected, answers, drawn),
        as_harness=_as_harness(table.frame.columns, model),
        standing=counted(table.standings[table.cells[model]]),
    )


def _as_harness(columns: ScoreColumns, model: int) -> Mean | None:
    """Over all that the harness judged, as it knows no difference between an answer and a failed one."""
    if not columns.harness:
        return None
    asked = [total for of, total in zip(columns.harness_model, columns.harness_total, strict=True) if of == model]
    counted = [total for total in asked if total is not None]
    return Mean(sum(counted) / len(counted) if counted else None, len(counted), len(asked) - len(counted))


def _corrected(
    table: ItemScores, model: int, answers: Ints, drawn: Ints, scale: float
) -> tuple[Corrected | None, Flag | None]:
    sample, refused = table.samples[model], table.refusal(model)
    if refused is not None or sample is None:
        return None, refused
    try:
        estimate = corrected_mean(
            table.judge[answers], table.sampled(table.human, answers), open_=table.open_in(answers)
        )
    except CannotEstimate as problem:
        return None, problem.flag
    return Corrected(estimate, sample, scale, table.notes(drawn)), None


def _sensitivity(table: ItemScores, corrected: Corrected | None, answers: Ints, drawn: Ints) -> Ungradable | None:
    """The corrected score with the sample's ungradable components at no points, and at full points."""
    components = int(table.ungradable[drawn].sum())
    if corrected is None or not components:
        return None
    ends = []
    for fraction in (0.0, 1.0):
        human = table.sampled(table.human_with(fraction), answers)
        ends.append(corrected_mean(table.judge[answers], human).value * corrected.scale)
    return Ungradable(components, *ends)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the models together say: how sure the ranking is, and whether the judge's bias differs."""

    tau: float | None = None
    bias: Homogeneity | None = None
    stands_out: tuple[int, ...] = ()
    pilots: tuple[int, ...] = ()


def _deviations(table: ItemScores, compared: dict[int, Corrected], replicates: int, seed: int) -> Deviations:
    estimates = [fixed.estimate for fixed in compared.values()]
    return joint_deviations(
        _residuals(table, compared), [found.total for found in estimates], [found.se for found in estimates],
        replicates=replicates, seed=seed,
    )  # fmt: skip


def _ranked(
    models: list[ModelScore], compared: dict[int, Corrected], deviations: Deviations | None, pairs: Pairs, seed: int
) -> tuple[list[ModelScore], _Found]:
    """The models with their ranks and pooled scores, and what they say together."""
    judged = {m: model.recomputed.value for m, model in enumerate(models) if model.recomputed.value is not None}
    places = rank_scores([*judged.values()]).tolist()
    ranks = {m: Rank(place, None, None, None, len(judged)) for m, place in zip(judged, places, strict=True)}
    compared = {m: fixed for m, fixed in compared.items() if m in judged}
    if deviations is None or len(compared) < 2 or deviations.drawn.shape[1] != len(compared):
        return [replace(model, rank=ranks.get(m)) for m, model in enumerate(models)], _Found()
    scale = np.array([fixed.scale for fixed in compared.values()])
    judge = np.array([judged[m] for m in compared])
    values = np.array([fixed.value for fixed in compared.values()])
    scaled = replace(deviations, drawn=deviations.drawn * scale)
    bias = homogeneity(judge - values, scaled)
    pool = pooled_scores(judge, values, scaled, seed=seed)
    complete = all(fixed.estimate.n == fixed.estimate.total for fixed in compared.values())
    pilots = tuple(m for m, fixed in compared.items() if is_pilot(fixed.estimate.n, fixed.estimate.total))
    rows = [*compared]
    low, high = pairs.contest.ranks()
    others = len(models) - len(rows)
    by_judge, by_value = rank_scores(judge), rank_scores(values)
    by_pool = None if pool is None else rank_scores(pool.value)
    pooled: dict[int, Pooled] = {}
    for row, m in enumerate(rows):
        place = int(by_value[row])
        ranks[m] = Rank(
            judge=int(by_judge[row]),
            corrected=place,
            low=min(int(low[m]), place),
            high=max(int(high[m]) - others, place),
            of=len(rows),
        )
        if pool is not None and by_pool is not None:
            pooled[m] = Pooled(float(pool.value[row]), float(pool.low[row]), float(pool.high[row]), int(by_pool[row]))
    ranked = [replace(model, rank=ranks.get(m), pooled=pooled.get(m)) for m, model in enumerate(models)]
    out = tuple(m for m, stands in zip(rows, bias.stands_out, strict=True) if stands and bias.differs)
    told = None if complete or len(pilots) == len(rows) else bias  # a pilot cannot tell biases apart
    return ranked, _Found(kendall_tau_b(judge, values), told, out, pilots)


def _flags(table: ItemScores, model: int, pairs: Pairs, found: _Found) -> tuple[Flag, ...]:
    """What concerns a model beyond its own estimate."""
    flags = []
    missed = int((pairs.answered.any(axis=0) & ~pairs.answered[model]).sum())
    if missed:
        flags.append(Flag("unequal_answers", missed, len(table.frame.columns.items)))
    mixed = int(pairs.mixed[model].sum())
    if mixed:
        flags.append(Flag("confounded", mixed, len(table.rows) - 1))
    if model in found.stands_out:
        flags.append(Flag("stands_out"))
    sample = table.samples[model]
    if sample is not None and not sample.reason:
        if sample.pooled:
            flags.append(Flag("pooled_seeds", 1 + len(sample.pooled), names=(sample.queue, *sample.pooled)))
        mine = table.rows[model]
        reviewed = int((~np.isnan(table.human[mine[table.drawn[mine]]])).sum())
        if is_pilot(reviewed, table.answers(model).size):
            flags.append(Flag("pilot", reviewed, PILOT))
    return tuple(flags)


def _of_all(table: ItemScores, found: _Found) -> tuple[Flag, ...]:
    """What concerns the whole table."""
    columns, flags = table.frame.columns, []
    if found.bias is not None:
        names = tuple(columns.models[m] for m in found.stands_out)
        flags.append(Flag("bias_differs" if found.bias.differs else "bias_alike", value=found.bias.p, names=names))
    if found.pilots:
        flags.append(Flag("pilot", of=PILOT, names=tuple(columns.models[m] for m in found.pilots)))
    standing = counted(table.standings)
    if standing.labels + standing.disputed:
        flags.append(
            Flag(
                "standing",
                standing.labels,
                standing.disputed,
                names=tuple(map(str, standing.kinds)),
            )
        )
    if columns.relabelled:
        flags.append(Flag("relabelled", columns.relabelled))
    return tuple(flags)


def _residuals(table: ItemScores, compared: dict[int, Corrected]) -> Floats:
    """Human - lam * judge (models, items), NaN outside a model's sample; a gap of the judge holds its mean."""
    judge = table.judge.copy()
    lam = np.zeros(judge.size)
    for model, corrected in compared.items():
        answers = table.answers(model)
        gaps = answers[np.isnan(judge[answers])]
        judge[gaps] = mean_of(judge[answers]) or 0.0
        lam[answers] = corrected.estimate.lam
    rows = table.by_item(np.where(table.drawn, table.human - lam * judge, np.nan))
    return rows[[*compared]]
