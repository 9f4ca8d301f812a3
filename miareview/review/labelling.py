"""Labels that people gave elsewhere, taken in as their readings or as settled; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from miareview.errors import DataError, RefusedError
from miareview.formats.gold_in import GivenLabel
from miareview.model import points_text
from miareview.store.answers import answers
from miareview.store.entry import Entry
from miareview.store.gold import settled
from miareview.store.ledger import append
from miareview.store.queues import queue as find_queue
from miareview.store.register import known_person, new_reviewer, person_of
from miareview.store.store import Store
from miareview.store.verdicts import committed_marks, settled_of

TOGETHER = 100  # readings that share a transaction: to wait for the disk after each takes five times as long
_POINTS = re.compile(r"\d{1,3}(\.\d{0,6})?|\d{1,4}/[1-9]\d{0,3}", re.ASCII)


@dataclass(slots=True)
class Taken:
    """What came of labels: responses or components that are new, those that were there already, what was left out."""

    new: int = 0
    there: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)


class _Unfit(Exception):
    """Why a label cannot be taken."""


@dataclass(frozen=True, slots=True)
class _Placed:
    label: GivenLabel
    who: str
    response: str
    points: Fraction | None


def take_labels(
    store: Store,
    benchmark: str,
    given: Iterable[GivenLabel],
    *,
    as_settled: bool = False,
    judge_seen: bool = False,
    new_people: bool = False,
    queue: str | None = None,
) -> Taken:
    """Take labels into the ledger: as whole, committed readings of the people named, or as settled by them.

    A label is left out, with the reason, where its response or component is not there, its points do not fit, two
    of one person differ, or a reading lacks a component. With a `queue` the readings are work in it, and one of what
    is not in it or is somebody else's part is left out. Raises `DataError` where the register knows nobody of a name,
    unless `new_people` lets them join, or where there is no such queue, `RefusedError` where it is for practice.
    """
    drawn = None if queue is None else _rows_for(store, queue)
    taken, given = Taken(), list(given)
    people = _people(store, {label.who for label in given}, new_people)
    numbers = {item.id: item.index for item in store.items(benchmark)}
    answered = {(numbers[answer.item], answer.model): answer.id for answer in answers(store, benchmark)}
    weights = store.weights({*answered.values(), *(label.response for label in given if label.response)})
    placed: dict[tuple[str, str], dict[int, _Placed]] = {}
    unsure: set[tuple[str, str]] = set()
    for label in given:
        try:
            one = _place(label, people[label.who], answered, weights)
        except _Unfit as problem:
            taken.left_out.append((label.place, str(problem)))
            continue
        mine = placed.setdefault((one.who, one.response), {})
        if label.component in mine and mine[label.component].points != one.points:
            taken.left_out.append((label.place, f"{label.who} gives component {label.component} two different points"))
            unsure.add((one.who, one.response))
        mine.setdefault(label.component, one)
    waiting = list(placed.items())
    for start in range(0, len(waiting), TOGETHER):
        with store.writing():
            for key, parts in waiting[start : start + TOGETHER]:
                first = next(iter(parts.values())).label
                if key in unsure:
                    differs = f"what {first.who} says of this response is not taken: it differs"
                    taken.left_out.append((first.place, differs))
                elif as_settled:
                    _settle(store, parts, judge_seen, taken)
                elif drawn is not None and not _is_theirs(drawn, *key):
                    taken.left_out.append((first.place, f"it is not {first.who}'s part of the queue {queue}"))
                else:
                    _read(store, key, parts, weights[key[1]], judge_seen, queue, taken)
    return taken


def _rows_for(store: Store, queue: str) -> dict[str, tuple[str, ...]]:
    """Whose each response of a queue is: nobody's in particular where it was not dealt out."""
    found = find_queue(store, queue)
    if found.design in ("training", "again"):
        raise RefusedError(f"{queue!r} is for practice: nothing that is said in it is a score.", "Nothing was saved.")
    people = {name: person_of(store, name) or name for row in found.rows for name in row.people}
    return {row.response: tuple(people[name] for name in row.people) for row in found.rows}


