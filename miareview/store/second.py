"""What readings there are of each response, for drawing second ones and for counting on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from miareview.store.store import COUNTS_LAST, Store

Given = Fraction | None
"""Points, or None: ungradable."""


@dataclass(slots=True)
class Read:
    """One response of a benchmark and its readings, the first one first: (reviewer, points by position) of what each
    said last without the judge, or with it where they said nothing without. `judge` is what the judge gave."""

    response: str
    item: str
    model: str
    weights: dict[int, int]
    readings: list[tuple[str, dict[int, Given]]] = field(default_factory=list)
    judge: dict[int, Fraction] = field(default_factory=dict)


def reads(store: Store, benchmark: str, judge: str | None) -> Iterator[Read]:
    """The newest answers of status ok that somebody has committed; `judge` is an id."""
    weights: dict[str, dict[int, int]] = {}
    for item, position, weight in store.rows(
        "select item, position, weight from component join item on item.id = item where benchmark = ?", (benchmark,)
    ):
        weights.setdefault(item, {})[position] = weight
    found: dict[str, Read] = {}
    newest: dict[tuple[str, str], tuple[str, str]] = {}
    for response, item, model, status in store.rows(
        "select id, item, model, status from response order by imported_at, id"
    ):
        newest[item, model] = response, status
    answers = {id: key for key, (id, status) in newest.items() if status == "ok" and key[0] in weights}
    readings: dict[tuple[str, str], dict[int, Given]] = {}
    for response, reviewer in store.rows(
        "select response, reviewer from review_status where committed_at is not null order by committed_at, reviewer"
    ):
        if response in answers:
            item, model = answers[response]
            read = found.setdefault(response, Read(response, item, model, weights[item]))
            readings[response, reviewer] = {}
            read.readings.append((reviewer, readings[response, reviewer]))
    # Assisted marks come first, so a blind one takes their place.
    for response, reviewer, position, points in store.rows(
        "select response, reviewer, position, points from current_score order by judge_visible desc"
    ):
        if (response, reviewer) in readings:
            readings[response, reviewer][position] = None if points is None else Fraction(points)
    for response, judged in _judged(store, judge):
        if response in found:
            found[response].judge = judged
    yield from found.values()


def _judged(store: Store, judge: str | None) -> Iterator[tuple[str, dict[int, Fraction]]]:
    """The judge's points of the reply that counts, by response."""
    if judge is None:
        return
    counting = dict(store.rows(f"select response, id from judgment where judge = ? {COUNTS_LAST}", (judge,)))
    given: dict[str, dict[int, Fraction]] = {id: {} for id in counting.values()}
    for judgment, position, points in store.rows(
        "select judgment, position, points from score_read join judgment on judgment.id = judgment"
        " where judge = ? and points is not null",
        (judge,),
    ):
        if judgment in given:
            given[judgment][position] = Fraction(points)
    yield from ((response, given[id]) for response, id in counting.items())
