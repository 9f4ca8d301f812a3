"""Where a person can go from a review: an item, a model, a queue, in their work or outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from miareview.review.session import ReviewSession
from miareview.store.queues import designs

MOST = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Something to go to. `kind` says what `target` is: a place in this work ("here"), the number of an item outside
    it to look at ("look"), or the name of a model or queue whose responses are listed. `line` says so in words.
    """

    kind: Literal["here", "look", "model", "queue"]
    target: str
    line: str


def places(session: ReviewSession, words: str) -> list[Place]:
    """What goes by that number or name. Names of models tell nothing of who wrote a response that is masked."""
    words = words.strip()
    if not words:
        return []
    if words.isdecimal():
        return _items(session, words)
    wanted = words.casefold()
    models = [
        Place("model", name, f"model {name}: its responses, in the list")
        for name in session.store.models()
        if wanted in name.casefold()
    ]
    drawn = [
        Place("queue", queue.name, f"queue {queue.name}: its review")
        for queue in designs(session.store)
        if wanted in queue.name.casefold()
    ]
    return [*models, *drawn][:MOST]


def _items(session: ReviewSession, number: str) -> list[Place]:
    name = session.queue.name if session.queue else "this work"
    here = session.work.of_number(int(number))
    if here:
        return [Place("here", str(place), line) for place, line in here[:MOST]]
    if session.store.responses_to(session.item.benchmark, int(number)):
        return [Place("look", str(int(number)), f"item {int(number)} is not in {name}: ↵ looks, without scoring")]
    return []
