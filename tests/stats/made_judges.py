"""Judges whose truth is known, on a made-up benchmark that one person has scored completely."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace

from made_columns import add_rater, add_scores, empty_columns

from miareview.model import Judge, JudgeRun, ScoreColumns

KINDS = ("describe", "textual", "math", "length_limit", "grammar")
PICTURED = {"describe", "textual", "math"}


@dataclass(frozen=True)
class Maker:
    """How a judge errs: it adds `lenient` points with that chance, guesses anew with chance `noisy`.

    `blind` guesses high or low what only the picture tells.
    """

    lenient: float = 0.0
    noisy: float = 0.0
    blind: bool = False

    def points(self, rng: random.Random, truth: list[int], weights: list[int], kinds: list[str]) -> list[int]:
        given = []
        for value, weight, kind in zip(truth, weights, kinds, strict=True):
            if (self.blind and kind in PICTURED) or rng.random() < self.noisy:
                value = rng.randint(0, weight)
            elif rng.random() < self.lenient:
                value = min(weight, value + 1)
            given.append(value)
        return given


def made_judges(
    makers: dict[str, Maker], items: int = 80, models: int = 2, seed: int = 1, reviewed: int | None = None
) -> tuple[ScoreColumns, list[Judge]]:
    """Scores of the judges, the first one chosen, and of one person who scored the first `reviewed` items blind."""
    rng = random.Random(seed)
    weights = [rng.choice([[4, 3, 3], [5, 5], [6, 4], [4, 4, 2]]) for _ in range(items)]
    kinds = [[rng.choice(KINDS) for _ in w] for w in weights]
    columns = empty_columns(items, [f"m{m}" for m in range(models)], weights, kinds)
    names = list(makers)
    columns.raters[0] = names[0]
    columns = replace(columns, judge=names[0])
    codes = [0, *(add_rater(columns, name, "judge") for name in names[1:])]
    person = add_rater(columns, "ann")
    for response, item in enumerate(columns.response_item):
        truth = [rng.choice([w, w, w, w - 1, w - 2, 0]) for w in weights[item]]
        for code, maker in zip(codes, makers.values(), strict=True):
            add_scores(columns, response, code, list(maker.points(rng, truth, weights[item], kinds[item])))
        if reviewed is None or item < reviewed:
            add_scores(columns, response, person, list(truth))
    judges = [
        Judge(name, name, "p", json.dumps({"picture": "blank" if m.blind else "item"})) for name, m in makers.items()
    ]
    return columns, judges


def runs_of(columns: ScoreColumns, judges: list[Judge]) -> list[JudgeRun]:
    return [JudgeRun(judge, dict.fromkeys(columns.responses, "ok")) for judge in judges]


def replies_of(columns: ScoreColumns) -> tuple[tuple[str, str, int, float | None], ...]:
    """All scores of the first two judges as if they were two replies of one judge."""
    return tuple(
        (columns.responses[response], f"{columns.responses[response]}-{rater}",
         columns.component_position[component], fraction)
        for response, component, rater, fraction in zip(
            columns.score_response, columns.score_component, columns.score_rater, columns.score_fraction, strict=True
        )
        if rater < 2
    )  # fmt: skip
