"""A model's scores by category and by difficulty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from miareview.stats.board.item_scores import ItemScores, mean_of, times
from miareview.stats.board.scores import CategoryScore, Corrected, DifficultyScore
from miareview.stats.correction import CannotEstimate, Estimate, corrected_domains
from miareview.stats.correction.estimate import COMPONENT_GUARD, GUARD, Open
from miareview.stats.flags import Flag
from miareview.stats.frame import Texts
from miareview.stats.numeric.resample import Floats, Ints

Part = TypeVar("Part", CategoryScore, DifficultyScore)


class _Units(NamedTuple):
    """The answered units of a model, each array (units,): scores, whose item, in which part, and what may be open."""

    judge: Floats
    human: Floats
    item: Ints
    part: Ints
    open_: Open


def category_scores(table: ItemScores, model: int, names: list[str], refused: Flag | None) -> tuple[CategoryScore, ...]:
    """Means of points / weight over the components of each category that the model was asked."""
    if not names:
        return ()
    frame, mine = table.frame, table.cells[model]
    asked = _places(frame.category[mine], names)
    answered = table.ok[frame.response[mine]]
    cells, part = mine[answered], asked[answered]
    drawn = table.drawn[frame.response[cells]]
    human = np.where(drawn, frame.human.value[cells], np.nan)
    waiting = drawn & ~frame.human.ungradable[cells]
    least, most = (np.where(waiting, np.where(np.isnan(human), end, human), np.nan) for end in (0.0, 1.0))
    seen = _counts(part[drawn & (frame.human.present & ~frame.human_blind)[cells]], names)
    of = _counts(part[drawn], names)
    notes = [
        (Flag("judge_seen", *both, names=("components",)),) if both[0] else () for both in zip(seen, of, strict=True)
    ]
    units = _Units(frame.judge[cells], human, frame.item[cells], part, (least, most))
    return _scores(CategoryScore, table, model, names, refused, _counts(asked, names), units, COMPONENT_GUARD, notes)


def difficulty_scores(
    table: ItemScores, model: int, names: list[str], refused: Flag | None
) -> tuple[DifficultyScore, ...]:
    """Means of item scores over the items of each difficulty that the model was asked."""
    if not names:
        return ()
    asked, rows = _places(table.difficulty[table.rows[model]], names), table.answers(model)
    part, drawn = _places(table.difficulty[rows], names), table.drawn[rows]
    human = table.sampled(table.human, rows)
    notes = [table.notes(rows[drawn & (part == place)]) for place in range(len(names))]
    units = _Units(table.judge[rows], human, table.item[rows], part, table.open_in(rows))
    return _scores(DifficultyScore, table, model, names, refused, _counts(asked, names), units, GUARD, notes)


def _places(values: Texts, names: list[str]) -> Ints:
    """The place of each value among the names."""
    order = np.argsort(names)
    places: Ints = order[np.searchsorted(names, values, sorter=order)]
    return places


def _counts(places: Ints, names: list[str]) -> list[int]:
    """How many of the places are that of each name."""
    counts: list[int] = np.bincount(places, minlength=len(names)).tolist()
    return counts


def _scores(
    kind: type[Part],
    table: ItemScores,
    model: int,
    names: list[str],
    refused: Flag | None,
    asked: list[int],
    units: _Units,
    guard: float,
    notes: Sequence[tuple[Flag, ...]],
) -> tuple[Part, ...]:
    """A record of each part that the model was asked: the judge's mean, the corrected one, and why there is none."""
    judge, human, item, part, open_ = units
    sample, found = table.samples[model], list[Estimate | CannotEstimate]()
    if refused is None:
        found = corrected_domains(judge, human, item, part, len(names), guard=guard, open_=open_)
    scores = []
    for place, name in enumerate(names):
        if not asked[place]:
            continue
        mine = part == place
        size = int(mine.sum())
        scale = table.scale(size, asked[place])
        corrected, why = None, refused
        if found and sample is not None:
            estimate = found[place]
            if isinstance(estimate, CannotEstimate):
                why = estimate.flag
            else:
                corrected = Corrected(estimate, sample, scale, notes[place])
        scores.append(kind(name, size, times(mean_of(judge[mine]), scale), corrected, why))
    return tuple(scores)
