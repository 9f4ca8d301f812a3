"""Sampling designs: which responses to review, in which order, and what part of it may stand for the whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count

from miareview.errors import DataError, UsageError
from miareview.identity import random_number
from miareview.model import Queue, QueueRow, Reveal
from miareview.review.dealing import deal
from miareview.review.named import find_benchmark
from miareview.store.answers import Answer, answered, answers_to, newest_by_item, state_of
from miareview.store.connection import now
from miareview.store.gold import guideline_numbers
from miareview.store.practice import practised
from miareview.store.practice_work import ReadOnce, Repeated
from miareview.store.queues import add_queue, dealt_to, put_queue, read_elsewhere
from miareview.store.queues import queue as find_queue
from miareview.store.register import names_of_person
from miareview.store.sight import shown_to
from miareview.store.store import Store
from miareview.store.verdicts import labels
from miareview.store.work import Chosen, Drawn, Work
from miareview.text import visible

DESIGNS = ("random", "all")
LONGEST = 100
"""Signs of a queue's name."""


def refuse_unfit_name(name: str) -> None:
    """Raise `UsageError` where a person gives a queue a name that cannot be shown as it is, and typed again.

    A database that was made elsewhere may hold any name.
    """
    if name != name.strip() or not 0 < len(name) <= LONGEST or name != visible(name, newlines=False):
        raise UsageError(
            f"A queue cannot be named {name[:50]!r}.",
            f"Take 1 to {LONGEST} signs on one line, without blanks at its ends.",
        )


def draw(
    name: str,
    design: str,
    items: Sequence[str],
    newest: Iterable[tuple[str, Mapping[str, str]]],
    answers_to: Callable[[str], Iterable[Answer]],
    *,
    size: int | None,
    seed: int,
    made: str,
    blind: bool = True,
    models: Sequence[str] = (),
    reveal: Reveal | None = None,
    people: Sequence[str] = (),
    overlap: float = 0.0,
    repeats: float = 0.0,
) -> tuple[Queue, Iterator[QueueRow]]:
    """Draw a queue: its design, and its rows one by one. The unit drawn is the item; every drawn item brings one
    response of each model, the newest.

    `items` are ids in the benchmark's order; `newest` goes through items in any order, with the status of each model's
    newest answer, and `answers_to` tells all answers to one, each model's in the order of their import; so no more than
    one item's are held. The items that have an `ok` response are the frame. "random" gives every item a permanent
    random number made of the seed and its id (Ohlsson 1995), sorts by it and keeps the first `size`, so any prefix is a
    simple random sample without replacement, and a frame that grows leaves the order of the others as it was; "all"
    keeps them all, in the benchmark's order. Within an item the models stand in a random order of the same kind. Every
    item's inclusion probability is size / frame. The judge is shown as `reveal` says; if that is None, at the end of a
    blind random queue, so that it teaches nobody its habits, and after each response of another. Items are dealt out to
    `people` if there are any (see `deal`). `repeats` is the share of responses that whoever has them reads a second
    time in the second half, without being told (see `Repeated`). Raises `UsageError` where nothing can be drawn.
    """
    wanted = set(models)
    frame, per_model = _frame(items, newest, wanted)
    if size is not None and not 1 <= size <= len(frame):
        raise UsageError(f"--size {size} does not fit: items with a response: {len(frame)}.")
    order = sorted(frame, key=lambda item: random_number(seed, item)) if design == "random" else frame
    chosen = order[: size or len(order)]
    chance = len(chosen) / len(frame)
    dealt = deal(chosen, people, overlap) if people else {}
    shown = reveal or ("end" if design == "random" and blind else "each")
    if repeats and (shown == "each" or not blind):
        raise UsageError("--repeats needs a judge that is hidden until the end.", "Take --reveal end or never.")

    def rows() -> Iterator[QueueRow]:
        places = count(1)
        for item in chosen:
            newest, whose = _newest(answers_to(item), wanted), dealt.get(item, ())
            for model in sorted(newest, key=lambda model: random_number(seed, item, model)):
                yield QueueRow(next(places), newest[model], item, model, "all", chance, whose)

    drawn_from: dict[str, object] = {"status": "ok", "responses": per_model}
    if repeats and (again := _read_again([row.response for row in rows()], repeats, seed)):
        drawn_from["repeats"] = again
    queue = Queue(
        name=name,
        design="random" if design == "random" else "all",
        seed=seed,
        frame=json.dumps(drawn_from),
        frame_size=len(frame),
        size=len(chosen),
        blind=blind,
        made=made,
        reveal=shown,
    )
    return queue, rows()


def _frame(
    items: Sequence[str], newest: Iterable[tuple[str, Mapping[str, str]]], wanted: set[str]
) -> tuple[list[str], dict[str, int]]:
    """The items that have an `ok` response of a model that is `wanted` (of any, where that is empty), and how many
    items have one of each model, by the models' names. Raises `UsageError` where there are none."""
    known, unknown, there, per_model = set(items), set(wanted), set[str](), Counter[str]()
    for item, status in newest:
        if item in known:
            unknown -= status.keys()
            if models := [model for model, how in status.items() if how == "ok" and (not wanted or model in wanted)]:
                there.add(item)
                per_model.update(models)
    frame = [item for item in items if item in there]
    if unknown:
        raise UsageError(f"There are no responses of {sorted(unknown)[0]!r}.", "See `miareview scores` for the models.")
    if not frame:
        raise UsageError("There is no response to review.", "Import a model's responses first.")
    return frame, dict(sorted(per_model.items()))


