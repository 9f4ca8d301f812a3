"""Sampling designs: which responses to review, in which order, and what part of it may stand for the whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from miareview.errors import DataError, UsageError
from miareview.identity import digest
from miareview.model import Item, Queue, QueueRow, Response, Reveal
from miareview.review.dealing import deal, dealt_to
from miareview.store.connection import now
from miareview.store.queues import add_queue, read_elsewhere
from miareview.store.store import Store

DESIGNS = ("random", "all")


def draw(
    name: str,
    design: str,
    items: Sequence[Item],
    responses: Sequence[Response],
    *,
    size: int | None,
    seed: int,
    made: str,
    blind: bool = True,
    models: Sequence[str] = (),
    reveal: Reveal | None = None,
    people: Sequence[str] = (),
    overlap: float = 0.0,
) -> Queue:
    """Draw a queue. The unit drawn is the item; every drawn item brings one response of each model.

    The items that have an `ok` response are the frame. "random" gives every item a permanent random number made of
    the seed and its id (Ohlsson 1995), sorts by it and keeps the first `size`, so any prefix is a simple random
    sample without replacement, and a frame that grows leaves the order of the others as it was; "all" keeps them all,
    in the benchmark's order. Within an item the models stand in a random order of the same kind. Every item's
    inclusion probability is size / frame. The judge is shown as `reveal` says; if that is None, at the end of a blind
    random queue, so that it teaches nobody its habits, and after each response of another. Items are dealt out to
    `people` if there are any (see `deal`). Raises `UsageError` where there is nothing to draw from.
    """
    unknown = set(models) - {response.model for response in responses}
    if unknown:
        raise UsageError(f"There are no responses of {sorted(unknown)[0]!r}.", "See `miareview scores` for the models.")
    by_item: dict[str, dict[str, Response]] = {}
    for response in newest(responses):
        if response.status == "ok" and (not models or response.model in models):
            by_item.setdefault(response.item, {})[response.model] = response
    frame = [item for item in items if item.id in by_item]
    if not frame:
        raise UsageError("There is no response to review.", "Import a model's responses first.")
    if size is not None and not 1 <= size <= len(frame):
        raise UsageError(f"--size {size} does not fit: items with a response: {len(frame)}.")
    order = sorted(frame, key=lambda item: random_number(seed, item.id)) if design == "random" else frame
    chosen = order[: size or len(order)]
    chance = len(chosen) / len(frame)
    dealt = deal([item.id for item in chosen], people, overlap) if people else {}
    rows: list[QueueRow] = []
    for item in chosen:
        whose = dealt.get(item.id, ())
        for answer in sorted(by_item[item.id].values(), key=lambda answer: random_number(seed, item.id, answer.model)):
            rows.append(QueueRow(len(rows) + 1, answer.id, item.id, answer.model, "all", chance, whose))
    return Queue(
        name=name,
        design="random" if design == "random" else "all",
        seed=seed,
        frame=json.dumps({"status": "ok", "responses": dict(Counter(m for found in by_item.values() for m in found))}),
        frame_size=len(frame),
        size=len(chosen),
        blind=blind,
        made=made,
        rows=tuple(rows),
        reveal=reveal or ("end" if design == "random" and blind else "each"),
    )


def random_number(seed: int, *names: str) -> str:
    """A number from 0 to 1, written in base 16, that depends on nothing but the seed and the names."""
    return digest("draw", seed, *names, length=32)


def newest(responses: Iterable[Response]) -> list[Response]:
    """The newest response of every model to every item, of responses in the order of their import."""
    return list({(response.item, response.model): response for response in responses}.values())


def counting_in(queue: Queue, drawn: Iterable[Queue]) -> set[str]:
    """Names of the queues whose commits count in this one: itself, and of a random one those of the same seed.

    One seed gives one order of the items, so a longer queue begins as a shorter one does.
    """
    twins = {other.name for other in drawn if other.design == "random" and other.seed == queue.seed}
    return {queue.name} | (twins if queue.design == "random" else set())


def queue_by_rule(
    store: Store,
    name: str,
    rule: str,
    chosen: Sequence[str],
    *,
    benchmark: str,
    blind: bool = True,
    reveal: Reveal | None = None,
    by: str = "",
) -> Queue:
    """Keep a queue of the responses (ids) that somebody chose by a rule, in that order; `rule` says which, in words.

    It is targeted: its probabilities are 0, since nothing was drawn, and no estimate pools it with a random sample.
    Raises `UsageError` where nothing was chosen, or the name is taken.
    """
    if not chosen:
        raise UsageError("Nothing matches, so there is nothing to review.", "See `miareview browse --filter …`.")
    known = {response.id: response for response in store.responses()}
    rows = tuple(
        QueueRow(place, id, known[id].item, known[id].model, "all", 0.0) for place, id in enumerate(chosen, start=1)
    )
    queue = Queue(
        name=name,
        design="rule",
        seed=0,
        frame=json.dumps({"filter": rule, "responses": dict(Counter(row.model for row in rows))}),
        frame_size=len(store.items(benchmark)),
        size=len({row.item for row in rows}),
        blind=blind,
        made=now(),
        rows=rows,
        reveal=reveal or "each",
    )
    add_queue(store, queue, by)
    return queue


def work_in(store: Store, queue: Queue, reviewer: str) -> list[str]:
    """The responses (ids) of a queue that are this person's work, in order.

    Nobody reads for the second time what they read first. Raises `DataError` where nothing is theirs.
    """
    first = read_elsewhere(store, reviewer, queue.name) if queue.design == "second" else set()
    work = [row.response for row in queue.rows if row.is_for(reviewer) and row.response not in first]
    if not work:
        dealt = dealt_to(queue)
        raise DataError(
            f"Nothing of the queue {queue.name!r} is for {reviewer}.",
            f"It is dealt out to {', '.join(dealt)}." if dealt else "They read all of it before; ask somebody else.",
        )
    return work


def find_benchmark(store: Store, name: str | None = None) -> str:
    """The benchmark of that name, else the one with the most items. Raises `DataError` where there is none."""
    names = store.benchmarks()
    if not names:
        raise DataError(f"{store.path} holds no benchmark yet.", "Read one in with `miareview import BENCHMARK.json`.")
    if name is not None and name not in names:
        raise DataError(f"There is no benchmark named {name!r}.", f"There is: {', '.join(names)}.")
    return name or max(names, key=lambda name: len(store.items(name)))


def create_queue(
    store: Store,
    name: str,
    design: str = "random",
    *,
    size: int | None = None,
    seed: int = 1,
    models: Sequence[str] = (),
    blind: bool = True,
    benchmark: str | None = None,
    by: str = "",
    reveal: Reveal | None = None,
    people: Sequence[str] = (),
    overlap: float = 0.0,
) -> Queue:
    """Draw a queue from what is in the store, keep it, and write it into the ledger as drawn `by` somebody.

    Raises `UsageError` (see `draw`, `deal` and `add_queue`).
    """
    items = store.items(find_benchmark(store, benchmark))
    there = {item.id for item in items}
    responses = [response for response in store.responses() if response.item in there]
    queue = draw(
        name, design, items, responses, size=size, seed=seed, made=now(), blind=blind, models=models, reveal=reveal,
        people=people, overlap=overlap,
    )  # fmt: skip
    add_queue(store, queue, by)
    return queue
