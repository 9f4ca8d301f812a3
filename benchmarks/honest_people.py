"""Simulated people and judges for bench_honest.py: severe reviewers, agreement, and a judge that sees no picture."""

from __future__ import annotations

import numpy as np
from honest_audits import ITEMS, Floats, audit, nan

from miareview.stats.agreement import alpha, alpha_interval
from miareview.stats.agreement.ceiling import most_reachable
from miareview.stats.board.severity import like_these, severities
from miareview.stats.correction import corrected_mean
from miareview.stats.judges.probe import probe


def people_like_these(rng: np.random.Generator, n: int, reviewers: int) -> tuple[bool, bool] | None:
    """Do the intervals for these people, and for people like these, hold what all such people would give on average?

    Severities have a spread of .022 over such people; every fourth item is read by all, the others by one in turn.
    """
    judge, human = (scores[0] for scores in audit(rng, 1))
    severe = 0.022 * rng.normal(size=reviewers)
    scores = np.full((reviewers, ITEMS), nan)
    for place, item in enumerate(rng.permutation(ITEMS)[:n].tolist()):
        who = np.arange(reviewers) if place % 4 == 0 else np.array([place % reviewers])
        scores[who, item] = human[item] + severe[who] + 0.05 * rng.normal(size=who.size)
    given = ~np.isnan(scores)
    count = given.sum(axis=0)
    mean = np.where(count > 0, np.where(given, scores, 0.0).sum(axis=0) / np.maximum(count, 1), nan)
    found = corrected_mean(judge, mean, bounds=None)
    known = severities(scores, np.arange(ITEMS), tuple(map(str, range(reviewers))))
    if known is None:
        return None
    shares = (given / np.maximum(count, 1)).sum(axis=1)
    se, margin = like_these(found.se, found.df, shares / shares.sum(), known)
    truth = float(human.mean())
    return found.low <= truth <= found.high, abs(found.value - truth) <= margin * se


def rated(rng: np.random.Generator, items: int, noise: float) -> tuple[Floats, Floats]:
    """Truth and two people's marks (2, units) on three components an item, in steps of a fifth; items differ."""
    hard = np.repeat(rng.normal(0, 0.15, items), 3)
    truth = np.clip(0.7 + hard + rng.normal(0, 0.2, 3 * items), 0, 1)
    marks = truth + noise * rng.normal(size=(2, 3 * items)) + np.repeat(noise * rng.normal(size=(2, items)), 3, axis=1)
    return truth, np.round(5 * np.clip(marks, 0, 1)) / 5


def alpha_holds(rng: np.random.Generator, items: int, true: float) -> bool:
    """Does alpha's interval from so many items hold the alpha of very many?"""
    _, marks = rated(rng, items, 0.12)
    found = alpha_interval(marks, np.repeat(np.arange(items), 3))
    return found.low is not None and found.low <= true <= (found.high or 1.0)


def reach(rng: np.random.Generator) -> tuple[float, float]:
    """What a judge that gives the truth reaches with people, and the ceiling that their alpha tells, from 400 items."""
    truth, marks = rated(rng, ITEMS, 0.12)
    exact = np.round(5 * truth) / 5
    reached = np.mean([alpha(np.stack([exact, person])) or 0.0 for person in marks])
    return float(reached), most_reachable(alpha(marks)) or 0.0


def looks(rng: np.random.Generator, shuffled: bool) -> bool | None:
    """A judge whose points change in 8 % of the components when asked again; without the picture they are shuffled,
    or it answers as if asked again."""
    items = np.repeat(np.arange(80), 3)
    points = rng.integers(0, 6, items.size) / 5

    def again() -> Floats:
        return np.where(rng.random(items.size) < 0.08, rng.integers(0, 6, items.size) / 5, points)

    replies = np.stack([again(), again()])
    blind = rng.permutation(points) if shuffled else again()
    category = np.full(items.size, "describe")
    return probe(("a", "b"), "none", replies[0], blind, category, items, replies).looks