def _is_theirs(drawn: dict[str, tuple[str, ...]], who: str, response: str) -> bool:
    return response in drawn and (not drawn[response] or who in drawn[response])


def _people(store: Store, names: set[str], new_people: bool) -> dict[str, str]:
    unknown = sorted(name for name in names if person_of(store, name) is None)
    if unknown and not new_people:
        raise DataError(
            f"This database knows no reviewer {', '.join(map(repr, unknown[:5]))}.",
            "Add them with `miareview reviewer add`, say who they are with `reviewer alias`, or let them join: --new.",
        )
    for name in unknown:
        if person_of(store, name) is None:
            append(store, new_reviewer(name))
    return {name: known_person(store, name) for name in names}


def _place(
    label: GivenLabel, who: str, answered: dict[tuple[int, str], str], weights: dict[str, dict[int, int]]
) -> _Placed:
    response = label.response
    if not response:
        models = sorted({model for number, model in answered if number == label.item})
        if not label.model and len(models) > 1:
            raise _Unfit(f"it names no model, and {len(models)} answered item {label.item}")
        response = answered.get((label.item or 0, label.model or (models[0] if models else "")), "")
        if not response:
            raise _Unfit(f"there is no answer of {label.model or 'any model'} to item {label.item}")
    if not weights.get(response):
        raise _Unfit(f"there is no response {response!r}")
    weight = weights[response].get(label.component)
    if weight is None:
        raise _Unfit(f"the item has no component {label.component}")
    if label.points and not _POINTS.fullmatch(label.points):
        raise _Unfit(f"{label.points[:40]!r} is no number of points")
    points = Fraction(label.points) if label.points else None
    if points is not None and not 0 <= points <= weight:
        raise _Unfit(f"component {label.component} is worth {weight}: {label.points[:40]} does not fit")
    return _Placed(label, who, response, points)


def _settle(store: Store, parts: dict[int, _Placed], judge_seen: bool, taken: Taken) -> None:
    for position, one in parts.items():
        before = settled_of(store, one.response).get(position)
        if before and before.ruling == "settled":
            same = before.points == one.points
            taken.there += same
            if not same:
                taken.left_out.append((one.label.place, f"component {position} is settled otherwise already"))
            continue
        say = settled(one.who, one.response, position, one.points, ungradable=one.label.note or "ambiguous",
                      note=one.label.note, judge_visible=judge_seen)  # fmt: skip
        try:
            append(store, say)
            taken.new += 1
        except RefusedError as problem:
            taken.left_out.append((one.label.place, str(problem)))


def _read(
    store: Store, key: tuple[str, str], parts: dict[int, _Placed], weights: dict[int, int], seen: bool,
    queue: str | None, taken: Taken,
) -> None:  # fmt: skip
    who, response = key
    first = next(iter(parts.values())).label
    if missing := sorted(weights.keys() - parts.keys()):
        lacks = ", ".join(map(str, missing))
        taken.left_out.append((first.place, f"a reading is whole: {first.who} says nothing of component {lacks}"))
        return
    before = {position: points for name, position, points in committed_marks(store, response) if name == who}
    if before:
        same = before == {position: one.points for position, one in parts.items()}
        taken.there += same
        if not same:
            taken.left_out.append((first.place, f"{who} has committed this response with other points"))
        return
    entries = [
        Entry(who, "ungradable", response, p, one.label.note or "ambiguous", seen, queue)
        if one.points is None
        else Entry(who, "score", response, p, points_text(one.points), seen, queue)
        for p, one in sorted(parts.items())
    ]
    try:
        append(store, *entries, Entry(who, "commit", response, queue=queue))
        taken.new += 1
    except RefusedError as problem:
        taken.left_out.append((first.place, str(problem)))
