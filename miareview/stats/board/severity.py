"""Who is severe, and how far other people's scores might lie from those that were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from miareview.stats.numeric.resample import Bools, Floats, Ints, encode, leave_one_out
from miareview.stats.numeric.student import t_margin

FROM_ITEMS = 15  # items read by two people, from which severities are told


@dataclass(frozen=True, slots=True)
class Severity:
    """How much a person's item scores lie above (+) or below those of all who read the same, with 95 % ends."""

    reviewer: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Severities:
    """Severities of `people` who share responses, and `sd`, the spread between people like these.

    `items` were read by two or more. `df` are the degrees of freedom of the spread: people - 1.
    """

    people: tuple[Severity, ...]
    sd: float
    items: int
    df: int

    def to_json(self) -> dict[str, Any]:
        return {
            "items": self.items,
            "sd": self.sd,
            "people": [
                {"reviewer": one.reviewer, "value": one.value, "low": one.low, "high": one.high} for one in self.people
            ],
        }


def severities(scores: Floats, items: Ints, names: tuple[str, ...], confidence: float = 0.95) -> Severities | None:
    """Severities from item scores (reviewers, responses), NaN where somebody did not score; `items` (responses,).

    Model: score = response + severity of the reviewer + error, severities summing to 0 over the reviewers, fitted by
    least squares on responses with two readings or more (the normal equations of a two-way layout with empty cells).
    Ends: one item left out at a time, Student's t. The variance between people is that of the fitted severities; what
    their own errors add to it is left in, as taking it out would often leave nothing where few people review. Who
    shares no response with the others, even through a third, is left out. None below 15 shared items or two people.
    """
    given = ~np.isnan(scores)
    shared = given.sum(axis=0) >= 2
    rows = _connected(given[:, shared])
    if rows.size < 2:
        return None
    table = scores[rows][:, shared]
    twice = (~np.isnan(table)).sum(axis=0) >= 2
    table, of = table[:, twice], items[shared][twice]
    codes, count = encode(of)
    if count < FROM_ITEMS:
        return None
    left, right = _normal(table, codes, count)
    value, *rest = _solve(
        np.concatenate([left.sum(axis=0)[None], leave_one_out(left)]),
        np.concatenate([right.sum(axis=0)[None], leave_one_out(right)]),
    )
    without = np.array(rest)
    se = np.sqrt((count - 1) / count * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    margin = t_margin(confidence, count - 1) * se
    people = tuple(
        Severity(names[row], float(v), float(v - m), float(v + m))
        for row, v, m in zip(rows.tolist(), value, margin, strict=True)
    )
    spread = float(np.sqrt((value**2).sum() / (rows.size - 1)))
    return Severities(people, spread, int(count), int(rows.size - 1))


def _normal(table: Floats, item: Ints, count: int) -> tuple[Floats, Floats]:
    """Every item's part of the normal equations, its responses taken out: sums over them of diag(1) - 1 1' / m, and y.

    Shapes (items, reviewers, reviewers) and (items, reviewers).
    """
    given = ~np.isnan(table)
    m = given.sum(axis=0)
    mean = np.where(given, table, 0.0).sum(axis=0) / m
    right = np.where(given, table - mean, 0.0)
    left = (given[:, None, :] & given[None, :, :]) / -m
    rows = range(len(table))
    left[rows, rows] += given
    return _by_item(left, item, count), _by_item(right, item, count)


def _by_item(values: Floats, item: Ints, count: int) -> Floats:
    """Sums over the responses of each item: (..., responses) to (items, ...)."""
    flat = values.reshape(-1, item.size)
    sums = np.array([np.bincount(item, weights=row, minlength=count) for row in flat])
    return np.ascontiguousarray(sums.T).reshape(count, *values.shape[:-1])


def _solve(left: Floats, right: Floats) -> Floats:
    """Severities that sum to zero, of each of several systems: (systems, reviewers)."""
    size = right.shape[1]
    solved: Floats = np.einsum("sij,sj->si", np.linalg.pinv(left + 1.0 / size, hermitian=True), right)
    centred: Floats = solved - solved.mean(axis=1, keepdims=True)
    return centred


def _connected(given: Bools) -> Ints:
    """The largest set of rows that are linked by columns in which two of them stand."""
    together = (given.astype(np.int64) @ given.astype(np.int64).T) > 0
    best = np.empty(0, dtype=np.int64)
    for start in range(len(given)):
        group = together[start]
        while True:
            wider = together[group].any(axis=0) if group.any() else group
            if (wider == group).all():
                break
            group = wider
        if group.sum() > best.size:
            best = np.flatnonzero(group)
    return best


def like_these(
    se: float, df: float, shares: Floats, found: Severities, confidence: float = 0.95
) -> tuple[float, float]:
    """The standard error and the margin in it of a score by people like these, not by these people.

    A score that reviewers made in these `shares` (of the reviews, summing to 1) moves by sd^2 sum share^2 with the
    people who happened to review. Degrees of freedom after Satterthwaite (1946) of `se`^2 on `df` and that variance on
    people - 1.
    """
    people = found.sd**2 * float((shares**2).sum())
    total = se**2 + people
    if total <= 0.0:
        return 0.0, 0.0
    freedom = total**2 / ((se**4 / df if df > 0 else 0.0) + people**2 / found.df)
    return float(np.sqrt(total)), t_margin(confidence, max(freedom, 1.0))
