"""Columns made by hand for the tests of the statistics: no store, no files."""

from __future__ import annotations

import random
from math import nan

from miareview.model import Sample, ScoreColumns

CATEGORIES = ("describe", "mention", "length_limit", "math")


def empty_columns(items: int, models: list[str], weights: list[list[int]], categories: list[list[str]]) -> ScoreColumns:
    """Every model answers every item; no scores yet. Response code = model * items + item."""
    columns = ScoreColumns(
        benchmark="made",
        judge="judge",
        items=[f"i{i}" for i in range(items)],
        item_difficulty=["basic" if i % 2 else "complex" for i in range(items)],
        models=models,
        responses=[f"{model}-{i}" for model in models for i in range(items)],
        response_item=[i for _ in models for i in range(items)],
        response_model=[m for m in range(len(models)) for _ in range(items)],
        response_status=["ok"] * (items * len(models)),
        judgment_status=["ok"] * (items * len(models)),
        judgment_warnings=[()] * (items * len(models)),
        stated_total=[None] * (items * len(models)),
        published_total=[None] * (items * len(models)),
        component_item=[i for i in range(items) for _ in weights[i]],
        component_position=[p + 1 for i in range(items) for p in range(len(weights[i]))],
        component_category=[name for i in range(items) for name in categories[i]],
        component_weight=[w for i in range(items) for w in weights[i]],
        raters=["judge"],
        rater_kind=["judge"],
        score_response=[],
        score_component=[],
        score_rater=[],
        score_fraction=[],
        score_visible=[],
        score_ungradable=[],
        samples=[None] * len(models),
    )
    return columns


def add_rater(columns: ScoreColumns, name: str, kind: str = "human") -> int:
    columns.raters.append(name)
    columns.rater_kind.append(kind)  # type: ignore[arg-type]
    return len(columns.raters) - 1


def components_of(columns: ScoreColumns, response: int) -> list[int]:
    item = columns.response_item[response]
    return [c for c, other in enumerate(columns.component_item) if other == item]


def add_score(
    columns: ScoreColumns, response: int, component: int, rater: int, fraction: float | None, *, visible: bool = False
) -> None:
    """`fraction` None is the verdict "ungradable"."""
    columns.score_response.append(response)
    columns.score_component.append(component)
    columns.score_rater.append(rater)
    columns.score_fraction.append(nan if fraction is None else fraction)
    columns.score_visible.append(visible)
    columns.score_ungradable.append(fraction is None)


def add_scores(
    columns: ScoreColumns, response: int, rater: int, points: list[int | None], *, visible: bool = False
) -> None:
    """Whole points of each component of a response, in order."""
    for component, given in zip(components_of(columns, response), points, strict=True):
        fraction = None if given is None else given / columns.component_weight[component]
        add_score(columns, response, component, rater, fraction, visible=visible)


def set_sample(columns: ScoreColumns, model: int, responses: list[int], reason: str = "", size: int = 0) -> None:
    answers = sum(
        1 for m, s in zip(columns.response_model, columns.response_status, strict=True) if m == model and s == "ok"
    )
    ids = tuple(columns.responses[r] for r in responses)
    columns.samples[model] = Sample("q", "random", 7, size or answers, ids, reason)


def simulated(items: int = 60, models: int = 2, reviewed: int = 20, seed: int = 1) -> tuple[ScoreColumns, list[float]]:
    """A lenient judge on random points; the first `reviewed` of a random order are reviewed for every model.

    Also returns each model's true mean item score.
    """
    rng = random.Random(seed)
    weights = [rng.choice([[4, 3, 3], [5, 5], [6, 4], [4, 4, 2]]) for _ in range(items)]
    kinds = [[rng.choice(CATEGORIES) for _ in w] for w in weights]
    columns = empty_columns(items, [f"m{m}" for m in range(models)], weights, kinds)
    human = add_rater(columns, "ann")
    order = list(range(items))
    rng.shuffle(order)
    truths = []
    for m in range(models):
        total = 0.0
        for i in range(items):
            response = m * items + i
            truth = [max(0, w - rng.choice([0, 0, 0, 1, 2])) for w in weights[i]]
            judged = [min(w, t + rng.choice([0, 0, 1])) for w, t in zip(weights[i], truth, strict=True)]
            total += sum(truth) / sum(weights[i])
            add_scores(columns, response, 0, list(judged))
            columns.published_total[response] = sum(judged) / sum(weights[i])
            if i in order[:reviewed]:
                add_scores(columns, response, human, list(truth))
        truths.append(total / items)
        if reviewed:
            set_sample(columns, m, [m * items + i for i in order[:reviewed]])
    return columns, truths
