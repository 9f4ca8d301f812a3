"""Readings beside the first: of what is settled, to learn from; unannounced, of what the person has read before; and
of what was sent back for a new blind round.

Each is one event, written when it is complete. It is no score, and no derived table knows of it; a label is made of the
last kind alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from miareview.model import points_text
from miareview.store.connection import Connection
from miareview.store.replay import Mark, ReviewState

Practice = Literal["training", "repeat", "again"]
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
        return Practised(of, points) if of in get_args(Practice) else None
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError):
        return None


def practised(
    store: Connection, reviewer: str | None = None, queue: str | None = None
) -> Iterator[tuple[str, str, Practised]]:
    """(person, response, reading) of everybody or one person, in all queues or one; the first of each in a queue."""
    seen = set()
    for person, response, name, value in store.rows(
        # Where no queue brings any, the ledger need not be gone through.
        "select person, response, queue, value from event join reviewer on name = event.reviewer"
        " where exists (select 1 from queue where design in ('training', 'again') or frame like '%\"repeats\"%')"
        " and kind = 'practice' and response is not null and (?1 is null or person = ?1)"
        " and (?2 is null or queue = ?2) order by event.id",
        (reviewer, queue),
    ):
        said = practice_of(value)
        if said is not None and (person, response, name, said.of) not in seen:
            seen.add((person, response, name, said.of))
            yield person, response, said


def read_again(store: Connection, response: str) -> Iterator[tuple[str, str, str, Points]]:
    """(person, when, by which guideline, points) of the readings of a response in new blind rounds, the oldest first.

    Those of somebody whom the judge had been shown are left out: they are not blind.
    """
    for person, at, guideline, value in store.rows(
        "select person, at, guideline, value from event join reviewer on name = event.reviewer"
        " where response = ? and kind = 'practice' and not judge_visible order by event.id",
        (response,),
    ):
        said = practice_of(value)
        if said is not None and said.of == "again":
            yield person, at, guideline, said.points
