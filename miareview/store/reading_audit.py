"""How the replies in the database were read: the words that became scores, for whoever wants to look them over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class StoredReading:
    """One reply that was kept, and how it was read.

    `item` is the item's id, `number` its number in the benchmark. `points` and `spans` have one entry a component, in
    component order; a span is (start, end) in `raw`, None where no number was read.
    """

    judgment: str
    judge: str
    item: str
    number: int
    model: str
    repeat: int
    raw: str
    status: str
    warnings: tuple[str, ...]
    points: tuple[Fraction | None, ...]
    spans: tuple[tuple[int, int] | None, ...]

    def words(self, position: int) -> str | None:
        """The words that were read as the points of the component (from 1), None where none were."""
        span = self.spans[position - 1]
        return None if span is None else self.raw[slice(*span)]


def stored_readings(store: Store) -> Iterator[StoredReading]:
    """Every reply with words, in the order of judges, items and models."""
    scores: dict[str, list[tuple[str | None, int | None, int | None]]] = {}
    for judgment, *score in store.rows(
        "select judgment, points, span_start, span_end from sub_score order by judgment, position"
    ):
        scores.setdefault(judgment, []).append((score[0], score[1], score[2]))
    for id, judge, item, number, model, repeat, raw, status, warnings in store.rows(
        "select judgment.id, judge, item.id, item.number, model, repeat, raw, judgment.status, warnings from judgment"
        " join response on response.id = judgment.response join item on item.id = response.item"
        " where raw is not null and judgment.status not in ('api_error', 'empty')"
        " order by judge, benchmark, item.number, model, repeat, judgment.id"
    ):
        read = scores.get(id, [])
        yield StoredReading(
            id, judge, item, number, model, repeat, raw, status, tuple(json.loads(warnings)),
            tuple(None if points is None else Fraction(points) for points, _, _ in read),
            tuple(None if start is None or end is None else (start, end) for _, start, end in read),
        )  # fmt: skip
