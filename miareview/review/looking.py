"""Who may be told what: the rows that wait for a person, and what is recorded when they open numbers all the same.

A response waits for a person as long as its judge was not shown to them and it is in a blind queue that they have begun
and that is not over for them, or in what they work on blind just now.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from miareview.errors import RefusedError
from miareview.store.answers import answered
from miareview.store.queues import design as find_design
from miareview.store.sight import Part, parts, rows_of, shown_to
from miareview.store.store import Store


def unfinished(store: Store, reviewer: str, *here: str | None) -> list[Part]:
    """The blind queues that this person has begun, or works in now (`here`), and that are not over for them."""
    return [
        part for part in parts(store, reviewer) if part.blind and not part.over and (part.begun or part.queue in here)
    ]


def waiting(store: Store, reviewer: str, names: Collection[str], item: str | None = None) -> dict[str, set[str]]:
    """By item (or of one item), the responses of these queues whose judge was not shown to this person."""
    shown = shown_to(store, reviewer)
    found: dict[str, set[str]] = {}
    for of, response in rows_of(store, reviewer, names, item):
        if response not in shown:
            found.setdefault(of, set()).add(response)
    return found


def held_back(store: Store, reviewer: str, work: Collection[str] = ()) -> frozenset[str]:
    """All responses that wait for this person; `work` is what they work on blind just now."""
    queues = [part.queue for part in unfinished(store, reviewer)]
    there = {response for _, response in rows_of(store, reviewer, queues)}
    return frozenset(there.union(work) - shown_to(store, reviewer))


def waits(store: Store, reviewer: str, response: str) -> bool:
    """Whether one response waits for this person; asked by its key, however long their queues are."""
    queues, there = [part.queue for part in unfinished(store, reviewer)], answered(store, [response])
    if not queues or not there or shown_to(store, reviewer, [response]):
        return False
    return any(id == response for _, id in rows_of(store, reviewer, queues, there[response].item))


def may_be_listed(store: Store, reviewer: str, work: Collection[str] = ()) -> frozenset[str]:
    """The responses of which this person may see judge, model and other people's scores one by one.

    Those whose judge was shown to them, but none of an item of which another response still waits: with two models
    the second would be known by elimination.
    """
    shown = shown_to(store, reviewer)
    waiting = held_back(store, reviewer, work)
    answers = answered(store, shown | waiting)
    closed = {answers[id].item for id in waiting if id in answers}
    return frozenset(id for id in shown if answers[id].item not in closed)


def peek(store: Store, reviewer: str, opened: str, queues: Sequence[Part]) -> None:
    """Record that somebody opened numbers ("scores", "agreement", "report", …) in the middle of these blind queues."""
    from miareview.store.entry import Entry
    from miareview.store.ledger import append

    append(
        store,
        *(
            Entry(reviewer, "peek", value=json.dumps({"opened": opened, "committed": part.committed}), queue=part.queue)
            for part in queues
        ),
    )


def close_queue(store: Store, name: str, reviewer: str) -> Part:
    """End a person's part of a queue early: what they committed is the sample, and its judge is shown.

    Returns what it was before. Raises `DataError` where there is no such queue, `RefusedError` where nothing is to be
    closed.
    """
    if find_design(store, name).design in ("training", "again"):
        raise RefusedError(f"{name!r} is no sample.", "There is nothing to close; just stop.")
    (part,) = (part for part in parts(store, reviewer) if part.queue == name)
    if part.over:
        raise RefusedError(f"The queue {name!r} is over for {reviewer} already.")
    if not part.committed:
        raise RefusedError(f"{reviewer} has committed nothing in the queue {name!r}.", "There is nothing to close.")
    from miareview.store.entry import Entry
    from miareview.store.ledger import append

    append(store, Entry(reviewer, "close", queue=name))
    return part
