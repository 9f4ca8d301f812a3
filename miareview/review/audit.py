"""From the store to the one table that every number is computed from."""

from __future__ import annotations

from miareview.errors import DataError
from miareview.model import Judge, Sample, ScoreColumns
from miareview.review.queues import find_benchmark, newest, sample_of
from miareview.store.columns import read_columns
from miareview.store.queues import commits, queues
from miareview.store.store import Store


def score_columns(store: Store, judge: str | None = None, benchmark: str | None = None) -> ScoreColumns:
    """All scores of a benchmark under one judge.

    Without names: the benchmark with the most items and the judge with the most judgments. Raises `DataError` where
    there is nothing to read, or no such judge or benchmark.
    """
    benchmark = find_benchmark(store, benchmark)
    chosen = find_judge(store, judge)
    items = {item.id for item in store.items(benchmark)}
    drawn, done = queues(store), commits(store)
    frames: dict[str, set[str]] = {}
    for response in newest(store.responses()):
        frame = frames.setdefault(response.model, set())
        if response.item in items and response.status == "ok":
            frame.add(response.id)
    samples: dict[str, Sample | None] = {model: sample_of(model, drawn, done, frame) for model, frame in frames.items()}
    return read_columns(store, benchmark, chosen.id if chosen else None, samples)


def find_judge(store: Store, name: str | None = None) -> Judge | None:
    """The judge of that name (or id), else the one with the most judgments; None where there is none at all."""
    judges = store.judges()
    if name is None:
        return judges[0] if judges else None
    for judge in judges:
        if name in (judge.name, judge.id):
            return judge
    known = ", ".join(dict.fromkeys(judge.name for judge in judges)) or "none"
    raise DataError(f"There is no judge named {name!r}.", f"Known judges: {known}.")
