"""Databases of synthetic audits: facts through the store, every review through the ledger.

    python benchmarks/make_audits.py AUDIT.db --items 400 --models 6 --reviewed 50 --gap 3

Points, texts and people are made up and seeded. `bench_statistics.py`, `bench_recompute.py` and `bench_plan.py` use it.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from miareview.identity import item_id, judge_id, judgment_id, response_id
from miareview.model import CATEGORIES, DIFFICULTIES, Component, Item, Judge, Judgment, Response, SubScore
from miareview.review.queues import create_queue
from miareview.store.ledger import Entry, append
from miareview.store.queues import queue as find_queue
from miareview.store.store import Store

WEIGHTS = ((4, 3, 3), (5, 5), (6, 4), (4, 4, 2), (4, 2, 2, 2), (6, 2, 2), (2, 4, 4), (3, 3, 4))
WORDS = "word " * 120
SEED = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """An audit of `models` on `items`: the first `reviewed` items of a random queue are committed by `people`.

    They take turns by item, every `overlap`-th item is read by all (0: none), or `everybody` reads all. `gap` is the
    place of an item that is skipped, `confounded` gives each model to one person, `judges` is how many scored
    everything.
    """

    items: int
    models: int
    reviewed: int = 0
    people: tuple[str, ...] = ("ann",)
    everybody: bool = False
    overlap: int = 0
    gap: int | None = None
    confounded: bool = False
    judges: int = 1

    def readers(self, place: int, model: int) -> tuple[str, ...]:
        """Who commits the answer of a model to the item at a place of the queue."""
        if place >= self.reviewed or place == self.gap:
            return ()
        if self.everybody or (self.overlap and place % self.overlap == 0):
            return self.people
        return (self.people[(model if self.confounded else place) % len(self.people)],)


def make_audit(path: Path, plan: Plan) -> int:
    """Make the database; the number of people's events."""
    rng = np.random.default_rng(SEED)
    benchmark = []
    for index in range(plan.items):
        parts = tuple(
            Component(position, CATEGORIES[int(rng.integers(len(CATEGORIES)))], f"part {position}", weight)
            for position, weight in enumerate(WEIGHTS[int(rng.integers(len(WEIGHTS)))], 1)
        )
        url = f"https://example.invalid/{index}.png"
        difficulty = DIFFICULTIES[int(rng.integers(len(DIFFICULTIES)))]
        key = item_id("synthetic", url, str(index))
        benchmark.append(Item(key, "synthetic", index, url, str(index), difficulty, parts))
    responses, truth, told = [], {}, {}
    for model, skill in enumerate(np.linspace(0.5, 0.92, plan.models)):
        for item in benchmark:
            name, text = f"model-{model:02d}", f"answer {model} {item.index} {WORDS}"
            responses.append(Response(response_id(item.id, name, text, "ok"), item.id, name, text, "ok"))
            truth[responses[-1].id] = [points(rng, weight, float(skill)) for weight in item.weights]
            told[responses[-1].id] = (item, model)
    judgments = []
    for number in range(plan.judges):
        name = "synthetic-judge" + ("" if number == 0 else f"-{number + 1}")
        judge = Judge(judge_id(name, "", "{}"), name)
        judgments.append((judge, [_judged(rng, judge, r, told[r.id][0], truth[r.id], number) for r in responses]))
    events = 0
    with Store.open(path, create=True) as store:
        store.add_items(benchmark)
        store.add_responses(responses)
        for judge, made in judgments:
            store.add_judgments(judge, made)
        create_queue(store, "audit", seed=1)
        queue = find_queue(store, "audit")
        place_of = {item: place for place, item in enumerate(dict.fromkeys(row.item for row in queue.rows))}
        entries: dict[str, list[Entry]] = {name: [] for name in plan.people}
        for row in queue.rows:
            item, model = told[row.response]
            for name in plan.readers(place_of[row.item], model):
                entries[name] += review(rng, name, row.response, item, truth[row.response], queue.name)
        for said in entries.values():
            events += len(append(store, *said)) if said else 0
    return events


def make_database(path: Path, items: int, models: int, reviewers: int) -> int:
    """An audit in which everybody has reviewed everything; the number of their events."""
    people = tuple(f"reviewer-{number}" for number in range(reviewers))
    return make_audit(path, Plan(items, models, items, people, everybody=True))


def review(rng: np.random.Generator, name: str, response: str, item: Item, truth: list[int], queue: str) -> list[Entry]:
    """A whole review: the truth, but for one component in ten."""
    said = []
    for position, (x, weight) in enumerate(zip(truth, item.weights, strict=True), 1):
        given = points(rng, weight, 0.5) if rng.random() < 0.1 else x
        said.append(Entry(name, "score", response, position, str(given), queue=queue))
    return [*said, Entry(name, "commit", response, queue=queue)]


def points(rng: np.random.Generator, weight: int, skill: float) -> int:
    """Full points with probability `skill`, else anything."""
    return weight if rng.random() < skill else int(rng.integers(0, weight + 1))


def _judged(
    rng: np.random.Generator, judge: Judge, response: Response, item: Item, truth: list[int], number: int
) -> Judgment:
    """A lenient judge's reply; each further judge is more so."""
    lenient = 0.2 + 0.15 * number
    given = [min(w, t + int(rng.random() < lenient)) for w, t in zip(item.weights, truth, strict=True)]
    raw = ", ".join(f"score of component {p}: {x}" for p, x in enumerate(given, 1)) + WORDS
    total = (Fraction(sum(given)), Fraction(item.total))
    scores = tuple(SubScore(position, Fraction(x)) for position, x in enumerate(given, 1))
    key = judgment_id(response.id, judge.id, 0, raw)
    return Judgment(key, response.id, judge.id, 0, raw, "ok", (), total, total[0] / total[1], scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("db", type=Path)
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--models", type=int, default=6)
    parser.add_argument("--reviewed", type=int, default=50)
    parser.add_argument("--people", default="ann", help="names with commas between; they take turns by item")
    parser.add_argument("--overlap", type=int, default=0, help="every so many items are read by all")
    parser.add_argument("--gap", type=int, help="the place of an item that is skipped")
    parser.add_argument("--confounded", action="store_true", help="each model is reviewed by one person")
    given = parser.parse_args()
    plan = Plan(given.items, given.models, given.reviewed, tuple(given.people.split(",")), overlap=given.overlap)
    make_audit(given.db, replace(plan, gap=given.gap, confounded=given.confounded))


if __name__ == "__main__":
    main()
