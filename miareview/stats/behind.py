"""The reviews behind a number: which they are, whose, and what judge and human gave.

A reviewer who is still blind must not learn the judge's or another person's points of a response: everything here
lists only the responses that the caller says may be `seen`, and no count depends on the scores of the others.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from miareview.stats.agreement.totals import snap
from miareview.stats.frame import Frame, Ratings
from miareview.stats.numeric.resample import Bools, Floats

if TYPE_CHECKING:
    from miareview.stats.agreement.group import Group
    from miareview.stats.board.scores import Leaderboard


class Given(NamedTuple):
    """How scores came about: by how many `reviewers`, and how many of `total` sub-scores with the judge in sight."""

    reviewers: int
    assisted: int
    total: int


def given_sampled(frame: Frame) -> Given:
    """Whose scores the correction rests on."""
    return given_in(frame, frame.sampled[frame.response] & frame.human.present)


def given_blind(frame: Frame) -> Given:
    """Whose blind scores there are."""
    return given_in(frame, np.any(~np.isnan(frame.blind), axis=0, keepdims=False))


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


def given_in(frame: Frame, cells: Bools) -> Given:
    """Whose scores of these cells (a mask) count."""
    given = (~np.isnan(frame.blind) | ~np.isnan(frame.assisted))[:, cells].any(axis=1)
    return Given(int(given.sum()), int(np.count_nonzero(~frame.human_blind & cells)), int(np.count_nonzero(cells)))


FEW = 5
"""Responses that a picture must be of before it may hold what waits for the one who looks."""


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
    """The reviews behind a number that this reviewer may see; `whole` says whether its rows are whole responses.

    `hidden` counts those that stay closed to them: of a model the responses, of a cell all sub-scores of its weight,
    because which cell they are in would tell them. `cell` is (weight, judge's points, people's points) of a cell.
    """

    title: str
    rows: list[Row] = field(default_factory=list)
    hidden: int = 0
    whole: bool = True
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Responses (ids) that somebody could score to mend numbers: of the random sample, in the benchmark's order.

    `gaps` nobody has scored whole. `unread` others have scored, and this reviewer has not: of models that were scored
    by different people, or where too few were read by two.
    """

    gaps: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def missing(frame: Frame, board: Leaderboard, reviewer: str) -> Missing:
    """What is missing in the samples of a board, as far as this reviewer could score it."""
    mixed = {
        name for pair in board.pairs for flag in pair.flags if flag.code == "confounded" for name in (pair.a, pair.b)
    }
    concerned = np.array([name in mixed for name in frame.columns.models], dtype=bool)
    return _missing(frame, concerned[frame.response_model], reviewer)


def missing_readers(frame: Frame, people: Group | None, reviewer: str) -> Missing:
    """What this reviewer could score so that people can be held against each other; `people` are their agreement.

    From 30 items that two have read on, only gaps are missing.
    """
    enough = people is not None and not people.few
    readers = np.array([frame.per_response(~np.isnan(row)) > 0 for row in frame.blind]).sum(axis=0)
    return _missing(frame, np.full(frame.ok.size, not enough) & (readers == 1), reviewer)


def _missing(frame: Frame, concerned: Bools, reviewer: str) -> Missing:
    """Gaps of the samples, and which of the `concerned` responses (responses,) this reviewer has not read."""
    drawn = frame.sampled & frame.ok
    open_ = frame.per_response(~frame.human.present) > 0
    read = np.zeros(drawn.size, dtype=bool)
    for name, blind, assisted in zip(frame.reviewers, frame.blind, frame.assisted, strict=True):
        if name == reviewer:
            read = frame.per_response(~np.isnan(blind) | ~np.isnan(assisted)) > 0
    gaps, unread = (
        tuple(frame.columns.responses[at] for at in np.flatnonzero(which))
        for which in (drawn & open_, drawn & ~open_ & concerned & ~read)
    )
    return Missing(gaps, unread)


