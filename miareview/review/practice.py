"""Readings that are no scores: training on what is settled, and new blind rounds; drawing them, and their words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from miareview.errors import RefusedError, UsageError
from miareview.events import Event
from miareview.identity import random_number
from miareview.model import (
    Design,
    Item,
    Judgment,
    Queue,
    QueueRow,
    Response,
    Reveal,
    SubScore,
    points_text,
)
from miareview.review.named import find_benchmark
from miareview.stats.agreement.calibration import Calibration, Pair, calibration
from miareview.store.connection import now
from miareview.store.entry import Entry
from miareview.store.practice import Points, Practice, practice_value, practised
from miareview.store.queues import add_queue
from miareview.store.replay import replay
from miareview.store.store import Store
from miareview.store.verdicts import labels, response_labels


def create_training(
    store: Store, name: str, size: int, *, seed: int = 1, benchmark: str | None = None, by: str = ""
) -> Queue:
    """Keep a queue of `size` responses with a settled component, by permanent random numbers, to learn from.

    After each commit the settled labels are shown. Nothing that is said in it is a label or a score. Raises
    `UsageError` where fewer are settled.
    """
    named = find_benchmark(store, benchmark)
    found = [
        response
        for _, response, given in labels(store, named)
        if response.status == "ok" and any(label.source == "settled" for label in given)
    ]
    if len(found) < size:
        raise UsageError(
            f"{len(found)} responses have a settled label, fewer than {size}.", "Settle more: miareview gold list."
        )
    found.sort(key=lambda response: random_number(seed, "training", response.id))
    return _keep(store, name, "training", found[:size], {"source": "settled"}, "each", by, seed)


def create_again(store: Store, name: str, *, benchmark: str | None = None, by: str = "") -> Queue:
    """Keep a queue of the responses that have a component sent back and not scored again: a new blind round.

    Its judge is never shown in it. What is said there makes labels, and no score: the first scores stay, and with them
    every number that is made of them. Raises `UsageError` where nothing was sent back.
    """
    named = find_benchmark(store, benchmark)
    found = [response for _, response, given in labels(store, named) if any(label.again for label in given)]
    if not found:
        raise UsageError("Nothing waits for a new blind round.", "Send labels back first: b on the screen of gold.")
    return _keep(store, name, "again", found, {"source": "sent back"}, "never", by)


def _keep(
    store: Store, name: str, design: Design, found: Sequence[Response], source: dict[str, str], reveal: Reveal,
    by: str, seed: int = 0,
) -> Queue:  # fmt: skip
    rows = tuple(QueueRow(place, one.id, one.item, one.model, "all", 0.0) for place, one in enumerate(found, start=1))
    queue = Queue(
        name=name,
        design=design,
        seed=seed,
        frame=json.dumps({**source, "responses": dict(Counter(one.model for one in found))}),
        frame_size=len({one.item for one in found}),
        size=len({row.item for row in rows}),
        blind=True,
        made=now(),
        rows=rows,
        reveal=reveal,
    )
    add_queue(store, queue, by)
    return queue


def practise(said: list[Event], entries: Sequence[Entry], item: Item, practice: Practice) -> list[Entry]:
    """Add words to what was said of a response that is read for practice; with the commit, what is to be written.

    Words before it are held in memory: only a whole reading is kept, of a new blind round with its comment. Raises
    `RefusedError` where a word does not fit.
    """
    done: list[Entry] = []
    for entry in entries:
        state = replay(said)
        if state.committed_at is not None and entry.kind != "commit":
            raise RefusedError("This response is committed.")
        if entry.kind == "score" and not 0 <= Fraction(entry.value or "0") <= item.weights[(entry.component or 1) - 1]:
            raise RefusedError(f"Component {entry.component} is worth {item.weights[(entry.component or 1) - 1]}.")
        value = entry.value
        if entry.kind == "commit":
            value = "each" if practice == "training" else "never"
            points: Points = {p: mark.points for p, mark in state.blind.items()}
            done = [replace(entry, kind="practice", value=practice_value(practice, points))]
            if practice == "again" and (comment := state.comments.get(0)):
                done.append(replace(entry, kind="comment", value=comment))
        said.append(
            Event(
                id=str(len(said)), at=now(), reviewer=entry.reviewer, device="", kind=entry.kind,
                response=entry.response, component=entry.component, value=value, judge_visible=False,
                queue=entry.queue,
            )
        )  # fmt: skip
    return done


def settled_labels(store: Store, item: Item, response: str) -> Judgment:
    """What was settled of a response, in the form in which a judge's reply is shown."""
    found = [label for label in response_labels(store, item, response) if label.source == "settled"]
    lines = []
    for label in found:
        points = "ungradable" if label.points is None else points_text(label.points)
        rule = f", by rule {label.rule}" if label.rule else ""
        why = "; ".join(text for text in (label.why, label.note) if text)
        lines.append(f"component {label.position}: {points}{rule}{f': {why}' if why else ''}")
    return Judgment(
        "", response, "", 0, "\n".join(lines), "ok",
        sub_scores=tuple(SubScore(label.position, label.points) for label in found),
    )  # fmt: skip


def calibrations(store: Store, benchmark: str) -> list[Calibration]:
    """Everybody's training and repeats over a benchmark, by name."""
    found = list(practised(store))
    items = {item.id: item for item in store.items(benchmark)} if found else {}
    training: dict[str, list[Pair]] = {}
    repeats: dict[str, list[Pair]] = {}
    for person, response, reading in found:
        item = items.get(store.response(response).item)
        if item is None:
            continue
        if reading.of == "again":
            continue
        if reading.of == "training":
            given = response_labels(store, item, response)
            before = {label.position: label.points for label in given if label.source == "settled"}
        else:
            before = blind_points(store, response, person)
        pairs = (training if reading.of == "training" else repeats).setdefault(person, [])
        pairs += [
            Pair(response, _fraction(before[p], item, p), _fraction(points, item, p))
            for p, points in reading.points.items()
            if p in before
        ]
    return [
        calibration(person, training.get(person, []), repeats.get(person, []))
        for person in sorted(training.keys() | repeats.keys())
    ]


def blind_points(store: Store, response: str, person: str) -> dict[int, Fraction | None]:
    """What a person gave without the judge in sight, the first time."""
    return {
        label.position: value
        for label in response_labels(store, store.item(store.response(response).item), response)
        for who, value in zip(label.people, label.values, strict=True)
        if who == person
    }


def _fraction(points: Fraction | None, item: Item, position: int) -> float | None:
    return None if points is None else float(points / item.weights[position - 1])
