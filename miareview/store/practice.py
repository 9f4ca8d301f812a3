"""Readings for practice: of responses that are settled, to learn from, and of those that the person has read before.

Each is one event, written when it is complete. It is no label and no score: no derived table knows of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from miareview.model import points_text
from miareview.store.connection import Connection
from miareview.store.replay import Mark, ReviewState

Practice = Literal["training", "repeat"]
Points = Mapping[int, Fraction | None]
"""By position; None: ungradable."""


@dataclass(frozen=True, slots=True)
class Practised:
    """A reading for practice: `of` says of which kind."""

    of: Practice
    points: Points

    def state(self) -> ReviewState:
        """The reading in the form in which a review is kept."""
        return ReviewState(
            {p: Mark(points, None if points is not None else "", "", "") for p, points in self.points.items()}
        )


def practice_value(of: Practice, points: Points) -> str:
    """What a `practice` event says."""
    said = {str(p): None if given is None else points_text(given) for p, given in sorted(points.items())}
    return json.dumps({"of": of, "points": said})


def practice_of(value: str | None) -> Practised | None:
    """The reading that a `practice` event says; None where it says none."""
    try:
        said = json.loads(value or "")
        points = {int(p): None if given is None else Fraction(given) for p, given in said["points"].items()}
        of: Practice = said["of"]
        return Practised(of, points) if of in ("training", "repeat") else None
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError):
        return None


def practised(
    store: Connection, reviewer: str | None = None, queue: str | None = None
) -> Iterator[tuple[str, str, Practised]]:
    """(person, response, reading) of everybody or one person, in all queues or one; the first of each in a queue."""
    seen = set()
    for person, response, name, value in store.rows(
        "select person, response, queue, value from event join reviewer on name = event.reviewer"
        " where kind = 'practice' and response is not null and (?1 is null or person = ?1)"
        " and (?2 is null or queue = ?2) order by event.id",
        (reviewer, queue),
    ):
        said = practice_of(value)
        if said is not None and (person, response, name, said.of) not in seen:
            seen.add((person, response, name, said.of))
            yield person, response, said