def without_few(frame: Frame, waiting: Set[str]) -> tuple[Frame, int]:
    """The frame for pictures that break down by category and weight, for somebody for whom these responses wait.

    Where people have scored fewer than `FEW` of the waiting responses in a category or in a weight, those cells are as
    if nobody, and no judge, had scored them: a picture of so few would tell the scores. Also returned: how many
    responses lost something.
    """
    waits = np.array([response in waiting for response in frame.columns.responses], dtype=bool)[frame.response]
    scored = waits & (frame.human.present | ~np.isnan(frame.blind).all(axis=0))
    gone = np.zeros(scored.size, dtype=bool)
    before = -1
    while before != np.count_nonzero(gone):  # what goes with one category may leave few of another
        before = int(np.count_nonzero(gone))
        for labels in (frame.category, frame.weight):
            for label in np.unique(labels[scored]):
                cells = scored & ~gone & (labels == label)
                if np.unique(frame.response[cells]).size < FEW:
                    gone |= cells
    return _as_if_unscored(frame, gone), int(np.unique(frame.response[gone]).size)


def _as_if_unscored(frame: Frame, gone: Bools) -> Frame:

    def value(scores: Floats) -> Floats:
        return np.where(gone, np.nan, scores)

    def verdict(ratings: Ratings) -> Ratings:
        return Ratings(value(ratings.value), ratings.ungradable & ~gone)

    return replace(
        frame,
        judge=value(frame.judge),
        blind=value(frame.blind),
        blind_ungradable=frame.blind_ungradable & ~gone,
        assisted=value(frame.assisted),
        assisted_ungradable=frame.assisted_ungradable & ~gone,
        human=verdict(frame.human),
        latest=verdict(frame.latest),
        human_blind=frame.human_blind & ~gone,
        gold=verdict(frame.gold),
        gold_seen=frame.gold_seen & ~gone,
        others=value(frame.others),
    )


def behind_model(frame: Frame, model: str, seen: Set[str]) -> Behind:
    """The reviewed responses of a model, the largest difference first, as far as they may be `seen`."""
    columns = frame.columns
    judge, human = frame.item_scores(frame.judge_ratings()), frame.item_scores(frame.human)
    reviewed = (frame.per_response(frame.human.present) > 0) & (frame.response_model == columns.models.index(model))
    rows = [
        Row(
            columns.responses[at], model, columns.items[columns.response_item[at]], None, "", "",
            float(judge[at]), float(human[at]), 1.0,
        )
        for at in np.flatnonzero(reviewed)
        if columns.responses[at] in seen
    ]  # fmt: skip
    rows.sort(key=lambda row: -abs(np.nan_to_num(row.judge - row.human)))
    return Behind(model, rows, int(reviewed.sum()) - len(rows))


def behind_cell(frame: Frame, weight: int, judge: int, human: int, seen: Set[str]) -> Behind:
    """The blind sub-scores in a cell of the confusion of that weight, rounded as the confusion rounds them.

    Only those of responses that may be `seen` are listed.
    """
    columns = frame.columns

    # The nearest whole points, halves up, of the judge (first) and the reviewers.
    points = np.floor(snap(np.vstack([frame.judge, frame.blind])) / 60.0 * weight + 0.5 + 1e-9)
    positions: dict[int, list[int]] = {}
    for item, position in zip(columns.component_item, columns.component_position, strict=True):
        positions.setdefault(item, []).append(position)
    start = np.searchsorted(frame.response, np.arange(len(columns.responses)))
    open_to = np.array([response in seen for response in columns.responses], dtype=bool)[frame.response]
    inside = (frame.weight == weight) & open_to & ~np.isnan(frame.judge)
    rows = []
    for row, reviewer in enumerate(frame.reviewers):
        for cell in np.flatnonzero(inside & ~np.isnan(frame.blind[row])):
            if float(points[0, cell]) != judge or float(points[row + 1, cell]) != human:
                continue
            response = int(frame.response[cell])
            position = positions[columns.response_item[response]][int(cell - start[response])]
            rows.append(
                Row(
                    columns.responses[response], columns.models[frame.model[cell]], columns.items[frame.item[cell]],
                    position, str(frame.category[cell]), reviewer,
                    float(frame.judge[cell]), float(frame.blind[row, cell]), float(weight),
                )
            )  # fmt: skip
    given = ~np.isnan(frame.blind) | frame.blind_ungradable
    hidden = int(np.count_nonzero(given[:, (frame.weight == weight) & ~open_to]))
    return Behind(f"weight {weight}: judge {judge}, people {human}", rows, hidden, False, (weight, judge, human))
