"""Second readings where they matter: of all that one person and the judge see differently, and a share of the rest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from miareview.errors import UsageError
from miareview.identity import random_number
from miareview.model import Judge, Queue, QueueRow, Reveal
from miareview.review.dealing import deal
from miareview.review.named import find_benchmark
from miareview.review.samples import half_width
from miareview.stats.agreement.second import CannotWeight, Rate, SecondReadings, Stratum, weighted_rate
from miareview.stats.flags import Flag
from miareview.store.connection import now
from miareview.store.queues import add_queue, designs, queue
from miareview.store.second import Read, reads
from miareview.store.store import Store


def create_second(
    store: Store,
    name: str,
    *,
    share: float,
    min_delta: float,
    judge: Judge | None,
    seed: int = 1,
    benchmark: str | None = None,
    models: Sequence[str] = (),
    people: Sequence[str] = (),
    reveal: Reveal | None = None,
    by: str = "",
) -> Queue:
    """Draw second readings of the answers that exactly one person has committed, and keep them as a queue.

    All are drawn where person and judge differ on any component by `min_delta` (0 to 1) of its weight or more, with
    probability 1; of the rest those with the smallest permanent random numbers, as many as `share` (0 to 1) of them,
    with that share as probability. They stand in an order by other such numbers, so that no place tells why a response
    is there. With `people` each is dealt to one who has not read it. Raises `UsageError` where nothing can be drawn.
    """
    if judge is None:
        raise UsageError("There is no judge to differ from.", "Import a judge's replies first.")
    if not (0 <= share <= 1 and 0 < min_delta <= 1):
        raise UsageError("--share is from 0 to 1, and --min-delta above 0 and at most 1.")
    once = [
        read
        for read in reads(store, find_benchmark(store, benchmark), judge.id)
        if len(read.readings) == 1 and (not models or read.model in models)
    ]
    if not once:
        raise UsageError("There is no response that exactly one person has committed.", "See `miareview queue list`.")
    apart = [read for read in once if differs(read, min_delta)]
    rest = sorted(
        (read for read in once if not differs(read, min_delta)),
        key=lambda read: random_number(seed, "second", read.response),
    )
    drawn = int(share * len(rest) + 0.5)
    chosen = [(read, "differs", 1.0) for read in apart]
    chosen += [(read, "rest", drawn / len(rest)) for read in rest[:drawn]]
    if not chosen:
        raise UsageError(
            f"No reading differs from the judge by {min_delta:g}, and {share:g} of {len(rest)} is none.",
            "Take a larger --share.",
        )
    chosen.sort(key=lambda one: random_number(seed, "order of second readings", one[0].response))
    whose = _dealt([read for read, _, _ in chosen], people)
    strata = {
        kind: {"responses": len(of), "components": sum(len(read.weights) for read in of)}
        for kind, of in (("differs", apart), ("rest", rest))
    }
    frame = {
        "judge": judge.id,
        "min_delta": min_delta,
        "share": share,
        "strata": strata,
        "responses": dict(Counter(read.model for read in once)),
    }
    queue = Queue(
        name=name,
        design="second",
        seed=seed,
        frame=json.dumps(frame),
        frame_size=len(once),
        size=len(chosen),
        blind=True,
        made=now(),
        rows=tuple(
            QueueRow(place, read.response, read.item, read.model, stratum, chance, whose.get(read.response, ()))
            for place, (read, stratum, chance) in enumerate(chosen, start=1)
        ),
        reveal=reveal or "end",
    )
    add_queue(store, queue, by)
    return queue


def differs(read: Read, min_delta: float) -> bool:
    """Whether the first reader and the judge differ on any component by that share of its weight or more.

    Where the person found a component ungradable that the judge gave points, they differ too.
    """
    (_, first), least = read.readings[0], Fraction(min_delta).limit_denominator(10**6)
    return any(
        (given := first[position]) is None or abs(given - judged) >= least * read.weights[position]
        for position, judged in read.judge.items()
        if position in first
    )


def _dealt(chosen: Sequence[Read], people: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Whose second reading each is: of one of the people who did not read it first."""
    if not people:
        return {}
    by_first: dict[str, list[str]] = {}
    for read in chosen:
        by_first.setdefault(read.readings[0][0], []).append(read.response)
    dealt: dict[str, tuple[str, ...]] = {}
    for first, responses in by_first.items():
        others = [name for name in people if name != first]
        if not others:
            raise UsageError(f"{first} read {len(responses)} of these first.", "Name somebody else in --people too.")
        dealt |= deal(responses, others)
    return dealt


