"""How the replies in the database were read, and what is kept where a later reader reads them otherwise.

A reading never takes the place of another. The newest counts, in every number and on every screen: the views
`judgment_read` and `score_read` of the schema say so, and whatever wants a score reads these.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from miareview.model import Judgment, points_text, sixtieths
from miareview.store.imports import chain_facts, moment
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class StoredReading:
    """One reply that was kept, and the reading of it that counts.

    `item` is the item's id, `number` its number in the benchmark. `points` and `spans` have one entry a component, in
    component order; a span is (start, end) in `raw`, None where no number was read. `stated_total` is as in
    `Judgment`. `times` counts how often it was read otherwise since it came in, `reader` is what read it then, None
    where it is still read as it came in. `called` says that miareview itself asked for it, `finish` is then how the
    reply ended, in the service's word.
    """

    judgment: str
    judge: str
    response: str
    item: str
    number: int
    model: str
    repeat: int
    raw: str
    status: str
    warnings: tuple[str, ...]
    points: tuple[Fraction | None, ...]
    spans: tuple[tuple[int, int] | None, ...]
    stated_total: tuple[Fraction, Fraction] | None = None
    times: int = 0
    reader: str | None = None
    called: bool = False
    finish: str | None = None

    def words(self, position: int) -> str | None:
        """The words that were read as the points of the component (from 1), None where none were."""
        span = self.spans[position - 1]
        return None if span is None else self.raw[slice(*span)]


_WITH_WORDS = "raw is not null and judgment.status not in ('api_error', 'empty')"
_READINGS = (
    "select judgment.id, judge, response, item.id, item.number, model, repeat, raw, judgment.status, warnings,"
    " (select json_group_array(json_array(points, span_start, span_end)) from"
    " (select * from score_read where judgment = judgment.id order by position)),"
    " stated_points, stated_of, judgment.number, reader,"
    " (select json_array(finish_reason) from call where call.judgment = judgment.id order by at desc limit 1)"
    " from judgment_read judgment join response on response.id = judgment.response"
    f" join item on item.id = response.item where {_WITH_WORDS}"
)


def count_replies(store: Store) -> int:
    """How many replies there are that say something."""
    return int(store.rows(f"select count(*) from judgment where {_WITH_WORDS}")[0][0])


def stored_readings(store: Store) -> Iterator[StoredReading]:
    """Every reply that says something, one by one, in the order of judges, items and models."""
    order = "order by judge, benchmark, item.number, model, repeat, judgment.id"
    for row in store.stream(f"{_READINGS} {order}"):
        yield _reading(row)


@dataclass(frozen=True, slots=True)
class HowRead:
    """How one judge's replies were read: of `scores`, one a component and reply, how many (`read`); replies of which
    `nothing` was read, and those that were read `again` since they came in; a reply read without a doubt and one with,
    where there are any, as `examples`."""

    scores: int
    read: int
    nothing: int
    again: int
    examples: tuple[StoredReading, ...]


def how_read(store: Store, judge: str) -> HowRead:
    """The audit of one judge (by id)."""
    ((scores, read, nothing, again),) = store.rows(
        "select total(scores), total(read), count(*) filter (where not read), count(*) filter (where number) from"
        " (select judgment.number, (select count(*) from score_read where judgment = judgment.id) as scores,"
        " (select count(points) from score_read where judgment = judgment.id) as read"
        f" from judgment_read judgment where judge = ? and {_WITH_WORDS})",
        (judge,),
    )
    examples = [
        _reading(row)
        for statuses in ("= 'ok'", "in ('warning', 'partial')")
        for row in store.rows(f"{_READINGS} and judge = ? and judgment.status {statuses} limit 1", (judge,))
    ]
    return HowRead(int(scores), int(read), nothing, again, tuple(examples))


def _reading(row: tuple[Any, ...]) -> StoredReading:
    *said, warnings, scores, points, of, times, reader, call = row
    read = json.loads(scores)
    return StoredReading(  # type: ignore[call-arg]
        *said,
        tuple(json.loads(warnings)),
        tuple(None if value is None else Fraction(value) for value, _, _ in read),
        tuple(None if start is None or end is None else (start, end) for _, start, end in read),
        None if points is None else (Fraction(points), Fraction(of)),
        times,
        reader,
        call is not None,
        json.loads(call)[0] if call else None,
    )


def add_readings(store: Store, readings: Sequence[tuple[StoredReading, Judgment]], reader: str) -> int:
    """Keep new readings of replies beside what is there, with an event that has their digest, in one transaction.

    Each is (how it was read until now, how `reader` reads it). Where somebody else has kept a reading meanwhile, theirs
    stands. Returns how many were kept.
    """
    weights = store.weights({before.response for before, _ in readings})
    kept = 0
    with store.writing() as connection:
        at = moment(connection, "reread")
        for before, now in readings:
            key = (before.judgment, before.times + 1)
            stated = now.stated_total
            added = connection.execute(
                "insert into reread values (?, ?, ?, ?, ?, ?, ?, ?) on conflict(judgment, number) do nothing",
                (
                    *key, reader, now.status, json.dumps(now.warnings),
                    points_text(stated[0]) if stated else None, points_text(stated[1]) if stated else None, at,
                ),
            ).rowcount  # fmt: skip
            if not added:
                continue
            kept += 1
            of = weights[before.response]
            connection.executemany(
                "insert into reread_score values (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        *key, one.position, None if one.points is None else points_text(one.points),
                        None if one.points is None else sixtieths(one.points, of[one.position]), one.start, one.end,
                    )
                    for one in now.sub_scores
                ],
            )  # fmt: skip
        chain_facts(store, connection, "reread", at, reader=reader)
    return kept