def _newest(there: Iterable[Answer], wanted: set[str]) -> dict[str, str]:
    """The newest answer (its id) of each model to one item, where that is `ok`."""
    last = {answer.model: answer for answer in there}
    return {model: one.id for model, one in last.items() if one.status == "ok" and (not wanted or model in wanted)}


def _read_again(responses: Sequence[str], share: float, seed: int) -> list[str]:
    """A share of all responses, drawn from their first half."""
    early = sorted(responses[: len(responses) // 2], key=lambda response: random_number(seed, "repeats", response))
    return early[: round(share * len(responses))]


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
    known = answered(store, chosen)
    rows = tuple(
        QueueRow(place, id, known[id].item, known[id].model, "all", 0.0) for place, id in enumerate(chosen, start=1)
    )
    queue = Queue(
        name=name,
        design="rule",
        seed=0,
        frame=json.dumps({"filter": rule, "responses": dict(Counter(row.model for row in rows))}),
        frame_size=store.size_of(benchmark),
        size=len({row.item for row in rows}),
        blind=blind,
        made=now(),
        rows=rows,
        reveal=reveal or "each",
    )
    add_queue(store, queue, by)
    return queue


def work_in(store: Store, queue: Queue, reviewer: str) -> Work:
    """The responses of a queue that are this person's work, in order.

    Nobody reads for the second time what they read first, nobody is trained on what they have read, and nobody reads
    in a new blind round what they know the judge of. Raises `DataError` where nothing is theirs.
    """
    dealt = dealt_to(store, queue.name)
    repeats = json.loads(queue.frame).get("repeats", [])
    if not dealt and queue.design not in ("second", "training", "again"):
        return _with_repeats(Drawn(store, queue.name), repeats, queue)
    if queue.design == "training":
        known = read_elsewhere(store, reviewer, queue.name)
        rows = find_queue(store, queue.name).rows
        trained = ReadOnce(store, [row.response for row in rows if row.response not in known], queue.name, "training")
        if not trained:
            raise DataError(f"{reviewer} has read all of {queue.name!r} before.", "Train on other responses.")
        return trained
    if queue.design == "again":
        done = {id for _, id, _ in practised(store, reviewer, queue.name)}
        closed = shown_to(store, reviewer) - done
        rows = find_queue(store, queue.name).rows
        blind = ReadOnce(store, [row.response for row in rows if row.response not in closed], queue.name, "again")
        if not blind:
            raise DataError(
                f"The judge of all that is in {queue.name!r} was shown to {reviewer}.",
                "A blind round needs somebody who has not seen it; or settle these labels: miareview gold.",
            )
        return blind
    first = read_elsewhere(store, reviewer, queue.name) if queue.design == "second" else set()
    mine = names_of_person(store, reviewer)
    theirs = [row for row in find_queue(store, queue.name).rows if not row.people or mine & {*row.people}]
    work = Chosen(store, [row.response for row in theirs if row.response not in first])
    if not work:
        raise DataError(
            f"Nothing of the queue {queue.name!r} is for {reviewer}.",
            f"It is dealt out to {', '.join(dealt)}." if dealt else "They read all of it before; ask somebody else.",
        )
    return _with_repeats(work, repeats, queue)


def _with_repeats(work: Work, repeats: Sequence[str], queue: Queue) -> Work:
    return Repeated(work, repeats, queue.name) if repeats else work


def written_before(store: Store, benchmark: str, version: str) -> list[str]:
    """The responses (ids) with a label that was settled or scored by an older guideline than this one.

    `version` is a guideline's number ("2", "v2") or the beginning of its hash. Raises `DataError` where there is none.
    """
    numbers = guideline_numbers(store)
    wanted = version.removeprefix("v")
    found = {
        n
        for hash, n in numbers.items()
        if n and (str(n) == wanted or (len(version) > 5 and hash[: len(version)] == version))
    }
    if len(found) != 1:
        known = ", ".join(f"v{number}" for number in sorted(numbers.values()) if number)
        raise DataError(f"There is no guideline {version!r}.", f"There is: {known or 'none yet'}.")
    (number,) = found
    return [
        response.id
        for _, response, given in labels(store, benchmark)
        if any(label.there and numbers.get(label.guideline, 0) < number for label in given)
    ]


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
    repeats: float = 0.0,
) -> Queue:
    """Draw a queue from what is in the store, keep it, and write it into the ledger as drawn `by` somebody.

    Its rows are left in the file. Raises `UsageError` (see `draw`, `deal` and `put_queue`).
    """
    named = find_benchmark(store, benchmark)

    def drawn() -> tuple[Queue, Iterator[QueueRow]]:
        return draw(
            name,
            design,
            store.item_ids(named),
            newest_by_item(store),
            lambda item: answers_to(store, item),
            size=size,
            seed=seed,
            made=now(),
            blind=blind,
            models=models,
            reveal=reveal,
            people=people,
            overlap=overlap,
            repeats=repeats,
        )

    # Everything is read before the lock, so that others can write meanwhile; what was drawn is of one moment still.
    seen = state_of(store)
    queue, rows = drawn()
    with store.writing() as connection:
        if state_of(store) != seen:
            queue, rows = drawn()
        put_queue(store, connection, queue, rows, by)
    return queue