def second_readings(queue: Queue, found: dict[str, Read]) -> SecondReadings:
    """The rates of one queue; `found` are the benchmark's readings by response, with the judge's points of the queue.

    The stretch of the queue that counts is chosen by which responses are read, as in a random sample: its order is
    random, so the part of each stratum in it is a simple random sample of that stratum.
    """
    done = [(read := found.get(row.response)) is not None and len(read.readings) > 1 for row in queue.rows]
    stretch, gaps = _stretch(done, queue.frame_size)
    rows, totals = queue.rows[:stretch], json.loads(queue.frame)["strata"]

    def rate(differ: Callable[[Read, int], bool | None]) -> Rate:
        return _with_gaps(
            [
                [
                    Stratum(kind, *_counts(rows, found, kind, differ, fill), of["responses"], of["components"])
                    for kind, of in totals.items()
                ]
                for fill in ((None, 0.0, 1.0) if gaps else (None,))
            ]
        )

    differ = judge_differs = None
    refused = None
    try:
        if gone := sum(row.response not in found for row in rows):
            raise CannotWeight(Flag("second_changed", gone))
        differ, judge_differs = rate(_from_first), rate(_from_judge)
    except CannotWeight as problem:
        refused = problem.flag
    return SecondReadings(queue.name, len(queue.rows), sum(done), gaps, differ, judge_differs, refused)


def _stretch(done: Sequence[bool], total: int) -> tuple[int, int]:
    """How many rows from the start count, and how many of them are gaps."""
    gaps, best = 0, (float("inf"), 0, 0)
    for size, there in enumerate(done, start=1):
        gaps += not there
        if there:
            best = min(best, (half_width(size, gaps, total), -size, gaps))
    return -best[1], best[2]


def _counts(
    rows: Sequence[QueueRow],
    found: dict[str, Read],
    stratum: str,
    differ: Callable[[Read, int], bool | None],
    fill: float | None,
) -> tuple[list[float], list[float]]:
    """Of each response of a stratum: components that differ, and components that can be compared.

    A gap counts as `fill` of its components; where that is None, as those that were read.
    """
    hits, of, gaps = [], [], []
    for row in rows:
        if row.stratum != stratum:
            continue
        read = found[row.response]
        if len(read.readings) == 1:
            gaps.append(float(len(read.weights)))
            continue
        told = [said for position in read.weights if (said := differ(read, position)) is not None]
        hits.append(float(sum(told)))
        of.append(float(len(told)))
    share = (sum(hits) / sum(of) if sum(of) else 0.0) if fill is None else fill
    return hits + [share * parts for parts in gaps], of + gaps


def _from_first(read: Read, position: int) -> bool | None:
    (_, first), (_, second) = read.readings[:2]
    return first[position] != second[position] if position in first and position in second else None


def _from_judge(read: Read, position: int) -> bool | None:
    _, second = read.readings[1]
    judged = read.judge.get(position)
    return None if judged is None or second.get(position) is None else second[position] != judged


def _with_gaps(cases: Sequence[Sequence[Stratum]]) -> Rate:
    """The rate as it was read, with an interval that holds for every case."""
    rates = [weighted_rate(strata) for strata in cases]
    first = rates[0]
    return Rate(
        first.value, min(rate.low for rate in rates), max(rate.high for rate in rates), first.read, first.responses
    )


def all_second_readings(store: Store, benchmark: str) -> list[SecondReadings]:
    """Those of every queue of second readings over a benchmark, in the order of the queues' making."""
    drawn = [queue(store, design.name) for design in designs(store) if design.design == "second"]
    by_judge: dict[str, dict[str, Read]] = {}
    for second in drawn:
        judge = json.loads(second.frame)["judge"]
        if judge not in by_judge:
            by_judge[judge] = {read.response: read for read in reads(store, benchmark, judge)}
    items = {item.id for item in store.items(benchmark)} if drawn else set()
    return [
        second_readings(second, by_judge[json.loads(second.frame)["judge"]])
        for second in drawn
        if second.rows[0].item in items
    ]
