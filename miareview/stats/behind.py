"""The reviews behind a number: which they are, whose, and what judge and human gave.

A reviewer who is still blind must not see the judge's points of a response: everything here lists only the responses
that the caller says are committed, and counts the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from miareview.stats.agreement.totals import snap
from miareview.stats.frame import Frame
from miareview.stats.numeric.resample import Bools


def score_labels(frame: Frame) -> str:
    """Whose scores the correction rests on, and how they came about."""
    return labels_of(frame, frame.sampled()[frame.response] & frame.human.present)


def blind_labels(frame: Frame) -> str:
    """Whose blind scores there are."""
    return labels_of(frame, np.any(~np.isnan(frame.blind), axis=0, keepdims=False))


def item_pairs(frame: Frame) -> list[tuple[float, float]]:
    """(judge, human) scores of every response and reviewer, over the components that both have scored."""
    both: list[tuple[float, float]] = []
    for given in frame.blind:
        weight = np.where(np.isnan(given + frame.judge), 0.0, frame.weight)
        total = frame.per_response(weight)
        some = total > 0
        shares = [frame.per_response(np.nan_to_num(v) * weight)[some] / total[some] for v in (frame.judge, given)]
        both += zip(*(share.tolist() for share in shares), strict=True)
    return both


def labels_of(frame: Frame, cells: Bools) -> str:
    """Whose scores of these cells (a mask) count and how they came about: "2 reviewers, blind"."""
    given = (~np.isnan(frame.blind) | ~np.isnan(frame.assisted))[:, cells].any(axis=1)
    total = int(np.count_nonzero(cells))
    blind = int(np.count_nonzero(frame.human_blind & cells))
    who = f"{int(given.sum())} reviewer{'' if given.sum() == 1 else 's'}"
    if blind == total:
        return f"{who}, blind"
    return f"{who}, {total - blind} of {total} sub-scores with the judge in sight"


@dataclass(frozen=True, slots=True)
class Row:
    """One review behind a number: a response's or a component's judge and human scores, as fractions of `weight`.

    `component` is a position, None where the row is a whole response.
    """

    response: str
    model: str
    item: str
    component: int | None
    category: str
    reviewer: str
    judge: float
    human: float
    weight: float


@dataclass(frozen=True, slots=True)
class Behind:
    """The reviews behind a number that this reviewer may see; `hidden` is how many stay closed to them."""

    title: str
    rows: list[Row] = field(default_factory=list)
    hidden: int = 0


def behind_model(frame: Frame, model: str, committed: frozenset[str]) -> Behind:
    """The reviewed responses of a model, the largest difference first. Only `committed` ones are listed."""
    columns = frame.columns
    judge, human = frame.item_scores(frame.judge_ratings()), frame.item_scores(frame.human)
    reviewed = (frame.per_response(frame.human.present) > 0) & (frame.response_model == columns.models.index(model))
    rows = [
        Row(
            columns.responses[at], model, columns.items[columns.response_item[at]], None, "", "",
            float(judge[at]), float(human[at]), 1.0,
        )
        for at in np.flatnonzero(reviewed)
        if columns.responses[at] in committed
    ]  # fmt: skip
    rows.sort(key=lambda row: -abs(np.nan_to_num(row.judge - row.human)))
    return Behind(model, rows, int(reviewed.sum()) - len(rows))


def behind_cell(frame: Frame, weight: int, judge: int, human: int, committed: frozenset[str]) -> Behind:
    """The blind sub-scores in a cell of the confusion of that weight, rounded as `stats.audit` rounds them.

    Only those of `committed` responses are listed.
    """
    columns = frame.columns

    # The nearest whole points, halves up, of the judge (first) and the reviewers.
    points = np.floor(snap(np.vstack([frame.judge, frame.blind])) / 60.0 * weight + 0.5 + 1e-9)
    positions: dict[int, list[int]] = {}
    for item, position in zip(columns.component_item, columns.component_position, strict=True):
        positions.setdefault(item, []).append(position)
    start = np.searchsorted(frame.response, np.arange(len(columns.responses)))
    inside = (frame.weight == weight) & ~np.isnan(frame.judge)
    rows, hidden = [], 0
    for row, reviewer in enumerate(frame.reviewers):
        for cell in np.flatnonzero(inside & ~np.isnan(frame.blind[row])):
            if float(points[0, cell]) != judge or float(points[row + 1, cell]) != human:
                continue
            response = int(frame.response[cell])
            if columns.responses[response] not in committed:
                hidden += 1
                continue
            position = positions[columns.response_item[response]][int(cell - start[response])]
            rows.append(
                Row(
                    columns.responses[response], columns.models[frame.model[cell]], columns.items[frame.item[cell]],
                    position, str(frame.category[cell]), reviewer,
                    float(frame.judge[cell]), float(frame.blind[row, cell]), float(weight),
                )
            )  # fmt: skip
    return Behind(f"weight {weight}: judge {judge}, people {human}", rows, hidden)
