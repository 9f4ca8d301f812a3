"""From the store to the one table that every number is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from miareview.errors import DataError
from miareview.model import Judge, Queue, Sample, ScoreColumns
from miareview.review.queues import find_benchmark, sample_of
from miareview.store.columns import newest_answers, read_columns
from miareview.store.queues import commits, queues
from miareview.store.store import Store


def score_columns(
    store: Store, judge: str | None = None, benchmark: str | None = None, *, all_judges: bool = False
) -> ScoreColumns:
    """All scores of a benchmark under one judge, and with `all_judges` those of the others beside it.

    Without names: the benchmark with the most items and the judge with the most judgments. Raises `DataError` where
    there is nothing to read, or no such judge or benchmark.
    """
    benchmark = find_benchmark(store, benchmark)
    chosen = find_judge(store, judge)
    items = {item.id for item in store.items(benchmark)}
    drawn = queues(store)
    done = _shared(drawn, commits(store))
    frames: dict[str, set[str]] = {}
    for (item, model), (response, status) in newest_answers(store).items():
        frame = frames.setdefault(model, set())
        if item in items and status == "ok":
            frame.add(response)
    samples: dict[str, Sample | None] = {model: sample_of(model, drawn, done, frame) for model, frame in frames.items()}
    others = [other.id for other in store.judges() if all_judges and chosen and other.id != chosen.id]
    return read_columns(store, benchmark, chosen.id if chosen else None, samples, others)


def _shared(drawn: Sequence[Queue], done: Mapping[tuple[str, str], set[str]]) -> dict[tuple[str, str], set[str]]:
    """Commits, where one in a random queue also counts in every other random queue of the same seed.

    One seed gives one order of the items, so a longer queue begins as a shorter one does.
    """
    random = [queue for queue in drawn if queue.design == "random"]
    shared = dict(done)
    for queue in random:
        twins = [other.name for other in random if other.seed == queue.seed]
        if len(twins) == 1:
            continue
        for row in queue.rows:
            reviewers = set[str]().union(*(done.get((name, row.response), ()) for name in twins))
            if reviewers:
                shared[queue.name, row.response] = reviewers
    return shared


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
